"""The page of a card, its history, opening a restricted detail, and noting how a channel went."""

import zoneinfo

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect

from newsroom import clock, languages, paper

from .. import access, sealing, serializer
from ..actions import channels, log
from ..channels import desk_links, normalise
from ..models import Affiliation, Bar, Expert
from ..models.channel import CHANNEL_RESULTS
from ..models.expert import FORMATS
from . import base
from .log_form import log_form
from .parts.fields import PlainForm

QUOTES_SHOWN, ENTRIES_SHOWN, CHANGES_SHOWN = 12, 15, 8
PER_PAGE = 50


def card(admin, request, pk):
    """The page of a card; a merged card redirects to the one that stays."""
    expert = base.find_card(request, pk, rows=Expert.objects.select_related("portrait", "contact_via"))
    if expert.merged_into_id:
        return redirect("admin:experts_expert_change", expert.merged_into_id)
    context = card_context(expert, request) | {"boxes": admin.boxes_of(expert, request)}
    return base.render_page(admin, request, "experts/card.html", expert.display_name, **context)


def card_context(expert, request):
    """The context of the card's page, as far as the person's tier may see it. A fixed number of queries."""
    tier, may_keep = access.tier(request.user), access.may_keep(request.user)
    (shown,) = serializer.cards([expert], tier)
    barred = [bar["kind"] for bar in shown["bars"] if not bar["topic"] and not bar["medium"]]
    if shown["prefix"] and shown["name"].startswith(f"{shown['prefix']} "):
        shown["prefix"] = ""  # the printed name begins with it already
    context = {
        "expert": expert,
        "card": shown,
        "tier": tier.name.lower(),
        "may_keep": may_keep,
        "may_log": access.may_log(request.user),
        "may_unseal": access.may_unseal(request.user),
        "no_contact": Bar.CONTACT in barred,
        "roles": _roles_with_use(expert, shown),
        "languages": [row | {"name": languages.name_and_tag(row["tag"])} for row in shown["languages"]],
        "formats": [dict(FORMATS).get(name, name) for name in shown["formats"]],
        "there": local_time(expert),
        "overdue": expert.review_due <= paper.today(),
        "quotes": list(live_quotes(expert)[:QUOTES_SHOWN]),
        "changes": serializer.changes(expert, tier)[:CHANGES_SHOWN],
    }
    if tier >= access.Tier.STAFF:
        context["channels"] = [with_contact_links(row, context["no_contact"]) for row in shown["channels"]]
        context["entries"] = log_entries(expert)[: ENTRIES_SHOWN + 1]
        context["log_form"] = log_form(expert, request) if context["may_log"] else None
    if tier >= access.Tier.RESTRICTED:
        context["notes"] = expert.private_notes.filter(entry=None).select_related("by")
        context["accesses"] = expert.accesses.select_related("by")[:CHANGES_SHOWN]
    return context


def _roles_with_use(expert, shown):
    """The roles, each with whether a story has printed it."""
    printed = Affiliation.appearances.rel.related_model.objects.filter(affiliation=OuterRef("pk"))
    ids = set(expert.affiliations.filter(Exists(printed)).values_list("pk", flat=True))
    return [role | {"was_printed": role["id"] in ids} for role in shown["roles"]]


def live_quotes(expert):
    """Their quotes in live stories, newest first."""
    return expert.quotes.live().select_related("edition__text").defer("edition__text__body")


def log_entries(expert):
    return expert.log.select_related("by").prefetch_related("private_notes")


def local_time(expert):
    """The local time where they are; None where their zone is not known."""
    try:
        return clock.process_time().astimezone(zoneinfo.ZoneInfo(expert.time_zone)) if expert.time_zone else None
    except (KeyError, ValueError):
        return None


def with_contact_links(row, barred=False):
    """A channel with its `links`, [(address, what it does)]; [] where it is restricted or not to be used."""
    return row | {
        "links": [] if barred or row["restricted"] or row["do_not_use"] else desk_links(row["kind"], row["normalized"])
    }


