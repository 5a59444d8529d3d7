"""The source audit: its sums against SQL written by hand, who may see it, and what nobody is told."""

import csv
import datetime as dt
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import SimpleTestCase
from lxml import html as lxml_html

from articles.actions import take, writing
from articles.desk.audit import figures
from articles.models import Article, Attribution, Section, State
from experts.actions import removal
from experts.models import Disclosure, Expert, LanguageSkill, SelfDescription
from newsroom import clock
from newsroom.models import Publication

from ..base import DeskTestCase

pytestmark = pytest.mark.engines

LONDON = ZoneInfo("Europe/London")
MAY = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
ADDRESS = "/admin/desk/audit/"


class Newspaper(DeskTestCase):
    """Stories of April and May, with Halvard, Amina, Omar and Greta in them."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.halvard = cls.expert
        cls.amina = Expert.objects.create(display_name="Amina Kessler", country="JO")
        cls.omar = Expert.objects.create(display_name="Omar Haddad", country="JO", is_official=True)
        cls.greta = Expert.objects.create(display_name="Greta Holm", country="NO")
        cls.asia = Section.objects.create(name="Asia", slug="asia", order=3, parent=cls.world)
        cls.number = 0

    def publish(self, at, *people, section=None, times=1, rules=None, kinds=None, roles=None, unnamed="", **fields):
        """A story that quotes each of some people so many times, through the gate at a moment."""
        type(self).number += 1
        marks = "".join(
            f'<p>“<q data-expert="{expert.pk}">word {n} of {expert.pk}</q>”, the authority heard.</p>'
            for expert in people
            for n in range(times)
        )
        with clock.frozen(at):
            article = self.make_article(
                slug=f"story-{self.number}", headline=f"Story {self.number}", section=section or self.world,
                body=fields.pop("body", "<p>The text runs to eleven pages.</p>") + marks, **fields,
            )  # fmt: skip
            for expert, role in (roles or {}).items():
                article.appearances.filter(expert=expert).update(role=role)
            for expert, rule in (rules or {}).items():
                article.quote_records.filter(expert=expert).update(ground_rule=rule, descriptor="an official")
            for expert, kind in (kinds or {}).items():
                article.quote_records.filter(expert=expert).update(kind=kind)
            if unnamed:
                Attribution.objects.create(
                    article=article, kind="second_hand", description=unnamed, outlet="The Ledger"
                )
            article = Article.objects.get(pk=article.pk)
            writing.save_revision(article, by=self.rana, seen_version=article.version, why="terms")
            for name, by in (("submit", self.rana), ("approve", self.max), ("publish", self.max)):
                self.take(article, name, by, **({"waive": ["*"], "waive_note": "a test"} if name == "publish" else {}))
        return article

    def take(self, article, name, by, **data):
        article = Article.objects.get(pk=article.pk)
        take.take(article, name, by=by, seen=take.seen_token(article), **data)

    def report(self, key="2026-05", **how):
        return figures.audit_report(figures.period_of_key(key, LONDON), **how)

    def figure(self, label, key="2026-05", **how):
        row = next(row for row in self.report(key, **how).figures if row.label == label)
        return row.count if row.of is None else (row.count, row.of)

    def part(self, key, period="2026-05", **how):
        found = next(part for part in self.report(period, **how).parts if part.key == key)
        return [row.label for row in found.rows] if found.is_list else {row.label: row.count for row in found.rows}

    def sql(self, query, *params):
        with connection.cursor() as cursor:
            cursor.execute(query, params)
            return cursor.fetchall()


class CountTests(Newspaper):
    def test_a_person_quoted_nine_times_in_a_story_counts_once(self):
        self.publish(MAY, self.halvard, times=9)
        self.assertEqual(self.figure("Voices, a person once a story"), 1)
        self.assertEqual(self.part("whose"), {"Halvard Nystrom": 1})
        self.assertEqual(self.figure("Quotations on the record"), (9, 9))

    def test_an_updated_story_counts_once_in_its_first_editions_month(self):
        article = self.publish(datetime(2026, 4, 30, 22, 30, tzinfo=UTC), self.halvard)  # 23:30 in London
        with clock.frozen(MAY):
            self.take(article, "revise", self.rana)
            for name, by in (("submit", self.rana), ("approve", self.edith)):
                self.take(article, name, by)
            self.take(article, "publish", self.max, kind="update", waive=["*"], waive_note="a test")
        self.assertEqual(self.figure("Stories", "2026-04"), 1)
        self.assertEqual(self.figure("Stories", "2026-05"), 0)
        self.assertEqual(self.part("whose", "2026-04"), {"Halvard Nystrom": 1})

    def test_a_withdrawn_story_and_one_that_waits_are_not_counted(self):
        gone = self.publish(MAY, self.halvard)
        self.publish(MAY, self.amina)
        with clock.frozen(MAY + dt.timedelta(hours=3)):
            self.take(gone, "withdraw", self.max, note="Went out by mistake.", reason="in_error",
                      reader_text="Published in error.")  # fmt: skip
        ahead = self.make_article(slug="ahead", state=State.APPROVED)
        self.take(ahead, "schedule", self.max, at=clock.process_time() + dt.timedelta(days=1), waive=["*"],
                  waive_note="a test")  # fmt: skip
        self.assertEqual(self.figure("Stories"), 1)
        self.assertEqual(self.part("whose"), {"Amina Kessler": 1})
        self.assertEqual(self.figure("Stories", f"{clock.process_time():%Y-%m}"), 0)

    def test_drafts_are_not_counted(self):
        with clock.frozen(MAY):
            self.make_article(body=f'<p>“<q data-expert="{self.omar.pk}">No.</q>”</p>')
        self.assertEqual(self.figure("Stories"), 0)

    def test_a_section_counts_its_parts_and_no_other(self):
        self.publish(MAY, self.halvard, section=self.asia)
        self.publish(MAY, self.amina, section=self.politics)
        self.assertEqual(self.part("whose", section=self.world), {"Halvard Nystrom": 1})
        self.assertEqual(self.part("whose", section=self.politics), {"Amina Kessler": 1})
        self.assertEqual(self.figure("Stories"), 2)

    def test_first_time_voices_are_new_to_the_whole_paper(self):
        self.publish(datetime(2026, 4, 3, tzinfo=UTC), self.halvard, section=self.politics)
        self.publish(MAY, self.halvard, self.amina)
        self.publish(MAY, self.amina)
        self.assertEqual(self.figure("People heard for the first time"), (1, 2))
        self.assertEqual(
            self.part("known", section=self.world),
            {"For the first time": 1, "Heard before": 1, "Heard in one story only": 1},
        )

    def test_voices_are_counted_by_their_role(self):
        self.publish(MAY, self.halvard, self.omar, roles={self.omar: "official", self.halvard: "expert"})
        self.publish(MAY, self.omar, roles={self.omar: "witness"})
        self.assertEqual(
            self.part("roles"), {"Expert": 1, "Official": 1, "Witness": 1, "Whom it is about": 0,
                                 "Of whom no word is quoted": 0}
        )  # fmt: skip

    def test_stories_are_counted_by_how_many_sources_they_have(self):
        self.publish(MAY)
        self.publish(MAY, self.halvard, times=3)
        self.publish(MAY, self.halvard, unnamed="an official at the port")
        self.publish(MAY, self.halvard, self.amina)
        self.assertEqual(
            self.part("sources"), {"Several sources": 2, "A single source": 1, "No source on record": 1}
        )  # fmt: skip
        self.assertEqual(self.part("single"), [f"Story {self.number - 2}"])

    def test_who_spoke_on_background_is_a_source_without_a_name(self):
        self.publish(MAY, self.halvard, self.omar, rules={self.omar: "background"})
        self.assertEqual(self.part("whose"), {"Halvard Nystrom": 1})
        self.assertEqual(self.part("sources")["Several sources"], 1)
        self.assertEqual(self.figure("Quotations on the record"), (1, 2))

    def test_voices_of_which_no_word_is_quoted(self):
        self.publish(MAY, self.halvard, self.amina, kinds={self.halvard: "paraphrase"})
        self.assertEqual(self.part("terms")["Quotations in paraphrase"], 1)
        self.assertEqual(self.part("roles")["Of whom no word is quoted"], 1)

    def test_each_part_counts_out_of_one_number(self):
        self.publish(MAY, self.halvard, self.amina, kinds={self.halvard: "paraphrase"})
        self.publish(MAY, self.halvard)
        for part in self.report().parts:
            self.assertLessEqual(len({row.of for row in part.rows if row.of}), 1, part.title)

    def test_who_was_removed_is_counted_and_never_listed(self):
        self.publish(MAY, self.halvard, self.amina)
        removal.remove_expert(self.halvard, by=self.sami)
        self.assertEqual(self.part("whose"), {"Amina Kessler": 1})
        self.assertEqual(self.figure("People"), 2)
        self.assertNotIn(removal.REMOVED_NAME, str(self.report().lines))

    def test_countries_and_languages(self):
        for expert, tag, level in ((self.amina, "ar-JO", 4), (self.amina, "ar", 3), (self.amina, "en", 3),
                                   (self.omar, "fr", 1)):  # fmt: skip
            LanguageSkill.objects.create(expert=expert, tag=tag, level=level)
        self.publish(MAY, self.amina, self.omar, self.halvard)
        self.publish(MAY, self.amina)
        self.assertEqual(self.part("countries"), {"Jordan": 3, "Not on the card": 1})
        self.assertEqual(self.part("languages"), {"Arabic": 2, "English": 2, "Not on the card": 2})

    def test_interests_that_were_not_printed(self):
        text = "Amina Kessler advises the port."
        owed = Disclosure.objects.create(expert=self.amina, kind="employer", print_text=text, must_print=True)
        owed.topics.add(self.topic)
        Disclosure.objects.create(expert=self.amina, kind="party", print_text="Sits in a party.", must_print=False)
        Disclosure.objects.create(expert=self.amina, kind="equity", print_text="Held shares.", must_print=True,
                                  end=dt.date(2026, 1, 1))  # fmt: skip
        self.publish(MAY, self.amina, body=f"<p>{text}</p>")
        self.publish(MAY, self.amina, topics=False)
        self.publish(MAY, self.amina)
        self.assertEqual(self.part("undisclosed"), [f"Amina Kessler, in “Story {self.number}”: {text}"])

    def test_the_ten_most_heard(self):
        many = [Expert.objects.create(display_name=f"Voice {n:02}") for n in range(12)]
        self.publish(MAY, *many)
        self.publish(MAY, *many[:10])
        self.assertEqual(self.figure("Voices that are one of the ten most heard"), (20, 22))
        self.assertEqual(
            self.part("concentration"),
            {"The ten most heard": 20, "Everybody else": 2},
        )

    def test_two_links_of_one_person_in_a_story_count_once(self):
        """As after two cards that both stood in it were merged."""
        article = self.publish(MAY, self.halvard, self.amina)
        edition = article.editions.get()
        for rows in (edition.editionexpert_set, edition.quotes):
            rows.filter(expert=self.amina).update(expert=self.halvard)
        self.assertEqual(self.part("whose"), {"Halvard Nystrom": 1})
        self.assertEqual(self.figure("Stories with a single source"), (1, 1))

    def test_the_number_of_queries_does_not_grow(self):
        def several(count):
            for _ in range(count):
                self.publish(MAY, self.halvard, self.amina, self.omar)
                self.publish(MAY, self.greta)

        several(1)
        Disclosure.objects.create(expert=self.amina, kind="party", print_text="Sits.", must_print=True)
        # voices; who was heard before; no word quoted; sources; stories; single-source ones; quotations; languages;
        # interests, their topics; the topics and the text of stories that may owe one
        with self.assertNumQueries(12):
            self.report()
        several(4)
        with self.assertNumQueries(12):
            self.report()


class HandWrittenTests(Newspaper):
    """The same totals by SQL that shares no line with the audit's."""

    LIVE = (
        "e.listed AND e.live_from <= %s AND (e.live_until IS NULL OR e.live_until > %s)"
        " AND e.first_published_at >= %s AND e.first_published_at < %s"
    )

    def test_figures_add_up_to_their_totals(self):
        self.publish(datetime(2026, 4, 9, tzinfo=UTC), self.greta, self.halvard)
        self.publish(MAY, self.halvard, self.amina, times=4, roles={self.amina: "official"})
        self.publish(MAY, self.halvard, self.omar, rules={self.omar: "background"}, times=2)
        self.publish(MAY, self.greta, section=self.asia, kinds={self.greta: "paraphrase"})
        self.publish(MAY)
        gone = self.publish(MAY, self.omar, self.halvard)
        with clock.frozen(MAY + dt.timedelta(hours=3)):
            self.take(gone, "withdraw", self.max, note="By mistake.", reason="in_error", reader_text="In error.")
        now = clock.process_time()
        adapt = connection.ops.adapt_datetimefield_value
        may, june = (datetime(2026, month, 1, tzinfo=LONDON) for month in (5, 6))
        window = [adapt(at) for at in (now, now, may, june)]
        stories = self.sql(f"SELECT COUNT(*) FROM articles_edition e WHERE {self.LIVE}", *window)[0][0]
        whose = self.sql(
            "SELECT x.display_name, COUNT(DISTINCT e.article_id) FROM articles_edition e JOIN articles_editionexpert l"
            " ON l.edition_id = e.id JOIN experts_expert x ON x.id = l.expert_id"
            f" WHERE {self.LIVE} GROUP BY x.display_name", *window,
        )  # fmt: skip
        rules = self.sql(
            "SELECT q.ground_rule, COUNT(*) FROM articles_quote q JOIN articles_edition e ON e.id = q.edition_id"
            f" WHERE {self.LIVE} GROUP BY q.ground_rule", *window,
        )  # fmt: skip
        alone = self.sql(
            "SELECT COUNT(*) FROM (SELECT e.id FROM articles_edition e JOIN (SELECT edition_id, expert_id FROM"
            " articles_editionexpert UNION SELECT edition_id, expert_id FROM articles_quote) p ON p.edition_id = e.id"
            f" WHERE {self.LIVE} GROUP BY e.id HAVING COUNT(*) = 1) one", *window,
        )[0][0]  # fmt: skip
        roles = self.sql(
            "SELECT l.role, COUNT(*) FROM articles_editionexpert l JOIN articles_edition e ON e.id = l.edition_id"
            f" WHERE {self.LIVE} GROUP BY l.role", *window,
        )  # fmt: skip
        self.assertEqual(self.figure("Stories"), stories)
        self.assertEqual(self.part("whose"), dict(whose))
        self.assertEqual(dict(whose), {"Halvard Nystrom": 2, "Amina Kessler": 1, "Greta Holm": 1})
        self.assertEqual(self.figure("Voices, a person once a story"), sum(n for _, n in whose))
        self.assertEqual(self.figure("Quotations on the record"), (dict(rules)["on_record"], sum(n for _, n in rules)))
        self.assertEqual(self.figure("Stories with a single source"), (alone, stories))
        self.assertEqual(dict(roles), {"expert": 3, "official": 1})
        self.assertEqual((self.part("roles")["Expert"], self.part("roles")["Official"]), (3, 1))


