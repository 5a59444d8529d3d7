"""Where the addresses of an old site lead that were no story's: fronts, pages, pictures and days."""

import re
from datetime import date, datetime, time, timedelta

from django.urls import reverse

from articles.models import Edition, Image, OldAddress
from newsroom import paper

from . import archive

# What WordPress adds to a front's address, and to the name of a smaller size of a picture.
MORE_OF_A_FRONT = re.compile(r"(?P<front>.*?/)(?:(?P<feed>feed/(?:rss2?/|atom/)?)|page/\d+/)?")
RESIZED = re.compile(r"-\d+x\d+(?=\.\w+$)|-(?:scaled|rotated)(?=\.\w+$)")
DAY = re.compile(r"/(?P<year>(?:1[6-9]|20)\d\d)/(?:(?P<month>\d\d)/(?:(?P<day>\d\d)/)?)?")
WITH_TARGETS = ("section", "topic__merged_into", "contributor", "page", "image")


def find_moved_front(path):
    """Where an old address leads that was no story's, or None where there is no page for it."""
    if "\x00" in path or len(path) > 400:
        return None
    whole = path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"
    parts = MORE_OF_A_FRONT.fullmatch(whole)
    front, feed = (parts["front"], parts["feed"]) if parts else (whole, None)
    asked = {path, whole, front, front.rstrip("/"), RESIZED.sub("", path)}
    row = OldAddress.objects.filter(path__in=asked).select_related(*WITH_TARGETS).order_by("pk").first()
    if row is None:
        return _archive_of(front) if not feed else None
    target = _page_of(row)
    return f"{target}feed/" if target and feed and not row.image_id and not row.page_id else target


def _page_of(row):
    """The page of what an old address stands for, or None if readers see none."""
    if row.section_id:
        return row.section.get_absolute_url() if row.section.visible else None
    if row.topic_id:
        topic = row.topic.merged_into or row.topic
        filed = Edition.objects.live().filed_under("topic", pk=topic.pk).exists()
        return topic.get_absolute_url() if filed else None
    if row.contributor_id:
        signed = Edition.objects.live().filter(editioncontributor__contributor=row.contributor_id).exists()
        return row.contributor.get_absolute_url() if signed else None
    if row.page_id:
        return row.page.get_absolute_url() if row.page.public else None
    image = Image.objects.public().filter(pk=row.image_id).first() if row.image_id else None
    return image.url(image.widths[-1]) if image else None


def _archive_of(path):
    """The archive's page of a day, month or year of an old site, if a story was published then."""
    found = DAY.fullmatch(path)
    if not found:
        return None
    try:
        first = date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    except ValueError:
        return None
    after = first + timedelta(days=1 if found["day"] else 31 if found["month"] else 366)
    begins, ends = (datetime.combine(day, time(), paper.zone()) for day in (first, after))
    stories = Edition.objects.live().filter(first_published_at__gte=begins, first_published_at__lt=ends)
    at = stories.order_by("first_published_at").values_list("first_published_at", flat=True).first()
    day = at and paper.day_of(at)
    if day and found["day"]:
        return archive.day_path(day)
    # A month has fewer than 31 days, so the first story may be the next one's.
    if day and path.startswith(f"/{day:%Y}/") and found["month"] in (None, f"{day:%m}"):
        return f"{reverse('site:archive')}?month={day:%Y-%m}"
    return None
