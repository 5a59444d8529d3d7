"""Sending mail once what it tells of is certain; a mail server that does not answer holds nobody up for long."""

import logging
import time

from django.core.mail import EmailMessage
from django.db import transaction

log = logging.getLogger(__name__)

RETRY = 30  # seconds until a mail server that did not answer is tried again

_down_until = 0.0


def send_on_commit(subject, text, to, *, reply_to=None):
    """Send a mail when the transaction is committed. A failure is logged, without a word of the mail."""
    # A subject is one line, whatever a headline holds.
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
    return hasattr(error, "recipients") or hasattr(error, "sender")
