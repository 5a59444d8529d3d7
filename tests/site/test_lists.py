"""Lists of stories: sections, topics, people, the archive, corrections, experts; one query each, paged by key."""

import datetime as dt
import re
from unittest import mock

import pytest
from django.utils import timezone

from articles.actions import signoffs, take
from articles.models import Contributor, Front, Section, State
from experts.models import Affiliation, Expert, Organisation
from newsroom import clock
from newsroom.models import PolicyPage, Pulse, Topic
from newsroom.web import pages

from .. import zones
from ..base import NOON
from ..engines import only_on
from .base import HOUR, MINUTE, SiteTestCase

pytestmark = pytest.mark.engines

DAY = dt.timedelta(days=1)


class ListTestCase(SiteTestCase):
    def publish_many(self, count, **changes):
        """Stories a minute apart, the newest last, ten minutes before noon at the latest."""
        return [self.publish(at=NOON - (count - n) * MINUTE, **changes) for n in range(count)]

    def pages_of(self, path, at=NOON + HOUR):
        """The addresses of all stories on a list, page after page."""
        found, url, seen = [], path, set()
        while url:
            self.assertNotIn(url, seen, "a page leads to itself")
            seen.add(url)
            page = self.get(url, at=at).content.decode()
            main = page[page.index("<main") : page.index("</main>")]
            found.append([part.split('"')[0] for part in main.split('class="card-headline"><a href="')[1:]])
            older = main.split('rel="next" href="')
            url = older[1].split('"')[0] if len(older) > 1 else None
        return found

    def between(self, path):
        """Look at an empty page, and publish a story after its list was read and before the state of the paper is."""
        asked, made = pages.Beat.now, []

        def now():
            made or made.append(self.publish())
            return asked()

        with mock.patch.object(pages.Beat, "now", now):
            self.empty = self.get(path)
        self.assertNotContains(self.empty, made[0].path)
        return made[0]


