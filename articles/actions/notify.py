"""Mail to colleagues, sent when the transaction is committed."""

from django.conf import settings
from django.db.models import Q

from newsroom import mail
from newsroom.models import User

from .. import roles
from ..models import DutyTurn


def mail_colleague(user, subject, text, article=None):
    """Mail somebody of the staff when the transaction is committed; nobody without an address, nobody who has left."""
    if user is None or not user.email or not user.is_active:
        return
    if article is not None:
        text += f"\n\n{settings.SITE_URL}{article.get_absolute_url()}\n"
    mail.send_on_commit(subject, text, [user.email])


def who_can_act(section, *, but=None):
    """Who decides about a section's stories: its editors, whoever is on duty now, and the managing editors."""
    own = [section.pk, section.parent_id or section.pk] if section else []
    editors = Q(groups__name=roles.Role.EDITOR, sections_edited__in=own)
    on_duty = Q(groups__name=roles.Role.DUTY, pk__in=DutyTurn.objects.running().values("user"))
    managing = Q(groups__name=roles.Role.MANAGING)
    found = User.objects.filter(editors | on_duty | managing, is_active=True, is_staff=True)
    return found.exclude(pk=but.pk if but else None).distinct()
