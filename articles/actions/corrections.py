"""Corrections, clarifications and editor's notes: from the live words, never from a half-written update.

A correction starts from the live edition's revision and is carried into the working copy by
merge; where both sides changed the same field the desk shows both, and nobody submits until
somebody has looked.
"""

import re

from newsroom import clock
from newsroom.errors import Blocked, NotAllowed, Refused, Stale, WrongState, short_enough

from .. import roles
from ..body import merge, plain, references
from ..models import CorrectionDraft, Image, Kind, State
from . import checklist, gate, writing
from .checklist import final_errors
from .gate import Plan
from .notify import tell, tell_of_edition, who_can_act
from .outcome import Outcome
from .people import terms
from .writing import append_revision, content_of, four_eyes, may_approve, record_transition, set_state

# What a correction may change of the live revision's content.
CORRECTABLE = (
    "headline", "short_headline", "label", "standfirst", "body", "dateline", "lead_image", "bylines", "appearances",
    "credit", "genre_facts",
)  # fmt: skip


def correct(article, *, by, note, kind="", changes=None, was="", became="", reader_text="", asked_by=""):
    """Draft a correction or clarification; where four-eyes is off and the person may, confirm it at once.

    `changes` are {field of a revision's content: value}; what may not be corrected, or is the same, is left out.
    """
    kind = kind or "correction"
    if kind not in ("correction", "clarification"):
        raise Refused("Say whether it corrects or clarifies.", field="kind")
    live = gate.live_or_refuse(article)
    reader_text = _reader_text(reader_text)
    was, became = (was or "").strip(), (became or "").strip()
    if kind == "correction" and not (was and became):
        raise Refused("A correction says what was printed and what is right.", field="became" if was else "was")
    draft = CorrectionDraft.objects.create(
        article=article, edition=live, kind=kind, changes=changes_of(live.revision.content, changes),
        was=was, became=became, reader_text=reader_text, asked_by=short_enough(asked_by, 200, "asked_by"), by=by,
    )  # fmt: skip
    if not four_eyes() and roles.may(by, "confirm a correction", article):
        return Outcome(_publish_draft(article, draft, by), {"draft": draft.pk})
    tell("correction", to=who_can_act(article.section), article=article, by=by, text=draft.reader_text)
    return Outcome(details={"draft": draft.pk})


def _reader_text(text):
    text = (text or "").strip()
    if not text:
        raise Refused("Say in a sentence what readers are told.", field="reader_text")
    return text


def changes_of(content, changes):
    """What of the changes that were asked for may be corrected and differs from the content that is live."""
    return {
        name: value for name, value in (changes or {}).items() if name in CORRECTABLE and content.get(name) != value
    }


PLACES = {
    "headline": "the headline", "short_headline": "the short headline", "label": "the label",
    "standfirst": "the standfirst", "body": "the text", "dateline": "the dateline",
}  # fmt: skip


def where_words_stand(words, content):
    """The places of a revision's content where some words stand, as people say them; capitals do not matter."""
    wanted = r"\s+".join(re.escape(word) for word in words.split())
    if not wanted:
        return []
    found = re.compile(rf"(?<!\w){wanted}(?!\w)", re.IGNORECASE)
    said = {name: content.get(name) or "" for name in PLACES}
    said["body"] = plain.plain_text_of(said["body"], language=content.get("language") or "en")
    caption = (content.get("lead_image") or {}).get("caption") or ""
    places = [PLACES[name] for name, text in said.items() if found.search(text)]
    return places + (["the caption of the main picture"] if found.search(caption) else [])


def confirm(article, *, by, note, draft=None, refuse=False):
    """Publish a correction that another person drafted, or refuse it; `draft` is its id, the oldest without one."""
    drafts = article.correction_drafts.filter(closed_at=None)
    row = drafts.filter(pk=draft).first() if draft else drafts.order_by("at").first()
    if row is None:
        raise WrongState("No correction waits to be confirmed.")
    if four_eyes() and row.by_id == by.pk:
        raise NotAllowed("You drafted it: somebody else confirms it.")
    if refuse:
        _close(row, "refused")
        tell("correction refused", to=[row.by_id], article=article, by=by, text=note)
        return Outcome("Refused; the drafter is told.")
    return Outcome(_publish_draft(article, row, by))


def _close(draft, outcome):
    draft.closed_at, draft.outcome = clock.instant(), outcome
    draft.save(update_fields=["closed_at", "outcome"])


def _publish_draft(article, draft, by):
    """Publish a drafted correction; returns the sentence that says so."""
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


def editors_note(article, *, by, note, reader_text="", changes=None):
    """Put the editor's note over a live story; its words may stay as they are."""
    reader_text = _reader_text(reader_text)
    live = gate.live_or_refuse(article)
    text = {"kind": "editors_note", "was": "", "became": "", "reader_text": reader_text}
    _publish_note(article, live, by, Kind.EDITORS_NOTE, changes_of(live.revision.content, changes), text, note)
    return Outcome()


def _publish_note(article, live, by, kind, changes, correction, why):
    """Open the edition that carries a note to readers, and carry the change into the working copy."""
    base = live.revision.content
    corrected = base | changes
    working = content_of(article)
    had_waiting = article.editions.waiting().exists()
    plan = Plan(kind, by, why=why, correction=correction)
    if not changes:
        tell_of_edition(gate.open_again(article, live, plan), article)
        _settle_state(article, by, had_waiting, merged=had_waiting and article.state == State.PUBLISHED)
        return
    corrected["quotes"] = _quotes_of(corrected)
    corrected["pictures"] = writing.pictures_of(corrected) | base.get("pictures", {})
    # What readers have already is put right whatever stops new words from reaching them.
    final = [f for f in final_errors(checklist.findings_of(article, corrected)) if f.code not in ("hold", "embargo")]
    if final:
        raise Blocked(final)
    revision = append_revision(article, corrected, by=by, why=kind.label)
    tell_of_edition(gate.open_frozen(article, revision, plan), article)
    _correct_library(changes)
    merged, conflicts = merge.merged_fields(base, working, corrected)
    writing.restore(article, merged)
    now = content_of(article)
    if now != corrected:
        append_revision(article, now, by=by, why=f"merged with the {kind.label.lower()}")
    if conflicts:
        set_state(article, article.state, merge_conflict=article.merge_conflict | conflicts)
    _settle_state(article, by, had_waiting, merged=now != working)


def _correct_library(changes):
    """Give a picture the credit that was corrected where it is printed, so that no later edition has the wrong one."""
    lead = changes.get("lead_image") or {}
    if "credit" in lead:
        Image.objects.filter(pk=lead["id"]).update(credit=lead["credit"])


def _quotes_of(content):
    """The quotes of a corrected body, on the terms they had."""
    had = {q["uid"]: q for q in content["quotes"]}
    found = references.references_of(content["body"], language=content["language"]).quotes
    return [terms.carried_terms(had.get(mark.uid), mark) for mark in found]


def _settle_state(article, by, had_waiting, *, merged):
    """The desk's state after a note went out: WORKFLOW (a), correct."""
    start = article.state
    newest = article.revisions.first()
    if start == State.PUBLISHED and had_waiting:
        set_state(article, State.SUBMITTED, approved=None, approved_by=None)
    elif start == State.APPROVED and (merged or article.merge_conflict):
        if may_approve(article, by) and not article.merge_conflict:
            set_state(article, State.APPROVED, approved=newest)
        else:
            set_state(article, State.SUBMITTED, approved=None, approved_by=None)
    if article.state != start:
        record_transition(article, "merged", start=start, by=by, revision=newest)
