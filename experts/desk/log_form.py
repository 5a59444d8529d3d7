"""The form of an entry in a contact log, on the card and on the log's page."""

from django import forms

from newsroom import hooks, paper
from newsroom.desk.base import CleanForm, number

from .. import access
from ..models import Bar, ContactLog
from .parts.fields import AT_RISK, day_input


class LogForm(CleanForm):
    article = forms.CharField(
        label="For the story no.", required=False, max_length=18,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "list": "log-stories", "autocomplete": "off"}),
    )  # fmt: skip
    tried = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
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

    def __init__(self, *args, barred=False, seals=False, tapped=None, stories=(), **kwargs):
        """`tapped` is the Channel that somebody tapped to ring; `stories` are (number, headline) to offer."""
        super().__init__(*args, **kwargs)
        self.tapped, self.stories = tapped, stories
        if tapped:
            self.initial |= {"channel": tapped.kind, "tried": tapped.pk}
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
        """Nothing: the action makes the row."""


def log_form(expert, request, data=None):
    """The log form with the fields that this person may fill in for this card, and what is known of their call."""
    barred = expert.bar(Bar.CONTACT, paper.today()) is not None
    tapped = number(request.GET.get("tapped") if data is None else data.get("log-tried"))
    return LogForm(
        data, barred=barred, seals=access.may_unseal(request.user), prefix="log",
        tapped=expert.channels.filter(pk=tapped).first() if tapped else None,
        stories=[story for ask in hooks.stories_of for story in ask(request.user)],
    )  # fmt: skip
