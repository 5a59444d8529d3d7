"""Mail: written down with what it tells of, and sent by the worker, so that nobody waits for a mail server.

A mail that could not be sent is tried again, ever more seldom, for about a day; then it waits on the administrators'
page until somebody sends it again or it is thrown away. What holds a link that opens something is not written down:
`send_on_commit` sends it at once and holds nobody up for long.
"""

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from . import clock
from .folding import one_line
from .models import Mail
from .timed import Timed, task

log = logging.getLogger(__name__)

RETRY = 30  # seconds until a mail server that did not answer is tried again, within this process

# Minutes from one attempt to the next; after the last the mail is given up.
PAUSES = (1, 5, 15, 60, 180, 360, 720)
LEASE = timedelta(minutes=2)  # while one worker sends it, no other tries
KEPT = timedelta(days=30)  # how long a mail that was given up can still be sent
AT_ONCE = 500  # mails by one task; the rest follows within a minute
SUBJECT = 150

_posting = ContextVar("whether mail is written down", default=True)
_down_until = 0.0


# --- what the worker sends ------------------------------------------------------------------------


def post(subject, text, *, about, users=(), addresses=()):
    """Write down a mail to each of some colleagues and addresses; the worker sends them once that is committed.

    `about` names the sort of mail for those who see that it could not be sent. Nobody without an address gets one,
    nor anybody who has left. One query, however many they are.
    """
    at = clock.process_time()
    to = [{"user": user} for user in users if user.email and user.is_active]
    to += [{"address": address} for address in addresses]
    fields = {"about": about, "subject": one_line(subject, SUBJECT), "text": text, "made_at": at, "due_at": at}
    post_all([Mail(**fields, **whose) for whose in to])


def post_all(mails):
    """Write down mails made with `Mail(…)`, and call the worker when that is committed."""
    if mails and _posting.get():
        Mail.objects.bulk_create(mails)
        transaction.on_commit(send_due.enqueue, robust=True)


@contextmanager
def nothing_posted():
    """Within it no mail is written down: for a demonstration, whose mails would tell of years."""
    token = _posting.set(False)
    try:
        yield
    finally:
        _posting.reset(token)


@task
def send_due():
    """Send what is due; stops at once where the mail server does not answer. Returns how many went out."""
    sent = 0
    for _ in range(AT_ONCE):
        mail = _claim(clock.process_time())
        if mail is None:
            break
        if mail.user and not (mail.user.is_active and mail.user.email):
            mail.delete()
            continue
        try:
            EmailMessage(mail.subject, mail.text, None, [mail.address or mail.user.email]).send()
        except (OSError, ValueError) as error:  # of smtplib, of the network; of an address or a header that is none
            if _not_sent(mail, error):
                break
        else:
            mail.delete()
            sent += 1
    return sent


def send_what_is_due(since=None):
    """The line of the timetable: what no call reached, and what is to be tried again."""
    send_due.func()


def _claim(at):
    """The mail that is longest due, as ours for a while; None where nothing is."""
    while mail := Mail.objects.due(at).select_related("user").first():
        ours = Mail.objects.filter(pk=mail.pk, due_at=mail.due_at, given_up_at=None)
        # Counted before it is sent: one that kills the worker is not tried for ever.
        if ours.update(due_at=at + LEASE, attempts=F("attempts") + 1):
            mail.attempts += 1
            if mail.attempts <= len(PAUSES) + 1:
                return mail
            Mail.objects.filter(pk=mail.pk).update(given_up_at=at, error=mail.error or "The worker died over it.")
    return None


def _not_sent(mail, error):
    """Note why a mail was not sent and when to try again; returns whether the mail server was not to be reached."""
    at = clock.process_time()
    last = mail.attempts > len(PAUSES) or _for_good(error)
    Mail.objects.filter(pk=mail.pk).update(
        error=_why(error),
        given_up_at=at if last else None,
        due_at=at if last else at + timedelta(minutes=PAUSES[mail.attempts - 1]),
    )
    log.error("a mail was not sent: %s", type(error).__name__)  # without a word of it
    return not _refused(error) and not isinstance(error, ValueError)


def _codes(error):
    """The answers of a mail server that refused a mail."""
    if recipients := getattr(error, "recipients", None):
        return [answer[0] for answer in recipients.values()]
    return [code] if isinstance(code := getattr(error, "smtp_code", None), int) else []


def _for_good(error):
    """Whether trying again would change nothing: a sender that is refused is a setting, which somebody mends."""
    codes = _codes(error) if _refused(error) and not hasattr(error, "sender") else []
    return isinstance(error, ValueError) or bool(codes) and min(codes) >= 500


def _why(error):
    if isinstance(error, ValueError):
        return "The address is none that a mail can be sent to."
    if _refused(error):
        return f"The mail server refused it ({', '.join(map(str, _codes(error))) or 'without a number'})."
    if codes := _codes(error):
        return f"The mail server let nobody in ({codes[0]})."
    return f"The mail server does not answer ({type(error).__name__})."


def try_again(pks, *, at=None):
    """Have mails sent anew, with all their attempts before them. Returns how many there were."""
    count = Mail.objects.in_trouble().filter(pk__in=pks).update(
        attempts=0, error="", given_up_at=None, due_at=at or clock.process_time()
    )  # fmt: skip
    if count:
        transaction.on_commit(send_due.enqueue, robust=True)
    return count


def throw_old_away(at):
    """Forget mails that were given up long ago."""
    Mail.objects.filter(given_up_at__lt=at - KEPT).delete()


TIMETABLE = (Timed("mail", send_what_is_due, timedelta(minutes=1), "Sends what could not be sent before."),)


# --- what is sent at once, and written down nowhere -------------------------------------------------


def send_on_commit(subject, text, to, *, reply_to=None):
    """Send a mail that holds a link when the transaction is committed. A failure is logged, without a word of it."""
    # A subject is one line, whatever a name holds.
    mail = EmailMessage(" ".join(subject.split()), text, None, to, reply_to=reply_to)
    transaction.on_commit(lambda: _send(mail), robust=True)


def _send(mail):
    global _down_until
    if time.monotonic() < _down_until:
        log.error("a mail was not sent: the mail server does not answer")
        return
    try:
        mail.send()
    except OSError as error:  # those of smtplib, and of the network
        if not _refused(error):
            _down_until = time.monotonic() + RETRY
        log.error("a mail was not sent: %s", type(error).__name__)


def _refused(error):
    """Whether the server answered, and refused this one mail."""
    return hasattr(error, "recipients") or hasattr(error, "sender") or type(error).__name__ == "SMTPDataError"
