"""The news list, the calendar, the board and the views that people keep of them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions import planning, signoffs, take, writing
from articles.desk.planning import rows
from articles.models import Article, Image, SavedView, Section, State
from articles.workflow import Situation
from newsroom import clock, paper
from newsroom.errors import NotAllowed, Refused, WrongState
from newsroom.models import Publication, User
from tests.base import DeskTestCase

NEWS, CALENDAR = "/admin/desk/news/", "/admin/desk/calendar/"


class PlanningCase(DeskTestCase):
    def setUp(self):
        self.today = paper.today()
        self.client.force_login(self.edith)

    def planned(self, name="fleet", *, days=0, **changes):
        return self.make_article(
            catchline=name, slug=name.replace(" ", "-"), planned_for=self.today + timedelta(days=days), **changes
        )

    def schedule(self, article, at):
        asked = {"at": at, "waive": ["*"], "waive_note": "a test"}
        take.take(article, "schedule", by=self.max, seen=take.seen_token(article), **asked)

    def names(self, address=NEWS):
        page = self.client.get(address)
        groups = [row for group in page.context["groups"] for row in group.rows]
        return [row.name for row in [*page.context["behind"], *groups]]

    def cell(self, article, field, value, was="", user=None):
        if user:
            self.client.force_login(user)
        return self.client.post(reverse("desk:plan", args=[article.pk, field]), {"value": value, "was": was})


class NewsListTests(PlanningCase):
    def test_each_day_has_its_stories_and_tabs_say_how_many(self):
        for name, days in (("today", 0), ("tomorrow", 1), ("next week", 8), ("long ago", -40)):
            self.planned(name, days=days)
        self.make_article(catchline="some day", slug="some-day")
        self.assertEqual(self.names(), ["today"])
        self.assertEqual(self.names(f"{NEWS}?day={self.today + timedelta(days=1)}"), ["tomorrow"])
        self.assertEqual(self.names(f"{NEWS}?day=later"), ["next week"])
        self.assertEqual(self.names(f"{NEWS}?day=none"), ["some day"])
        tabs = self.client.get(NEWS).context["tabs"]
        self.assertEqual([number for _, number, _, _ in tabs], [1, 1, 0, 0, 1, None])

    def test_a_story_without_a_plan_stands_on_the_day_it_is_due_or_goes_out(self):
        self.make_article(catchline="due", slug="due", due_at=clock.process_time() + timedelta(seconds=1))
        self.make_article(catchline="out", slug="out", state=State.PUBLISHED)
        self.assertEqual(set(self.names()), {"due", "out"})

    def test_what_was_not_done_in_time_is_carried_on_and_the_rest_is_not(self):
        self.planned("left", days=-2)
        self.planned("done", days=-2, state=State.PUBLISHED)
        spiked = self.planned("spiked")
        take.take(spiked, "spike", by=self.max, seen=take.seen_token(spiked), note="no")
        page = self.client.get(NEWS)
        self.assertEqual([row.name for row in page.context["behind"]], ["left"])
        self.assertContains(page, "Left from days before")
        self.assertNotContains(page, "spiked")

    def test_a_row_says_length_lateness_and_what_is_wanted(self):
        article = self.planned("slow", planned_length=5, legal_wanted=True, picture_wanted=True)
        Article.objects.update(due_at=clock.process_time() - timedelta(minutes=18))
        [group] = self.client.get(NEWS).context["groups"]
        [row] = group.rows
        self.assertEqual((row.late, row.is_over, row.signed), ("18 min late", True, False))
        self.assertEqual((group.late, group.pictures_wanted, group.legal_wanted), (1, 1, 1))
        self.assertEqual(row.story.word_count, 11)
        signoffs.sign(article, "legal", by=self.leo)
        self.assertContains(self.client.get(NEWS), "Signed")

    def test_a_submitted_story_is_late_no_more(self):
        self.planned("slow", state=State.SUBMITTED)
        Article.objects.update(due_at=clock.process_time() - timedelta(minutes=18))
        self.assertNotContains(self.client.get(NEWS), "18 min late")

    def test_sections_stand_in_their_order_and_the_lead_first(self):
        self.planned("politics", section=self.politics)
        self.planned("normal")
        self.planned("lead", priority=1)
        self.planned("no section", section=None)
        self.assertEqual(self.names(), ["lead", "normal", "politics", "no section"])

    def test_the_list_is_narrowed_to_a_section_with_its_parts_and_to_a_person(self):
        asia = Section.objects.create(name="Asia", slug="asia", parent=self.world)
        self.planned("asia", section=asia)
        self.planned("vote", section=self.politics, assignee=self.rob)
        self.assertEqual(self.names(f"{NEWS}?section={self.world.pk}"), ["asia"])
        self.assertEqual(self.names(f"{NEWS}?who={self.rob.pk}"), ["vote"])
        self.client.force_login(self.rob)
        self.assertEqual(self.names(f"{NEWS}?who=me"), ["vote"])
        self.assertEqual(self.names(f"{NEWS}?section=no&who=%00"), ["asia", "vote"])

    def test_a_day_that_is_none_is_said_and_todays_list_shown(self):
        for day in ("yesterday", "2026-13-40", "1900-01-01", "\0", "<b>"):
            page = self.client.get(NEWS, {"day": day})
            self.assertEqual(page.status_code, 400, day)
            self.assertContains(page, "today", status_code=400)

    def test_the_board_stands_by_state_with_links_alone(self):
        self.planned("pitch", state=State.PITCH)
        self.planned("sent", state=State.SUBMITTED)
        page = self.client.get(f"{NEWS}?as=board")
        columns = {name: [row.name for row in found] for name, found in page.context["columns"]}
        self.assertEqual((columns["Pitch"], columns["Submitted"], columns["Draft"]), (["pitch"], ["sent"], []))
        self.assertNotContains(page, "draggable")

    def test_a_reporter_sees_the_list_and_may_change_what_is_theirs(self):
        self.planned("mine")
        self.planned("robs", by=self.rob, byline=False)
        self.client.force_login(self.rana)
        [group] = self.client.get(NEWS).context["groups"]
        may = {row.name: row.may for row in group.rows}
        self.assertIn("budget_line", may["mine"])
        self.assertNotIn("assignee", may["mine"])
        self.assertEqual(may["robs"], frozenset())

    def test_the_pages_take_as_many_queries_with_many_stories(self):
        users, counts = (self.edith, self.rana), []
        for first, last in ((0, 2), (2, 12)):
            for n in range(first, last):
                signed = self.planned(f"s{n}", legal_wanted=True, assignee=self.rob, state=State.SUBMITTED)
                signoffs.sign(signed, "legal", by=self.leo)
                self.planned(f"p{n}", state=State.PUBLISHED)
                self.planned(f"l{n}", days=-3)
            counts.append([])
            for user in users:
                self.client.force_login(user)
                for address in (NEWS, f"{NEWS}?as=board", f"{NEWS}?day=none", CALENDAR):
                    with CaptureQueriesContext(connection) as caught:
                        self.client.get(address)
                    counts[-1].append(len(caught))
                    self.assertFalse([q for q in caught.captured_queries if '"articles_article"."body"' in q["sql"]])
        self.assertEqual(*counts)
        self.assertLessEqual(max(counts[0]), 24, counts[0])


class PlanTests(PlanningCase):
    def test_each_field_is_changed_in_its_cell(self):
        article = self.planned()
        day = self.today + timedelta(days=2)
        for field, value, was, kept in (
            ("budget_line", "Who owns the ships.", "", "Who owns the ships."),
            ("planned_length", "1400", "", 1400),
            ("priority", "1", "3", 1),
            ("planned_for", day.isoformat(), self.today.isoformat(), day),
            ("picture_wanted", "1", "", True),
            ("catchline", "paper fleet", "fleet", "paper fleet"),
            ("assignee", str(self.rob.pk), "", self.rob),
        ):
            with self.subTest(field):
                answer = self.cell(article, field, value, was)
                self.assertEqual(answer.status_code, 200, answer.content[:200])
                article.refresh_from_db()
                self.assertEqual(getattr(article, field), kept)
                self.assertIn(f'data-story="{article.pk}"', answer.json()["row"])
        self.assertEqual(article.assignments.get().by, self.edith)
        self.assertEqual(article.version, 1)

    @pytest.mark.days
    def test_an_hour_is_typed_by_the_papers_clock(self):
        Publication.objects.update(time_zone="Pacific/Auckland")
        article = self.planned()
        self.assertEqual(self.cell(article, "due_at", "2026-05-05T01:00").status_code, 200)
        article.refresh_from_db()
        self.assertEqual(article.due_at.isoformat(), "2026-05-04T13:00:00+00:00")
        answer = self.cell(article, "due_at", "2026-05-05T02:00", was="2026-05-05T01:00")
        self.assertEqual((answer.status_code, answer.json()["value"]), (200, "2026-05-05T02:00"))

    def test_a_stale_cell_changes_nothing_and_shows_what_stands(self):
        article = self.planned(budget_line="As it was.")
        Article.objects.update(budget_line="As Max has it.")
        answer = self.cell(article, "budget_line", "As Edith wants it.", was="As it was.")
        self.assertEqual(answer.status_code, 409)
        self.assertIn("changed it since", answer.json()["error"])
        self.assertIn("As Max has it.", answer.json()["row"])
        article.refresh_from_db()
        self.assertEqual(article.budget_line, "As Max has it.")

    def test_two_people_may_change_two_fields_at_once(self):
        article = self.planned()
        planning.plan(article, "planned_length", 700, by=self.max, was="")
        planning.plan(article, "budget_line", "Ships.", by=self.edith, was="")
        article.refresh_from_db()
        self.assertEqual((article.planned_length, article.budget_line), (700, "Ships."))

    def test_a_story_is_given_only_to_those_whose_role_writes(self):
        article = self.planned()
        answer = self.cell(article, "assignee", str(self.mona.pk))
        self.assertEqual((answer.status_code, answer.json()["error"][:29]), (400, "Their role writes no stories."))
        names = [user.username for user in self.client.get(reverse("desk:news_list")).context["people"]]
        self.assertEqual(names, ["cora", "dana", "edith", "max", "pia", "rana", "rob"])

    def test_a_picture_that_may_not_run_is_no_picture_that_it_has(self):
        ended = {"rights_until": paper.local(clock.process_time()) - timedelta(hours=1)}
        self.client.force_login(self.edith)
        for name, trouble, said in (("a", {}, "Has one"), ("b", {"restricted": True}, "Restricted"),
                                    ("c", ended, "Rights ended")):  # fmt: skip
            image = Image.objects.create(title=name, alt="A ship", credit="A. N.", **trouble)
            self.planned(name, lead_image=image)
            with self.subTest(said):
                self.assertContains(self.client.get(reverse("desk:news_list")), said, count=1)

    def test_bad_input_is_refused_beside_the_cell(self):
        article = self.planned()
        for field, value in (
            ("planned_length", "-1"), ("planned_length", "a lot"), ("planned_length", "9" * 20), ("priority", "9"),
            ("planned_for", "2026-02-31"), ("due_at", "noon"), ("assignee", "987654"), ("assignee", "\0"),
            ("budget_line", "x" * 501), ("budget_line", "a\u202eb"), ("catchline", "x" * 81),
        ):  # fmt: skip
            with self.subTest(field=field, value=value[:20]):
                answer = self.cell(article, field, value, was=planning.as_text(article, field))
                self.assertEqual(answer.status_code, 400)
                self.assertTrue(answer.json()["error"])
        self.assertEqual(self.cell(article, "headline", "Mine").status_code, 404)

    def test_markup_in_a_line_is_shown_as_it_was_typed(self):
        article = self.planned()
        answer = self.cell(article, "budget_line", "<img src=x onerror=alert(1)>")
        self.assertNotIn("<img", answer.json()["row"])
        self.assertNotContains(self.client.get(NEWS), "<img src=x")
        self.assertNotContains(self.client.get(CALENDAR), "<img src=x")

    def test_who_may_change_what(self):
        article = self.planned()
        for user, field, allowed in (
            (self.rob, "budget_line", False), (self.rana, "budget_line", True), (self.rana, "assignee", False),
            (self.pia, "picture_wanted", True), (self.pia, "budget_line", False), (self.leo, "legal_wanted", False),
            (self.cora, "legal_wanted", True), (self.edith, "assignee", True),
        ):  # fmt: skip
            with self.subTest(user=user, field=field):
                why = planning.why_not_plan(article, field, User.objects.get(pk=user.pk))
                self.assertEqual(not why, allowed, why)
        for user in (self.sami, self.mona, self.ada):
            self.assertEqual(self.cell(article, "budget_line", "x", user=user).status_code, 403)

    def test_only_those_who_publish_let_a_lawyer_go(self):
        article = self.planned(legal_wanted=True)
        with self.assertRaises(NotAllowed):
            planning.plan(article, "legal_wanted", False, by=self.rana, was="1")
        planning.plan(article, "legal_wanted", False, by=self.edith, was="1")

    def test_a_lawyer_wanted_cancels_what_waits_and_says_so(self):
        article = self.planned(state=State.APPROVED)
        at = clock.process_time() + timedelta(hours=3)
        take.take(
            article, "schedule", by=self.max, seen=take.seen_token(article), at=at, waive=["*"], waive_note="a test"
        )
        answer = self.cell(article, "legal_wanted", "1")
        self.assertIn("is cancelled", answer.json()["said"])
        self.assertEqual(article.situation(), Situation.NONE)

    def test_a_spiked_story_is_not_planned(self):
        article = self.planned()
        take.take(article, "spike", by=self.max, seen=take.seen_token(article), note="no")
        with self.assertRaises(WrongState):
            planning.plan(article, "planned_length", 5, by=self.max, was="")

    def test_what_has_no_headline_keeps_its_name(self):
        article = self.planned(headline="", state=State.PITCH)
        with self.assertRaises(Refused):
            planning.plan(article, "catchline", "", by=self.max, was="fleet")

    def test_planning_never_moves_what_is_scheduled(self):
        article = self.planned(state=State.APPROVED)
        at = clock.process_time() + timedelta(hours=3)
        take.take(
            article, "schedule", by=self.max, seen=take.seen_token(article), at=at, waive=["*"], waive_note="a test"
        )
        day = self.today + timedelta(days=5)
        self.assertEqual(self.cell(article, "planned_for", day, was=self.today).status_code, 200)
        self.assertEqual(article.editions.get().live_from, at)

    def test_the_word_count_follows_each_save(self):
        article = self.make_article()
        article.body = "<p>One two three.</p>"
        article.save()
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        self.assertEqual(Article.objects.get(pk=article.pk).word_count, 3)
        stale = Article.objects.get(pk=article.pk)
        stale.word_count = 99
        stale.save()
        self.assertEqual(Article.objects.get(pk=article.pk).word_count, 3)


class CalendarTests(PlanningCase):
    def column(self, day, address=CALENDAR):
        return next(column for column in self.client.get(address).context["columns"] if column.day == day)

    def test_planned_and_scheduled_stand_in_lanes_of_their_own(self):
        article = self.planned("fleet", state=State.APPROVED)
        at = paper.start_of(self.today + timedelta(days=1)) + timedelta(hours=6)
        take.take(
            article, "schedule", by=self.max, seen=take.seen_token(article), at=at, waive=["*"], waive_note="a test"
        )
        week = f"{CALENDAR}?week={self.today + timedelta(days=1)}"
        column = self.column(self.today + timedelta(days=1), week)
        self.assertEqual(([slip.name for slip in column.planned], len(column.out)), ([], 1))
        self.assertEqual(column.out[0].hour, "06:00")
        page = self.client.get(week).content.decode()
        out = page[page.index('class="slip is-fixed"') :].split("</li>")[0]
        self.assertNotIn("data-slip", out)
        self.assertNotIn("draggable", out)

    def test_only_those_who_may_plan_a_story_can_take_its_slip(self):
        self.planned("fleet")
        self.planned("vote", section=self.politics, by=self.rob, byline=False)
        may = {slip.name: slip.may_move for slip in self.column(self.today).planned}
        self.assertEqual(may, {"fleet": True, "vote": False})

    def test_weeks_begin_on_monday_and_lead_on(self):
        page = self.client.get(f"{CALENDAR}?week=2026-05-06")
        self.assertEqual(page.context["columns"][0].day, date(2026, 5, 4))
        self.assertIn("week=2026-05-11", page.context["after"])

    def test_a_week_that_is_none_is_said(self):
        for week in ("next", "2026-02-30", "0001-01-01", "9999-12-31", "\0"):
            self.assertEqual(self.client.get(CALENDAR, {"week": week}).status_code, 400, week)

    def test_a_full_day_says_how_much_more_there_is(self):
        Article.objects.bulk_create(
            Article(catchline=f"s{n}", section=self.world, planned_for=self.today, created_by=self.rana)
            for n in range(33)
        )
        column = self.column(self.today)
        self.assertEqual((len(column.planned), column.more_planned), (30, 3))

    @pytest.mark.days
    def test_a_day_is_the_papers(self):
        Publication.objects.update(time_zone="Pacific/Auckland")
        noon = clock.process_time().replace(hour=13, minute=0, second=0, microsecond=0)  # after midnight there
        with clock.frozen(noon):
            self.make_article(catchline="night", slug="night", due_at=noon + timedelta(minutes=5))
            there = (noon + timedelta(hours=14)).replace(tzinfo=None)
            column = next(c for c in self.client.get(CALENDAR).context["columns"] if c.is_today)
            self.assertEqual((column.day.day, [slip.name for slip in column.planned]), (there.day, ["night"]))


class ViewTests(PlanningCase):
    def save(self, name="Mine", query="section=1&who=2&day=2026-05-04&evil=x", page="news"):
        return self.client.post(reverse("desk:save_view", args=[page]), {"name": name, "query": query}, follow=True)

    def test_a_view_is_kept_with_its_filters_and_without_its_day(self):
        page = self.save()
        view = SavedView.objects.get(user=self.edith)
        self.assertEqual((view.name, view.query), ("Mine", "section=1&who=2"))
        self.assertEqual(page.request["QUERY_STRING"], "section=1&who=2")
        self.assertContains(page, 'href="?section=1&amp;who=2"')
        self.save(query="who=3")
        self.assertEqual(SavedView.objects.get(user=self.edith).query, "who=3")

    def test_a_view_is_ones_own_and_only_its_owner_throws_it_away(self):
        self.save()
        view = SavedView.objects.get()
        self.client.force_login(self.rana)
        self.assertNotContains(self.client.get(NEWS), "Throw “Mine” away")
        self.assertEqual(self.client.post(reverse("desk:forget_view", args=[view.pk])).status_code, 404)
        self.client.force_login(self.edith)
        self.client.post(reverse("desk:forget_view", args=[view.pk]))
        self.assertFalse(SavedView.objects.exists())

    def test_a_view_without_a_name_or_with_too_long_a_one_is_refused(self):
        for name in ("", "  ", "x" * 61, "a\u202eb"):
            self.save(name=name)
        self.assertFalse(SavedView.objects.exists())

    def test_nobody_keeps_more_views_than_they_can_read(self):
        for n in range(32):
            self.save(name=f"View {n}")
        self.assertEqual(SavedView.objects.count(), 30)


@pytest.mark.engines
class IndexTests(PlanningCase):
    def test_days_are_found_by_an_index(self):
        Article.objects.bulk_create(
            Article(catchline=f"s{n}", section=self.world, planned_for=self.today - timedelta(days=n % 900 + 30))
            for n in range(3000)
        )
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE articles_article")
        with CaptureQueriesContext(connection) as caught:
            rows.days_of_stories(self.today, self.today + timedelta(days=3))
        for query in (q["sql"] for q in caught.captured_queries if '"planned_for"' in q["sql"]):
            with connection.cursor() as cursor:
                explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
                cursor.execute(f"{explain} {query}")
                plan = " ".join(str(row) for row in cursor.fetchall())
            self.assertRegex(plan, "article_planned|article_due", plan)
