"""The queues of cards that need attention, and the list of cards with its filters."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import State
from experts.actions import bars, cards, channels, log, verification
from experts.models import Bar, Expert
from newsroom import paper

from .test_card import CardTestCase


class QueueTests(CardTestCase):
    def listed(self, queue, user=None):
        page = self.look(user or self.sami, "queues", *[], **{"queue": queue})
        return [row["name"] for row in page.context["rows"]]

    def look(self, user, name="change", *args, **query):
        self.client.force_login(user)
        return self.client.get(self.where(name, *args, **query))

    def test_each_queue_has_its_cards(self):
        yesterday = paper.today() - timedelta(days=1)
        Expert.objects.filter(pk=self.card.pk).update(review_due=yesterday)
        self.assertEqual(self.listed("due"), ["Mona Larsen"])
        self.assertIn("Mona Larsen", self.listed("never"))
        verification.record_check(self.card, method="email", outcome="confirmed", by=self.sami)
        self.assertEqual(self.listed("email"), ["Mona Larsen"])
        verification.record_check(self.card, method="met", outcome="confirmed", by=self.sami, on=yesterday,
                            expires_on=yesterday)  # fmt: skip
        self.assertEqual(self.listed("stale"), ["Mona Larsen"])
        verification.record_check(self.card, method="orcid", outcome="failed", by=self.sami)
        self.assertEqual(self.listed("failed"), ["Mona Larsen"])
        self.assertNotIn("Mona Larsen", self.listed("never"))

    def test_cards_with_bounced_channels_are_queued(self):
        row = channels.add_channel(self.card, kind="phone", raw="+442079460001", tier="staff", by=self.sami)
        sealed = channels.add_channel(self.expert, kind="phone", raw="+442079460002", tier="restricted", by=self.sami)
        channels.note_result(row, "bounced", self.sami)
        channels.note_result(sealed, "wrong person", self.sami)
        self.assertEqual(sorted(self.listed("bounced")), ["Halvard Nystrom", "Mona Larsen"])
        channels.note_result(row, "works", self.sami)
        self.assertEqual(self.listed("bounced"), ["Halvard Nystrom"])

    def test_a_follow_up_is_queued_until_a_later_entry(self):
        log.add_entry(self.card, by=self.rana, outcome="later", follow_up_on=paper.today())
        log.add_entry(self.expert, by=self.rana, outcome="later", follow_up_on=paper.today() + timedelta(days=1))
        self.assertEqual(self.listed("follow-up"), ["Mona Larsen"])
        log.add_entry(self.card, by=self.rana, outcome="reached")
        self.assertEqual(self.listed("follow-up"), [])

    def test_who_may_see_the_queues(self):
        for user, status in ((self.rana, 200), (self.sami, 200), (self.cora, 403), (self.leo, 403), (self.mona, 403)):
            self.assertEqual(self.look(user, "queues").status_code, status)
        for query in ({"queue": "nothing"}, {"p": "x"}, {"p": "999999"}):
            self.assertEqual(self.look(self.sami, "queues", **query).status_code, 200)

    def test_a_queue_takes_a_fixed_number_of_queries(self):
        def asked(queue):
            with CaptureQueriesContext(connection) as queries:
                self.listed(queue)
            return len(queries)

        self.listed("never")
        before = asked("never")
        for n in range(30):
            cards.make_card(f"Person {n}", by=None, title="Cook")
        self.assertEqual(asked("never"), before)


class ListTests(CardTestCase):
    def names(self, user=None, **query):
        self.client.force_login(user or self.rana)
        page = self.client.get(self.where("changelist"), query)
        self.assertEqual(page.status_code, 200, query)
        return [card.display_name for card in page.context["cl"].result_list]

    def test_a_line_says_who_and_what(self):
        self.card.topics.add(self.topic)
        self.make_article(state=State.PUBLISHED, body=f'<p><q data-expert="{self.card.pk}">We agree</q></p>')
        bars.set_bar(self.card, by=self.sami, kind=Bar.QUOTE, reason="Made it up")
        self.client.force_login(self.cora)
        page = self.client.get(self.where("changelist"))
        for words in ("Mona Larsen", "Analyst, Fjord Institute", "Shipping", "Do not quote", "Never verified"):
            self.assertContains(page, words)
        line = next(card.line for card in page.context["cl"].result_list if card.pk == self.card.pk)
        self.assertIsNotNone(line["last_quoted"])

    def test_each_filter_finds_its_cards(self):
        verification.record_check(self.card, method="met", outcome="confirmed", by=self.sami)
        self.card.topics.add(self.topic)
        self.card.languages.create(tag="ar-JO")
        bars.set_bar(self.card, by=self.sami, kind=Bar.CONTACT, reason="Asked us to stop")
        Expert.objects.filter(pk=self.card.pk).update(review_due=paper.today())
        for query in ({"verified": "verified"}, {"topic": self.topic.pk}, {"language": "ar"}, {"card": "dnc"},
                      {"card": "due"}):  # fmt: skip
            self.assertEqual(self.names(**query), ["Mona Larsen"], query)
        self.assertEqual(self.names(card="public"), ["Halvard Nystrom"])
        self.assertEqual(self.names(verified="never"), ["Halvard Nystrom"])
        self.assertEqual(self.names(language="a"), self.names())
        for query in ({"topic": "x"}, {"topic": "9" * 30}, {"card": "nothing"}, {"language": "(((("}):
            self.names(**query)

    def test_a_search_finds_names(self):
        self.assertEqual(self.names(q="larsen"), ["Mona Larsen"])
        self.assertEqual(self.names(q="fjord"), ["Mona Larsen"])
        self.assertEqual(self.names(q="zzzzqq"), [])
        for words in ("\x00", "%", "'", "x" * 3000, "(", "\\"):
            self.names(q=words)

    def test_neither_merged_nor_removed_cards_are_listed(self):
        Expert.objects.filter(pk=self.card.pk).update(merged_into=self.expert)
        self.assertEqual(self.names(), ["Halvard Nystrom"])
        self.assertEqual(self.names(q="larsen"), [])

    def test_the_list_takes_eight_queries_for_any_number_of_cards(self):
        for n in range(20):
            made = cards.make_card(f"Person {n}", by=None, title="Cook", organisation=f"House {n}")
            made.topics.add(self.topic)
        self.names()
        with CaptureQueriesContext(connection) as queries:
            self.client.get(self.where("changelist"))
        own = [q["sql"] for q in queries if "experts_" in q["sql"] and "auth_permission" not in q["sql"]]
        self.assertLessEqual(len(own), 8, own)
        self.assertLessEqual(len(queries), 16)
