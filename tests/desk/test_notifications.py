"""The bell and its page: one's own alone, no poll that costs a page, a choice of mail, and what administrators see."""

from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions import notify
from articles.models import MailChoice, Notification
from newsroom.models import Mail, Publication, TimedWork

from ..base import NOON, DeskTestCase

NEWS, BELL, PAGE = reverse("desk:news"), reverse("desk:bell"), reverse("desk:notifications")
READ, CHOICE = reverse("desk:read"), reverse("desk:mail_choice")
WORKER, AGAIN = reverse("admin:worker"), reverse("admin:mail_again")


class BellTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(headline="Tugs <b>at</b> rest")
        self.tell(self.cora, "Look at “it” <script>alert(1)</script>")
        self.client.force_login(self.cora)

    def tell(self, user, text="", **fields):
        fields = {"article": self.article, "by": self.rana} | fields
        with self.captureOnCommitCallbacks(execute=True):
            notify.tell("mention", to=[user], text=text, **fields)

    def mark(self):
        return self.client.get(NEWS).json()["mark"]

    def test_nothing_new_costs_one_query_of_its_own_and_answers_204(self):
        mark = self.mark()
        # session; user; the bell
        with self.assertNumQueries(3):
            answer = self.client.get(NEWS, {"mark": mark})
        self.assertEqual((answer.status_code, answer.content), (204, b""))
        self.assertIn("no-store", answer["Cache-Control"])
        self.tell(self.cora)
        with self.assertNumQueries(3):
            self.assertEqual(self.client.get(NEWS, {"mark": mark}).json()["unread"], 2)

    def test_the_bell_asks_as_little_of_many(self):
        Notification.objects.bulk_create(
            [Notification(user=self.cora, kind="mention", article=self.article, by=self.rob, at=NOON)] * 60
        )
        # session; user; zone of the paper; their roles; the lines
        with self.assertNumQueries(5):
            self.assertContains(self.client.get(BELL), "Rob mentioned you in a note.", count=12)
        first = self.client.get(PAGE)
        self.assertContains(first, 'class="told ', count=50)
        older = first.context["older"]
        self.assertContains(self.client.get(PAGE, {"before": older}), 'class="told ', count=11)

    def test_every_page_of_the_desk_has_the_bell_and_asks_nothing_for_it(self):
        with CaptureQueriesContext(connection) as caught:
            page = self.client.get("/admin/")
        self.assertContains(page, f'data-news="{NEWS}"')
        self.assertNotIn("notification", str([query["sql"] for query in caught]))

    def test_a_line_says_who_did_what_and_leads_there_with_hostile_words_as_words(self):
        page = self.client.get(BELL)
        self.assertContains(page, "Rana mentioned you in a note.")
        self.assertContains(page, f'href="{self.article.get_absolute_url()}"')
        self.assertContains(page, "Tugs &lt;b&gt;at&lt;/b&gt; rest")
        self.assertNotContains(page, "<script>alert")

    def test_nobody_sees_or_reads_what_another_was_told(self):
        row = Notification.objects.get()
        self.client.force_login(self.rob)
        self.assertEqual(self.client.get(NEWS).json()["unread"], 0)
        for where in (BELL, PAGE):
            self.assertNotContains(self.client.get(where), "mentioned")
        for data in ({"id": row.pk}, {"all": "1"}):
            self.client.post(READ, data)
        row.refresh_from_db()
        self.assertIsNone(row.read_at)

    def test_a_story_that_somebody_may_no_longer_read_is_gone_from_the_bell(self):
        self.cora.groups.clear()
        self.assertNotContains(self.client.get(BELL), "Tugs")
        self.assertNotContains(self.client.get(PAGE), "Tugs")

    def test_reading_one_and_reading_all(self):
        self.tell(self.cora)
        one = Notification.objects.last()
        answer = self.client.post(READ, {"id": [one.pk, "é", "999999999999999999999"]}, HTTP_ACCEPT="application/json")
        self.assertEqual(answer.status_code, 204)
        self.assertEqual(self.client.get(NEWS).json()["unread"], 1)
        self.assertRedirects(self.client.post(READ, {"all": "1"}), PAGE)
        self.assertEqual(self.client.get(NEWS).json()["unread"], 0)

    def test_reading_wants_the_forms_token(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.cora)
        self.assertEqual(client.post(READ, {"all": "1"}).status_code, 403)
        self.assertEqual(client.post(CHOICE, {"how": "off"}).status_code, 403)

    def test_who_is_not_signed_in_is_led_nowhere_by_the_poll(self):
        self.assertEqual(Client().get(NEWS).status_code, 403)


