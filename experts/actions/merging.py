"""Merging two cards of one person: the preview, and the merge with everything that belongs to them.

A merge records what it does, row by row: which rows it moved to the other card, what it changed in which rows, and
which rows it deleted. From that sealed record alone `merge_undo` takes the merge back.
"""

import json
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count

from newsroom import clock
from newsroom.errors import Refused, Stale, WrongState
from newsroom.models import Instant, Pulse

from .. import access, names, sealing
from ..models import Channel, Expert, MergeRecord, NameVariant, PrivateChannel, PublicProfile
from ..models.channel import channel_digests
from ..relations import FOLD, STAY, all_relations
from . import cards
from .quoting import quoting_may_change

MINE, THEIRS = "survivor", "absorbed"
# The fields that a person chooses between, in groups that are chosen together.
FIELDS_CHOSEN = [
    ("kind",), ("display_name", "sort_name"), ("honorific_prefix",),
    ("given", "additional", "family", "second_family", "generation"), ("honorific_suffix",),
    ("native_name", "native_language"), ("pronunciation",), ("pronouns",), ("status", "deceased_on"), ("time_zone",),
    ("country", "city"), ("formats",), ("media_trained",), ("lead_time",), ("contact_via",), ("tv_note",),
    ("sample_clip_url",), ("paid_to_appear",), ("is_official",), ("short_bio",), ("bio",), ("portrait",),
    ("legal_basis",), ("source_of_data",),
]  # fmt: skip
# Nobody chooses these: each card keeps its own, or they are made from the other fields.
FIELDS_OF_EACH_CARD = {"id", "uid", "slug", "merged_into", "removed_at", "version", "search_key", "name_skeleton",
                       "created_at", "updated_at"}  # fmt: skip
FIELDS_RULED = {"review_due"}  # the earlier date counts
FIELDS_COUNTED = {"version", "updated_at", "search_key", "name_skeleton"}


# --- before ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A group of fields in which the cards differ; `chosen` says whose values are taken unless somebody chooses."""

    name: str
    label: str
    mine: str
    theirs: str
    chosen: str


@dataclass(frozen=True)
class Preview:
    """What a merge would do: the choices, and `counts` of the rows of each kind, [(label, survivor's, absorbed's)].

    `taken` are the Choices where only one card has a value: it is taken, and nobody is asked.
    """

    survivor: Expert
    absorbed: Expert
    choices: list
    taken: list
    counts: list
    consent: str = ""
    notes: list = field(default_factory=list)

    @property
    def seen(self):
        return self.survivor.version, self.absorbed.version


def preview_merge(survivor, absorbed):
    """The Preview of a merge. A fixed number of queries. Raises WrongState for cards that cannot be merged."""
    _check_both_in_use(survivor, absorbed)
    asked, taken = [], []
    for group in FIELDS_CHOSEN:
        mine, theirs = _values_of(survivor, group, absorbed), _values_of(absorbed, group, survivor)
        if mine != theirs:
            label = str(Expert._meta.get_field(group[0]).verbose_name).capitalize()
            said = [
                _words_of(card, group) if any(held) else "" for card, held in ((survivor, mine), (absorbed, theirs))
            ]
            if said[0] == said[1]:  # two portraits described alike
                said = [f"{words} (no. {held[0]})" for words, held in zip(said, (mine, theirs), strict=True)]
            choice = Choice(group[0], label, *said, _default_choice(survivor, absorbed, group))
            (asked if any(mine) and any(theirs) else taken).append(choice)
    counts = []
    for relation in all_relations():
        if relation.merge == STAY:
            continue
        rows = relation.rows([survivor.pk, absorbed.pk]).order_by()
        have = dict(rows.values_list(relation.column).annotate(n=Count("pk")))
        if have:
            counts.append((relation.label, have.get(survivor.pk, 0), have.get(absorbed.pk, 0)))
    profiles = {row.expert_id: row for row in PublicProfile.objects.filter(expert__in=[survivor, absorbed])}
    both = _stricter_consent(profiles.get(survivor.pk), profiles.get(absorbed.pk))
    consent = PublicProfile(**both).get_status_display() if both else ""
    return Preview(survivor, absorbed, asked, taken, counts, consent)


