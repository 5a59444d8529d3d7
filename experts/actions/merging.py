"""Two cards that are one person: looked at side by side, merged with all that hangs on them, and made two again.

A merge writes down what it does, row by row: which rows it pointed elsewhere, what it changed in others and what they
said before, and which it dropped. That record, sealed, is all that `undo` needs.
"""

import json
from dataclasses import dataclass, field

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Count

from newsroom import clock
from newsroom.errors import NotAllowed, Refused, Stale, WrongState
from newsroom.models import Instant, Pulse

from .. import access, names, sealing
from ..models import Bar, Channel, Expert, MergeRecord, NameVariant, PrivateChannel, PublicProfile
from ..models.channel import digests_of
from ..relations import FOLD, STAY, all_relations
from . import cards

MINE, THEIRS = "survivor", "absorbed"
# What a person chooses, card against card; fields that only make sense together are chosen together.
CHOICES = [
    ("kind",), ("display_name", "sort_name"), ("honorific_prefix",),
    ("given", "additional", "family", "second_family", "generation"), ("honorific_suffix",),
    ("native_name", "native_language"), ("pronunciation",), ("pronouns",), ("status", "deceased_on"), ("time_zone",),
    ("country", "city"), ("formats",), ("media_trained",), ("lead_time",), ("contact_via",), ("tv_note",),
    ("sample_clip_url",), ("paid_to_appear",), ("is_official",), ("short_bio",), ("bio",), ("portrait",),
    ("legal_basis",), ("source_of_data",),
]  # fmt: skip
# What nobody chooses: the card's own, or made from the rest. The earlier review date counts.
OWN = {"id", "uid", "slug", "merged_into", "removed_at", "version", "search_key", "name_skeleton", "created_at",
       "updated_at"}  # fmt: skip
RULED = {"review_due"}
COUNTED = {"version", "updated_at", "search_key", "name_skeleton"}


# --- where a merged card's id leads ----------------------------------------------------------------


def standing(ids):
    """{id: the id of the card that stands for it} for those of some ids whose card was merged; one query."""
    ids = set(ids)
    if not ids:
        return {}
    merged = Expert.objects.filter(pk__in=ids).exclude(merged_into=None).order_by()
    return dict(merged.values_list("pk", "merged_into_id"))


def resolve(*, uid=None, slug=None, pk=None):
    """The card in use that a UID, slug or id leads to, its own or that of one merged into it; None where none does."""
    which = {name: value for name, value in (("uid", uid), ("slug", slug), ("pk", pk)) if value is not None}
    found = Expert.objects.filter(removed_at=None, **which).select_related("merged_into").first()
    return found and (found.merged_into or found)


# --- before ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One thing that the cards say differently, or that only one of them says: then `chosen` is whose that is."""

    name: str
    label: str
    mine: str
    theirs: str
    chosen: str


@dataclass(frozen=True)
class Preview:
    """What a merge would do: the choices, and the rows that would come along, [(label, survivor's, absorbed's)].

    `taken` are the things that only one card says: they are on the merged card, and nobody is asked.
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


def preview(survivor, absorbed):
    """What a merge of two cards would do. A fixed number of queries. Raises WrongState where there is none."""
    _check(survivor, absorbed)
    asked, taken = [], []
    for group in CHOICES:
        mine, theirs = _held(survivor, group, absorbed), _held(absorbed, group, survivor)
        if mine != theirs:
            label = str(Expert._meta.get_field(group[0]).verbose_name).capitalize()
            said = [_said(card, group) if any(held) else "" for card, held in ((survivor, mine), (absorbed, theirs))]
            if said[0] == said[1]:  # two portraits described alike
                said = [f"{words} (no. {held[0]})" for words, held in zip(said, (mine, theirs), strict=True)]
            choice = Choice(group[0], label, *said, _default(survivor, absorbed, group))
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
    both = _stricter(profiles.get(survivor.pk), profiles.get(absorbed.pk))
    consent = PublicProfile(**both).get_status_display() if both else ""
    return Preview(survivor, absorbed, asked, taken, counts, consent)


def _held(card, group, other):
    """What a card says in a group of fields, as texts that compare: "" where it says nothing.

    That it is reached through the other says nothing: they are one person. Nought and “no” are said.
    """
    values = [getattr(card, Expert._meta.get_field(name).attname) for name in group]
    if group == ("contact_via",) and values == [other.pk]:
        return [""]
    return ["" if value is None or value == [] else str(value) for value in values]


def _said(card, group):
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


def _default(survivor, absorbed, group):
    """Whose a thing is unless told: the survivor's, or whoever says anything at all; of two marks, the one set."""
    mine, theirs = _held(survivor, group, absorbed), _held(absorbed, group, survivor)
    if mine == ["False"]:
        return THEIRS if theirs == ["True"] else MINE
    return MINE if any(mine) or not any(theirs) else THEIRS


