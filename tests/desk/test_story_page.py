"""What a story's page offers: ways that lead somewhere, the button that fits, and a return to where one was."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions import images, take, writing
from articles.models import Agency, Article, Byline, Contributor, CorrectionDraft, QuoteRecord, State
from experts.models import Expert
from newsroom.models import Topic
from tests.base import DeskTestCase
from tests.pictures import jpeg

from .pages import filled


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


class WaysTests(DeskTestCase):
    def page(self, article, user):
        self.client.force_login(user)
        return self.client.get(change(article))

    def test_a_live_story_leads_to_its_page(self):
        article = self.make_article(state=State.PUBLISHED)
        path = article.editions.live().get().path
        self.assertContains(self.page(article, self.rana), f'href="{path}"')
        self.assertEqual(self.client.get(path).status_code, 200)

    def test_a_withdrawn_story_leads_to_its_notice(self):
        article = self.make_article(state=State.PUBLISHED)
        path = article.editions.live().get().path
        take.take(article, "withdraw", by=self.max, seen=take.seen_token(article), note="why", reason="in_error",
                  reader_text="It is gone.")  # fmt: skip
        self.assertContains(self.page(article, self.rana), "The notice readers get")
        self.assertContains(self.page(article, self.rana), f'href="{path}"')

    def test_a_story_nobody_can_read_yet_leads_to_no_page(self):
        article = self.make_article(state=State.APPROVED)
        self.assertNotContains(self.page(article, self.rana), "Read it as readers do")

    def test_the_source_desk_is_offered_no_page_it_may_not_open(self):
        article = self.make_article(body=f'<p><q data-expert="{self.expert.pk}">Words</q></p>')
        page = self.page(article, self.sami)
        for name, pk in (("section", self.world.pk), ("contributor", self.rana_by.pk)):
            self.assertNotContains(page, reverse(f"admin:articles_{name}_change", args=[pk]))
        self.assertContains(page, "Rana Aziz")
        self.assertNotContains(page, f'href="{reverse("admin:articles_article_changelist")}"')

    def test_a_locked_form_leads_where_its_reader_may_go(self):
        article = self.make_article(state=State.PUBLISHED)
        page = self.page(article, self.max)
        self.assertContains(page, reverse("admin:articles_section_change", args=[self.world.pk]))

    def test_who_may_make_topics_makes_one_from_the_form(self):
        page = self.page(self.make_article(), self.rana)
        self.assertContains(page, reverse("admin:newsroom_topic_add") + "?_to_field=id&amp;_popup=1")
        self.client.post(reverse("admin:newsroom_topic_add") + "?_to_field=id&_popup=1", {
            "name": "Tides", "slug": "tides", "_popup": "1", "_to_field": "id",
            "names-TOTAL_FORMS": "0", "names-INITIAL_FORMS": "0",
        })  # fmt: skip
        self.assertTrue(Topic.objects.filter(name="Tides").exists())

    def test_the_picture_desk_is_offered_no_new_topic(self):
        page = self.page(self.make_article(), self.pia)
        self.assertNotContains(page, reverse("admin:newsroom_topic_add") + "?_to_field")

    def test_the_form_says_which_topics_it_keeps(self):
        article = self.make_article()
        self.client.post(change(article), filled(self.page(article, self.rana), topics=[self.topic.pk]))
        self.assertEqual(list(article.topics.all()), [self.topic])


class QueryTests(DeskTestCase):
    def queries(self, article):
        self.client.force_login(self.edith)
        self.client.get(change(article))
        with CaptureQueriesContext(connection) as asked:
            self.client.get(change(article))
        return len(asked)

    def test_many_rows_cost_the_form_as_many_queries_as_one(self):
        article = self.make_article()
        article.attributions.create(description="a source", reason="fear")
        article.appearances.create(expert=self.expert)
        before = self.queries(article)
        for n in range(4):
            article.bylines.create(contributor=Contributor.objects.create(name=f"Writer {n}"), order=n + 1)
            article.attributions.create(description=f"source {n}", reason="fear", approved_by=self.max)
            article.appearances.create(expert=Expert.objects.create(display_name=f"Expert {n}"), order=n + 1)
        self.assertEqual(self.queries(article), before)
        shown = self.client.get(change(article))
        self.assertContains(shown, "Writer 3</bdi>")
        self.assertContains(shown, "Expert 3</bdi>")

    def test_a_reporters_draft_opens_with_few_queries(self):
        article = self.make_article(body=f'<p><q data-expert="{self.expert.pk}">Words</q>, he said.</p>')
        self.client.force_login(self.rana)
        self.client.get(change(article))
        # Session, person, paper, roles; the story and how it stands; its sections and topics; its quotations, names,
        # people and sources; the notes; the staff and the sections to choose from.
        with self.assertNumQueries(15):
            self.client.get(change(article))

    def test_a_locked_form_asks_once_for_what_it_shows(self):
        self.assertLessEqual(self.queries(self.make_article(state=State.PUBLISHED)), 18)

    def test_who_may_judge_a_submitted_story_costs_seven_queries_more(self):
        # Who has written it is asked of its submissions, bylines and versions.
        self.assertLessEqual(self.queries(self.make_article(state=State.SUBMITTED)), 22)

    def test_a_long_history_costs_the_form_no_query_more(self):
        article = self.make_article()
        before = self.queries(article)
        for number in range(4):
            Article.objects.filter(pk=article.pk).update(standfirst=f"Take {number}")
            article.refresh_from_db()
            writing.save_revision(article, by=self.rana, seen_version=article.version)
        self.assertEqual(self.queries(article), before)


class RowsWithoutScriptsTests(DeskTestCase):
    """Rows are drawn by a script; under them are plain boxes, the last row an empty one for those without it."""

    def setUp(self):
        self.article = self.make_article()
        self.client.force_login(self.rana)
        self.page = self.client.get(change(self.article))

    def test_an_empty_row_left_alone_is_no_name(self):
        self.assertRedirects(self.client.post(change(self.article), filled(self.page)), change(self.article),
                             fetch_redirect_response=False)  # fmt: skip
        self.assertEqual(self.article.bylines.count(), 1)

    def test_the_empty_row_takes_a_name(self):
        other = Contributor.objects.create(name="Teo Lindqvist")
        data = filled(self.page, **{"bylines-1-contributor": str(other.pk)})
        self.client.post(change(self.article), data)
        self.assertEqual([str(line) for line in self.article.bylines.all()], ["Rana Aziz", "Teo Lindqvist"])

    def test_a_row_that_is_ticked_is_taken_out(self):
        self.client.post(change(self.article), filled(self.page, **{"bylines-0-DELETE": "on"}))
        self.assertEqual(self.article.bylines.count(), 0)

    def test_a_reader_of_the_form_gets_no_box_and_no_button_to_add(self):
        self.client.force_login(self.leo)
        page = self.client.get(change(self.article))
        self.assertContains(page, "Rana Aziz")
        self.assertNotContains(page, "data-row-add")
        self.assertNotContains(page, "bylines-0-contributor")


class PanelTests(DeskTestCase):
    def panels(self, article, user):
        self.client.force_login(user)
        return {panel.name: panel for panel in self.client.get(change(article)).context["panels"]}

    def looked_at(self, article, user):
        """What the panels say once the checklist has come."""
        self.client.force_login(user)
        page = reverse("admin:articles_article_checklist", args=[article.pk])
        return self.client.get(page, headers={"accept": "application/json"}).json()["panels"]

    def test_a_closed_panel_says_what_is_in_it(self):
        article = self.make_article(body=f'<p><q data-expert="{self.expert.pk}">Words</q>, he said.</p>')
        says = {name: panel.says for name, panel in self.panels(article, self.rana).items()}
        self.assertEqual(says["filing"], "World, Shipping")
        self.assertEqual(says["people"], "1 person, 1 quotation")
        self.assertEqual(says["byline"], "Rana Aziz")
        self.assertEqual(says["planning"], "No date")

    def test_a_panel_that_wants_something_says_so(self):
        article = self.make_article(topics=False)
        article.attributions.create(description="an official", reason="fears for the job")
        panels = self.looked_at(article, self.edith)
        self.assertEqual(panels["sources"], {"says": "1 unnamed: 1 to settle", "tone": "error"})
        self.assertEqual(panels["filing"], {"says": "World: 1 to weigh", "tone": "warning"})
        self.assertEqual(panels["byline"]["tone"], "")

    def test_a_panel_with_a_refused_box_is_open(self):
        article = self.make_article()
        self.client.force_login(self.rana)
        data = filled(self.client.get(change(article)), language="no language")
        answer = self.client.post(change(article), data)
        opened = [panel.name for panel in answer.context["panels"] if panel.open]
        self.assertEqual(opened, ["checklist", "filing"])


class HoldTests(DeskTestCase):
    def primary(self, article, user):
        self.client.force_login(user)
        return self.client.get(change(article)).context["bar"]["primary"]

    def test_on_hold_publish_is_not_the_red_button(self):
        article = self.make_article(state=State.APPROVED)
        self.assertEqual(self.primary(article, self.max)["name"], "publish")
        take.take(article, "hold", by=self.max, seen=take.seen_token(article), note="wait for the court")
        self.assertEqual(self.primary(article, self.max)["name"], "release")
        # Dana neither put the hold nor may lift it: she may still look, and nothing is proposed.
        self.assertIsNone(self.primary(article, self.dana))

    def test_a_held_draft_is_still_submitted(self):
        article = self.make_article()
        take.take(article, "hold", by=self.max, seen=take.seen_token(article), note="wait")
        self.assertEqual(self.primary(article, self.rana)["name"], "submit")


class PlaceTests(DeskTestCase):
    def test_approving_a_source_leaves_one_where_one_was(self):
        article = self.make_article()
        article.attributions.create(description="an aide", reason="fears for the job")
        row = article.attributions.create(description="an official", reason="fears for the job")
        writing.save_revision(article, by=self.rana, seen_version=1)
        self.client.force_login(self.edith)
        page = self.client.get(change(article))
        answer = self.client.post(change(article), filled(page, _approve_source=str(row.pk)))
        self.assertEqual(answer["Location"], change(article) + "#attributions-1")
        self.assertContains(self.client.get(change(article)), 'id="attributions-1"')

    def test_signing_off_leaves_one_at_the_sign_offs(self):
        article = self.make_article()
        self.client.force_login(self.edith)
        page = self.client.get(change(article))
        answer = self.client.post(change(article), filled(page, _sign="facts"))
        self.assertEqual(answer["Location"], change(article) + "#status-title")
        page = self.client.get(reverse("admin:articles_article_checklist", args=[article.pk]))
        self.assertContains(page, 'id="status-title"')

    def test_agreeing_to_a_quote_leaves_one_at_its_speaker(self):
        article = self.make_article(body=f'<p><q data-expert="{self.expert.pk}">Words</q></p>')
        record = QuoteRecord.objects.get()
        self.client.force_login(self.rana)
        page = reverse("admin:articles_article_people", args=[article.pk])
        data = {"_act": "terms", "version": article.version, "_agree": record.uid}
        answer = self.client.post(page, data)
        self.assertEqual(answer["Location"], f"{page}#person-{self.expert.pk}")
        self.assertContains(self.client.get(page), f'id="person-{self.expert.pk}"')


class OriginTests(DeskTestCase):
    def start(self, origin):
        self.client.force_login(self.rana)
        data = {"catchline": origin, "genre": "news", "origin": origin, "language": "en", "_start": "1"}
        self.client.post(reverse("admin:articles_article_add"), data)
        return [line.contributor for line in Article.objects.get(catchline=origin).bylines.all()]

    def test_copy_from_elsewhere_starts_without_a_staff_byline(self):
        for origin in ("agency", "freelance", "contributed"):
            self.assertEqual(self.start(origin), [], origin)

    def test_a_story_of_the_staff_starts_with_its_writers_byline(self):
        for origin in ("staff", "handout"):
            self.assertEqual(self.start(origin), [self.rana_by], origin)


class CorrectedPeopleTests(DeskTestCase):
    def setUp(self):
        self.image = images.take_in(jpeg(), by=self.pia, alt="Boats", credit="Photo: Nobody")
        body = f'<p><q data-expert="{self.expert.pk}">Words</q>, he said.</p>'
        self.article = self.make_article(body=body, lead_image=self.image, lead_caption="Boats at dawn.")
        self.article.appearances.update(attribution_as_printed="harbour master")
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        self.take("submit", self.rana)
        self.take("approve", self.edith)
        self.take("publish", self.max, waive=["*"], waive_note="a test")
        self.other = Contributor.objects.create(name="Teo Lindqvist")
        self.agency = Agency.objects.create(name="Coast Wire")

    def take(self, name, by, **asked):
        take.take(self.article, name, by=by, seen=take.seen_token(self.article), **asked)
        self.article.refresh_from_db()

    def page(self, name):
        return reverse("admin:articles_article_move", args=[self.article.pk, name])

    def draft(self, **changes):
        """Rana drafts a correction as a browser would send it."""
        self.client.force_login(self.rana)
        answer = self.client.get(self.page("correct"))
        form = answer.context["form"]
        data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "")}
        data |= {
            "was": "a",
            "became": "b",
            "reader_text": "It was wrong.",
            "words_stay": "on",
            "seen": answer.context["seen"],
        }
        response = self.client.post(self.page("correct"), data | changes)
        self.assertEqual(response.status_code, 302, response.content.decode()[-3000:])
        return CorrectionDraft.objects.get()

    def confirm(self, draft):
        self.client.force_login(self.edith)
        shown = self.client.get(self.page("confirm-correction"))
        data = {"draft": draft.pk, "seen": shown.context["seen"]}
        self.assertEqual(self.client.post(self.page("confirm-correction"), data).status_code, 302)
        return shown, self.article.editions.live().get().text.data

    def test_a_correction_that_changes_nothing_of_people_holds_nothing(self):
        self.assertEqual(self.draft().changes, {})

    def test_a_printed_title_is_corrected(self):
        title = {f"title_{self.expert.pk}": "former harbour master"}
        shown, data = self.confirm(self.draft(**title))
        self.assertContains(shown, "former")
        self.assertEqual([p["attribution"] for p in data["people"]], ["former harbour master"])
        self.assertEqual(self.article.appearances.get().attribution_as_printed, "former harbour master")

    def test_a_byline_is_corrected(self):
        shown, data = self.confirm(
            self.draft(byline_0=self.other.pk, byline_1=self.rana_by.pk, byline_role_1="additional")
        )
        self.assertContains(shown, "Teo Lindqvist")
        self.assertEqual([(b["name"], b["role"]) for b in data["bylines"]],
                         [("Teo Lindqvist", "writer"), ("Rana Aziz", "additional")])  # fmt: skip
        self.assertEqual(Byline.objects.filter(article=self.article).count(), 2)
        self.assertContains(self.client.get(self.article.editions.live().get().path), "Teo Lindqvist")

    def test_caption_and_credit_of_the_picture_are_corrected(self):
        shown, data = self.confirm(self.draft(lead_caption="Boats at dusk.", lead_credit="Photo: Ann Ray"))
        self.assertContains(shown, "Ann Ray")
        self.assertEqual(
            (data["lead_image"]["caption"], data["lead_image"]["credit"]), ("Boats at dusk.", "Photo: Ann Ray")
        )
        self.image.refresh_from_db()
        self.assertEqual(self.image.credit, "Photo: Ann Ray")

    def test_an_agencys_credit_is_corrected(self):
        shown, data = self.confirm(self.draft(credit=self.agency.pk))
        self.assertContains(shown, "Coast Wire")
        self.assertEqual(data["credit"], {"name": "Coast Wire"})
        self.article.refresh_from_db()
        self.assertEqual(self.article.credit, self.agency)
