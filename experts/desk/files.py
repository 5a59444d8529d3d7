"""Cards out by file and on paper: a list, a vCard, a code to be photographed, a card, a day's call sheet."""

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
ON_A_SHEET = 60
NOT_OUT = "Not to be contacted, so this card does not leave the house."


def urls(admin):
    return [
        base.route(admin, "export/", export, "export"),
        base.route(admin, "call-sheet/", call_sheet, "callsheet", looks=True),
        base.route(admin, "<int:pk>/vcard/", vcard, "vcard", looks=True),
        base.route(admin, "<int:pk>/qr/", qr, "qr", looks=True),
        base.route(admin, "<int:pk>/print/", print_card, "print", looks=True),
    ]


def files_box(expert, request):
    """The box on a card from which it is taken along."""
    return {"expert": expert, "out": _may_go(expert)}


def _may_go(expert):
    return expert.in_use and expert.bar(Bar.CONTACT, paper.today()) is None


def _card(request, pk):
    """(expert, what the person may have of the card); refuses one whose person is not to be contacted."""
    expert = base.find_card(request, pk)
    if not _may_go(expert):
        raise PermissionDenied(NOT_OUT)
    (card,) = serializer.cards([expert], access.tier(request.user))
    return expert, card


def _file(data, kind, name, *, inline=False):
    answer = HttpResponse(data, content_type=kind)
    how = "inline" if inline else "attachment"
    answer["Content-Disposition"] = f'{how}; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def vcard(admin, request, pk):
    """One card as a vCard file: 3.0, or the version asked for."""
    expert, card = _card(request, pk)
    version = request.GET.get("version") if request.GET.get("version") in VERSIONS else VERSIONS[0]
    data = writer.write_card(card, version).encode()
    return _file(data, "text/vcard; charset=utf-8", f"{slugify(expert.display_name) or expert.pk}.vcf")


def qr(admin, request, pk):
    """One card as a code to be photographed, drawn as SVG or, with ?format=png, as PNG."""
    expert, card = _card(request, pk)
    if request.GET.get("format") == "png":
        return _file(exporting.qr_png(card), "image/png", f"card-{expert.pk}.png", inline=True)
    return _file(exporting.qr_svg(card), "image/svg+xml", f"card-{expert.pk}.svg", inline=True)


def print_card(admin, request, pk):
    """One card on a sheet of A6."""
    expert, card = _card(request, pk)
    return base.page(
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


def _listed(admin, request):
    """The cards that the list shows for this address, all pages of them."""
    try:
        return admin.get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        return Expert.objects.none()


def export(admin, request):
    """Take the list, as it is searched and filtered, out of the house."""
    base.require(access.may_keep(request.user), "Your role does not export cards.")
    cards = Expert.objects.filter(pk__in=_listed(admin, request).order_by().values("pk"))
    form = ExportForm(request.POST) if request.method == "POST" else ExportForm()
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["form"]
        data, _ = exporting.export(cards, chosen, by=request.user, why=form.cleaned_data["why"])
        return _file(data, exporting.FORMATS[chosen], f"experts-{paper.today():%Y-%m-%d}.{chosen}")
    out, listed = serializer.contactable(cards).count(), cards.count()
    return base.page(
        admin, request, "experts/export.html", "Export cards", status=400 if form.errors else 200,
        form=form, count=out, left_out=listed - out, query=request.GET.urlencode(),
    )  # fmt: skip


# --- a day's calls ----------------------------------------------------------------------------------------


def call_sheet(admin, request):
    """Whom to ring on a day: those chosen by ?ids=, else the follow-ups that are due."""
    tier = access.tier(request.user)
    base.require(tier >= Tier.STAFF, "Your role does not ring experts.")
    try:
        day = date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        day = paper.today()
    ids = [pk for text in request.GET.getlist("ids") for part in text.split(",") if (pk := number(part.strip()))]
    asked = {}
    if not ids:
        for entry in follow_ups(day).select_related("by").order_by("follow_up_on", "pk"):
            asked.setdefault(entry.expert_id, entry)
    wanted = (ids or list(asked))[:ON_A_SHEET]
    found = {row.pk: row for row in serializer.contactable(Expert.objects.filter(pk__in=wanted), day)}
    experts = [found[pk] for pk in dict.fromkeys(wanted) if pk in found]
    rows = [
        {"card": card, "channels": _to_ring(card), "entry": asked.get(card["id"])}
        for card in serializer.cards(experts, tier, day=day)
    ]
    return base.page(
        admin, request, "experts/call_sheet.html", f"Calls on {day:%-d %B %Y}",
        rows=rows, day=day, left_out=len(set(wanted)) - len(rows), chosen=bool(ids),
    )  # fmt: skip


def _to_ring(card):
    return sorted(writer.usable_channels(card), key=lambda channel: channel["preference"])
