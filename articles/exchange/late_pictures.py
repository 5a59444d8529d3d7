"""Pictures whose files came after their stories: what readers have now is drawn again with them."""

from django.db import transaction
from django.db.models import Q

from newsroom import clock

from ..actions import freezing, gate, writing
from ..actions.gate import Plan
from ..actions.take import locked
from ..models import Article, BodyReference, Edition, Image, Kind

WHY = "the file of a picture came"
LATE = "file_came_late"


def mark_as_late(image):
    """Remember that its file came after stories may have been drawn without it, until they are drawn again."""
    image.metadata = {**image.metadata, LATE: True}
    image.save(update_fields=["metadata"])


def redraw_stories():
    """Draw every live or waiting story again that names a picture which came late; yields the stories.

    A run that was killed before leaves its pictures marked, so the next one finds them.
    """
    late = Image.objects.filter(**{f"metadata__{LATE}": True})
    named = BodyReference.objects.filter(kind="image", target__in=late.values("pk")).values("article")
    for article in list(Article.objects.filter(Q(pk__in=named) | Q(lead_image__in=late.values("pk"))).order_by("pk")):
        if _redraw(article):
            yield article
    for image in list(late):
        image.metadata.pop(LATE)
        image.save(update_fields=["metadata"])


@transaction.atomic
def _redraw(article):
    """Open a refresh of the live edition with its pictures, and write a waiting one again; True if either."""
    article = locked(article)
    live = article.editions.live().select_related("text", "revision").first()
    waiting = article.editions.waiting().exclude(kind=Kind.WITHDRAWAL).select_related("text", "revision").first()
    changed_live, changed_waiting = (edition and _pictures_that_came(edition) for edition in (live, waiting))
    if not changed_live and not changed_waiting:
        return False
    if waiting:  # not for long: nobody is told that a schedule of theirs was cancelled
        gate.cancel_waiting(article, clock.instant(), by=None)
    if changed_live:
        gate.open_again(article, live, Plan(Kind.REFRESH, None, why=WHY), **changed_live)
    if waiting:
        plan = Plan(
            waiting.kind, waiting.by, waiting.live_from, why=waiting.why, line=waiting.line, imported=waiting.imported
        )
        gate.open_again(article, waiting, plan, **(changed_waiting or {}))
    writing.record_transition(
        article, "refresh", start=article.state, by=None, revision=article.revisions.first(), note=WHY
    )
    return True


def _pictures_that_came(edition: Edition):
    """What the data of an edition holds of pictures as of now, or {} where nothing came that it lacked."""
    text, lead = edition.text, edition.revision.content.get("lead_image") or {}
    numbers = freezing.references.references_of(text.body, language=edition.language).images
    now = freezing.pictures_as_data(numbers, lead)
    # What it printed already stays as it was frozen.
    now["images"] = now["images"] | text.data["images"]
    now["lead_image"] = text.data["lead_image"] or now["lead_image"]
    return now if any(now[name] != text.data[name] for name in now) else {}
