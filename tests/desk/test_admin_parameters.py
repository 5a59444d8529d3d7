"""Django admin's own parameters, sent by hand: each is refused clearly or ignored, never a 500, never half a row."""

from itertools import count

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.actions import images
from articles.models import Agency, Comment, Designation, EmbedHost, Front, State, StyleRule
from newsroom.models import PolicyPage, User

from ..base import DeskTestCase
from ..extent import EVERYTHING
from ..pictures import jpeg
from .pages import filled

BAD = ("/", "é", "\0", "x", "-1", "0", "1", "9" * 30, "%00", "..", "id", "a" * 3000, "１")
BUTTONS = ("_continue", "_addanother", "_popup", "_to_field", "_changelist_filters", "e", "action", "index",
           "select_across", "_save")  # fmt: skip
LISTED = ("p", "o", "all", "e", "_facets", "_popup", "_to_field", "q", "ot", "_changelist_filters", "id__in", "pk")

turn = count()


def few(values):
    """Two of some values, others at each call, so that every one has its turn; all of them in `make test-all`."""
    values = list(values)
    if EVERYTHING or len(values) < 3:
        return values
    start = 2 * next(turn) % len(values)
    return (values + values)[start : start + 2]


@pytest.mark.slow
class ParametersTestCase(DeskTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.assemble()
        cls.root = User.objects.create_superuser("root", "root@paper.example", "pass")
        cls.article = make = cls.make_article(cls)
        image = images.take_in(jpeg(64, 48), by=cls.pia, alt="A harbour", credit="Pia")
        cls.rows = {
            "articles.article": make, "articles.image": image, "articles.section": cls.world,
            "articles.contributor": cls.rana_by, "articles.agency": Agency.objects.create(name="Wire"),
            "articles.embedhost": EmbedHost.objects.get(seed="vimeo"),
            "articles.designation": Designation.objects.create(name="The Red League"),
            "articles.stylerule": StyleRule.objects.create(term="utilise", preferred="use"),
            "articles.front": Front.objects.create(section=None),
            "articles.dutyturn": cls.dana.duty_turns.get(),
            "articles.comment": Comment.objects.create(
                article=make, name="A reader", body="Well said.", created_at=timezone.now()
            ),
            "newsroom.topic": cls.topic, "newsroom.publication": cls.publication, "newsroom.user": cls.rob,
            "newsroom.policypage": PolicyPage.objects.create(title="Standards", slug="standards"),
            "experts.expert": cls.expert,
        }  # fmt: skip

    def setUp(self):
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.root)
        self.wrong = []

    def tearDown(self):
        self.assertEqual(self.wrong, [])

    def ask(self, method, where, data):
        """Send a request, look at its answer, and take back what it wrote."""
        before = self.counts()
        mark = transaction.savepoint()
        answer = getattr(self.client, method)(where, data)
        added = {name for name, count in self.counts().items() if count > before[name]}
        transaction.savepoint_rollback(mark)
        said = {key: str(value)[:20] for key, value in data.items() if key.startswith("_") or len(data) < 4}
        if answer.status_code >= 500:
            self.wrong.append(f"{answer.status_code}: {method} {where} {said}")
        return answer, added

    def counts(self):
        found = {}
        with connection.cursor() as cursor:
            for label in self.rows:
                model = self.model(label)
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                found[label] = cursor.fetchone()[0]
        return found

    def model(self, label):
        return next(model for model in admin.site._registry if model._meta.label_lower == label)

    def addresses(self):
        for label, row in self.rows.items():
            name = label.replace(".", "_")
            yield label, row, f"admin:{name}_"

    def change_form(self, start, row):
        """What a browser would send from the row's form; nothing where it has no form of Django's."""
        page = self.client.get(reverse(f"{start}change", args=[row.pk]))
        return filled(page) if page.context and "adminform" in page.context else {}


