"""The first-run page: what a new newspaper is asked once, by whoever set it up."""

import zoneinfo

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.forms.formsets import BaseFormSet
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path

from newsroom.desk.base import CleanForm, without_controls
from newsroom.desk.refusals import Attempt
from newsroom.models import Publication

from ..actions import first_run as setting_up
from ..models.article import LANGUAGE_TAG
from ..roles import Role

SECTIONS = "World\nPolitics\nEconomy\nScience\nCulture\nCity\nOpinion"
ROWS = 6


class OpeningForm(CleanForm):
    """The paper and its sections."""

    sections = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 8}),
        initial=SECTIONS,
        required=False,
        help_text="One a line, in the order of the navigation. A name without Latin letters takes its address after"
        " an equals sign: أخبار = news.",
    )

    class Meta:
        model = Publication
        fields = ["name", "tagline", "time_zone", "language", "contact_email"]
        widgets = {"time_zone": forms.TextInput(attrs={"list": "zones", "autocomplete": "off"})}

    def clean_language(self):
        LANGUAGE_TAG(self.cleaned_data["language"])
        return self.cleaned_data["language"]

    def clean_sections(self):
        lines = self.cleaned_data["sections"].splitlines()
        with Attempt() as attempt:
            setting_up.sections_from_lines(lines)
        if attempt.refusal:
            raise forms.ValidationError(attempt.words)
        return lines


class PersonForm(forms.Form):
    """One of the first people; a row left empty is nobody."""

    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label="E-mail", max_length=150, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(choices=[("", "Choose a role"), *((role.value, role.value) for role in Role)])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if get_user_model().objects.filter(username=email).exists():
            raise forms.ValidationError("This address has an account already.")
        return email


class BasePeopleFormSet(BaseFormSet):
    def clean(self):
        seen = set()
        for form in self.forms:
            email = form.cleaned_data.get("email") if form.is_valid() else None
            if email in seen:
                form.add_error("email", "This address stands in a row above. One person, one account.")
            seen |= {email} - {None}

    def named(self):
        """The people in the rows that were filled in."""
        return [setting_up.Person(**form.cleaned_data) for form in self.forms if form.has_changed()]


PeopleFormSet = forms.formset_factory(PersonForm, formset=BasePeopleFormSet, extra=ROWS, max_num=50, absolute_max=50)


def first_run(request):
    """Ask for the paper, its sections and people, and open it; a 404 once the paper is open."""
    if setting_up.is_set_up():
        raise Http404
    if not request.user.is_superuser:
        raise PermissionDenied
    form, people = OpeningForm(request.POST or None), PeopleFormSet(request.POST or None, prefix="people")
    context = admin.site.each_context(request) | {
        "title": "Open the newspaper", "form": form, "people": people, "zones": sorted(zoneinfo.available_timezones()),
    }  # fmt: skip
    status = 200
    # Check both forms, so that all errors are shown at once.
    if request.method == "POST" and all([form.is_valid(), people.is_valid()]):
        with Attempt() as attempt:
            accounts = setting_up.set_up_newspaper(by=request.user, people=people.named(), **form.cleaned_data)
        attempt.add_to(form)
        if not attempt.refusal:
            # No redirect: only this answer shows the links, and nothing stores it.
            context |= {"title": "The newspaper is open", "accounts": accounts, "opened": True}
    if request.method == "POST" and "opened" not in context:
        status = 400
    return TemplateResponse(request, "admin/first_run.html", context, status=status)


urlpatterns = [path("", admin.site.admin_view(first_run), name="first_run")]
