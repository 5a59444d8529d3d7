"""The page of a consent to a public profile: ask by mail, note a yes given elsewhere, withdraw it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect

from newsroom.desk.base import without_controls
from newsroom.desk.moments import MomentField
from newsroom.errors import Refused

from .. import access
from ..actions import consent as verbs
from ..models import PublicProfile
from . import base


class AskForm(forms.Form):
    """Where the link goes."""

    email = forms.EmailField(label="Send the link to", max_length=254)


class GrantForm(forms.Form):
    """A yes that they gave on paper, by mail or on the telephone."""

    shown = forms.MultipleChoiceField(
        choices=PublicProfile.FIELDS, required=False, widget=forms.CheckboxSelectMultiple, label="They agreed to show",
        help_text="The name and what they said on the record are the page itself.",
    )  # fmt: skip
    evidence = forms.CharField(label="Where their yes is kept", max_length=300,
                               help_text="“E-mail of 3 March, in the source desk's box.”")  # fmt: skip
    until = MomentField(label="Until", required=False, help_text="Empty: until they withdraw it.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


def consent(admin, request, pk):
    """The state of the consent, and the forms that change it."""
    base.require_permission(access.may_keep(request.user), "Your role does not keep consents.")
    expert = base.find_card(request, pk)
    if expert.merged_into_id:
        return redirect("admin:experts_expert_consent", expert.merged_into_id)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    profile = PublicProfile.objects.filter(expert=expert).first()
    act = request.POST.get("act") if request.method == "POST" else None
    mails = list(expert.channels.filter(kind="email", do_not_use=False).values_list("raw", flat=True)[:5])
    given = {"shown": profile.fields, "evidence": profile.evidence, "until": profile.public_until} if profile else {}
    ask = AskForm(request.POST if act == "ask" else None, initial={"email": mails[0] if mails else ""}, prefix="ask")
    grant = GrantForm(request.POST if act == "grant" else None, initial=given, prefix="grant")
    refusal, status = "", 200
    if request.method == "POST":
        with base.attempt() as attempt:
            if done := _do_what_was_sent(request, expert, act, ask, grant):
                messages.success(request, done)
                return redirect("admin:experts_expert_consent", expert.pk)
        refusal, status = attempt.words, attempt.status if attempt.refusal else 400
        if status == 409:
            profile = PublicProfile.objects.filter(expert=expert).first()  # as the first of two clicks left it
    return base.render_page(
        admin, request, "experts/consent.html", f"Public profile of {expert}", status=status, expert=expert,
        profile=profile, granted=profile is not None and profile.status == PublicProfile.GRANTED, ask=ask, grant=grant,
        mails=mails, lacks=verbs.missing_for_page(expert), refusal=refusal, asking=verbs.current_asking(profile),
        held_back=profile.held_back if profile is not None and profile.status == PublicProfile.GRANTED else [],
    )  # fmt: skip


def _do_what_was_sent(request, expert, act, ask, grant):
    """Do what was asked; returns a message, or "" where a form is not valid."""
    if act == "ask" and ask.is_valid():
        again = request.POST.get("again", "")
        verbs.ask_for_consent(expert, email=ask.cleaned_data["email"], by=request.user, again=again)
        return "The link is on its way."
    if act == "grant" and grant.is_valid():
        said = grant.cleaned_data
        verbs.grant_consent(expert, said["shown"], by=request.user, evidence=said["evidence"], until=said["until"])
        return "Readers can see the page now."
    if act == "withdraw":
        had_page = PublicProfile.objects.filter(expert=expert, status=PublicProfile.GRANTED).exists()
        verbs.withdraw_consent(expert, by=request.user)
        return "The page is gone." if had_page else "Noted that they refused. Nothing is shown."
    if act not in ("ask", "grant"):
        raise Refused("Nothing was sent. Use one of the buttons below.")
    return ""


def consent_box(expert, request):
    """The card's box of consent and open requests, for people who keep the source book. Two queries."""
    if not access.may_keep(request.user):
        return None
    profile = PublicProfile.objects.filter(expert=expert).first()
    asked = list(expert.requests.filter(closed_at=None).order_by("due", "pk")[:10])
    return {"expert": expert, "profile": profile, "requests": asked}


def urls(admin):
    return [base.route(admin, "<int:pk>/consent/", consent, "consent")]
