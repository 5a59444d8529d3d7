"""The page of a card's contact log, with the form that adds an entry."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from .. import access
from ..actions.channels import note_result
from ..actions.log import add_entry
from . import base
from .card import PER_PAGE, log_entries
from .log_form import log_form

# What an outcome says of the number that was tapped for the call.
RESULTS = {"reached": "works", "bounced": "bounced"}


def log(admin, request, pk):
    """The log of a card, newest first, and the form that adds to it."""
    base.require_permission(access.tier(request.user) >= access.Tier.STAFF, "Your role does not see the contact log.")
    if request.method == "POST":
        base.require_permission(access.may_log(request.user), "Your role does not write into the contact log.")
    expert = base.find_card(request, pk)
    if expert.merged_into_id:
        return redirect("admin:experts_expert_log", expert.merged_into_id)
    form, status = log_form(expert, request, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if form.is_valid() and _write_entry(form, expert, request):
            messages.success(request, "It is in the log.")
            return HttpResponseRedirect(reverse("admin:experts_expert_change", args=[pk]) + "#log")
        status = 400
    shown = admin.paginator(log_entries(expert), PER_PAGE).get_page(request.GET.get("p"))
    context = {"expert": expert, "form": form if access.may_log(request.user) else None, "entries": shown}
    context["may_unseal"] = access.may_unseal(request.user)
    return base.render_page(
        admin, request, "experts/log.html", f"{expert.display_name}: contact log", status=status, **context
    )


def _write_entry(form, expert, request):
    """Add the entry; False where it was refused, with the reason in the form."""
    data = {name: value for name, value in form.cleaned_data.items() if name not in ("no_risk", "tried")}
    result = RESULTS.get(data["outcome"]) if form.tapped and data["channel"] == form.tapped.kind else None
    with base.attempt(form) as attempt, transaction.atomic():
        add_entry(expert, by=request.user, **data)
        if result and result != form.tapped.verify_result:
            note_result(form.tapped, result, request.user)
    return attempt.refusal is None


def urls(admin):
    return [base.route(admin, "<int:pk>/log/", log, "log")]
