"""The moves of the workflow: `take` makes each of them, in one transaction, for a named person.

It locks the article, compares it with what the person was looking at, asks the tables whether this person may make
this move now, and calls the verb. A second click or a stale copy changes nothing and is refused.
"""

from django.db import transaction

from newsroom import clock
from newsroom.errors import NotAllowed, NoteNeeded, Refused, Stale, WrongState
from newsroom.models import Pulse

from .. import roles
from ..models import Article, State
from ..workflow import MOVES, OPTIONAL, REQUIRED, Move, Situation
from . import assignments, corrections, debts, gate, publish_moves, waiting, writing
from .notify import lawyers, tell, who_edits, who_waits_for
from .outcome import Outcome
from .writing import four_eyes, is_kept_from_judging, record_transition, set_state

# Publishing a draft of one's own: three moves in one transaction, offered where one person may make all three.
EXPRESS = "publish-from-draft"
EXPRESS_MOVE = Move(
    "Publish now", MOVES["submit"].starts, MOVES["publish"].situations, State.PUBLISHED, MOVES["publish"].who,
    asks=True, done="Published.",
)  # fmt: skip


def seen_token(article):
    """What a form shows of a story, as a token to hand back to `take`: version, state, situation, newest edition."""
    if "newest_number" in article.__dict__:  # the page has asked already
        number = article.newest_number or 0
    else:
        number = article.editions.order_by("-number").values_list("number", flat=True).first() or 0
    return f"{article.version}.{article.state}.{article.situation()}.{number}"


def locked(article):
    """The article's row, fresh and locked until the transaction ends."""
    return Article.objects.select_for_update(of=("self",)).select_related("section").get(pk=article.pk)


def available(article, user):
    """The moves this person may make on this story now, as (name, Move), in the table's order."""
    situation = article.situation()
    return [
        (name, move) for name, move in (*MOVES.items(), (EXPRESS, EXPRESS_MOVE))
        if _is_open(article, name, move, user, situation)
    ]  # fmt: skip


def is_available(article, name, user):
    """Whether this person may make one move on this story now; of the others nothing is asked."""
    move = EXPRESS_MOVE if name == EXPRESS else MOVES[name]
    return _is_open(article, name, move, user, article.situation())


def _is_open(article, name, move, user, situation):
    if not move.fits(article.state, situation):
        return False
    return not (_why_not_express(article, user) if name == EXPRESS else _why_not(article, name, move, user))


def _why_not_express(article, user):
    needed = ("submit", "approve", "publish")
    if not all(roles.granted(user, MOVES[name].who, article) for name in needed):
        return "You may not make all three moves."
    # Who submits is an author, so with four-eyes nobody approves what they have just submitted.
    return "Somebody else approves what you submit." if four_eyes() else ""


def _why_not(article, name, move, user):
    """Why this person may not make this move whose state and situation fit the story, or ""."""
    if not roles.granted(user, move.who, article):
        return f"Your role does not {move.label.lower()} this story."
    extra = EXTRA_RULES.get(name)
    return extra(article, user) if extra else ""


def _why_not_take_back(article, user):
    if article.submitted_by_id != user.pk:
        return "Only who submitted it takes it back."
    # An edit after approval submits, too: the saver's words wait for somebody else.
    submitted = article.transitions.filter(move__in=["submit", "edit-approved"], by=user, end=State.SUBMITTED)
    number = submitted.values_list("revision__number", flat=True).first() or 0
    if article.revisions.filter(number__gt=number).exclude(by=user).exists():
        return "Somebody else has saved it since; ask them to send it back."
    return ""


def _why_not_approve(article, user):
    if not is_kept_from_judging(article, user):
        return ""
    did = "submitted" if user.pk == article.submitted_by_id else "wrote"
    if did == "wrote" and user.pk not in roles.writers(article):
        did = "wrote, restored or rewrote"
    return f"You {did} it: somebody else approves it."


def why_not_theirs(article, user):
    """Why a person whose role approves this story, which waits for that, may not do so themselves; or ""."""
    move = MOVES["approve"]
    if not move.fits(article.state, article.situation()) or not roles.granted(user, move.who, article):
        return ""
    return _why_not_approve(article, user)


def _why_not_second_look(article, user):
    return debts.why_not_look(article, user)


def _why_not_confirm(article, user):
    drafts = article.correction_drafts.filter(closed_at=None)
    if four_eyes():
        drafts = drafts.exclude(by=user)
    return "" if drafts.exists() else "No correction waits for you to confirm."


def _why_not_hold(article, user):
    return "It is on hold already." if article.hold else ""


