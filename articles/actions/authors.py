"""Who counts as an author of a story, whom four eyes keep from approving it: WORKFLOW, Author.

It is asked of three texts together, the one that was last submitted, the revision that is approved and the one that
stands now: whoever is behind a writing byline of any of them, whoever submitted it, and whoever has rewritten it since
it was first submitted, of which what stood there when it was last submitted counts.
"""

import re
from itertools import groupby

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce

from experts.models import Expert
from newsroom.folding import fold

from .. import roles
from ..body import changes
from ..models import Contributor

REVISING = ("revise", "revise-withdrawn")  # the moves that begin the work on another text
RESTORED = re.compile(r"version (\d+) restored")  # why a version was saved that brings an earlier one back
REWRITTEN = 4  # whoever has changed more than one in this many words has written it


def is_author(article, user):
    """Whether a person wrote, submitted or rewrote a story as it stands. At most six queries, once for a version."""
    if user.pk == article.submitted_by_id or user.pk in roles.writers(article):
        return True
    # A page asks about one person several times: for each sign-off, and for the moves.
    known = article.__dict__.setdefault("_authors_known", {})
    asked = user.pk, article.version, article.approved_id
    if asked not in known:
        known[asked] = _has_written(article, user)
    return known[asked]


def _has_written(article, user):
    """Whether a person submitted a story, is behind a byline of it then, approved or now, or rewrote it."""
    submissions = _submissions_of(article)
    if any(user.pk == submission.by_id for submission in submissions):
        return True
    contents = [submission.revision.content for submission in submissions]
    if article.approved_id:
        contents.append(article.approved.content)
    if any(user.pk in content.get("writers", ()) for content in contents):
        return True
    if _is_behind_a_byline(article, contents, user):
        return True
    return bool(submissions) and _has_rewritten(article, user, submissions[-1])


def wrote_revision(article, user, revision, *, at):
    """Whether a person is behind a writing byline of a revision, or had submitted it by a moment: four queries at most.

    Who counts as an author of a story (`is_author`) may be others by now.
    """
    submitted = article.transitions.filter(move="submit", at__lte=at)
    if submitted.values_list("by", flat=True).first() == user.pk:
        return True
    if user.pk in revision.content.get("writers", ()):
        return True
    lines = [line for line in revision.content["bylines"] if line["role"] == "writer"]
    return _is_one_of({line["contributor"] for line in lines}, lines, user)


def _submissions_of(article):
    """The last time a story was submitted, and the one that its approval goes back to, where that is another."""
    submitted = article.transitions.filter(move="submit").exclude(revision=None).select_related("revision")
    found = list(submitted[:1])
    if found and article.approved_id and found[0].revision.number > article.approved.number:
        found += submitted.filter(revision__number__lte=article.approved.number)[:1]
    return found


def _is_behind_a_byline(article, contents, user):
    """Whether a person is behind a writing byline of a story or of some contents, as the contributors stand now.

    Somebody may be entered twice: a contributor without an account who has their name or address is they.
    """
    lines = [line for content in contents for line in content["bylines"] if line["role"] == "writer"]
    now = {line.contributor_id for line in article.bylines.all() if line.role == "writer"}
    return _is_one_of(now | {line["contributor"] for line in lines}, lines, user)


def _is_one_of(contributors, lines, user):
    """Whether a person is one of some contributors, by account, address or name, or by names in bylines."""
    printed = {}
    for line in lines:
        printed.setdefault(line["contributor"], set()).add(line["name"])
    known = Contributor.objects.filter(Q(pk__in=contributors) | Q(user=user)).select_related("user")
    own = next((contributor for contributor in known if contributor.user_id == user.pk), None)
    if own and own.pk in contributors:
        return True
    behind = [contributor for contributor in known if contributor.pk in contributors]
    names = {_name(name) for name in (user.get_full_name(), own and own.name)} - {""}
    addresses = {user.email.casefold()} - {""}
    public = own.email.casefold() if own else ""
    for contributor in behind:
        if contributor.user:
            # Of namesakes with an account each, neither is the other.
            if contributor.user.email.casefold() in addresses:
                return True
            continue
        theirs = contributor.email.casefold()
        if theirs in addresses or theirs == public != "" and not _is_shared(public, user):
            return True
        if names & {_name(name) for name in (contributor.name, *printed.get(contributor.pk, ()))}:
            return True
    return False


