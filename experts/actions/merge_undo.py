"""Taking a merge back: both cards and all their rows are as they were before it."""

import json

from django.apps import apps
from django.db import IntegrityError, transaction

from newsroom import clock
from newsroom.errors import WrongState
from newsroom.models import Pulse

from .. import access, sealing
from ..models import Bar, Expert, MergeRecord
from ..relations import all_relations
from . import cards
from .merging import as_json, row_values


@transaction.atomic
def undo_merge(record, *, by):
    """Take a merge back; returns the card that is separate again. What was added since stays with the survivor.

    A bar that was set since is on both cards. Raises NotAllowed, and WrongState with the reasons where something that
    the merge wrote was changed since.
    """
    access.must_keep(by, "Your role does not merge cards.")
    both = Expert.objects.select_for_update().order_by("pk").in_bulk([record.survivor_id, record.absorbed_id])
    record = MergeRecord.objects.select_for_update().get(pk=record.pk)
    survivor, absorbed = both[record.survivor_id], both[record.absorbed_id]
    _check_can_undo(record, survivor, absorbed)
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
        cards.record_change(card, "merge", f"Took back the merge with card no. {other.pk}", by=by)
    Pulse.objects.beat(rendering=True)
    return absorbed


def _check_can_undo(record, survivor, absorbed):
    if record.undone_at:
        raise WrongState("This merge was taken back already.")
    if not survivor.in_use:
        raise WrongState(f"“{survivor}” was itself merged into another card or removed. Take that back first.")
    if absorbed.merged_into_id != survivor.pk or absorbed.removed_at:
        raise WrongState("The cards no longer stand as this merge left them.")


def _changed_since(done):
    """[what the merge wrote and somebody has changed since, in words]."""
    reasons = []
    dropped = {(label, values[_model_of_label(label)._meta.pk.attname]) for label, values in done["dropped"]}
    for label, pk, _, after in _net_changes(done["changed"]):
        if (label, pk) in dropped:
            continue
        model = _model_of_label(label)
        row = model._base_manager.filter(pk=pk).first()
        if row is None:
            reasons.append(f"{model._meta.verbose_name} no. {pk} is gone")
            continue
        for name, value in after.items():
            if as_json(getattr(row, name)) != value:
                reasons.append(f"“{_label_of(model, name)}” of {model._meta.verbose_name} no. {pk} was changed since")
    for label, values in done["made"]:
        model = _model_of_label(label)
        row = model._base_manager.filter(pk=values[model._meta.pk.attname]).first()
        kept = {name: value for name, value in values.items() if name not in ("token", "token_until")}
        if row is not None and {name: as_json(getattr(row, name)) for name in kept} != kept:
            reasons.append(f"{model._meta.verbose_name} no. {row.pk} was changed since")
    return reasons


def _net_changes(changed):
    """One change for each row: its values before the first and after the last one."""
    rows = {}
    for label, pk, before, after in changed:
        first, last = rows.setdefault((label, pk), ({}, {}))
        for name, value in before.items():
            first.setdefault(name, value)
        last.update(after)
    return [(label, pk, first, last) for (label, pk), (first, last) in rows.items()]


def _model_of_label(label):
    return apps.get_model(label)


def _label_of(model, attname):
    return next(str(f.verbose_name) for f in model._meta.concrete_fields if f.attname == attname)


def _put_back(record, done, survivor, absorbed):
    for label, values in done["made"]:
        _model_of_label(label)._base_manager.filter(pk=values[_model_of_label(label)._meta.pk.attname]).delete()
    for relation in all_relations():
        if pks := record.moved.get(relation.name):
            relation.rows([survivor.pk]).filter(pk__in=pks).update(**{relation.column: absorbed.pk})
    back = {}
    for label, values in done["dropped"]:
        model = _model_of_label(label)
        row = model(**_from_json(model, values))
        if _still_has_its_targets(row):
            back.setdefault(model, []).append(row)
    for model, rows in back.items():
        model._base_manager.bulk_create(rows)
    for label, pk, before, _ in _net_changes(done["changed"]):
        model = _model_of_label(label)
        model._base_manager.filter(pk=pk).update(**_from_json(model, before))
    _copy_later_bars(survivor, absorbed, {*done["bars"], *record.moved.get("experts.Bar.expert", ())})


def _still_has_its_targets(row):
    """Whether the rows that a deleted row must refer to still exist; an optional reference to a lost one is cleared."""
    for link in row._meta.concrete_fields:
        target = link.is_relation and getattr(row, link.attname)
        if target and not link.related_model._base_manager.filter(pk=target).exists():
            if not link.null:
                return False
            setattr(row, link.attname, None)
    return True


def _copy_later_bars(survivor, absorbed, known):
    """Copy bars that were set since the merge to the absorbed card: they may mean either of the two people."""
    for bar in survivor.bars.exclude(pk__in=known).filter(lifted_at=None):
        values = row_values(bar) | {"id": None, "expert_id": absorbed.pk}
        Bar.objects.create(**values)


def _from_json(model, values):
    """Values read from JSON as a model's attributes hold them."""
    fields = {f.attname: f for f in model._meta.concrete_fields}
    return {
        name: value if value is None or fields[name].is_relation else fields[name].to_python(value)
        for name, value in values.items()
    }