# --- what is sealed --------------------------------------------------------------------------------


class UnsealForm(PlainForm):
    why = forms.CharField(
        label="Why do you open it?", min_length=log.REASON_LENGTH, max_length=300,
        help_text="Goes on record with your name.",
        error_messages={"required": "Say why you open it: it goes on record."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class ResultForm(PlainForm):
    result = forms.ChoiceField(choices=[choice for choice in CHANNEL_RESULTS if choice[0]])


def unseal(admin, request, pk, what, row_pk):
    """Open one restricted detail for a stated reason. Only this answer contains it, and no cache keeps it."""
    base.require_permission(access.may_unseal(request.user), "Your role does not open restricted details.")
    expert = base.find_card(request, pk)
    rows = {"channel": expert.private_channels, "note": expert.private_notes}.get(what)
    row = rows.filter(pk=row_pk).first() if rows is not None else None
    if row is None:
        raise Http404("No such detail on this card.")
    form = UnsealForm(request.POST if request.method == "POST" else None)
    context, status = {"expert": expert, "row": row, "what": what, "form": form}, 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                with base.attempt(form):
                    context["opened"] = log.unseal_detail(row, by=request.user, why=form.cleaned_data["why"])
                    status = 200
                    if what == "channel":
                        context["links"] = _links_of_opened(expert, row, context["opened"])
            except sealing.Unreadable:
                form.add_error(None, "It was sealed with a key that the newspaper no longer has.")
    answer = base.render_page(admin, request, "experts/opened.html", str(row), status=status, **context)
    answer["Cache-Control"] = "no-store"
    return answer


def _links_of_opened(expert, row, value):
    normalized, _ = normalise(row.kind, value, expert.country)
    barred = expert.bar(Bar.CONTACT, paper.today())
    return [] if barred or row.do_not_use else desk_links(row.kind, normalized)


def channel_result(admin, request, pk, tier, row_pk):
    """Note with one click how a channel went: it works, it bounced, it belongs to somebody else."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    base.require_permission(access.may_log(request.user) and (tier == "open" or access.may_unseal(request.user)))
    expert = base.find_card(request, pk)
    rows = {"open": expert.channels, "sealed": expert.private_channels}.get(tier)
    row = rows.filter(pk=row_pk).first() if rows is not None else None
    if row is None:
        raise Http404("No such channel on this card.")
    form = ResultForm(request.POST)
    if not form.is_valid():
        return _card_page_again(admin, request, expert, {"refusal": "Say how it went: works, bounced or wrong person."})
    channels.note_result(row, form.cleaned_data["result"], request.user)
    messages.success(request, f"{row.get_kind_display()}: {row.get_verify_result_display().lower()}.")
    return redirect("admin:experts_expert_change", pk)


def _card_page_again(admin, request, expert, more, status=400):
    """The page of the card again, as the answer to something refused."""
    context = card_context(expert, request) | {"boxes": admin.boxes_of(expert, request)} | more
    return base.render_page(admin, request, "experts/card.html", expert.display_name, status=status, **context)


def history(admin, request, pk):
    """Who changed what on a card, page by page; for those who may unseal, also who opened what."""
    expert = base.find_card(request, pk)
    visible = serializer.changes(expert, access.tier(request.user))
    changes = admin.paginator(visible, PER_PAGE).get_page(request.GET.get("p"))
    context = {"expert": expert, "changes": changes}
    if access.may_unseal(request.user):
        context["accesses"] = expert.accesses.select_related("by")[: PER_PAGE * 4]
    return base.render_page(admin, request, "experts/history.html", f"{expert.display_name}: changes", **context)


def urls(admin):
    return [
        base.route(admin, "<int:pk>/unseal/<slug:what>/<int:row_pk>/", unseal, "unseal"),
        base.route(admin, "<int:pk>/channels/<slug:tier>/<int:row_pk>/result/", channel_result, "result"),
    ]