def _name(name):
    """A name as two entries of one person are compared: folded, whichever part comes first."""
    return " ".join(sorted(fold(name or "").split()))


def _is_shared(address, user):
    """Whether another on the staff has this public address, too, as the newsdesk's."""
    return Contributor.objects.filter(email__iexact=address).exclude(user=None).exclude(user=user).exists()


def _has_rewritten(article, user, submission):
    """Whether a person has changed more than a quarter of the words of what was submitted, or any quoted words.

    Words that they wrote anew count, and of the running text those that they cut: all of them since that submission,
    and of the time from the first to it, while the same text was worked on, those that still stood there. What they
    saved in a row is compared as a whole, so what they took back themselves does not count. Where they restored an
    earlier version, what came after that is as if it had never been: words of others that come back are not theirs.
    """
    submitted, since = submission.revision, _first_submitted(article, submission)
    spans, before = [], since
    saved = _line_of_versions(article, user, since)
    for (by, _), run in groupby(saved[1:], key=lambda row: (row[1], row[0] > submitted.number)):
        last = [number for number, _ in run][-1]
        spans += [(before, last)] if by == user.pk else []
        before = last
    if not spans:
        return False

    def content(number):
        return submitted.content if number == submitted.number else article.revisions.get(number=number).content

    origin = content(since)
    left = changes.count_words(submitted.content) // REWRITTEN
    for first, last in spans:
        old, new = content(first), content(last)
        if last <= submitted.number:
            left -= changes.count_standing(old, new, submitted.content)
            quoted = changes.changes_quotations_that_stand(old, new, submitted.content)
        else:
            left -= changes.count_changed(old, new, most=left)
            quoted = changes.quoted_words_of(old) != changes.quoted_words_of(new)
        if left < 0 or quoted or _gives_words_to_another(origin, old, new, stands=last > submitted.number or submitted):
            return True
    return False


def _line_of_versions(article, user, since):
    """[(number, by)] of the versions from one on that lead to the newest: without those that a restored one undid.

    Only what this person restored is followed, where the version that was restored is one of these and every word of
    it came back.
    """
    line = []
    rows = article.revisions.filter(number__gte=since).order_by("number").values_list("number", "by", "why")
    for number, by, why in list(rows):
        restored = RESTORED.fullmatch(why) if by == user.pk else None
        kept = [row for row in line if restored and row[0] <= int(restored[1])]
        if kept and kept[-1][0] == int(restored[1]) and _read_alike(article, int(restored[1]), number):
            line = kept
        else:
            line.append((number, by))
    return line


def _read_alike(article, one, other):
    """Whether two versions of a story have the same words, and quote the same people with them."""
    old, new = article.revisions.filter(number__in=[one, other]).values_list("content", flat=True)
    return changes.texts_of(old) == changes.texts_of(new) and changes.speakers_of(old) == changes.speakers_of(new)


def _first_submitted(article, submission):
    """The number of the version that was first submitted of the text that a submission passed on."""
    revised = article.transitions.filter(move__in=REVISING, pk__lt=submission.pk).order_by("-pk")
    begun = Coalesce(Subquery(revised.values("pk")[:1]), 0)
    submitted = article.transitions.filter(move="submit", pk__gt=begun, pk__lte=submission.pk).exclude(revision=None)
    return submitted.order_by("pk").values_list("revision__number", flat=True).first()


def _gives_words_to_another(origin, old, new, stands):
    """Whether a content ties quoted words to somebody else than an older one, or the first submitted one, did.

    `stands` is the Revision in which that has to stand, or True for wherever it stands.
    """
    before, old, new = (changes.speakers_of(content) for content in (origin, old, new))
    kept = new if stands is True else changes.speakers_of(stands.content)
    for words in new:
        given, taken = (new[words] - old[words]) & kept[words], (old[words] | before[words]) - new[words]
        if given and taken:
            # A card that was merged is the one that stands.
            standing = Expert.objects.survivors_of({*given, *taken})
            if {standing.get(pk, pk) for pk in given} - {standing.get(pk, pk) for pk in taken}:
                return True
    return False
