"""Word to colleagues: on the desk at once, by mail as each of them chose. `tell` is the one door.

What an action tells is written down when its transaction is committed, and fails nothing if it cannot be. The worker
sends the mails; nobody waits for one.
"""

from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Q
from django.urls import reverse

from newsroom import clock, mail
from newsroom.folding import one_line
from newsroom.models import User

from .. import roles
from ..models import Article, BodyReference, DutyTurn, Kind, MailChoice, Notification
from ..notifications import KINDS, How

TEXT, NAME = 10_000, 60

_quiet = ContextVar("whether anybody is told", default=False)


# --- telling ------------------------------------------------------------------------------------


def tell(kind, *, to, article=None, by=None, text="", link="", key=""):
    """Tell people of something once the transaction is committed: on the desk, and by mail as each chose.

    `kind` is a key of KINDS; `to` are users or their ids, a Q of users, or {user: what this person reads}. `by` is
    never told of what they did themselves, and of a story only who may read it is told. `text` is for the desk alone;
    `link` a path on the desk, for what is about no story. With a `key` nobody is told twice of the same thing.
    At most five queries, however many people there are.
    """
    assert kind in KINDS, kind
    if _quiet.get():
        return
    texts = {_pk(user): said for user, said in to.items()} if isinstance(to, Mapping) else {}
    wanted = to if isinstance(to, Q) else Q(pk__in={_pk(user) for user in texts or to if user is not None})
    row = {"kind": kind, "article": article, "by": by, "link": link, "key": key}
    transaction.on_commit(lambda: _tell(wanted, row, texts, text), robust=True)


def _pk(user):
    return user.pk if isinstance(user, User) else user


@contextmanager
def quiet():
    """Within it nobody is told anything: for what a program does about the past."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def _tell(wanted, row, texts, text):
    at = clock.process_time()
    people = User.objects.filter(wanted, is_active=True, is_staff=True)
    if row["by"]:
        people = people.exclude(pk=row["by"].pk)
    if row["article"]:
        people = people.filter(readers_of(row["article"]))
    if row["key"]:
        told = Notification.objects.filter(kind=row["kind"], key=row["key"])
        people = people.exclude(pk__in=told.values("user"))
    # By its key once more: a role and a section lead to the same person twice.
    people = list(User.objects.filter(pk__in=people.order_by().values("pk")).select_related("mail_choice"))
    hows = {user: how_mailed(user, row["kind"]) for user in people}
    rows = [
        Notification(
            user=user, text=texts.get(user.pk, text)[:TEXT], at=at, in_digest=how == How.DIGEST, **row
        )
        for user, how in hows.items()
    ]  # fmt: skip
    now = [user for user, how in hows.items() if how == How.NOW and user.email]
    if not rows:
        return
    with transaction.atomic():
        Notification.objects.bulk_create(rows, ignore_conflicts=bool(row["key"]))
        subject, said = mail_about(row["kind"], row["article"], row["by"], row["link"])
        mail.post(subject, said, about=KINDS[row["kind"]].label, users=now)


def how_mailed(user, kind):
    """How somebody is mailed about a kind: as they chose, at once without a choice."""
    try:
        return user.mail_choice.how_for(kind)
    except MailChoice.DoesNotExist:
        return How.NOW


# --- what a mail says -----------------------------------------------------------------------------


def story_name(article):
    """A story's name outside the house: its catchline, or its number; never its headline."""
    return one_line(article.catchline, NAME) or f"story {article.pk}"


def mail_about(kind, article, by, link):
    """The subject and the text of a mail: what happened and where to read it, without a word of the story."""
    kind = KINDS[kind]
    who = one_line(str(by), NAME) if by else ""
    lines = [f"{who} {kind.did}." if who else kind.plain]
    name = story_name(article) if article else ""
    subject = f"{kind.label}: {name}" if name else kind.label
    if path := link or (article.get_absolute_url() if article else ""):
        lines += ["", f"{name}\n{settings.SITE_URL}{path}".strip()]
    return subject, "\n".join([*lines, *footer()])


def footer():
    """How every mail to a colleague ends."""
    return ["", "--", f"What is mailed to you, you choose: {settings.SITE_URL}{reverse('desk:mail_choice')}", ""]


def key_of_edition(edition):
    """The key under which people are told that an edition is public, by whom or what ever."""
    return f"edition {edition.pk}"


NOTED = {Kind.CORRECTION: "corrected", Kind.CLARIFICATION: "clarified",
         Kind.EDITORS_NOTE: "editors note"}  # fmt: skip


def tell_of_edition(edition, article):
    """Tell those whose story it is that readers see an edition, or what an editor put right in it; of each once."""
    kind, key = NOTED.get(edition.kind, "publication"), key_of_edition(edition)
    tell(kind, to=who_waits_for(article), article=article, by=edition.by, key=key)


# --- who is told ----------------------------------------------------------------------------------


def readers_of(article):
    """A Q of the users who may read a story's copy, as `Article.objects.readable_by` says it of one."""
    standing = [role for role in roles.CAPABILITIES["read copy"] if role != roles.Role.DUTY]
    named = BodyReference.objects.filter(kind="expert", article=article.pk)
    appears = Article.objects.filter(pk=article.pk, appearances__isnull=False)
    source = Q(groups__name=roles.Role.SOURCE) & (Exists(named) | Exists(appears))
    return Q(is_superuser=True) | Q(groups__name__in=standing) | on_duty() | source


def on_duty():
    """A Q of the duty editors whose turn is running."""
    return Q(groups__name=roles.Role.DUTY, pk__in=DutyTurn.objects.running().values("user"))


def _editors_of(section):
    own = [section.pk, section.parent_id or section.pk] if section else []
    return Q(groups__name=roles.Role.EDITOR, sections_edited__in=own)


def who_can_act(section):
    """A Q of who decides about a section's stories: its editors, who is on duty now, and the managing editors."""
    return _editors_of(section) | on_duty() | Q(groups__name=roles.Role.MANAGING)


def who_edits(section):
    """A Q of who is told that copy has come in: the section's editors and who is on duty; without a section, who acts.

    The managing editor of a section that has editors has other things to read.
    """
    if section is None or not section.editors.filter(is_active=True).exists():
        return who_can_act(section)
    return _editors_of(section) | on_duty()


def lawyers():
    """A Q of Legal."""
    return Q(groups__name=roles.Role.LEGAL)


def who_waits_for(article):
    """The ids of those whose story it is: assignee, authors, whoever submitted it; of nobody else who started it."""
    behind = {article.assignee_id, article.submitted_by_id, *roles.writers(article)} - {None}
    return behind or {article.created_by_id} - {None}


def users_in(section, *, but=None):
    """The users of `who_can_act`, as a list for what is told to each of them apart."""
    found = User.objects.filter(who_can_act(section), is_active=True, is_staff=True)
    return found.exclude(pk=but.pk if but else None).distinct()