def _check(survivor, absorbed):
    if survivor.pk == absorbed.pk:
        raise WrongState("That is the same card.")
    for card in (survivor, absorbed):
        if not card.in_use:
            raise WrongState(f"“{card}” is no longer in use: it was merged into another card or removed.")


# --- the merge --------------------------------------------------------------------------------------


class Ledger:
    """What a merge does, done and written down at once."""

    def __init__(self):
        self.moved, self.changed, self.dropped, self.made = {}, [], [], []

    def move(self, name, model, column, pks, to):
        """Point rows at another card; nothing else about them changes."""
        if pks:
            model._base_manager.filter(pk__in=pks).update(**{column: to})
            self.moved[name] = pks

    def change(self, row, **values):
        """Write values (by attribute name) into a row."""
        if not values:
            return
        before = {name: getattr(row, name) for name in values}
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        for name, value in values.items():
            setattr(row, name, value)
        self.changed.append([row._meta.label, row.pk, before, values])

    def drop(self, rows):
        """Delete rows that another row now speaks for; nothing may hang on them any more."""
        for row in rows:
            self.dropped.append([row._meta.label, _values(row)])
        if rows:
            model = type(rows[0])
            model._base_manager.filter(pk__in=[row.pk for row in rows]).delete()

    def make(self, row):
        row.save(force_insert=True)
        self.made.append([row._meta.label, _values(row)])
        return row


def _values(row):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def _plain(value):
    """A value as JSON holds it, to the microsecond."""
    return json.loads(json.dumps(value, default=lambda v: v.isoformat() if hasattr(v, "isoformat") else str(v)))


def _read(model, values):
    """Values from JSON as a model's attributes hold them."""
    fields = {f.attname: f for f in model._meta.concrete_fields}
    return {
        name: value if value is None or fields[name].is_relation else fields[name].to_python(value)
        for name, value in values.items()
    }


@transaction.atomic
def merge(survivor, absorbed, choices, *, by, seen):
    """Let one card take the place of another, with everything that hangs on it; returns the MergeRecord.

    `choices` says of fields of CHOICES whose they are, "survivor" or "absorbed"; what it does not name is the
    survivor's, or whoever's says anything. `seen` are the versions (survivor's, absorbed's) that the person looked
    at. The absorbed card stays as a tombstone whose address, UID and id lead to the survivor. Raises
    NotAllowed, WrongState, and Stale where a card was changed meanwhile.
    """
    if by is not None and not access.may_keep(by):
        raise NotAllowed("Your role does not merge cards.")
    locked = Expert.objects.select_for_update().order_by("pk").in_bulk([survivor.pk, absorbed.pk])
    if len({survivor.pk, absorbed.pk}) == 2 and len(locked) < 2:
        raise WrongState("One of these cards is gone.")
    survivor, absorbed = locked[survivor.pk], locked[absorbed.pk]
    if (survivor.version, absorbed.version) != tuple(seen):
        raise Stale("One of these cards was changed while you looked at them. Look again, then merge.")
    _check(survivor, absorbed)
    ledger = Ledger()
    bars = sorted(survivor.bars.values_list("pk", flat=True))
    _keep_restricted([survivor, absorbed], ledger)
    _one_main_role(survivor, absorbed, ledger)
    for relation in all_relations():
        if relation.merge != STAY:
            _bring(relation, survivor, absorbed, ledger)
    _consent(survivor, absorbed, ledger)
    chosen = _fields(survivor, absorbed, choices, ledger)
    _old_names(survivor, absorbed, chosen, ledger)
    ledger.change(absorbed, merged_into_id=survivor.pk)
    sealed = {"changed": ledger.changed, "dropped": ledger.dropped, "made": ledger.made, "bars": bars}
    record = MergeRecord.objects.create(
        survivor=survivor, absorbed=absorbed, sealed=sealing.seal(json.dumps(_plain(sealed))), choices_made=chosen,
        moved=ledger.moved, by=by, at=clock.process_time(),
    )  # fmt: skip
    cards.changed(survivor, "merge", f"Merged card no. {absorbed.pk} into this one", by=by)
    cards.changed(absorbed, "merge", f"Merged into card no. {survivor.pk}", by=by)
    Pulse.objects.beat(rendering=True)
    return record


def _one_main_role(survivor, absorbed, ledger):
    """Of two main roles held now, the survivor's stays the main one."""
    if survivor.affiliations.filter(is_primary=True, end="").exists():
        for role in absorbed.affiliations.filter(is_primary=True, end=""):
            ledger.change(role, is_primary=False)


