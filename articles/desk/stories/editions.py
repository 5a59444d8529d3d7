"""A story's past: its editions and moves; its versions are in `versions.py`."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.html import format_html

from newsroom import clock
from newsroom.desk.base import number

from ... import roles
from ...rendering import text_direction
from .compared import LINES, names_in_bodies
from .conflict import changes_as_html
from .reading import readable_body
from .versions import VersionPages, label_of_move, standing_of

EDITIONS_A_PAGE = 100


class EditionPages(VersionPages):
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
            (label_of_move(t.move), t)
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
            names = names_in_bodies(before.text.body, edition.text.body)
            changes = [
                (LINES[name], changes_as_html(name, getattr(before.text, name), getattr(edition.text, name), names))
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
