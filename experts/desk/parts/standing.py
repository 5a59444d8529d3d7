"""The part of status, review date, and the card through which somebody is reached."""

from django import forms

from newsroom.desk.base import CleanForm

from ...models import Expert
from .base import FieldsPart
from .fields import day_input


class StandingForm(CleanForm):
    contact_name = forms.CharField(
        label="Reached through",
        max_length=160,
        required=False,
        help_text="The name of another card: an assistant, an agency.",
    )

    class Meta:
        model = Expert
        fields = ["status", "deceased_on", "review_due", "contact_name", "is_official", "legal_basis",
                  "source_of_data"]  # fmt: skip
        widgets = {name: day_input() for name in ("deceased_on", "review_due")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if via := self.instance.contact_via:
            self.initial["contact_name"] = via.display_name

    def clean_contact_name(self):
        name = self.cleaned_data["contact_name"]
        self.via = None
        if not name:
            return name
        now = self.instance.contact_via
        if now is not None and now.display_name == name:
            self.via = now
            return name
        found = list(Expert.objects.current().filter(display_name__iexact=name).exclude(pk=self.instance.pk)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                "No card has that name." if not found else "More than one card has that name."
            )  # fmt: skip
        self.via = found[0]
        return name


class StandingPart(FieldsPart):
    title, form_class = "Status and review", StandingForm

    def write(self, form):
        form.instance.contact_via = form.via
        form.save()
