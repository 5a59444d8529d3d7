"""The part of roles: adding one, correcting one, recording a change of role."""

import copy

from django import forms

from newsroom import paper
from newsroom.desk.base import CleanForm

from ...actions import jobs
from ...models import Affiliation
from ...models.affiliation import PARTIAL_DATE
from .base import OneRowPart
from .fields import NamesOrganisation, PlainForm, organisation_input


class RoleForm(NamesOrganisation, CleanForm):
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
        """Nothing: the action writes the row, after comparing the new values with the old ones."""


class ChangedRoleForm(NamesOrganisation, PlainForm):
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


class JobsPart(OneRowPart):
    lists = ("organisations",)
    deeds = {
        "": ("Another role", "Add it", RoleForm),
        "mend": ("Mend a slip", "Mend it", RoleForm),
        "changed": ("They changed role", "Close the old role and open the new", ChangedRoleForm),
        "remove": ("Take a role off the card", "Take it off", None),
    }

    def find(self, expert, pk):
        return self.only(expert.affiliations.all(), pk) if self.do else None

    def says(self):
        if self.do == "mend":
            return f"For a slip of the pen in “{self.row}”. If they do something else now, use “They changed role”."
        if self.do == "changed":
            return f"“{self.row}” stays on the card with the day it ended: what stories printed of it was right then."
        return f"“{self.row}” goes. Only a role that no story printed can." if self.do else ""

    def make_form(self):
        if self.do == "changed":
            held = self.row.organisation.name if self.row.organisation_id else ""
            return ChangedRoleForm(self.data, initial={"ended": f"{paper.today():%Y-%m}", "organisation": held})
        return RoleForm(self.data, instance=copy.copy(self.row) if self.row else None)

    def save(self):
        data = self.form.cleaned_data
        if self.do == "mend":
            jobs.mend_role(self.row, by=self.by, **data)
        elif self.do == "changed":
            jobs.change_role(self.row, by=self.by, **data)
        elif self.do == "remove":
            jobs.remove_role(self.row, by=self.by)
        else:
            jobs.add_role(self.expert, by=self.by, **data)
