"""What somebody types is kept before it is saved: personal drafts, and who else has the story open."""

import re
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q

from newsroom import clock
from newsroom.errors import NoRoom, NotAllowed, Refused, Stale

from .. import roles
from ..models import PersonalDraft, Presence

LONGEST = 3_000_000  # characters of one draft; no story is longer
MOST = 200  # drafts of one person that are not saved
REMEMBERED = timedelta(days=1)  # how long a window whose words were saved is known
NOT_STORED = re.compile("[\x00\ud800-\udfff]")  # what no database keeps in a text
# What a form sends beside what somebody typed.
NOT_TYPED = re.compile(r"csrfmiddlewaretoken|draft_(tab|seq|taken)|_[a-z].*|overwrite")


class Older(Stale):
    """A later state of the same window is kept already; `seq` is that of the state."""

    def __init__(self, seq):
        super().__init__("A later state of this window is kept already.")
        self.seq = seq


def keep(article, *, by, tab, seq, fields, base_version=0, taken=()):
    """Keep what stands in a window as its person's draft of a story, or of one that is not begun yet (None).

    `fields` are the boxes of the form as [name, value]; what stood in the windows of `taken` stands in this one now.
    Returns when it was kept. Raises Older where a later state is kept already, and NoRoom where the disk or the
    person's share is full.
    """
    if article is None and not (roles.may(by, "start") or roles.may(by, "pitch")):
        raise NotAllowed("Your role does not start stories.")
    kept = [[_storable(name), _storable(value)] for name, value in fields if not NOT_TYPED.fullmatch(name)]
    if sum(len(name) + len(value) for name, value in kept) > LONGEST:
        raise Refused("This is too long to be kept as a draft. Save it, or split it.")
    try:
        with transaction.atomic():
            return _keep(article, by, tab, seq, kept, base_version, taken)
    except DatabaseError as error:
        if not _disk_is_full(error):
            raise
        raise NoRoom("The server’s disk is full.") from error


def _keep(article, by, tab, seq, fields, base_version, taken):
    now = clock.process_time()
    values = {"seq": seq, "fields": fields, "base_version": base_version, "at": now}
    row, made = PersonalDraft.objects.get_or_create(by=by, tab=tab, defaults=values | {"article": article})
    if not made:
        if row.seq == seq and not row.saved:
            return row.at  # it came twice
        # Naming what is older keeps a request that was overtaken from putting old words back.
        if not PersonalDraft.objects.filter(pk=row.pk, article=article, seq__lt=seq).update(**values):
            raise Older(PersonalDraft.objects.values_list("seq", flat=True).get(pk=row.pk))
    else:
        by.drafts.filter(fields=[], at__lt=now - REMEMBERED).delete()
        if by.drafts.exclude(fields=[]).count() > MOST:
            raise NoRoom(f"You have more than {MOST} drafts that are not saved. Save or discard some.")
    by.drafts.filter(article=article, tab__in=taken).exclude(tab=tab).update(fields=[], at=now)
    return now


def _storable(text):
    return NOT_STORED.sub("", text)


def _disk_is_full(error):
    cause = error.__cause__ or error
    return getattr(cause, "sqlstate", "") == "53100" or "disk is full" in str(cause)


def note_saved(article, *, by, tab, seq, taken=()):
    """Empty a window's draft, whose words are in the story now; a request of before that comes late is refused."""
    now = clock.process_time()
    by.drafts.filter(Q(article=article) | Q(article=None), tab__in=taken).update(fields=[], at=now)
    if tab:
        values = {"article": article, "seq": seq, "fields": [], "base_version": 0, "at": now}
        PersonalDraft.objects.update_or_create(by=by, tab=tab, defaults=values)


def discard(pk, *, by):
    """Throw a draft away; its own person alone can."""
    by.drafts.filter(pk=pk).update(fields=[], at=clock.process_time())


def drafts_of(user, article):
    """What a person has typed of a story (or of one not begun yet) and not saved, the newest first."""
    return user.drafts.filter(article=article).exclude(fields=[])


# --- who is in a story --------------------------------------------------------------------------


def attend(article, *, by, tab, part=""):
    """Note that a window of somebody's is in a story; returns the newest Presence of each colleague who is, too."""
    now = clock.process_time()
    # A window that has missed two words is closed, or its machine sleeps.
    since = now - timedelta(seconds=3 * settings.PRESENCE_SECONDS + 5)
    Presence.objects.filter(article=article, at__lt=since).delete()
    Presence.objects.update_or_create(by=by, tab=tab, defaults={"article": article, "part": part, "at": now})
    others = article.presences.filter(at__gte=since).exclude(by=by).select_related("by").order_by("at")
    return list({other.by_id: other for other in others}.values())


def leave(*, by, tab):
    """Note that a window was closed."""
    Presence.objects.filter(by=by, tab=tab).delete()
