"""The page of the finder, the look-up of the editor, and other names of topics."""

import datetime as dt
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions import topics
from experts.actions import cards
from experts.desk import lists
from experts.finding import finder
from experts.models import (
    Affiliation,
    AvailabilityWindow,
    Bar,
    Channel,
    ContactLog,
    Expert,
    ExpertTopic,
    LanguageSkill,
)
from newsroom import clock
from newsroom.models import Topic, TopicName
from tests.base import NOON, DeskTestCase

NUMBER = "+962790123456"
PAGE = reverse("admin:experts_expert_finder")
# The session, its user, their groups, permissions and duty turn, and the paper: what every page of the desk asks.
# And the topics that are meant.
FRAME = ("django_session", "newsroom_user", "auth_", "newsroom_publication", "articles_dutyturn", "SAVEPOINT",
         'FROM "newsroom_topic"')  # fmt: skip


class PageTestCase(DeskTestCase):
    def setUp(self):
        frozen = clock.frozen(NOON)
        frozen.__enter__()
        self.addCleanup(frozen.__exit__, None, None, None)
        self.card = self.make("Layla Haddad")

    def make(self, name):
        expert = Expert.objects.create(display_name=name, time_zone="Asia/Amman", formats=["live"], country="JO")
        ExpertTopic.objects.create(content_object=expert, tag=self.topic, level=3)
        LanguageSkill.objects.create(expert=expert, tag="ar", level=4, on_air=True)
        Affiliation.objects.create(expert=expert, title=f"Harbour master {name[0]}")
        Channel.objects.create(expert=expert, kind="mobile", raw=NUMBER, normalized=NUMBER)
        for weekday in range(7):
            AvailabilityWindow.objects.create(expert=expert, weekday=weekday, start=dt.time(8), end=dt.time(20))
        cards.index_card(expert)
        return expert

    def ask(self, user, **asked):
        self.client.force_login(user)
        return self.client.get(PAGE, asked)