class SectionTests(ListTestCase):
    def test_a_section_costs_one_query_for_any_number_of_stories(self):
        self.publish_many(3)
        self.get("/world/")
        # the section's editions with their cards, its name and pins, the pulse and the moments around now
        with self.assertNumQueries(1):
            self.get("/world/")
        self.publish_many(30)
        self.get("/")
        with self.assertNumQueries(1):
            self.get("/world/")

    def test_pages_follow_each_other_without_gap_or_double(self):
        editions = self.publish_many(45)
        pages = self.pages_of("/world/")
        self.assertEqual([len(page) for page in pages], [20, 20, 5])
        self.assertEqual([path for page in pages for path in page], [one.path for one in reversed(editions)])

    def test_paging_keeps_stories_of_one_instant_apart(self):
        editions = [self.publish() for _ in range(25)]
        pages = self.pages_of("/world/")
        self.assertEqual({path for page in pages for path in page}, {one.path for one in editions})
        self.assertEqual(sum(map(len, pages)), 25)

    def test_a_story_is_listed_once_in_each_of_its_sections(self):
        harbour = Section.objects.create(name="Harbour", slug="harbour", parent=self.politics)
        edition = self.publish(section=harbour)
        for path in ("/harbour/", "/politics/"):
            self.assertEqual(self.pages_of(path), [[edition.path]])
        self.assertEqual(self.get("/world/").status_code, 200)
        self.assertContains(self.get("/world/"), "Nothing is published here yet")

    def test_an_empty_section_page_is_not_kept_past_a_first_story(self):
        self.get("/world/")
        edition = self.between("/world/")
        held = {"If-None-Match": self.empty["ETag"]}
        self.assertContains(self.get("/world/"), edition.path)
        self.assertContains(self.get("/world/", **held), edition.path)

    def test_pins_are_on_top_in_their_order_and_not_repeated(self):
        a, b, c = self.publish_many(3)
        self.launch(self.world, (b, "Said otherwise", NOON + 2 * HOUR), (a, "", None))
        self.assertEqual(self.pages_of("/world/"), [[b.path, a.path, c.path]])
        self.assertContains(self.get("/world/"), "Said otherwise")
        Pulse.objects.beat()
        self.get("/topics/shipping/")
        # the list; the cards of its pins
        with self.assertNumQueries(2):
            self.get("/world/")
        self.assertEqual(self.pages_of("/world/", at=NOON + 3 * HOUR), [[a.path, c.path, b.path]])

    def test_a_pin_ends_on_time_also_for_a_reader_with_the_page(self):
        pinned, newer = self.publish_many(2)
        for path, section in (("/world/", self.world), ("/", None)):
            self.launch(section, (pinned, "Said otherwise", NOON + 2 * HOUR))
            before = self.get(path)
            held = {"If-None-Match": before["ETag"]}
            self.assertContains(before, "Said otherwise")
            self.assertEqual(self.get(path, at=NOON + 2 * HOUR - MINUTE, **held).status_code, 304)
            self.assertNotContains(self.get(path, at=NOON + 2 * HOUR, **held), "Said otherwise")
            self.assertNotContains(self.get(path, at=NOON + 2 * HOUR), "Said otherwise")

    @only_on("postgresql")  # on SQLite the process's clock is the only one
    def test_a_pin_ends_by_the_databases_clock(self):
        real = timezone.now()
        pinned = self.publish(at=real - 5 * HOUR)
        for path, section in (("/world/", self.world), ("/", None)):
            self.launch(section, (pinned, "Said otherwise", real - HOUR), at=real - 4 * HOUR)
            with mock.patch("django.utils.timezone.now", return_value=real - 2 * HOUR):  # a process that is late
                page = self.client.get(path)
            self.assertContains(page, pinned.text.headline)
            self.assertNotContains(page, "Said otherwise")

    def test_a_pin_to_a_story_that_is_not_live_is_left_out(self):
        shown, waiting = self.publish(), self.schedule(at=NOON + 5 * HOUR)
        Front.objects.create(
            section=self.world, launched=[{"article": waiting.article_id, "headline": "Secret", "until": None}]
        )
        Pulse.objects.beat()
        response = self.get("/world/")
        self.assertNotContains(response, "Secret")
        self.assertContains(response, shown.path)

    def test_an_unknown_section_or_broken_page_key_is_a_404(self):
        self.publish()
        for path in ("/nowhere/", "/world/?before=x", "/world/?before=0-0",
                     "/world/?before=%00", "/world/?before=1-1"):  # fmt: skip
            self.assertEqual(self.get(path).status_code, 404, path)

    def test_a_hidden_section_has_no_front(self):
        edition = self.publish()
        Section.objects.update(visible=False)
        Pulse.objects.beat()
        self.assertEqual(self.get("/world/").status_code, 404)
        self.assertEqual(self.get("/world/feed/").status_code, 404)
        self.assertEqual(self.get(edition.path).status_code, 200)


class TopicTests(ListTestCase):
    def test_a_topic_costs_two_queries(self):
        self.publish_many(3)
        self.get("/")
        # the topic; its editions with their cards, the pulse and the moments around now
        with self.assertNumQueries(2):
            response = self.get("/topics/shipping/")
        self.assertContains(response, "<h1><bdi>Shipping</bdi></h1>")
        with self.assertNumQueries(1):  # the pulse alone, while nothing changes
            self.get("/topics/shipping/")

    def test_pages_follow_each_other(self):
        editions = self.publish_many(23)
        pages = self.pages_of("/topics/shipping/")
        self.assertEqual([path for page in pages for path in page], [one.path for one in reversed(editions)])

    def test_a_topic_without_a_story_answers_404(self):
        Topic.objects.create(name="Secret", slug="secret")
        self.assertEqual(self.get("/topics/secret/").content, self.get("/topics/never/").content)

    def test_a_merged_topic_redirects_to_the_one_that_stays(self):
        self.publish()
        Topic.objects.create(name="Ships", slug="ships", merged_into=self.topic)
        response = self.get("/topics/ships/")
        self.assertEqual((response.status_code, response["Location"]), (301, "/topics/shipping/"))


