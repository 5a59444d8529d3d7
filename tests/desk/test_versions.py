"""The pages of a story's versions: their list, any two compared, and bringing one back."""

from django.urls import reverse

from articles.actions import take, writing
from articles.models import Image, Revision, State
from experts.models import Expert

from ..base import NOON, DeskTestCase


class VersionPageTestCase(DeskTestCase):
    def page(self, article, user=None, **asked):
        self.client.force_login(user or self.rana)
        return self.again(article, **asked)

    def again(self, article, **asked):
        """The page once more, for whoever is signed in."""
        return self.client.get(reverse("admin:articles_article_versions", args=[article.pk]), asked)

    def version(self, article, number, user=None):
        self.client.force_login(user or self.rana)
        return self.client.get(reverse("admin:articles_article_version", args=[article.pk, number]))

    def restore(self, article, number, user=None, **sent):
        self.client.force_login(user or self.rana)
        return self.client.post(reverse("admin:articles_article_version", args=[article.pk, number]), sent)

    def save(self, article, by=None, **fields):
        article.refresh_from_db()
        for name, value in fields.items():
            setattr(article, name, value)
        article.save()
        return writing.save_revision(article, by=by or self.rana, seen_version=article.version, why="facts checked")


class ListTests(VersionPageTestCase):
    def test_each_version_says_who_when_why_and_how_much(self):
        article = self.make_article()
        self.save(article, by=self.cora, headline="Seven ports agree a rule")
        page = self.page(article)
        newest = page.context["versions"][0]
        self.assertEqual((newest.number, newest.by, newest.words_added, newest.words_removed), (2, self.cora, 1, 1))
        self.assertContains(page, "facts checked")
        self.assertContains(page, "<ins>+1</ins>")

    def test_the_moves_made_on_a_version_stand_beside_it(self):
        article = self.make_article(state=State.NEEDS_CHANGES)
        self.save(article, headline="Seven ports agree a rule")
        newest, first = self.page(article).context["versions"]
        self.assertEqual(newest.moves, [])
        said = [(label, move.by) for label, move in first.moves]
        self.assertEqual(said, [("Submit", self.rana), ("Send back", self.edith)])
        self.assertContains(self.again(article), "Send back: <bdi>Edith</bdi>")

    def test_a_long_history_is_paged_in_as_many_queries(self):
        article = self.make_article(state=State.PUBLISHED)
        content = article.revisions.first().content
        self.page(article)
        # session, person, paper, roles; the story and what readers see of it, its versions, the edition in force,
        # editions of these versions, moves made on them
        with self.assertNumQueries(10):
            self.again(article)
        many = [Revision(article=article, number=n, content=content, by=self.rana, at=NOON) for n in range(2, 80)]
        Revision.objects.bulk_create(many)
        with self.assertNumQueries(10):
            page = self.again(article)
        self.assertEqual([v.number for v in page.context["versions"]], list(range(79, 49, -1)))
        older = self.page(article, before=page.context["older"])
        self.assertEqual([v.number for v in older.context["versions"]][:2], [49, 48])
        self.assertIsNone(self.page(article, before=5).context["older"])

    def test_the_version_behind_an_edition_is_named_and_led_to(self):
        article = self.make_article(state=State.PUBLISHED)
        listed = self.page(article)
        self.assertContains(listed, "Edition 1")
        self.assertContains(listed, reverse("admin:articles_article_edition", args=[article.pk, 1]))
        page = self.client.get(reverse("admin:articles_article_editions", args=[article.pk]))
        self.assertContains(page, reverse("admin:articles_article_version", args=[article.pk, 1]))

    def test_editions_stand_in_the_list_only_for_those_who_see_them(self):
        article = self.make_article(state=State.PUBLISHED)
        self.assertNotContains(self.page(article, self.pia), "Edition 1")


