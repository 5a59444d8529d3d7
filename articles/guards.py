"""What the database refuses in this room: DESIGN's append-only tables, spans that overlap, a second owner of a path."""

from newsroom.database.guards import Guard, address_guards, append_only, postgresql_trigger, sqlite_trigger

from .models import (
    Assignment,
    Contributor,
    Correction,
    Debt,
    Edition,
    EditionText,
    Path,
    PictureRuling,
    PreviewReply,
    PreviewVerdict,
    Quote,
    Revision,
    Section,
    Transition,
)


def guards(connection):
    """This room's guards for an engine."""
    edition = append_only(Edition, connection, changeable=("live_until", "listed", "sealed_at"))
    rows = edition + append_only(EditionText, connection)
    for model in (Revision, Transition, Correction):
        rows += append_only(model, connection)
    rows += append_only(Debt, connection, changeable=("closed_at", "closed_by"))
    rows += append_only(Assignment, connection, changeable=("answer", "answered_at", "reason"))
    # What somebody outside answered: a sign-off that hangs on it may be taken back, a removed person's name taken out.
    rows += append_only(PreviewVerdict, connection, changeable=("signoff", "note", "text"))
    rows += append_only(PreviewReply, connection, changeable=("words", "wish"))
    # A merge of two cards points a quote at the card that stays; its words never change.
    rows += append_only(Quote, connection, changeable=("expert",))
    # A picture that was never used may be thrown out; what was said of its file stays.
    rows += append_only(PictureRuling, connection, changeable=("image",))
    rows += address_guards(connection, Section) + address_guards(connection, Contributor)
    rows += _listed_once(connection) + _spans(connection) + _owners(connection)
    return rows


def _trigger(connection, name, event, condition, message):
    make = sqlite_trigger if connection.vendor == "sqlite" else postgresql_trigger
    return [make(name, event, condition, message)]


def _listed_once(connection):
    table = Edition._meta.db_table
    return _trigger(
        connection, "guard_edition_listed", f'BEFORE UPDATE ON "{table}"', "NEW.listed AND NOT OLD.listed",
        "an edition taken off the lists stays off",
    )  # fmt: skip


def _spans(connection):
    table = Edition._meta.db_table
    if connection.vendor == "postgresql":
        name = "guard_edition_spans"
        create = (
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" EXCLUDE USING gist'
            " (article_id WITH =, tstzrange(live_from, live_until) WITH &&)"
        )
        drop = (
            f"DO $$ BEGIN IF to_regclass('\"{table}\"') IS NOT NULL THEN"
            f' ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"; END IF; END $$'
        )
        return [Guard(name, table, ("CREATE EXTENSION IF NOT EXISTS btree_gist", create), (drop,))]
    overlap = (
        f'(NEW.live_until IS NULL OR NEW.live_until > NEW.live_from) AND EXISTS (SELECT 1 FROM "{table}" e'
        " WHERE e.article_id = NEW.article_id AND e.id <> NEW.id"
        " AND (e.live_until IS NULL OR e.live_until > e.live_from)"
        " AND (NEW.live_until IS NULL OR e.live_from < NEW.live_until)"
        " AND (e.live_until IS NULL OR NEW.live_from < e.live_until))"
    )
    # After an insert the row has its id; before it, NEW.id is -1, which no row has.
    return [
        sqlite_trigger(f"guard_edition_spans_{event}", f'BEFORE {event.upper()} ON "{table}"', overlap,
                       "spans of one article do not overlap")
        for event in ("insert", "update")
    ]  # fmt: skip


def _owners(connection):
    """A path's article never changes, and a path that was ever in force is never given back."""
    table, editions = Path._meta.db_table, Edition._meta.db_table
    moved = "NEW.article_id <> OLD.article_id OR NEW.path <> OLD.path"
    used = (
        f'OLD.legacy OR EXISTS (SELECT 1 FROM "{editions}" e WHERE e.path = OLD.path AND e.article_id = OLD.article_id'
        " AND (e.live_until IS NULL OR e.live_until > e.live_from))"
    )
    return [
        *_trigger(connection, "guard_path_update", f'BEFORE UPDATE ON "{table}"', moved, "a path keeps its article"),
        *_trigger(connection, "guard_path_delete", f'BEFORE DELETE ON "{table}"', used, "a path once used stays taken"),
    ]