class PersonTests(ListTestCase):
    def test_a_contributors_page_lists_their_stories(self):
        edition = self.publish(bylines=["Maren Oduya", "Rana Aziz"])
        Contributor.objects.filter(name="Maren Oduya").update(line="Reports on ports", bio="Since 2011.")
        Pulse.objects.beat()
        response = self.get("/people/maren-oduya/")
        for words in ("Reports on ports", "Since 2011.", edition.path, "Maren Oduya and Rana Aziz"):
            self.assertContains(response, words)

    def test_a_contributor_without_public_stories_has_no_page(self):
        Contributor.objects.create(name="Newcomer")
        self.assertEqual(self.get("/people/newcomer/").status_code, 404)


@pytest.mark.days
class ArchiveTests(ListTestCase):
    def test_an_archive_day_is_a_day_of_the_papers_zone(self):
        late, early = self.publish(at=zones.wall("2026-05-05T00:30")), self.publish(at=zones.wall("2026-05-04T23:30"))
        at = NOON + 5 * DAY
        for day, shown, not_shown in (("05", late, early), ("04", early, late)):
            response = self.get(f"/archive/2026/05/{day}/", at=at)
            self.assertContains(response, shown.path)
            self.assertNotContains(response, not_shown.path)
        self.assertEqual(late.path[:18], "/world/2026/05/05/")

    def test_a_list_is_cut_at_the_papers_midnight(self):
        for hour in ("2026-05-04T23:30", "2026-05-05T00:30"):
            self.publish(at=zones.wall(hour))
        page = self.get("/topics/shipping/", at=NOON + 5 * DAY)
        for day in ("2026-05-04", "2026-05-05"):
            self.assertContains(page, f'<h2><time datetime="{day}">', count=1)

    def test_an_archive_day_links_to_the_nearest_days_with_stories(self):
        for days in (10, 4, 0):
            self.publish(at=NOON - days * DAY)
        response = self.get(zones.archive_path(NOON - 4 * DAY), at=NOON)
        self.assertContains(response, f'rel="prev" href="{zones.archive_path(NOON - 10 * DAY)}"')
        self.assertContains(response, f'rel="next" href="{zones.archive_path()}"')

    def test_days_before_the_first_story_and_ahead_are_404(self):
        self.publish()
        for path, status in (
            (zones.archive_path(NOON + DAY), 404), (zones.archive_path(NOON - DAY), 404), ("/archive/2026/02/30/", 404),
            ("/archive/0000/01/01/", 404), ("/archive/9999/12/31/", 404),
        ):  # fmt: skip
            self.assertEqual(self.get(path).status_code, status, path)
        quiet = self.get(zones.archive_path(NOON + DAY), at=NOON + DAY)
        self.assertContains(quiet, "Nothing was published on this day")

    def test_a_full_archive_day_has_a_next_page(self):
        self.publish(at=NOON - DAY)
        editions = self.publish_many(7)
        with mock.patch("articles.site.archive.DAY_PAGE", 3):
            pages = self.pages_of(zones.archive_path())
        self.assertEqual([len(page) for page in pages], [3, 3, 1])
        self.assertEqual([path for page in pages for path in page], [one.path for one in reversed(editions)])

    def test_page_two_of_an_archive_day_has_that_days_stories_only(self):
        self.publish(at=NOON - DAY)
        edition = self.publish()
        page = f"{zones.archive_path()}?before={edition.key}"
        self.assertEqual(self.get(page).status_code, 404)
        earlier = self.publish(at=NOON - MINUTE)
        response = self.get(page)
        self.assertContains(response, earlier.path)
        self.assertNotContains(response, edition.path)
        self.assertContains(response, f'href="{zones.archive_path(NOON - DAY)}"')

    def test_an_empty_day_page_is_not_kept_past_a_first_story(self):
        self.publish(at=NOON - DAY)
        edition = self.between(zones.archive_path())
        held = {"If-None-Match": self.empty["ETag"]}
        self.assertContains(self.get(zones.archive_path(), **held), edition.path)
        self.assertContains(self.get(zones.archive_path()), edition.path)

    def test_a_waiting_story_makes_no_archive_day(self):
        self.publish()
        self.schedule(at=NOON + 3 * DAY)
        self.assertNotContains(self.get(zones.archive_path()), 'rel="next"')
        self.assertEqual(self.get(zones.archive_path(NOON + 3 * DAY)).status_code, 404)

    def test_the_calendar_links_days_up_to_today(self):
        self.publish(at=NOON - 40 * DAY)
        page = self.get("/archive/", at=NOON)
        self.assertContains(page, f'{zones.archive_path()}"')
        self.assertNotContains(page, zones.archive_path(NOON + DAY))
        march = self.get("/archive/?month=2026-03", at=NOON)
        self.assertContains(march, zones.archive_path(NOON - 40 * DAY))
        self.assertNotContains(march, zones.archive_path(NOON - 41 * DAY))
        for month in ("2026-02", "2026-06", "x", "2026-13"):
            self.assertEqual(self.get(f"/archive/?month={month}", at=NOON).status_code, 404)

    def test_an_empty_paper_has_an_archive(self):
        self.assertEqual(self.get("/archive/").status_code, 200)


