"""The part of restricted notes: adding and deleting one."""

from django import forms

from ... import access
from ...actions import log
from .. import base
from .base import OneRowPart
from .fields import AT_RISK, PlainForm


class NoteForm(PlainForm):
    text = forms.CharField(label="Restricted note", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    no_risk = forms.BooleanField(
        label="Naming this person puts nobody at risk",
        error_messages={"required": AT_RISK + " Tick this if it does not."},
    )


class NotesPart(OneRowPart):
    risk = True
    deeds = {
        "": ("A restricted note", "Seal it", NoteForm),
        "mended": ("What an import left on a restricted note", "Nothing is left to mend", None),
        "remove": ("Remove a restricted note", "Remove it for good", None),
    }

    def __init__(self, expert, request):
        base.require_permission(access.may_unseal(request.user))
        super().__init__(expert, request)

    def find(self, expert, pk):
        return self.only(expert.private_notes.all(), pk) if self.do else None

    def make_form(self):
        return NoteForm(self.data)

    def save(self):
        if self.do == "mended":
            log.note_mended(self.row, by=self.by)
        elif self.row is not None:
            log.remove_note(self.row, by=self.by)
        else:
            log.add_note(self.expert, self.form.cleaned_data["text"], by=self.by)