class FormTests(ParametersTestCase):
    def test_every_registered_model_has_a_row_here(self):
        self.assertEqual({model._meta.label_lower for model in admin.site._registry}, set(self.rows))

    def test_saving_as_new_makes_no_row(self):
        for label, row, start in self.addresses():
            where = reverse(f"{start}change", args=[row.pk])
            for form in (self.change_form(start, row), {}):
                answer, added = self.ask("post", where, form | {"_saveasnew": "1"})
                self.assertEqual(added, set(), label)
                self.assertGreaterEqual(answer.status_code, 400, label)

    def test_each_button_of_django_with_whatever_in_it(self):
        for _, row, start in self.addresses():
            where = reverse(f"{start}change", args=[row.pk])
            form = self.change_form(start, row)
            for button in BUTTONS if EVERYTHING else few(BUTTONS):
                for bad in few(BAD):
                    self.ask("post", where, form | {button: bad})
            for button in ("_popup", "_to_field", "_changelist_filters"):
                for bad in few(BAD):
                    self.ask("get", where, {button: bad})
                    self.ask("get", reverse(f"{start}add"), {button: bad})

    def test_a_new_row_from_a_window_that_asks_for_any_field(self):
        for _, _, start in self.addresses():
            for bad in few((*BAD, "password", "token", "no_such", "pk", "delete")):
                self.ask("post", reverse(f"{start}add"), {"_popup": "1", "_to_field": bad})
        for bad in (*BAD, "original", "no_such", "delete"):
            sent = {"file": jpeg(64, 48), "alt": "A", "_popup": "1", "_to_field": bad}
            answer, added = self.ask("post", reverse("admin:articles_image_add"), sent)
            if answer.status_code >= 400:
                self.assertEqual(added, set(), bad)

    def test_numbers_of_rows_within_a_form(self):
        for _, row, start in self.addresses():
            where = reverse(f"{start}change", args=[row.pk])
            form = self.change_form(start, row)
            for name in few([name for name in form if name.endswith(("_FORMS", "-id"))]):
                for bad in few((*BAD, "", "1001", "1.5", "1e9")):
                    self.ask("post", where, form | {name: bad})
                self.ask("post", where, {key: value for key, value in form.items() if key != name})

    def test_other_pages_of_a_row_by_hostile_ids(self):
        for _, _, start in self.addresses():
            for page in ("change", "history", "delete"):
                for bad in few(("é", "x", "-1", "9" * 30, "_5F", "a" * 300, "１", "%00", "1_2F")):
                    where = reverse(f"{start}{page}", args=[bad])
                    self.ask("get", where, {})
                    self.ask("post", where, {"post": "yes"})


class ListTests(ParametersTestCase):
    def test_each_parameter_of_a_list_with_whatever_in_it(self):
        for _, _, start in self.addresses():
            for name in LISTED:
                for bad in few(BAD):
                    self.ask("get", reverse(f"{start}changelist"), {name: bad})

    def test_each_action_of_a_list_with_whatever_chosen(self):
        for label, row, start in self.addresses():
            names = list(admin.site._registry[self.model(label)].get_actions(self._request()) or {})
            for action in [*names, "delete_selected", "é", "\0", ""]:
                for chosen in few((["x"], ["\0"], ["9" * 30], ["-1"], ["é"], [], [row.pk, "x"], ["１"], [row.pk])):
                    for more in few(
                        ({}, {"select_across": "1"}, {"index": "x"}, {"index": "99"}, {"select_across": "é"})
                    ):
                        sent = {"action": action, "_selected_action": chosen, "keep": "x", "section": "x"} | more
                        self.ask("post", reverse(f"{start}changelist"), sent)
                    self.ask("post", reverse(f"{start}changelist"), {"_save": "1", "_selected_action": chosen})

    def _request(self):
        from django.test import RequestFactory

        request = RequestFactory().get("/")
        request.user = self.root
        return request


class NamesTests(ParametersTestCase):
    """Names that a request sends and the desk makes an address of, or looks something up by."""

    def test_a_move_that_does_not_exist_keeps_what_was_saved(self):
        for number, bad in enumerate(("/", "%00", "é", "a/b", "submit\n", "\0")):
            page = self.client.get(self.article.get_absolute_url())
            sent = filled(page, standfirst=f"Typed with care, {number}.", _move=bad)
            answer = self.client.post(self.article.get_absolute_url(), sent)
            self.assertEqual(answer.status_code, 409, repr(bad))
            self.article.refresh_from_db()
            self.assertEqual(self.article.standfirst, f"Typed with care, {number}.")
            self.assertContains(answer, "There is no such move", status_code=409)

    def test_other_buttons_of_the_story_with_whatever_in_them(self):
        where = self.article.get_absolute_url()
        form = filled(self.client.get(where))
        for name in ("_sign", "_approve_source", "_looked", "_people", "seen", "base_version"):
            for bad in few(BAD):
                self.ask("post", where, form | {name: bad})

    def test_pages_of_moves_and_signoffs_by_hostile_fields(self):
        story = self.make_article(slug="another", state=State.SUBMITTED)
        for name in ("approve", "send-back", "hold", "publish", "correct", "publish-from-draft", "no-such"):
            where = reverse("admin:articles_article_move", args=[story.pk, name])
            for field in ("seen", "waive", "draft", "replacement", "assignee", "kind", "refuse", "at"):
                for bad in few(BAD):
                    self.ask("post", where, {"seen": "1.submitted.none.0", field: bad})

    def test_where_to_go_after_signing_in_is_no_other_site(self):
        for bad in (*BAD, "//evil.example", "https://evil.example/", "/\\evil.example"):
            answer, _ = self.ask("get", reverse("admin:login"), {"next": bad})
            self.assertNotIn("evil.example", answer.headers.get("Location", ""))
