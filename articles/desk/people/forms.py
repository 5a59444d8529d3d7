"""The forms of the page “People in this story”: the terms of a quotation, and a person as printed."""

from django import forms

from newsroom.desk.base import without_controls
from newsroom.desk.moments import MomentField

from ...actions.people import terms
from ...models import Appearance, QuoteRecord


class TermsForm(forms.ModelForm):
    """What was agreed with a speaker about one quotation."""

    interviewer = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label="Who asked")

    class Meta:
        model = QuoteRecord
        fields = ["ground_rule", "descriptor", "embargo_until", "kind", "terms", "origin", "recording_ref", "said_on",
                  "obtained", "interviewer", "words_as_spoken", "spoken_language", "translator",
                  "approval"]  # fmt: skip
        widgets = {
            "said_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "words_as_spoken": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        }
        field_classes = {"embargo_until": MomentField}
        help_texts = {
            "words_as_spoken": "If they differ from the printed ones. What was said off the record is not kept.",
            "spoken_language": "ar, uk, fr.",
        }

    def __init__(self, *args, staff=(), **kwargs):
        super().__init__(*args, **kwargs)
        asked = self.instance.interviewer_id
        gone = [(asked, "Somebody who has left")] if asked and asked not in dict(staff) else []
        self.fields["interviewer"].choices = [("", "—"), *staff, *gone]
        self.initial["interviewer"] = self.instance.interviewer_id
        without_controls(self)

    def clean(self):
        data = super().clean()
        rule = data.get("ground_rule")
        if rule in terms.UNNAMED and not (data.get("descriptor") or "").strip():
            self.add_error("descriptor", "On background: write what the story calls the person instead of the name.")
        if data.get("embargo_until") and rule != "embargoed":
            self.add_error("embargo_until", "A moment is for words under embargo: choose that rule, or empty this.")
        if rule == "off_record" and data.get("words_as_spoken"):
            self.add_error("words_as_spoken", "What was said off the record is not kept here. Empty this.")
        return data

    def _post_clean(self):
        return None  # the action writes the columns, once it has checked the version

    def columns(self):
        """The columns and values for `linking.set_terms`."""
        data = dict(self.cleaned_data)
        return data | {"interviewer_id": data.pop("interviewer")}


class PersonForm(forms.ModelForm):
    """In what role somebody speaks in this story, and what is printed about them."""

    class Meta:
        model = Appearance
        fields = ["attribution_as_printed", "role", "disclosure_printed"]
        widgets = {"disclosure_printed": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)

    def _post_clean(self):
        return None  # as above
