"""Making a card, recording each change of one, and keeping its search columns up to date."""

from django.db import transaction
from django.db.models import F

from newsroom import clock
from newsroom.errors import NotAllowed, Refused

from .. import access, names
from ..models import Affiliation, CardChange, Expert, Organisation

VARIANTS_INDEXED = 40


def index_card(expert):
    """Write the search columns of a card: its names, variants, roles, organisations and topics, folded."""
    (found,) = index_cards([expert.pk])
    expert.search_key, expert.name_skeleton = found.search_key, found.name_skeleton


def index_cards(pks):
    """`index_card` for many ids, in a fixed number of queries for every 500; returns the cards."""
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
    """(search_key, name_skeleton) for a card with these names and these words around them."""
    return names.make_search_key(called, around), names.skeletons(called)[:800]


def _words_around(expert):
    """The other words that find a card: its titles, organisations and topics."""
    for role in expert.affiliations.all():
        yield role.title
        if organisation := role.organisation:
            yield from (organisation.name, organisation.native_name)
            yield from (name.text for name in organisation.names.all())
    yield from (topic.name for topic in expert.topics.all())


def record_change(expert, part, what, *, by):
    """Record that a part of a card was written: raise its version, index it, and add a CardChange.

    Callers never put a restricted detail into `what`. Raises Refused where the card was merged or removed meanwhile.
    """
    Expert.objects.filter(pk=expert.pk).update(version=F("version") + 1, updated_at=clock.process_time())
    expert.refresh_from_db(fields=["version", "updated_at", "merged_into", "removed_at"])
    if part != "merge" and not expert.in_use:
        # It was merged or removed at the same moment: nobody would see what was written.
        raise Refused("This card was merged into another or removed meanwhile. Nothing was saved.")
    index_card(expert)
    CardChange.objects.create(expert=expert, at=clock.process_time(), by=by, part=part, what=what[:500])


@transaction.atomic
def make_card(name, *, by, title="", organisation="", native_name="", **fields):
    """Make a card; a title becomes a role held today. `by` is None for a command. Raises NotAllowed."""
    if by is not None and not access.may_make(by):
        raise NotAllowed("Your role does not make expert cards.")
    expert = Expert.objects.create(display_name=name, native_name=native_name, **fields)
    if title:
        Affiliation.objects.create(expert=expert, title=title, organisation=Organisation.objects.called(organisation))
    record_change(expert, "card", "Made the card", by=by)
    return expert
