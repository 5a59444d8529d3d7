"""What the database refuses in this room: a ledger rewritten, a log entry deleted while its card is in use."""

from newsroom.guards import postgresql_trigger, sqlite_trigger

from .models import AccessLog, CardChange, ContactLog, Expert, Verification

LEDGERS = (ContactLog, Verification, AccessLog, CardChange)


def guards(connection):
    """This room's guards for an engine.

    A merge points rows at the card that stays, and a removal deletes those of a removed card; else nothing changes.
    """
    make = sqlite_trigger if connection.vendor == "sqlite" else postgresql_trigger
    rows = []
    for model in LEDGERS:
        table, message = model._meta.db_table, f"{model._meta.verbose_name} rows are append-only"
        columns = [f.column for f in model._meta.concrete_fields if f.name != "expert"]
        if connection.vendor == "sqlite":
            differs = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in columns)
        else:
            differs = " OR ".join(f'NEW."{column}"::text IS DISTINCT FROM OLD."{column}"::text' for column in columns)
        in_use = (
            f'EXISTS (SELECT 1 FROM "{Expert._meta.db_table}" e WHERE e.id = OLD.expert_id AND e.removed_at IS NULL)'
        )
        rows.append(make(f"guard_{table}_update", f'BEFORE UPDATE ON "{table}"', differs, message))
        rows.append(make(f"guard_{table}_delete", f'BEFORE DELETE ON "{table}"', in_use, message))
    return rows
