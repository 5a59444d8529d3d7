"""Accounts: links with which staff choose a password, roles that a second person confirms, and the accounts' log.

A role with power over what is public or over sources is never given by one person alone. Who gives it writes a
RoleGrant; the account gets the group when another confirms it.
"""

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q
from django.urls import path, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from . import clock, hooks, mail
from .database.guards import append_only
from .errors import NotAllowed, WrongState
from .models import AccountEvent, Publication, RoleGrant, User


def password_link(user):
    """The address under which a person chooses a password; good for PASSWORD_RESET_TIMEOUT and until it was used.

    Anyone who has the link can sign in as that person: show it only to who passes it on, and never log it.
    """
    where = {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("password_reset_confirm", kwargs=where)


# --- roles --------------------------------------------------------------------------------------


def may_confirm(user):
    """Whether a person may confirm the roles that others give, and read the accounts' log."""
    if not user.is_active or not user.is_staff:
        return False
    return user.is_superuser or user.groups.filter(name__in=list(hooks.roles_that_confirm)).exists()


def may_confirm_grant(grant, user):
    """Whether a person may confirm this role: neither who gave it nor whose it is to be."""
    return user.pk not in (grant.by_id, grant.user_id) and may_confirm(user)


def wants_a_second_person(by):
    """Whether a role with power that this person gives waits for another.

    Not where the paper has switched four eyes off, and not in an empty paper: as long as no other account could ever
    have confirmed it. Somebody who once could counts, so that nobody gets there by taking roles away.
    """
    publication = Publication.objects.current()
    if publication is not None and not publication.four_eyes:
        return False
    can = Q(groups__name__in=list(hooks.roles_that_confirm)) | Q(is_superuser=True)
    others = User.objects.filter(can).exclude(pk=by.pk).exists()
    return others or AccountEvent.objects.filter(kind="taken").exists()


def has_power(group):
    """Whether a role takes effect only when a second person has confirmed it."""
    return group.name in set(hooks.roles_with_power)


@transaction.atomic
def set_roles(user, wanted, *, by, anew=False):
    """Note which roles somebody gives an account and takes from it; returns the groups that it has from now on.

    The caller saves them. Those with power that are new wait for a second person, who may be `by` where another gave
    them before; with `anew`, for an account that comes back into use, also those that it had.
    """
    had, wanted = set(user.groups.all()), set(wanted)
    before = {group for group in had if not (anew and has_power(group))}
    second = wants_a_second_person(by)
    waiting = {grant.group_id: grant for grant in open_grants().filter(user=user)}
    now = before & wanted
    for group in sorted(wanted - before, key=str):
        grant = waiting.get(group.pk)
        if not (second and has_power(group)):
            _record(user, "given", f"{by} made {user} {group}.", by)
            now.add(group)
        elif grant and may_confirm_grant(grant, by):
            _close(grant)
            _record(user, "confirmed", f"{by} confirmed {user} as {group}, given by {grant.by}.", by)
            now.add(group)
        elif grant is None:
            RoleGrant.objects.create(user=user, group=group, by=by, at=clock.instant())
            _record(user, "waits", f"{by} gave {user} the role {group}: it waits for a second person.", by)
    for group in sorted(had - wanted, key=str):
        _record(user, "taken", f"{by} took the role {group} from {user}.", by)
    return now


def open_grants():
    """The roles that wait for a second person, oldest first."""
    return RoleGrant.objects.filter(closed_at=None).select_related("user", "group", "by")


@transaction.atomic
def confirm(pk, *, by, refuse=False):
    """Confirm a role that another gave, or refuse it; who gave it may take it back so. Returns what came of it.

    Raises NotAllowed, and WrongState where somebody was quicker.
    """
    if not may_confirm(by):
        raise NotAllowed("Only a managing editor or an administrator confirms a role.")
    grant = RoleGrant.objects.select_for_update(of=("self",)).filter(pk=pk, closed_at=None).first()
    if grant is None:
        raise WrongState("That role waits no longer: somebody was quicker.")
    if refuse:
        _close(grant)
        _record(grant.user, "refused", f"{by} refused {grant.user} the role {grant.group}, given by {grant.by}.", by)
        return f"{grant.user} does not become {grant.group}."
    if not may_confirm_grant(grant, by):
        raise NotAllowed("You gave this role, or it is to be yours: somebody else confirms it.")
    _close(grant)
    grant.user.groups.add(grant.group)
    _record(grant.user, "confirmed", f"{by} confirmed {grant.user} as {grant.group}, given by {grant.by}.", by)
    return f"{grant.user} is {grant.group} from now on."


def _close(grant):
    grant.closed_at = clock.instant()
    grant.save(update_fields=["closed_at"])


# --- the log, and who is told -------------------------------------------------------------------


def _record(user, kind, text, by):
    return AccountEvent.objects.create(user=user, kind=kind, text=text[:500], by=by, at=clock.instant())


def guards(connection):
    """What the database refuses in this room: a line of the accounts' log that is changed or goes."""
    return append_only(AccountEvent, connection)


def note(user, kind, text, *, by):
    """Write a line into the accounts' log."""
    return _record(user, kind, text, by)


@transaction.atomic
def tell_of_change(user, kind, text, *, by, addresses=()):
    """Log that somebody set another's password or address, and mail its owner and every managing editor.

    `addresses` are further ones of the owner, such as the one before. One's own change is logged alone.
    """
    _record(user, kind, text, by)
    if user.pk == by.pk:
        return
    told = User.objects.filter(groups__name__in=list(hooks.roles_told_of_accounts), is_active=True)
    mails = {user.email, *addresses, *told.values_list("email", flat=True)} - {""}
    body = f"{text}\n\nIf you did not expect this, ask {by}, and tell a managing editor at once.\n"
    subject = f"The account of {user}"
    mail.post(subject, body, about="Change of an account", addresses=sorted(mails))


# Under /admin/, so that nothing stores or indexes these pages. Django's view takes the token out of the address.
urlpatterns = [
    path("done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
]
