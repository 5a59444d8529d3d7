"""“More on this”: the stories that share most topics with one, the newest first among equals."""

import re

import pytest

from newsroom.models import Topic

from ..base import NOON
from .base import HOUR, MINUTE, SiteTestCase


@pytest.mark.engines
class MoreTests(SiteTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.ports, cls.law, cls.zinc = (Topic.objects.create(name=name) for name in ("A ports", "Law", "Zinc"))

    def more(self, edition, at=NOON + 9 * HOUR):
        """The addresses under “More on this”, in order."""
        part = self.get(edition.path, at=at).content.decode().partition('id="more"')[2].partition("</section>")[0]
        return re.findall(r'<h3 class="card-headline"><a href="([^"]*)"', part)

    def told(self, minute, *topics, **changes):
        return self.publish(at=NOON + minute * MINUTE, topics=topics, **changes)

    def test_the_closest_come_first_whatever_the_alphabet_says(self):
        story = self.told(0, self.ports, self.law, self.zinc)
        first = [self.told(n, self.ports) for n in range(1, 4)]
        both = [self.told(n, self.law, self.zinc) for n in range(4, 7)]
        all_three = self.told(7, self.ports, self.law, self.zinc)
        newest = self.told(8, self.zinc)
        self.assertEqual(self.more(story), [one.path for one in (all_three, both[2], both[1], both[0])])
        self.withdraw(all_three, at=NOON + 10 * MINUTE)
        self.assertEqual(self.more(story), [one.path for one in (both[2], both[1], both[0], newest)])
        self.assertEqual(self.more(first[0])[0], first[2].path)

    def test_a_story_of_one_topic_gets_the_newest_of_it(self):
        story = self.told(0, self.zinc)
        others = [self.told(n, self.zinc) for n in range(1, 7)]
        self.assertEqual(self.more(story), [one.path for one in others[:-5:-1]])

    def test_neither_itself_nor_a_related_card_stands_there_again(self):
        related = self.told(5, self.law, self.zinc)
        story = self.told(6, self.law, self.zinc, body=f'<p>Text.</p><div data-article="{related.article_id}"></div>')
        other = self.told(1, self.zinc)
        self.schedule_update(story, at=NOON + 30 * HOUR, now=NOON + 7 * MINUTE, headline="Not yet")
        self.assertEqual(self.more(story), [other.path])

    def test_it_costs_the_same_for_many_topics_and_stories(self):
        many = [Topic.objects.create(name=f"Topic {n}") for n in range(12)]
        story = self.told(0, *many, discussion="off")
        for n in range(1, 6):
            self.told(n, *many[n:])
        self.get("/")
        # the edition in force with the beat; then all of its holes at once
        with self.assertNumQueries(2):
            self.get(story.path)
