"""The page of a removal: what would stay and go, and the removal after the name is typed."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect

from newsroom.desk.base import number, without_controls

from .. import access
from ..actions import removal
from . import base


class RemovalForm(forms.Form):
    """The card's name has to be typed, so that nobody removes a card by mistake."""

    name = forms.CharField(label="Type the name as it stands above", max_length=200, strip=True,
                           widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip

    def __init__(self, *args, expert, **kwargs):
        self.expert = expert
        super().__init__(*args, **kwargs)
        without_controls(self)

    def clean_name(self):
        if " ".join(self.cleaned_data["name"].split()) != " ".join(self.expert.display_name.split()):
            raise forms.ValidationError("That is not the name on the card. Nothing was removed.")
        return self.cleaned_data["name"]


def remove(admin, request, pk):
    """Show what would stay and what would go; remove the card once its name is typed."""
    base.require_permission(access.may_keep(request.user), "Your role does not remove cards.")
    expert = base.find_card(request, pk)
    if expert.merged_into_id:
        return redirect("admin:experts_expert_remove", expert.merged_into_id)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    asked = expert.requests.filter(kind="erase", closed_at=None).order_by("due", "pk")
    form = RemovalForm(request.POST if request.method == "POST" else None, expert=expert)
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if number(request.POST.get("seen")) != expert.version:
            refusal, status = "The card was changed while you looked at it. Look again, then decide.", 409
        elif form.is_valid():
            with base.attempt() as attempt:
                removal.remove_expert(expert, by=request.user, request=asked.first())
                messages.success(request, "The card is gone. What was printed stays as it was.")
                return redirect("admin:experts_expert_changelist")
            refusal, status = attempt.words, attempt.status
    return base.render_page(
        admin, request, "experts/remove.html", f"Remove {expert}", status=status, expert=expert, form=form,
        sheet=removal.make_removal_sheet(expert), asked=asked.first(), refusal=refusal,
    )  # fmt: skip


def urls(admin):
    return [base.route(admin, "<int:pk>/remove/", remove, "remove")]
