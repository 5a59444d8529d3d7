"""The first rows of a file as the cards that they would be, each number with who would see it."""

from newsroom.errors import WrongState

from ...channels import KINDS, LABELS, is_to_mend
from ...models import ImportBatch
from ...models.channel import CHANNEL_TIERS, RESTRICTED
from . import batches

PREVIEWED = 10


def first_cards(batch):
    """The first rows as the cards that they would be, each with what is sealed and what the staff would see."""
    if batch.status != ImportBatch.DRY:
        return []
    rows = list(batch.rows.all()[:PREVIEWED])
    try:
        records = batches.records_of(batch, rows)
    except WrongState:
        return []  # the key of its rows is gone, as every button says
    return [_card(row, record) for row, record in zip(rows, records, strict=True)]


def _card(row, record):
    tiers, labels = dict(CHANNEL_TIERS), dict(LABELS)
    return {
        "line": row.line, "name": record.name, "status": row.get_status_display(), "same": row.status == "same",
        "is_organisation": record.fields.get("kind") == "desk", "sort_name": record.fields.get("sort_name", ""),
        "roles": [", ".join(filter(None, [role["title"], role["organisation"]])) for role in record.roles],
        "channels": [
            {"says": KINDS[kind].label, "label": labels[label] if label else "", "tier": tiers[tier],
             "value": "" if tier == RESTRICTED else raw, "to_mend": is_to_mend(normalized)}
            for kind, label, raw, normalized, tier in record.channels
        ],
        "notes": len(record.notes), "kept": list(dict.fromkeys(column for column, _, _ in record.kept)),
        "portrait": bool(record.portrait),
    }  # fmt: skip
