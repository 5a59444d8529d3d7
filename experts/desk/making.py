"""The page that makes a card. It shows cards that may be the same person; with a reason the new one is made anyway."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import JsonResponse
from django.urls import reverse

from .. import access, names, serializer
from ..actions import new_cards, removal
from ..channels import KINDS, guess_kind, kind_choices, normalise
from ..finding import duplicates
from ..models import Expert
from . import base
from .parts.fields import AT_RISK, NamesOrganisation, PlainForm, organisation_input
from .parts.offers import input_offers

BECAUSE_LENGTH = 5
LOOKALIKES_SHOWN = 8


class NewCardForm(NamesOrganisation, PlainForm):
    """A new card: a name and, if they are at hand, a title, an organisation and one number or address."""

    display_name = forms.CharField(
        label="Name", max_length=160, widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text="As the paper prints it. A name is enough.",
    )  # fmt: skip
    title = forms.CharField(max_length=160, required=False, help_text="As the paper prints it: “political analyst”.")
    organisation = forms.CharField(max_length=160, required=False, widget=organisation_input())
    channel = forms.CharField(
        label="Number or address", max_length=300, required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text="A number with + and its country’s code.",
    )  # fmt: skip
    channel_kind = forms.ChoiceField(label="Which is", required=False)
    private = forms.BooleanField(
        required=False, label="It is private: a personal number, or where they live",
        help_text="Then it is sealed, and even you cannot read it here again.",
    )  # fmt: skip
    no_risk = forms.BooleanField(
        required=False, label="Naming this person puts nobody at risk", help_text="Needed for what is private."
    )
    because = forms.CharField(
        label="Why make another card?", max_length=300, required=False, widget=forms.TextInput(),
        help_text="“Another person of the same name: this one is the poet.”",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel_kind"].choices = [("", "As it looks"), *kind_choices()]

    def clean_display_name(self):
        name = " ".join(self.cleaned_data["display_name"].split())
        if not names.fold(name):
            raise forms.ValidationError("A name has letters.")
        return name

    def clean(self):
        data = super().clean()
        if data.get("organisation") and not data.get("title"):
            self.add_error("title", "What are they there? The role needs a title.")
        if raw := data.get("channel"):
            data["channel_kind"] = data.get("channel_kind") or guess_kind(raw)
            _, error = normalise(data["channel_kind"], raw)
            if error:
                self.add_error("channel", error)
            elif data.get("private") and not data.get("no_risk"):
                self.add_error("no_risk", AT_RISK + " Tick this if it does not.")
        return data


def lookalikes_for(tier, **asked):
    """Cards that may be the same person, best first, with the reasons that a person of a tier may see.

    Below the restricted tier, restricted channels are not compared at all: nobody there learns whose number they typed.
    """
    return duplicates.find_lookalikes(sealed=tier >= access.Tier.RESTRICTED, **asked)[:LOOKALIKES_SHOWN]


def lookalike_rows(found):
    """Lookalikes as plain rows for every tier: name, title and reasons, without numbers."""
    lines = {row["id"]: row for row in serializer.lines([candidate.expert for candidate in found])}
    return [
        {"id": row.expert.pk, "name": row.expert.display_name, "native_name": row.expert.native_name,
         "title": lines[row.expert.pk]["title"], "reasons": list(row.reasons), "exact": row.exact,
         "url": reverse("admin:experts_expert_change", args=[row.expert.pk])}
        for row in found
    ]  # fmt: skip


def _lookalike_query(name, raw, kind, native=""):
    """The arguments of `find_lookalikes` for a typed name and number."""
    kind = kind or (guess_kind(raw) if raw else "")
    normalized, _ = normalise(kind, raw) if raw else ("", "")
    return {"name": name, "native": native, "channels": [(kind, normalized)] if normalized else ()}


def lookalikes(admin, request):
    """{results: rows of lookalikes}, asked while somebody types.

    A number is sent by POST, since addresses are written into logs.
    """
    base.require_permission(access.may_make(request.user))
    sent = request.POST if request.method == "POST" else {"name": request.GET.get("name", "")}
    asked = {name: sent.get(name, "").replace("\0", "").strip()[:160] for name in ("name", "channel", "kind")}
    if asked["kind"] not in KINDS:
        asked["kind"] = ""
    # Only people who see numbers may learn whether a number is in the source book.
    raw = asked["channel"] if access.tier(request.user) >= access.Tier.STAFF else ""
    if len(asked["name"]) < 3 and not raw:
        return JsonResponse({"results": []})
    found = lookalikes_for(access.tier(request.user), **_lookalike_query(asked["name"], raw, asked["kind"]))
    return JsonResponse({"results": lookalike_rows(found)})


def add_card(admin, request):
    """The form of a new card. For a lookalike it shows those cards and asks why another card is made."""
    base.require_permission(access.may_make(request.user), "Your role does not make expert cards.")
    given = {"display_name": request.GET.get("name", "")[:160]}
    form = NewCardForm(request.POST if request.method == "POST" else None, initial=given)
    found, status = [], 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            data = form.cleaned_data
            tier = access.tier(request.user)
            raw = data["channel"] if tier >= access.Tier.STAFF else ""
            asked = _lookalike_query(data["display_name"], raw, data["channel_kind"])
            doubles = lookalikes_for(tier, **asked)
            gone = removal.is_suppressed(names=[asked["name"]], channels=asked["channels"])
            if (doubles or gone) and len(data["because"].strip()) < BECAUSE_LENGTH:
                found, status = lookalike_rows(doubles), 409
                if gone:
                    form.add_error("because", f"{removal.SUPPRESSED_MESSAGE} Say why a card is made all the same.")
                elif data["because"]:
                    form.add_error("because", "Say in a few words why it is another person.")
            elif expert := _make_card_from_form(form, data, doubles, gone, request.user):
                sealed = " The number or address is sealed." if data["channel"] and data["private"] else ""
                messages.success(request, f"{expert} has a card.{sealed}")
                return admin.response_add(request, expert)
    context = {"form": form, "found": found, "risk": AT_RISK, "is_popup": "_popup" in request.GET,
               "lists": input_offers(("organisations",))}  # fmt: skip
    return base.render_page(admin, request, "experts/add.html", "New card", status=status, **context)


@transaction.atomic
def _make_card_from_form(form, data, doubles, gone, by):
    """The new card with its role, channel and reason; None where the channel was refused."""
    note = ""
    if doubles or gone:
        # The other card's number instead of its name: a name would stay here after that card's removal.
        beside = f"card no. {doubles[0].expert.pk}" if doubles else "somebody who was removed"
        note = f"Made beside {beside}: {data['because']}"
    with base.attempt() as attempt:
        expert = new_cards.make_card_with_channel(
            data["display_name"], by=by, title=data["title"], organisation=data["organisation"],
            raw=data["channel"], kind=data["channel_kind"], private=data["private"], note=note,
        )  # fmt: skip
    if attempt.refusal:
        form.add_error("channel", attempt.words)
        return None
    return Expert.objects.get(pk=expert.pk)


def urls(admin):
    return [base.route(admin, "lookalikes/", lookalikes, "lookalikes")]
