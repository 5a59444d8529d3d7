"""Ways to reach an expert, and the log of who tried: kept, tried, sealed and opened."""

import re
import unicodedata
from datetime import timedelta

import phonenumbers
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import IntegrityError, transaction

from newsroom import clock
from newsroom.paper import day_of, today

from .. import access, sealing
from ..models import AccessLog, Bar, CardChange, Channel, ContactLog, Expert, PrivateChannel, PrivateNote
from ..models.channel import KINDS, RESULTS
from . import cards

RESTRICTED = "restricted"
TIERS = [(Channel.STAFF, "Staff"), (Channel.PUBLIC, "Public"), (RESTRICTED, "Restricted")]
NUMBERS = ("mobile", "phone")
EITHER = ("signal", "whatsapp", "telegram")  # a number, or a name
OVERRIDE = 15  # characters that say why somebody is rung despite do-not-contact
SAID_WHY = 5
SECOND_CLICK = timedelta(seconds=5)
LOOKS_LIKE_NUMBER = re.compile(r"[\s+\d().\-/]{5,}")
SITES = {"x": ("x.com/", "twitter.com/"), "bluesky": ("bsky.app/profile/",)}


def normalise(kind, raw, country=""):
    """(what a number or address is matched by, "") or ("", what is wrong with it); a message never repeats it.

    A number becomes E.164, with `;ext=` where it has an extension, whatever digits it is written in; an e-mail
    address is in small letters with its domain as the network writes it. `country` (ISO 3166-1) reads numbers
    written as people at home write them.
    """
    text = "".join(c for c in unicodedata.normalize("NFC", raw or "") if unicodedata.category(c) != "Cf").strip()
    if not text:
        return "", "Write the number or address."
    if len(text) > 300:
        return "", "That is longer than any number or address: 300 characters at most."
    if any(unicodedata.category(c) == "Cc" for c in text.replace("\n", "").replace("\r", "").replace("\t", "")):
        return "", "There is an invisible control character in it. Take it out."
    if kind in NUMBERS or (kind in EITHER and LOOKS_LIKE_NUMBER.fullmatch(unicodedata.normalize("NFKC", text))):
        return _number(text, country)
    if kind == "email":
        return _email(text)
    if kind == "web":
        return _web(text)
    if kind == "postal":
        return " ".join(text.casefold().split()), ""
    return _handle(kind, text)


def _number(text, country):
    text = re.sub(r"^tel:", "", text, flags=re.IGNORECASE)
    digits = unicodedata.normalize("NFKC", text)
    if digits.startswith("00"):
        text = "+" + digits[2:]
    try:
        number = phonenumbers.parse(text, (country or "").upper() or None)
    except phonenumbers.NumberParseException as error:
        if error.error_type == error.INVALID_COUNTRY_CODE and not country:
            return "", "Begin it with + and the country's code: nothing else says which country it is in."
        return "", "This is no telephone number."
    if not phonenumbers.is_possible_number(number):
        return "", "A telephone number there has another length. Is a digit missing, or one too many?"
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return (f"{plain};ext={number.extension}" if number.extension else plain), ""


def _email(text):
    local, _, domain = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE).rpartition("@")
    try:
        domain = domain.strip(".").encode("idna").decode("ascii")
        validate_email(f"{local}@{domain}" if local.isascii() else f"x@{domain}")
    except (UnicodeError, ValidationError):
        return "", "This is no e-mail address."
    if not local or re.search(r"[\s@<>]", local):
        return "", "This is no e-mail address."
    return f"{local}@{domain}".lower(), ""


def _web(text):
    address = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return "", "This is no web address."
    start, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{start.lower()}://{host.lower()}{slash}{path}".rstrip("/"), ""


def _handle(kind, text):
    handle = re.sub(r"^https?://(www\.)?", "", text, flags=re.IGNORECASE)
    for site in SITES.get(kind, ()):
        handle = re.sub(rf"^{re.escape(site)}", "", handle, flags=re.IGNORECASE)
    handle = handle.strip("/").lstrip("@").lower()
    return (handle, "") if handle else ("", "Write the name they go by there.")


def digest_of(kind, normalized):
    """The keyed hash of a way to reach somebody: one number has one hash, as a phone, a mobile or on Signal."""
    return sealing.digest(family(kind, normalized), normalized)


def digests_of(kind, normalized):
    """The hashes it may stand under, one for each key."""
    return sealing.digests(family(kind, normalized), normalized)


def family(kind, normalized):
    """The one kind under which all ways of using a number are matched; any other kind as it is."""
    return "number" if kind in NUMBERS or (kind in EITHER and normalized.startswith("+")) else kind


def default_tier(label=""):
    """The tier that a form proposes: somebody's private number or home address is restricted."""
    return RESTRICTED if label == "home" else Channel.STAFF


