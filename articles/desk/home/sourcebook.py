"""The front page of those who keep the source book: requests of people first, then cards that need checking."""

from functools import partial

from django.urls import reverse

from experts.desk import queues as card_queues
from experts.models import DataRequest, Expert
from newsroom import paper
from newsroom.desk.today import ASIDE, WAITS, Line

from ... import roles
from .base import queue_of

CARD_QUEUES = ("due", "follow-up", "bounced", "failed", "stale", "mend")


def queues_of(user):
    if not roles.may(user, "edit experts"):
        return []
    return [_data_requests, *(partial(_cards_to_keep, card_queues.QUEUE_BY_NAME[name]) for name in CARD_QUEUES)]


def _data_requests(user):
    rows = DataRequest.objects.filter(closed_at=None).select_related("expert").order_by("due", "pk")
    queue = queue_of("requests", "Requests of people", rows, _request_line, empty="Nobody has asked for anything.")
    queue.url = reverse("admin:experts_expert_requests")
    return queue


def _request_line(request):
    url = reverse("admin:experts_expert_request", args=[request.pk])
    name = str(request.expert or "Somebody no longer in the book")
    return Line(name, url, request.due, "due", f"{request.get_kind_display()}.", do="Answer")


def _cards_to_keep(kept, user):
    rows = kept.rows(Expert.objects.current(), paper.today()).only("display_name")
    # What is due today waits; the rest is for a quiet hour.
    place = WAITS if kept.name in ("due", "follow-up", "bounced") else ASIDE
    queue = queue_of(f"cards-{kept.name}", kept.title, rows, partial(_card_line, kept), empty=kept.empty, place=place)
    queue.url = reverse("admin:experts_expert_queues") + f"?queue={kept.name}"
    queue.says = kept.says
    return queue


def _card_line(kept, card):
    url = reverse("admin:experts_expert_change", args=[card.pk])
    when = getattr(card, "when", None)
    return Line(str(card), url, when, kept.says if when else "", f"{kept.title}.", do="Check", counts=False)
