"""The one serializer: a card as a person of a tier may have it. Every way out of the source book takes it from here.

What is restricted is never in it: a sealed channel is a kind, a label and an id, for those who may ask to open it.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, prefetch_related_objects

from newsroom.paper import today

from .access import Tier
from .models import Bar, CardChange
from .models.verification import latest_verification

# What a card of the lowest tier reads; one query each, however many cards.
PREFETCH = (
    "portrait", "variants", "affiliations", "languages", "topic_items__tag", "bars__topic", "disclosures__topics",
    "verifications", "external_ids", "windows", "time_off",
)  # fmt: skip


def prefetch(tier):
    """What `card` reads for a tier, to hand to prefetch_related: nobody's channels are fetched for who sees none."""
    more = ("channels",) if tier >= Tier.STAFF else ()
    return (*PREFETCH, *more, *(("private_channels",) if tier >= Tier.RESTRICTED else ()))


# What one line of a list reads of each card.
LINE_PREFETCH = ("affiliations", "bars__topic", "topic_items__tag")


def contactable(queryset, day=None):
    """Cards that may leave the house to be rung from: in use, and nobody who is not to be contacted."""
    return queryset.current().exclude(pk__in=queryset.model.objects.barred(Bar.CONTACT, day or today()).values("pk"))


def cards(experts, tier, *, day=None):
    """`card` for many, in a fixed number of queries."""
    experts, day = list(experts), day or today()
    prefetch_related_objects(experts, *prefetch(tier))
    return [card(expert, tier, day=day) for expert in experts]


def lines(experts, *, day=None):
    """What a list says of each card, in a fixed number of queries; no tier sees less, so nobody's number is in it.

    `verification_state` and `last_quoted` are there where the queryset was annotated with them, else None.
    """
    experts, day = list(experts), day or today()
    prefetch_related_objects(experts, *LINE_PREFETCH)
    return [
        {
            "id": expert.pk, "name": expert.display_name, "native_name": expert.native_name,
            "native_language": expert.native_language, "sort_name": expert.sort_name,
            "title": expert.title_on(day), "titles": expert.titles_on(day),
            "topics": [row.tag.name for row in sorted(expert.topic_items.all(), key=lambda row: (-row.level, row.pk))],
            "bars": [_bar(row, Tier.NAMES) for row in expert.bars.all() if row.stands_on(day)],
            "verification_state": getattr(expert, "verification_state", None),
            "last_quoted": getattr(expert, "last_quoted", None),
            "review_due": expert.review_due, "status": expert.status,
        }
        for expert in experts
    ]  # fmt: skip


