"""What readers see of a story, card, topic or comment in Arabic carries its direction, and a story's its language."""

from articles.models import Comment, Contributor, Kind, Section
from experts.models import Expert, Organisation
from newsroom.models import PolicyPage, Topic
from newsroom.web import pages

from ..base import NOON
from ..directions import undirected, without_language
from .base import HOUR, MINUTE, SiteTestCase

WORDS = "الميناء مفتوح"  # a story's: its language is known
NAME = "هالة نصر"  # anything else's: only its direction is


class DirectionTests(SiteTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        Section.objects.filter(pk=cls.world.pk).update(name=NAME, remit=NAME)
        cls.asia = Section.objects.create(name=f"{NAME} آسيا", slug="asia", parent=cls.world)
        Topic.objects.filter(pk=cls.topic.pk).update(name=NAME, description=NAME)
        Contributor.objects.filter(pk=cls.rana_by.pk).update(name=NAME, line=NAME, bio=NAME)
        PolicyPage.objects.create(slug="corrections", title=NAME, body=f"<p>{NAME}</p>")
        type(cls.publication).objects.update(tagline=NAME)
        house = Organisation.objects.create(name=NAME)
        cls.expert.affiliations.create(title=NAME, organisation=house, is_primary=True)
        Expert.objects.filter(pk=cls.expert.pk).update(
            display_name=NAME, sort_name=NAME, native_name=NAME, short_bio=NAME, bio=NAME
        )
        cls.expert.topics.add(cls.topic)

    def setUp(self):
        pages.Kept.forget()
        quoted = f'<p>{WORDS}. <q data-expert="{self.expert.pk}" data-quote="q1">{WORDS}</q>, قالت.</p>'
        block = f'<blockquote data-expert="{self.expert.pk}" data-quote="q2">{WORDS}</blockquote>'
        arabic = {
            "language": "ar", "headline": WORDS, "standfirst": WORDS, "label": WORDS, "dateline": "بيروت",
            "body": quoted + block, "section": self.asia, "bylines": [NAME], "topics": [self.topic],
            "discussion": "pre",
        }  # fmt: skip
        ours = [(self.expert, NAME)]
        story = self.publish(people=ours, **arabic)
        self.publish(**arabic | {"genre": "opinion", "headline": f"{WORDS} أيضا"})
        told = self.again(story, at=NOON + MINUTE, headline=f"{WORDS}!", line=f"{WORDS} الآن")
        for minute, kind in enumerate((Kind.CORRECTION, Kind.EDITORS_NOTE), 2):
            note = {"kind": str(kind), "was": WORDS, "became": WORDS, "reader_text": WORDS}
            told = self.again(told, kind, at=NOON + minute * MINUTE, correction=note)
        self.story = told
        for n in range(16):
            self.publish(at=NOON - (n + 1) * MINUTE, **arabic | {"headline": f"{WORDS} {n}"})
        # An English story that names people, topics and sections by Arabic names.
        self.publish(
            at=NOON + MINUTE, people=ours, bylines=[NAME], topics=[self.topic], section=self.asia, discussion="pre",
            body=f'<p>She said so.</p><blockquote data-expert="{self.expert.pk}" data-quote="q3">Yes</blockquote>',
        )  # fmt: skip
        gone = self.publish(**arabic)
        self.withdraw(gone, at=NOON + MINUTE, text=WORDS, headline=True, replacement=self.story.article)
        first = self.comment(None)
        self.comment(first)

    def comment(self, answered):
        return Comment.objects.create(
            article=self.story.article, name=NAME, body=NAME, state="published", created_at=NOON, answers=answered
        )

    def test_arabic_words_have_a_direction_and_language_on_every_page(self):
        found = self.crawl()
        thread = f"/discuss/{self.story.article.uid}/"
        for path in (
            thread,
            "/nowhere/",
            "/search/?q=الميناء",
            f"/search/?q={NAME}",
            "/search/?q=الميناء&section=asia",
        ):
            found[path] = self.get(path, at=NOON + 2 * HOUR)
        missing = {}
        for path, answer in found.items():
            if answer["Content-Type"].startswith("text/html"):
                page = answer.content
                for where, words in undirected(page):
                    missing.setdefault(("no direction", where), (path, words))
                for where, words in without_language(page, WORDS):
                    missing.setdefault(("no language", where), (path, words))
        for path in ("/asia/", "/topics/shipping/", "/experts/halvard-nystrom/", "/corrections/", "/people/rana-aziz/",
                     "/policies/corrections/", f"{self.story.path}history/"):  # fmt: skip
            self.assertIn(path, found)
        self.maxDiff = None
        self.assertEqual(missing, {})
