"""How the source book answers what its verbs refuse: one place gives the words, the status and the field."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import SimpleTestCase

from experts.desk import base
from newsroom.errors import NotAllowed, NoteNeeded, Refused, Stale, WrongState


class AskForm(forms.Form):
    why = forms.CharField(required=False)


class RefusalTests(SimpleTestCase):
    def attempted(self, error):
        form = AskForm({"why": "because"})
        form.is_valid()
        with base.attempt(form) as tried:
            if error:
                raise error
        return tried, form

    def test_each_refusal_has_its_status_and_its_words(self):
        for error, status in (
            (Refused("No."), 400), (NoteNeeded("No."), 400), (ValidationError("No."), 400),
            (WrongState("No."), 409), (Stale("No."), 409),
        ):  # fmt: skip
            tried, form = self.attempted(error)
            self.assertEqual((tried.status, tried.words, tried.error), (status, "No.", error))
            self.assertIn("No.", str(form.errors))

    def test_a_verb_that_goes_through_leaves_no_error(self):
        tried, form = self.attempted(None)
        self.assertEqual((tried.error, form.errors), (None, {}))

    def test_words_stand_beside_their_field_or_above_the_form(self):
        for error in (NoteNeeded("Say why.", field="why"), ValidationError({"why": "Say why."})):
            self.assertEqual(self.attempted(error)[1].errors, {"why": ["Say why."]})
        for error in (Refused("No.", field="elsewhere"), ValidationError({"elsewhere": "No."})):
            self.assertEqual(self.attempted(error)[1].errors, {"__all__": ["No."]})

    def test_who_may_not_is_answered_with_403(self):
        with self.assertRaises(NotAllowed):
            self.attempted(NotAllowed("Your role does not."))

        def view():
            raise NotAllowed("Your role does not.")

        with self.assertRaisesMessage(PermissionDenied, "Your role does not."):
            base.forbidding(view)()
