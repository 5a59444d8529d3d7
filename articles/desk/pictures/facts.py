"""What the desk is told of a picture: where it stands, what stands against printing it, where it comes from."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format

from newsroom import clock, paper
from newsroom.pictures.credentials import Seal
from newsroom.pictures.source_types import SOURCE_TYPES

from ...actions import images
from ...body import provenance
from ...models import Article, Contributor, Edition, ImageUse, PictureRuling
from .filters import SOON

SEEN, COUNTED = 20, 1000  # live stories that the form names, and counts


def live_stories(image):
    """The live editions that show a picture, newest first; COUNTED of them at the most."""
    uses = image.uses.live().select_related("edition__article").only("edition__number", "edition__article__headline",
                                                                    "edition__article__catchline")  # fmt: skip
    return [use.edition for use in uses.order_by("-edition__first_published_at", "-pk")[:COUNTED]]


def desk_address_of(what):
    """The desk's page for something that shows a picture."""
    if isinstance(what, Edition):
        return reverse("admin:articles_article_edition", args=[what.article_id, what.number])
    return reverse(f"admin:{what._meta.app_label}_{what._meta.model_name}_change", args=[what.pk])


# --- tags --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tag:
    """A word on a picture: level is bad (it may not run), warned or plain."""

    words: str
    level: str = ""


def with_tags(pictures):
    """Set `tags` and `live_count` on each picture of a page, and return them; at most two queries."""
    pictures = list(pictures)
    live = ImageUse.objects.live().filter(image__in=[image.pk for image in pictures]).order_by()
    counts = dict(live.values_list("image").annotate(Count("edition__article", distinct=True))) if pictures else {}
    rulings = PictureRuling.objects.in_force([image for image in pictures if image.ai])
    for image in pictures:
        image.live_count = counts.get(image.pk, 0)
        image.tags = tags_of(image, rulings.get(image.pk))
    return pictures


def tags_of(image, ruling=None):
    """What somebody who chooses a picture has to know of it first."""
    now, tags = clock.process_time(), []
    if not image.original:
        tags.append(Tag("No file", "bad"))
    if image.restricted:
        tags.append(Tag("Restricted", "bad"))
    if image.rights_until and image.rights_until <= now:
        tags.append(Tag("Rights ended", "bad"))
    elif image.rights_until and image.rights_until <= now + SOON:
        tags.append(Tag(f"Ends {date_format(paper.local(image.rights_until), 'D j M')}", "warned"))
    if image.ai:
        refused = ruling is None or not ruling.lets_it_run
        tags.append(Tag(provenance.ai_label(image.ai), "bad" if refused else "warned"))
    if image.usage_terms or image.instructions:
        tags.append(Tag("Terms"))
    if not (image.alt or image.decorative):
        tags.append(Tag("No alt text", "warned"))
    if (image.credentials or {}).get("seal") == Seal.BROKEN:
        tags.append(Tag("Seal broken", "warned"))
    return tags


# --- one picture -------------------------------------------------------------------------------


def facts_of(image):
    """(name, words) lines about a picture for whoever chooses it; those that say nothing are left out."""
    until = image.rights_until and f"until {date_format(paper.local(image.rights_until), 'j F Y, H:i')}"
    made = (image.made_on and date_format(image.made_on, "j F Y"), image.place)
    lines = [
        ("Rights", "May not be published" if image.restricted else until or "Without end"),
        ("Terms", image.usage_terms),
        ("Instructions", image.instructions),
        ("Source", image.source),
        ("Copyright", image.copyright),
        ("Made", ", ".join(filter(None, made))),
        ("Kind", SOURCE_TYPES[image.source_type].name if image.source_type in SOURCE_TYPES else ""),
        ("Who is in it", image.people),
        ("Keywords", image.keywords),
    ]
    return [line for line in lines if line[1]]


def seal_of(image):
    """How the content credentials of a picture stand, for a page: their words, level and steps; None without any."""
    found = image.credentials or {}
    if not found:
        return None
    names = {
        Seal.KNOWN: ("Signature holds", "good"), Seal.HOLDS: ("Holds, signer unknown", "plain"),
        Seal.BROKEN: ("Does not hold", "bad"), Seal.UNREAD: ("Could not be read", "warned"),
    }  # fmt: skip
    words, level = names[Seal(found["seal"])]
    parts = [f"Made from {', '.join(found['parts'])}"] if found.get("parts") else []
    authors = [f"By {', '.join(found['authors'])}"] if found.get("authors") else []
    steps = [provenance.step_in_words(step) for step in found.get("steps", ())]
    return {"words": words, "level": level, "told": provenance.seal_in_words(found), "steps": authors + parts + steps}


def uses_of(image):
    """Where a picture is used: [{name, url, how}], each story once, with how it stands there."""
    live = set(image.uses.live().values_list("edition", flat=True))
    stories, others = {}, []
    for how, what in images.where_used(image):
        if isinstance(what, Contributor):
            others.append({"name": str(what), "url": desk_address_of(what), "how": "portrait"})
            continue
        article = what if isinstance(what, Article) else what.article
        line = stories.setdefault(article.pk, {"name": str(article), "url": desk_address_of(article), "told": {}})
        if article.section:
            line["told"].setdefault(article.section.name)
        if isinstance(what, Article):
            line["told"].setdefault(f"{how}, {article.get_state_display().lower()}")
        elif what.pk in live:
            since = date_format(paper.local(what.first_published_at), "j F Y")
            line["told"].setdefault(f"live since {since}")
        else:
            line["told"].setdefault("in an edition that is over or waits")
    told = [{"name": line["name"], "url": line["url"], "how": " · ".join(line["told"])} for line in stories.values()]
    return told + others