class PageTests(Newspaper):
    def test_the_csv_says_what_the_screen_says(self):
        evil = Expert.objects.create(display_name='=HYPERLINK("https://evil.example")')
        self.publish(MAY, self.halvard, self.amina, evil)
        self.publish(MAY, self.halvard)
        self.client.force_login(self.sami)
        page = lxml_html.fromstring(self.client.get(ADDRESS, {"period": "2026-05"}).content)
        screen = [[cell.text_content() for cell in row] for row in page.findall(".//table//tr")]
        response = self.client.get(ADDRESS, {"period": "2026-05", "format": "csv"})
        self.assertEqual(response["Content-Disposition"], 'attachment; filename="source-audit-2026-05.csv"')
        lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        self.assertGreater(len(lines), 30)
        self.assertEqual([[cell.removeprefix("'") for cell in line] for line in lines], screen)
        self.assertFalse([cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))])
        # Each bar carries its number as text.
        bars = {
            row.find(".//*[@class='audit-label']").text_content().strip(): row.find(".//b").text_content()
            for row in page.iterfind(".//section[@id='whose']//li")
        }
        self.assertEqual(bars, {"Halvard Nystrom": "2", "Amina Kessler": "1", evil.display_name: "1"})

    def test_other_roles_may_not_see_the_source_audit(self):
        for user, status in ((self.edith, 200), (self.dana, 200), (self.max, 200), (self.sami, 200), (self.rana, 403),
                             (self.cora, 403), (self.pia, 403), (self.leo, 403), (self.mona, 403),
                             (self.ada, 403)):  # fmt: skip
            self.client.force_login(user)
            self.assertEqual(self.client.get(ADDRESS).status_code, status, user)
            self.assertEqual(self.client.get(ADDRESS, {"format": "csv"}).status_code, status, user)

    def test_a_wrong_period_or_section_is_refused_beside_the_field(self):
        self.client.force_login(self.edith)
        for query, words in (
            ({"period": "2026-13"}, "A month is written"),
            ({"period": "0000"}, "A month is written"),
            ({"period": "٢٠٢٦"}, "A month is written"),
            ({"period": "2026-05\0"}, "A month is written"),
            ({"section": "nowhere"}, "not one of the available choices"),
            ({"section": "\0"}, "not one of the available choices"),
            ({"section": "' OR 1=1 --", "format": "csv"}, "not one of the available choices"),
        ):
            response = self.client.get(ADDRESS, query)
            self.assertContains(response, words, status_code=400)
            self.assertContains(response, 'class="errorlist"', status_code=400)

    def test_markup_in_the_form_of_the_audit_is_escaped(self):
        self.publish(MAY, Expert.objects.create(display_name="<script>alert(1)</script>"))
        self.client.force_login(self.edith)
        response = self.client.get(ADDRESS, {"period": "2026-05"})
        self.assertNotContains(response, "<script>alert")
        self.assertNotContains(response, " style=")

    def test_an_empty_month_is_an_empty_page(self):
        self.client.force_login(self.edith)
        self.assertContains(self.client.get(ADDRESS, {"period": "2019-01"}), "January 2019")


