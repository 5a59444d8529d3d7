"""Conditions of the gate that a form changes and no version holds: a legal sign-off wanted, an embargo.

A hold is a move. These are columns of the story, so each change of them leaves a Transition of its own, with who and
why; the newest says how they stood before.
"""

import datetime as dt

from django.utils.dateparse import parse_datetime

from newsroom import paper
from newsroom.errors import NoteNeeded, short_enough

from .states import record_transition

MOVE = "conditions"
MINUTE = dt.timedelta(minutes=1)
UNSET = {"legal_wanted": False, "embargo_until": None, "embargo_terms": ""}


def record_conditions(article, *, by, why=""):
    """Write down what of a story's conditions has changed since they were last written down, if anything has.

    Whoever lifts one, wholly or in part, says why: else NoteNeeded.
    """
    newest = article.transitions.filter(move=MOVE).values_list("details", flat=True).first()
    before = UNSET | (newest or {})
    until = article.embargo_until
    now = {
        "legal_wanted": article.legal_wanted,
        "embargo_until": until and until.isoformat(),
        "embargo_terms": article.embargo_terms,
    }
    if now == before:
        return
    why = short_enough((why or "").strip(), 300, "why_lifted")
    if by is not None and not why and _lifts(before, now):
        raise NoteNeeded("Say why it is lifted: who agreed, or what has changed.", field="why_lifted")
    said = ". ".join(_said_of(before, now))
    record_transition(
        article, MOVE, start=article.state, by=by, revision=article.revisions.first(),
        note=f"{said}. {why}".strip(), details=now,
    )  # fmt: skip


def _lifts(before, now):
    ended, until = (parse_datetime(state["embargo_until"] or "") for state in (before, now))
    # A form shows no seconds, so a moment that somebody leaves alone may come back without its own.
    earlier = ended and (until is None or ended - until >= MINUTE)
    return before["legal_wanted"] and not now["legal_wanted"] or earlier


def _said_of(before, now):
    """What has changed, a sentence each."""
    if before["legal_wanted"] != now["legal_wanted"]:
        yield "A legal sign-off is wanted" if now["legal_wanted"] else "A legal sign-off is no longer wanted"
    if before["embargo_until"] != now["embargo_until"]:
        was, until = (_printed(state["embargo_until"]) for state in (before, now))
        yield (
            f"The embargo ends {until}, not {was}"
            if was and until
            else (f"Under embargo until {until}" if until else f"The embargo until {was} is lifted")
        )
    if before["embargo_terms"] != now["embargo_terms"]:
        yield f"Its terms: {now['embargo_terms']}" if now["embargo_terms"] else "Its terms are emptied"


def _printed(moment):
    return f"{paper.local(parse_datetime(moment)):%d %b %Y, %H:%M}" if moment else ""
