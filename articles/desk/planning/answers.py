"""The page on which somebody says whether they take the story that was assigned to them."""

from django import forms
from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from newsroom.desk.base import without_controls
from newsroom.desk.refusals import Attempt

from ...actions import assignments
from ...models import Assignment


class AnswerForm(forms.Form):
    reason = forms.CharField(
        required=False, max_length=500, label="If you cannot: why", widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It goes back to who asked you; a name for it is welcome.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request, pk):
    """Ask the assignee, and take the answer; for anybody else there is no such page."""
    asked = Assignment.objects.filter(pk=pk, assignee=request.user).select_related("article__section", "by").first()
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            accept = "accept" in request.POST
            with Attempt() as attempt:
                assignments.answer(asked, by=request.user, accept=accept, reason=form.cleaned_data["reason"])
            if not attempt.refusal:
                said = "It is yours." if accept else f"Refused: {asked.by or 'the desk'} is told why."
                messages.success(request, said)
                return redirect(asked.article if accept else "admin:index")
            attempt.add_to(form)
            status = attempt.status
    context = admin.site.each_context(request) | {
        "title": "Do you take it?", "asked": asked, "story": asked.article, "form": form,
    }  # fmt: skip
    return TemplateResponse(request, "admin/planning/assignment.html", context, status=status)
