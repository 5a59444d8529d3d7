"""The moves that open, plan, replace or end an edition: WORKFLOW's publish, schedule, withdraw and their kin."""

import datetime as dt
import re

from newsroom import clock, paper
from newsroom.errors import Blocked, NotAllowed, NoteNeeded, Refused, WrongState, short_enough
from newsroom.models import Pulse

from .. import roles
from ..body import plain
from ..models import Kind, State
from ..workflow import LEGAL_REASONS, WITHDRAWAL_REASONS
from . import checklist, gate
from .checklist import ERROR, WARNING
from .gate import Plan
from .writing import set_state

MINOR_WORDS = 20  # a minor edit that changes more words than this wants a reason
WAIVER_LENGTH, OVERRIDE_LENGTH = 3, 15
FARTHEST = dt.timedelta(days=3653)  # a later moment is a slip of the hand


def beat():
    """Say that readers' pages changed where no edition was opened."""
    Pulse.objects.beat()


def publish(article, by, note, data):
    """Give readers the approved revision from this instant on."""
    _open_approved(article, by, note, data, at=None)


def schedule(article, by, note, data):
    """Write the approved revision as an edition that begins at a moment ahead."""
    at = _moment_ahead(data)
    _open_approved(article, by, note, data, at=at)
    return f"Scheduled for {paper.local(at):%d %b %Y, %H:%M}."


def _moment_ahead(data):
    at = data.get("at")
    if at is None:
        raise Refused("Say when.", field="at")
    if at <= clock.instant():
        raise Refused("That moment has passed. Choose one ahead, or publish now.", field="at")
    if at > clock.instant() + FARTHEST:
        raise Refused("That is more than ten years ahead. Look at the year.", field="at")
    return at


def _open_approved(article, by, note, data, *, at):
    revision = article.approved
    if revision is None:
        raise WrongState("Nobody has approved a version of it.")
    live = gate.in_force(article)
    kind = Kind.FIRST if live is None else _update_kind(data)
    findings = findings_for(article, revision.content, kind=kind, live=live, at=at)
    why = check(findings, article, by, data)
    gate.open_frozen(article, revision, Plan(kind, by, at, why="\n".join(filter(None, [note, why])), line=_line(data)))
    set_state(article, State.PUBLISHED, approved=None, approved_by=None)


def _line(data):
    """The reader's line in the history."""
    return short_enough(data.get("line"), 300, "line")


def _update_kind(data):
    kind = data.get("kind") or Kind.UPDATE
    if kind not in (Kind.UPDATE, Kind.MINOR):
        raise Refused("Say whether it is an update or a minor edit.", field="kind")
    return kind


def findings_for(article, content, *, kind="", live=None, at=None):
    """The checklist for a publication, with what only its kind can tell."""
    findings = checklist.run(article, content, at=at or clock.instant())
    if kind == Kind.MINOR and live and _substantive(live.text, content):
        message = "It changes much for a minor edit, of which readers are not told."
        findings.append(checklist.warning("substantive", message, "kind"))
    return findings


def _substantive(text, content):
    if text.headline != content["headline"] or text.standfirst != content["standfirst"]:
        return True
    old, new = (re.findall(r"\w+", plain.plain_text_of(body)) for body in (text.body, content["body"]))
    digits = [{word for word in words if word.isdigit()} for words in (old, new)]
    changed = len(set(old) ^ set(new)) + abs(len(old) - len(new))
    return digits[0] != digits[1] or changed > MINOR_WORDS


def check(findings, article, by, data):
    """Let a story through the gate, or raise Blocked with what stops it. Returns what was waived, for the record.

    `data` may waive warnings by code ("*": all) with waive_note, and errors with override_note.
    """
    errors = [f for f in findings if f.level == ERROR]
    if final := [f for f in errors if not f.overridable]:
        raise Blocked(final)
    record = []
    if errors:
        override = (data.get("override_note") or "").strip()
        if not override:
            raise Blocked(errors)
        if not roles.may(by, "publish past an error", article):
            raise NotAllowed("Only the managing editor publishes past an error.")
        if len(override) < OVERRIDE_LENGTH:
            raise NoteNeeded("Say at length why it runs in spite of the errors.", field="override_note")
        record.append(f"Past errors ({', '.join(f.code for f in errors)}): {override}")
    warnings = [f for f in findings if f.level == WARNING]
    waived = set(data.get("waive") or [])
    left = [f for f in warnings if f.code not in waived and "*" not in waived]
    if left:
        raise Blocked(left, "Waive each warning, or mend it: " + " ".join(f.message for f in left))
    if warnings:
        if not roles.may(by, "waive a warning", article):
            raise NotAllowed("Your role does not waive warnings on this story.")
        reason = (data.get("waive_note") or "").strip()
        if len(reason) < WAIVER_LENGTH:
            raise NoteNeeded("Say why the warnings do not matter here.", field="waive_note")
        record.append(f"Waived ({', '.join(dict.fromkeys(f.code for f in warnings))}): {reason}")
    return "\n".join(record)


