"""Queues of cards that need attention: review due, never verified, channels that bounced, and others."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from newsroom import paper

from .. import access, serializer
from ..finding.likely_doubles import groups_of_doubles
from ..models import Channel, ContactLog, Expert, PrivateChannel, PrivateNote, verification
from . import base

PER_PAGE = 40
FAILED_RESULTS = ("bounced", "wrong person")
IS_ACTIVE = Q(status="active")


@dataclass(frozen=True)
class Queue:
    """One queue: `rows(cards, day)` narrows and sorts the cards; `says` introduces the date on each line."""

    name: str
    title: str
    empty: str
    rows: Callable
    says: str = ""
    names_sealed: bool = False  # it tells that a card has something restricted
    counted: bool = True  # beside its name on every queue's page


def _review_due(cards, day):
    return cards.filter(review_due__lte=day).annotate(when=F("review_due")).order_by("review_due", "pk")


def _in_verification_state(state):
    def rows(cards, day):
        return cards.filter(IS_ACTIVE).with_verification_state(day).filter(verification_state=state)

    return rows


def _confirmed_by_email_only(cards, day):
    return cards.filter(IS_ACTIVE).confirmed_by_email_only(day)


def _bounced(cards, day):
    open_rows = Channel.objects.filter(expert=OuterRef("pk"), verify_result__in=FAILED_RESULTS, do_not_use=False)
    sealed = PrivateChannel.objects.filter(expert=OuterRef("pk"), verify_result__in=FAILED_RESULTS, do_not_use=False)
    return cards.filter(Exists(open_rows) | Exists(sealed)).annotate(
        when=Coalesce(Subquery(open_rows.order_by("verified_on").values("verified_on")[:1]),
                      Subquery(sealed.order_by("verified_on").values("verified_on")[:1]))
    ).order_by("when", "pk")  # fmt: skip


def _to_mend(cards, day):
    mine = {"expert": OuterRef("pk"), "to_mend": True}
    kept = (Channel.objects.filter(**mine), PrivateChannel.objects.filter(**mine), PrivateNote.objects.filter(**mine))
    return cards.filter(Exists(kept[0]) | Exists(kept[1]) | Exists(kept[2])).order_by("sort_name", "pk")


def _doubles(cards, day):
    return cards.filter(pk__in=[pk for group in groups_of_doubles(cards) for pk in group])


def follow_ups(day):
    """Log entries whose follow-up is due and after which nothing was logged for the card."""
    later = ContactLog.objects.filter(expert=OuterRef("expert"), at__gt=OuterRef("at"))
    return ContactLog.objects.filter(follow_up_on__lte=day).exclude(Exists(later))


def _with_follow_up(cards, day):
    asked = follow_ups(day).filter(expert=OuterRef("pk"))
    return cards.filter(Exists(asked)).annotate(
        when=Subquery(asked.order_by("follow_up_on").values("follow_up_on")[:1])
    ).order_by("when", "pk")  # fmt: skip


QUEUES = [
    Queue("due", "Review due", "Every card was looked at in time.", _review_due, "Review was due"),
    Queue("follow-up", "Follow-ups due", "Nobody waits for a call.", _with_follow_up, "To follow up on"),
    Queue("never", "Never verified", "Everybody was checked once.", _in_verification_state(verification.NEVER)),
    Queue("stale", "Verified too long ago", "No check has worn out.", _in_verification_state(verification.STALE)),
    Queue("failed", "Failed a check", "Nobody failed.", _in_verification_state(verification.FAILED)),
    Queue("bounced", "Bounced, or the wrong person", "Every channel that was tried works.", _bounced, "Noted on"),
    Queue("email", "Known by e-mail alone", "Nobody.", _confirmed_by_email_only),
    Queue("doubles", "Likely doubles", "No two cards look alike.", _doubles, counted=False),
    Queue("mend", "To mend after an import", "Whatever files brought could be read.", _to_mend, names_sealed=True),
]
QUEUE_BY_NAME = {queue.name: queue for queue in QUEUES}


def queues(admin, request):
    """One queue, page by page, with the counts of all queues."""
    base.require_permission(access.tier(request.user) >= access.Tier.STAFF, "Your role does not keep the source book.")
    day = paper.today()
    current = Expert.objects.current()
    seen = [queue for queue in QUEUES if not queue.names_sealed or access.may_unseal(request.user)]
    counts = {queue.name: queue.rows(current, day).count() for queue in seen if queue.counted}
    queue = next((queue for queue in seen if queue.name == request.GET.get("queue", "")), QUEUES[0])
    beside = {}
    if queue.rows is _doubles:
        groups = groups_of_doubles(current)
        beside = {pk: before for group in groups for before, pk in pairwise(group)}
        page = admin.paginator([pk for group in groups for pk in group], PER_PAGE).get_page(request.GET.get("p"))
        found = current.in_bulk(list(page))
        cards = [found[pk] for pk in page if pk in found]
    else:
        page = admin.paginator(queue.rows(current, day), PER_PAGE).get_page(request.GET.get("p"))
        cards = list(page)
    may_merge = access.may_keep(request.user)
    rows = [
        line | {"when": getattr(card, "when", None), "beside": beside.get(card.pk) if may_merge else None}
        for card, line in zip(cards, serializer.lines(cards), strict=True)
    ]
    listed = [{"name": q.name, "title": q.title, "count": counts.get(q.name), "here": q is queue} for q in seen]
    context = {"queue": queue, "queues": listed, "rows": rows, "page": page, "query": f"queue={queue.name}&"}
    return base.render_page(admin, request, "experts/queues.html", "To keep true", **context)


def urls(admin):
    return [base.route(admin, "queues/", queues, "queues", looks=True)]
