"""A story at its own address: what it prints, what it costs, and where old addresses lead."""

import json
import re

import pytest

from articles.models import Comment, Image, Kind, Path
from experts.models import PublicProfile

from .. import zones
from ..base import NOON
from .base import HOUR, MINUTE, SiteTestCase


def json_ld(response):
    """The first thing that a page says to machines, by its type."""
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.DOTALL)[1]
    data = json.loads(text)
    return {str(one["@type"]): one for one in data.get("@graph", [data])}


@pytest.mark.days
class StoryTests(SiteTestCase):
    def test_a_reader_gets_the_frozen_text(self):
        edition = self.publish(headline="Six ports agree a rule", standfirst="One checklist.", slug="ports")
        response = self.get(edition.path)
        self.assertEqual(edition.path, zones.story_path("ports"))
        self.assertContains(response, '<h1 class="story-title">Six ports agree a rule</h1>')
        self.assertContains(response, "The text runs to eleven pages")
        self.assertContains(response, "Rana Aziz")

    def test_times_print_in_the_papers_zone(self):
        edition = self.publish()
        self.assertContains(self.get(edition.path), zones.printed(NOON))

    def test_a_story_page_shows_no_later_change_of_the_desk(self):
        edition = self.publish(headline="As approved")
        edition.article.headline = "Half rewritten"
        edition.article.save()
        self.assertNotContains(self.get(edition.path), "Half rewritten")

    def test_a_story_page_sets_no_cookie_and_no_vary_header(self):
        response = self.get(self.publish().path)
        self.assertEqual(len(response.cookies), 0)
        self.assertNotIn("Vary", response.headers)

    def test_a_story_page_without_holes_costs_one_query(self):
        edition = self.publish()
        self.get(edition.path)
        # the edition in force with its stored page, the pulse and the moments around now
        with self.assertNumQueries(1):
            self.get(edition.path)

    def test_filling_the_holes_of_a_story_costs_one_more_query(self):
        other, third = self.publish(), self.publish()
        self.expert.save()
        body = (
            f'<p>See the port authority. <q data-expert="{self.expert.pk}" data-quote="a">Yes</q></p>'
            f'<div data-article="{other.article_id}"></div>'
        )
        edition = self.publish(body=body, people=[(self.expert, "judge")])
        self.get(third.path)
        # the edition; then its related card, its expert, more on its topic and its discussion in one union
        with self.assertNumQueries(2):
            response = self.get(edition.path)
        self.assertContains(response, f'<a href="{other.path}">')
        self.assertContains(response, f'<a href="{third.path}">')
        self.assertContains(response, '<a href="/experts/halvard-nystrom/">Halvard Nystrom</a>')

    def test_a_related_card_is_gone_when_its_story_is_withdrawn(self):
        other = self.publish(headline="The neighbour")
        edition = self.publish(body=f'<p>Text.</p><div data-article="{other.article_id}"></div>', topics=[])
        self.assertContains(self.get(edition.path), "The neighbour")
        self.withdraw(other, at=NOON + 2 * HOUR)
        self.assertNotContains(self.get(edition.path, at=NOON + 3 * HOUR), "The neighbour")

    def test_a_related_card_appears_at_its_storys_instant(self):
        other = self.schedule(headline="The neighbour", at=NOON + 2 * HOUR)
        edition = self.publish(body=f'<p>Text.</p><div data-article="{other.article_id}"></div>', topics=[])
        self.assertNotContains(self.get(edition.path, at=NOON + HOUR), "The neighbour")
        self.assertContains(self.get(edition.path, at=NOON + 2 * HOUR), "The neighbour")

    def test_an_expert_is_linked_while_the_profile_is_public(self):
        edition = self.publish(people=[(self.expert, "maritime judge")])
        self.assertContains(self.get(edition.path), "/experts/halvard-nystrom/")
        PublicProfile.objects.update(status=PublicProfile.WITHDRAWN)
        from newsroom.models import Pulse

        Pulse.objects.beat()
        response = self.get(edition.path)
        self.assertNotContains(response, "/experts/halvard-nystrom/")
        self.assertContains(response, "Halvard Nystrom")
        self.assertContains(response, "maritime judge")

    def test_a_picture_leaves_every_page_when_its_rights_end(self):
        image = Image.objects.create(
            token="a" * 32, width=1280, height=800, alt="Cranes", credit="Pia", rights_until=NOON + 2 * HOUR
        )
        edition = self.publish(lead_image=image, body=f'<p>Text.</p><figure data-image="{image.pk}"></figure>')
        for path in (edition.path, "/world/", "/"):
            self.assertContains(self.get(path, at=NOON + HOUR), image.token)
            self.assertNotContains(self.get(path, at=NOON + 2 * HOUR), image.token)

    def test_structured_data_has_what_the_page_prints(self):
        edition = self.publish(genre="analysis", headline="Why </script> matters & more")
        self.correct(edition, at=NOON + HOUR, text="It is six ports.")
        data = json_ld(self.get(edition.path, at=NOON + 2 * HOUR))
        story = data["['AnalysisNewsArticle', 'NewsArticle']"]
        self.assertEqual(story["headline"], "Why </script> matters & more")
        self.assertEqual(story["author"], [{"@type": "Person", "name": "Rana Aziz", "url": story["author"][0]["url"]}])
        self.assertEqual(story["datePublished"], NOON.isoformat())
        self.assertEqual(story["dateModified"], (NOON + HOUR).isoformat())
        self.assertEqual(story["correction"][0]["text"], "It is six ports.")
        self.assertEqual([step["name"] for step in data["BreadcrumbList"]["itemListElement"]][:2], ["Home", "World"])

    def test_the_social_title_is_used_for_shared_links_only(self):
        edition = self.publish(headline="Six ports agree a rule", social_title="Six ports & <one> rule")
        plain = self.publish(headline="A harbour opens")
        response = self.get(edition.path)
        self.assertContains(response, '<meta property="og:title" content="Six ports &amp; &lt;one&gt; rule">')
        self.assertContains(response, '<h1 class="story-title">Six ports agree a rule</h1>')
        self.assertContains(response, "<title>Six ports agree a rule</title>")
        self.assertContains(self.get(plain.path), '<meta property="og:title" content="A harbour opens">')

    def test_a_later_change_of_the_social_title_waits_for_the_next_edition(self):
        edition = self.publish(social_title="As approved")
        edition.article.social_title = "As rewritten"
        edition.article.save()
        self.assertContains(self.get(edition.path), 'property="og:title" content="As approved"')
        self.again(edition, at=NOON + HOUR, social_title="As published anew")
        self.assertContains(
            self.get(edition.path, at=NOON + 2 * HOUR), 'property="og:title" content="As published anew"'
        )

    def test_a_picture_stands_in_structured_data_while_its_rights_last(self):
        image = Image.objects.create(token="b" * 32, width=1280, height=800, rights_until=NOON + 2 * HOUR)
        edition = self.publish(lead_image=image, topics=[])
        story = json_ld(self.get(edition.path))["['ReportageNewsArticle', 'NewsArticle']"]
        self.assertEqual(story["image"][0]["url"], f"http://127.0.0.1:8000/media/{'b' * 32}-16x9-50-50-1280.jpg")
        self.assertContains(self.get(edition.path), 'property="og:image"')
        late = self.get(edition.path, at=NOON + 3 * HOUR)
        self.assertEqual(json_ld(late)["['ReportageNewsArticle', 'NewsArticle']"]["image"], [])
        self.assertNotContains(late, 'property="og:image"')

    def test_a_caption_of_two_paragraphs_is_printed_as_two(self):
        image = Image.objects.create(token="b" * 32, width=1280, height=800, caption="One <b>.\r\n\r\nTwo.")
        body = f'<p>x</p><figure data-image="{image.pk}"></figure>'
        page = self.get(self.publish(lead_image=image, body=body).path).content.decode()
        self.assertEqual(page.count("One &lt;b&gt;.<br><br>Two."), 2)

    def test_an_arabic_story_runs_right_to_left(self):
        response = self.get(self.publish(language="ar", headline="ستة موانئ").path)
        self.assertContains(response, '<html lang="ar" dir="rtl">')

    def test_a_renamed_section_reaches_stored_pages(self):
        edition = self.publish()
        self.world.name = "The World"
        self.world.save()
        from newsroom.models import Pulse

        Pulse.objects.beat(rendering=True)
        self.assertContains(self.get(edition.path), ">The World</a>")
        edition.rendering.refresh_from_db()
        self.assertIn("The World", edition.rendering.main_html)
        self.get(edition.path)
        with self.assertNumQueries(1):  # it was stored: the story is one query again
            self.get(edition.path)

    def test_a_story_page_counts_comments_and_shows_the_first_twenty(self):
        edition = self.publish()
        for n in range(23):
            Comment.objects.create(
                article=edition.article, name=f"Reader {n:02}", body="Quite.", state="published", created_at=NOON
            )
        Comment.objects.create(article=edition.article, name="Held", body="Hm.", created_at=NOON)
        response = self.get(edition.path)
        self.assertContains(response, "Reader 19")
        self.assertNotContains(response, "Reader 20")
        self.assertNotContains(response, "Held")
        self.assertContains(response, "All 23 comments")

    def test_a_story_without_discussion_shows_no_form(self):
        edition = self.publish(discussion="off")
        self.assertNotContains(self.get(edition.path), "comment-form")
        self.assertEqual(self.get(f"/discuss/{edition.article.uid}/").status_code, 404)


