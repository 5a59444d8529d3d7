"""Taking cards out: an exported list, a vCard, a QR code, a printed card, a call sheet for a day."""

from datetime import date

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.text import slugify

from newsroom import languages, paper
from newsroom.desk.base import number, without_controls

from .. import access, serializer
from ..access import Tier
from ..files import exporting
from ..files.vcard import writer
from ..models import Bar, Expert
from . import base
from .queues import follow_ups

VERSIONS = ("3.0", "4.0")
MOST_ON_A_SHEET = 60
MAY_NOT_LEAVE = "Not to be contacted, so this card does not leave the house."


def urls(admin):
    return [
        base.route(admin, "export/", export, "export"),
        base.route(admin, "call-sheet/", call_sheet, "callsheet", looks=True),
        base.route(admin, "<int:pk>/vcard/", vcard, "vcard", looks=True),
        base.route(admin, "<int:pk>/qr/", qr, "qr", looks=True),
        base.route(admin, "<int:pk>/print/", print_card, "print", looks=True),
    ]


def files_box(expert, request):
    """The card's box with the links to its files."""
    return {"expert": expert, "out": _may_leave(expert)}


def _may_leave(expert):
    return expert.in_use and expert.bar(Bar.CONTACT, paper.today()) is None


def _card_to_take(request, pk):
    """(expert, the card as the person's tier may have it); refuses where somebody is not to be contacted."""
    expert = base.find_card(request, pk)
    if not _may_leave(expert):
        raise PermissionDenied(MAY_NOT_LEAVE)
    (card,) = serializer.cards([expert], access.tier(request.user))
    return expert, card


def _file_answer(data, kind, name, *, inline=False):
    answer = HttpResponse(data, content_type=kind)
    how = "inline" if inline else "attachment"
    answer["Content-Disposition"] = f'{how}; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def vcard(admin, request, pk):
    """One card as a vCard file; version 3.0 unless ?version=4.0 asks for the other."""
    expert, card = _card_to_take(request, pk)
    version = request.GET.get("version") if request.GET.get("version") in VERSIONS else VERSIONS[0]
    data = writer.write_card(card, version).encode()
    return _file_answer(data, "text/vcard; charset=utf-8", f"{slugify(expert.display_name) or expert.pk}.vcf")


def qr(admin, request, pk):
    """One card as a QR code: SVG, or PNG with ?format=png."""
    expert, card = _card_to_take(request, pk)
    if request.GET.get("format") == "png":
        return _file_answer(exporting.qr_png(card), "image/png", f"card-{expert.pk}.png", inline=True)
    return _file_answer(exporting.qr_svg(card), "image/svg+xml", f"card-{expert.pk}.svg", inline=True)


def print_card(admin, request, pk):
    """One card to be printed on A6."""
    expert, card = _card_to_take(request, pk)
    return base.render_page(
        admin, request, "experts/print.html", f"Card of {expert.display_name}",
        expert=expert, card=card, channels=writer.usable_channels(card), now=[r for r in card["roles"] if r["held"]],
        languages=[row | {"name": languages.language_name(row["tag"])} for row in card["languages"]],
    )  # fmt: skip


# --- a list -----------------------------------------------------------------------------------------------


class ExportForm(forms.Form):
    form = forms.ChoiceField(
        label="As", choices=[("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("vcf", "vCards")], widget=forms.RadioSelect,
        initial="csv",
    )  # fmt: skip
    why = forms.CharField(label="What for", max_length=200, help_text="It goes on record with who took it out.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


def _cards_listed(admin, request):
    """The cards on all pages of the list that this address shows."""
    try:
        return admin.get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        return Expert.objects.none()


def export(admin, request):
    """Export the list as it is searched and filtered."""
    base.require_permission(access.may_keep(request.user), "Your role does not export cards.")
    cards = Expert.objects.filter(pk__in=_cards_listed(admin, request).order_by().values("pk"))
    form = ExportForm(request.POST) if request.method == "POST" else ExportForm()
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["form"]
        data, _ = exporting.export(cards, chosen, by=request.user, why=form.cleaned_data["why"])
        return _file_answer(data, exporting.FORMATS[chosen], f"experts-{paper.today():%Y-%m-%d}.{chosen}")
    out, listed = serializer.contactable(cards).count(), cards.count()
    return base.render_page(
        admin, request, "experts/export.html", "Export cards", status=400 if form.errors else 200,
        form=form, count=out, left_out=listed - out, query=request.GET.urlencode(),
    )  # fmt: skip


# --- a day's calls ----------------------------------------------------------------------------------------


def call_sheet(admin, request):
    """The people to call on a day: those of ?ids=, else the follow-ups that are due."""
    tier = access.tier(request.user)
    base.require_permission(tier >= Tier.STAFF, "Your role does not ring experts.")
    try:
        day = date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        day = paper.today()
    ids = [pk for text in request.GET.getlist("ids") for part in text.split(",") if (pk := number(part.strip()))]
    asked = {}
    if not ids:
        for entry in follow_ups(day).select_related("by").order_by("follow_up_on", "pk"):
            asked.setdefault(entry.expert_id, entry)
    wanted = (ids or list(asked))[:MOST_ON_A_SHEET]
    found = {row.pk: row for row in serializer.contactable(Expert.objects.filter(pk__in=wanted), day)}
    experts = [found[pk] for pk in dict.fromkeys(wanted) if pk in found]
    rows = [
        {"card": card, "channels": _channels_to_ring(card), "entry": asked.get(card["id"])}
        for card in serializer.cards(experts, tier, day=day)
    ]
    return base.render_page(
        admin, request, "experts/call_sheet.html", f"Calls on {day:%-d %B %Y}",
        rows=rows, day=day, left_out=len(set(wanted)) - len(rows), chosen=bool(ids),
    )  # fmt: skip


def _channels_to_ring(card):
    return sorted(writer.usable_channels(card), key=lambda channel: channel["preference"])
