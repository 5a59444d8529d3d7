"""Search, on whichever database the tests run: what is found, and what nobody may notice before its instant."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from articles import search
from articles.models import Article, Edition, EditionText, Revision
from articles.search import query, words
from newsroom import clock
from newsroom.models import Pulse
from tests import data
from tests.base import NOON, Cast

pytestmark = pytest.mark.engines

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class WordsTests(SimpleTestCase):
    def same(self, *forms):
        self.assertEqual(
            len({words.normal_form(form) for form in forms}), 1, [words.normal_form(form) for form in forms]
        )

    def test_case_accents_and_endings_make_no_difference(self):
        self.same("Nyström", "nystrom", "NYSTROM", "Nyström’s", "Nystrom's")
        self.same("troop", "troops", "troops'")
        self.same("vote", "votes", "voted", "voting")
        self.same("decide", "decides", "decided", "deciding")
        self.same("city", "cities")
        self.same("organise", "organised", "organises")
        self.same("ﬁsh", "fish")
        self.same("straße", "STRASSE")

    def test_words_that_only_look_like_plurals_keep_their_end(self):
        self.assertNotEqual(words.normal_form("news"), words.normal_form("new"))
        self.assertNotEqual(words.normal_form("police"), words.normal_form("policy"))
        self.assertEqual(words.normal_form("gas"), "gas")
        self.assertEqual(words.normal_form("bring"), "bring")

    def test_arabic_forms_of_a_word_are_equal(self):
        self.same("العراق", "عراق", "والعراق")
        self.same("أحمد", "احمد")
        self.same("مدرسة", "مدرسه")

    def test_scripts_without_spaces_are_cut_into_pairs(self):
        self.assertEqual(words.tokens("部分撤离"), ["部分", "分撤", "撤离"])

    def test_a_token_is_letters_and_digits_alone(self):
        for text in ("a'b\"c\\d", "x:*^y", "½ ™ ﷽ \u0000\u202e", "َ" * 5, "'" * 9, "x" * 999, "\ud800"):
            for token in words.tokens(text):
                self.assertTrue(token.isalnum() and len(token) <= words.LONGEST, (text, token))


class QueryTests(SimpleTestCase):
    def test_a_query_has_phrases_and_unwanted_words(self):
        asked = query.parse("six “Rule of law” -minister well-known")
        self.assertEqual([t.tokens for t in asked.wanted], [("six",), ("rule", "of", "law"), ("well", "known")])
        self.assertEqual([t.tokens for t in asked.unwanted], [("minist",)])

    def test_common_words_count_only_if_nothing_else_was_asked(self):
        self.assertEqual([t.tokens for t in query.parse("the port of the city").wanted], [("port",), ("citi",)])
        self.assertEqual(len(query.parse("to be or not to be").wanted), 4)

    def test_excerpts_are_escaped_and_marked_where_most_words_stand(self):
        text = "Boats came. " * 60 + "Six <b>ports</b> & a checklist. " + "Then night. " * 40
        line = query.excerpt(text, query.parse("ports checklist").tokens())
        self.assertIn("&lt;b&gt;<mark>ports</mark>&lt;/b&gt; &amp; a <mark>checklist</mark>", line)
        self.assertLess(len(line), query.EXCERPT + 80)

    def test_an_excerpt_of_pairs_marks_them_as_one(self):
        self.assertEqual(query.excerpt("美军部分撤离", query.parse("部分撤离").tokens()), "美军<mark>部分撤离</mark>")


class SearchTestCase(TestCase, Cast):
    @classmethod
    def setUpTestData(cls):
        cls.assemble()
        Pulse.objects.beat()

    def edition(
        self, headline, plain="", *, at=NOON - DAY, until=None, listed=True, section=None, genre="news", **text
    ):
        """An edition as the gate leaves it, in force from `at`."""
        article = Article.objects.create(headline=headline, created_by=self.rana)
        revision = Revision.objects.create(article=article, number=1, content={}, by=self.rana, at=NOON)
        edition = Edition.objects.create(
            article=article, number=1, kind="first", path=f"/world/2026/05/03/{article.pk}/", revision=revision,
            section=section or self.world, genre=genre, language="en", live_from=at, live_until=until,
            listed=listed, first_published_at=at, changed_at=at,
        )  # fmt: skip
        data = {"bylines": [], "people": [], "topics": [], "labels": {"card_label": "World"}} | text.pop("data", {})
        EditionText.objects.create(edition=edition, headline=headline, plain=plain, data=data, **text)
        search.index_edition(edition)
        return edition

    def found(self, asked, at=NOON, **how):
        with clock.frozen(at):
            return search.find_editions(asked, **how)

    def headlines(self, asked, **how):
        return [hit.headline for hit in self.found(asked, **how)]


class FindTests(SearchTestCase):
    def test_a_story_is_found_by_its_words_names_and_topics(self):
        self.edition(
            "Six ports agree a rule", "Harbour masters get one checklist.", standfirst="The compact is short.",
            data={
                "bylines": [{"name": "Rana Aziz"}],
                "people": [{"name": "Halvard Nyström", "attribution": "former pilot"}],
                "topics": [{"id": 1, "name": "Shipping", "slug": "shipping"}],
                "credit": {"name": "Gull News Agency"},
            },
        )  # fmt: skip
        for asked in ("ports", "port rules", "checklist", "compact", "aziz", "nystrom pilot", "shipping", "gull",
                      "HARBOUR-masters", '"one checklist"', "checklists -airports"):  # fmt: skip
            self.assertEqual(self.headlines(asked), ["Six ports agree a rule"], asked)
        for asked in ("airport", '"checklist one"', "ports -checklist", "ports airport", '"rule harbour"'):
            self.assertEqual(self.headlines(asked), [], asked)

    def test_a_phrase_does_not_run_from_one_field_into_the_next(self):
        self.edition("Six ports", "agree a rule", standfirst="Nobody minds")
        self.assertEqual(self.headlines('"ports nobody"'), [])
        self.assertEqual(self.headlines('"minds agree"'), [])

    def test_arabic_and_chinese_are_found_in_the_forms_people_type(self):
        arabic, chinese = "ميناء العراق يفتح أبوابه", "美军部分撤离"
        self.edition(arabic)
        self.edition(chinese)
        for asked in ("عراق", "العراق", "ابوابه"):
            self.assertEqual(self.headlines(asked), [arabic], asked)
        for asked in ("美军", "撤离", "部分撤离", "美", "军"):
            self.assertEqual(self.headlines(asked), [chinese], asked)

    def test_a_headline_counts_for_more_than_a_mention(self):
        self.edition("Weather", "The pilots were mentioned. " + "Rain fell on the town. " * 20, at=NOON - HOUR)
        self.edition("Pilots vote", "They did. " + "Nobody was surprised at the result. " * 20, at=NOON - 2 * HOUR)
        self.assertEqual(self.headlines("pilots"), ["Pilots vote", "Weather"])
        self.assertEqual(self.headlines("pilots", sort="newest"), ["Weather", "Pilots vote"])

    def test_of_two_equal_stories_the_newer_comes_first(self):
        self.edition("Ferry sails", at=NOON - 900 * DAY)
        new = self.edition("Ferry sails", at=NOON - DAY)
        self.assertEqual(self.found("ferry").hits[0].edition_id, new.pk)

    def test_best_weighs_how_new_a_story_is_and_how_well_it_matches(self):
        better, told = {"standfirst": "The ferry is full."}, "It sails at noon."
        self.edition("Ferry sails", told, at=NOON - 3 * 365 * DAY, **better)
        self.edition("Ferry sails again", told, at=NOON - DAY, standfirst="The ship is full.")
        self.edition("Weather", "The ferry was late. " + "Rain fell on the town. " * 20, at=NOON - HOUR)
        # better and three years old gives way; merely mentioned today does not win
        self.assertEqual(self.headlines("ferry"), ["Ferry sails again", "Ferry sails", "Weather"])

    def test_a_better_match_comes_first_while_it_is_hardly_older(self):
        told = "It sails at noon."
        self.edition("Ferry sails", told, at=NOON - 2 * DAY, standfirst="The ferry is full.")
        self.edition("Ferry sails again", told, at=NOON - DAY, standfirst="The ship is full.")
        for later in (DAY, 20 * 365 * DAY):  # side by side they age alike
            self.assertEqual(self.headlines("ferry", at=NOON + later)[0], "Ferry sails")

    def test_section_genre_and_time_narrow_a_search(self):
        self.edition("Budget passes", section=self.politics, genre="analysis", at=NOON - 3 * DAY)
        self.edition("Budget abroad", section=self.world, genre="fact_check")
        self.assertEqual(self.headlines("budget", section=self.politics), ["Budget passes"])
        self.assertEqual(self.headlines("budget", section=self.world.pk, genre="fact_check"), ["Budget abroad"])
        self.assertEqual(self.headlines("budget", section=self.world, genre="analysis"), [])
        self.assertEqual(self.headlines("budget", since=NOON - 2 * DAY), ["Budget abroad"])
        self.assertEqual(self.headlines("budget", until=NOON - 2 * DAY), ["Budget passes"])

    def test_facets_count_the_stories_found(self):
        for n in range(3):
            self.edition(f"Budget {n}", section=self.politics if n else self.world, genre="analysis")
        found = self.found("budget")
        self.assertEqual((found.count, found.capped), (3, False))
        self.assertEqual(found.sections, {self.politics.pk: 2, self.world.pk: 1})
        self.assertEqual(found.genres, {"analysis": 3})

    def test_pages_of_a_search_follow_without_gaps(self):
        made = [self.edition(f"Ferry {n}", at=NOON - n * HOUR).pk for n in range(45)]
        for sort in ("newest", "best"):
            seen, before = [], None
            for size in (20, 20, 5):
                page = self.found("ferry", sort=sort, before=before)
                self.assertEqual((len(page), page.count), (size, 45))
                seen += [hit.edition_id for hit in page]
                before = page.next
            self.assertEqual(before, "")
            self.assertEqual(sorted(seen), sorted(made))
            if sort == "newest":
                self.assertEqual(seen, made)

    def test_every_old_story_is_found_once(self):
        made = [self.edition(f"Ferry {n}", at=NOON - n * 27 * DAY).pk for n in range(50)]
        seen, before = [], None
        while before != "":
            page = self.found("ferry", sort="newest", before=before)
            self.assertEqual(page.count, 50)
            seen += [hit.edition_id for hit in page]
            before = page.next
        self.assertEqual(seen, made)
        for back in (1, 2, 7, 8, 31, 32, 40):
            edge = NOON - back * 30 * DAY
            self.assertEqual(self.found("ferry", until=edge).count + self.found("ferry", since=edge).count, 50, edge)

    def test_the_count_of_a_search_stops_at_a_thousand(self):
        real = search.finding.WINDOW
        self.addCleanup(setattr, search.finding, "WINDOW", real)
        search.finding.WINDOW = 5
        for n in range(7):
            self.edition(f"Ferry {n}", at=NOON - n * HOUR)
        found = self.found("ferry")
        self.assertEqual((found.count, found.capped, found.count_text), (5, True, "5+"))

    def test_a_page_of_a_search_costs_one_query(self):
        for n in range(30):
            self.edition(f"Ferry {n}", "It sailed at dawn.")
        for how in ({}, {"sort": "newest"}, {"section": self.world}, {"sort": "newest", "before": "9" * 15}):
            # the matches, the live editions among them, their count, facets and words, and the pulse
            with self.assertNumQueries(1):
                self.assertTrue(self.found("ferry", **how).count, how)

    def test_a_page_of_a_search_has_the_pulse(self):
        self.edition("Ferry sails")
        counter = Pulse.objects.get().counter
        self.assertEqual(self.found("ferry").pulse.counter, counter)
        self.assertEqual(self.found("nothing").pulse.counter, counter)
        self.assertEqual(self.found("").pulse.counter, counter)

    def test_no_query_text_is_an_error(self):
        self.edition("Ferry sails")
        hostile = [
            '"', '""', "'", "''", "\\", "%", "_", "*", "(", ")", "()", "{}", ":", "-", "--", "- -", "NEAR(a b)",
            "a NEAR b", "head:ferry", "ferry*", "^ferry", "AND", "OR", "NOT", "a AND", "NOT a", "ferry OR", "a & b",
            "a | b", "!a",
            "a <-> b", "'a':*", "$$", ";", "1;DROP TABLE search_edition", "' OR 1=1 --", "\x00", "\x00ferry", "\ud800",
            "\u202eferry", "¤s1", "𝓯𝓮𝓻𝓻𝔂", "ﷺ", "👩‍👩‍👧", "‮", "Ω≈ç√∫˜µ≤≥÷",
            "田中さんにあげて下さい", "表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀",
            "هَٰذَا", "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
            "a" * 5000, "-" * 300, '"' * 301, "ferry " * 500, "x\ny", "%s", "%(x)s", "{0}", "<script>",
            "NULL", "0x0", "1e1000", "-1", "٠١٢", "ก็็็็", "\ufeff", "½", "Ⅷ", "-ferry -sails", '-"ferry', "’", "l’", "d'",
        ]  # fmt: skip
        for asked in hostile + [None, " "]:
            with self.subTest(asked=asked):
                self.found(asked)
                self.found(asked, sort="newest", before=asked, section=asked, genre=asked)
                search.find_articles(asked or "", 5)

    def test_attack_strings_in_results_are_escaped(self):
        path = data.path("xss/vectors.jsonl")
        for line in path.read_text().splitlines()[::9]:
            vector = json.loads(line)["html"][:120]
            self.edition(f"Ferry {vector}"[:160], vector, standfirst=vector)
        for _ in range(3):
            for hit in self.found("ferry"):
                for html in (hit.headline_html, hit.excerpt_html):
                    bare = html.replace("<mark>", "").replace("</mark>", "")
                    self.assertNotIn("<", bare)
                    self.assertNotIn('"', bare)
        self.found(json.loads(path.read_text().splitlines()[0])["html"])


class HiddenTests(SearchTestCase):
    """What waits, is over or was withdrawn leaves no trace."""

    def assert_unseen(self, asked):
        found = self.found(asked)
        self.assertEqual((found.hits, found.count, found.sections, found.genres), ((), 0, {}, {}))
        self.assertEqual(found.suggestion, "")

    def test_a_waiting_edition_is_found_from_its_instant_on(self):
        self.edition("Zephyrine treaty signed", "Quixotic words.", at=NOON + HOUR)
        self.assert_unseen("zephyrine")
        self.assert_unseen("quixotic")
        self.assertEqual(self.headlines("zephyrine", at=NOON + HOUR - dt.timedelta(seconds=1)), [])
        self.assertEqual(self.headlines("zephyrine", at=NOON + HOUR), ["Zephyrine treaty signed"])

    def test_a_waiting_edition_is_in_no_count_or_facet(self):
        self.edition("Ferry sails")
        self.edition("Ferry sinks", at=NOON + HOUR, section=self.politics, genre="analysis")
        found = self.found("ferry")
        self.assertEqual((found.count, found.sections, found.genres), (1, {self.world.pk: 1}, {"news": 1}))

    def test_a_waiting_edition_takes_no_place_in_the_window(self):
        real = search.finding.WINDOW
        self.addCleanup(setattr, search.finding, "WINDOW", real)
        search.finding.WINDOW = 2
        for n in range(2):
            self.edition(f"Ferry {n}")
        self.edition("Ferry waits", at=NOON + HOUR)
        found = self.found("ferry")
        self.assertEqual((found.count, found.capped), (2, False))

    def test_an_edition_that_is_over_or_unlisted_is_not_found(self):
        self.edition("Zephyrine treaty signed", until=NOON - HOUR)
        self.edition("Zephyrine treaty leaked", listed=False)
        self.assert_unseen("zephyrine")

    def test_a_removed_edition_leaves_the_search_tables(self):
        edition = self.edition("Zephyrine treaty signed")
        search.remove_edition(edition)
        self.assert_unseen("zephyrine")
        search.index_edition(edition)
        search.index_edition(edition)
        self.assertEqual(self.found("zephyrine").count, 1)

    def test_a_suggestion_uses_words_of_live_editions_only(self):
        self.edition("Zephyrine treaty signed", at=NOON + HOUR)
        self.assertEqual(self.found("zephyrin").suggestion, "")
        self.assertEqual(self.found("zephyrime").suggestion, "")
        self.assertEqual(self.found("zephyrime", at=NOON + HOUR).suggestion, "zephyrine")

    def test_a_waiting_editions_word_does_not_stop_a_suggestion(self):
        self.edition("Zephyrine treaty signed")
        before = self.found("zephyrane").suggestion
        self.edition("Zephyrane plot found", at=NOON + HOUR)
        self.assertEqual((before, self.found("zephyrane").suggestion), ("zephyrine", "zephyrine"))

    def test_a_suggestion_prints_a_form_that_a_live_edition_prints(self):
        self.edition("Zephyrines arrive")
        self.edition("Zephyrine treaty signed", at=NOON + HOUR)
        self.assertEqual(self.found("zephyrime").suggestion, "zephyrines")


class SuggestionTests(SearchTestCase):
    def test_a_suggestion_corrects_a_name_and_keeps_the_rest(self):
        self.edition("Pilots vote", data={"people": [{"name": "Halvard Nyström", "attribution": "pilot"}]})
        self.assertEqual(self.found("Nystorm pilots").suggestion, "nyström pilots")
        self.assertEqual(self.found("plots vote").suggestion, "pilots vote")

    def test_nothing_is_suggested_if_no_word_is_near(self):
        self.edition("Pilots vote")
        self.assertEqual(self.found("xylophone").suggestion, "")

    def test_a_page_with_hits_suggests_nothing(self):
        self.edition("Pilots vote")
        self.assertEqual(self.found("pilots").suggestion, "")


class DeskSearchTests(SearchTestCase):
    def make(self, **fields):
        article = Article.objects.create(created_by=self.rana, **fields)
        search.index_article(article)
        return article

    def test_the_desk_finds_a_story_by_its_names_and_words(self):
        story = self.make(
            headline="Six ports agree", catchline="PORTS-RULE", slug="six-harbours", body="<p>A <q>compact</q>.</p>"
        )
        for asked in ("ports", "rule", "harbours", "compact", "six por", "agre"):
            self.assertEqual(search.find_articles(asked, 10), [story.pk], asked)
        self.assertEqual(search.find_articles("airport", 10), [])
        self.assertEqual(search.find_articles("", 10), [])

    def test_a_saved_change_replaces_what_was_indexed(self):
        story = self.make(headline="Six ports agree")
        story.headline = "Five ports quarrel"
        search.index_article(story)
        self.assertEqual(search.find_articles("agree", 10), [])
        self.assertEqual(search.find_articles("quarrel", 10), [story.pk])
        search.remove_article(story.pk)
        self.assertEqual(search.find_articles("quarrel", 10), [])

    def test_the_desk_finds_an_old_story(self):
        made = []
        for years in (0, 1, 2, 3, 9):
            story = Article(headline="Ferry", created_by=self.rana)
            story.save()
            story.created_at = timezone.now() - years * 365 * DAY
            search.index_article(story)
            made.append(story.pk)
        self.assertEqual(sorted(search.find_articles("ferry", 10)), made)

    def test_the_desk_finds_the_newest_first_up_to_a_limit(self):
        made = [self.make(headline=f"Ferry {n}").pk for n in range(5)]
        with self.assertNumQueries(1):  # the index
            self.assertEqual(search.find_articles("ferry", 3), made[:1:-1])


class TablesTests(SearchTestCase):
    def test_installing_the_tables_twice_changes_nothing(self):
        self.edition("Ferry sails")
        search.install_tables()
        self.assertEqual(self.found("ferry").count, 1)

    def test_a_missing_search_table_is_made_again_and_filled(self):
        self.edition("Ferry sails")
        Article.objects.update(headline="Ferry desk")
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE search_edition")
        search.install_tables()
        self.assertEqual(self.found("ferry").count, 1)
        self.assertEqual(len(search.find_articles("desk", 5)), 1)

    def test_reindex_builds_the_index_anew(self):
        edition = self.edition("Ferry sails")
        search.remove_edition(edition)
        self.assertEqual(self.found("ferry").count, 0)
        call_command("reindex", verbosity=0)
        self.assertEqual(self.found("ferry").count, 1)
