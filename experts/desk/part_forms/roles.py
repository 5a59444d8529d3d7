"""Roles: added, mended, and changed for the next."""

from django import forms

from newsroom.desk.base import CleanForm

from ...models import Affiliation
from ...models.affiliation import PARTIAL_DATE
from .fields import PlainForm, organisation_input


class RoleForm(CleanForm):
    organisation = forms.CharField(
        max_length=160, required=False, widget=organisation_input(),
        help_text="One that we have, or a new one. Empty for an independent analyst.",
    )  # fmt: skip
    source_url = forms.URLField(label="Where this is said", max_length=300, required=False, assume_scheme="https")

    class Meta:
        model = Affiliation
        fields = ["title", "organisation", "preferred_print_form", "kind", "start", "end", "is_former", "is_primary",
                  "source_url"]  # fmt: skip
        widgets = {name: forms.TextInput(attrs={"placeholder": "2021-03"}) for name in ("start", "end")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.organisation_id:
            self.initial["organisation"] = self.instance.organisation.name

    def _post_clean(self):
        """The verb writes: nothing is put on the row here, which the verb compares with what it was."""

    def values(self):
        return self.cleaned_data


class ChangedRoleForm(PlainForm):
    ended = forms.CharField(label="The old role ended", max_length=10, validators=[PARTIAL_DATE],
                            help_text="A year, 2021-03 or 2021-03-15: as far as you know.")  # fmt: skip
    title = forms.CharField(max_length=160, required=False, help_text="Empty if they left and that is all we know.")
    organisation = forms.CharField(max_length=160, required=False, widget=organisation_input())
    preferred_print_form = forms.CharField(
        label="Printed as", max_length=300, required=False, help_text="If not “title, organisation”."
    )
    start = forms.CharField(
        label="From",
        max_length=10,
        required=False,
        validators=[PARTIAL_DATE],
        help_text="Empty: when the old one ended.",
    )
    source_url = forms.URLField(label="Where this is said", max_length=300, required=False, assume_scheme="https")

    def clean(self):
        data = super().clean()
        if not data.get("title") and (data.get("organisation") or data.get("preferred_print_form")):
            self.add_error("title", "The new role needs its title.")
        return data