def guess_kind(raw):
    """What kind of number or address somebody typed: an e-mail address, a web page, else a telephone number."""
    raw = raw.strip()
    if "@" in raw:
        return "email" if re.fullmatch(r"[^@\s]+@[^@\s]+", raw) else "x"
    return "web" if re.match(r"(https?://|www\.)", raw, re.IGNORECASE) else "phone"


# --- channels ------------------------------------------------------------------------------------


def may_add(user, expert):
    """Whether a person may give a card a channel: who keeps the book, and who made the card its first one."""
    if user is None or access.may_keep(user):
        return True
    if not access.may_make(user) or not expert.changes.filter(by=user, part="card").exists():
        return False
    return not (expert.channels.exists() or expert.private_channels.exists())


@transaction.atomic
def add_channel(expert, *, kind, raw, tier, by, record=True, **fields):
    """A new way to reach an expert, in a tier: "public", "staff" or "restricted" (a PrivateChannel).

    Raises PermissionDenied, and ValidationError beside `raw` or `kind` for what is none or is on the card already.
    `record=False` leaves `cards.changed` to the caller, who writes much at once.
    """
    if not may_add(by, expert):
        raise PermissionDenied("Your role does not keep channels.")
    if kind not in dict(KINDS) or tier not in dict(TIERS):
        raise ValidationError({"kind": "There is no such kind of channel."})
    normalized, error = normalise(kind, raw, expert.country)
    if error:
        raise ValidationError({"raw": error})
    if holds(expert, kind, normalized):
        raise ValidationError({"raw": "The card has this already, in one tier or another."})
    raw = raw.strip()
    try:
        with transaction.atomic():
            if tier == RESTRICTED:
                sealed, digest = sealing.seal(raw), digest_of(kind, normalized)
                row = PrivateChannel.objects.create(expert=expert, kind=kind, sealed=sealed, digest=digest, **fields)
            else:
                row = Channel.objects.create(
                    expert=expert, kind=kind, raw=raw, normalized=normalized, visibility=tier, **fields
                )
    except IntegrityError as error:  # somebody added it in the same moment
        raise ValidationError({"raw": "The card has this already."}) from error
    if record:
        cards.changed(expert, "channels", f"Added: {row.get_kind_display()}, {dict(TIERS)[tier].lower()}", by=by)
    return row


def holds(expert, kind, normalized, *, leaving_out=None):
    """Whether a card has a number or address already, in any tier, but for one row of it."""
    without = leaving_out.pk if leaving_out is not None else None
    is_open = isinstance(leaving_out, Channel)
    # Compared here: what may be restricted is not named to the database, which logs slow questions.
    theirs = expert.channels.filter(kind=kind).exclude(pk=without if is_open else None)
    sealed = expert.private_channels.filter(kind=kind, digest__in=digests_of(kind, normalized))
    return normalized in theirs.values_list("normalized", flat=True) or (
        sealed.exclude(pk=None if is_open else without).exists()
    )


@transaction.atomic
def change_channel(row, *, by, raw=None, tier=None, **fields):
    """Change a channel, or move it to another tier; returns the row that holds it now.

    A restricted one keeps its value unless a new one is given, and is opened by nobody on the way out: to make it
    known to the staff its number is typed anew.
    """
    if by is not None and not access.may_keep(by):
        raise PermissionDenied("Your role does not keep channels.")
    expert, before = row.expert, tier_of(row)
    tier = tier or before
    for name, value in fields.items():
        setattr(row, name, value)
    if before == RESTRICTED and tier != RESTRICTED and not raw:
        raise ValidationError({"raw": "Type the number or address again to take it out of the restricted tier."})
    if raw is None and before != RESTRICTED:
        raw = row.raw
    if raw:
        normalized, error = normalise(row.kind, raw, expert.country)
        if not error and holds(expert, row.kind, normalized, leaving_out=row):
            error = "The card has this already, in one tier or another."
        if error:
            raise ValidationError({"raw": error})
        raw = raw.strip()
    if (tier == RESTRICTED) != (before == RESTRICTED):
        kept = {f.name: getattr(row, f.name) for f in PrivateChannel._meta.fields if f.name in _SHARED}
        row.delete()
        row = add_channel(expert, raw=raw, tier=tier, by=by, record=False, **kept)
    else:
        if tier == RESTRICTED and raw:
            row.sealed, row.digest = sealing.seal(raw), digest_of(row.kind, normalized)
        elif tier != RESTRICTED:
            row.raw, row.normalized, row.visibility = raw, normalized, tier
        row.save()
    if tier == RESTRICTED != before:
        sealing.leave_no_older_copy()
    what = f"Changed: {row.get_kind_display()}, {dict(TIERS)[tier].lower()}"
    cards.changed(expert, "channels", what, by=by)
    return row


_SHARED = {"kind", "label", "preference", "hours_note", "verified_on", "verified_by", "verify_result", "do_not_use",
           "source"}  # fmt: skip


def tier_of(row):
    """The tier a channel stands in."""
    return RESTRICTED if isinstance(row, PrivateChannel) else row.visibility