def _why_not_release(article, user):
    if not article.hold:
        return "It is not on hold."
    if article.hold_by_id == user.pk or roles.Role.MANAGING in roles.roles_of(user):
        return ""
    return "Who held it releases it, or the managing editor."


# What a move wants beside role, state and situation: (article, user) -> why this person may not make it, or "".
EXTRA_RULES = {
    "take-back": _why_not_take_back,
    "approve": _why_not_approve,
    "second-look": _why_not_second_look,
    "confirm-correction": _why_not_confirm,
    "hold": _why_not_hold,
    "release": _why_not_release,
}


# The moves that ask the checklist whether people may be quoted, for now or for a moment ahead.
PRINTING = frozenset({"publish", "schedule", "reschedule", "publish-now", "reinstate", "publish-anew", EXPRESS})


@transaction.atomic
def take(article, name, *, by, seen, note="", **asked):
    """Make a move for somebody and say in a sentence what came of it.

    `seen` is the token that their form carried; `note` and `asked` are what they gave with the move. What a move can
    be asked, the signature of its verb in VERBS says; the Transition keeps its plain values.
    Raises NotAllowed, WrongState, Stale, NoteNeeded, Blocked or another Refused.
    """
    if name in PRINTING:
        waiting.lock_people_of(article)
    article = locked(article)
    if name != EXPRESS and name not in MOVES:
        raise WrongState("There is no such move.")
    move = EXPRESS_MOVE if name == EXPRESS else MOVES[name]
    # Whether a person may act at all comes first: a refusal tells a stranger nothing about the story.
    if not roles.granted(by, move.who, article):
        raise NotAllowed(f"Your role does not {move.label.lower()} this story.")
    if seen != seen_token(article):
        raise Stale()
    if not move.fits(article.state, article.situation()):
        raise WrongState(f"{move.label} is not possible for a story that is {State(article.state).label.lower()}.")
    if why := _why_not_express(article, by) if name == EXPRESS else _why_not(article, name, move, by):
        raise NotAllowed(why)
    note = (note or "").strip()
    if move.note == REQUIRED and not note:
        raise NoteNeeded()
    start = article.state
    outcome = VERBS[name](article, by=by, note=note, **asked)
    debts.settle_paid(article, by=by)
    details = _plain_values(asked | outcome.details)
    record_transition(article, name, start=start, by=by, revision=article.revisions.first(), note=note, details=details)
    return outcome.message or move.done


def _plain_values(values):
    """Those that a Transition can keep as JSON and that say something."""
    return {name: value for name, value in values.items() if isinstance(value, str | int | bool | list) and value}


# Every verb below and in VERBS is called with the locked article, `by` and `note`, and with what its signature names
# of what was asked. It raises a Refused or answers with an Outcome.

# --- pitches ------------------------------------------------------------------------------------


def _accept(article, *, by, note, assignee=None, due_at=None):
    if assignee is None:
        raise Refused("Say who writes it.", field="assignee")
    assignments.refuse_other_than_writer(assignee)
    set_state(article, State.DRAFT, assignee=assignee, due_at=due_at)
    assignments.note_assignee(article, by=by)
    return Outcome(details={"assignee": assignee.username})


def _decline(article, *, by, note):
    set_state(article, State.SPIKED, spiked_from=State.PITCH)
    tell("declined", to=[article.created_by], article=article, by=by, text=note)
    return Outcome()


# --- writing and approving ----------------------------------------------------------------------


def _submit(article, *, by, note):
    _refuse_conflict(article.merge_conflict)
    set_state(article, State.SUBMITTED, submitted_by=by)
    tell("submission", to=who_edits(article.section), article=article, by=by)
    if article.legal_wanted:
        tell("legal", to=lawyers(), article=article, by=by)
    assignments.note_submitted(article, by=by)
    return Outcome()


def _refuse_conflict(conflict):
    """Refuse to pass on an update that would take a correction back without anybody knowing."""
    if conflict:
        raise Refused("A correction and the update changed the same words. Look at both first.")


def _take_back(article, *, by, note):
    set_state(article, State.DRAFT, submitted_by=None)
    return Outcome()


def _send_back(article, *, by, note):
    set_state(article, State.NEEDS_CHANGES, approved=None, approved_by=None)
    tell("sent back", to=who_waits_for(article), article=article, by=by, text=note)
    if article.situation() in (Situation.WAITING, Situation.LIVE_WAITING):
        return Outcome("Sent back with your note. The scheduled edition stays; cancel it if it should not run.")
    return Outcome()


def _approve(article, *, by, note):
    _refuse_conflict(article.merge_conflict)
    writing.keep_picture_words(article)  # they are approved with the rest
    set_state(article, State.APPROVED, approved=article.revisions.first(), approved_by=by)
    tell("approval", to=who_waits_for(article), article=article, by=by)
    return Outcome()