class ChoiceTests(DeskTestCase):
    def test_somebody_chooses_how_they_are_mailed_and_it_is_theirs_alone(self):
        self.client.force_login(self.cora)
        self.assertContains(self.client.get(CHOICE), "cora@paper.example")
        self.client.post(CHOICE, {"how": "digest", "kind sent back": "now", "user": self.rob.pk})
        row = MailChoice.objects.get()
        self.assertEqual((row.user, row.how, row.exceptions), (self.cora, "digest", {"sent back": "now"}))
        page = self.client.get(CHOICE)
        self.assertContains(page, 'value="digest" required id="id_how_1" checked')
        self.client.post(CHOICE, {"how": "off", "kind sent back": ""})
        row.refresh_from_db()
        self.assertEqual((row.how, row.exceptions), ("off", {}))

    def test_a_choice_that_is_none_is_refused_and_nothing_lost(self):
        self.client.force_login(self.cora)
        answer = self.client.post(CHOICE, {"how": "digest", "kind mention": "loudly", "kind approval": "off"})
        self.assertEqual(answer.status_code, 400)
        self.assertContains(answer, "loudly is not one of the available choices", status_code=400)
        self.assertContains(answer, '<option value="off" selected>', status_code=400)
        self.assertFalse(MailChoice.objects.exists())


class WorkerPageTests(DeskTestCase):
    def setUp(self):
        fields = {"subject": "Sent back: harbour", "text": "Secret words", "about": "Sent back", "made_at": NOON}
        self.mail = Mail.objects.create(
            user=self.rana, **fields, due_at=NOON, attempts=8, given_up_at=NOON,
            error="The mail server refused it (550).",
        )  # fmt: skip
        Mail.objects.create(user=self.rob, **fields, due_at=NOON)  # on its way
        self.client.force_login(self.ada)

    def test_an_administrator_sees_what_was_not_sent_and_why_but_no_word_of_it(self):
        page = self.client.get(WORKER)
        for words in ("Sent back", "Rana", "The mail server refused it (550).", "No worker seems to be running"):
            self.assertContains(page, words)
        for words in ("harbour", "Secret", "Rob"):
            self.assertNotContains(page, words)
        self.assertContains(self.client.get("/admin/"), "Mail that could not be sent")

    def test_it_is_sent_again_at_a_click(self):
        with self.captureOnCommitCallbacks(execute=True):
            answer = self.client.post(AGAIN, {"id": self.mail.pk}, follow=True)
        self.assertContains(answer, "1 mail is tried again")
        self.assertIn([self.rana.email], [sent.to for sent in outbox.outbox])
        self.assertFalse(Mail.objects.filter(pk=self.mail.pk).exists())

    def test_what_is_no_trouble_is_left_alone(self):
        fine = Mail.objects.get(user=self.rob)
        self.client.post(AGAIN, {"id": fine.pk, "drop": "1"})
        self.assertTrue(Mail.objects.filter(pk=fine.pk).exists())
        self.client.post(AGAIN, {"all": "1", "drop": "1"})
        self.assertEqual(list(Mail.objects.all()), [fine])

    def test_nobody_else_sees_or_sends_it(self):
        for user in (self.max, self.edith, self.rana):
            self.client.force_login(user)
            self.assertEqual(self.client.get(WORKER).status_code, 403)
            self.assertEqual(self.client.post(AGAIN, {"all": "1"}).status_code, 403)
            self.assertNotContains(self.client.get("/admin/"), "Mail that could not be sent")
        self.mail.refresh_from_db()
        self.assertTrue(self.mail.given_up_at)

    def test_timed_work_that_failed_is_named_with_the_kind_of_error(self):
        TimedWork.objects.create(name="mail", next_at=NOON, failed_at=NOON, error="ValueError")
        self.assertContains(self.client.get(WORKER), "(ValueError)")

    def test_the_papers_hour_for_daily_mail_is_set_with_the_house_rules(self):
        self.client.force_login(self.max)
        page = self.client.get(reverse("admin:newsroom_publication_change", args=[1]))
        self.assertContains(page, "Daily mail at")
        self.assertEqual(str(Publication.objects.get().digest_at), "07:00:00")