@pytest.mark.days
class CorrectionsTests(ListTestCase):
    def test_corrections_of_live_stories_are_listed(self):
        seen, gone = self.publish(headline="Seen"), self.publish(headline="Gone")
        self.correct(seen, at=NOON + HOUR, text="Six, not seven.")
        self.correct(gone, at=NOON + HOUR, text="Nobody reads this.")
        self.withdraw(gone, at=NOON + 2 * HOUR, listed=False)
        response = self.get("/corrections/", at=NOON + 3 * HOUR)
        for words in ("Six, not seven.", "Seen", "<del>seven</del>", "<ins>six</ins>", zones.printed(NOON + HOUR)):
            self.assertContains(response, words)
        for words in ("Nobody reads this.", "Gone"):
            self.assertNotContains(response, words)

    def test_a_correction_stays_listed_after_later_editions(self):
        edition = self.publish()
        self.correct(edition, at=NOON + HOUR, text="Six, not seven.")
        self.again(edition, at=NOON + 2 * HOUR)
        for path in ("/corrections/", edition.path):
            self.assertContains(self.get(path, at=NOON + 3 * HOUR), "Six, not seven.</p>", count=1, msg_prefix=path)

    def test_the_corrections_page_lists_public_withdrawals(self):
        quiet, told, retracted = (self.publish(headline=f"Headline {n}") for n in range(3))
        self.withdraw(quiet, at=NOON + HOUR, text="Quiet one", listed=False)
        self.withdraw(told, at=NOON + HOUR, text="Told one", headline=True)
        self.withdraw(retracted, at=NOON + HOUR, reason="retracted", text="Retracted one", listed=False)
        response = self.get("/corrections/", at=NOON + 2 * HOUR)
        for words, there in (("Quiet one", False), ("Told one", True), ("Retracted one", True), ("Headline 1", True),
                             ("Headline 2", False)):  # fmt: skip
            (self.assertContains if there else self.assertNotContains)(response, words)

    def test_the_corrections_page_lists_what_came_back_from_a_public_withdrawal(self):
        for number, (listed, forbidden, shown) in enumerate(((True, False, True), (False, False, False),
                                                             (True, True, False))):  # fmt: skip
            with clock.frozen(NOON):
                article = self.make_article(state=State.PUBLISHED, slug=f"back-{number}", headline=f"Back {number}")
            with clock.frozen(NOON + HOUR):
                self.move(article, "withdraw", reason="legal_order", reader_text="Gone.", list_publicly=listed)
            signoffs.sign(article, "legal", by=self.leo)
            with clock.frozen(NOON + 2 * HOUR):
                signoffs.sign(article, "legal", by=self.leo)
                self.move(article, "reinstate", line=f"Line {number}.", order_forbids=forbidden)
            response = self.get("/corrections/", at=NOON + 3 * HOUR)
            with self.subTest(listed=listed, forbidden=forbidden):
                for words in (f"Back {number}", f"Line {number}."):
                    (self.assertContains if shown else self.assertNotContains)(response, words)
        self.assertContains(response, "Reinstated")
        self.assertContains(response, "Withdrawn since")
        self.assertNotContains(self.get("/corrections/", at=NOON + 3 * HOUR / 2), "Back 0")

    def move(self, article, name, **asked):
        article.refresh_from_db()
        take.take(article, name, by=self.max, seen=take.seen_token(article), note="a test", **asked)

    def test_pages_follow_each_other(self):
        edition = self.publish()
        for n in range(7):
            self.correct(edition, at=NOON + n * MINUTE + MINUTE, text=f"Note {n}.")
        found, url = [], "/corrections/"
        with mock.patch("articles.site.corrections.CORRECTIONS_PAGE", 3):
            while url:
                page = self.get(url).content.decode()
                found += re.findall(r"\sNote (\d)\.", page)
                older = page.split('rel="next" href="')
                url = older[1].split('"')[0] if len(older) > 1 else None
        self.assertEqual(found, list("6543210"))


