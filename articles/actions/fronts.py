"""Launching a front: what readers get on home or a section from this instant on."""

from django.db import transaction

from newsroom import clock
from newsroom.errors import NotAllowed, Refused
from newsroom.models import Instant, Pulse

from .. import roles
from ..models import Front, FrontSlot


def may_arrange(front, user):
    """Whether this person arranges this front: their section's, or home for who runs it."""
    if roles.may(user, "home front"):
        return True
    return front.section_id is not None and roles.may(user, "section front", front)


@transaction.atomic
def launch(front, *, by):
    """Show readers the drafted slots. Refused if a story is in two; readers see only those that are live."""
    front = Front.objects.select_for_update(of=("self",)).select_related("section").get(pk=front.pk)
    if not may_arrange(front, by):
        raise NotAllowed("Your role does not arrange this front.")
    slots = list(front.slots.standing())
    articles = [slot.article_id for slot in slots]
    if len(set(articles)) < len(articles):
        raise Refused("A story stands twice on this front. Remove one of the two.")
    front.launched = [
        {
            "article": slot.article_id,
            "headline": slot.headline,
            "until": slot.until.isoformat() if slot.until else None,
        }
        for slot in slots
    ]
    front.launched_at = clock.instant()
    front.save(update_fields=["launched", "launched_at"])
    for slot in slots:
        if slot.until:
            Instant.objects.get_or_create(at=slot.until)
    Pulse.objects.beat()


def take_off_fronts(article):
    """Take a story's pins off every front, launched or drafted: a pin's headline is words about it.

    Called when a story is withdrawn. Once it is back, somebody pins it anew.
    """
    FrontSlot.objects.filter(article=article).delete()
    for front in Front.objects.select_for_update(of=("self",)).exclude(launched=[]).order_by("pk"):
        standing = [pin for pin in front.launched if pin["article"] != article.pk]
        if standing != front.launched:
            front.launched = standing
            front.save(update_fields=["launched"])
