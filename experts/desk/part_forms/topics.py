"""What somebody speaks on, what readers have to be told of them, and who they are elsewhere."""

from django import forms

from newsroom.desk.base import CleanForm

from ...models import Disclosure, ExpertTopic, ExternalId
from .fields import RowSet, day_input, organisation_input, rows_of, topics_named


class TopicForm(CleanForm):
    name = forms.CharField(label="Topic", max_length=100, widget=forms.TextInput(attrs={"list": "topics"}))

    class Meta:
        model = ExpertTopic
        fields = ["name", "level", "evidence"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["name"] = self.instance.tag.name

    def clean_name(self):
        found = topics_named(self.cleaned_data["name"].replace(",", " "))
        if not found:
            raise forms.ValidationError("Write the topic's name.")
        self.instance.tag = found[0]
        return self.cleaned_data["name"]

    def has_changed(self):
        return bool(self.data.get(self.add_prefix("name"))) if not self.instance.pk else super().has_changed()


class Topics(RowSet):
    def get_queryset(self):
        if not hasattr(self, "_loaded"):
            self._loaded = self.queryset.select_related("tag").order_by("-level", "tag__name")
            self._queryset = self._loaded
        return self._loaded

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("name") or data.get("DELETE"):
                continue
            if form.instance.tag_id in seen:
                form.add_error("name", "This topic stands above already.")
            seen.add(form.instance.tag_id)


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
        # A kind that the browser had chosen is no row.
        return bool(set(self.changed_data) - {"kind"}) if not self.instance.pk else super().has_changed()

    def save(self, commit=True):
        row = super().save(commit)
        row.topics.set(self.chosen)
        return row


class IdentifierForm(CleanForm):
    class Meta:
        model = ExternalId
        fields = ["scheme", "value"]

    def has_changed(self):
        return bool(set(self.changed_data) - {"scheme"}) if not self.instance.pk else super().has_changed()


TOPICS = rows_of(ExpertTopic, TopicForm, extra=2, formset=Topics)
DISCLOSURES = rows_of(Disclosure, DisclosureForm)
IDENTIFIERS = rows_of(ExternalId, IdentifierForm)
