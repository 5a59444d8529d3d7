"""The part of channels: adding, changing, moving and removing one."""

from django import forms

from ...actions import channels
from ...channels import LABELS, kind_choices
from ...models.channel import CHANNEL_TIERS, RESTRICTED, default_tier, tier_of_channel
from .base import OneRowPart
from .fields import AT_RISK, PlainForm


class ChannelForm(PlainForm):
    kind = forms.ChoiceField(choices=kind_choices)
    raw = forms.CharField(label="Number or address", max_length=300, widget=forms.TextInput(attrs={"dir": "ltr"}))
    label = forms.ChoiceField(choices=LABELS, required=False)
    tier = forms.ChoiceField(
        label="Who sees it", required=False,
        choices=[("", "Staff; restricted if “home”"), *CHANNEL_TIERS],
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
            self.fields["tier"].choices = CHANNEL_TIERS
            if tier_of_channel(row) == RESTRICTED:
                self.fields["raw"].required = False
                for name in ("raw", "hours_note", "source"):
                    self.fields[name].help_text = "Sealed. Type it anew to change it; leave it empty to keep it."
        else:
            del self.fields["do_not_use"]

    def clean(self):
        data = super().clean()
        data["tier"] = data.get("tier") or (
            tier_of_channel(self.row) if self.row else default_tier(data.get("label", ""))
        )
        sealed_anew = data["tier"] == RESTRICTED and data.get("raw")
        if sealed_anew and not data.get("no_risk") and "raw" not in self.errors:
            self.add_error("no_risk", AT_RISK + " Tick this if it does not.")
        return data


class ChannelsPart(OneRowPart):
    risk = True
    deeds = {
        "": ("Another way to reach them", "Add it", ChannelForm),
        "change": ("Change a way to reach them", "Save", ChannelForm),
        "change-sealed": ("Change a restricted detail", "Save", ChannelForm),
        "remove": ("Take a way to reach them off the card", "Take it off", None),
        "remove-sealed": ("Take a restricted detail off the card", "Take it off", None),
    }

    def find(self, expert, pk):
        if not self.do:
            return None
        return self.only(expert.private_channels.all() if self.do.endswith("sealed") else expert.channels.all(), pk)

    def says(self):
        return f"{self.row.get_kind_display()}: {self.row}" if self.do.startswith("remove") else ""

    def make_form(self):
        initial = None
        if self.row is not None:
            names = ["label", "preference", "do_not_use"]
            if tier_of_channel(self.row) != RESTRICTED:
                names += ["raw", "hours_note", "source"]
            initial = {name: getattr(self.row, name) for name in names} | {"tier": tier_of_channel(self.row)}
        return ChannelForm(self.data, row=self.row, initial=initial)

    def save(self):
        if self.do.startswith("remove"):
            channels.remove_channel(self.row, by=self.by)
            return
        data = {name: value for name, value in self.form.cleaned_data.items() if name != "no_risk"}
        if self.row is None:
            channels.add_channel(self.expert, by=self.by, **data)
        else:
            channels.change_channel(self.row, by=self.by, **data)