class PageTests(PageTestCase):
    def test_an_address_holds_the_question_and_rows_say_why(self):
        page = self.ask(
            self.rana, topic="shipping", language="Arabic", level=3, on_air=1, format="live", within=60, country="JO"
        )
        for words in ("Layla Haddad", "Harbour master L", "Shipping: high", "Arabic: native, on air",
                      "Free until 20:00 their time", "Identity never verified", f'href="tel:{NUMBER}"'):  # fmt: skip
            self.assertContains(page, words)
        self.assertContains(page, "1 voice")

    def test_a_list_that_is_cut_says_so_and_how_many_there_are(self):
        for n in range(5):
            self.make(f"Card {n}")
        self.assertNotContains(self.ask(self.rana, topic="ship"), "The best")
        with mock.patch.object(finder, "MOST_RANKED", 4):
            self.assertContains(self.ask(self.rana, topic="ship"), "The best 4 of 6 voices")
            with mock.patch.object(finder, "MOST_READ", 5):
                self.assertContains(self.ask(self.rana, topic="ship"), "The best 4 of 5 voices or more")

    def test_a_list_of_cards_that_is_cut_says_so(self):
        for n in range(4):
            self.make(f"Layla Card {n}")
        self.client.force_login(self.rana)
        where = reverse("admin:experts_expert_changelist")
        self.assertNotContains(self.client.get(where, {"q": "layla"}), "The best")
        with mock.patch.object(lists, "CARDS_FOUND", 3):
            self.assertContains(self.client.get(where, {"q": "layla"}), "The best 3 of 5 cards")
            self.assertNotContains(self.client.get(where), "The best")

    def test_the_tier_of_names_sees_no_number(self):
        for user in (self.cora, self.pia, self.leo):
            with self.subTest(user.username):
                page = self.ask(user, topic="shipping")
                self.assertContains(page, "Layla Haddad")
                self.assertNotContains(page, NUMBER)
                self.assertNotContains(page, "tel:")

    def test_results_of_calls_are_for_the_staff_tier(self):
        self.card.channels.update(verify_result="works", verified_on=NOON.date())
        ContactLog.objects.create(expert=self.card, at=NOON - dt.timedelta(days=2), by=self.rana, outcome="declined")
        for user, seen in ((self.rana, True), (self.cora, False), (self.leo, False), (self.pia, False)):
            page = self.ask(user, topic="shipping").content.decode()
            for words in ("Declined on", "A number or address worked on"):
                self.assertEqual(words in page, seen, (user.username, words))
            self.assertIn("Identity never verified", page)
        article = self.make_article()
        for user, seen in ((self.rana, True), (self.cora, False)):
            self.client.force_login(user)
            page = self.client.get(reverse("admin:articles_article_people", args=[article.pk]))
            self.assertContains(page, "Layla Haddad")
            self.assertEqual("Declined on" in page.content.decode(), seen)

    def test_a_role_that_sees_no_experts_gets_403(self):
        for user in (self.mona, self.ada):
            self.assertEqual(self.ask(user, topic="shipping").status_code, 403)

    def test_an_empty_question_finds_nobody(self):
        self.assertNotContains(self.ask(self.rana), "Layla")
        self.assertNotContains(self.ask(self.rana, topic="", level=3), "Layla")

    def test_an_expert_barred_from_contact_is_left_out(self):
        Bar.objects.create(expert=self.card, kind=Bar.CONTACT, reason="Asked us not to.", since=NOON.date())
        self.assertNotContains(self.ask(self.rana, topic="shipping"), "Layla")

    def test_an_expert_barred_from_quotation_is_marked(self):
        Bar.objects.create(expert=self.card, kind=Bar.QUOTE, reason="Withdrew it all.", since=NOON.date())
        page = self.ask(self.rana, topic="shipping")
        self.assertContains(page, "Do not quote")
        self.assertContains(page, "Withdrew it all.")

    def test_a_channel_that_is_not_to_be_used_is_not_offered(self):
        self.card.channels.update(do_not_use=True)
        self.assertNotContains(self.ask(self.rana, topic="shipping"), NUMBER)

    def test_the_finder_shows_bad_input_beside_its_field(self):
        for name, value in (("within", "soon"), ("format", "x"), ("level", "9"), ("country", "ZZZ"),
                            ("language", "a_b c"), ("topic", "a\x00b"), ("topic", "x" * 101)):  # fmt: skip
            with self.subTest(name=name):
                page = self.ask(self.rana, **{name: value})
                self.assertEqual(page.status_code, 400)
                self.assertContains(page, "errorlist", status_code=400)

    def test_typed_markup_is_escaped(self):
        self.assertNotContains(self.ask(self.rana, topic="<script>x</script>"), "<script>x")
        self.assertContains(self.ask(self.rana, topic="windmills"), "no topic “windmills”")
        self.assertEqual(self.ask(self.rana, language="Klingon").status_code, 400)

    def test_pages_keep_the_question(self):
        for n in range(30):
            self.make(f"Card {n}")
        page = self.ask(self.rana, topic="shipping")
        self.assertContains(page, "?topic=shipping&amp;p=2")
        self.assertContains(self.ask(self.rana, topic="shipping", p=2), "Page 2 of 2")
        self.assertContains(self.ask(self.rana, topic="shipping", p="x"), "Page 1 of 2")

    def test_the_page_takes_four_queries_for_any_number_of_cards(self):
        """Who fits with their hours; how fresh the best are; their titles; their channels. The desk's frame apart."""
        counts = []
        for count in (1, 20):
            for n in range(count):
                self.make(f"Card {count} {n}")
            with CaptureQueriesContext(connection) as asked:
                self.ask(self.sami, topic="shipping", language="ar", within=60)
            own = [query["sql"] for query in asked.captured_queries if 'FROM "experts_' in query["sql"]]
            rest = [query["sql"] for query in asked.captured_queries if query["sql"] not in own]
            self.assertTrue(all(any(name in sql for name in FRAME) for sql in rest), rest)
            counts.append(len(own))
        self.assertEqual(counts, [4, 4])

    def test_topics_are_offered_by_any_name(self):
        TopicName.objects.create(topic=self.topic, text="الشحن")
        Topic.objects.create(name="Shipyards", slug="shipyards", merged_into=self.topic)
        self.client.force_login(self.cora)
        for typed in ("ship", "الش", "SHIPP", "shipping"):
            answer = self.client.get(reverse("admin:experts_expert_finder_topics"), {"q": typed})
            self.assertEqual(answer.json(), {"results": ["Shipping"]}, typed)
        for typed in ("", "\0", "%", "…"):
            answer = self.client.get(reverse("admin:experts_expert_finder_topics"), {"q": typed})
            self.assertEqual(answer.json(), {"results": []}, typed)