def _values_of(card, group, other):
    """A card's values in a group of fields as texts, to be compared; "" for an empty one.

    0 and False are not empty. That one of the two cards is reached through the other does not count.
    """
    values = [getattr(card, Expert._meta.get_field(name).attname) for name in group]
    if group == ("contact_via",) and values == [other.pk]:
        return [""]
    return ["" if value is None or value == [] else str(value) for value in values]


def _words_of(card, group):
    parts = []
    for name in group:
        shown = getattr(card, f"get_{name}_display", None)
        value = shown() if shown else getattr(card, name)
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        if isinstance(value, bool):
            value = "Yes" if value else "No"
        parts.append("" if value is None else str(value))
    return " · ".join(filter(None, parts))


def _default_choice(survivor, absorbed, group):
    """Whose values are taken unless somebody chooses: the survivor's, unless they are empty; True before False."""
    mine, theirs = _values_of(survivor, group, absorbed), _values_of(absorbed, group, survivor)
    if mine == ["False"]:
        return THEIRS if theirs == ["True"] else MINE
    return MINE if any(mine) or not any(theirs) else THEIRS


def _check_both_in_use(survivor, absorbed):
    if survivor.pk == absorbed.pk:
        raise WrongState("That is the same card.")
    for card in (survivor, absorbed):
        if not card.in_use:
            raise WrongState(f"“{card}” is no longer in use: it was merged into another card or removed.")


# --- the merge --------------------------------------------------------------------------------------


class Ledger:
    """Does the steps of a merge and records each of them."""

    def __init__(self):
        self.moved, self.changed, self.dropped, self.made = {}, [], [], []

    def move(self, name, model, column, pks, to):
        """Point rows at another card."""
        if pks:
            model._base_manager.filter(pk__in=pks).update(**{column: to})
            self.moved[name] = pks

    def change(self, row, **values):
        """Write values, by attribute name, into a row."""
        if not values:
            return
        before = {name: getattr(row, name) for name in values}
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        for name, value in values.items():
            setattr(row, name, value)
        self.changed.append([row._meta.label, row.pk, before, values])

    def drop(self, rows):
        """Delete rows that another row replaces; nothing may refer to them any more."""
        for row in rows:
            self.dropped.append([row._meta.label, row_values(row)])
        if rows:
            model = type(rows[0])
            model._base_manager.filter(pk__in=[row.pk for row in rows]).delete()

    def make(self, row):
        row.save(force_insert=True)
        self.made.append([row._meta.label, row_values(row)])
        return row


def row_values(row):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def as_json(value):
    """A value as it is after being written as JSON and read again; times keep their microseconds."""
    return json.loads(json.dumps(value, default=lambda v: v.isoformat() if hasattr(v, "isoformat") else str(v)))