def card(expert, tier, *, day=None):
    """What a person of a tier may have of a card, as plain values; `day` is the day that titles and bars are for.

    Raises PermissionDenied for Tier.NOTHING.
    """
    if tier < Tier.NAMES:
        raise PermissionDenied("Your role does not see experts.")
    day = day or today()
    portrait = expert.portrait
    return {
        "uid": str(expert.uid),
        "id": expert.pk,
        "kind": expert.kind,
        "name": expert.display_name,
        "sort_name": expert.sort_name,
        "native_name": expert.native_name,
        "native_language": expert.native_language,
        "pronunciation": expert.pronunciation,
        "pronouns": expert.pronouns,
        "prefix": expert.honorific_prefix,
        "given": expert.given,
        "additional": expert.additional,
        "family": expert.family,
        "second_family": expert.second_family,
        "generation": expert.generation,
        "suffix": expert.honorific_suffix,
        "variants": [
            {"text": row.text, "kind": row.kind, "says": row.get_kind_display(), "language": row.language}
            for row in expert.variants.all()
        ],
        "roles": [_role(row, day) for row in expert.affiliations.all()],
        "titles": expert.titles_on(day),
        "channels": channels(expert, tier),
        "languages": [{"tag": row.tag, "level": row.level, "says": row.get_level_display(), "on_air": row.on_air}
                      for row in expert.languages.all()],
        "topics": [{"id": row.tag_id, "name": row.tag.name, "level": row.level, "says": row.get_level_display()}
                   for row in sorted(expert.topic_items.all(), key=lambda row: (-row.level, row.tag.name))],
        "formats": list(expert.formats),
        "windows": [{"weekday": row.weekday, "says": row.get_weekday_display(), "start": row.start, "end": row.end,
                     "formats": list(row.formats), "note": row.note if tier >= Tier.STAFF else ""}
                    for row in expert.windows.all()],
        "time_off": [{"first": row.first, "last": row.last} for row in expert.time_off.all() if row.last >= day],
        "lead_time": expert.lead_time,
        "time_zone": expert.time_zone,
        "country": expert.country,
        "city": expert.city,
        "bars": [_bar(row, tier) for row in expert.bars.all() if row.stands_on(day)],
        "verification": latest_verification(expert, day),
        "disclosures": [
            {"text": row.print_text, "kind": row.kind, "says": row.get_kind_display(), "must_print": row.must_print,
             "topics": [topic.name for topic in row.topics.all()], "start": row.start, "end": row.end}
            for row in expert.disclosures.all() if row.holds_on(day)
        ],
        "identifiers": [{"scheme": row.scheme, "says": row.get_scheme_display(), "value": row.value}
                        for row in expert.external_ids.all()],
        "short_bio": expert.short_bio,
        "bio": expert.bio,
        "portrait": None if portrait is None else {
            "token": portrait.token, "width": portrait.widths[0], "alt": portrait.alt, "credit": portrait.credit,
        },
        "review_due": expert.review_due,
        "status": expert.status,
    }  # fmt: skip


def _role(row, day):
    return {
        "id": row.pk, "title": row.title, "organisation": row.organisation.name if row.organisation_id else "",
        "printed": row.as_printed, "start": row.start, "end": row.end, "main": row.is_primary,
        "former": row.is_former, "held": row.held_on(day),
    }  # fmt: skip


def _bar(row, tier):
    """A bar; why somebody is not to be rung is for those who ring, why not to be quoted for everybody."""
    says_why = tier >= Tier.STAFF or row.kind == Bar.QUOTE
    return {
        "id": row.pk, "kind": row.kind, "says": row.get_kind_display(), "reason": row.reason if says_why else "",
        "since": row.since, "until": row.until, "topic": row.topic.name if row.topic_id else "", "medium": row.medium,
    }  # fmt: skip


def changes(expert, tier):
    """Who changed what on a card, as far as a person of a tier may know, newest first.

    That somebody has a restricted detail is for those who may ask to open it; what was done about channels and
    requests is for who rings experts.
    """
    rows = expert.changes.select_related("by")
    if tier < Tier.STAFF:
        return rows.exclude(part__in=(*CardChange.ABOUT_CHANNELS, "notes", "requests"))
    if tier < Tier.RESTRICTED:
        channels = Q(part__in=CardChange.ABOUT_CHANNELS, what__contains="restricted")
        return rows.exclude(part="notes").exclude(channels)
    return rows


def channels(expert, tier):
    """A card's channels as a person of a tier may have them; reads `channels`, prefetched or not."""
    if tier < Tier.STAFF:
        return []
    rows = [
        {
            "id": row.pk, "kind": row.kind, "says": row.get_kind_display(), "label": row.label, "value": row.raw,
            "normalized": row.normalized, "preference": row.preference, "hours": row.hours_note,
            "result": row.verify_result, "verified_on": row.verified_on, "public": row.visibility == row.PUBLIC,
            "do_not_use": row.do_not_use, "to_mend": row.to_mend, "restricted": False,
        }
        for row in expert.channels.all()
    ]  # fmt: skip
    if tier >= Tier.RESTRICTED:
        rows += [
            {
                "restricted": True, "id": row.pk, "kind": row.kind, "says": row.get_kind_display(), "label": row.label,
                "result": row.verify_result, "verified_on": row.verified_on, "do_not_use": row.do_not_use,
                "to_mend": row.to_mend,
            }
            for row in expert.private_channels.all()
        ]  # fmt: skip
    return rows
