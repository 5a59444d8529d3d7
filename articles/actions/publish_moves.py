"""The moves that open, plan, replace or end an edition: WORKFLOW's publish, schedule, withdraw and their kin."""

import datetime as dt
import re
from dataclasses import dataclass, replace

from newsroom import clock, paper
from newsroom.errors import Blocked, NotAllowed, NoteNeeded, Refused, WrongState, short_enough
from newsroom.models import Pulse

from .. import roles
from ..body import plain
from ..models import Kind, State
from ..workflow import UNKNOWN_REASON, WITHDRAWAL_REASONS, may_withdraw_for
from . import checklist, debts, gate
from .checklist import ERROR, WARNING, final_errors
from .checklist.signoffs import embargo_of, hold_of, legal_wanted_of, signoffs_that_count
from .fronts import take_off_fronts
from .gate import Notice, Plan
from .notify import tell, tell_of_edition, who_waits_for
from .outcome import Outcome
from .states import set_state
from .waiting import new_errors

MINOR_WORDS = 20  # a minor edit that changes more words than this wants a reason
WAIVER_LENGTH, OVERRIDE_LENGTH = 3, 15
FARTHEST = dt.timedelta(days=3653)  # a later moment is a slip of the hand


@dataclass(frozen=True)
class Waivers:
    """What somebody says for publishing in spite of the checklist.

    `warnings` are the keys of the findings that they waive, "*" for all of them, and `reason` says why; `past_errors`
    says why it runs in spite of the errors whose keys are `errors`; None for whichever there are.
    """

    warnings: tuple = ()
    reason: str = ""
    past_errors: str = ""
    errors: tuple | None = None

    @classmethod
    def asked(cls, waive, waive_note, override_note, past):
        """The Waivers of what a move was asked."""
        return cls(tuple(waive or ()), waive_note, override_note, None if past is None else tuple(past))


@dataclass(frozen=True)
class Passed:
    """The findings in spite of which a story runs: their keys, errors first, and what was said of them.

    `by_name`: whether each warning was waived by its key, and not all of them at once. `owed`: what a flash leaves for
    later.
    """

    errors: tuple = ()
    warnings: tuple = ()
    said: str = ""
    by_name: bool = True
    owed: tuple = ()

    def as_levels(self):
        """What the edition keeps of it."""
        levels = {ERROR: list(self.errors), WARNING: list(self.warnings), debts.OWED: list(self.owed)}
        return {level: keys for level, keys in levels.items() if keys}

    def as_details(self):
        """What the Transition keeps of it: of what was asked, that which was in the way."""
        waived = {"waive": list(self.warnings)} if self.by_name else {}
        return waived | {"past": list(self.errors), "owed": list(self.owed)}

    def said_of_owed(self):
        """The sentence for whoever ran a flash; "" where nothing is owed."""
        kinds = [debts.LABELS[kind].lower() for kind in debts.kinds_of(self.owed)]
        return f"Published. Owed within half an hour: {', '.join(kinds)}." if kinds else ""


# --- publishing what was approved ---------------------------------------------------------------


def publish(article, *, by, note, kind="", line="", waive=(), waive_note="", override_note="", past=None, flash=False):
    """Give readers the approved revision from this instant on.

    `kind` is update or minor where readers have an edition already, `line` the reader's line in the history. As a
    `flash` it runs before what readers can wait for is there: see `debts`.
    """
    waivers = Waivers.asked(waive, waive_note, override_note, past)
    revision = article.approved
    passed = _open_approved(article, by, note, kind=kind, line=line, waivers=waivers, at=None, flash=flash)
    if passed.owed:
        debts.owe(article, debts.kinds_of(passed.owed), revision=revision, by=by)
    return Outcome(passed.said_of_owed(), passed.as_details())


