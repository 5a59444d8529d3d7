"""What the worker tells colleagues of: daily mails, and what comes by the clock without anybody's click."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from newsroom import clock, mail, paper
from newsroom.models import Mail, Publication, User
from newsroom.timed import Timed

from .. import roles
from ..models import Comment, Edition, Kind, MailChoice, Notification
from ..notifications import KINDS, How
from . import waiting
from .notify import footer, key_of_edition, on_duty, story_name, tell, tell_of_edition
from .picture_rights import tell_of_ending_rights

LINES, EDITIONS = 100, 200  # in one daily mail; told of in one go
LOOK_BACK = timedelta(days=1)  # what went live longer ago, while no worker ran, is no news
PATIENCE = timedelta(hours=1)  # that a comment waits before moderators are told
KEPT = timedelta(days=90)


# --- the daily mail -------------------------------------------------------------------------------


@transaction.atomic
def mail_digests(since=None):
    """Mail what waits for a daily mail, once the paper's hour for it has come; to each person once a day.

    It names what they have not read by then. A worker that was off at the hour does it later that day.
    """
    publication = Publication.objects.current()
    if publication is None:
        return
    at = clock.process_time()
    today = paper.day_of(at, publication.zone)
    if at < datetime.combine(today, publication.digest_at, publication.zone):
        return
    not_yet = MailChoice.objects.filter(Q(digest_on=None) | Q(digest_on__lt=today))
    # Two workers: each takes the people that the other does not hold.
    rows = not_yet.select_for_update(of=("self",), skip_locked=True).select_related("user")
    choices = {choice.user_id: choice for choice in rows if choice.user.is_active and choice.user.email}
    waits = Notification.objects.filter(user__in=list(choices), in_digest=True)
    lines = _lines_of(waits.unread().with_stories().order_by("pk"), choices)
    mail.post_all([_digest(choices[pk].user, found, publication) for pk, found in lines.items()])
    waits.update(in_digest=False)
    not_yet.filter(user__in=list(choices)).update(digest_on=today)


def _lines_of(notifications, choices):
    """{user id: lines}, of what each still wants once a day; of no story to who has left the desks."""
    desks = list(roles.CAPABILITIES["read copy"])
    readers = User.objects.filter(Q(is_superuser=True) | Q(groups__name__in=desks), pk__in=list(choices))
    readers = set(readers.order_by().values_list("pk", flat=True))
    lines = defaultdict(list)
    for row in notifications:
        wanted = choices[row.user_id].how_for(row.kind) == How.DIGEST
        if wanted and (row.article_id is None or row.user_id in readers):
            lines[row.user_id].append(_line(row))
    return lines


def _line(row):
    name = f": {story_name(row.article)}" if row.article_id else ""
    return f"{KINDS[row.kind].label}{name}\n{settings.SITE_URL}{row.get_absolute_url() or reverse('admin:index')}"


def _digest(user, lines, publication):
    at = clock.process_time()
    count = "1 notification" if len(lines) == 1 else f"{len(lines)} notifications"
    more = [f"And {len(lines) - LINES} more."] if len(lines) > LINES else []
    text = "\n\n".join([f"You have not read {count}.", *lines[:LINES], *more])
    return Mail(
        user=user, about="Daily mail", subject=f"{publication.name}: {count}"[:150], text="\n".join([text, *footer()]),
        made_at=at, due_at=at,
    )  # fmt: skip


# --- what comes by the clock ----------------------------------------------------------------------


def tell_of_editions(since=None):
    """Tell those whose story it is that readers see what was scheduled, or a correction of it."""
    at = clock.process_time()
    after = max(since or at - LOOK_BACK, at - LOOK_BACK) - timedelta(minutes=1)  # once too often is not told twice
    rows = Edition.objects.live().filter(live_from__gt=after).exclude(kind__in=[Kind.MINOR, Kind.REFRESH])
    rows = rows.select_related("article", "by").order_by("live_from", "pk")[:EDITIONS]
    for edition in rows:
        tell_of_edition(edition, edition.article)


def tell_of_failed_checks(since=None):
    """Tell who scheduled an edition, and who is on duty, what the checklist has against it by now; of each once."""
    editions = list(waiting.editions_ahead())
    alarms = waiting.alarms_of(editions)
    for edition in editions:
        if codes := sorted({finding.code for finding in alarms.get(edition.pk, ())}):
            because = "; ".join(waiting.CONDITIONS[code].because for code in codes)
            tell(
                "failed check", to=Q(pk=edition.by_id) | on_duty(), article=edition.article,
                text=f"{because[:1].upper()}{because[1:]}.", key=f"{key_of_edition(edition)} {' '.join(codes)}"[:80],
            )  # fmt: skip


def tell_of_comments(since=None):
    """Tell moderators once a day that readers' comments wait for longer than PATIENCE."""
    held = Comment.objects.filter(state=Comment.State.PENDING, created_at__lt=clock.process_time() - PATIENCE)
    if held.exists():
        moderators = Q(groups__name=roles.Role.MODERATOR) | on_duty()
        link = reverse("admin:articles_comment_changelist") + "?state__exact=pending"
        tell("comments", to=moderators, link=link, key=f"comments {paper.today().isoformat()}")


def tell_of_rights(since=None):
    """Tell those who keep pictures of rights that end within a day."""
    tell_of_ending_rights()


# --- what is kept -----------------------------------------------------------------------------------


def forget_old(since=None):
    """Forget notifications after a while, and mails that were given up long ago."""
    at = clock.process_time()
    Notification.objects.filter(at__lt=at - KEPT).delete()
    mail.throw_old_away(at)


MINUTE = timedelta(minutes=1)
TIMETABLE = (
    Timed("digests", mail_digests, 5 * MINUTE, "Mails once a day what people want to read once a day."),
    Timed("editions", tell_of_editions, MINUTE, "Tells writers that a scheduled edition is public."),
    Timed("checks", tell_of_failed_checks, 10 * MINUTE, "Tells of scheduled editions that a check would stop by now."),
    Timed("rights", tell_of_rights, 60 * MINUTE, "Tells of rights to pictures that end within a day."),
    Timed("comments", tell_of_comments, 30 * MINUTE, "Tells moderators of comments that wait."),
    Timed("tidying", forget_old, 24 * 60 * MINUTE, "Forgets old notifications and mails that were given up."),
)
