"""Addresses that last: a former one leads to the page of today in one hop, and is never another thing's."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.actions import topics
from articles.desk.taxonomy import SectionForm
from articles.exchange import filing
from articles.exchange.report import Entry, Report
from articles.exchange.wxr_items import Item, Term
from articles.models import Contributor, Path, Section
from experts.actions import removal
from experts.models import Expert
from newsroom.models import PolicyPage, Topic, TopicName

from ..base import NOON, make_public
from .base import HOUR, SiteTestCase

pytestmark = pytest.mark.engines
FEEDS = ("feed/", "feed/atom/", "feed.json")


class RenamedTests(SiteTestCase):
    def rename(self, thing, slug):
        thing.slug = slug
        thing.save()

    def assert_leads(self, old, new):
        response = self.get(old)
        self.assertEqual((response.status_code, response.get("Location")), (301, new), old)
        self.assertEqual(self.get(new.partition("?")[0]).status_code, 200, new)

    def things(self):
        """Each thing with a page of its own and feeds, and the beginning of its address."""
        return [(self.world, "/"), (self.topic, "/topics/"), (self.rana_by, "/people/"), (self.expert, "/experts/")]

    def test_a_former_address_and_its_feeds_lead_on_in_one_hop(self):
        self.publish(people=[(self.expert, "judge")])
        for thing, start in self.things():
            first = thing.slug
            self.rename(thing, "second")
            self.rename(thing, "third")
            for old in (first, "second"):
                self.assert_leads(f"{start}{old}/", f"{start}third/")
                self.assert_leads(
                    f"{start}{old}/?before=1767225600000000-9", f"{start}third/?before=1767225600000000-9"
                )
                self.assert_leads(f"{start}{old}", f"{start}third/")
                for feed in FEEDS:
                    self.assert_leads(f"{start}{old}/{feed}", f"{start}third/{feed}")

    def test_a_name_taken_back_is_an_address_again(self):
        self.publish()
        self.rename(self.topic, "ships")
        self.rename(self.topic, "shipping")
        self.assertEqual(self.get("/topics/shipping/").status_code, 200)
        self.assert_leads("/topics/ships/", "/topics/shipping/")

    def test_a_policy_page_keeps_its_former_address(self):
        page = PolicyPage.objects.create(slug="standards", title="Standards")
        self.rename(page, "our-standards")
        self.assert_leads("/policies/standards/", "/policies/our-standards/")
        page.public = False
        page.save()
        self.assertEqual(self.get("/policies/standards/").status_code, 404)

    def test_no_other_thing_takes_a_former_address(self):
        self.rename(self.topic, "ships")
        for make in (
            lambda: Topic(name="Shipping", slug="shipping"),
            lambda: Section(name="The world", slug="old-world"),
            lambda: Contributor(name="Another", slug="old-rana"),
            lambda: Expert(display_name="Another", slug="old-halvard"),
        ):
            for thing, slug in ((self.world, "old-world"), (self.rana_by, "old-rana"), (self.expert, "old-halvard")):
                if not type(thing).objects.filter(former__slug=slug).exists():
                    self.rename(thing, slug)
                    self.rename(thing, f"new-{slug}")
            made = make()
            with self.assertRaises(ValidationError):
                made.full_clean()
            with self.assertRaises(IntegrityError), transaction.atomic():
                made.save()

    def test_an_address_that_is_made_goes_round_former_ones(self):
        self.rename(self.topic, "ships")
        self.rename(self.rana_by, "rana")
        self.rename(self.expert, "halvard")
        made = (Topic.objects.create(name="Shipping!"), Contributor.objects.create(name="Rana Aziz"),
                Expert.objects.create(display_name="Halvard Nystrom"))  # fmt: skip
        self.assertEqual([one.slug for one in made], ["shipping-2", "rana-aziz-2", "halvard-nystrom-2"])

    def test_what_is_hidden_now_gives_its_new_name_away_to_nobody(self):
        for thing, start in self.things():
            first = thing.slug
            self.rename(thing, "a-secret-plan")
            if thing == self.world:
                self.world.visible = False
                self.world.save()
            if thing == self.expert:
                thing.profile.status = "draft"
                thing.profile.was_public = False
                thing.profile.save()
            for end in ("", *FEEDS):
                response = self.get(f"{start}{first}/{end}")
                self.assertEqual(response.status_code, 404, start + end)
                self.assertNotContains(response, "a-secret-plan", status_code=404)

    def test_a_topics_other_names_lead_to_it(self):
        self.publish()
        for name in ("Sea freight", "Seefracht & Häfen", "شحن بحري"):
            TopicName.add(self.topic, name)
        for slug in ("sea-freight", "seefracht-hafen", "شحن-بحري"):
            self.assert_leads(f"/topics/{slug}/", "/topics/shipping/")
            self.assert_leads(f"/topics/{slug}/feed/", "/topics/shipping/feed/")

    def test_another_name_of_a_topic_is_no_new_topic(self):
        TopicName.add(self.topic, "Sea freight")
        for given in ({"name": "sea freight", "slug": "x"}, {"name": "Cargo", "slug": "sea-freight"}):
            with self.assertRaises(ValidationError):
                Topic(**given).full_clean()

    def test_an_import_files_under_what_was_renamed_since(self):
        self.rename(self.world, "abroad")
        self.rename(self.topic, "ships")
        made = filing.Filing(None, Report(), rows=[filing.Row("welt", "Welt", "world")])
        item = Item(terms=[Term("category", "welt", "Welt"), Term("post_tag", "shipping", "Freight")])
        section, _, found = made.sections_and_topics(item, Entry("1", "post", "A story"))
        self.assertEqual((section, found), (self.world, [self.topic]))

    def test_a_merged_topic_can_still_be_saved(self):
        old = Topic.objects.create(name="Plans")
        topics.merge_topics([old], into=self.topic, by=self.max)
        old.refresh_from_db()
        old.full_clean()

    def test_a_merged_topic_leads_only_to_one_that_readers_see(self):
        secret, old = Topic.objects.create(name="A secret plan"), Topic.objects.create(name="Plans")
        self.publish(topics=[self.topic])
        topics.merge_topics([old], into=secret, by=self.max)
        self.assertEqual(self.get("/topics/plans/").status_code, 404)
        self.assertEqual(self.get("/topics/plans/feed/").status_code, 404)
        topics.merge_topics([secret], into=self.topic, by=self.max)
        for slug in ("plans", "a-secret-plan"):
            self.assert_leads(f"/topics/{slug}/", "/topics/shipping/")

    def test_an_expert_page_names_only_topics_with_a_page(self):
        secret = Topic.objects.create(name="A secret plan")
        self.expert.topics.add(secret, self.topic)
        self.assertNotContains(self.get("/experts/halvard-nystrom/"), "secret plan")
        self.assertNotContains(self.get("/experts/halvard-nystrom/"), "Shipping")
        self.publish()
        page = self.get("/experts/halvard-nystrom/")
        self.assertContains(page, '<a class="link" href="/topics/shipping/" dir="auto">Shipping</a>')
        self.assertContains(page, '"knowsAbout":["Shipping"]')
        self.assertNotContains(page, "secret plan")

    def test_the_former_address_of_an_ended_page_is_gone_too(self):
        self.rename(self.expert, "halvard")
        self.expert.profile.status = "withdrawn"
        self.expert.profile.save()
        for slug in ("halvard-nystrom", "halvard"):
            self.assertEqual(self.get(f"/experts/{slug}/").status_code, 410)

    def test_a_removed_persons_former_addresses_are_forgotten_and_gone(self):
        self.rename(self.expert, "halvard")
        removal.remove_expert(self.expert, by=self.sami)
        self.assertFalse(Expert.objects.filter(former__slug="halvard-nystrom").exists())
        for slug in ("halvard-nystrom", "halvard"):
            self.assertEqual(self.get(f"/experts/{slug}/").status_code, 410)

    def test_a_section_takes_no_imported_storys_address(self):
        Path.objects.create(path="/hello-world/", article=self.publish().article, legacy=True)
        given = {"name": "Hello", "slug": "hello-world", "order": 1}
        self.assertIn("slug", SectionForm(given).errors)

    def test_a_merged_cards_former_address_leads_to_the_card_that_stays(self):
        other = make_public(Expert.objects.create(display_name="H. Nystroem"))
        self.rename(other, "h-n")
        Expert.objects.filter(pk=other.pk).update(merged_into=self.expert)
        for slug in ("h-nystroem", "h-n"):
            self.assert_leads(f"/experts/{slug}/", "/experts/halvard-nystrom/")

    def test_a_search_within_a_renamed_section_still_finds(self):
        edition = self.publish(headline="Zebra crossing")
        self.rename(self.world, "abroad")
        self.assertContains(self.get("/search/?q=zebra&section=world"), edition.path)


class LastSlashTests(SiteTestCase):
    def test_an_address_without_its_last_slash_keeps_its_query(self):
        edition = self.publish(slug="one")
        self.again(edition, at=NOON + HOUR, slug="two")
        new = edition.path.replace("one", "two")
        for asked, leads in (
            ("/search?q=harbour&sort=newest", "/search/?q=harbour&sort=newest"),
            ("/world?from=mail", "/world/?from=mail"),
            ("/archive?month=2026-05", "/archive/?month=2026-05"),
            (f"{new[:-1]}?from=mail", f"{new}?from=mail"),
            (f"{edition.path}?from=mail", f"{new}?from=mail"),
            (f"{edition.path[:-1]}?from=mail", f"{new}?from=mail"),
            (f"{new}history?x=1", f"{new}history/?x=1"),
        ):
            self.assertEqual(self.get(asked, at=NOON + 2 * HOUR).get("Location"), leads, asked)

    def test_an_unknown_word_is_a_404_at_once(self):
        self.schedule(at=NOON + 9 * HOUR, slug="later")
        self.world.visible = False
        self.world.save()
        for path in ("/nowhere", "/world", "/topics/nowhere", "/topics/shipping", "/people/nobody", "/experts/nobody",
                     "/policies/none", "/archive/2026/13/01", "/world/2026/05/04/later", "/nowhere/feed",
                     "/discuss/00000000-0000-0000-0000-000000000000", "/search.php"):  # fmt: skip
            response = self.get(path)
            self.assertEqual(response.status_code, 404, path)
            self.assertEqual(response.content, self.get("/no/such/place").content, path)
