"""The newsroom's moves: who may take a story from which state to which, in which situation. WORKFLOW's table (a)."""

from dataclasses import dataclass, field

from django.db.models import TextChoices

from .roles import CAPABILITIES, Role, grants, roles_of


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
    done: str = ""  # the sentence for the person who made it

    def fits(self, state, situation):
        """Whether a story in this state and situation can make the move, whoever asks."""
        return state in self.starts and situation in self.situations


def move(label, starts, situations, ends, who, **more):
    """A Move from one state or situation, or a set of them. A move that takes a note always asks."""
    starts = frozenset([starts] if isinstance(starts, State) else starts)
    situations = frozenset([situations] if isinstance(situations, Situation) else situations)
    more["asks"] = more.get("asks", False) or bool(more.get("note"))
    return Move(label, starts, situations, ends, who, **more)


IN_WORK = frozenset({DRAFT, SUBMITTED, NEEDS_CHANGES, APPROVED})

MOVES = {
    "accept": move("Commission", PITCH, NONE, DRAFT, grants("E sec, D, M"), asks=True, done="Commissioned."),
    "decline": move(
        "Decline", PITCH, NONE, SPIKED, grants("E sec, D, M"), note=REQUIRED, danger=True, done="Declined."
    ),
    "submit": move(
        "Submit", {DRAFT, NEEDS_CHANGES}, EVERY_SITUATION, SUBMITTED, grants("R own, C, E sec, D, M"),
        done="Submitted: it waits for an editor.",
    ),
    "take-back": move(
        "Take back", SUBMITTED, EVERY_SITUATION, DRAFT, grants("R, C, E, D, M"), done="Taken back: it is a draft again."
    ),
    "send-back": move(
        "Send back", {SUBMITTED, APPROVED}, EVERY_SITUATION, NEEDS_CHANGES,
        grants("E sec, D, M, C, L", C={SUBMITTED}, L={SUBMITTED}), note=REQUIRED, done="Sent back with your note.",
    ),
    "approve": move("Approve", SUBMITTED, EVERY_SITUATION, APPROVED, CAPABILITIES["approve"], done="Approved."),
    "approve-unseen": move(
        "Approve unseen", SUBMITTED, EVERY_SITUATION, APPROVED, CAPABILITIES["approve unseen"], note=REQUIRED,
        done="Approved unseen: a second look is owed within the hour.",
    ),
    "second-look": move(
        "Second look", EVERY_STATE, EVERY_SITUATION, None, grants("E sec, D, M, L"), note=OPTIONAL,
        done="Noted: you have given it the second look.",
    ),
    "publish": move(
        "Publish", APPROVED, {NONE, WAITING, LIVE, LIVE_WAITING}, PUBLISHED, CAPABILITIES["publish"], asks=True,
        done="Published.",
    ),
    "schedule": move(
        "Schedule", APPROVED, {NONE, WAITING, LIVE, LIVE_WAITING}, PUBLISHED, CAPABILITIES["publish"], asks=True,
        done="Scheduled.",
    ),
    "reschedule": move(
        "Reschedule", PUBLISHED, {WAITING, LIVE_WAITING}, PUBLISHED, CAPABILITIES["publish"], asks=True,
        done="Rescheduled.",
    ),
    "publish-now": move(
        "Publish now", PUBLISHED, {WAITING, LIVE_WAITING}, PUBLISHED, CAPABILITIES["publish"], asks=True,
        done="Published.",
    ),
    "cancel-schedule": move(
        "Cancel schedule", UNSPIKED, {WAITING, LIVE_WAITING}, None, CAPABILITIES["publish"], note=OPTIONAL,
        done="The schedule is cancelled.",
    ),
    "revise": move(
        "Start an update", PUBLISHED, {WAITING, LIVE, LIVE_WAITING}, DRAFT, grants("R own, C, P, E sec, D, M"),
        done="You are working on an update; readers still see the published text.",
    ),
    "revise-withdrawn": move(
        "Revise", PUBLISHED, WITHDRAWN, DRAFT, grants("E sec, M"), done="You are working on a new text."
    ),
    "drop-update": move(
        "Drop the update", IN_WORK, {WAITING, LIVE, LIVE_WAITING, WITHDRAWN}, PUBLISHED,
        grants("R own, E sec, D, M", R={DRAFT, NEEDS_CHANGES}), asks=True, danger=True,
        done="The update is dropped; the working copy is the newest frozen text again.",
    ),
    "correct": move(
        "Correct", EVERY_STATE, ON_SITE, None, CAPABILITIES["draft a correction"], asks=True,
        done="The correction is drafted; another editor confirms it.",
    ),
    "confirm-correction": move(
        "Confirm correction", EVERY_STATE, ON_SITE, None, CAPABILITIES["confirm a correction"], asks=True,
        done="The correction is published.",
    ),
    "editors-note": move(
        "Editor's note", EVERY_STATE, ON_SITE, None, grants("M"), asks=True, done="The note is published."
    ),
    "withdraw": move(
        "Withdraw", UNSPIKED, ON_SITE, PUBLISHED, grants("D, M"), note=REQUIRED, danger=True,
        done="Withdrawn: readers get a notice in its place.",
    ),
    "reinstate": move(
        "Reinstate", PUBLISHED, WITHDRAWN, PUBLISHED, grants("M"), note=REQUIRED, done="Reinstated."
    ),
    "publish-anew": move(
        "Publish anew", APPROVED, WITHDRAWN, PUBLISHED, grants("M"), note=REQUIRED, done="Published anew."
    ),
    "hold": move(
        "Hold", UNSPIKED, EVERY_SITUATION, None, grants("E sec, D, L, M"), note=REQUIRED, done="On hold."
    ),
    "release": move(
        "Release hold", UNSPIKED, EVERY_SITUATION, None, grants("E, D, L, M"), note=OPTIONAL, done="Hold released."
    ),
    "spike": move(
        "Spike", {PITCH, DRAFT, SUBMITTED, NEEDS_CHANGES, APPROVED}, NONE, SPIKED,
        grants("R own, E sec, D, M", R={PITCH, DRAFT}), note=REQUIRED, danger=True, done="Spiked.",
    ),
    "unspike": move("Unspike", SPIKED, NONE, None, grants("E sec, D, M"), done="Back where it was."),
}  # fmt: skip


