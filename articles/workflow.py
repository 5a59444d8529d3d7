"""The newsroom's moves: who may take a story from which state to which, in which situation. WORKFLOW's table (a)."""

from dataclasses import dataclass, field

from django.db.models import TextChoices

from .roles import people


class State(TextChoices):
    """Where a story stands on the desk."""

    PITCH = "pitch", "Pitch"
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    NEEDS_CHANGES = "needs_changes", "Needs changes"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    SPIKED = "spiked", "Spiked"


class Situation(TextChoices):
    """What readers see of it; derived from editions, never stored."""

    NONE = "none", "Never public"
    WAITING = "waiting", "Scheduled"
    LIVE = "live", "Live"
    LIVE_WAITING = "live_waiting", "Live, update scheduled"
    WITHDRAWN = "withdrawn", "Withdrawn"


PITCH, DRAFT, SUBMITTED, NEEDS_CHANGES, APPROVED, PUBLISHED, SPIKED = State
NONE, WAITING, LIVE, LIVE_WAITING, WITHDRAWN = Situation

EVERY_STATE = frozenset(State)
UNSPIKED = EVERY_STATE - {SPIKED}
EVERY_SITUATION = frozenset(Situation)
ON_SITE = frozenset({LIVE, LIVE_WAITING})
LOCKED = frozenset({PUBLISHED, SPIKED})

SIGNOFF_CHOICES = [("copy", "Copy"), ("facts", "Facts"), ("legal", "Legal"), ("pictures", "Pictures")]

REQUIRED, OPTIONAL = "required", "optional"


@dataclass(frozen=True)
class Move:
    """One row of the table. `ends` None leaves the state as it is; `asks` says that it wants more than a click."""

    label: str
    starts: frozenset
    situations: frozenset
    ends: State | None
    who: dict = field(repr=False)
    note: str = ""
    asks: bool = False
    danger: bool = False
    done: str = ""  # what the desk is told afterwards

    def fits(self, state, situation):
        """Whether the move exists for a story that stands so."""
        return state in self.starts and situation in self.situations


def move(label, starts, situations, ends, who, **more):
    starts = frozenset([starts] if isinstance(starts, State) else starts)
    situations = frozenset([situations] if isinstance(situations, Situation) else situations)
    more["asks"] = more.get("asks", False) or bool(more.get("note"))
    return Move(label, starts, situations, ends, who, **more)


IN_WORK = frozenset({DRAFT, SUBMITTED, NEEDS_CHANGES, APPROVED})