def _bring(relation, survivor, absorbed, ledger):
    """Bring the rows of one relation over, folding those that say the same."""
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
        else:  # the absorbed card said it twice itself, as it may
            rest.append(row.pk)
    for row, kept in doubles:
        _point_at(row, kept, ledger)
    ledger.drop([row for row, _ in doubles])
    for row, kept in doubles:
        ledger.change(kept, **relation.fold(kept, row))
    ledger.move(relation.name, model, column, rest, survivor.pk)


def _point_at(row, kept, ledger):
    """Let what names a row name the one that speaks for it."""
    for link in row._meta.related_objects:
        for other in link.related_model._base_manager.filter(**{link.field.attname: row.pk}):
            ledger.change(other, **{link.field.attname: kept.pk})


def _keep_restricted(both, ledger):
    """A number that either card kept restricted stays so: the row that the staff could see goes."""
    restricted = set(PrivateChannel.objects.filter(expert__in=both).values_list("digest", flat=True))
    if restricted:
        rows = Channel.objects.filter(expert__in=both)
        ledger.drop([row for row in rows if restricted & set(digests_of(row.kind, row.normalized))])
        sealing.leave_no_older_copy()


STRICT = [PublicProfile.WITHDRAWN, PublicProfile.GRANTED, PublicProfile.REQUESTED, ""]


def _stricter(mine, theirs):
    """What two consents come to, as fields of a PublicProfile: withdrawn if either is, and only what both granted."""
    both = [profile for profile in (mine, theirs) if profile is not None and profile.status]
    if not both:
        return {}
    status = min((profile.status for profile in both), key=STRICT.index)
    granted = [profile for profile in both if profile.status == PublicProfile.GRANTED]
    scope = ""
    if status == PublicProfile.GRANTED:
        shared = [name for name, _ in PublicProfile.FIELDS if all(profile.shows(name) for profile in granted)]
        scope = "".join(f",{name}" for name in shared) + "," if shared else ""
    ends = [profile.public_until for profile in granted if profile.public_until]
    dates = [profile.granted_on for profile in granted if profile.granted_on]
    gone = [profile.withdrawn_at for profile in both if profile.withdrawn_at]
    return {
        "status": status,
        "scope": scope,
        "public_until": min(ends) if ends and status == PublicProfile.GRANTED else None,
        "granted_on": min(dates) if dates else None,
        "withdrawn_at": max(gone) if gone else None,
        "evidence": " / ".join(dict.fromkeys(p.evidence for p in both if p.evidence))[:300],
        "was_public": any(profile.was_public for profile in both),
    }


def _consent(survivor, absorbed, ledger):
    """Leave the absorbed card's consent with it, for its link and its address; the survivor gets the stricter."""
    profiles = {row.expert_id: row for row in PublicProfile.objects.filter(expert__in=[survivor, absorbed])}
    mine, theirs = profiles.get(survivor.pk), profiles.get(absorbed.pk)
    if theirs is None:
        return
    both = _stricter(mine, theirs)
    if not both:
        return
    if mine is None:
        ledger.make(PublicProfile(expert=survivor, **both))
    else:
        ledger.change(mine, **both)
    if both["public_until"]:
        Instant.objects.get_or_create(at=both["public_until"])


def _fields(survivor, absorbed, choices, ledger):
    """Write the chosen fields; returns whose each one is."""
    known = {group[0] for group in CHOICES}
    if wrong := [name for name, whose in choices.items() if name not in known or whose not in (MINE, THEIRS)]:
        raise Refused(f"There is no such choice: {', '.join(sorted(map(str, wrong)))[:80]}")
    chosen, values = {}, {}
    for group in CHOICES:
        whose = choices.get(group[0]) or _default(survivor, absorbed, group)
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
    names_before = survivor.display_name, survivor.native_name
    ledger.change(survivor, **values)
    survivor.names_before = names_before
    return chosen


def _old_names(survivor, absorbed, chosen, ledger):
    """Names that no longer stand on the card still find it."""
    have = set(survivor.variants.values_list("normalized", flat=True))
    have |= {names.fold(name) for name in (survivor.display_name, survivor.native_name)}
    for name in (*survivor.names_before, absorbed.display_name, absorbed.native_name):
        folded = names.fold(name)[:200]
        if folded and folded not in have:
            have.add(folded)
            ledger.make(NameVariant(expert=survivor, text=name, kind="alias"))


# --- and back ----------------------------------------------------------------------------------------