class LookupTests(PageTestCase):
    def look(self, user, words):
        self.client.force_login(user)
        return self.client.get(reverse("desk:lookup", args=["expert"]), {"q": words})

    def test_the_lookup_finds_any_spelling_and_shows_no_number(self):
        found = {"id": self.card.pk, "label": "Layla Haddad", "sub": "Harbour master L"}
        # How sure we are of who it is stands on the card, which a copy editor does not open.
        for user, shown in ((self.rana, found | {"lines": ["Never verified"]}), (self.cora, found)):
            answer = self.look(user, "Leila Hadad")
            self.assertEqual(answer.json()["results"], [shown])
            self.assertNotContains(answer, NUMBER)

    def test_the_lookup_warns_of_a_bar_on_contact_with_its_reason(self):
        Bar.objects.create(expert=self.card, kind=Bar.CONTACT, reason="Asked us not to.", since=NOON.date())
        row = self.look(self.rana, "layla").json()["results"][0]
        self.assertEqual((row["struck"], row["warning"]), (True, "Not to be contacted. Asked us not to."))
        row = self.look(self.cora, "layla").json()["results"][0]
        self.assertEqual((row["struck"], row["warning"]), (True, "Not to be contacted."))

    def test_the_lookup_does_not_warn_of_an_ended_bar(self):
        day = dt.timedelta(days=1)
        Bar.objects.create(
            expert=self.card, kind=Bar.CONTACT, reason="A while.", since=NOON.date() - 9 * day, until=NOON.date() - day
        )
        self.assertNotIn("struck", self.look(self.rana, "layla").json()["results"][0])
        self.assertEqual(len(finder.find_experts(finder.Wanted(topic="shipping"), NOON)), 1)


class TopicNameTests(PageTestCase):
    def send(self, text):
        self.client.force_login(self.edith)
        data = {
            "name": "Shipping", "slug": "shipping", "names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0",
            "names-0-text": text, "names-0-topic": self.topic.pk,
        }  # fmt: skip
        return self.client.post(reverse("admin:newsroom_topic_change", args=[self.topic.pk]), data)

    def test_a_topic_takes_another_name(self):
        self.assertEqual(self.send("  freight ").status_code, 302)
        self.assertEqual(self.topic.names.get().text, "freight")
        self.assertContains(self.ask(self.rana, topic="FREIGHT"), "Layla Haddad")

    def test_a_name_that_another_topic_has_is_refused(self):
        other = Topic.objects.create(name="Cargo", slug="cargo")
        TopicName.objects.create(topic=other, text="freight")
        for text in ("Freight", "cargo", "…"):
            page = self.send(text)
            self.assertEqual(page.status_code, 400, text)
            self.assertContains(page, "errorlist", status_code=400)

    def test_a_merge_keeps_names_and_the_higher_level(self):
        other = Topic.objects.create(name="Cargo", slug="cargo")
        TopicName.objects.create(topic=other, text="freight")
        expert = Expert.objects.create(display_name="Both")
        ExpertTopic.objects.create(content_object=expert, tag=self.topic, level=1)
        ExpertTopic.objects.create(content_object=expert, tag=other, level=3)
        topics.merge_topics([other], into=self.topic, by=self.max)
        self.assertEqual(set(self.topic.names.values_list("text", flat=True)), {"freight", "Cargo"})
        self.assertEqual([row.level for row in expert.topic_items.all()], [3])
