"""Taking in the face of an expert."""

from django.db import transaction

from newsroom.errors import NotAllowed
from newsroom.pictures import uploads

from ..models import Portrait


@transaction.atomic
def add_portrait(file, *, by, alt="", credit=""):
    """Keep a picture as a Portrait, on no card yet. What the file says fills a missing credit.

    `by` is None for a command that somebody with the machine runs. Raises uploads.Unfit for a
    file that is no picture we can use, and NotAllowed.
    """
    if by is not None and not by.has_perm("experts.change_expert"):
        raise NotAllowed("Your role does not keep portraits.")
    taken = uploads.take(file)
    credit = credit or taken.metadata.get("credit") or taken.metadata.get("creator") or ""
    return uploads.keep(Portrait, taken, alt=alt or taken.metadata.get("alt", "")[:200], credit=credit[:160])
