"""The part of topics, with how well somebody knows each."""

from django import forms

from newsroom.desk.base import CleanForm

from ...models import ExpertTopic
from .base import FieldsPart
from .fields import RowSet, rows_of, topics_named


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


class TopicRows(RowSet):
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


class TopicsPart(FieldsPart):
    title, lists = "Topics", ("topics",)
    sets = {"topics": ("", rows_of(ExpertTopic, TopicForm, extra=2, formset=TopicRows))}
