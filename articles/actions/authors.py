"""Who counts as an author of a story, whom four eyes keep from approving it: WORKFLOW, Author.

It is asked of three texts together, the one that was last submitted, the revision that is approved and the one that
stands now: whoever is behind a writing byline of any of them, whoever submitted it, and whoever has rewritten it since.
"""

from itertools import groupby

from .. import roles
from ..body import changes
from ..models import Contributor

REWRITTEN = 4  # whoever has changed more than one in this many words has written it


def is_author(article, user):
    """Whether a person wrote, submitted or rewrote a story as it stands. At most eight queries, once for a version."""
    if user.pk == article.submitted_by_id or user.pk in roles.writers(article):
        return True
    # A page asks about one person several times: for each sign-off, and for the moves.
    known = article.__dict__.setdefault("_authors_known", {})
    asked = user.pk, article.version, article.approved_id
    if asked not in known:
        known[asked] = _has_written(article, user)
    return known[asked]


def _has_written(article, user):
    """Whether a person submitted a story, is behind a byline of it that was submitted or approved, or rewrote it."""
    submissions = _submissions_of(article)
    if any(user.pk == submission.by_id for submission in submissions):
        return True
    contents = [submission.revision.content for submission in submissions]
    if article.approved_id:
        contents.append(article.approved.content)
    if user.pk in _writers_of(contents):
        return True
    return bool(submissions) and _has_rewritten(article, user, submissions[-1].revision)


def wrote_revision(article, user, revision, *, at):
    """Whether a person is behind a writing byline of a revision, or had submitted it by a moment: two queries at most.

    Who counts as an author of a story (`is_author`) may be others by now.
    """
    submitted = article.transitions.filter(move="submit", at__lte=at)
    if submitted.values_list("by", flat=True).first() == user.pk:
        return True
    return user.pk in _writers_of([revision.content])


def _submissions_of(article):
    """The last time a story was submitted, and the one that its approval goes back to, where that is another."""
    submitted = article.transitions.filter(move="submit").exclude(revision=None).select_related("revision")
    found = list(submitted[:1])
    if found and article.approved_id and found[0].revision.number > article.approved.number:
        found += submitted.filter(revision__number__lte=article.approved.number)[:1]
    return found


def _writers_of(contents):
    """The users behind the writing bylines of some contents, as they were then and as the contributors stand now."""
    if not contents:
        return set()
    lines = [line for content in contents for line in content["bylines"] if line["role"] == "writer"]
    now = Contributor.objects.filter(pk__in={line["contributor"] for line in lines}).exclude(user=None)
    return {pk for content in contents for pk in content.get("writers", ())} | set(now.values_list("user", flat=True))


def _has_rewritten(article, user, submitted):
    """Whether a person has changed more than a quarter of the words since a revision, or any quoted words.

    Words that they wrote anew count, and of the running text those that they cut. What they saved in a row is compared
    as a whole, so what they took back themselves does not count.
    """
    saved = article.revisions.filter(number__gte=submitted.number).order_by("number").values_list("number", "by")
    spans, before = [], submitted.number
    for by, run in groupby(list(saved)[1:], key=lambda row: row[1]):
        last = [number for number, _ in run][-1]
        spans += [(before, last)] if by == user.pk else []
        before = last
    if not spans:
        return False
    left = changes.count_words(submitted.content) // REWRITTEN
    for first, last in spans:
        old, new = (article.revisions.get(number=number).content for number in (first, last))
        if changes.quoted_words_of(old) != changes.quoted_words_of(new):
            return True
        left -= changes.count_changed(old, new, most=left)
        if left < 0:
            return True
    return False
