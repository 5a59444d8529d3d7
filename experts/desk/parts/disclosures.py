"""The part of declared interests."""

from django import forms

from newsroom.desk.base import CleanForm

from ...models import Disclosure
from .base import FieldsPart
from .fields import day_input, organisation_input, rows_of, topics_named


class DisclosureForm(CleanForm):
    on_topics = forms.CharField(
        label="When the story is about", max_length=600, required=False,
        widget=forms.TextInput(attrs={"list": "topics"}),
        help_text="Topics, with commas between. Empty: whatever they speak on.",
    )  # fmt: skip
    source_url = forms.URLField(label="Where this is said", max_length=300, required=False, assume_scheme="https")

    class Meta:
        model = Disclosure
        fields = ["kind", "counterpart", "print_text", "must_print", "on_topics", "start", "end", "source_url",
                  "reviewed_on"]  # fmt: skip
        widgets = {name: day_input() for name in ("start", "end", "reviewed_on")} | {
            "counterpart": organisation_input()
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["on_topics"] = ", ".join(topic.name for topic in self.instance.topics.all())

    def clean_on_topics(self):
        self.chosen = topics_named(self.cleaned_data["on_topics"])
        return self.cleaned_data["on_topics"]

    def clean(self):
        data = super().clean()
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", "It ends before it begins.")
        return data

    def has_changed(self):
        # A row with nothing but the preset kind is empty.
        return bool(set(self.changed_data) - {"kind"}) if not self.instance.pk else super().has_changed()

    def save(self, commit=True):
        row = super().save(commit)
        row.topics.set(self.chosen)
        return row


class DisclosuresPart(FieldsPart):
    title, lists = "What readers have to be told", ("topics", "organisations")
    sets = {"disclosures": ("", rows_of(Disclosure, DisclosureForm))}
