"""The checklist beside the text: what it finds in a story as it is saved, and as somebody has it in the form."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string

from ... import roles
from ...actions import checklist, take, writing
from ..base import with_phrases
from . import panels
from .as_typed import story_as_typed
from .inlines import editing_mode
from .moves import GATED


class ChecklistPages:
    """What the checklist says, mixed into the article's admin."""

    def checked(self, request, article, content, *, moves=None):
        """The part of the page's context that the panel of the checklist needs, for a content of a story."""
        findings = sorted(checklist.findings_of(article, content), key=lambda finding: finding.level)
        moves = dict(take.available(article, request.user)) if moves is None else moves
        may_waive = roles.may(request.user, "waive a warning", article) and not GATED.isdisjoint(moves)
        return {
            "findings": [(finding, panels.panel_of(finding.field)) for finding in findings],
            "signoffs": self.signoffs_shown(article, content, request.user),
            "may_waive": may_waive and any(finding.level == "warning" for finding in findings),
        }

    def checklist_view(self, request, pk):
        """What the checklist finds in a story as typed, and what each panel then says; saves nothing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.get_object(request, str(pk))
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        story, rows = story_as_typed(self, request, article)
        content = writing.content_of(story, rows)
        with_phrases([story])
        context = self.checked(request, story, content)
        context |= {"story": story, "mode": editing_mode(article, request.user)}
        notes = story.notes.filter(resolved_at=None, is_task=False).count()
        known = panels.Known(story, content, [finding for finding, _ in context["findings"]], notes)
        says = {panel.name: {"says": panel.says, "tone": panel.tone} for panel in panels.panels_of(known)}
        html = render_to_string("admin/articles/article/panels/checklist.html", context, request)
        return JsonResponse({"checklist": html, "panels": says})
