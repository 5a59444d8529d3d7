"""A new newspaper: from an empty database to a front page and people who can sign in."""

from django.core import mail
from django.test import TestCase

from articles import roles
from articles.actions import first_run
from articles.models import Contributor, Section
from articles.roles import Role
from newsroom.errors import NotAllowed, Refused, WrongState
from newsroom.models import Publication, User

ROWS = 6
PAPER = {
    "name": "The Marsh Gazette", "tagline": "News of the Fens", "time_zone": "Europe/Lisbon", "language": "en-GB",
    "contact_email": "desk@gazette.example", "sections": "World\nCity Life\n\nأخبار = news\n",
}  # fmt: skip


def answers(*people, **changes):
    """What a person fills into the page: `people` are (name, e-mail, role)."""
    data = PAPER | changes | {"people-TOTAL_FORMS": ROWS, "people-INITIAL_FORMS": 0}
    for number in range(ROWS):
        name, email, role = people[number] if number < len(people) else ("", "", "")
        data |= {f"people-{number}-name": name, f"people-{number}-email": email, f"people-{number}-role": role}
    return data


class FirstRunTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.root = User.objects.create_superuser("root", "root@gazette.example", "pass")

    def setUp(self):
        self.client.force_login(self.root)

    def open(self, *people, **changes):
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post("/admin/first-run/", answers(*people, **changes))


class FirstRunTests(FirstRunTestCase):
    def test_readers_are_told_that_the_paper_is_not_open_yet(self):
        response = self.client.get("/")
        self.assertContains(response, "This newspaper has not opened yet")
        self.assertContains(response, '<meta name="robots" content="noindex">')

    def test_the_superuser_is_led_to_the_first_run_page(self):
        self.assertRedirects(self.client.get("/admin/"), "/admin/first-run/")
        page = self.client.get("/admin/first-run/")
        self.assertContains(page, "Open the newspaper")
        self.assertContains(page, 'value="Europe/London"')

    def test_the_paper_opens_with_its_sections_in_order(self):
        self.assertContains(self.open(), "The newspaper is open")
        paper = Publication.objects.current()
        self.assertEqual((paper.name, paper.time_zone, paper.four_eyes), ("The Marsh Gazette", "Europe/Lisbon", True))
        sections = list(Section.objects.values_list("name", "slug"))
        self.assertEqual(sections, [("World", "world"), ("City Life", "city-life"), ("أخبار", "news")])

    def test_readers_get_the_paper_at_once(self):
        self.client.get("/")  # a page that says it is closed has been kept
        self.open()
        page = self.client.get("/")
        self.assertContains(page, "The Marsh Gazette")
        self.assertNotContains(page, "not opened yet")
        self.assertEqual(self.client.get("/city-life/").status_code, 200)

    def test_people_choose_their_own_password_by_a_link_that_works_once(self):
        page = self.open(("Rana Aziz", "Rana@gazette.example", Role.REPORTER))
        rana = User.objects.get(username="rana@gazette.example")
        self.assertFalse(rana.has_usable_password())
        [(user, link)] = page.context["accounts"]
        self.assertEqual(user, rana)
        self.assertContains(page, link)
        [letter] = mail.outbox
        self.assertEqual(letter.to, ["rana@gazette.example"])
        self.assertIn(link, letter.body)

        self.client.logout()
        path = link.removeprefix("http://127.0.0.1:8000")
        form = self.client.get(path, follow=True)
        where = form.redirect_chain[-1][0]
        self.assertNotIn(path.rstrip("/").rpartition("/")[2], where)  # the token is gone from the address
        new = {"new_password1": "seven quiet herons", "new_password2": "seven quiet herons"}
        self.assertRedirects(self.client.post(where, new), "/admin/password/done/")
        self.assertTrue(self.client.login(username="rana@gazette.example", password="seven quiet herons"))
        self.client.logout()
        self.assertContains(self.client.get(path, follow=True), "link was invalid")

    def test_everyone_can_begin_with_what_their_role_needs(self):
        self.open(
            ("Rana Aziz", "rana@gazette.example", Role.REPORTER),
            ("Edith Moor", "edith@gazette.example", Role.EDITOR),
            ("Dana Quist", "dana@gazette.example", Role.DUTY),
        )
        rana, edith, dana = User.objects.filter(is_superuser=False).order_by("pk")
        self.assertEqual(str(Contributor.objects.get(user=rana)), "Rana Aziz")
        self.assertEqual(roles.roles_of(rana), {Role.REPORTER})
        self.assertEqual(edith.sections_edited.count(), 3)
        self.assertEqual(roles.roles_of(dana), {Role.DUTY})
        self.assertTrue(all(user.is_staff for user in (rana, edith, dana)))

    def test_the_first_run_page_is_gone_once_the_paper_is_open(self):
        self.open()
        self.assertEqual(self.client.get("/admin/first-run/").status_code, 404)
        self.assertEqual(self.open(name="Another").status_code, 404)
        self.assertEqual(Publication.objects.get().name, "The Marsh Gazette")
        self.assertEqual(self.client.get("/admin/").status_code, 200)

    def test_other_staff_cannot_open_the_paper(self):
        clerk = User.objects.create_user("clerk", password="pass", is_staff=True)
        self.client.force_login(clerk)
        self.assertEqual(self.client.get("/admin/first-run/").status_code, 403)
        self.assertEqual(self.open().status_code, 403)
        self.assertEqual(self.client.get("/admin/").status_code, 200)
        with self.assertRaises(NotAllowed):
            first_run.set_up_newspaper(by=clerk, name="Mine", sections=["World"])

    def test_a_stranger_is_asked_to_sign_in(self):
        self.client.logout()
        self.assertRedirects(self.client.get("/admin/first-run/"), "/admin/login/?next=/admin/first-run/")

    def test_two_at_once_open_one_newspaper(self):
        first_run.set_up_newspaper(by=self.root, name="The first", sections=["World"])
        with self.assertRaises(WrongState):
            first_run.set_up_newspaper(by=self.root, name="The second", sections=["World"])