def schedule(article, *, by, note, at=None, kind="", line="", waive=(), waive_note="", override_note="", past=None):
    """Write the approved revision as an edition that begins at a moment ahead."""
    at = _moment_ahead(at)
    waivers = Waivers.asked(waive, waive_note, override_note, past)
    passed = _open_approved(article, by, note, kind=kind, line=line, waivers=waivers, at=at)
    return Outcome(f"Scheduled for {_printed(at)}.", passed.as_details())


def _printed(moment):
    return f"{paper.local(moment):%d %b %Y, %H:%M}"


def _moment_ahead(at):
    """The moment that was asked for, if an edition may begin then."""
    if at is None:
        raise Refused("Say when.", field="at")
    if at <= clock.instant():
        raise Refused("That moment has passed. Choose one ahead, or publish now.", field="at")
    if at > clock.instant() + FARTHEST:
        raise Refused("That is more than ten years ahead. Look at the year.", field="at")
    return at


def _open_approved(article, by, note, *, kind, line, waivers, at, flash=False):
    """Open the edition of the approved revision, at a moment ahead or, with None, at this instant. Returns Passed."""
    revision = article.approved
    if revision is None:
        raise WrongState("Nobody has approved a version of it.")
    live = gate.in_force(article)
    kind = Kind.FIRST if live is None else _update_kind(kind)
    findings = findings_for(article, revision.content, kind=kind, live=live, at=at)
    owed = debts.owed_of_flash(revision.content, findings) if flash else []
    passed = pass_checklist(article, [f for f in findings if f not in owed], waivers, by=by)
    passed = replace(passed, owed=tuple(f.key for f in owed))
    why = "\n".join(filter(None, [note, passed.said, "Flash." if flash else ""]))
    edition = gate.open_frozen(
        article, revision, Plan(kind, by, at, why=why, line=_readers_line(line), passed=passed.as_levels())
    )
    _tell_of(edition, article, by)
    set_state(article, State.PUBLISHED, approved=None, approved_by=None)
    return passed


def _readers_line(line):
    return short_enough(line, 300, "line")


def _update_kind(kind):
    kind = kind or Kind.UPDATE
    if kind not in (Kind.UPDATE, Kind.MINOR):
        raise Refused("Say whether it is an update or a minor edit.", field="kind")
    return kind


# --- what the checklist says about it -----------------------------------------------------------


def findings_for(article, content, *, kind="", live=None, at=None):
    """The checklist for a publication, with what only its kind can tell."""
    findings = checklist.findings_of(article, content, at=at or clock.instant())
    if kind == Kind.MINOR and live and _changes_much(live.text, content):
        message = "It changes much for a minor edit, of which readers are not told."
        findings.append(checklist.warning("substantive", message, "kind"))
    return findings


def _changes_much(text, content):
    """Whether a content differs from an edition's words by more than readers may be left untold of."""
    if text.headline != content["headline"] or text.standfirst != content["standfirst"]:
        return True
    old, new = (re.findall(r"\w+", plain.plain_text_of(body)) for body in (text.body, content["body"]))
    digits = [{word for word in words if word.isdigit()} for words in (old, new)]
    changed = len(set(old) ^ set(new)) + abs(len(old) - len(new))
    return digits[0] != digits[1] or changed > MINOR_WORDS