@transaction.atomic
def merge_cards(survivor, absorbed, choices, *, by, seen):
    """Merge one card into another with everything that belongs to it; returns the MergeRecord.

    `choices` is {first field of a group of FIELDS_CHOSEN: "survivor" or "absorbed"}; see `_default_choice` for the
    others. `seen` are the versions of survivor and absorbed that the person looked at. The absorbed card stays as a
    tombstone: its address, UID and id lead to the survivor. Raises NotAllowed, WrongState, Refused for an unknown
    choice, and Stale where a card was changed meanwhile.
    """
    access.must_keep(by, "Your role does not merge cards.")
    locked = Expert.objects.select_for_update(no_key=True).order_by("pk").in_bulk([survivor.pk, absorbed.pk])
    if len({survivor.pk, absorbed.pk}) == 2 and len(locked) < 2:
        raise WrongState("One of these cards is gone.")
    survivor, absorbed = locked[survivor.pk], locked[absorbed.pk]
    if (survivor.version, absorbed.version) != tuple(seen):
        raise Stale("One of these cards was changed while you looked at them. Look again, then merge.")
    _check_both_in_use(survivor, absorbed)
    ledger = Ledger()
    bars = sorted(survivor.bars.values_list("pk", flat=True))
    _keep_restricted([survivor, absorbed], ledger)
    _keep_one_main_role(survivor, absorbed, ledger)
    with quoting_may_change([survivor.pk, absorbed.pk], by=by):
        for relation in all_relations():
            if relation.merge != STAY:
                _bring_rows_over(relation, survivor, absorbed, ledger)
        _merge_consents(survivor, absorbed, ledger)
        names_before = survivor.display_name, survivor.native_name
        chosen = _write_choices(survivor, absorbed, choices, ledger)
        _keep_old_names(survivor, absorbed, names_before, ledger)
        ledger.change(absorbed, merged_into_id=survivor.pk)
    sealed = {"changed": ledger.changed, "dropped": ledger.dropped, "made": ledger.made, "bars": bars}
    record = MergeRecord.objects.create(
        survivor=survivor, absorbed=absorbed, sealed=sealing.seal(json.dumps(as_json(sealed))), choices_made=chosen,
        moved=ledger.moved, by=by, at=clock.process_time(),
    )  # fmt: skip
    cards.record_change(survivor, "merge", f"Merged card no. {absorbed.pk} into this one", by=by)
    cards.record_change(absorbed, "merge", f"Merged into card no. {survivor.pk}", by=by)
    Pulse.objects.beat(rendering=True)
    return record


def _keep_one_main_role(survivor, absorbed, ledger):
    """Where both cards have a main role now, only the survivor's stays the main one."""
    if survivor.affiliations.filter(is_primary=True, end="").exists():
        for role in absorbed.affiliations.filter(is_primary=True, end=""):
            ledger.change(role, is_primary=False)


def _bring_rows_over(relation, survivor, absorbed, ledger):
    """Move the rows of one relation to the survivor, folding those that say the same."""
    model, column = relation.model, relation.column
    if relation.name == "experts.Expert.contact_via":
        # The survivor is not reached through itself.
        ledger.change(survivor, **({"contact_via_id": None} if survivor.contact_via_id == absorbed.pk else {}))
    rows = relation.rows([absorbed.pk])
    if relation.merge != FOLD:
        ledger.move(relation.name, model, column, list(rows.order_by("pk").values_list("pk", flat=True)), survivor.pk)
        return
    have = {relation.key_of(row): row for row in relation.rows([survivor.pk])}
    doubles, rest = [], []
    for row in rows.order_by("pk"):
        kept = have.get(relation.key_of(row))
        if kept is None:
            have[relation.key_of(row)] = row
            rest.append(row.pk)
        elif getattr(kept, column) == survivor.pk:
            doubles.append((row, kept))
        else:  # the absorbed card has it twice, as it may
            rest.append(row.pk)
    for row, kept in doubles:
        _point_at(row, kept, ledger)
    ledger.drop([row for row, _ in doubles])
    for row, kept in doubles:
        ledger.change(kept, **relation.fold(kept, row))
    ledger.move(relation.name, model, column, rest, survivor.pk)


def _point_at(row, kept, ledger):
    """Point everything that refers to a row at the row that is kept instead."""
    for link in row._meta.related_objects:
        for other in link.related_model._base_manager.filter(**{link.field.attname: row.pk}):
            ledger.change(other, **{link.field.attname: kept.pk})


def _keep_restricted(both, ledger):
    """Keep a channel restricted that is so on either card: delete the same one where the staff can see it."""
    restricted = set(PrivateChannel.objects.filter(expert__in=both).values_list("digest", flat=True))
    if restricted:
        rows = Channel.objects.filter(expert__in=both)
        ledger.drop([row for row in rows if restricted & set(channel_digests(row.kind, row.normalized))])
        sealing.leave_no_older_copy()


