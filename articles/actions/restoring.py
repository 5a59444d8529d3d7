"""Bringing an earlier version of a story back, as a new version: nothing of what stands now is lost."""

from django.db import transaction

from newsroom.errors import NotAllowed, Refused, Stale, WrongState

from . import waiting, writing
from .take import locked, seen_token

# What a version names by its row, which may be gone by now: {key of its content: what it is called}.
NAMED = {
    "lead_image": "the main picture", "credit": "the credit", "section": "the section", "bylines": "a byline",
    "sections": "a section that it was also filed under", "topics": "a topic", "appearances": "a person",
    "quotes": "a quotation", "translation_of": "the story that it was translated from",
}  # fmt: skip


@transaction.atomic
def restore_version(article, number, *, by, seen):
    """Make an earlier version the working copy again, as the newest version; says in a sentence what came of it.

    What stood until now is a version, too. It asks for the right to edit the text, and does to an approval what any
    save of these words does. `seen` is the token of the page (`take.seen_token`). Raises NotAllowed, Stale, Refused
    for a number that no version has, or WrongState where the story is locked or reads so already.
    """
    article = locked(article)
    if article.locked:
        raise WrongState(
            f"A story that is {article.get_state_display().lower()} is read-only. Take it into work first."
        )
    if writing.may_edit(article, by) != "text":
        raise NotAllowed("You may not change this story as it stands.")
    if seen != seen_token(article):
        raise Stale()
    version = article.revisions.filter(number=number).first()
    if version is None:
        raise Refused(f"This story has no version {number}.")
    until_now = article.version
    writing.restore(article, version.content)
    made = writing.save_revision(article, by=by, seen_version=until_now, why=f"version {number} restored")
    if made.number == until_now:
        raise WrongState(f"The story reads as in version {number} already.")
    said = [f"Version {number} is back, as version {made.number}. What stood until now is version {until_now}."]
    if gone := [what for key, what in NAMED.items() if _is_less(version.content.get(key), made.content.get(key))]:
        said.append(f"Not there any more, and so left out: {', '.join(gone)}.")
    if article.stopped:
        said.append(waiting.said_of_stopped(article.stopped))
    return " ".join(said)


def _is_less(wanted, got):
    """Whether something that a version named has not come back."""
    if isinstance(wanted, list):
        return len(got or ()) < len(wanted)
    return bool(wanted) and not got
