"""The address of a story: what it is made of, and whether it is free; and its id in feeds."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from newsroom import folding, paper
from newsroom.errors import Refused

from ..models import Article, Path, State


def story_path(section_slug, first_published_at, slug):
    """A story's address: its section, the date of first publication in the paper's zone, its slug."""
    day = first_published_at.astimezone(paper.zone())
    return f"/{section_slug}/{day:%Y/%m/%d}/{slug}/"


def story_with_slug(slug, section, article=None):
    """The other story that would have the same address, if both were published today; None where it is free."""
    rivals = (
        Article.objects.filter(slug=slug, section=section)
        .exclude(pk=article.pk if article else None).exclude(state=State.SPIKED)
        .only("headline", "catchline").prefetch_related("paths")[:20]
    )  # fmt: skip
    today = f"{paper.today():/%Y/%m/%d/}"
    for rival in rivals:
        paths = [path.path for path in rival.paths.all()]
        if not paths or any(today in path for path in paths):
            return rival
    return None


def slug_from_headline(headline, section, article=None):
    """A slug made from a headline of any script that no other story of the section has; "" if it has no words."""
    slug = base = folding.slug_of(headline, 76)
    number = 2
    while slug and number < 100 and story_with_slug(slug, section, article):
        slug, number = f"{base}-{number}", number + 1
    return slug


def path_of_another(article, section, slug, at):
    """The address that this story would get at a moment, if it belongs to another story; else ""."""
    first = article.editions.in_force(at).values_list("first_published_at", flat=True).first() or at
    path = story_path(section.slug, first, slug)
    return path if Path.objects.filter(path=path).exclude(article=article).exists() else ""


def path_of_edition(edition, content, current):
    """The address of a new edition, after `current`, the one in force, or None.

    The date stays that of first publication, and a section renamed since changes nothing.
    """
    if current and edition.is_tombstone:
        return current.path
    if current and current.section_id == edition.section_id:
        start, _, slug = current.path.rstrip("/").rpartition("/")
        return current.path if slug == content["slug"] else f"{start}/{content['slug']}/"
    return story_path(edition.section.slug, edition.first_published_at, content["slug"])


URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f\x7f]+")


def feed_id_of(article, first_published_at, *, imported=False):
    """The id of a story in feeds, for its first edition; every later one has the same, wherever the paper moves to.

    An imported story keeps the one that its readers' programs know, if that is a URI, as Atom wants it.
    """
    if imported and URI.fullmatch(article.imported_from):
        return article.imported_from
    host, year = urlsplit(settings.SITE_URL).hostname, paper.day_of(first_published_at).year
    return f"tag:{host},{year:04}:story-{article.pk}"


def claim_path(article, path):
    """Write down that an address is this story's; Refused if it belongs to another."""
    row, _ = Path.objects.get_or_create(path=path, defaults={"article": article})
    if row.article_id != article.pk:
        raise Refused(f"The address {path} belongs to another story. Choose another slug.", field="slug")


def release_path(article, path):
    """Give back an address that was only ever planned."""
    if (
        not article.editions.begun().filter(path=path).exists()
        and not article.editions.waiting().filter(path=path).exists()
    ):
        Path.objects.filter(path=path, article=article, legacy=False).delete()
