"""What the desk's pages say of an edition that waits: before a click that cancels it, and after."""

from django.urls import reverse

from articles.models import Article
from articles.workflow import Situation
from experts.models import Expert

from .. import zones
from ..articles.test_gate import HOUR
from ..articles.test_waiting import WaitingTestCase
from ..base import NOON
from .pages import filled


class PageTests(WaitingTestCase):
    def post(self, article, user, **changes):
        self.client.force_login(user)
        url = article.get_absolute_url()
        return self.client.post(url, filled(self.client.get(url), **changes), follow=True)

    def test_the_form_says_so_before_the_click(self):
        article = self.scheduled(update=True)
        self.client.force_login(self.rana)
        page = self.client.get(article.get_absolute_url())
        self.assertContains(page, "Dana scheduled an edition for")
        self.assertContains(self.client.get(reverse("admin:articles_article_people", args=[article.pk])),
                            "Dana scheduled an edition for")  # fmt: skip
        other = self.make_article(slug="other")
        self.assertNotContains(self.client.get(other.get_absolute_url()), "scheduled an edition for")

    def test_the_card_says_so_before_the_click(self):
        article = self.scheduled(headline="Pilots agree")
        self.client.force_login(self.sami)
        for part in ("bars", "verification"):
            page = self.client.get(reverse("admin:experts_expert_part", args=[self.expert.pk, part]))
            self.assertContains(page, "Pilots agree")
            self.assertContains(page, "cancels")
            self.assertContains(page, article.get_absolute_url())
        names = self.client.get(reverse("admin:experts_expert_part", args=[self.expert.pk, "names"]))
        self.assertNotContains(names, "Pilots agree")
        other = Expert.objects.create(display_name="Maya Lind")
        page = self.client.get(reverse("admin:experts_expert_part", args=[other.pk, "bars"]))
        self.assertNotContains(page, "cancels")

    def test_an_embargo_on_the_form_cancels_it_and_says_so(self):
        article = self.scheduled(update=True)
        when = zones.local(NOON + 2 * HOUR)
        page = self.post(article, self.rana, embargo_until=f"{when:%Y-%m-%dT%H:%M}")
        article.refresh_from_db()
        self.assertEqual(article.embargo_until, NOON + 2 * HOUR)
        self.assertEqual(article.situation(), Situation.NONE)
        self.assertContains(page, "The edition that was scheduled is cancelled")

    def test_terms_on_the_page_of_people_cancel_it_and_say_so(self):
        article = self.scheduled(update=True)
        self.client.force_login(self.rana)
        where = reverse("admin:articles_article_people", args=[article.pk])
        data = {"_act": "terms", "version": article.version, "qq1-ground_rule": "off_record", "qq1-kind": "full"}
        page = self.client.post(where, data, follow=True)
        self.assertContains(page, "The edition that was scheduled is cancelled")
        self.assertEqual(article.situation(), Situation.NONE)

    def test_legal_wanted_on_the_form_cancels_it_and_says_so(self):
        article = self.scheduled(update=True)
        page = self.post(article, self.rana, legal_wanted="on")
        self.assertEqual(Article.objects.get(pk=article.pk).situation(), Situation.NONE)
        self.assertContains(page, "The edition that was scheduled is cancelled")
