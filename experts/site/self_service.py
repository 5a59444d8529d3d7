"""The page on which a person sees what readers would see of them, and agrees, corrects or refuses.

There is no account and no session, only the link that they were mailed. No cache or search engine keeps the page, and
without a valid link nobody learns whether a card exists.
"""

from datetime import UTC

from django import forms
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from newsroom import counting, languages, paper
from newsroom.desk.base import without_controls
from newsroom.errors import Refused
from newsroom.models import Publication

from ..actions import consent
from ..models import PublicProfile
from ..models.parts_for_readers import lines_of_part

HOUR = 3600
SENDINGS, FAILURES = 30, 30  # an hour: sendings by one link, and invalid links from one sender
EVIDENCE = "Given by the person on their own page"


class GrantForm(forms.Form):
    """The parts of the card that readers may see."""

    fields_shown = forms.MultipleChoiceField(
        choices=PublicProfile.FIELDS, required=False, widget=forms.CheckboxSelectMultiple,
        label="Readers may also see",
    )  # fmt: skip
    agreed = forms.BooleanField(
        label="I agree that readers see a page with my name, what I told this paper on the record, and the parts"
        " ticked above.",
        error_messages={"required": "Without your agreement nothing is shown. Tick this line if you agree."},
    )


class CorrectionForm(forms.Form):
    """Corrections of their card, and anything else they want to say."""

    display_name = forms.CharField(label="Your name", max_length=160)
    native_name = forms.CharField(label="Your name in its own script", max_length=160, required=False)
    short_bio = forms.CharField(label="Who you are, in one line", max_length=140, required=False)
    bio = forms.CharField(label="More about you", max_length=2500, required=False, widget=forms.Textarea)
    words = forms.CharField(
        label="Anything else that is wrong", max_length=4000, required=False, widget=forms.Textarea,
        help_text="Your roles and their dates, interests, languages, topics.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


@never_cache
@csrf_protect
@sensitive_variables("signed")
@require_http_methods(["GET", "HEAD", "POST"])
def your_card(request, signed):
    """The page of a link. All invalid links get the same answer."""
    publication = Publication.objects.current()
    with paper.in_zone(publication.zone if publication else UTC):  # consent is dated by the paper's days
        return _your_card(request, signed)


@sensitive_variables("signed")
def _your_card(request, signed):
    profile = consent.profile_of_link(signed)
    if profile is None:
        # By sender only invalid links are limited: behind a proxy, all people may share one address.
        if _is_too_often("fail", _sender_hash(request), FAILURES):
            return _uncached_answer(request, "experts/self_service_busy.html", {}, 429)
        _count_one("fail", _sender_hash(request))
        return _uncached_answer(request, "experts/self_service_gone.html", {}, 404)
    if request.method != "POST":
        return _own_page(request, profile, done=request.GET.get("done", ""))
    if _is_too_often("send", str(profile.pk), SENDINGS):
        return _uncached_answer(request, "experts/self_service_busy.html", {}, 429)
    _count_one("send", str(profile.pk))
    act = ACTS.get(request.POST.get("act"))
    if act is None:
        return _own_page(request, profile, status=400, refusal="Nothing was sent. Use one of the buttons below.")
    return act(request, profile)


def _grant(request, profile):
    form = GrantForm(request.POST)
    if request.POST.get("version", "") not in ("", str(profile.expert.version)):
        changed = "What we have of you was changed while you read it. Look again, then decide."
        return _own_page(request, profile, status=409, grant=form, refusal=changed)
    if form.is_valid():
        try:
            consent.grant_consent(profile.expert, form.cleaned_data["fields_shown"], by=None, evidence=EVIDENCE)
        except Refused:
            message = "Your page cannot be shown yet: something on our side is missing. We will be in touch."
            return _own_page(request, profile, status=409, grant=form, refusal=message)
        return _redirect_done(request, "granted")
    return _own_page(request, profile, status=400, grant=form)


def _withdraw(request, profile):
    had_page = profile.status == PublicProfile.GRANTED
    consent.withdraw_consent(profile.expert, by=None)
    return _redirect_done(request, "withdrawn" if had_page else "refused")


def _correct(request, profile):
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                sent = consent.propose_correction(profile, form.cleaned_data, form.cleaned_data["words"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return _redirect_done(request, "sent" if sent else "same")
    return _own_page(request, profile, status=400, correction=form)


ACTS = {"grant": _grant, "withdraw": _withdraw, "correct": _correct}
DONE_MESSAGES = {
    "granted": "Thank you. Readers can see your page now.",
    "withdrawn": "Your page is gone. Nothing is shown any more.",
    "refused": "Thank you for your answer. You do not agree, so no page about you is shown.",
    "sent": "Thank you. The desk reads what you wrote and changes the card; nothing else happens by itself.",
    "same": "You changed nothing, so nothing was sent.",
}


def _redirect_done(request, what):
    return redirect(f"{request.path}?done={what}")


def _own_page(request, profile, *, status=200, grant=None, correction=None, refusal="", done=""):
    expert = profile.expert
    current = {name: getattr(expert, name) for name, _ in consent.CORRECTABLE_FIELDS}
    chosen = profile.fields if profile.status == PublicProfile.GRANTED else []
    context = {
        "expert": expert,
        "profile": profile,
        "shown": _parts_as_shown(expert),
        "granted": profile.status == PublicProfile.GRANTED,
        "grant": grant or GrantForm(initial={"fields_shown": chosen}),
        "correction": correction or CorrectionForm(initial=current),
        "refusal": refusal,
        "held_back": profile.held_back if profile.status == PublicProfile.GRANTED else [],
        "done": DONE_MESSAGES.get(done, ""),
    }
    return _uncached_answer(request, "experts/self_service.html", context, status)


def _parts_as_shown(expert):
    """[(label, lines)] of what each part of the card would show, without empty parts."""
    in_words = {"languages": languages.language_name, "portrait": lambda token: "The portrait that we have of you"}
    shown = [
        (label, [in_words.get(name, str)(line) for line in lines_of_part(expert, name)])
        for name, label in PublicProfile.FIELDS
    ]
    return [(label, said) for label, said in shown if said]


def _uncached_answer(request, template, context, status):
    publication = Publication.objects.current()
    response = render(request, template, {"publication": publication} | context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # the address is the key: Django must not log it with a refusal
    return response


# --- not too often ---------------------------------------------------------------------------------------


def _sender_hash(request):
    return salted_hmac("experts.your_card", request.META.get("REMOTE_ADDR", "")).hexdigest()


def _is_too_often(what, who, most):
    return counting.counted(f"your-card:{what}:{who}") >= most


def _count_one(what, who):
    counting.count(f"your-card:{what}:{who}", HOUR)