MOVES = {
    "accept": move("Commission", PITCH, NONE, DRAFT, people("E sec, D, M"), asks=True, done="Commissioned."),
    "decline": move(
        "Decline", PITCH, NONE, SPIKED, people("E sec, D, M"), note=REQUIRED, danger=True, done="Declined."
    ),
    "submit": move(
        "Submit", {DRAFT, NEEDS_CHANGES}, EVERY_SITUATION, SUBMITTED, people("R own, C, E sec, D, M"),
        done="Submitted: it waits for an editor.",
    ),
    "take-back": move(
        "Take back", SUBMITTED, EVERY_SITUATION, DRAFT, people("R, C, E, D, M"), done="Taken back: it is a draft again."
    ),
    "send-back": move(
        "Send back", {SUBMITTED, APPROVED}, EVERY_SITUATION, NEEDS_CHANGES,
        people("E sec, D, M, C, L", C={SUBMITTED}, L={SUBMITTED}), note=REQUIRED, done="Sent back with your note.",
    ),
    "approve": move("Approve", SUBMITTED, EVERY_SITUATION, APPROVED, people("E sec, D, M"), done="Approved."),
    "publish": move(
        "Publish", APPROVED, {NONE, WAITING, LIVE, LIVE_WAITING}, PUBLISHED, people("E sec, D, M"), asks=True,
        done="Published.",
    ),
    "schedule": move(
        "Schedule", APPROVED, {NONE, WAITING, LIVE, LIVE_WAITING}, PUBLISHED, people("E sec, D, M"), asks=True,
        done="Scheduled.",
    ),
    "reschedule": move(
        "Reschedule", PUBLISHED, {WAITING, LIVE_WAITING}, PUBLISHED, people("E sec, D, M"), asks=True,
        done="Rescheduled.",
    ),
    "publish-now": move(
        "Publish now", PUBLISHED, {WAITING, LIVE_WAITING}, PUBLISHED, people("E sec, D, M"), asks=True,
        done="Published.",
    ),
    "cancel-schedule": move(
        "Cancel schedule", UNSPIKED, {WAITING, LIVE_WAITING}, None, people("E sec, D, M"), note=OPTIONAL,
        done="The schedule is cancelled.",
    ),
    "revise": move(
        "Start an update", PUBLISHED, {WAITING, LIVE, LIVE_WAITING}, DRAFT, people("R own, C, P, E sec, D, M"),
        done="You are working on an update; readers still see the published text.",
    ),
    "revise-withdrawn": move(
        "Revise", PUBLISHED, WITHDRAWN, DRAFT, people("E sec, M"), done="You are working on a new text."
    ),
    "drop-update": move(
        "Drop the update", IN_WORK, {WAITING, LIVE, LIVE_WAITING, WITHDRAWN}, PUBLISHED,
        people("R own, E sec, D, M", R={DRAFT, NEEDS_CHANGES}), asks=True, danger=True,
        done="The update is dropped; the working copy is the newest frozen text again.",
    ),
    "correct": move(
        "Correct", EVERY_STATE, ON_SITE, None, people("R own, C, E sec, D, L, M"), asks=True,
        done="The correction is drafted; another editor confirms it.",
    ),
    "confirm-correction": move(
        "Confirm correction", EVERY_STATE, ON_SITE, None, people("E sec, D, M"), asks=True,
        done="The correction is published.",
    ),
    "editors-note": move(
        "Editor's note", EVERY_STATE, ON_SITE, None, people("M"), asks=True, done="The note is published."
    ),
    "withdraw": move(
        "Withdraw", UNSPIKED, ON_SITE, PUBLISHED, people("D, M"), note=REQUIRED, danger=True,
        done="Withdrawn: readers get a notice in its place.",
    ),
    "reinstate": move(
        "Reinstate", PUBLISHED, WITHDRAWN, PUBLISHED, people("M"), note=REQUIRED, done="Reinstated."
    ),
    "publish-anew": move(
        "Publish anew", APPROVED, WITHDRAWN, PUBLISHED, people("M"), note=REQUIRED, done="Published anew."
    ),
    "hold": move(
        "Hold", UNSPIKED, EVERY_SITUATION, None, people("E sec, D, L, M"), note=REQUIRED, done="On hold."
    ),
    "release": move(
        "Release hold", UNSPIKED, EVERY_SITUATION, None, people("E, D, L, M"), note=OPTIONAL, done="Hold released."
    ),
    "spike": move(
        "Spike", {PITCH, DRAFT, SUBMITTED, NEEDS_CHANGES, APPROVED}, NONE, SPIKED,
        people("R own, E sec, D, M", R={PITCH, DRAFT}), note=REQUIRED, danger=True, done="Spiked.",
    ),
    "unspike": move("Unspike", SPIKED, NONE, None, people("E sec, D, M"), done="Back where it was."),
}  # fmt: skip

# Withdrawal: reason class, what people read, the HTTP status of the tombstone, and whether a duty editor may.
WITHDRAWAL_REASONS = {
    "legal_order": ("Legal order", 451, True),
    "legal_complaint": ("Legal complaint", 410, True),
    "retracted": ("Retracted", 410, False),
    "safety": ("Safety or privacy", 410, True),
    "rights": ("Rights expired", 410, False),
    "pending_review": ("Pending review", 410, True),
    "in_error": ("Published in error", 410, True),
}
LEGAL_REASONS = frozenset({"legal_order", "legal_complaint"})


def phrase(state, situation, at=""):
    """The one phrase people read for state and situation; `at` is the printed moment of a waiting edition."""
    state, situation = State(state), Situation(situation)
    if situation == WITHDRAWN:
        return "Withdrawn" if state == PUBLISHED else f"Withdrawn · new text: {state.label.lower()}"
    scheduled = f"{at}".strip()
    if state == PUBLISHED:
        return {
            WAITING: f"Scheduled {scheduled}".strip(),
            LIVE: "Live",
            LIVE_WAITING: f"Live · update {scheduled}".strip(),
        }.get(situation, state.label)
    if situation == NONE:
        return state.label
    work = f"update {_IN_WORDS[state]}"
    if situation == WAITING:
        return f"Scheduled {scheduled} · {work}"
    return f"Live · {work}" if situation == LIVE else f"Live · update {scheduled} · {work}"


_IN_WORDS = {
    PITCH: "pitched", DRAFT: "in draft", SUBMITTED: "submitted", NEEDS_CHANGES: "needs changes",
    APPROVED: "approved", SPIKED: "spiked", PUBLISHED: "",
}  # fmt: skip