class ExpertTests(ListTestCase):
    def quoted(self, words, expert=None, rule="on_record", **changes):
        expert = expert or self.expert
        body = f'<p>The port authority. <q data-expert="{expert.pk}" data-quote="q{expert.pk}">{words}</q></p>'
        self.next_rule = rule
        return self.publish(body=body, people=[(expert, "judge")], **changes)

    def test_a_profile_shows_roles_and_quotations_with_their_story(self):
        Affiliation.objects.create(
            expert=self.expert,
            title="Judge",
            organisation=Organisation.objects.called("Harbour Court"),
            start="2001",
            end="2009",
        )
        edition = self.quoted("A rule is a rule", headline="Six ports")
        response = self.get("/experts/halvard-nystrom/")
        for words in (
            "Halvard Nystrom",
            "Judge, Harbour Court",
            "2001–2009",
            "“A rule is a rule”",
            edition.path,
            "Six ports",
        ):
            self.assertContains(response, words)

    def test_only_public_experts_have_a_profile(self):
        secret = Expert.objects.create(display_name="Ida Secret")
        self.quoted("Never mind", secret)
        self.assertNotContains(self.get("/experts/"), "Ida Secret")
        self.assertEqual(self.get(f"/experts/{secret.slug}/").content, self.get("/experts/never/").content)
        self.assertNotContains(self.get("/"), "Never mind")

    def test_a_profile_lists_words_on_the_record_only(self):
        edition = self.quoted("Between us")
        edition.article.quote_records.update(ground_rule="background")
        content = edition.revision.content
        quotes = [quote | {"ground_rule": "background"} for quote in content["quotes"]]
        self.again(edition, at=NOON + MINUTE, quotes=quotes)
        for path in ("/experts/halvard-nystrom/", "/"):
            self.assertNotContains(self.get(path), "“Between us”")

    def test_quotations_of_a_withdrawn_story_leave_the_profile(self):
        edition = self.quoted("A rule is a rule")
        self.withdraw(edition, at=NOON + HOUR)
        self.assertNotContains(self.get("/experts/halvard-nystrom/", at=NOON + 2 * HOUR), "A rule is a rule")

    def test_the_index_lists_public_experts_with_their_present_role(self):
        Affiliation.objects.create(expert=self.expert, title="Former judge", end="2009")
        Affiliation.objects.create(expert=self.expert, title="Reader in law", start="2010")
        response = self.get("/experts/")
        self.assertContains(response, "Reader in law")
        self.assertNotContains(response, "Former judge")

    def test_long_profiles_are_paged_by_story(self):
        for n in range(7):
            self.quoted(f"Saying {n}", at=NOON - n * MINUTE)
        found, url = [], "/experts/halvard-nystrom/"
        with mock.patch("articles.site.experts.QUOTES_A_PAGE", 3):
            while url:
                page = self.get(url).content.decode()
                found += [part[0] for part in page.split("“Saying ")[1:]]
                older = page.split('rel="next" href="')
                url = older[1].split('"')[0] if len(older) > 1 else None
        self.assertEqual(found, list("0123456"))


class PolicyTests(SiteTestCase):
    def test_a_public_policy_has_a_page_and_a_draft_has_none(self):
        PolicyPage.objects.create(slug="standards", title="Standards", body="<p>We check.</p><script>x</script>")
        PolicyPage.objects.create(slug="draft", title="Draft", public=False)
        Pulse.objects.beat()
        response = self.get("/policies/standards/")
        self.assertContains(response, "<p>We check.</p>")
        self.assertNotContains(response, "<script>x")
        self.assertEqual(self.get("/policies/draft/").status_code, 404)
        self.assertContains(self.get("/"), 'href="/policies/standards/"')
