"""Requests of people about their data: adding one, adding to it, and closing it with a decision."""

import calendar

from django.db import transaction

from newsroom import clock
from newsroom.errors import Refused, WrongState

from .. import access
from ..models import DataRequest, Expert
from . import cards

WORDS_LENGTH = DataRequest._meta.get_field("words").max_length


class RequestIsOpen(WrongState):
    """An open request of the same kind exists; `request` is that one."""

    def __init__(self, request):
        self.request = request
        super().__init__(f"“{request.get_kind_display()}” stands open already.")


def due_date(received):
    """The day by which a request has to be answered: a month after it was received (Art. 12(3) GDPR)."""
    year, month = received.year + received.month // 12, received.month % 12 + 1
    return received.replace(year=year, month=month, day=min(received.day, calendar.monthrange(year, month)[1]))


@transaction.atomic
def add_request(expert, *, kind, received, words="", proposed=None, by):
    """Add a request; `by` is None where the person sent it themselves.

    Raises NotAllowed, Refused for an unknown kind, and RequestIsOpen where the desk enters one of a kind that is open.
    """
    access.must_keep(by, "Your role does not keep requests.")
    if kind not in dict(DataRequest.KINDS):
        raise Refused("There is no such kind of request.", field="kind")
    if expert is not None and by is not None:
        Expert.objects.select_for_update().get(pk=expert.pk)  # the second of two clicks waits for the first
        if open_one := expert.requests.filter(kind=kind, closed_at=None).first():
            raise RequestIsOpen(open_one)
    request = DataRequest.objects.create(
        expert=expert, kind=kind, received=received, due=due_date(received), words=words, proposed=proposed or {}
    )
    if expert is not None:
        cards.record_change(expert, "requests", f"Request received: {request.get_kind_display().lower()}", by=by)
    return request


def lock_request(request):
    """The DataRequest, fresh and locked. Its card is locked first, as everywhere, so that there is no deadlock.

    Raises Refused where the card was merged at the same moment.
    """
    card = DataRequest.objects.values_list("expert_id", flat=True).get(pk=request.pk)
    Expert.objects.select_for_update().filter(pk=card).first()
    request = DataRequest.objects.select_for_update().get(pk=request.pk)
    if request.expert_id != card:
        raise Refused("The card was merged into another in this moment. Look again, then decide.")
    return request


def join_words(before, words):
    """What somebody wrote before and what they write now, with an empty line between; a repetition is left out."""
    words = words.strip()
    # Compared by paragraphs: “delete my phone” is new after “keep my address, delete my phone”.
    return before if f"\n\n{words}\n\n" in f"\n\n{before}\n\n" or not words else f"{before}\n\n{words}".strip()


@transaction.atomic
def add_words(request, words, *, by):
    """Add words to an open request; its due date stays.

    Raises NotAllowed, and Refused where it is closed, has these words already, or has no room.
    """
    access.must_keep(by, "Your role does not keep requests.")
    request = lock_request(request)
    if request.closed_at:
        raise Refused("That request was closed meanwhile. Keep this one as a new one.")
    together = join_words(request.words, words)
    if together == request.words:
        raise Refused("Write what they wrote now: this stands in the open request already.", field="words")
    if len(together) > WORDS_LENGTH:
        raise Refused(f"There is no room for it: a request holds {WORDS_LENGTH:,} characters.", field="words")
    request.words = together
    request.save(update_fields=["words"])
    if request.expert_id:
        cards.record_change(request.expert, "requests", f"More words to: {request.get_kind_display().lower()}", by=by)
    return request


@transaction.atomic
def close_request(request, *, decision, ground="", by):
    """Close a request with a decision. Raises NotAllowed, and Refused without a decision or where it is closed."""
    access.must_keep(by, "Your role does not decide requests.")
    if not decision.strip():
        raise Refused("Say what was decided.", field="decision")
    lock_request(request)
    open_one = DataRequest.objects.filter(pk=request.pk, closed_at=None)
    fields = {"decision": decision, "ground": ground, "handler": by, "closed_at": clock.process_time()}
    if not open_one.update(**fields):
        raise Refused("This request was closed already.")
    request.refresh_from_db()
    if request.expert_id:
        cards.record_change(request.expert, "requests", f"Request closed: {request.get_kind_display().lower()}", by=by)
    return request
