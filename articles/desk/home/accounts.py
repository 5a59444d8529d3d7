"""The front page of those who keep the accounts."""

from django.urls import reverse

from newsroom import accounts, clock
from newsroom.desk.display import time_in_words
from newsroom.desk.today import ASIDE, WRONG, Line
from newsroom.models import Mail, User

from ... import roles
from .base import queue_of
from .times import QUARTER


def roles_to_confirm(user):
    if not roles.may(user, "confirm a role"):
        return None
    rows = accounts.open_grants().exclude(by=user).exclude(user=user)
    queue = queue_of("roles", "Roles to confirm", rows, _grant_line, empty="No role waits for a second person.")
    queue.url = reverse("admin:newsroom_user_log")
    return queue


def _grant_line(grant):
    why = f"Given by {grant.by}, {time_in_words(grant.at)}."
    return Line(f"{grant.user}: {grant.group}", reverse("admin:newsroom_user_log"), None, "no time set", why, do="Read")


def _queue(user, name, title, rows, empty):
    if not roles.may(user, "administer people"):
        return None
    rows = rows.filter(is_active=True, is_superuser=False).order_by("date_joined", "pk")
    queue = queue_of(f"people-{name}", title, rows, _account_line, empty=empty, place=ASIDE)
    queue.url = reverse("admin:newsroom_user_changelist")
    return queue


def _account_line(account):
    seen = f"last here {time_in_words(account.last_login)}" if account.last_login else (
        f"made {time_in_words(account.date_joined)}")  # fmt: skip
    url = reverse("admin:newsroom_user_change", args=[account.pk])
    return Line(str(account), url, about=f"{account.email or account.username}, {seen}")


def without_role(user):
    return _queue(user, "no-role", "Accounts without a role", User.objects.filter(groups=None), "Everybody has a role.")


def never_used(user):
    return _queue(user, "never", "Never signed in", User.objects.filter(last_login=None), "Everybody has been here.")


def unused_lately(user):
    rows = User.objects.filter(last_login__lt=clock.process_time() - QUARTER)
    return _queue(user, "gone", "Not here for three months", rows, "Everybody was here lately.")


def mail_not_sent(user):
    if not roles.may(user, "administer people"):
        return None
    rows = Mail.objects.in_trouble().select_related("user").only("about", "address", "error", "user")
    queue = queue_of("mail", "Mail that could not be sent", rows, _mail_line, empty="Every mail went out.", place=WRONG)
    queue.url = reverse("admin:worker")
    return queue


def _mail_line(mail):
    title = f"{mail.about}, to {mail.user or mail.address}"
    return Line(title, reverse("admin:worker"), why=f"Mail that could not be sent: {mail.error}")
