"""The demonstration newspaper: it builds on both databases, through the gate, and holds what it promises."""

from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase
from PIL import Image

from articles import genres
from articles.actions.people import titles
from articles.demo import pictures
from articles.desk.people import old_titles
from articles.models import Article, Correction, Edition, EditionExpert, Kind, State
from articles.roles import Role
from experts.actions import contacts, verification
from experts.desk import queues
from experts.models import Affiliation, Channel, Expert, PrivateChannel, PublicProfile
from newsroom.models import Publication, User

from ..base import person


def plain(key, size=1600):
    """A quick picture: what the drawings look like is for the eye, not for this test."""
    return Image.new("RGB", (size, size * 2 // 3), (90, 110, 130))


@pytest.mark.slow
@pytest.mark.once
class DemoTests(TestCase):
    def build(self):
        with mock.patch.object(pictures, "draw", plain), mock.patch.object(pictures, "portrait", plain):
            call_command("demo", verbosity=0)

    def test_the_demo_is_complete_and_building_it_again_changes_nothing(self):
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
        self.the_source_book_is_filled()
        self.printed_titles_are_on_the_cards()
        for role in Role:
            self.assertTrue(User.objects.filter(groups__name=role).exists(), role)
        rows = [(model, model.objects.count()) for model in (Article, Edition, User, Expert)]
        self.build()
        self.assertEqual(rows, [(model, model.objects.count()) for model, _ in rows])

    def the_source_book_is_filled(self):
        """Something in every tier and every queue, and nothing that could ring a real telephone."""
        cards = Expert.objects.current()
        day = contacts.today()
        self.assertGreaterEqual(set(Channel.objects.values_list("visibility", flat=True)), {"public", "staff"})
        self.assertGreaterEqual(PrivateChannel.objects.count(), 10)
        for row in Channel.objects.filter(kind__in=contacts.NUMBERS + contacts.EITHER):
            self.assertRegex(row.normalized, r"^\+44(1632960|7700900)\d{3}$")
        for row in Channel.objects.filter(kind__in=("email", "web")):
            self.assertRegex(row.normalized, r"\.example(/|$)")
        states = set(verification.with_state(cards).values_list("verification_state", flat=True))
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
        found = [old_titles.find(card, sami) for card in Expert.objects.current()]
        for group in ("right", "wrong", "ahead", "other"):
            self.assertTrue([row for one in found for row in getattr(one, group)], group)

    def test_somebody_elses_newspaper_is_left_alone(self):
        Publication.objects.create(name="Another paper")
        with self.assertRaises(CommandError):
            call_command("demo", verbosity=0)

    def test_a_database_with_people_in_it_is_left_alone(self):
        person("ada")
        with self.assertRaises(CommandError):
            call_command("demo", verbosity=0)