@dataclass(frozen=True)
class WithdrawalReason:
    """A class of reasons for a withdrawal: what people read, and how the address answers."""

    label: str
    status: int  # of HTTP, for the tombstone
    duty_may: bool  # whether a duty editor may withdraw for it, or the managing editor alone
    legal: bool = False  # a story withdrawn for it comes back only with a legal sign-off
    always_public: bool = False  # readers find the withdrawal in the history and on /corrections/ in any case
    leads_elsewhere: bool = False  # the address may lead to another story
    hides_earlier_words: bool = False  # what was public before it is never compared again, whatever comes back


WITHDRAWAL_REASONS = {
    "legal_order": WithdrawalReason("Legal order", 451, duty_may=True, legal=True, hides_earlier_words=True),
    "legal_complaint": WithdrawalReason("Legal complaint", 410, duty_may=True, legal=True, hides_earlier_words=True),
    "retracted": WithdrawalReason("Retracted", 410, duty_may=False, always_public=True),
    "safety": WithdrawalReason("Safety or privacy", 410, duty_may=True, hides_earlier_words=True),
    "rights": WithdrawalReason("Rights expired", 410, duty_may=False),
    "pending_review": WithdrawalReason("Pending review", 410, duty_may=True),
    "in_error": WithdrawalReason("Published in error", 410, duty_may=True, leads_elsewhere=True),
}


# Of a tombstone whose class is no longer in the table.
UNKNOWN_REASON = WithdrawalReason("", 410, duty_may=False, hides_earlier_words=True)


def may_withdraw_for(user, reason):
    """Whether a person who may withdraw stories may do it for this WithdrawalReason."""
    return reason.duty_may or user.is_superuser or Role.MANAGING in roles_of(user)


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
