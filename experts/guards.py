"""What the database refuses in this room: a ledger rewritten, a log entry deleted while its card is in use."""

from newsroom.database.guards import address_guards, postgresql_trigger, sqlite_trigger

from .models import AccessLog, CardChange, ContactLog, Expert, Verification
from .relations import REMOVAL_MARK, TEXT_COLUMNS

LEDGERS = (ContactLog, Verification, AccessLog, CardChange)


def guards(connection):
    """This room's guards for an engine.

    A merge points rows at the card that stays, and a removal deletes those of a removed card, and takes a name out of
    what was written about others, leaving one more mark; else nothing changes.
    """
    make = sqlite_trigger if connection.vendor == "sqlite" else postgresql_trigger
    rows = address_guards(connection, Expert)
    for model in LEDGERS:
        table, message = model._meta.db_table, f"{model._meta.verbose_name} rows are append-only"
        columns = [f.column for f in model._meta.concrete_fields if f.name != "expert"]
        free = {name for text in TEXT_COLUMNS if text.model_name == model._meta.label for name in text.fields}
        differs = " OR ".join(_differs(connection, column, may_be_marked=column in free) for column in columns)
        in_use = (
            f'EXISTS (SELECT 1 FROM "{Expert._meta.db_table}" e WHERE e.id = OLD.expert_id AND e.removed_at IS NULL)'
        )
        rows.append(make(f"guard_{table}_update", f'BEFORE UPDATE ON "{table}"', differs, message))
        rows.append(make(f"guard_{table}_delete", f'BEFORE DELETE ON "{table}"', in_use, message))
    return rows


def _differs(connection, column, *, may_be_marked):
    """Whether a column would say something else; but for one of free words that holds more marks of a removal then."""
    if connection.vendor == "sqlite":
        differs = f'NEW."{column}" IS NOT OLD."{column}"'
    else:
        differs = f'NEW."{column}"::text IS DISTINCT FROM OLD."{column}"::text'
    new, old = (
        f"length({row}.\"{column}\") - length(replace({row}.\"{column}\", '{REMOVAL_MARK}', ''))"
        for row in ("NEW", "OLD")
    )
    return f"({differs} AND NOT {new} > {old})" if may_be_marked else differs
