"""The part that sets and lifts bars: do not contact, do not quote."""

from django import forms

from newsroom import paper
from newsroom.desk.base import CleanForm

from ...actions import bars
from ...models import Bar
from ...models.expert import FORMATS
from .base import OneRowPart
from .fields import day_input, topics_named


class BarForm(CleanForm):
    on_topic = forms.CharField(
        label="Only on the topic", max_length=100, required=False, help_text="Empty: on every topic.",
        widget=forms.TextInput(attrs={"list": "topics"}),
    )  # fmt: skip
    medium = forms.ChoiceField(label="Only in", choices=[("", "Every format"), *FORMATS], required=False)

    class Meta:
        model = Bar
        fields = ["kind", "reason", "until", "on_topic", "medium"]
        widgets = {"until": day_input(), "kind": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Bar.KINDS  # without an empty choice

    def clean_on_topic(self):
        found = topics_named(self.cleaned_data["on_topic"].replace(",", " "))
        return found[0] if found else None

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < paper.today():
            raise forms.ValidationError("That day is over.")
        return until

    def _post_clean(self):
        """Nothing: the action makes the row."""


class BarsPart(OneRowPart):
    lists = ("topics",)
    deeds = {
        "": ("Do not contact, do not quote", "Set it", BarForm),
        "lift": ("Lift a bar", "Lift it", None),
    }

    def find(self, expert, pk):
        return self.only(expert.bars.filter(lifted_at=None), pk) if self.do else None

    def says(self):
        return str(self.row) if self.do else ""

    def make_form(self):
        return BarForm(self.data, initial={"kind": self.query.get("kind", "")})

    def save(self):
        if self.do:
            bars.lift_bar(self.row, by=self.by)
        else:
            data = dict(self.form.cleaned_data)
            bars.set_bar(self.expert, by=self.by, topic=data.pop("on_topic"), **data)
