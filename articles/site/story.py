"""A story at its own address: its page, its tombstone, and where an old address leads."""

import copy
import re
from urllib.parse import parse_qsl, urlencode

from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery
from django.http import Http404, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from articles import rendering
from articles.models import Edition, Kind, Path
from articles.rendering import structured
from articles.workflow import UNKNOWN_REASON, WITHDRAWAL_REASONS
from newsroom.database.prepared import NOW, Given, Question
from newsroom.web import pages

from . import frames, living, old_site, shell

STORY_COLUMNS = (
    "pk", "article_id", "kind", "path", "section_id", "language", "rendering__main_html",
    "rendering__template_version", "rendering__rendering_version",
)  # fmt: skip
HEAD_MARK, STORY_MARK = "<!--the page's head-->", "<!--the story-->"
TO_WORDPRESS = frozenset({"replytocom", "share", "like_comment", "amp"})  # words of a query
REDIRECT_SECONDS = 300  # a slug may change back

_kept_frames = pages.Kept()
_kept_pages = pages.Kept(size=256)
_edition_at_path = Question(
    lambda: (
        Edition.objects.in_force(NOW)
        .filter(path=Given("path", CharField()), sealed_at=None)
        .annotate(beat=pages.beat(NOW), uid=F("article__uid"))
        .values(*STORY_COLUMNS, "uid", "beat")
        .order_by()[:1]
    )
)


@require_safe
@pages.remembered
def story(request, **address):
    """The edition in force at this address: 200, its tombstone, a redirect to where the story is now, or 404."""
    row = next(iter(_edition_at_path.ask(path=request.path_info)), None)
    if row is None:
        return redirect_if_moved(request)
    if row["kind"] == Kind.WITHDRAWAL:
        return tombstone(request, row["pk"])
    beat = pages.Beat.read(row["beat"])
    around = shell.shell_for_beat(beat)

    def page():
        main = row["rendering__main_html"]
        versions = row["rendering__template_version"], row["rendering__rendering_version"]
        if main is None or not rendering.is_current_rendering(versions, beat.rendering):
            main = rendering.current_renderings([row["pk"]])[row["pk"]].main_html
        filled = living.gather_living_parts(row["article_id"], row["uid"], main, around, beat).fill(main)
        filled, origins = frames.only_allowed(filled, beat)
        html = page_html(filled, row["language"], row["section_id"], around, beat)
        return pages.PageWithFrames(html.encode(), origins)

    mark = f"{around.today}{row['pk']}{beat.comments}"
    kept = (_kept_pages, beat.state, (row["pk"], around.today))
    return pages.reply(request, page, pulse=beat, mark=mark, kept=kept, until=around.until)


def page_html(filled, language, section, around, beat):
    """A page with filled holes inside the shell; the shell's HTML is made once per state of the paper."""
    head, story = filled.split(rendering.HEAD_ENDS, 1)
    head = structured.fill_site_holes(head)
    embeds = "data-player" in story
    name = (around.today, language, section, embeds)
    before, between, after = _kept_frames.get(
        beat.key, name, lambda: _frame_parts(around.with_current_section(section), language, embeds)
    )
    return "".join((before, head, between, story, after))


def _frame_parts(around, language, embeds):
    context = {
        "shell": around,
        "page": {
            "kind": "story", "language": language, "direction": rendering.text_direction(language), "embeds": embeds,
            "feeds": shell.feed_links(around.publication.name),
        },
        "head": mark_safe(HEAD_MARK),
        "story": mark_safe(STORY_MARK),
    }  # fmt: skip
    with timezone.override(around.zone):
        html = render_to_string("site/edition.html", context)
    before, rest = html.split(HEAD_MARK)
    between, after = rest.split(STORY_MARK)
    return before, between, after


def preview_html(edition, *, every_picture=True):
    """The page readers would get for an edition with its `text`, saved or not; its holes are filled as of now.

    `every_picture` also shows pictures that are not public yet, or no more.
    """
    beat = pages.Beat.now()
    around = shell.shell_for_beat(beat)
    _, main = rendering.render_edition(edition)
    filled = living.gather_living_parts(
        edition.article_id, edition.text.data["uid"], main, around, beat, every_picture=every_picture
    ).fill(main)
    return page_html(filled, edition.language, edition.section_id, around, beat)


def preview_story(edition):
    """The story alone of the page that readers would get, without the discussion and more to read below it."""
    beat = pages.Beat.now()
    around = shell.shell_for_beat(beat)
    _, main = rendering.render_edition(edition)
    story = living.MORE_HOLE.sub("", main.split(rendering.HEAD_ENDS, 1)[1]).replace(living.DISCUSS_HOLE, "")
    parts = living.gather_living_parts(
        edition.article_id, edition.text.data["uid"], story, around, beat, every_picture=True
    )
    return parts.fill(story)


