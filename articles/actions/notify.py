"""Mail to colleagues, after the transaction that gave rise to it."""

from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction


def tell(user, subject, text, article=None):
    """Write to somebody of the staff once the change is certain; people without an address are left out."""
    if user is None or not user.email or not user.is_active:
        return
    if article is not None:
        text += f"\n\n{settings.SITE_URL}{article.get_absolute_url()}\n"
    # A subject is one line, whatever a headline holds.
    send = partial(send_mail, " ".join(subject.split()), text, None, [user.email], fail_silently=True)
    transaction.on_commit(send)