@pytest.mark.days
class AddressTests(SiteTestCase):
    def test_a_new_slug_redirects_in_one_hop_and_may_change_back(self):
        first = self.publish(slug="one")
        self.again(first, at=NOON + HOUR, slug="two")
        self.again(first, at=NOON + 2 * HOUR, slug="three")
        for slug in ("one", "two"):
            response = self.get(zones.story_path(slug), at=NOON + 3 * HOUR)
            self.assertEqual((response.status_code, response["Location"]), (301, zones.story_path("three")))
            self.assertEqual(response["Cache-Control"], "max-age=300")
        history = self.get(zones.story_path("one") + "history/", at=NOON + 3 * HOUR)
        self.assertEqual(history["Location"], zones.story_path("three") + "history/")
        self.again(first, at=NOON + 4 * HOUR, slug="one")
        self.assertEqual(self.get(first.path, at=NOON + 5 * HOUR).status_code, 200)

    def test_a_planned_storys_address_is_an_ordinary_404(self):
        edition = self.schedule(at=NOON + 5 * HOUR)
        never = self.get("/world/2026/05/04/never-was/")
        response = self.get(edition.path)
        self.assertEqual((response.status_code, response.content), (404, never.content))
        self.assertEqual(self.get(edition.path, at=NOON + 5 * HOUR).status_code, 200)

    def test_a_scheduled_updates_new_address_is_a_404_until_then(self):
        first = self.publish(slug="one")
        self.schedule_update(first, at=NOON + 3 * HOUR, slug="two")
        self.assertEqual(self.get(zones.story_path("two")).status_code, 404)
        self.assertEqual(self.get(zones.story_path("one")).status_code, 200)
        self.assertEqual(self.get(zones.story_path("one"), at=NOON + 3 * HOUR)["Location"], zones.story_path("two"))

    def test_an_imported_address_leads_to_the_story(self):
        edition = self.publish()
        for path in ("/2012/05/hello-world/", "/old/page.php?id=12", "/?p=12"):
            Path.objects.create(path=path, article=edition.article, legacy=True)
            self.assertEqual(self.get(path)["Location"], edition.path)
        waiting = self.schedule(at=NOON + 9 * HOUR)
        Path.objects.create(path="/2012/05/later/", article=waiting.article, legacy=True)
        self.assertEqual(self.get("/2012/05/later/").status_code, 404)

    def test_an_address_without_last_slash_redirects(self):
        edition = self.publish()
        self.assertEqual(self.get("/world")["Location"], "/world/")
        self.assertEqual(self.get(edition.path.rstrip("/"))["Location"], edition.path)
        self.assertEqual(self.get("/no/such/place").status_code, 404)