def with_pictures_at(html, edition, prefix):
    """A page with the edition's own pictures asked for under another address than readers', such as "/admin/media/"."""
    data = edition.text.data
    shown = [*data.get("images", {}).values(), *filter(None, [data.get("lead_image")])]
    tokens = "|".join(sorted({re.escape(picture["token"]) for picture in shown}))
    return re.sub(rf"/media/(?={tokens})", lambda _: prefix, html) if tokens else html


# --- withdrawn ----------------------------------------------------------------------------------


def tombstone(request, pk):
    """The page in place of a withdrawn story: when it was withdrawn, the kind of reason, whom to ask."""
    instead = Edition.objects.live().filter(article=OuterRef("replacement"))
    edition = (
        Edition.objects.tombstones()
        .filter(pk=pk)
        .select_related("text")
        .annotate(
            beat=pages.beat(),
            instead=Subquery(instead.values("path")[:1]),
            instead_headline=Subquery(instead.values("text__headline")[:1]),
            instead_language=Subquery(instead.values("language")[:1]),
        )
        .first()
    )
    if edition is None:  # it ended between two queries
        raise Http404("No such page.")
    beat = pages.Beat.read(edition.beat)
    reason = WITHDRAWAL_REASONS.get(edition.reason, UNKNOWN_REASON)
    if reason.leads_elsewhere and edition.instead:
        return redirect(edition.instead)
    headline = edition.text.headline if edition.show_headline else ""

    def context(around):
        page = shell.page_context(around, headline or "Withdrawn", edition.path, kind="tombstone", robots="noindex")
        return {
            "page": page | {"canonical": "", "og": {}},
            "tombstone": {
                "headline": headline,
                "language": edition.language,
                "withdrawn_at": edition.live_from,
                "reason_text": reason.label,
                "reader_text": edition.text.data.get("reader_text", ""),
                "replacement": edition.instead
                and {
                    "url": edition.instead,
                    "headline": edition.instead_headline,
                    "language": edition.instead_language,
                },
            },
            "policy_url": around.policy_url("correct"),
        }

    return shell.answer(request, f"{reason.status}.html", context, beat=beat, status=reason.status)


# --- moved --------------------------------------------------------------------------------------


def _path_in_force(article):
    return Subquery(Edition.objects.in_force().filter(article=article).values("path")[:1])


def redirect_if_moved(request):
    """A redirect from a story's former address to the one in force; Http404 if no story had this address."""
    # A number in the query says which story it was, whatever the path.
    if target := find_moved_query(request):
        return redirect(target)
    if target := find_moved_path(request.path_info):
        return redirect(target, request)
    if target := old_site.find_moved_front(request.path_info):
        return redirect(target)
    raise Http404("No such page.")


def find_moved_query(request):
    """The same for an old address that says in its query which story it was, such as /?p=12."""
    key = Path.legacy_key(request.path_info, request.META.get("QUERY_STRING", ""))
    return find_moved_path(key) if key != request.path_info else None


def find_moved_path(path):
    """The address in force of the story that was once public at this path, or None. One query."""
    if "\x00" in path:  # which PostgreSQL would refuse to compare
        return None
    begun = Edition.objects.begun().filter(article=OuterRef("article"))
    return (
        Path.objects.filter(path=path)
        .filter(Q(Exists(begun.filter(path=OuterRef("path")))) | Q(Exists(begun), legacy=True))
        .annotate(target=_path_in_force(OuterRef("article")))
        .exclude(target=None)
        .exclude(target=path)
        .values_list("target", flat=True)
        .first()
    )


def redirect(path, request=None):
    """A permanent redirect, cached for five minutes only, since a slug may change back.

    With a request its query goes along: where that was no part of the old address, it still says what is wanted.
    What an old site's addresses said to WordPress alone is left out.
    """
    said = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True) if request else []
    query = urlencode([(name, value) for name, value in said if name not in TO_WORDPRESS])
    response = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    response.headers["Cache-Control"] = f"max-age={REDIRECT_SECONDS}"
    return response


@require_safe
def elsewhere(request, rest):
    """Any other address: a redirect from an old address or one without its last slash, else 404."""
    path = request.path_info
    if target := find_moved_query(request):
        return redirect(target)
    if target := find_moved_path(path):
        return redirect(target, request)
    if target := old_site.find_moved_front(path):
        return redirect(target, request)
    if path.endswith("/"):
        raise Http404("No such page.")
    if target := find_moved_path(f"{path}/"):
        return redirect(target, request)
    return _with_last_slash(request, f"{path}/")


def _with_last_slash(request, path):
    """A redirect to the same address with a last slash, or to where that one leads; 404 where it is no page."""
    try:
        found = resolve(path)
    except Resolver404 as error:
        raise Http404("No such page.") from error
    if found.func is elsewhere:
        raise Http404("No such page.")
    asked = copy.copy(request)
    asked.path_info, asked.path = path, f"{request.path}/"
    answer = found.func(asked, *found.args, **found.kwargs)  # Http404 where there is no such page
    if answer.status_code >= 500 or answer.status_code in (400, 403, 404, 405):
        raise Http404("No such page.")
    return answer if answer.has_header("Location") else redirect(path, request)