def pass_checklist(article, findings, waivers, *, by):
    """Let a story through in spite of what was found, or raise Blocked with what stops it. Returns Passed."""
    errors = [f for f in findings if f.level == ERROR]
    if final := final_errors(errors):
        raise Blocked(final)
    record = []
    if errors:
        override = (waivers.past_errors or "").strip()
        unseen = [] if waivers.errors is None else [f for f in errors if f.key not in waivers.errors]
        if not override or unseen:
            raise Blocked(unseen or errors)
        if not roles.may(by, "publish past an error", article):
            raise NotAllowed("Only the managing editor publishes past an error.")
        if len(override) < OVERRIDE_LENGTH:
            raise NoteNeeded("Say at length why it runs in spite of the errors.", field="override_note")
        record.append(f"Past errors ({', '.join(f.key for f in errors)}): {override}")
    warnings = [f for f in findings if f.level == WARNING]
    waived = set(waivers.warnings)
    left = [f for f in warnings if f.key not in waived and (f.by_hand or "*" not in waived)]
    if left:
        raise Blocked(left, "Waive each warning, or mend it: " + " ".join(f.message for f in left))
    if warnings:
        if not roles.may(by, "waive a warning", article):
            raise NotAllowed("Your role does not waive warnings on this story.")
        reason = (waivers.reason or "").strip()
        if len(reason) < WAIVER_LENGTH:
            raise NoteNeeded("Say why the warnings do not matter here.", field="waive_note")
        record.append(f"Waived ({', '.join(f.key for f in warnings)}): {reason}")
    keys = (tuple(f.key for f in found) for found in (errors, warnings))
    return Passed(*keys, said="\n".join(record), by_name="*" not in waived)


# --- what waits ---------------------------------------------------------------------------------


def reschedule(article, *, by, note, at=None):
    """Move what waits to another moment: the same revision, frozen again."""
    at = _moment_ahead(at)
    _open_waiting_again(article, by, at=at)
    return Outcome(f"Rescheduled for {_printed(at)}.")


def publish_now(article, *, by, note):
    """Give readers what waits, from this instant on."""
    _open_waiting_again(article, by, at=None)
    return Outcome()


def _open_waiting_again(article, by, *, at):
    """Open what waits at another moment, or at this instant with None."""
    waiting = article.editions.waiting().select_related("revision").first()
    if waiting is None:
        raise WrongState("Nothing is scheduled.")
    findings = checklist.findings_of(article, waiting.revision.content, at=at or clock.instant())
    if errors := new_errors(findings, waiting):
        raise Blocked(errors)
    plan = Plan(waiting.kind, by, at, why=waiting.why, line=waiting.line, passed=waiting.passed)
    _tell_of(gate.open_frozen(article, waiting.revision, plan), article, by)


def _tell_of(edition, article, by):
    """Tell those whose story it is what readers get, or are to get. What comes by the clock, the worker tells of."""
    if edition.live_from > clock.process_time():
        text = f"For {_printed(edition.live_from)}."
        tell("schedule", to=who_waits_for(article), article=article, by=by, text=text)
    elif edition.kind != Kind.MINOR:
        tell_of_edition(edition, article)


def cancel_schedule(article, *, by, note):
    """Cancel what waits; readers keep what they have."""
    waiting = gate.cancel_waiting(article, clock.instant(), by=by)
    if waiting is None:
        raise WrongState("Nothing is scheduled.")
    if article.state == State.PUBLISHED:
        set_state(article, State.APPROVED, **gate.approval_of(waiting))
    Pulse.objects.beat()
    return Outcome()


# --- withdrawing, and bringing back -------------------------------------------------------------


def withdraw(
    article, *, by, note, reason="", reader_text="", show_headline=False, list_publicly=False, replacement=None
):
    """Put a tombstone in a live story's place: date, reason class and contact, and the headline if chosen.

    `reason` is a key of WITHDRAWAL_REASONS; `replacement` the live story that stands in for one published in error.
    """
    row = WITHDRAWAL_REASONS.get(reason)
    if row is None:
        raise Refused("Choose the reason class.", field="reason")
    if not may_withdraw_for(by, row):
        raise NotAllowed(f"“{row.label}” is for the managing editor to decide.")
    reader_text = (reader_text or "").strip()
    if not reader_text:
        raise Refused("Say in a sentence what readers are told.", field="reader_text")
    if replacement is not None and not row.leads_elsewhere:
        raise Refused("Only a story published in error leads to another.", field="replacement")
    if replacement is not None and (replacement.pk == article.pk or not replacement.editions.live().exists()):
        raise Refused("The replacement has to be another story that readers can see.", field="replacement")
    gate.live_or_refuse(article)
    notice = Notice(reason, reader_text, bool(show_headline), bool(list_publicly), replacement)
    gate.open_tombstone(article, notice, by=by, why=note)
    take_off_fronts(article)
    tell("withdrawal", to=who_waits_for(article), article=article, by=by, text=note)
    set_state(article, State.PUBLISHED, approved=None, approved_by=None)
    return Outcome(details={"replacement": replacement.pk} if replacement is not None else {})


