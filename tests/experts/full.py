"""A card with a row of every kind, for tests of merging, removal and sealing."""

import datetime as dt

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone

from experts import sealing
from experts.actions import cards
from experts.models import (
    AccessLog,
    Affiliation,
    AvailabilityWindow,
    Bar,
    Channel,
    ContactLog,
    DataRequest,
    Disclosure,
    Expert,
    ExpertTopic,
    ExternalId,
    ImportBatch,
    ImportRow,
    LanguageSkill,
    NameVariant,
    Organisation,
    Portrait,
    PrivateChannel,
    PrivateNote,
    SelfDescription,
    TimeOff,
    Verification,
)
from experts.models.channel import channel_digest
from newsroom.pictures import renditions, uploads

from ..base import make_public
from ..pictures import jpeg

DAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=dt.UTC)


def portrait(colour=(0, 128, 128)):
    taken = uploads.take(jpeg(width=500, height=500, colour=colour))
    face = Portrait(**taken.fields(), alt="A face", credit="Pia")
    face.original.save(taken.name, ContentFile(taken.data), save=False)
    face.save()
    renditions.keep(face.token, taken.renditions)
    return face


def full_card(by, topic, *, word, number, public=True, face=False):
    """A card on which every text holds `word`, and whose telephone number is `number` (E.164)."""
    low = word.lower()
    card = Expert.objects.create(
        display_name=f"Ida {word}", native_name=f"{word} native", given="Ida", family=word, bio=f"{word} biography",
        short_bio=f"{word} in a line", city=f"{word}ville", tv_note=f"{word} squints", time_zone="Asia/Amman",
        source_of_data=f"{word} by letter", pronunciation=f"{word}-ee", formats=["phone"],
        portrait=portrait() if face else None,
    )  # fmt: skip
    house = Organisation.objects.called("University of the Sea")
    Affiliation.objects.create(
        expert=card, title=f"Reader in {word}", organisation=house, start="2019", is_primary=True
    )
    Affiliation.objects.create(expert=card, title="Judge", start="2001", end="2009")
    Channel.objects.create(expert=card, kind="email", raw=f"{low}@sea.example", normalized=f"{low}@sea.example")
    Channel.objects.create(expert=card, kind="phone", raw=number, normalized=number, visibility="public")
    home = f"{word} Street 9"
    PrivateChannel.objects.create(
        expert=card, kind="postal", sealed=sealing.seal(home), digest=channel_digest("postal", home.lower())
    )
    entry = ContactLog.objects.create(expert=card, by=by, at=NOW, outcome="reached", note=f"{word} was kind")
    PrivateNote.objects.create(expert=card, entry=entry, sealed=sealing.seal(f"{word} is ill"), by=by, at=NOW)
    PrivateNote.objects.create(expert=card, sealed=sealing.seal(f"{word} moved"), by=by, at=NOW)
    AccessLog.objects.create(expert=card, by=by, at=NOW, what="Postal address, restricted", why=f"{word} asked")
    Verification.objects.create(expert=card, method="met", on=DAY, by=by, expires_on=DAY.replace(year=2027),
                                evidence_url=f"https://sea.example/{low}")  # fmt: skip
    LanguageSkill.objects.create(expert=card, tag="ar", level=3)
    AvailabilityWindow.objects.create(expert=card, weekday=0, start=dt.time(9), end=dt.time(12), note=f"{word} first")
    TimeOff.objects.create(expert=card, first=DAY, last=DAY)
    interest = Disclosure.objects.create(expert=card, kind="funder", print_text=f"{word} is paid by a shipper.")
    interest.topics.add(topic)
    Bar.objects.create(expert=card, kind="quote", reason=f"{word} retracted", since=DAY, set_by=by, until=DAY)
    NameVariant.objects.create(expert=card, text=f"Ida van {word}", kind="alias")
    ExternalId.objects.create(expert=card, scheme="website", value=f"https://{low}.example")
    ExpertTopic.objects.create(content_object=card, tag=topic, level=2)
    SelfDescription.objects.create(expert=card, dimension="age", answer=f"{word}-aged", said_on=DAY)
    DataRequest.objects.create(expert=card, kind="access", received=DAY, due=DAY, words=f"{word} wants to know")
    batch, _ = ImportBatch.objects.get_or_create(by=by, at=NOW, filename="cards.csv", format="csv", signature="s")
    said = sealing.seal(f'{{"name": "Ida {word}", "tel": "{number}"}}')
    ImportRow.objects.create(
        batch=batch, line=number[-3:], sealed=said, status="done", expert=card,
        before_sealed=sealing.seal(f"{word} before"), errors=[{"column": "name", "message": word}],
    )  # fmt: skip
    make_public(card) if public else None
    kind = ContentType.objects.get_for_model(Expert)
    entry = {"object_repr": f"Ida {word}", "change_message": f"{word} changed", "action_time": timezone.now()}
    LogEntry.objects.create(user=by, content_type=kind, object_id=str(card.pk), action_flag=CHANGE, **entry)
    cards.record_change(card, "card", f"{word} was written down", by=by)
    card.refresh_from_db()
    return card


def rows_of(model):
    """Every row of a table, as it stands."""
    return sorted(model._base_manager.values_list(*[f.attname for f in model._meta.concrete_fields]), key=repr)
