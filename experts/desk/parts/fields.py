"""Form fields and sets of rows that several parts of a card use."""

from django import forms
from django.forms.models import BaseInlineFormSet, inlineformset_factory

from newsroom import languages
from newsroom.desk.alike import name_lookalikes
from newsroom.desk.base import without_controls
from newsroom.desk.named import lookalike_offer
from newsroom.models import Topic

from ... import names
from ...models import Expert, Organisation

AT_RISK = "Would naming this person put them at risk? Stop: confidential sources do not belong in any database."
LANGUAGE_HELP = "A name or a code: Arabic, ar-JO."
MOST_ROWS = 40


def day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LanguageField(forms.CharField):
    """A language typed by name or code; it shows the name and cleans to the code."""

    def __init__(self, **kwargs):
        # A model's field brings the length of a code along.
        super().__init__(**kwargs | {"max_length": 60})
        self.widget.attrs |= {"list": "languages", "autocomplete": "off"}

    def prepare_value(self, value):
        return languages.name_and_tag(value) if isinstance(value, str) and value else value

    def clean(self, value):
        try:
            return languages.tag_of(super().clean(value))
        except languages.NoLanguage as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial, data):
        try:
            return languages.tag_of(data or "") != (initial or "")
        except languages.NoLanguage:
            return True


def topics_named(text):
    """The topics of a text with commas between. Raises ValidationError that names the unknown ones."""
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    found, unknown = [], []
    for name in wanted[:30]:
        topic = Topic.objects.in_use().filter(name__iexact=name).first()
        found.append(topic) if topic else unknown.append(name)
    if unknown:
        raise forms.ValidationError(f"No such topic: {', '.join(unknown)}. Make it under Topics, or pick another.")
    return list(dict.fromkeys(found))


class PlainForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


def organisation_input():
    return forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"})


class NamesOrganisation:
    """For a form that may make an organisation: one that reads like it is shown, and the person says whether it is."""

    def clean(self):
        data = super().clean()
        name = self.cleaned_data.get("organisation")
        said = self.data.get("another_organisation") == names.fold(name or "")
        if name and "organisation" in self.changed_data and not said and not Organisation.objects.goes_by(name):
            # That a role's own organisation is spelt better now makes no other one.
            alike = [other for _, other in name_lookalikes(Organisation, name) if other != self["organisation"].initial]
            for other in alike[:1]:
                self.add_error("organisation", lookalike_offer(other, name, "another_organisation"))
        return data


class RowSet(BaseInlineFormSet):
    """The rows of a part with one empty row more; their number is limited, and unknown ids are refused."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        without_controls(form)
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                field.widget.attrs.setdefault("aria-label", str(field.label or name.replace("_", " ").capitalize()))
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Remove"


def rows_of(model, form, extra=1, formset=RowSet):
    return inlineformset_factory(
        Expert, model, form=form, formset=formset, extra=extra, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 10,
        validate_max=True, can_delete_extra=False,
    )  # fmt: skip
