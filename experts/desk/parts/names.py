"""The part of names: as printed, in their own script, and other names and spellings."""

from django import forms

from newsroom.desk.base import CleanForm

from ... import names
from ...models import Expert, NameVariant
from .base import FieldsPart
from .fields import LANGUAGE_HELP, LanguageField, RowSet, rows_of


class NamesForm(CleanForm):
    class Meta:
        model = Expert
        fields = ["display_name", "sort_name", "native_name", "native_language", "pronunciation", "pronouns",
                  "honorific_prefix", "given", "additional", "family", "second_family", "generation",
                  "honorific_suffix", "kind"]  # fmt: skip
        widgets = {"native_name": forms.TextInput(attrs={"dir": "auto"})}
        field_classes = {"native_language": LanguageField}
        help_texts = {"native_language": LANGUAGE_HELP}


class VariantForm(CleanForm):
    class Meta:
        model = NameVariant
        fields = ["text", "kind", "language"]
        widgets = {"text": forms.TextInput(attrs={"dir": "auto"})}
        field_classes = {"language": LanguageField}
        help_texts = {"language": LANGUAGE_HELP}


class VariantRows(RowSet):
    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            text = getattr(form, "cleaned_data", {}).get("text")
            if not text or form.cleaned_data.get("DELETE"):
                continue
            folded = names.fold(text)[:200]
            if folded in seen:
                form.add_error("text", "Another variant above is spelled the same, but for signs and capitals.")
            seen.add(folded)


class NamesPart(FieldsPart):
    title, form_class, lists = "Names", NamesForm, ("languages",)
    sets = {"variants": ("Other names and spellings", rows_of(NameVariant, VariantForm, formset=VariantRows))}