class BadAnswerTests(FirstRunTestCase):
    """Errors stand beside their fields; nothing typed is lost, and nothing is half made."""

    def refused(self, *people, says, **changes):
        page = self.open(*people, **changes)
        self.assertContains(page, says, status_code=400)
        self.assertContains(page, "The Marsh Gazette", status_code=400)
        self.assertIsNone(Publication.objects.current())
        self.assertFalse(Section.objects.exists())
        self.assertEqual(User.objects.count(), 1)
        self.assertEqual(mail.outbox, [])

    def test_an_unknown_time_zone_is_refused(self):
        self.refused(time_zone="Europe/Atlantis", says="is no time zone")

    def test_an_unknown_language_is_refused(self):
        self.refused(language="English, please", says="A language tag such as en")

    def test_a_section_with_a_reserved_name_is_refused(self):
        self.refused(sections="World\nSearch", says="is taken by a page of the site")

    def test_a_paper_without_sections_is_refused(self):
        self.refused(sections="  \n ", says="Name at least one section")

    def test_a_section_without_letters_for_its_address_is_refused(self):
        self.refused(sections="!!!", says="gives no letters for an address")

    def test_a_section_named_twice_is_refused(self):
        self.refused(sections="World\nworld", says="stands there twice")

    def test_a_person_without_a_role_is_refused(self):
        self.refused(("Rana Aziz", "rana@gazette.example", ""), says="This field is required")

    def test_one_address_for_two_people_is_refused(self):
        rana = ("Rana Aziz", "rana@gazette.example", Role.REPORTER)
        self.refused(rana, ("Rob", "RANA@gazette.example", Role.EDITOR), says="One person, one account")

    def test_an_invisible_control_character_is_refused(self):
        self.refused(("Rana\u202eAziz", "rana@gazette.example", Role.REPORTER), says="invisible control character")

    def test_a_section_name_that_is_too_long_is_refused(self):
        self.refused(sections="x" * 101, says="too long")

    def test_the_action_refuses_what_the_form_would(self):
        with self.assertRaises(Refused) as caught:
            first_run.set_up_newspaper(by=self.root, name="The Gazette", sections=["Admin"])
        self.assertEqual(caught.exception.field, "sections")
