"""A story's past: its editions and versions, and what changed between two of them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.html import format_html

from newsroom import clock
from newsroom.desk.base import number
from newsroom.models import Topic

from ... import roles
from ...models import Image, Revision, Section
from ...rendering import text_direction
from ...workflow import MOVES
from .conflict import changes_as_html
from .reading import readable_body

LINES = {
    "headline": "Headline", "short_headline": "Short headline", "label": "Label", "standfirst": "Standfirst",
    "body": "Text", "dateline": "Dateline", "slug": "Address", "seo_title": "Search title",
    "social_title": "Social title", "genre": "Kind", "origin": "Origin", "language": "Language",
}  # fmt: skip


EDITIONS_A_PAGE = 100


class EditionPages:
    """The pages of a story's past, mixed into the article's admin; each checks permission itself."""

    def _story_for_past(self, request, pk, *, editions):
        article = self.get_object(request, str(pk))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        if editions and not roles.may(request.user, "see editions", article):
            raise PermissionDenied
        return article

    def _context(self, request, article, title, *, named="", **more):
        return (
            self.admin_site.each_context(request)
            | {"title": title, "opts": self.opts, "original": article, "story": article}
            | {"heading": format_html("{} “<bdi>{}</bdi>”", named, article) if named else ""}
            | more
        )

    def history_view(self, request, object_id, extra_context=None):
        """Every move of the story, newest first."""
        article = self._story_for_past(request, object_id, editions=False)
        moves = [
            (MOVES[t.move].label if t.move in MOVES else t.move.replace("-", " ").capitalize(), t)
            for t in article.transitions.select_related("by", "revision").defer("revision__content")[:300]
        ]
        title = f"What happened to “{article}”"
        context = self._context(request, article, title, named="What happened to", moves=moves)
        return TemplateResponse(request, self.object_history_template, context)

    def editions_view(self, request, pk):
        article = self._story_for_past(request, pk, editions=True)
        now, before = clock.process_time(), number(request.GET.get("before"))
        rows = article.editions.select_related("by", "revision").defer("revision__content").order_by("-number")
        rows = list((rows.filter(number__lt=before) if before else rows)[: EDITIONS_A_PAGE + 1])
        editions = rows[:EDITIONS_A_PAGE]
        for edition in editions:
            edition.stands = standing_of(edition, now)
        older = editions[-1].number if len(rows) > EDITIONS_A_PAGE else None
        context = self._context(
            request, article, f"Editions of “{article}”", named="Editions of", editions=editions, older=older
        )
        return TemplateResponse(request, "admin/articles/article/editions.html", context)

    def edition_view(self, request, pk, number):
        article = self._story_for_past(request, pk, editions=True)
        edition = article.editions.select_related("by", "text", "revision").filter(number=number).first()
        if edition is None:
            raise Http404
        if edition.sealed_at and not roles.may(request.user, "see the audit trail"):
            raise PermissionDenied
        edition.stands = standing_of(edition, clock.process_time())
        before = (
            article.editions.select_related("text").filter(number__lt=number).exclude(kind="withdrawal")
            .order_by("-number").first()
        )  # fmt: skip
        changes = []
        if before and not before.sealed_at and not edition.is_tombstone:
            changes = [
                (LINES[name], changes_as_html(name, getattr(before.text, name), getattr(edition.text, name)))
                for name in ("label", "headline", "standfirst", "body")
                if getattr(before.text, name) != getattr(edition.text, name)
            ]
        context = self._context(
            request,
            article,
            f"{edition.get_kind_display()} no. {number}",
            edition=edition,
            before=before,
            changes=changes,
            direction=text_direction(edition.language),
            body=readable_body(edition.text.body, edition.language),
            kept=frozen_facts(edition.text.data),
        )
        return TemplateResponse(request, "admin/articles/article/edition.html", context)

    def versions_view(self, request, pk):
        article = self._story_for_past(request, pk, editions=False)
        versions = list(article.revisions.select_related("by").defer("content")[:500])
        numbers = [version.number for version in versions]
        newer = _version_asked_for(request.GET.get("b"), numbers, 0)
        older = _version_asked_for(request.GET.get("a"), numbers, 1)
        pair = {
            r.number: r
            for r in Revision.objects.filter(article=article, number__in=[older, newer]).select_related("by")
        }
        changes = revision_differences(pair[older].content, pair[newer].content) if {older, newer} <= set(pair) else []
        context = self._context(
            request,
            article,
            f"Versions of “{article}”",
            named="Versions of",
            versions=versions,
            a=pair.get(older),
            b=pair.get(newer),
            changes=changes,
        )
        return TemplateResponse(request, "admin/articles/article/versions.html", context)


def _version_asked_for(asked, numbers, place):
    if number(asked) in numbers:
        return number(asked)
    return numbers[min(place, len(numbers) - 1)] if numbers else None


def standing_of(edition, now):
    """Whether an edition is live, waiting, past, withdrawn or cancelled, in a word."""
    if edition.was_planned_only:
        return "Cancelled"
    if edition.live_from > now:
        return "Waiting"
    if edition.live_until and edition.live_until <= now:
        return "Past"
    return "Withdrawn" if edition.is_tombstone else "Live"


def revision_differences(old, new):
    """Where the contents of two revisions differ: [(name, safe HTML)]."""
    found = [
        (label, changes_as_html(name, old.get(name, ""), new.get(name, "")))
        for name, label in LINES.items()
        if old.get(name) != new.get(name)
    ]
    words = _names_behind_ids(old, new)
    for label, say in SPOKEN_PARTS.items():
        before, after = say(old, words), say(new, words)
        if before != after:
            found.append((label, changes_as_html("", before, after)))
    return found


def _names_behind_ids(*contents):
    """{kind: {id: name}} of the topics, sections and pictures that two contents name; three queries."""

    def ids(key):
        return {pk for content in contents for pk in content.get(key) or []}

    images = {(content.get("lead_image") or {}).get("id") for content in contents} - {None}
    sections = ids("sections") | {content.get("section") for content in contents} - {None}
    return {
        "topic": dict(Topic.objects.filter(pk__in=ids("topics")).values_list("pk", "name")),
        "section": dict(Section.objects.filter(pk__in=sections).values_list("pk", "name")),
        "image": {image.pk: str(image) for image in Image.objects.filter(pk__in=images)},
    }


def _listed(kind, key):
    return lambda content, words: ", ".join(words[kind].get(pk, f"no. {pk}") for pk in content.get(key) or [])


def _lead(content, words):
    lead = content.get("lead_image") or {}
    return ": ".join(filter(None, [words["image"].get(lead.get("id"), ""), lead.get("caption", "")]))


def _pictures(content, words):
    return "\n".join(" · ".join(filter(None, said.values())) for said in content.get("pictures", {}).values())


SPOKEN_PARTS = {
    "Words of pictures": _pictures,
    "Section": lambda c, w: w["section"].get(c.get("section"), ""),
    "Further sections": _listed("section", "sections"),
    "Topics": _listed("topic", "topics"),
    "Bylines": lambda c, w: ", ".join(f"{b['name']} ({b['role']})" for b in c.get("bylines", [])),
    "Credit": lambda c, w: (c.get("credit") or {}).get("name", ""),
    "Main picture": _lead,
    "Titles as printed": lambda c, w: "; ".join(f"{a['name']}, {a['attribution']}" for a in c.get("appearances", [])),
    "Terms of quotes": lambda c, w: "; ".join(f"“{q['words'][:40]}” {q['ground_rule']}" for q in c.get("quotes", [])),
    "Sources": lambda c, w: "; ".join(a["description"] for a in c.get("attributions", [])),
    "Facts": lambda c, w: "; ".join(f"{k}: {v}" for k, v in sorted((c.get("genre_facts") or {}).items())),
}


def frozen_facts(data):
    """What an edition holds beside its text: [(name, value)], only what it has."""
    people = "; ".join(f"{p['name']}, {p['attribution']}".rstrip(", ") for p in data.get("people", []))
    rows = [
        ("Bylines", ", ".join(line["name"] for line in data.get("bylines", []))),
        ("Credit", (data.get("credit") or {}).get("name", "")),
        ("Dateline", data.get("dateline", "")),
        ("Experts as printed", people),
        ("Topics", ", ".join(topic["name"] for topic in data.get("topics", []))),
        ("Main picture", (data.get("lead_image") or {}).get("caption", "")),
    ]
    return [(name, value) for name, value in rows if value]