def reinstate(article, *, by, note, line="", order_forbids=False):
    """Bring a withdrawn story back with its last words.

    `order_forbids` says that the court's order lets nobody say that the story was gone.
    """
    tombstone = _tombstone_or_refuse(article)
    source = (
        article.editions.begun().exclude(kind=Kind.WITHDRAWAL).filter(sealed_at=None)
        .select_related("text", "revision").order_by("-number").first()
    )  # fmt: skip
    signed = signoffs_that_count([(None, article.pk, source.revision.content)])[None]
    stops = [*hold_of(article), *embargo_of(article, clock.instant()), *legal_wanted_of(article, signed)]
    if stops:
        raise Blocked(stops)
    _refuse_unsigned(tombstone, signed)
    edition = gate.open_again(
        article, source, Plan(Kind.REINSTATEMENT, by, why=note, line=_readers_line(line)),
        **_said_of_withdrawal(source, tombstone, order_forbids),
    )  # fmt: skip
    _tell_of(edition, article, by)
    return Outcome()


def publish_anew(
    article, *, by, note, line="", order_forbids=False, waive=(), waive_note="", override_note="", past=None
):
    """Bring a withdrawn story back with a new, approved text; `order_forbids` as for `reinstate`."""
    tombstone = _tombstone_or_refuse(article)
    revision = article.approved
    if revision is None:
        raise WrongState("Nobody has approved a version of it.")
    _refuse_unsigned(tombstone, signoffs_that_count([(None, article.pk, revision.content)])[None])
    waivers = Waivers.asked(waive, waive_note, override_note, past)
    passed = pass_checklist(article, findings_for(article, revision.content), waivers, by=by)
    source = article.editions.begun().exclude(kind=Kind.WITHDRAWAL).select_related("text").order_by("-number").first()
    plan = Plan(
        Kind.REINSTATEMENT, by, why="\n".join(filter(None, [note, passed.said])), line=_readers_line(line),
        new_text=True, passed=passed.as_levels(),
    )  # fmt: skip
    edition = gate.open_frozen(article, revision, plan, **_said_of_withdrawal(source, tombstone, order_forbids))
    _tell_of(edition, article, by)
    set_state(article, State.PUBLISHED, approved=None, approved_by=None)
    return Outcome(f"Published anew at {paper.local(edition.live_from):%H:%M}.", passed.as_details())


def _tombstone_or_refuse(article):
    tombstone = gate.in_force(article)
    if tombstone is None or not tombstone.is_tombstone:
        raise WrongState("It is not withdrawn.")
    return tombstone


def _refuse_unsigned(tombstone, signed):
    """Refuse to bring words back that Legal has not signed off since the story was withdrawn for a legal reason."""
    if WITHDRAWAL_REASONS.get(tombstone.reason, UNKNOWN_REASON).legal and "legal" not in signed:
        raise NotAllowed("It was withdrawn for legal reasons: Legal signs these words off first.")


def _said_of_withdrawal(source, tombstone, order_forbids):
    """What the story and its history say of having been gone: the spans so far and the one that ends now."""
    if order_forbids and tombstone.reason != "legal_order":
        raise Refused("Only an order forbids saying that it was withdrawn.", field="order_forbids")
    spans = source.text.data.get("withdrawn_spans", [])
    if not order_forbids:
        spans = [*spans, {"from": tombstone.live_from.isoformat(), "until": clock.instant().isoformat()}]
    return {"withdrawn_spans": spans, "withdrawal_unsaid": bool(order_forbids)}
