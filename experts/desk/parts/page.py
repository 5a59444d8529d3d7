"""The page on which one part of a card is edited."""

from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from newsroom.desk.base import number
from newsroom.models import Pulse

from ... import access, serializer
from ...models import Expert
from .. import base
from . import (
    about,
    bars,
    channels,
    disclosures,
    identifiers,
    jobs,
    names,
    notes,
    readiness,
    standing,
    topics,
    verification,
)
from .fields import AT_RISK
from .offers import input_offers

PARTS = {
    "names": names.NamesPart, "about": about.AboutPart, "standing": standing.StandingPart, "roles": jobs.JobsPart,
    "channels": channels.ChannelsPart, "notes": notes.NotesPart, "readiness": readiness.ReadinessPart,
    "topics": topics.TopicsPart, "disclosures": disclosures.DisclosuresPart,
    "identifiers": identifiers.IdentifiersPart, "bars": bars.BarsPart,
    "verification": verification.VerificationPart,
}  # fmt: skip
for _name, _part in PARTS.items():
    _part.name = _name


def edit_part(admin, request, pk, part):
    """The form of a part. Where the card was changed meanwhile, the answer is 409 and still shows what was typed."""
    base.require_permission(access.may_keep(request.user), "Your role does not keep cards.")
    if part not in PARTS:
        raise Http404("A card has no such part.")
    expert = base.find_card(request, pk)
    if expert.merged_into_id:
        return redirect("admin:experts_expert_change", expert.merged_into_id)
    stale, status = [], 200
    if request.method == "POST":
        with transaction.atomic():
            expert = Expert.objects.select_for_update().get(pk=expert.pk)
            form = PARTS[part](expert, request)
            stale = changes_since(expert, request)
            valid = form.is_valid()
            status = 409 if stale else 400
            if valid and not stale and (status := _save_part(form, expert)) == 302:
                where = reverse("admin:experts_expert_change", args=[pk])
                return redirect(f"{where}#{part}")
    else:
        form = PARTS[part](expert, request)
    context = {"expert": expert, "part": form, "stale": stale, "lists": input_offers(form.lists)}
    context["risk"] = AT_RISK if getattr(form, "risk", False) else ""
    return base.render_page(admin, request, "experts/part.html", form.title, status=status, **context)


def _save_part(form, expert):
    """Write a part, all of it or nothing; returns the status of the answer."""
    try:
        with base.attempt(form.form) as attempt, transaction.atomic():
            form.save()
            if hasattr(expert, "profile"):
                Pulse.objects.beat(rendering=True)
        return attempt.status if attempt.refusal else 302
    except IntegrityError:
        form.form.add_error(None, "Somebody wrote the same a moment ago. Look at the card, and try again.")
        return 409


def changes_since(expert, request):
    """The changes of a card since the form was opened; [] where there are none."""
    seen = number(request.POST.get("seen"))
    if seen == expert.version:
        return []
    behind = expert.version - seen if seen is not None and seen < expert.version else 1
    # A version is a moment: an import counts one for each card, and writes up to three lines of it.
    at = expert.changes.exclude(by=None).values_list("at", flat=True)[:20]
    moments = list(dict.fromkeys(at))[: min(behind, 5)]
    lines = serializer.changes(expert, access.tier(request.user)).exclude(by=None)
    return list(lines.filter(at__in=moments)) or [None]


def urls(admin):
    return [base.route(admin, "<int:pk>/part/<slug:part>/", edit_part, "part")]