@pytest.mark.days
class WithdrawnTests(SiteTestCase):
    def test_a_tombstone_gives_date_reason_and_contact(self):
        edition = self.publish(headline="Wholly wrong")
        self.withdraw(edition, at=NOON + HOUR, reason="retracted", text="We could not stand by it.")
        for path in (edition.path, f"{edition.path}history/"):
            response = self.get(path, at=NOON + 2 * HOUR)
            for words in (zones.printed(NOON + HOUR), "Retracted", "We could not stand by it.", "desk@paper.example"):
                self.assertContains(response, words, status_code=410)
            self.assertNotContains(response, "Wholly wrong", status_code=410)
            self.assertNotIn("ETag", response.headers)

    def test_a_tombstone_has_the_headline_only_if_chosen(self):
        edition = self.publish(headline="Wholly wrong")
        self.withdraw(edition, at=NOON + HOUR, headline=True)
        self.assertContains(self.get(edition.path, at=NOON + 2 * HOUR), "Wholly wrong", status_code=410)

    def test_a_story_withdrawn_by_court_order_answers_451(self):
        edition = self.publish()
        self.withdraw(edition, at=NOON + HOUR, reason="legal_order")
        self.assertEqual(self.get(edition.path, at=NOON + 2 * HOUR).status_code, 451)

    def test_a_story_published_in_error_redirects_to_its_replacement(self):
        right, wrong = self.publish(), self.publish()
        self.withdraw(wrong, at=NOON + HOUR, reason="in_error", replacement=right.article)
        response = self.get(wrong.path, at=NOON + 2 * HOUR)
        self.assertEqual((response.status_code, response["Location"]), (301, right.path))
        self.withdraw(right, at=NOON + 3 * HOUR)
        self.assertEqual(self.get(wrong.path, at=NOON + 4 * HOUR).status_code, 410)

    def test_a_withdrawn_story_leaves_every_list_at_once(self):
        edition = self.publish(headline="Wholly wrong", people=[(self.expert, "")])
        paths = ["/", "/world/", "/topics/shipping/", "/people/rana-aziz/", "/feed/", "/sitemap-2026-05.xml",
                 "/news-sitemap.xml", zones.archive_path(), "/search/?q=wholly"]  # fmt: skip
        for path in paths:
            self.assertContains(self.get(path), edition.path, msg_prefix=path)
        self.withdraw(edition, at=NOON + 2 * HOUR, listed=False)
        for path in paths:
            self.assertNotIn(edition.path.encode(), self.get(path, at=NOON + 3 * HOUR).content, path)