STRICTEST_FIRST = [PublicProfile.WITHDRAWN, PublicProfile.GRANTED, PublicProfile.REQUESTED, ""]


def _stricter_consent(mine, theirs):
    """The stricter of two consents, as columns: withdrawn if either is; else only parts that both granted."""
    both = [profile for profile in (mine, theirs) if profile is not None and profile.status]
    if not both:
        return {}
    status = min((profile.status for profile in both), key=STRICTEST_FIRST.index)
    granted = [profile for profile in both if profile.status == PublicProfile.GRANTED]
    scope = ""
    if status == PublicProfile.GRANTED:
        shared = [name for name, _ in PublicProfile.FIELDS if all(profile.covers(name) for profile in granted)]
        scope = "".join(f",{name}" for name in shared) + "," if shared else ""
    ends = [profile.public_until for profile in granted if profile.public_until]
    dates = [profile.granted_on for profile in granted if profile.granted_on]
    gone = [profile.withdrawn_at for profile in both if profile.withdrawn_at]
    return {
        "status": status,
        "scope": scope,
        "agreed": granted[0].agreed if granted else {},  # what the other card brings waits until they agree again
        "public_until": min(ends) if ends and status == PublicProfile.GRANTED else None,
        "granted_on": min(dates) if dates else None,
        "withdrawn_at": max(gone) if gone else None,
        "evidence": " / ".join(dict.fromkeys(p.evidence for p in both if p.evidence))[:300],
        "was_public": any(profile.was_public for profile in both),
    }


def _merge_consents(survivor, absorbed, ledger):
    """Give the survivor the stricter consent. The absorbed card keeps its row, for its link and its address."""
    profiles = {row.expert_id: row for row in PublicProfile.objects.filter(expert__in=[survivor, absorbed])}
    mine, theirs = profiles.get(survivor.pk), profiles.get(absorbed.pk)
    if theirs is None:
        return
    both = _stricter_consent(mine, theirs)
    if not both:
        return
    if mine is None:
        ledger.make(PublicProfile(expert=survivor, **both))
    else:
        ledger.change(mine, **both)
    if both["public_until"]:
        Instant.objects.get_or_create(at=both["public_until"])


def _write_choices(survivor, absorbed, choices, ledger):
    """Write the chosen fields into the survivor; returns {first field of a group: whose it is}."""
    known = {group[0] for group in FIELDS_CHOSEN}
    if wrong := [name for name, whose in choices.items() if name not in known or whose not in (MINE, THEIRS)]:
        raise Refused(f"There is no such choice: {', '.join(sorted(map(str, wrong)))[:80]}")
    chosen, values = {}, {}
    for group in FIELDS_CHOSEN:
        whose = choices.get(group[0]) or _default_choice(survivor, absorbed, group)
        chosen[group[0]] = whose
        if whose == THEIRS:
            for name in group:
                column = Expert._meta.get_field(name).attname
                if getattr(survivor, column) != getattr(absorbed, column):
                    values[column] = getattr(absorbed, column)
    if values.get("contact_via_id") == survivor.pk:
        values["contact_via_id"] = None
    if absorbed.review_due < survivor.review_due:
        values["review_due"] = absorbed.review_due
    ledger.change(survivor, **values)
    return chosen


def _keep_old_names(survivor, absorbed, names_before, ledger):
    """Keep names that the merged card no longer has as variants, so that they still find it."""
    have = set(survivor.variants.values_list("normalized", flat=True))
    have |= {names.fold(name) for name in (survivor.display_name, survivor.native_name)}
    for name in (*names_before, absorbed.display_name, absorbed.native_name):
        folded = names.fold(name)[:200]
        if folded and folded not in have:
            have.add(folded)
            ledger.make(NameVariant(expert=survivor, text=name, kind="alias"))