class DescribedTests(Newspaper):
    """What people say of themselves: off by default, and nobody to be found by it."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.people = [Expert.objects.create(display_name=f"Voice {n:02}") for n in range(40)]
        cls("publish").publish(datetime(2026, 2, 3, tzinfo=UTC), *cls.people)

    def answer(self, **counts):
        waiting = iter(self.people)
        for answer, number in counts.items():
            for _ in range(number):
                SelfDescription.objects.create(
                    expert=next(waiting), dimension="Gender", answer=answer, said_on=dt.date(2026, 1, 5)
                )

    def shown(self, period="2026-q1", **how):
        report = self.report(period, self_descriptions=True, **how)
        return [
            {row.label: row.count for row in part.rows} for part in report.parts if part.key.startswith("described")
        ]

    def test_self_descriptions_are_off_by_default(self):
        self.answer(woman=20)
        self.assertFalse(Publication.objects.get().self_descriptions)
        self.client.force_login(self.max)
        self.assertNotContains(self.client.get(ADDRESS, {"period": "2026-q1"}), "say of themselves")
        Publication.objects.update(self_descriptions=True)
        self.assertContains(self.client.get(ADDRESS, {"period": "2026-q1"}), "say of themselves: Gender")

    def test_declined_counts_as_an_answer(self):
        self.answer(woman=15, declined=12)
        self.assertEqual(self.shown(), [{"woman": 15, figures.NO_ANSWER: 13, figures.DECLINED: 12}])

    def test_hiding_a_small_cell_hides_a_second_one(self):
        self.answer(woman=14, man=13, other=3)
        # 40 people: 14, 13, 3 and 10 without an answer. Were 3 alone left out, the total would give it away.
        self.assertEqual(self.shown(), [{"woman": 14, "man": 13, figures.TOO_FEW: 13}])

    def test_too_few_answers_in_all_give_no_figures(self):

        self.publish(datetime(2025, 11, 3, tzinfo=UTC), *self.people[:9])
        self.answer(woman=9)
        self.assertEqual(self.shown("2025-q4"), [{}])

    def test_self_descriptions_are_for_past_quarters_of_the_whole_paper(self):
        """Their reports overlap those of the quarter, and could be subtracted from them."""
        self.answer(woman=20)
        self.assertEqual(self.shown("2026-02"), [{}])
        self.assertEqual(self.shown("2026"), [{}])
        self.assertEqual(self.shown(section=self.world), [{}])
        self.assertEqual(self.shown(at=datetime(2026, 3, 30, tzinfo=UTC)), [{}])

    def test_a_later_answer_does_not_change_the_figures_of_a_past_quarter(self):
        self.answer(woman=20)
        before = self.shown()
        late = SelfDescription(expert=self.people[30], dimension="Gender", answer="man", said_on=dt.date(2026, 4, 1))
        late.save()
        self.assertEqual(self.shown(), before)


class ToldTests(SimpleTestCase):
    """No cell, sum or difference below ten, for every way in which forty people can answer."""

    def test_small_cells_are_hidden_in_every_split(self):
        for people in (9, 10, 19, 25, 40):
            for a in range(people + 1):
                for b in range(people + 1 - a):
                    for c in range(0, people + 1 - a - b, 3):
                        shown = figures.cells_to_show({"a": a, "b": b, "c": c}, people)
                        numbers = [number for _, number in shown]
                        self.assertTrue(all(number >= figures.LEAST for number in numbers), (a, b, c, shown))
                        # What is shown adds up to everybody: there is nothing to subtract.
                        self.assertIn(sum(numbers), (0, people), (a, b, c, shown))

    def test_the_rare_have_no_name(self):
        self.assertEqual(
            figures.cells_to_show({"woman": 30, "rare": 1, "man": 11}, 42), [("woman", 30), (figures.TOO_FEW, 12)]
        )


class PeriodTests(SimpleTestCase):
    def test_a_period_ends_at_midnight_in_the_papers_zone(self):
        march = figures.period_of_key("2026-03", LONDON)
        self.assertEqual(march.start.isoformat(), "2026-03-01T00:00:00+00:00")
        self.assertEqual(march.until.isoformat(), "2026-04-01T00:00:00+01:00")
        self.assertEqual(figures.period_of_key("2026-q4", LONDON).until.isoformat(), "2027-01-01T00:00:00+00:00")
        self.assertEqual(figures.period_of_key("2026-12", LONDON).until.year, 2027)
        self.assertEqual(figures.period_of_key("2026", LONDON).until.year, 2027)