@transaction.atomic
def remove_channel(row, *, by):
    """Take a channel off its card."""
    if by is not None and not access.may_keep(by):
        raise PermissionDenied("Your role does not keep channels.")
    expert, what = row.expert, f"Removed: {row.get_kind_display()}, {dict(TIERS)[tier_of(row)].lower()}"
    row.delete()
    cards.changed(expert, "channels", what, by=by)


@transaction.atomic
def note_result(channel, result, by):
    """What came of trying a channel today: "works", "bounced", "wrong person" or "unknown". Touches that one only.

    It changes nothing that a form of the card holds, so nobody's open form goes stale.
    """
    may = access.may_unseal if isinstance(channel, PrivateChannel) else access.may_log
    if by is not None and not may(by):
        raise PermissionDenied("Your role does not note how a channel went.")
    if not result or result not in dict(RESULTS):
        raise ValidationError("There is no such result.")
    fields = {"verify_result": result, "verified_on": today(), "verified_by": by}
    type(channel).objects.filter(pk=channel.pk).update(**fields)
    for name, value in fields.items():
        setattr(channel, name, value)
    # A sealed row says of itself that it is restricted, and never what it holds.
    which = str(channel) if isinstance(channel, PrivateChannel) else channel.get_kind_display()
    what = f"{which}: {channel.get_verify_result_display().lower()}"
    CardChange.objects.create(expert=channel.expert, at=clock.process_time(), by=by, part="channels", what=what)


# --- the log -------------------------------------------------------------------------------------


@transaction.atomic
def log(expert, *, by, outcome, at=None, incoming=False, private_note="", override="", **fields):
    """One attempt to reach an expert, or one made by them; a private note on it is sealed.

    Ringing somebody who is not to be contacted takes an `override` that says why. Raises PermissionDenied and
    ValidationError.
    """
    if not access.may_log(by):
        raise PermissionDenied("Your role does not write into the contact log.")
    if not expert.in_use:
        raise ValidationError("This card is no longer in use.")
    if private_note and not access.may_unseal(by):
        raise PermissionDenied("Your role does not write restricted notes.")
    now = at is None
    at = at or clock.process_time()
    bar = None if incoming else expert.bar(Bar.CONTACT, day_of(at))
    if bar and len(override.strip()) < OVERRIDE:
        raise ValidationError(
            {"override": f"Not to be contacted: {bar.reason} Say why it was done, in {OVERRIDE} characters or more."}
        )
    said = {"outcome": outcome, "incoming": incoming, "override": override if bar else "", **fields}
    if now and (twice := _just_logged(expert, by, at, private_note, said)):
        return twice
    entry = ContactLog.objects.create(expert=expert, by=by, at=at, **said)
    if private_note:
        PrivateNote.objects.create(
            expert=expert, entry=entry, sealed=sealing.seal(private_note), by=by, at=clock.process_time()
        )
    return entry


def _just_logged(expert, by, at, private_note, said):
    """The same entry of a moment ago, which a second click sends again: no entry can be taken out of the log."""
    Expert.objects.select_for_update().get(pk=expert.pk)  # the second click waits for the first
    twice = expert.log.filter(by=by, at__gt=at - SECOND_CLICK, at__lte=at, **said).first()
    if twice is None or [note.opened() for note in twice.private_notes.all()] != [private_note] * bool(private_note):
        return None
    return twice


# --- what is restricted --------------------------------------------------------------------------


@transaction.atomic
def add_note(expert, text, *, by):
    """A restricted note on a card, sealed."""
    if not (access.may_keep(by) and access.may_unseal(by)):
        raise PermissionDenied("Your role does not write restricted notes.")
    note = PrivateNote.objects.create(expert=expert, sealed=sealing.seal(text), by=by, at=clock.process_time())
    cards.changed(expert, "notes", "Added a restricted note", by=by)
    return note


@transaction.atomic
def remove_note(note, *, by):
    """Take a restricted note away for good."""
    if not (access.may_keep(by) and access.may_unseal(by)):
        raise PermissionDenied("Your role does not keep restricted notes.")
    expert = note.expert
    note.delete()
    cards.changed(expert, "notes", "Removed a restricted note", by=by)


@transaction.atomic
def unseal(row, *, by, why):
    """The value of a PrivateChannel or PrivateNote in the clear; that it was read, and why, is on record.

    Raises PermissionDenied for everybody else, ValidationError without a reason, sealing.Unreadable.
    """
    if not access.may_unseal(by):
        raise PermissionDenied("Your role does not open restricted details.")
    why = " ".join((why or "").split())
    if len(why) < SAID_WHY:
        raise ValidationError({"why": "Say why you open it: it goes on record."})
    if len(why) > 300:
        raise ValidationError({"why": "In 300 characters at most."})
    text = row.opened()
    AccessLog.objects.create(expert=row.expert, by=by, at=clock.process_time(), what=str(row), why=why)
    return text
