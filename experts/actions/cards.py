"""The verbs of the source book: make a card, change a part of it, keep what is found and what was done in step."""

from django.db import transaction
from django.db.models import F

from newsroom import clock
from newsroom.errors import NotAllowed, Refused

from .. import access, names
from ..models import Affiliation, CardChange, Expert, Organisation

VARIANTS_INDEXED = 40


def index_card(expert):
    """Write what finds a card: its names and variants, roles, organisations and topics, folded."""
    (found,) = index_cards([expert.pk])
    expert.search_key, expert.name_skeleton = found.search_key, found.name_skeleton


def index_cards(pks):
    """`index` for the cards of many ids, in a fixed number of queries for every 500; returns them."""
    pks, done = list(pks), []
    for start in range(0, len(pks), 500):
        rows = Expert.objects.filter(pk__in=pks[start : start + 500]).only("pk", "display_name", "native_name")
        found = list(rows.prefetch_related("variants", "affiliations__organisation__names", "topics"))
        for expert in found:
            called = [expert.display_name, expert.native_name]
            called += [variant.text for variant in expert.variants.all()[:VARIANTS_INDEXED]]
            expert.search_key, expert.name_skeleton = search_columns(called, _words_around(expert))
        Expert.objects.bulk_update(found, ["search_key", "name_skeleton"], batch_size=100)
        done += found
    return done


def search_columns(called, around):
    """(search key, skeletons) of a card, from its names and the words around them."""
    return names.make_search_key(called, around), names.skeletons(called)[:800]


def _words_around(expert):
    """The words beside a card's names that find it, too."""
    for role in expert.affiliations.all():
        yield role.title
        if organisation := role.organisation:
            yield from (organisation.name, organisation.native_name)
            yield from (name.text for name in organisation.names.all())
    yield from (topic.name for topic in expert.topics.all())


def record_change(expert, part, what, *, by):
    """After a part of a card was written: count its version, find it by what it says now, and say who did it.

    `what` never repeats a restricted detail.
    """
    Expert.objects.filter(pk=expert.pk).update(version=F("version") + 1, updated_at=clock.process_time())
    expert.refresh_from_db(fields=["version", "updated_at", "merged_into", "removed_at"])
    if part != "merge" and not expert.in_use:
        # Somebody merged or removed it in this moment: what was written would hang on a card that nobody sees.
        raise Refused("This card was merged into another or removed meanwhile. Nothing was saved.")
    index_card(expert)
    CardChange.objects.create(expert=expert, at=clock.process_time(), by=by, part=part, what=what[:500])


@transaction.atomic
def make_card(name, *, by, title="", organisation="", native_name="", **fields):
    """A new card; a title becomes the role of today. `by` is None for a command. Raises NotAllowed."""
    if by is not None and not access.may_make(by):
        raise NotAllowed("Your role does not make expert cards.")
    expert = Expert.objects.create(display_name=name, native_name=native_name, **fields)
    if title:
        Affiliation.objects.create(expert=expert, title=title, organisation=Organisation.objects.called(organisation))
    record_change(expert, "card", "Made the card", by=by)
    return expert