@transaction.atomic
def undo(record, *, by):
    """Make two cards of one again, row for row as they were; what was added since stays with the survivor.

    A bar set since stands on both. Raises NotAllowed, and WrongState with the reason where something that the
    merge wrote was changed since.
    """
    if by is not None and not access.may_keep(by):
        raise NotAllowed("Your role does not merge cards.")
    both = Expert.objects.select_for_update().order_by("pk").in_bulk([record.survivor_id, record.absorbed_id])
    record = MergeRecord.objects.select_for_update().get(pk=record.pk)
    survivor, absorbed = both[record.survivor_id], both[record.absorbed_id]
    _can_undo(record, survivor, absorbed)
    try:
        done = json.loads(sealing.unseal(record.sealed))
    except sealing.Unreadable as error:
        raise WrongState("It cannot be undone: the newspaper no longer has the key of its record.") from error
    if reasons := _changed_since(done):
        raise WrongState(f"It cannot be undone any more: {'; '.join(reasons)}.")
    try:
        with transaction.atomic():
            _put_back(record, done, survivor, absorbed)
    except IntegrityError as error:
        said = "It cannot be undone any more: something stands in the place of what would come back."
        raise WrongState(said) from error
    record.undone_at, record.undone_by = clock.process_time(), by
    record.save(update_fields=["undone_at", "undone_by"])
    for card, other in ((survivor, absorbed), (absorbed, survivor)):
        card.refresh_from_db()
        cards.changed(card, "merge", f"Took back the merge with card no. {other.pk}", by=by)
    Pulse.objects.beat(rendering=True)
    return absorbed


def _can_undo(record, survivor, absorbed):
    if record.undone_at:
        raise WrongState("This merge was taken back already.")
    if not survivor.in_use:
        raise WrongState(f"“{survivor}” was itself merged into another card or removed. Take that back first.")
    if absorbed.merged_into_id != survivor.pk or absorbed.removed_at:
        raise WrongState("The cards no longer stand as this merge left them.")


def _changed_since(done):
    """In words, what the merge wrote and somebody has changed since."""
    reasons = []
    dropped = {(label, values[_model(label)._meta.pk.attname]) for label, values in done["dropped"]}
    for label, pk, _, after in _net(done["changed"]):
        if (label, pk) in dropped:
            continue
        model = _model(label)
        row = model._base_manager.filter(pk=pk).first()
        if row is None:
            reasons.append(f"{model._meta.verbose_name} no. {pk} is gone")
            continue
        for name, value in after.items():
            if _plain(getattr(row, name)) != value:
                reasons.append(f"“{_said_of(model, name)}” of {model._meta.verbose_name} no. {pk} was changed since")
    for label, values in done["made"]:
        model = _model(label)
        row = model._base_manager.filter(pk=values[model._meta.pk.attname]).first()
        kept = {name: value for name, value in values.items() if name not in ("token", "token_until")}
        if row is not None and {name: _plain(getattr(row, name)) for name in kept} != kept:
            reasons.append(f"{model._meta.verbose_name} no. {row.pk} was changed since")
    return reasons


def _net(changed):
    """Changes of one row as one: what it said first, and what it says last."""
    rows = {}
    for label, pk, before, after in changed:
        first, last = rows.setdefault((label, pk), ({}, {}))
        for name, value in before.items():
            first.setdefault(name, value)
        last.update(after)
    return [(label, pk, first, last) for (label, pk), (first, last) in rows.items()]


def _model(label):
    return apps.get_model(label)


def _said_of(model, attname):
    return next(str(f.verbose_name) for f in model._meta.concrete_fields if f.attname == attname)


def _put_back(record, done, survivor, absorbed):
    for label, values in done["made"]:
        _model(label)._base_manager.filter(pk=values[_model(label)._meta.pk.attname]).delete()
    for relation in all_relations():
        if pks := record.moved.get(relation.name):
            relation.rows([survivor.pk]).filter(pk__in=pks).update(**{relation.column: absorbed.pk})
    back = {}
    for label, values in done["dropped"]:
        model = _model(label)
        row = model(**_read(model, values))
        if _still_meant(row):
            back.setdefault(model, []).append(row)
    for model, rows in back.items():
        model._base_manager.bulk_create(rows)
    for label, pk, before, _ in _net(done["changed"]):
        model = _model(label)
        model._base_manager.filter(pk=pk).update(**_read(model, before))
    _bars_since(survivor, absorbed, {*done["bars"], *record.moved.get("experts.Bar.expert", ())})


def _still_meant(row):
    """Whether everything a dropped row names is there; what may name nothing, names nothing."""
    for link in row._meta.concrete_fields:
        target = link.is_relation and getattr(row, link.attname)
        if target and not link.related_model._base_manager.filter(pk=target).exists():
            if not link.null:
                return False
            setattr(row, link.attname, None)
    return True


def _bars_since(survivor, absorbed, known):
    """Somebody asked to be left alone while the two were one: until the desk knows who, both are."""
    for bar in survivor.bars.exclude(pk__in=known).filter(lifted_at=None):
        values = _values(bar) | {"id": None, "expert_id": absorbed.pk}
        Bar.objects.create(**values)
