"""Word of rights of pictures, a day before they end and live stories lose a picture."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format

from newsroom import paper
from newsroom.models import User

from .. import roles
from ..models import Image, ImageUse
from . import images
from .notify import tell

AHEAD = timedelta(days=1)


@transaction.atomic
def tell_of_ending_rights():
    """Tell those who keep pictures about live stories that lose one within a day; returns how many pictures.

    Once for each end of rights: the picture desk, the managing editors, and whoever uploaded the picture and may still
    change its rights. Each is told once of all their pictures.
    """
    told = ImageUse.objects.live().ending(AHEAD).exclude(image__rights_mailed_for=F("image__rights_until"))
    stories = defaultdict(list)
    for use in told.select_related("image__uploaded_by", "edition__text").order_by("image__rights_until", "pk"):
        stories[use.image].append(use.edition.text.headline)  # as readers know it
    claimed = [image for image in stories if _claim(image)]
    keepers = User.objects.filter(
        groups__name__in=[roles.Role.PICTURE, roles.Role.MANAGING], is_active=True, is_staff=True
    ).distinct()
    theirs = dict.fromkeys(keepers, claimed)
    for image in claimed:
        user = image.uploaded_by
        if user and user not in keepers and images.may_edit(image, user):
            theirs.setdefault(user, []).append(image)
    for pictures in {tuple(pictures) for pictures in theirs.values() if pictures}:
        texts = {user: _text(pictures, stories) for user, its in theirs.items() if tuple(its) == pictures}
        tell("rights", to=texts, link=_page_of(pictures))
    return len(claimed)


def _claim(image):
    """Whether the mail about this end of its rights is ours to send: another process may just have done so."""
    row = Image.objects.filter(pk=image.pk, rights_until=image.rights_until)
    return row.exclude(rights_mailed_for=F("rights_until")).update(rights_mailed_for=image.rights_until)


def _page_of(pictures):
    """The picture's page; of several, the desk's front page, where they stand in a queue."""
    return (
        reverse("admin:index") if len(pictures) > 1 else reverse("admin:articles_image_change", args=[pictures[0].pk])
    )


def _text(pictures, stories):
    lines = ["When its rights end, readers lose a picture at once. These live stories then stand without it:"]
    for image in pictures:
        until = date_format(paper.local(image.rights_until), "j F Y, H:i")
        lines.append(f"“{image}”, until {until}: {', '.join(dict.fromkeys(stories[image]))}")
    return "\n".join(lines)
