"""Readers see only those parts of a card that the person agreed to."""

import datetime as dt
import json
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.actions import cards, consent
from experts.models import Affiliation, Expert, Organisation, PublicProfile
from newsroom.models import Pulse
from newsroom.web import pages

from ..base import NOON, make_public
from ..site.base import HOUR, MINUTE, SiteTestCase
from ..site.test_story import json_ld
from .full import full_card

WORD, NUMBER = "Zorvanwick", "+962790777666"
# What each part of the consent lets readers see of the card, and what of it stands in the page's data for machines.
SHOWN = {
    "bio": ["Zorvanwick biography", "Zorvanwick in a line"],
    "roles": ["Reader in Zorvanwick"],
    "interests": ["Zorvanwick is paid by a shipper."],
    "languages": [">Arabic<"],
    "topics": [">Shipping<"],
    "native_name": ["Zorvanwick native"],
    "links": ["https://zorvanwick.example"],
    "channels": [NUMBER],
    "portrait": ["/media/"],
}
NEVER = ["zorvanwick@sea.example", "Zorvanwick Street", "was kind", "is ill", "moved", "squints", "by letter",
         "retracted", "Zorvanwickville", "wants to know", "-aged", "van Zorvanwick", "Asia/Amman"]  # fmt: skip


class ProfileTests(SiteTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.who = full_card(cls.sami, cls.topic, word=WORD, number=NUMBER, public=False, face=True)

    def setUp(self):
        pages.Kept.forget()

    def agree(self, *fields):
        PublicProfile.objects.filter(expert=self.who).delete()
        make_public(self.who, fields)
        pages.Kept.forget()

    def told(self):
        body = f'<p>Text. <q data-expert="{self.who.pk}" data-quote="q1">A rule is a rule</q></p>'
        return self.publish(body=body, people=[(self.who, "reader in law")])

    def test_a_span_is_printed_as_far_as_both_its_days_are_known(self):
        self.agree("roles")
        self.who.affiliations.all().delete()
        for start, end, said in (("2018", "2026-11-23", "2018–2026"), ("2019", "2019", "2019"),
                                 ("", "2020-05", "May 2020"),
                                 ("2017-03", "2017-11-02", "March 2017 – November 2017"), ("2016", "", "2016–"),
                                 ("2015-02-01", "2015-03-04", "1 February 2015 – 4 March 2015")):  # fmt: skip
            role = Affiliation(expert=self.who, title=f"Pilot {said}", start=start, end=end)
            self.assertEqual(role.span, said)
            role.save()
        page = self.get(self.who.get_absolute_url())
        self.assertContains(page, '<span class="when">2018–2026</span>')
        self.assertNotContains(page, "2018–2026-11-23")

    def test_a_role_without_a_title_is_an_organisation_to_machines_and_people(self):
        self.agree("roles")
        self.who.affiliations.all().delete()
        Affiliation.objects.create(expert=self.who, organisation=Organisation.objects.called("Salt Office"))
        page = self.get(self.who.get_absolute_url())
        self.assertContains(page, "<span><bdi>Salt Office</bdi></span>", html=True)
        self.assertNotIn('"roleName": ""', page.content.decode())

    def test_a_quotation_alone_does_not_end_in_a_comma(self):
        self.agree("bio")
        body = f'<p><q data-expert="{self.who.pk}" data-quote="q1">A rule is a rule,</q> she said.</p>'
        self.publish(body=body, people=[(self.who, "reader in law")])
        for path in (self.who.get_absolute_url(), "/"):
            page = self.get(path).content.decode()
            self.assertNotIn("A rule is a rule,”", page)
        self.assertIn("“A rule is a rule”", self.get(self.who.get_absolute_url()).content.decode())

    def public_bodies(self, edition):
        """Every page on which the person could be, with its headers."""
        path = self.who.get_absolute_url()
        urls = [path, "/experts/", "/", edition.path, f"{path}feed/", f"{path}feed.json", f"{path}feed/atom/",
                "/sitemap-pages.xml", "/world/", "/topics/shipping/", f"/search/?q={WORD}"]  # fmt: skip
        for url in urls:
            response = self.get(url, at=NOON + HOUR)
            text = response.content.decode()
            yield url, (text + repr(dict(response.headers)))

    def test_a_part_without_consent_is_nowhere(self):
        edition = self.told()
        token = self.who.portrait.token
        for field in SHOWN:
            with self.subTest(without=field):
                self.agree(*[name for name in SHOWN if name != field])
                for url, text in self.public_bodies(edition):
                    words = [token] if field == "portrait" else SHOWN[field]
                    if url in ("/topics/shipping/", "/", edition.path, "/world/") and field == "topics":
                        continue  # the story's own topic
                    if field == "topics" and "search" in url:
                        continue
                    for word in [*words, *NEVER]:
                        self.assertNotIn(word, text, f"{url} without {field}")

    def test_each_part_is_shown_once_it_is_agreed_to(self):
        self.publish()  # without a live story a topic has no page, and is named nowhere
        path = self.who.get_absolute_url()
        for field, words in SHOWN.items():
            with self.subTest(field):
                self.agree(field)
                page = self.get(path).content.decode().partition("<main")[2]
                for word in words:
                    self.assertIn(word, page)
                others = [word for name, said in SHOWN.items() if name != field for word in said]
                self.assertEqual([word for word in others if word in page], [])

    def test_consent_to_no_part_shows_a_page_with_the_name(self):
        self.agree()
        page = self.get(self.who.get_absolute_url())
        self.assertContains(page, f"Ida {WORD}")
        self.assertNotContains(page, '<aside class="rail"')

    def test_structured_data_hold_agreed_parts_and_no_channel(self):
        self.publish()
        self.agree(*SHOWN)
        person = json_ld(self.get(self.who.get_absolute_url()))["ProfilePage"]["mainEntity"]
        self.assertEqual(person["jobTitle"], [f"Reader in {WORD}"])
        self.assertEqual(person["knowsLanguage"], ["ar"])
        self.assertEqual(person["knowsAbout"], ["Shipping"])
        self.assertEqual(person["sameAs"], ["https://zorvanwick.example"])
        self.assertEqual(person["alternateName"], "Zorvanwick native")
        self.assertEqual(person["affiliation"][0]["affiliation"]["name"], "University of the Sea")
        said = json.dumps(person)
        for word in ("telephone", "email", NUMBER, "sea.example"):
            self.assertNotIn(word, said)
        self.agree()
        person = json_ld(self.get(self.who.get_absolute_url()))["ProfilePage"]["mainEntity"]
        self.assertEqual(set(person), {"@type", "@id", "name", "url"})

    def test_only_usable_public_channels_are_shown(self):
        self.agree("channels")
        self.who.channels.filter(visibility="public").update(do_not_use=True)
        Pulse.objects.beat()
        page = self.get(self.who.get_absolute_url())
        self.assertNotContains(page, NUMBER)
        self.assertNotContains(page, "sea.example")

    def test_a_hostile_address_becomes_no_link(self):
        self.agree("links", "channels")
        self.who.external_ids.update(value="javascript:alert(1)")
        self.who.channels.create(kind="web", raw="javascript:alert(2)", normalized="javascript:alert(2)",
                                 visibility="public")  # fmt: skip
        page = self.get(self.who.get_absolute_url()).content.decode()
        self.assertIsNone(re.search(r'href="javascript', page))

    def test_the_page_takes_a_fixed_number_of_queries(self):
        self.agree(*SHOWN)
        self.told()
        path = self.who.get_absolute_url()
        self.get("/experts/")

        def count(url):
            pages.Kept.forget()
            self.get("/policies/none/")  # the shell
            with CaptureQueriesContext(connection) as asked:
                self.assertEqual(self.get(url).status_code, 200)
            return len(asked)

        few = count(path), count("/experts/")
        for n in range(12):
            Affiliation.objects.create(expert=self.who, title=f"Role {n}", start=f"{1990 + n}", end=f"{1991 + n}")
            self.who.disclosures.create(kind="funder", print_text=f"Interest {n}")
            self.told()
            make_public(Expert.objects.create(display_name=f"Person {n}"))
        Pulse.objects.beat()
        self.assertEqual((count(path), count("/experts/")), few)

    def test_a_withdrawn_page_is_gone_everywhere_at_once(self):
        self.agree("bio")
        edition, path = self.told(), self.who.get_absolute_url()
        self.assertContains(self.get(edition.path), path)
        consent.withdraw_consent(self.who, by=self.sami)
        self.assertEqual(self.get(path).status_code, 410)
        self.assertNotIn(f"Ida {WORD}", self.get(path).content.decode())
        for url in (edition.path, "/experts/", "/sitemap-pages.xml", "/"):
            self.assertNotIn(path, self.get(url).content.decode(), url)
        self.assertEqual(self.get(f"{path}feed/").status_code, 404)

    def test_a_change_of_the_card_is_on_the_page_at_once(self):
        self.agree("bio")
        path = self.who.get_absolute_url()
        first = self.get(path)
        Expert.objects.filter(pk=self.who.pk).update(short_bio="Something else")
        cards.record_change(self.who, "card", "Changed the biography", by=self.sami)
        Pulse.objects.beat(rendering=True)
        second = self.get(path, **{"If-None-Match": first.headers["ETag"]})
        self.assertContains(second, "Something else")

    def test_the_current_role_is_the_one_held_today(self):
        self.agree("roles")
        Affiliation.objects.create(expert=self.who, title="Next year's dean", start="2999")
        page = self.get("/experts/").content.decode()
        self.assertIn(f"Reader in {WORD}", page)
        self.assertNotIn("dean", page)

    def test_a_portrait_in_a_story_needs_consent(self):
        self.told()
        for fields, shown in ((["bio"], False), (["portrait"], True)):
            self.agree(*fields)
            page = self.get("/", at=NOON + HOUR).content.decode()
            self.assertIn("A rule is a rule", page)
            self.assertEqual(self.who.portrait.token in page, shown, fields)

    def test_a_portrait_beyond_its_rights_leaves_the_page(self):
        self.agree("portrait")
        face = self.who.portrait
        face.rights_until = NOON + dt.timedelta(minutes=5)
        face.save()
        path = self.who.get_absolute_url()
        self.assertContains(self.get(path, at=NOON + MINUTE), face.token)
        pages.Kept.forget()
        self.assertNotContains(self.get(path, at=NOON + HOUR), face.token)
