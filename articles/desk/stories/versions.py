"""The versions of a story: their list, any two beside each other, one as it reads, and bringing one back."""

from collections import defaultdict

from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from newsroom import clock
from newsroom.desk.base import number
from newsroom.desk.refusals import Attempt
from newsroom.errors import Refused

from ... import roles
from ...actions import restoring, take, writing
from ...rendering import text_direction
from .compared import differences
from .reading import readable_body

VERSIONS_A_PAGE = 30
MOST_MOVES = 300  # of the versions of one page, the newest
LIVE, NEWEST = "live", "now"


class VersionPages:
    """The pages of a story's versions, mixed into the article's admin with `EditionPages`."""

    def versions_view(self, request, pk):
        """Every version, newest first, a page at a time; and two of them compared, where they are asked for.

        `a` and `b` are their numbers, “live” for what readers have now and “now” for the working copy.
        """
        article = self._story_for_past(request, pk, editions=False)
        before = number(request.GET.get("before"))
        rows = article.revisions.select_related("by").defer("content")
        rows = list((rows.filter(number__lt=before) if before else rows)[: VERSIONS_A_PAGE + 1])
        versions = rows[:VERSIONS_A_PAGE]
        edition = article.editions.in_force().select_related("revision__by").defer("revision__content").first()
        self._with_editions(request, article, versions)
        self._with_moves(article, versions)
        asked = {side: request.GET[side].strip() for side in "ab" if request.GET.get(side, "").strip()}
        context = {
            "versions": versions,
            "older": versions[-1].number if len(rows) > VERSIONS_A_PAGE else None,
            "live": edition if edition and not edition.is_tombstone else None,
            "asked": asked or {"a": article.version - 1 or 1, "b": NEWEST},
        }
        wrong = ""
        if asked:
            with Attempt() as attempt:
                context |= self._compared(article, context["live"], asked)
            wrong = attempt.words
        context = self._context(
            request, article, f"Versions of “{article}”", named="Versions of", wrong=wrong, **context
        )
        return TemplateResponse(request, "admin/articles/article/versions.html", context, status=400 if wrong else 200)

    def _with_editions(self, request, article, versions):
        """Say of each version which editions were made of it, to those who see editions; one query."""
        made = {}
        if versions and roles.may(request.user, "see editions", article):
            now, numbers = clock.process_time(), [version.number for version in versions]
            for edition in article.editions.filter(revision__number__in=numbers).order_by("number"):
                edition.stands = standing_of(edition, now)
                made.setdefault(edition.revision_id, []).append(edition)
        for version in versions:
            version.printed_as = made.get(version.pk, [])

    def _with_moves(self, article, versions):
        """Say of each version which moves were made on it, (label, Transition), the first one first; one query."""
        numbers = [version.number for version in versions]
        made = article.transitions.filter(revision__number__in=numbers).select_related("by")
        moves = defaultdict(list)
        for one in reversed(made[:MOST_MOVES]):
            moves[one.revision_id].append((one.label, one))
        for version in versions:
            version.moves = moves[version.pk]

    def _compared(self, article, live, asked):
        older = self._side(article, live, asked.get("a", "1"))
        newer = self._side(article, live, asked.get("b", NEWEST))
        return {"a": older, "b": newer, "sides": [older, newer], "changes": differences(older.content, newer.content)}

    def _side(self, article, live, said):
        """The version that is meant by its number, “live” or “now”, with `called` as its name."""
        if said == LIVE:
            if live is None:
                raise Refused("Readers have nothing of this story now.")
            version, called = live.revision, f"What readers have now (version {live.revision.number})"
        else:
            wanted = article.version if said == NEWEST else number(said)
            version = wanted and article.revisions.select_related("by").filter(number=wanted).first()
            if not version:
                raise Refused(f"This story has no version “{said[:20]}”. Its versions are 1 to {article.version}.")
            called = f"Version {version.number}"
            if version.number == article.version:
                called = f"The working copy (version {version.number})"
        version.called = called
        return version

    def version_view(self, request, pk, number):
        """One version as it reads, and what bringing it back would change; by POST, bring it back."""
        article = self._story_for_past(request, pk, editions=False)
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        version = article.revisions.select_related("by").filter(number=number).first()
        if version is None:
            raise Http404
        attempt = Attempt()
        if request.method == "POST":
            with attempt:
                done = restoring.restore_version(article, number, by=request.user, seen=request.POST.get("seen", ""))
            if not attempt.refusal:
                self.message_user(request, done, messages.SUCCESS)
                return redirect("admin:articles_article_change", article.pk)
        self._with_editions(request, article, [version])
        newest, content = article.revisions.first(), version.content
        language = content.get("language", article.language)
        context = self._context(
            request,
            article,
            f"Version {number} of “{article}”",
            named=f"Version {number} of",
            version=version,
            newest=newest,
            changes=differences(newest.content, content) if newest.number != number else [],
            may_restore=newest.number != number and writing.may_edit(article, request.user) == "text",
            why_not=attempt.words,
            seen=take.seen_token(article),
            content=content,
            language=language,
            direction=text_direction(language),
            body=readable_body(content.get("body", ""), language),
        )
        return TemplateResponse(request, "admin/articles/article/version.html", context, status=attempt.status)


def standing_of(edition, now):
    """Whether an edition is live, waiting, past, withdrawn or cancelled, in a word."""
    if edition.was_planned_only:
        return "Cancelled"
    if edition.live_from > now:
        return "Waiting"
    if edition.live_until and edition.live_until <= now:
        return "Past"
    return "Withdrawn" if edition.is_tombstone else "Live"
