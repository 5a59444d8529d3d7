"""Corrections, clarifications and editor's notes: from the live words, never from a half-written update.

A correction starts from the live edition's revision and is carried into the working copy by
merge; where both sides changed the same field the desk shows both, and nobody submits until
somebody has looked.
"""

from newsroom import clock
from newsroom.errors import Blocked, NotAllowed, Refused, Stale, WrongState, short_enough

from .. import roles
from ..body import merge
from ..models import CorrectionDraft, Kind, State
from . import checklist, gate, writing
from .checklist import ERROR
from .gate import Plan
from .notify import tell, who_can_act
from .people import terms
from .writing import append_revision, content_of, four_eyes, record, set_state

# What a correction may change of the live revision's content.
CORRECTABLE = (
    "headline", "short_headline", "label", "standfirst", "body", "dateline", "lead_image", "bylines", "appearances",
    "genre_facts",
)  # fmt: skip


def correct(article, by, note, data):
    """Draft a correction or clarification; where four-eyes is off and the person may, confirm it at once."""
    kind = data.get("kind") or "correction"
    if kind not in ("correction", "clarification"):
        raise Refused("Say whether it corrects or clarifies.", field="kind")
    live = gate.live_or_refuse(article)
    draft = _draft(article, live, by, kind, data)
    if not four_eyes() and roles.may(by, "confirm a correction", article):
        return _confirm(article, draft, by)
    for editor in who_can_act(article.section, but=by):
        tell(
            editor,
            f"To confirm: {draft.get_kind_display()} of {article}",
            f"{by} drafted: {draft.reader_text}",
            article,
        )


def _draft(article, live, by, kind, data):
    changes = {
        name: value
        for name, value in (data.get("changes") or {}).items()
        if name in CORRECTABLE and live.revision.content.get(name) != value
    }
    reader_text = (data.get("reader_text") or "").strip()
    if not reader_text:
        raise Refused("Say in a sentence what readers are told.", field="reader_text")
    was, became = (data.get("was") or "").strip(), (data.get("became") or "").strip()
    if kind == "correction" and not (was and became):
        raise Refused("A correction says what was printed and what is right.", field="became" if was else "was")
    draft = CorrectionDraft.objects.create(
        article=article, edition=live, kind=kind, changes=changes, was=was, became=became, reader_text=reader_text,
        asked_by=short_enough(data.get("asked_by"), 200, "asked_by"), by=by,
    )  # fmt: skip
    data["draft"] = draft.pk
    data.pop("changes", None)
    return draft


def confirm(article, by, note, data):
    """Publish a correction that another person drafted, or refuse it."""
    drafts = article.correction_drafts.filter(closed_at=None)
    draft = drafts.filter(pk=data["draft"]).first() if data.get("draft") else drafts.order_by("at").first()
    if draft is None:
        raise WrongState("No correction waits to be confirmed.")
    if four_eyes() and draft.by_id == by.pk:
        raise NotAllowed("You drafted it: somebody else confirms it.")
    if data.get("refuse"):
        _close(draft, "refused")
        tell(draft.by, f"Not published: correction of {article}", f"{by} did not confirm it. {note}".strip(), article)
        return "Refused; the drafter is told."
    return _confirm(article, draft, by)


def _close(draft, outcome):
    draft.closed_at, draft.outcome = clock.instant(), outcome
    draft.save(update_fields=["closed_at", "outcome"])


def _confirm(article, draft, by):
    live = gate.live_or_refuse(article)
    drafted_from, now = draft.edition.revision.content, live.revision.content
    if any(drafted_from.get(name) != now.get(name) for name in draft.changes):
        raise Stale("The live text has changed since this was drafted. Refuse it and draft it again from today's text.")
    _publish_note(
        article, live, by, Kind(draft.kind), draft.changes,
        {"kind": draft.kind, "was": draft.was, "became": draft.became, "reader_text": draft.reader_text},
        f"asked by {draft.asked_by}" if draft.asked_by else "",
    )  # fmt: skip
    _close(draft, "confirmed")
    return f"{draft.get_kind_display()} published."


def editors_note(article, by, note, data):
    """Put the editor's note over a live story; its words may stay as they are."""
    reader_text = (data.get("reader_text") or "").strip()
    if not reader_text:
        raise Refused("Say in a sentence what readers are told.", field="reader_text")
    live = gate.live_or_refuse(article)
    changes = {
        name: value
        for name, value in (data.pop("changes", None) or {}).items()
        if name in CORRECTABLE and live.revision.content.get(name) != value
    }
    text = {"kind": "editors_note", "was": "", "became": "", "reader_text": reader_text}
    _publish_note(article, live, by, Kind.EDITORS_NOTE, changes, text, note)


def _publish_note(article, live, by, kind, changes, correction, why):
    """Open the edition that carries a note to readers, and carry the change into the working copy."""
    base = live.revision.content
    corrected = base | changes
    working = content_of(article)
    had_waiting = article.editions.waiting().exists()
    plan = Plan(kind, by, why=why, correction=correction)
    if not changes:
        gate.open_again(article, live, plan)
        _after(article, by, had_waiting, merged=had_waiting and article.state == State.PUBLISHED)
        return
    corrected["quotes"] = _quotes(corrected)
    final = [
        f for f in checklist.run(article, corrected) if f.level == ERROR and not f.overridable and f.code != "hold"
    ]
    final = [f for f in final if f.code not in ("embargo",)]
    if final:
        raise Blocked(final)
    revision = append_revision(article, corrected, by=by, why=kind.label)
    gate.open_frozen(article, revision, plan)
    merged, conflicts = merge.merged_fields(base, working, corrected)
    writing.restore(article, merged)
    now = content_of(article)
    if now != corrected:
        append_revision(article, now, by=by, why=f"merged with the {kind.label.lower()}")
    if conflicts:
        set_state(article, article.state, merge_conflict=article.merge_conflict | conflicts)
    _after(article, by, had_waiting, merged=now != working)


def _quotes(content):
    """The quotes of a corrected body, on the terms they had."""
    from ..body import references

    had = {q["uid"]: q for q in content["quotes"]}
    found = references.references_of(content["body"], language=content["language"]).quotes
    return [terms.carried(had.get(mark.uid), mark) for mark in found]


def _after(article, by, had_waiting, *, merged):
    """The desk's state after a note went out: WORKFLOW (a), correct."""
    start = article.state
    newest = article.revisions.first()
    if start == State.PUBLISHED and had_waiting:
        set_state(article, State.SUBMITTED, approved=None, approved_by=None)
    elif start == State.APPROVED and (merged or article.merge_conflict):
        keeps = roles.may(by, "approve", article) and not (four_eyes() and roles.is_author(article, by))
        if keeps and not article.merge_conflict:
            set_state(article, State.APPROVED, approved=newest)
        else:
            set_state(article, State.SUBMITTED, approved=None, approved_by=None)
    if article.state != start:
        record(article, "merged", start, article.state, by, newest)