class MarkTests(SiteTestCase):
    """What a story and its card say about having been changed: WORKFLOW's table of kinds."""

    def test_an_update_is_marked_after_five_minutes_and_moves_nothing(self):
        edition = self.publish()
        self.again(edition, at=NOON + 4 * MINUTE)
        self.assertNotContains(self.get(edition.path), "<dt><bdi>Updated</bdi></dt>")
        later = self.publish(at=NOON + 10 * MINUTE)
        self.again(edition, at=NOON + 30 * MINUTE)
        self.assertContains(self.get(edition.path), "<dt><bdi>Updated</bdi></dt>")
        page = self.get("/world/").content.decode()
        self.assertLess(page.index(later.path), page.index(edition.path))
        self.assertIn(">Updated</span>", page)

    def test_a_minor_edit_leaves_no_mark(self):
        edition = self.publish()
        self.again(edition, Kind.MINOR, at=NOON + 30 * MINUTE, headline="Better")
        page = self.get(edition.path)
        self.assertContains(page, "Better")
        self.assertNotContains(page, "<dt><bdi>Updated</bdi></dt>")

    def test_a_correction_is_shown_under_the_story_and_on_its_card(self):
        edition = self.publish()
        self.correct(edition, at=NOON + 30 * MINUTE, text="It is six ports.")
        self.assertContains(self.get(edition.path), "It is six ports.")
        self.assertContains(self.get("/world/"), ">Corrected</span>")
