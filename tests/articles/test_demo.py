"""The demonstration newspaper: it builds on both databases, through the gate, and holds what it promises."""

import tomllib

import pytest
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase
from PIL import Image as Pixels

from articles import genres
from articles.actions.people import titles
from articles.demo import cast, stories
from articles.desk.people import old_titles
from articles.models import Article, Contributor, Correction, Edition, EditionExpert, Image, Kind, State
from articles.roles import Role
from experts.channels import number_kinds
from experts.desk import queues
from experts.models import Affiliation, Channel, Expert, PrivateChannel, PublicProfile
from newsroom import clock, paper
from newsroom.models import Publication, User

from ..base import person


def rows_of(name):
    return tomllib.loads((cast.DEMO_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


class PolicyTests(SimpleTestCase):
    # What the site has not: accounts, payment, advertising, tables that fill themselves, a form for reports, scans.
    NOT_THERE = ("account that", "open an account", "close the account", "card numbers", "Advertising", "advertiser.",
                 "Tide tables", "market prices", "foot of every story", "are counted", "is shown on this page",
                 "limited time", "the writer is told", "suspension", "transcript", "Scanned pages", "a few maps",
                 "Server logs", "four times")  # fmt: skip

    def test_the_policy_pages_promise_only_what_is_there(self):
        for row in rows_of("cast")["policy"]:
            for words in self.NOT_THERE:
                self.assertNotIn(words, row["body"], row["slug"])


class PictureFileTests(SimpleTestCase):
    """The demonstration's pictures are files of a bounded size, each with its words in pictures.toml."""

    def setUp(self):
        shown = rows_of("pictures")
        self.pictures, self.portraits = shown["picture"], shown["portrait"]
        self.files = sorted((cast.DEMO_FOLDER / "pictures").iterdir())

    def test_every_picture_named_has_a_file_and_every_file_is_named_once(self):
        named = [f"{row['key']}.jpg" for row in self.pictures + self.portraits]
        self.assertEqual(sorted(named), [file.name for file in self.files])

    def test_every_picture_has_alternative_text_and_credit(self):
        for row in self.pictures + self.portraits:
            for name in ("alt", "credit"):
                self.assertTrue(row.get(name, "").strip(), f"{row['key']} has no {name}")

    def test_no_picture_is_larger_than_1600_pixels_nor_all_than_8_mb(self):
        for file in self.files:
            with Pixels.open(file) as image:
                self.assertLessEqual(max(image.size), 1600, file.name)
        self.assertLessEqual(sum(file.stat().st_size for file in self.files), 8_000_000)

    def test_every_picture_that_a_story_shows_is_in_the_library(self):
        known = {row["key"] for row in self.pictures}
        for story in stories.load_stories():
            lead = story.facts.get("lead_image")
            self.assertLessEqual({*story.keys("image"), *([lead] if lead else [])}, known, story.key)

    def test_contributors_and_public_experts_have_a_portrait_and_nobody_else(self):
        people = rows_of("cast")
        shown = people["contributor"] + [expert for expert in people["expert"] if expert["public"]]
        self.assertEqual({row["key"] for row in self.portraits}, {row["key"] for row in shown})


@pytest.mark.slow
class DemoTests(TestCase):
    def build(self):
        call_command("demo", verbosity=0)

    def test_the_demonstration_is_complete_and_built_once(self):
        self.build()
        live = Edition.objects.live()
        self.assertGreaterEqual(live.count(), 60)
        self.assertGreaterEqual(live.values("section").distinct().count(), 6)
        self.assertEqual(set(live.values_list("genre", flat=True)), set(genres.GENRES))
        self.assertTrue(live.filter(language="ar").exists())
        self.assertGreaterEqual(Expert.objects.filter(affiliations__isnull=False).distinct().count(), 25)
        self.assertGreaterEqual(Correction.objects.count(), 6)
        self.assertTrue(Edition.objects.waiting().filter(kind=Kind.FIRST).exists())
        self.assertTrue(Edition.objects.waiting().filter(kind=Kind.UPDATE).exists())
        self.assertTrue(Edition.objects.in_force().filter(kind=Kind.WITHDRAWAL).exists())
        states = set(Article.objects.values_list("state", flat=True))
        self.assertEqual(states, set(State) - {State.SPIKED})
        planned = Article.objects.exclude(budget_line="").exclude(planned_length=None)
        self.assertGreaterEqual(planned.filter(planned_for=paper.day_of(clock.instant())).count(), 3)
        self.assertGreaterEqual(planned.filter(assignee__isnull=False, due_at__isnull=False).count(), 2)
        self.the_pictures_have_their_words_and_rights()
        self.the_source_book_is_filled()
        self.printed_titles_are_on_the_cards()
        for role in Role:
            self.assertTrue(User.objects.filter(groups__name=role).exists(), role)
        rows = [(model, model.objects.count()) for model in (Article, Edition, User, Expert)]
        self.build()
        self.assertEqual(rows, [(model, model.objects.count()) for model, _ in rows])

    def the_pictures_have_their_words_and_rights(self):
        """The library says of each picture what its row in the file says, and faces are where they belong."""
        for row in rows_of("pictures")["picture"]:
            image = Image.objects.get(title=row["title"])
            words = {name: text for name, text in row.items() if name != "key"}
            self.assertEqual({name: getattr(image, name) for name in words}, words)
        told = {row["key"]: (row["alt"], row["credit"]) for row in rows_of("pictures")["portrait"]}
        faces = [*Contributor.objects.select_related("portrait"), *Expert.objects.exclude(portrait=None)]
        self.assertEqual({one.slug: (one.portrait.alt, one.portrait.credit) for one in faces}, told)

    def the_source_book_is_filled(self):
        """Something in every tier and every queue, and nothing that could ring a real telephone."""
        cards = Expert.objects.current()
        day = paper.today()
        self.assertGreaterEqual(set(Channel.objects.values_list("visibility", flat=True)), {"public", "staff"})
        self.assertGreaterEqual(PrivateChannel.objects.count(), 10)
        for row in Channel.objects.filter(kind__in=number_kinds(), to_mend=False):
            self.assertRegex(row.normalized, r"^\+44(1632960|7700900)\d{3}$")
        for row in Channel.objects.filter(kind__in=("email", "web")):
            self.assertRegex(row.normalized, r"\.example(/|$)")
        states = set(cards.with_verification_state().values_list("verification_state", flat=True))
        self.assertEqual(states, {"verified", "stale", "never", "failed"})
        for queue in queues.QUEUES:
            self.assertTrue(queue.rows(cards, day).exists(), queue.name)
        self.assertEqual(set(PublicProfile.objects.values_list("status", flat=True)),
                         {"granted", "requested", "withdrawn"})  # fmt: skip
        self.assertTrue(cards.filter(display_name="Yousef Marwan").exists())
        self.assertEqual(set(EditionExpert.objects.values_list("role", flat=True)),
                         {"expert", "official", "witness", "subject"})  # fmt: skip

    def printed_titles_are_on_the_cards(self):
        """Every title was a role of its day, but for one left to be compared; old ones stand in every group."""
        held = {}
        for role in Affiliation.objects.all():
            held.setdefault(role.expert_id, []).append(role)
        unknown = [
            who["attribution"]
            for edition in Edition.objects.live().select_related("text")
            for who in edition.text.data.get("people", [])
            if who.get("attribution")
            and not titles.role_behind(who["attribution"], held[who["expert"]], edition.first_published_at.date())
        ]
        self.assertEqual(unknown, ["fisheries biologist"])
        sami = User.objects.get(username="sami")
        found = [old_titles.stories_with_old_titles(card, sami) for card in Expert.objects.current()]
        for group in ("right", "wrong", "ahead", "other"):
            self.assertTrue([row for one in found for row in getattr(one, group)], group)

    def test_the_demonstration_leaves_another_newspaper_alone(self):
        Publication.objects.create(name="Another paper")
        with self.assertRaises(CommandError):
            call_command("demo", verbosity=0)

    def test_the_demonstration_leaves_a_database_with_people_alone(self):
        person("ada")
        with self.assertRaises(CommandError):
            call_command("demo", verbosity=0)