class CompareTests(VersionPageTestCase):
    def labels(self, page):
        return [label for label, _ in page.context["changes"]]

    def test_people_pictures_cards_and_filing_are_compared_by_name(self):
        other = Expert.objects.create(display_name="Amina Kessler")
        related = self.make_article(headline="Tide tables", slug="tide-tables")
        picture = Image.objects.create(title="Harbour wall", alt="A wall", credit="Rana", token="a" * 32)
        before = f'<p><q data-expert="{self.expert.pk}">We will see</q>, he says.</p>'
        article = self.make_article(body=before)
        after = f'<p><q data-expert="{other.pk}">We will see</q>, he says.</p><div data-article="{related.pk}"></div>'
        self.save(
            article, body=after + f'<figure data-image="{picture.pk}"></figure>', lead_image=picture,
            section=self.politics,
        )  # fmt: skip
        page = self.page(article, a=1, b=2)
        for words in ("Halvard Nystrom", "Amina Kessler", "Related story: Tide tables", "Harbour wall", "Politics"):
            self.assertContains(page, words)
        found = self.labels(page)
        for label in (
            "Text",
            "Section",
            "Main picture",
            "Main picture, seen",
            "Words of pictures",
            "Titles as printed",
        ):
            self.assertIn(label, found)

    def test_the_working_copy_is_compared_with_what_readers_have(self):
        article = self.make_article(state=State.PUBLISHED)
        take.take(article, "revise", by=self.rana, seen=take.seen_token(article))
        self.save(article, headline="Seven ports agree a rule")
        page = self.page(article, a="live", b="now")
        self.assertEqual(self.labels(page), ["Headline"])
        self.assertContains(page, "What readers have now (version 1)")
        self.assertContains(page, "The working copy (version 2)")

    def test_what_readers_do_not_have_cannot_be_compared(self):
        page = self.page(self.make_article(), a="live", b="now")
        self.assertContains(page, "Readers have nothing of this story now.", status_code=400)

    def test_a_comparison_takes_as_many_queries_for_many_names(self):
        experts = [Expert.objects.create(display_name=f"Person {n}") for n in range(8)]
        article = self.make_article()
        quotes = "".join(f'<p><q data-expert="{e.pk}">Words</q></p>' for e in experts)
        self.save(article, body=f'<p><q data-expert="{experts[0].pk}">Words</q></p>')
        self.page(article, a=1, b=2)
        # those of the list, two versions, people, topics, sections
        with self.assertNumQueries(15):
            self.again(article, a=1, b=2)
        self.save(article, body=quotes)
        with self.assertNumQueries(15):
            self.again(article, a=1, b=3)

    def test_a_change_of_marks_for_notes_alone_is_no_difference(self):
        article = self.make_article(body="<p>Eleven pages.</p>")
        self.save(article, body='<p><span data-desk-note="note-0001">Eleven</span> pages.</p>')
        self.assertEqual(self.page(article, a=1, b=2).context["changes"], [])


class RestorePageTests(VersionPageTestCase):
    def setUp(self):
        self.article = self.make_article()
        self.save(self.article, headline="Seven ports agree a rule")

    def test_a_version_is_read_and_brought_back_from_its_page(self):
        page = self.version(self.article, 1)
        self.assertContains(page, "Six ports agree a rule")
        self.assertContains(page, "Restore version 1")
        answer = self.restore(self.article, 1, seen=page.context["seen"])
        self.assertRedirects(answer, self.article.get_absolute_url(), fetch_redirect_response=False)
        self.article.refresh_from_db()
        self.assertEqual((self.article.version, self.article.headline), (3, "Six ports agree a rule"))

    def test_a_stale_page_is_answered_with_the_reason_and_the_way_on(self):
        seen = self.version(self.article, 1).context["seen"]
        self.save(self.article, headline="Eight ports agree a rule")
        answer = self.restore(self.article, 1, seen=seen)
        self.assertContains(answer, "Somebody was quicker", status_code=409)
        self.assertContains(answer, "Restore version 1", status_code=409)
        self.article.refresh_from_db()
        self.assertEqual(self.article.headline, "Eight ports agree a rule")

    def test_whoever_only_reads_sees_no_button_and_is_refused(self):
        page = self.version(self.article, 1, self.leo)
        self.assertNotContains(page, "Restore version")
        answer = self.restore(self.article, 1, self.leo, seen=page.context["seen"])
        self.assertContains(answer, "You may not change this story", status_code=403)

    def test_the_newest_version_offers_nothing_to_restore(self):
        self.assertNotContains(self.version(self.article, 2), "Restore version")

    def test_odd_numbers_and_methods_are_refused(self):
        self.assertEqual(self.version(self.article, 10**18).status_code, 404)
        self.assertEqual(self.restore(self.article, 10**18).status_code, 404)
        url = reverse("admin:articles_article_version", args=[self.article.pk, 1])
        self.assertEqual(self.client.put(url).status_code, 405)
        for seen in ("", "x", "9" * 5000, "\0"):
            self.assertEqual(self.restore(self.article, 1, seen=seen).status_code, 409, seen[:9])
