"""How the desk answers a refused action, and that it does so in one place."""

import ast
import json
from pathlib import Path

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import SimpleTestCase

import articles.desk
import experts.desk
from newsroom import errors
from newsroom.desk.refusals import Attempt, not_allowed_as_403, refused_as_json, status_of

REFUSALS = {"Refused", "NotAllowed", "WrongState", "Stale", "NoteNeeded", "Blocked"}


class NameForm(forms.Form):
    name = forms.CharField()


def attempt_at(error):
    with Attempt() as attempt:
        raise error
    return attempt


class RefusalTests(SimpleTestCase):
    def test_each_kind_of_refusal_has_its_status(self):
        self.assertEqual(status_of(errors.Refused("No.")), 400)
        self.assertEqual(status_of(errors.NoteNeeded()), 400)
        self.assertEqual(status_of(errors.Blocked([], "No.")), 400)
        self.assertEqual(status_of(errors.NotAllowed("No.")), 403)
        self.assertEqual(status_of(errors.WrongState("No.")), 409)
        self.assertEqual(status_of(errors.Stale()), 409)

    def test_an_attempt_that_succeeds_has_no_refusal(self):
        form = NameForm({"name": "Sahil"})
        with Attempt() as attempt:
            pass
        attempt.add_to(form)
        self.assertEqual((attempt.refusal, attempt.status, form.is_valid()), (None, 200, True))

    def test_an_attempt_keeps_refusals_only(self):
        self.assertEqual(attempt_at(errors.NotAllowed("Not yours.")).status, 403)
        with self.assertRaises(ValueError):
            attempt_at(ValueError("a fault of ours"))

    def test_a_refusal_stands_beside_the_field_at_fault(self):
        form = NameForm({"name": "Sahil"})
        attempt_at(errors.Refused("Taken.", field="name")).add_to(form)
        self.assertEqual(form.errors, {"name": ["Taken."]})

    def test_a_refusal_of_a_field_the_form_lacks_stands_above_it(self):
        form = NameForm({"name": "Sahil"})
        attempt_at(errors.Refused("Say why.", field="note")).add_to(form)
        self.assertEqual(form.errors, {"__all__": ["Say why."]})

    def test_a_model_that_refuses_its_fields_is_a_refusal_too(self):
        attempt = attempt_at(ValidationError("No such role."))
        self.assertEqual((attempt.words, attempt.status), ("No such role.", 400))
        form = NameForm({"name": "Sahil"})
        attempt_at(ValidationError({"name": "Taken.", "title": "Too long."})).add_to(form)
        self.assertEqual(form.errors, {"name": ["Taken."], "__all__": ["Too long."]})

    def test_a_form_given_to_the_attempt_shows_the_refusal(self):
        form = NameForm({"name": "Sahil"})
        with Attempt(form):
            raise errors.Refused("Taken.", field="name")
        self.assertEqual(form.errors, {"name": ["Taken."]})

    def test_not_allowed_can_be_left_to_the_403_page(self):
        @not_allowed_as_403
        def view():
            with Attempt(raise_not_allowed=True):
                raise errors.NotAllowed("Your role does not.")

        with self.assertRaisesMessage(PermissionDenied, "Your role does not."):
            view()

    def test_scripts_get_a_refusal_as_json(self):
        @refused_as_json
        def view(request):
            raise errors.Stale("Look again.")

        answer = view(None)
        self.assertEqual((answer.status_code, json.loads(answer.content)), (409, {"error": "Look again."}))

    def test_no_page_of_the_desk_catches_refusals_itself(self):
        caught = []
        desks = (Path(desk.__file__).parent for desk in (articles.desk, experts.desk))
        for path in (path for desk in desks for path in desk.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ExceptHandler) and node.type is not None:
                    names = {getattr(n, "id", getattr(n, "attr", "")) for n in ast.walk(node.type)}
                    caught += [f"{path.name}:{node.lineno}"] if names & REFUSALS else []
        self.assertEqual(caught, [], "use newsroom.desk.refusals.Attempt")
