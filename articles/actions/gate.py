"""The gate: the one place where an edition is made. It checks, freezes and records.

Every function here expects the article's row to be locked (see `take.locked`) and an open
transaction, and leaves the database so that spans of one article never overlap and at most
one edition waits. What is public at a moment follows from the spans alone: nothing has to
run for a schedule to begin.
"""

import datetime as dt
from dataclasses import dataclass, field

from newsroom import clock, paper
from newsroom.errors import Refused, WrongState
from newsroom.models import Instant, Pulse

from .. import rendering, search
from ..models import Correction, Edition, EditionText, Kind
from ..workflow import UNKNOWN_REASON, WITHDRAWAL_REASONS
from . import addresses, freezing
from .checklist.legal import refuse_taken_out
from .checklist.people import refuse_unprintable
from .notify import tell

TIDY_AFTER = dt.timedelta(minutes=1)
TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Notice:
    """What readers get in the place of a withdrawn story; `replacement` is the story that stands in for it, or None."""

    reason: str  # of WITHDRAWAL_REASONS
    reader_text: str
    show_headline: bool = False
    list_publicly: bool = False
    replacement: object = None

    def edition_fields(self):
        """The fields of the tombstone's edition. Some reasons are public whatever was chosen."""
        always_public = WITHDRAWAL_REASONS.get(self.reason, UNKNOWN_REASON).always_public
        return {
            "reason": self.reason,
            "show_headline": self.show_headline,
            "list_publicly": self.list_publicly or always_public,
            "replacement": self.replacement,
        }


@dataclass(frozen=True)
class Plan:
    """What the gate is asked to open. `live_from` None means this instant."""

    kind: str
    by: object
    live_from: dt.datetime | None = None
    why: str = ""
    line: str = ""
    passed: dict = field(default_factory=dict)  # {level: keys of the checklist's findings in spite of which it runs}
    correction: dict | None = None  # kind, was, became, reader_text of a new note to readers
    new_text: bool = False  # of a reinstatement: readers are told that it was updated
    imported: bool = False
    notice: Notice | None = None  # of a withdrawal

    def said_to_readers(self):
        """The lines that readers get besides the story's own words."""
        note = self.correction or {}
        return list(filter(None, [self.line, *(note.get(name) for name in ("was", "became", "reader_text"))]))


def open_frozen(article, revision, plan, **changes):
    """Freeze a revision's words into a new edition. `changes` go into its data. Returns it."""

    def words(edition, extra):
        return freezing.words_of(article, revision, edition, extra | changes)

    refuse_unprintable(article, revision.content, plan.live_from or clock.instant())
    refuse_taken_out(article, revision.content, *plan.said_to_readers())
    return _open_edition(article, revision, plan, words)


def open_again(article, source, plan, **changes):
    """Open a new edition with the words of an earlier one: a reinstatement, a note, redrawn legal notes."""

    def words(edition, extra):
        # The register may have changed while nobody could read it.
        notes = freezing.legal_notes(source.text.body, edition)
        return freezing.words_again(source.text, edition, {"legal_notes": notes} | extra | changes)

    if plan.kind == Kind.REINSTATEMENT:
        refuse_unprintable(article, source.revision.content, clock.instant())
    if plan.said_to_readers():
        refuse_taken_out(article, source.revision.content, *plan.said_to_readers())
    return _open_edition(article, source.revision, plan, words)


def open_tombstone(article, notice, *, by, why=""):
    """Put a tombstone with a Notice to readers in the place of the edition in force. Returns it."""
    current = article.editions.in_force().select_related("text", "revision").get()
    plan = Plan(Kind.WITHDRAWAL, by, why=why, notice=notice)

    def words(edition, extra):
        return EditionText(
            edition=edition, headline=current.text.headline if notice.show_headline else "", standfirst="", body="",
            plain="", label="", data={"reason": notice.reason, "reader_text": notice.reader_text},
        )  # fmt: skip

    return _open_edition(article, current.revision, plan, words)


def open_imported(article, revision, *, live_from, by=None):
    """The first edition of a story that another system published (or will, if the moment is ahead)."""
    plan = Plan(Kind.FIRST, by, live_from, imported=True, why="imported")
    refuse_unprintable(article, revision.content, max(live_from, clock.instant()))
    return _open_edition(
        article, revision, plan, lambda edition, extra: freezing.words_of(article, revision, edition, extra), past=True
    )


def _open_edition(article, revision, plan, words, *, past=False):
    at = clock.instant()
    cancel_waiting(article, at, by=plan.by)
    current = article.editions.in_force(at).first()
    live_from = _live_from(plan, current, at, past)
    if current:
        # A moment later than its own start, so that what was public for an instant stays on record.
        current.live_until = live_from
        current.save(update_fields=["live_until"])
    edition = edition_to_open(article, revision, plan, current, live_from)
    addresses.claim_path(article, edition.path)
    edition.save(force_insert=True)
    notes = list(article.corrections.all())
    if plan.correction:
        notes.append(Correction(article=article, edition=edition, at=live_from, **plan.correction))
    carried = {
        "corrections": freezing.notes_as_data(notes),
        "withdrawn_spans": current.text.data.get("withdrawn_spans", []) if current else [],
    }
    text = words(edition, carried)
    text.save(force_insert=True)
    if plan.correction:
        notes[-1].save(force_insert=True)
    freezing.link_edition(edition, text)
    rendering.store_rendering(edition)
    if edition.listed:
        search.index_edition(edition)
    unlist_ended(article, at)
    _note_instants(edition, at)
    Pulse.objects.beat()
    return edition


