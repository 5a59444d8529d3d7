"""Every attack string, in every field that takes words, stays words on every page that prints it.

The strings are put into the tables as if no form had refused or shortened one. tests/articles/test_body_schema.py shows
what the sanitiser leaves of them in a text, tests/browser/test_xss.py what a browser makes of the pages.
"""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from articles.actions import gate, images, writing
from articles.models import (
    Agency,
    Appearance,
    Article,
    Attribution,
    Comment,
    Contributor,
    DeskNote,
    Image,
    Kind,
    Section,
)
from experts.models import Affiliation, Bar, ContactLog, Expert, Organisation
from newsroom import clock
from newsroom.models import Publication, Topic
from newsroom.web import pages as kept

from ..attacks import vectors
from ..base import NOON
from ..desk.doors import undone
from ..pictures import jpeg
from .base import MINUTE, SiteTestCase

WORDS = {
    Agency: "name usage_terms",
    Appearance: "attribution_as_printed disclosure_printed",
    Article: "catchline headline short_headline seo_title social_title label standfirst dateline lead_caption "
    "embargo_terms budget_line",
    Attribution: "description outlet reason",
    Affiliation: "title preferred_print_form",
    Bar: "reason",
    Comment: "name body",
    Contributor: "name line bio",
    DeskNote: "text",
    Expert: "display_name native_name pronunciation short_bio bio city tv_note source_of_data",
    Image: "title alt caption credit copyright source usage_terms",
    Organisation: "name",
    Publication: "name",
    Section: "name remit",
    Topic: "name",
}
HARMLESS = "Six ports\n\nagree & say so, at https://example.com/\nat once."
SCHEME = re.compile(r"[\x00-\x20]*([a-zA-Z][\w+.-]*):")
LEADS = {"href", "src", "action", "formaction", "data", "poster", "xlink:href"}
AT_ONCE = 160  # strings in one field


class Markup(HTMLParser):
    """The elements of a page, each with the names of its attributes, and the schemes of its addresses."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.schemes = set(), set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.add((tag, *sorted(name for name, _ in attrs)))
        for name, value in attrs:
            if name in LEADS and (scheme := SCHEME.match(value or "")):
                self.schemes.add(scheme[1].lower())


def admin(name, *args):
    return reverse(f"admin:{name}", args=args)


@pytest.mark.slow
class AttackTests(SiteTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.picture = images.take_in(jpeg(64, 48), by=cls.pia, alt="A harbour", credit="Pia")
        cls.agency = Agency.objects.create(name="North Wire")
        orle = Organisation.objects.called("Orle Institute")
        Affiliation.objects.create(expert=cls.expert, title="Judge", organisation=orle, is_primary=True)
        Bar.objects.create(expert=cls.expert, kind="contact", reason="Ill", since=NOON.date(), set_by=cls.sami)
        cls.expert.topics.add(cls.topic)

    def story_about(self, words):
        """Fill every field that takes words, in every row of every table there is, and publish what holds them."""
        story = self.make_article(lead_image=self.picture, credit=self.agency, slug="attacked")
        Appearance.objects.create(article=story, expert=self.expert)
        Attribution.objects.create(article=story, description="an official", reason="Fear")
        DeskNote.objects.create(article=story, uid="note", text="Who?", by=self.rana)
        ContactLog.objects.create(expert=self.expert, by=self.sami, at=NOON, outcome="reached", note=words)
        for state in ("pending", "published"):
            Comment.objects.create(article=story, name="A reader", body="Well said.", state=state, created_at=NOON)
        for model, names in WORDS.items():
            for pk in model.objects.values_list("pk", flat=True):  # some names may not stand twice
                model.objects.filter(pk=pk).update(**dict.fromkeys(names.split(), f"{words} {pk}"))
        story = Article.objects.get(pk=story.pk)
        with clock.frozen(NOON):
            revision = writing.save_revision(story, by=self.rana, seen_version=story.version)
            gate.open_frozen(story, revision, gate.Plan(Kind.FIRST, self.max))
        Article.objects.filter(pk=story.pk).update(state="published")
        return story

    def pages_about(self, words):
        """{address: page} of all that shows the words, to readers and to the desk."""
        kept.Kept.forget()  # what is taken back at the end turns the pulse back
        with undone():
            story = self.story_about(words)
            path, discussion = story.editions.get().path, reverse("site:discuss", args=[story.uid])
            draft = self.make_article(slug="draft", lead_image=self.picture, credit=self.agency)
            names = dict.fromkeys(WORDS[Article].split(), words)
            Article.objects.filter(pk=draft.pk).update(**names)
            site = [path, f"{path}history/", discussion, "/", "/world/", "/experts/", "/archive/", "/search/?q=ports",
                    self.expert.get_absolute_url(), self.rana_by.get_absolute_url(), "/topics/shipping/"]  # fmt: skip
            rows = {
                "articles_article": draft.pk, "articles_image": self.picture.pk, "articles_agency": self.agency.pk,
                "articles_contributor": self.rana_by.pk, "articles_section": self.world.pk,
                "articles_comment": Comment.objects.first().pk, "experts_expert": self.expert.pk,
                "newsroom_topic": self.topic.pk,
            }  # fmt: skip
            desk = [admin("index"), admin("articles_article_change", story.pk)]
            desk += [admin("articles_article_versions", story.pk), admin("articles_article_editions", story.pk)]
            desk += [admin(f"{name}_changelist") for name in rows]
            desk += [admin(f"{name}_change", pk) for name, pk in rows.items()]
            self.client.logout()
            pages = {address: self.page(address) for address in site}
            self.client.force_login(self.max)
            pages |= {address: self.page(address) for address in desk}
        return {re.sub(r"discuss/.*|\d+", "N", address): page for address, page in pages.items()}

    def page(self, address):
        answer = self.get(address, at=NOON + MINUTE)
        self.assertEqual(answer.status_code, 200, address)
        return answer.content.decode()

    def test_no_string_adds_an_element_an_attribute_or_a_scheme(self):
        strings = vectors()
        self.assertGreater(len(strings), 900)
        known = {address: Markup(page) for address, page in self.pages_about(HARMLESS).items()}
        for start in range(0, len(strings), AT_ONCE):
            words = " ".join(strings[start : start + AT_ONCE])
            for address, page in self.pages_about(words).items():
                with self.subTest(address, start=start):
                    self.assertIn("&lt;", page, "the words are not on the page")
                    found = Markup(page)
                    self.assertEqual(found.elements - known[address].elements, set())
                    self.assertEqual(found.schemes - known[address].schemes, set())
