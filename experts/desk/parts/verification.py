"""The part that records a check of identity."""

from django import forms

from newsroom import paper
from newsroom.desk.base import CleanForm

from ...actions import verification
from ...models import Verification
from .base import OneRowPart
from .fields import day_input


class VerificationForm(CleanForm):
    evidence_url = forms.URLField(label="Evidence", max_length=300, required=False, assume_scheme="https")
    on = forms.DateField(label="Made on", widget=day_input(), initial=paper.today)
    expires_on = forms.DateField(
        label="Good until", widget=day_input(), required=False, help_text="Empty: a year. E-mail alone proves nobody."
    )

    class Meta:
        model = Verification
        fields = ["method", "outcome", "on", "evidence_url", "expires_on"]
        widgets = {"outcome": forms.RadioSelect}

    def _post_clean(self):
        """Nothing: the action makes the row."""


class VerificationPart(OneRowPart):
    deeds = {"": ("A check of who they are", "Write it down", VerificationForm)}

    def find(self, expert, pk):
        return None

    def says(self):
        return "Written into the ledger for good, with your name. E-mail alone never counts as proof."

    def make_form(self):
        return VerificationForm(self.data)

    def save(self):
        verification.record_check(self.expert, by=self.by, **self.form.cleaned_data)