def _approve_unseen(article, *, by, note):
    """Approve words that nobody but their author may have read, with a reason; somebody else owes them a look."""
    if len(note) < publish_moves.OVERRIDE_LENGTH:
        raise NoteNeeded("Say at length why nobody else can read it first.")
    outcome = _approve(article, by=by, note=note)
    debts.owe(article, [debts.SECOND_LOOK], revision=article.approved, by=by)
    return outcome


def _second_look(article, *, by, note):
    debts.settle(article, [debts.SECOND_LOOK], by=by)
    return Outcome()


def _revise(article, *, by, note):
    edition = gate.newest_frozen(article)
    _restore_working_copy(article, edition.revision.content, by, "started an update")
    set_state(article, State.DRAFT, submitted_by=None, approved=None, approved_by=None, merge_conflict={})
    return Outcome()


def _drop_update(article, *, by, note):
    edition = gate.newest_frozen(article)
    _restore_working_copy(article, edition.revision.content, by, "dropped the update")
    set_state(article, State.PUBLISHED, approved=None, approved_by=None, submitted_by=None, merge_conflict={})
    return Outcome()


def _restore_working_copy(article, content, by, why):
    writing.restore(article, content)
    now = writing.content_of(article)
    if article.revisions.first().content != now:
        writing.append_revision(article, now, by=by, why=why)


# --- holds and spikes ---------------------------------------------------------------------------


def _hold(article, *, by, note):
    state, changes = article.state, {}
    because = waiting.CONDITIONS["hold"].because
    cancelled = gate.cancel_waiting(article, clock.instant(), by=by, because=because)
    if cancelled and state == State.PUBLISHED:
        state, changes = State.APPROVED, gate.approval_of(cancelled)
    set_state(article, state, hold=True, hold_by=by, hold_reason=note[:300], **changes)
    if cancelled:
        Pulse.objects.beat()
        return Outcome("On hold. The scheduled edition is cancelled; nothing live was touched.")
    return Outcome()


def _release(article, *, by, note):
    set_state(article, article.state, hold=False, hold_by=None, hold_reason="")
    return Outcome()


def _spike(article, *, by, note):
    set_state(article, State.SPIKED, spiked_from=article.state, approved=None, approved_by=None)
    tell("spiked", to=[article.assignee_id or article.created_by_id], article=article, by=by, text=note)
    return Outcome()


def _unspike(article, *, by, note):
    before = article.spiked_from or State.DRAFT
    # The approval ended with the spike.
    set_state(article, State.SUBMITTED if before == State.APPROVED else before, spiked_from="")
    return Outcome()


VERBS = {
    "accept": _accept,
    "decline": _decline,
    "submit": _submit,
    "take-back": _take_back,
    "send-back": _send_back,
    "approve": _approve,
    "approve-unseen": _approve_unseen,
    "second-look": _second_look,
    "publish": publish_moves.publish,
    "schedule": publish_moves.schedule,
    "reschedule": publish_moves.reschedule,
    "publish-now": publish_moves.publish_now,
    "cancel-schedule": publish_moves.cancel_schedule,
    "revise": _revise,
    "revise-withdrawn": _revise,
    "drop-update": _drop_update,
    "correct": corrections.correct,
    "confirm-correction": corrections.confirm,
    "editors-note": corrections.editors_note,
    "withdraw": publish_moves.withdraw,
    "reinstate": publish_moves.reinstate,
    "publish-anew": publish_moves.publish_anew,
    "hold": _hold,
    "release": _release,
    "spike": _spike,
    "unspike": _unspike,
}


def _express(article, *, by, note, **asked_of_publish):
    """Submit, approve and publish a draft, each on record."""
    for name in ("submit", "approve"):
        start = article.state
        VERBS[name](article, by=by, note="")
        record_transition(article, name, start=start, by=by, revision=article.revisions.first())
    return publish_moves.publish(article, by=by, note=note, **asked_of_publish)


VERBS[EXPRESS] = _express

assert set(VERBS) == set(MOVES) | {EXPRESS}
assert all(move.note in ("", REQUIRED, OPTIONAL) for move in MOVES.values())


@transaction.atomic
def look_at_both(article, *, by, seen_version):
    """Say that a person has looked at both sides where a correction met a half-written update."""
    article = locked(article)
    if not writing.may_edit(article, by):
        raise NotAllowed("You may not change this story as it stands.")
    if article.version != seen_version:
        raise Stale()
    set_state(article, article.state, merge_conflict={})
    record_transition(article, "looked-at-both", start=article.state, by=by, revision=article.revisions.first())