def _waiting_or_refuse(article):
    waiting = article.editions.waiting().select_related("revision").first()
    if waiting is None:
        raise WrongState("Nothing is scheduled.")
    return waiting


def reschedule(article, by, note, data, at="asked"):
    """Move what waits to another moment: the same revision, frozen again."""
    at = _moment_ahead(data) if at == "asked" else at
    waiting = _waiting_or_refuse(article)
    final = [
        f for f in checklist.run(article, waiting.revision.content, at=at or clock.instant())
        if f.level == ERROR and not f.overridable
    ]  # fmt: skip
    if final:
        raise Blocked(final)
    gate.open_frozen(article, waiting.revision, Plan(waiting.kind, by, at, why=waiting.why, line=waiting.line))
    if at:
        return f"Rescheduled for {paper.local(at):%d %b %Y, %H:%M}."


def publish_now(article, by, note, data):
    """Give readers what waits, from this instant on."""
    reschedule(article, by, note, data, at=None)


def cancel_schedule(article, by, note, data):
    """Cancel what waits; readers keep what they have."""
    waiting = gate.cancel_waiting(article, clock.instant(), by=by)
    if waiting is None:
        raise WrongState("Nothing is scheduled.")
    if article.state == State.PUBLISHED:
        set_state(article, State.APPROVED, **gate.approval_of(waiting))
    beat()


def withdraw(article, by, note, data):
    """Put a tombstone in a live story's place: date, reason class and contact, and the headline if chosen."""
    reason = data.get("reason")
    if reason not in WITHDRAWAL_REASONS:
        raise Refused("Choose the reason class.", field="reason")
    label, _, duty_may = WITHDRAWAL_REASONS[reason]
    if not duty_may and not by.is_superuser and roles.Role.MANAGING not in roles.of(by):
        raise NotAllowed(f"“{label}” is for the managing editor to decide.")
    reader_text = (data.get("reader_text") or "").strip()
    if not reader_text:
        raise Refused("Say in a sentence what readers are told.", field="reader_text")
    replacement = data.get("replacement")
    if replacement is not None and reason != "in_error":
        raise Refused("Only a story published in error leads to another.", field="replacement")
    if replacement is not None and (replacement.pk == article.pk or not replacement.editions.live().exists()):
        raise Refused("The replacement has to be another story that readers can see.", field="replacement")
    live = gate.live_or_refuse(article)
    gate.open_tombstone(
        article,
        Plan(
            Kind.WITHDRAWAL, by, why=note,
            edition_fields={
                "reason": reason,
                "show_headline": bool(data.get("show_headline")),
                "list_publicly": reason == "retracted" or bool(data.get("list_publicly")),
                "replacement": replacement,
            },
        ),
        headline=live.text.headline if data.get("show_headline") else "",
        reader_text=reader_text,
    )  # fmt: skip
    if replacement is not None:
        data["replacement"] = replacement.pk
    set_state(article, State.PUBLISHED, approved=None, approved_by=None)


def reinstate(article, by, note, data):
    """Bring a withdrawn story back with its last words."""
    if article.hold:
        raise Blocked(list(checklist.on_hold(article)))
    tombstone = _tombstone_or_refuse(article)
    source = (
        article.editions.begun().exclude(kind=Kind.WITHDRAWAL).filter(sealed_at=None)
        .select_related("text", "revision").order_by("-number").first()
    )  # fmt: skip
    gate.open_again(
        article, source, Plan(Kind.REINSTATEMENT, by, why=note, line=_line(data)),
        withdrawn_spans=_spans(source, tombstone),
    )  # fmt: skip


def publish_anew(article, by, note, data):
    """Bring a withdrawn story back with a new, approved text."""
    tombstone = _tombstone_or_refuse(article)
    revision = article.approved
    if revision is None:
        raise WrongState("Nobody has approved a version of it.")
    why = check(findings_for(article, revision.content), article, by, data)
    source = article.editions.begun().exclude(kind=Kind.WITHDRAWAL).select_related("text").order_by("-number").first()
    edition = gate.open_frozen(
        article, revision,
        Plan(
            Kind.REINSTATEMENT, by, why="\n".join(filter(None, [note, why])), line=_line(data),
            edition_fields={"new_text": True},
        ),
        withdrawn_spans=_spans(source, tombstone),
    )  # fmt: skip
    set_state(article, State.PUBLISHED, approved=None, approved_by=None)
    return f"Published anew at {paper.local(edition.live_from):%H:%M}."


def _tombstone_or_refuse(article):
    tombstone = gate.in_force(article)
    if tombstone is None or not tombstone.is_tombstone:
        raise WrongState("It is not withdrawn.")
    if tombstone.reason in LEGAL_REASONS:
        signed = article.signoffs.filter(kind="legal", at__gte=tombstone.live_from).exists()
        if not signed:
            raise NotAllowed("It was withdrawn for legal reasons: Legal signs it off first.")
    return tombstone


def _spans(source, tombstone):
    """When readers did not see it: what earlier editions say, and the span that ends now."""
    return [
        *source.text.data.get("withdrawn_spans", []),
        {"from": tombstone.live_from.isoformat(), "until": clock.instant().isoformat()},
    ]