def _live_from(plan, current, at, past):
    if plan.live_from is None or (past and plan.live_from <= at):
        start = plan.live_from or at
        return max(start, current.live_from + TICK) if current else start
    if plan.live_from <= at:
        raise Refused("That moment has passed. Choose one ahead, or publish now.", field="at")
    return plan.live_from


def edition_to_open(article, revision, plan, current, live_from):
    """A new edition, not saved, with the dates that its kind gives it: WORKFLOW (b). `current` is the one in force."""
    content, kind = revision.content, plan.kind
    first = current.first_published_at if current else live_from
    updated = current.updated_at if current else None
    if kind == Kind.UPDATE or plan.new_text:
        updated = live_from
    kept = current and kind in (Kind.MINOR, Kind.REFRESH)
    edition = Edition(
        article=article,
        number=(article.editions.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
        kind=kind,
        revision=revision,
        section_id=content["section"],
        genre=content["genre"],
        language=content["language"],
        live_from=live_from,
        listed=kind != Kind.WITHDRAWAL,
        first_published_at=first,
        updated_at=updated,
        changed_at=current.changed_at if kept else live_from,
        by=plan.by,
        why=plan.why,
        line=plan.line,
        passed=plan.passed,
        imported=plan.imported,
        feed_id=current.feed_id if current else addresses.feed_id_of(article, first, imported=plan.imported),
        **(plan.notice.edition_fields() if plan.notice else {}),
    )
    edition.path = addresses.path_of_edition(edition, content, current)
    return edition


def cancel_waiting(article, at, *, by, because=""):
    """Cancel the edition that waits, if one does, and reopen the one before. Returns the cancelled one or None.

    Its span becomes empty, so the record that it was planned stays; the person who scheduled it is told, and
    `because` of what, if that is given.
    """
    waiting = article.editions.waiting(at).first()
    if waiting is None:
        return None
    if waiting.live_from <= at:
        raise WrongState("Its moment has come: it is public now.")
    before = article.editions.in_force(at).first()
    waiting.live_until = waiting.live_from
    waiting.save(update_fields=["live_until"])
    if before and before.live_until == waiting.live_from:
        before.live_until = None
        before.save(update_fields=["live_until"])
    _unlist(waiting)
    addresses.release_path(article, waiting.path)
    if by:
        why = f", because {because}" if because else ""
        text = (
            f"The {waiting.get_kind_display().lower()} that you had scheduled for"
            f" {paper.local(waiting.live_from):%d %b, %H:%M} is cancelled{why}. Its words are on the desk."
        )
        tell("failed check" if because else "cancelled", to=[waiting.by_id], article=article, by=by, text=text)
    return waiting


def approval_of(edition):
    """What a story that was scheduled gets back when its schedule ends: the version, and who approved it."""
    made = edition.article.transitions.filter(move="approve", revision__number__lte=edition.revision.number)
    approved = made.select_related("by").first()
    return {"approved": edition.revision, "approved_by": approved.by if approved else edition.by}


def unlist_ended(article, at):
    """Take editions whose span is over off the lists; nothing depends on when this happens."""
    for edition in article.editions.filter(listed=True, live_until__lt=at - TIDY_AFTER):
        _unlist(edition)


def _unlist(edition):
    Edition.objects.filter(pk=edition.pk).update(listed=False)
    edition.listed = False
    freezing.unlink_edition(edition)
    search.remove_edition(edition)


def _note_instants(edition, at):
    """Write down the moments ahead at which pages change by themselves, for caches to know."""
    moments = {edition.live_from} if edition.live_from > at else set()
    for use in edition.image_uses.select_related("image"):
        if use.image.rights_until and use.image.rights_until > at:
            moments.add(use.image.rights_until)
    for moment in moments:
        Instant.objects.get_or_create(at=moment)


def in_force(article):
    """The edition that counts now, a tombstone included, or None."""
    return article.editions.in_force().select_related("text", "revision").first()


def live_or_refuse(article):
    """The live edition, or a refusal."""
    edition = in_force(article)
    if edition is None or edition.is_tombstone:
        raise WrongState("Readers cannot see this story now.")
    return edition


def newest_frozen(article):
    """The newest edition with words that was or will be public: the waiting one, else the last that began."""
    waiting = article.editions.waiting().exclude(kind=Kind.WITHDRAWAL).first()
    return waiting or article.editions.begun().exclude(kind=Kind.WITHDRAWAL).order_by("-number").first()
