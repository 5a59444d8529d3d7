"""Ways to reach somebody, what is sealed, and the log of who tried."""

from django import forms

from newsroom.desk.base import CleanForm, number

from ...actions import log
from ...channels import LABELS, kind_choices
from ...models import ContactLog
from ...models.channel import RESTRICTED, RESULTS, TIERS, default_tier, tier_of
from .fields import AT_RISK, PlainForm, day_input


class ChannelForm(PlainForm):
    kind = forms.ChoiceField(choices=kind_choices)
    raw = forms.CharField(label="Number or address", max_length=300, widget=forms.TextInput(attrs={"dir": "ltr"}))
    label = forms.ChoiceField(choices=LABELS, required=False)
    tier = forms.ChoiceField(
        label="Who sees it", required=False,
        choices=[("", "Staff; restricted if “home”"), *TIERS],
        help_text="A private mobile or a home address is restricted: sealed, and opened one at a time, on record.",
    )  # fmt: skip
    preference = forms.IntegerField(min_value=1, max_value=100, initial=50, help_text="1 is tried first, 100 last.")
    hours_note = forms.CharField(
        label="Hours", max_length=120, required=False, help_text="“After 16:00, not on Fridays”."
    )
    source = forms.CharField(label="Where we have it from", max_length=160, required=False)
    do_not_use = forms.BooleanField(required=False)
    no_risk = forms.BooleanField(
        required=False, label="Naming this person puts nobody at risk", help_text="Needed for what is restricted."
    )

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        if row is not None:
            del self.fields["kind"]
            self.fields["tier"].choices = TIERS
            if tier_of(row) == RESTRICTED:
                self.fields["raw"].required = False
                self.fields["raw"].help_text = "Sealed. Type it anew to change it; leave it empty to keep it."
        else:
            del self.fields["do_not_use"]

    def clean(self):
        data = super().clean()
        data["tier"] = data.get("tier") or (tier_of(self.row) if self.row else default_tier(data.get("label", "")))
        sealed_anew = data["tier"] == RESTRICTED and data.get("raw")
        if sealed_anew and not data.get("no_risk") and "raw" not in self.errors:
            self.add_error("no_risk", AT_RISK + " Tick this if it does not.")
        return data


class NoteForm(PlainForm):
    text = forms.CharField(label="Restricted note", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    no_risk = forms.BooleanField(
        label="Naming this person puts nobody at risk",
        error_messages={"required": AT_RISK + " Tick this if it does not."},
    )


class UnsealForm(PlainForm):
    why = forms.CharField(
        label="Why do you open it?", min_length=log.SAID_WHY, max_length=300,
        help_text="Goes on record with your name.",
        error_messages={"required": "Say why you open it: it goes on record."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class ResultForm(PlainForm):
    result = forms.ChoiceField(choices=[choice for choice in RESULTS if choice[0]])


class LogForm(CleanForm):
    article = forms.CharField(
        label="For the story no.", required=False, max_length=18, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    private_note = forms.CharField(
        label="Restricted note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Sealed; opened on record.",
    )  # fmt: skip
    no_risk = forms.BooleanField(required=False, label="Naming this person puts nobody at risk")

    class Meta:
        model = ContactLog
        fields = ["outcome", "channel", "incoming", "purpose", "article", "ground_rule", "note", "override",
                  "follow_up_on", "private_note", "no_risk"]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 2}), "follow_up_on": day_input()}

    def __init__(self, *args, barred=False, seals=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not barred:
            del self.fields["override"]
        if not seals:
            del self.fields["private_note"], self.fields["no_risk"]

    def clean_article(self):
        text = self.cleaned_data["article"]
        if text and not number(text):
            raise forms.ValidationError("The story's number, as its address has it.")
        return number(text)

    def clean(self):
        data = super().clean()
        if data.get("private_note") and not data.get("no_risk"):
            self.add_error("no_risk", AT_RISK + " Tick this if it does not.")
        return data

    def _post_clean(self):
        """The verb writes."""
