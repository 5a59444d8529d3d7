"""Storing the portrait of an expert."""

from django.db import transaction

from newsroom.errors import NotAllowed
from newsroom.pictures import uploads

from ..models import Portrait


@transaction.atomic
def add_portrait(file, *, by, alt="", credit=""):
    """Store a picture as a Portrait that no card has yet. The file's metadata fill a missing credit and alt text.

    `by` is None for a management command. Raises NotAllowed, and uploads.Unfit for a file that is no usable picture.
    """
    if by is not None and not by.has_perm("experts.change_expert"):
        raise NotAllowed("Your role does not keep portraits.")
    taken = uploads.take(file)
    credit = credit or taken.metadata.get("credit") or taken.metadata.get("creator") or ""
    return uploads.keep(Portrait, taken, alt=alt or taken.metadata.get("alt", "")[:200], credit=credit[:160])
