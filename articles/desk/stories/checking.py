"""The checklist beside the text: what it finds in a story as it is saved, and as somebody has it in the form.

It asks far more than the form itself and takes longer the longer a text is, so the form opens without it and fetches it
at once. A browser without scripts is led to its page.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse

from newsroom import paper

from ... import roles
from ...actions import checklist, take, writing
from ...body.marks import marks_in
from ..base import with_phrases
from . import panels
from .as_typed import story_as_typed
from .inlines import editing_mode
from .moves import GATED

PARTS = "admin/articles/article"


class ChecklistPages:
    """What the checklist says, mixed into the article's admin."""

    def checklist_view(self, request, pk):
        """What the checklist finds in a story as it is saved, or in what the form holds; saves nothing.

        A script is told what each panel then says as well.
        """
        article = self.get_object(request, str(pk))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request, article):
                raise PermissionDenied
            story, rows = story_as_typed(self, request, article)
        elif request.method in ("GET", "HEAD"):
            story, rows = article, None
        else:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        content = writing.content_of(story, rows)
        with_phrases([story])
        context = self._checked(request, story, content)
        if not request.headers.get("Accept", "").startswith("application/json"):
            return self._checklist_page(request, article, context)
        notes = story.notes.filter(resolved_at=None, is_task=False).count()
        known = panels.Known(story, content, notes, [finding for finding, _ in context["findings"]])
        return JsonResponse({
            "checklist": render_to_string(f"{PARTS}/checklist.html", context, request),
            "marks": render_to_string(f"{PARTS}/marks.html", context, request).strip(),
            "panels": {panel.name: {"says": panel.says, "tone": panel.tone} for panel in panels.panels_of(known)},
        })  # fmt: skip

    def _checklist_page(self, request, article, context):
        # Its buttons belong to the form; here the same is done on pages of their own.
        context |= self.admin_site.each_context(request) | {
            "title": f"Checklist: {article}",
            "heading": "Checklist",
            "opts": self.opts,
            "original": article,
            "mode": "",
            "may_waive": False,
        }
        return TemplateResponse(request, f"{PARTS}/checklist_page.html", context)

    def _checked(self, request, story, content):
        findings = sorted(checklist.findings_of(story, content), key=lambda finding: finding.level)
        warned = any(finding.level == "warning" for finding in findings)
        may_waive = warned and roles.may(request.user, "waive a warning", story)
        marked = any(finding.code == "mark" for finding in findings)
        mode = editing_mode(story, request.user)
        return {
            "story": story,
            "mode": mode,
            "findings": [(finding, panels.panel_of(finding.field)) for finding in findings],
            "signoffs": self.signoffs_shown(story, content, request.user),
            "may_waive": may_waive and any(take.is_available(story, name, request.user) for name in GATED),
            "marks": marks_in(story.body, story.language, paper.today()) if marked and mode == "text" else [],
        }
