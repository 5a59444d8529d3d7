"""The desk's front page and lists: whose queues, how many queries, and what an address may not ask."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions import take
from articles.desk import home
from articles.models import Article, Contributor, Revision, State
from articles.roles import MODEL_PERMISSIONS, Role
from experts.actions import channels, log
from experts.models import DataRequest, Expert
from newsroom import clock, paper
from newsroom.errors import NotAllowed
from newsroom.models import User
from tests.base import DeskTestCase, person

pytestmark = pytest.mark.engines


class QueueTests(DeskTestCase):
    def queues(self, user):
        return home.queues_of(User.objects.get(pk=user.pk))

    def queue(self, user, name):
        return next((q for q in self.queues(user) if q.name == name), None)

    def rows(self, user, name):
        queue = self.queue(user, name)
        return None if queue is None else [getattr(row, "article", row) for row in queue.rows]

    def test_the_front_page_and_the_page_of_a_room_show_what_waits(self):
        self.make_article(headline="Six ports agree a rule")
        self.client.force_login(self.rana)
        for address in ("/admin/", "/admin/articles/"):
            page = self.client.get(address)
            self.assertContains(page, 'id="queue-drafts"', msg_prefix=address)
            self.assertContains(page, "Six ports agree a rule", msg_prefix=address)

    def test_a_reporters_drafts_are_their_own_only(self):
        mine = self.make_article()
        self.make_article(by=self.rob, byline=False, slug="robs")
        self.assertEqual(self.rows(self.rana, "drafts"), [mine])

    def test_a_story_sent_back_waits_for_its_author(self):
        article = self.make_article(state=State.NEEDS_CHANGES)
        self.assertEqual(self.rows(self.rana, "sent-back"), [article])

    def test_an_editor_is_asked_for_approval_in_own_sections(self):
        article = self.make_article(state=State.SUBMITTED)
        self.make_article(state=State.SUBMITTED, section=self.politics, slug="elsewhere")
        self.assertEqual(self.rows(self.edith, "approve"), [article])
        self.assertEqual(len(self.rows(self.max, "approve")), 2)
        self.assertIsNone(self.rows(self.rana, "approve"))

    def test_nobody_is_asked_to_approve_what_they_submitted(self):
        article = self.make_article(byline=False)
        take.take(article, "submit", by=self.edith, seen=take.seen_token(article))
        self.assertEqual(self.rows(self.edith, "approve"), [])
        self.assertEqual(self.rows(self.max, "approve"), [article])

    def test_nobody_is_asked_to_approve_what_their_own_byline_stands_over(self):
        edith_by = Contributor.objects.create(name="Edith Ek", user=self.edith)
        written, pictured = (self.make_article(state=State.SUBMITTED, slug=slug) for slug in ("written", "pictured"))
        written.bylines.create(contributor=edith_by, order=1)
        pictured.bylines.create(contributor=edith_by, order=1, role="photographer")
        self.assertEqual(self.rows(self.edith, "approve"), [pictured])
        self.assertEqual(len(self.rows(self.max, "approve")), 2)
        # what the queue leaves out, the move refuses
        with self.assertRaises(NotAllowed):
            take.take(written, "approve", by=self.edith, seen=take.seen_token(written))
        take.take(pictured, "approve", by=self.edith, seen=take.seen_token(pictured))

    def test_a_paper_without_four_eyes_asks_writers_for_approval_too(self):
        edith_by = Contributor.objects.create(name="Edith Ek", user=self.edith)
        article = self.make_article(state=State.SUBMITTED)
        article.bylines.create(contributor=edith_by, order=1)
        type(self.publication).objects.update(four_eyes=False)
        self.assertEqual(self.rows(self.edith, "approve"), [article])

    def test_a_child_sections_stories_are_its_parents_editors_too(self):
        child = self.world.__class__.objects.create(name="Sahil", slug="sahil", parent=self.world)
        article = self.make_article(state=State.SUBMITTED, section=child)
        self.assertEqual(self.rows(self.edith, "approve"), [article])

    def test_scheduled_editions_are_listed_with_their_time(self):
        article = self.make_article(state=State.APPROVED)
        at = clock.process_time() + timedelta(hours=3)
        take.take(
            article, "schedule", by=self.max, seen=take.seen_token(article), at=at, waive=["*"], waive_note="a test"
        )
        self.assertEqual(self.queue(self.rana, "scheduled").rows[0].live_from, at)

    def test_holds_and_pitches_wait_for_the_editors(self):
        pitch = self.make_article(state=State.PITCH)
        take.take(pitch, "hold", by=self.leo, seen=take.seen_token(pitch), note="a court date")
        self.assertEqual(self.rows(self.edith, "pitches"), [pitch])
        self.assertEqual(self.rows(self.leo, "holds"), [pitch])

    def test_moderators_have_comments_and_nothing_of_the_desk(self):
        self.assertEqual([q.name for q in home.queues_of(User.objects.get(pk=self.mona.pk))], ["comments"])

    def test_a_reporter_sees_own_submitted_and_live_stories(self):
        waiting = self.make_article(state=State.SUBMITTED)
        live = self.make_article(state=State.PUBLISHED, slug="live")
        with clock.frozen(clock.process_time() - timedelta(days=9)):
            self.make_article(state=State.PUBLISHED, slug="older")
        robs = self.make_article(by=self.rob, byline=False, slug="robs")
        Article.objects.filter(pk=robs.pk).update(state=State.SUBMITTED)
        self.assertEqual(self.rows(self.rana, "submitted"), [waiting])
        self.assertEqual(self.rows(self.rana, "live"), [live])
        self.assertEqual(self.rows(self.rob, "live"), [])
        self.assertIsNone(self.queue(self.edith, "live"))

    def test_a_withdrawn_story_is_no_longer_live(self):
        article = self.make_article(state=State.PUBLISHED)
        take.take(
            article, "withdraw", by=self.max, seen=take.seen_token(article), note="by mistake", reason="in_error",
            reader_text="Published in error.",
        )  # fmt: skip
        self.assertEqual(self.rows(self.rana, "live"), [])

    def test_the_source_desk_sees_cards_that_need_checking(self):
        day = paper.today()
        Expert.objects.update(review_due=day + timedelta(days=9))
        due = Expert.objects.create(display_name="Due Today", review_due=day)
        gone = Expert.objects.create(display_name="Gone", review_due=day, removed_at=clock.process_time())
        bounced = Expert.objects.create(display_name="Bounced")
        channels.add_channel(
            bounced, kind="email", raw="b@paper.example", tier="staff", by=None, verify_result="bounced"
        )
        follow = Expert.objects.create(display_name="Follow Up")
        log.add_entry(follow, by=self.sami, outcome="later", follow_up_on=day)
        asked = DataRequest.objects.create(expert=due, kind="access", received=day, due=day + timedelta(days=30))
        DataRequest.objects.create(expert=due, kind="access", received=day, due=day, closed_at=clock.process_time())
        self.assertEqual(self.rows(self.sami, "cards-due"), [due])
        self.assertNotIn(gone, self.rows(self.sami, "cards-due"))
        self.assertEqual(self.rows(self.sami, "cards-bounced"), [bounced])
        self.assertEqual(self.rows(self.sami, "cards-follow-up"), [follow])
        self.assertEqual(self.rows(self.sami, "requests"), [asked])
        self.assertEqual([q.name for q in self.queues(self.rana) if q.name.startswith(("cards", "requests"))], [])
        self.client.force_login(self.sami)
        page = self.client.get("/admin/")
        for words in ("Due Today", "To see what we hold", "Follow Up"):
            self.assertContains(page, words)

    def test_the_administrator_has_accounts_to_look_at(self):
        now = clock.process_time()
        User.objects.update(last_login=now)
        lost = person("lost")
        User.objects.filter(pk=self.rob.pk).update(last_login=now - timedelta(days=120))
        gone = person("gone", Role.REPORTER, is_active=False)
        self.assertEqual(self.rows(self.ada, "people-no-role"), [lost])
        self.assertEqual(self.rows(self.ada, "people-never"), [lost])
        self.assertEqual(self.rows(self.ada, "people-gone"), [self.rob])
        self.assertNotIn(gone, self.rows(self.ada, "people-never"))
        self.assertIsNone(self.queue(self.max, "people-never"))
        self.client.force_login(self.ada)
        self.assertContains(self.client.get("/admin/"), "lost@paper.example")

    def test_every_roles_front_page_takes_as_many_queries_with_more_rows(self):
        def several(first, last):
            for n in range(first, last):
                self.make_article(state=State.SUBMITTED, slug=f"s{n}")
                self.make_article(state=State.PUBLISHED, slug=f"p{n}")
                expert = Expert.objects.create(display_name=f"Voice {n}", review_due=paper.today())
                DataRequest.objects.create(expert=expert, kind="access", received=paper.today(), due=paper.today())
                person(f"new{n}")

        users, counts = (self.rana, self.sami, self.ada, self.dana), []
        for first, last in ((0, 1), (1, 6)):
            several(first, last)
            counts.append([])
            for user in users:
                self.client.force_login(user)
                with CaptureQueriesContext(connection) as caught:
                    self.client.get("/admin/")
                counts[-1].append(len(caught))
        self.assertEqual(*counts)
        self.assertLessEqual(max(counts[0]), 24)

    def test_the_header_leads_to_the_places_that_a_person_may_see(self):
        self.client.force_login(self.max)
        header = self.client.get("/admin/articles/image/").context["desk_places"]
        self.assertIn(("Pictures", "/admin/articles/image/", True), header)
        self.assertIn(("Source audit", "/admin/desk/audit/", False), header)
        self.client.force_login(self.mona)
        names = [name for name, _, _ in self.client.get("/admin/").context["desk_places"]]
        self.assertEqual(names, ["Comments"])

    def test_a_long_queue_is_capped_and_says_so(self):
        for n in range(home.SHOWN + 3):
            Article.objects.create(headline=f"Story {n}", created_by=self.rana, section=self.world)
        queue = self.queue(self.rana, "drafts")
        self.assertEqual((len(queue.rows), queue.more), (home.SHOWN, True))

    def test_the_front_page_takes_as_many_queries_with_many_stories(self):
        self.make_article(state=State.SUBMITTED)
        self.client.force_login(self.edith)
        counts = []
        for _ in range(2):
            with self.assertNumQueries(23):
                # session, user, paper, roles, the sections one edits, four-eyes, and one for each of the queues
                # (owed, asked of one, refused, sent back, pitches, approve, ready, corrections, unsaved, drafts,
                # submitted, sent back by one, asked by one, scheduled, cancelled, corrections refused, holds, comments)
                counts.append(self.client.get("/admin/").status_code)
            for n in range(30):
                Article.objects.create(
                    headline=f"Story {n}", created_by=self.rana, section=self.world, state=State.SUBMITTED
                )


class StoryListTests(DeskTestCase):
    url = "/admin/articles/article/"

    def setUp(self):
        self.client.force_login(self.rana)

    def many(self, n, **fields):
        Article.objects.bulk_create(
            Article(headline=f"Story {i}", slug=f"story-{i}", section=self.world, created_by=self.rana, **fields)
            for i in range(n)
        )

    def test_the_list_takes_eight_queries_with_any_number_of_stories(self):
        for number in (3, 120):
            self.many(number)
            # session, user, paper, roles, sections to filter by, a page of stories, their editions and writers
            with self.assertNumQueries(8):
                page = self.client.get(self.url)
        self.assertEqual(len(page.context["cl"].result_list), 50)

    def test_a_duty_editors_list_takes_as_many_queries_with_more_stories(self):
        self.client.force_login(self.dana)
        for number in (3, 120):
            self.many(number)
            # session, user, paper, roles, the duty turn, sections to filter by, stories, their editions and writers
            with self.assertNumQueries(9):
                self.client.get(self.url)
            # and the words looked up in the index and in headlines
            with self.assertNumQueries(11):
                page = self.client.get(self.url + "?q=story")
            self.assertEqual(len(page.context["cl"].result_list), min(number, 50))

    def test_filters_and_search_take_nine_queries_at_most(self):
        self.many(60)
        for query in ("?state=draft", "?mine=1", f"?section={self.world.pk}&genre=news"):
            with self.subTest(query), self.assertNumQueries(9 if "mine" in query else 8):
                self.client.get(self.url + query)

    def test_no_query_reads_a_body_or_counts_the_table(self):
        self.make_article(body="<p>Only in the body</p>")
        with self.assertNumQueries(8) as caught:
            self.client.get(self.url)
        for query in caught.captured_queries:
            self.assertNotIn("COUNT(", query["sql"])
            self.assertNotIn('"articles_article"."body"', query["sql"])

    def test_the_list_shows_each_storys_status_phrase(self):
        article = self.make_article(state=State.PUBLISHED, headline="Out now")
        take.take(article, "revise", by=self.rana, seen=take.seen_token(article))
        self.assertContains(self.client.get(self.url), "Live · update in draft")

    def test_the_list_shows_who_writes_and_the_time_that_counts_next(self):
        now = clock.process_time()
        self.make_article(headline="Late", slug="late", due_at=now - timedelta(minutes=18))
        self.make_article(headline="Robs", slug="robs", byline=False, assignee=self.rob, due_at=now + timedelta(days=2))
        waiting = self.make_article(headline="Waiting", slug="waiting", state=State.APPROVED)
        asked = {"at": now + timedelta(hours=3), "waive": ["*"], "waive_note": "a test"}
        take.take(waiting, "schedule", by=self.max, seen=take.seen_token(waiting), **asked)
        page = self.client.get(self.url)
        for words in ("18 min late", "Rana Aziz", f'<a href="?who={self.rob.pk}"><bdi>Rob</bdi></a>', "goes out <b>"):
            self.assertContains(page, words)

    def test_the_list_is_narrowed_by_person_and_by_time(self):
        now = clock.process_time()
        self.make_article(headline="Late", slug="late", due_at=now - timedelta(hours=1))
        self.make_article(headline="Robs", slug="robs", byline=False, assignee=self.rob, due_at=now + timedelta(days=2))
        self.make_article(headline="Any", slug="any")

        def found(query):
            return {row.headline for row in self.client.get(self.url + query).context["cl"].result_list}

        self.assertEqual(found(f"?who={self.rob.pk}"), {"Robs"})
        self.assertEqual(found("?who=me"), {"Late", "Any"})
        self.assertEqual(found("?time=late"), {"Late"})
        self.assertEqual(found("?time=week"), {"Robs"})
        for query in ("?who=nobody", "?who=987654", "?who=%00"):
            self.assertEqual(found(query), set(), query)

    def test_the_list_leads_to_older_stories(self):
        self.many(120)
        pages = [self.client.get(f"{self.url}?p={n}") for n in (1, 2, 3)]
        ids = [a.pk for page in pages for a in page.context["cl"].result_list]
        self.assertEqual((len(ids), len(set(ids))), (120, 120))
        self.assertContains(pages[0], ">Older<")
        self.assertNotContains(pages[2], ">Older<")
        self.assertRedirects(self.client.get(f"{self.url}?p=99"), f"{self.url}?e=1", fetch_redirect_response=False)

    def test_finding_a_story_by_its_name(self):
        self.make_article(catchline="eels and turbines", headline="A river holds its breath")
        self.many(3)
        for words in ("eels", "river breath", "EELS turbines"):
            found = self.client.get(self.url, {"q": words}).context["cl"].result_list
            self.assertEqual([a.catchline for a in found], ["eels and turbines"], words)
        self.assertEqual(list(self.client.get(self.url, {"q": "zeppelin"}).context["cl"].result_list), [])

    def test_a_search_for_nonsense_is_no_trouble(self):
        for words in ("\0", '"', "a AND (", "*", "%", "'", "\u202e"):
            self.assertIn(self.client.get(self.url, {"q": words}).status_code, (200, 302), words)

    def test_filtering_by_state_and_whose(self):
        mine = self.make_article()
        self.make_article(by=self.rob, byline=False, slug="robs")
        found = self.client.get(f"{self.url}?mine=1").context["cl"].result_list
        self.assertEqual(found, [mine])
        self.assertEqual(self.client.get(f"{self.url}?state=spiked").context["cl"].result_list, [])

    def test_an_address_may_not_filter_stories_by_any_column(self):
        self.make_article()
        for lookup in ("body__contains=x", "created_by__password__startswith=a", "hold_reason__startswith=x", "slug=x",
                       "approved_by__email__contains=a", "attributions__description__contains=x"):  # fmt: skip
            self.assertEqual(self.client.get(f"{self.url}?{lookup}").status_code, 400, lookup)

    def test_an_address_may_not_filter_other_lists_by_any_column(self):
        User.objects.filter(pk=self.max.pk).update(is_superuser=True)
        self.client.force_login(self.max)
        for where, lookup in (
            ("articles/comment", "email__startswith=a"), ("articles/comment", "sender=x"),
            ("articles/image", "uploaded_by__password__startswith=a"),
            ("experts/expert", "do_not_quote_reason__contains=x"),
            ("newsroom/user", "password__startswith=a"), ("articles/section", "editors__password__startswith=a"),
            ("articles/contributor", "user__email__startswith=a"), ("newsroom/topic", "articles__body__contains=x"),
        ):  # fmt: skip
            self.assertEqual(self.client.get(f"/admin/{where}/?{lookup}").status_code, 400, (where, lookup))

    def test_no_list_of_addresses_by_content_type(self):
        article = self.make_article()
        for number in range(1, 30):
            self.assertEqual(self.client.get(f"/admin/r/{number}/{article.pk}/").status_code, 404)

    def test_filing_several_stories_under_a_section(self):
        mine, robs = self.make_article(), self.make_article(by=self.rob, byline=False, slug="robs")
        data = {"action": "file_under", "_selected_action": [mine.pk, robs.pk]}
        self.assertContains(self.client.post(self.url, data), "One more section for 2 stories")
        response = self.client.post(self.url, data | {"section": self.politics.pk}, follow=True)
        self.assertEqual(list(mine.sections.all()), [self.politics])
        self.assertEqual(list(robs.sections.all()), [])
        self.assertContains(response, "you may not change it")
        self.assertEqual(Revision.objects.filter(article=mine).count(), 2)

    def test_there_is_no_bulk_delete(self):
        article = self.make_article()
        self.client.force_login(self.max)
        self.client.post(self.url, {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"})
        self.assertTrue(Article.objects.filter(pk=article.pk).exists())

    def test_autocomplete_shows_only_what_one_may_read(self):
        self.make_article(headline="A secret plan")
        url = reverse("admin:autocomplete")
        asked = {"term": "secret", "app_label": "articles", "model_name": "frontslot", "field_name": "article"}
        self.assertEqual(len(self.client.get(url, asked).json()["results"]), 1)
        self.client.force_login(self.sami)
        self.assertEqual(self.client.get(url, asked).json()["results"], [])
        self.client.force_login(self.mona)
        self.assertEqual(self.client.get(url, asked).status_code, 403)


class PermissionTests(DeskTestCase):
    def test_permissions_are_the_tables_and_no_others(self):
        rana = User.objects.get(pk=self.rana.pk)
        named = {f"{label.split('.')[0]}.{verb}_{label.split('.')[1]}"
                 for label, verbs in MODEL_PERMISSIONS[Role.REPORTER].items() for verb in verbs.split()}  # fmt: skip
        self.assertEqual(rana.get_all_permissions(), named)

    def test_a_permission_row_of_ones_own_gives_nothing(self):
        self.mona.user_permissions.set(Permission.objects.all())
        self.assertFalse(User.objects.get(pk=self.mona.pk).has_perm("articles.change_article"))

    def test_a_duty_editors_end_with_the_turn(self):
        self.client.force_login(self.dana)
        self.assertEqual(self.client.get("/admin/articles/front/").status_code, 200)
        self.dana.duty_turns.update(turn_until=clock.process_time() - timedelta(minutes=1))
        self.assertEqual(self.client.get("/admin/articles/front/").status_code, 403)

    def test_somebody_without_a_role_sees_a_bare_desk(self):
        self.client.force_login(person("nora"))
        page = self.client.get("/admin/")
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.context["app_list"], [])
