"""The form that makes a card."""

from django import forms

from ... import names
from ...channels import guess_kind, kind_choices, normalise
from .fields import AT_RISK, PlainForm, organisation_input


class NewCardForm(PlainForm):
    """What makes a card in five seconds: a name; a title, where from and one number if they are at hand."""

    display_name = forms.CharField(
        label="Name", max_length=160, widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text="As the paper prints it. A name is enough.",
    )  # fmt: skip
    title = forms.CharField(max_length=160, required=False, help_text="As the paper prints it: “political analyst”.")
    organisation = forms.CharField(max_length=160, required=False, widget=organisation_input())
    channel = forms.CharField(
        label="Number or address", max_length=300, required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text="A number with + and its country’s code.",
    )  # fmt: skip
    channel_kind = forms.ChoiceField(label="Which is", required=False)
    private = forms.BooleanField(
        required=False, label="It is private: a personal number, or where they live",
        help_text="Then it is sealed, and even you cannot read it here again.",
    )  # fmt: skip
    no_risk = forms.BooleanField(
        required=False, label="Naming this person puts nobody at risk", help_text="Needed for what is private."
    )
    because = forms.CharField(
        label="Why make another card?", max_length=300, required=False, widget=forms.TextInput(),
        help_text="“Another person of the same name: this one is the poet.”",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel_kind"].choices = [("", "As it looks"), *kind_choices()]

    def clean_display_name(self):
        name = " ".join(self.cleaned_data["display_name"].split())
        if not names.fold(name):
            raise forms.ValidationError("A name has letters.")
        return name

    def clean(self):
        data = super().clean()
        if data.get("organisation") and not data.get("title"):
            self.add_error("title", "What are they there? The role needs a title.")
        if raw := data.get("channel"):
            data["channel_kind"] = data.get("channel_kind") or guess_kind(raw)
            _, error = normalise(data["channel_kind"], raw)
            if error:
                self.add_error("channel", error)
            elif data.get("private") and not data.get("no_risk"):
                self.add_error("no_risk", AT_RISK + " Tick this if it does not.")
        return data
