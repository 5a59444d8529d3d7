"""The pages that merge two cards and take a merge back."""

from django import forms
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect

from newsroom.desk.base import number

from .. import access
from ..actions import merge_undo, merging
from ..finding import duplicates
from ..models import Expert, MergeRecord
from . import base

MERGES_SHOWN = 5


class MergeForm(forms.Form):
    """For each field in which both cards differ: whose value the merged card has."""

    def __init__(self, *args, preview, **kwargs):
        super().__init__(*args, **kwargs)
        for choice in preview.choices:
            self.fields[choice.name] = forms.ChoiceField(
                label=choice.label, initial=choice.chosen, widget=forms.RadioSelect,
                choices=[(merging.MINE, choice.mine), (merging.THEIRS, choice.theirs)],
            )  # fmt: skip


def merge(admin, request, pk):
    """Choose the other card, compare both field by field, and merge them."""
    rows = Expert.objects.select_related("portrait", "contact_via", "merged_into")
    base.require_permission(access.may_keep(request.user), "Your role does not merge cards.")
    survivor = base.find_card(request, pk, rows=rows)
    if survivor.merged_into_id:
        return redirect("admin:experts_expert_change", survivor.merged_into_id)
    which = number(request.GET.get("with"))
    if which is None:
        return _show_choice_of_card(admin, request, survivor)
    absorbed = base.find_card(request, which, rows=rows)
    with base.attempt() as attempt:
        preview = merging.preview_merge(survivor, absorbed)
    if attempt.refusal:
        return _show_choice_of_card(admin, request, survivor, attempt.words, attempt.status)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if request.method != "POST":
        return _show_comparison(admin, request, preview, MergeForm(preview=preview))
    form = MergeForm(request.POST, preview=preview)
    if not form.is_valid():
        return _show_comparison(admin, request, preview, form, status=400)
    seen = number(request.POST.get("seen_survivor")), number(request.POST.get("seen_absorbed"))
    with base.attempt() as attempt:
        record = merging.merge_cards(survivor, absorbed, form.cleaned_data, by=request.user, seen=seen)
    if attempt.refusal:
        return _show_comparison(admin, request, preview, form, refusal=attempt.words, status=attempt.status)
    messages.success(request, f"“{absorbed}” is part of this card now. It can be taken back below.")
    return redirect("admin:experts_expert_change", record.survivor_id)


def _show_comparison(admin, request, preview, form, *, refusal="", status=200):
    return base.render_page(
        admin, request, "experts/merge.html", f"Merge into {preview.survivor}", status=status, preview=preview,
        expert=preview.survivor, absorbed=preview.absorbed, form=form, refusal=refusal,
    )  # fmt: skip


def _show_choice_of_card(admin, request, survivor, refusal="", status=200):
    """The page that chooses the other card: by name, or from lookalikes where nothing is typed."""
    words = request.GET.get("q", "").replace("\0", " ").strip()[:120]
    found = []
    if words:
        named = Expert.objects.named(words).exclude(pk=survivor.pk)
        found = list(named.prefetch_related("affiliations").order_by("sort_name", "pk")[:20])
    else:
        alike = duplicates.find_lookalikes(survivor.display_name, survivor.native_name, leaving_out=survivor)
        found = [candidate.expert for candidate in alike]
        prefetch_related_objects(found, "affiliations")
    return base.render_page(
        admin, request, "experts/merge_with.html", f"Merge into {survivor}", status=status, expert=survivor,
        words=words, found=found, refusal=refusal,
    )  # fmt: skip


def undo_merge(admin, request, pk):
    """Ask for confirmation, then take a merge back."""
    base.require_permission(access.may_keep(request.user), "Your role does not merge cards.")
    record = MergeRecord.objects.select_related("survivor", "absorbed", "by").filter(pk=pk).first()
    if record is None:
        raise Http404("No such merge.")
    refusal, status = "", 200
    if request.method == "POST":
        with base.attempt() as attempt:
            merge_undo.undo_merge(record, by=request.user)
            messages.success(request, f"Two cards again: this one, and “{record.absorbed}”.")
            return redirect("admin:experts_expert_change", record.survivor_id)
        refusal, status = attempt.words, attempt.status
    return base.render_page(
        admin, request, "experts/merge_undo.html", "Take a merge back", status=status, record=record,
        expert=record.survivor, refusal=refusal,
    )  # fmt: skip


def merges_box(expert, request):
    """The card's box of its merges, for people who keep the source book."""
    if not access.may_keep(request.user):
        return None
    rows = expert.merges.select_related("absorbed", "by")[:MERGES_SHOWN]
    return {"expert": expert, "merges": list(rows)}


def urls(admin):
    return [
        base.route(admin, "<int:pk>/merge/", merge, "merge"),
        base.route(admin, "merges/<int:pk>/undo/", undo_merge, "merge_undo"),
    ]
