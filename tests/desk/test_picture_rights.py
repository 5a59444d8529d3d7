"""Rights that end: the desk sees which live stories lose a picture before and after, and is mailed a day ahead."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions import images
from articles.actions.picture_rights import tell_of_ending_rights
from articles.desk import home
from articles.models import Contributor, Notification
from newsroom import clock
from newsroom.models import User
from tests import zones
from tests.base import NOON
from tests.newsroom.test_uploads import drawn, sent
from tests.site.base import HOUR, MINUTE, SiteTestCase
from tests.site.test_media import change_rights

from .pages import filled

pytestmark = pytest.mark.engines

DAY = dt.timedelta(days=1)
GONE, ENDING = "pictures-gone", "pictures-ending"


class RightsTestCase(SiteTestCase):
    def setUp(self):
        self.image = images.take_in(
            sent(drawn(), name="tugs.jpg"), by=self.rana, alt="Tugs", credit="Rana", title="Two tugs"
        )
        self.edition = self.publish(headline="Six ports agree", lead_image=self.image)

    def queue(self, user, name, at=NOON):
        with clock.frozen(at):
            return next((q for q in home.queues_of(User.objects.get(pk=user.pk)) if q.name == name), None)

    def stories(self, name, at=NOON, user=None):
        return [row.edition.article.headline for row in self.queue(user or self.pia, name, at).rows]

    def form(self, user=None):
        self.client.force_login(user or self.pia)
        return self.client.get(reverse("admin:articles_image_change", args=[self.image.pk]))

    def save(self, **changes):
        page = self.form()
        return self.client.post(
            reverse("admin:articles_image_change", args=[self.image.pk]), filled(page, **changes), follow=True
        )


class BeforeTests(RightsTestCase):
    def test_the_form_names_the_live_stories_that_would_lose_a_picture(self):
        self.publish(headline="Without it")
        self.schedule(at=clock.process_time() + DAY, headline="Waiting", lead_image=self.image)
        page = self.form()
        (row,) = re.findall(r"Readers see it in(.*?)</p>", page.content.decode(), re.S)
        self.assertEqual(re.findall(r"<a [^>]*>([^<]*)</a>", row), ["Six ports agree"])

    def test_the_list_of_live_stories_ends_and_says_how_many_more(self):
        for number in range(24):
            self.publish(headline=f"Port {number}", lead_image=self.image)
        page = self.form()
        self.assertContains(page, "and 5 more")
        self.assertLess(page.content.decode().count("Readers see it in"), 2)

    def test_a_picture_that_no_reader_sees_says_so(self):
        self.again(self.edition, at=NOON + HOUR, lead_image=None)
        self.assertContains(self.form(), "No live story shows it.")

    def test_the_form_says_whose_face_it_is(self):
        Contributor.objects.filter(pk=self.rana_by.pk).update(portrait=self.image)
        self.assertContains(self.form(), f"It is the portrait of {self.rana_by.name}.")

    def test_who_may_not_change_rights_sees_the_same_list(self):
        self.assertContains(self.form(self.cora), "Six ports agree")

    def test_saving_names_the_stories_that_lost_the_picture(self):
        page = self.save(restricted="on")
        self.assertContains(page, "Readers no longer see it in “Six ports agree”")
        self.assertNotContains(self.save(alt="Two tugs at a quay"), "Readers no longer see it in")


class AfterTests(RightsTestCase):
    def test_live_stories_without_their_restricted_picture_stand_on_today(self):
        self.assertEqual(self.stories(GONE), [])
        change_rights(self.image, restricted=True)
        for user in (self.pia, self.max):
            self.assertEqual(self.stories(GONE, user=user), ["Six ports agree"])
        for user in (self.rana, self.edith, self.cora, self.leo, self.mona, self.ada):
            self.assertIsNone(self.queue(user, GONE), user)

    def test_the_queue_empties_once_the_story_has_another_picture(self):
        change_rights(self.image, restricted=True)
        self.again(self.edition, at=NOON + HOUR, lead_image=None)
        self.assertEqual(self.stories(GONE, NOON + HOUR), [])

    def test_a_withdrawn_story_lacks_no_picture(self):
        change_rights(self.image, restricted=True)
        self.withdraw(self.edition, at=NOON + HOUR)
        self.assertEqual(self.stories(GONE, NOON + HOUR), [])

    def test_rights_that_end_within_a_week_are_seen_ahead_and_at_the_end(self):
        change_rights(self.image, rights_until=NOON + 8 * DAY)
        self.assertEqual(self.stories(ENDING), [])
        self.assertEqual(self.stories(ENDING, NOON + DAY + MINUTE), ["Six ports agree"])
        self.assertEqual(self.stories(GONE, NOON + 8 * DAY - MINUTE), [])
        self.assertEqual(self.stories(ENDING, NOON + 8 * DAY), [])
        self.assertEqual(self.stories(GONE, NOON + 8 * DAY), ["Six ports agree"])

    def test_today_leads_to_the_story_and_to_the_picture(self):
        change_rights(self.image, restricted=True)
        self.client.force_login(self.pia)
        page = self.client.get("/admin/")
        self.assertContains(page, "Live without a picture")
        for name, row in (("article", self.edition.article), ("image", self.image)):
            self.assertContains(page, f'href="/admin/articles/{name}/{row.pk}/change/"')
        self.assertContains(page, "Restricted.")

    def test_today_takes_as_many_queries_with_many_pictures(self):
        counts = []
        for number in (1, 30):
            for n in range(number):
                image = images.take_in(sent(drawn(40, 30)), by=self.pia, title=f"{number} {n}")
                self.publish(lead_image=image)
                change_rights(image, restricted=True)
            user = User.objects.get(pk=self.pia.pk)
            with clock.frozen(NOON), CaptureQueriesContext(connection) as caught:
                queue = next(q for q in home.queues_of(user) if q.name == GONE)
                [(str(row.image), row.edition.article.headline) for row in queue.rows]
            counts.append(len(caught))
        self.assertEqual(counts[0], counts[1])
        self.assertEqual((len(queue.rows), queue.more), (home.SHOWN, True))


class MailTests(RightsTestCase):
    def setUp(self):
        super().setUp()
        for who in (self.pia, self.max, self.rana):
            User.objects.filter(pk=who.pk).update(email=f"{who.username}@paper.example")

    def send(self, at):
        mail.outbox.clear()
        Notification.objects.all().delete()
        with clock.frozen(at), self.captureOnCommitCallbacks(execute=True):
            tell_of_ending_rights()
        return {to for message in mail.outbox for to in message.to}

    def said_to(self, user):
        return Notification.objects.get(user=user, kind="rights")

    def test_a_day_before_rights_end_the_picture_desk_is_mailed_once(self):
        end = NOON + 3 * DAY
        change_rights(self.image, rights_until=end)
        self.assertEqual(self.send(end - DAY - MINUTE), set())
        everybody = {f"{who.username}@paper.example" for who in (self.pia, self.max, self.rana)}
        self.assertEqual(self.send(end - DAY), everybody)
        told = self.said_to(self.pia)
        for words in ("Two tugs", "Six ports agree", zones.printed(end)):
            self.assertIn(words, told.text)
            self.assertNotIn(words, mail.outbox[0].subject + mail.outbox[0].body)
        self.assertEqual(told.get_absolute_url(), f"/admin/articles/image/{self.image.pk}/change/")
        self.assertEqual(self.send(end - HOUR), set())

    def test_rights_that_were_prolonged_are_mailed_about_anew(self):
        change_rights(self.image, rights_until=NOON + DAY)
        self.assertTrue(self.send(NOON))
        change_rights(self.image, rights_until=NOON + 5 * DAY)
        self.assertFalse(self.send(NOON + HOUR))
        self.assertTrue(self.send(NOON + 4 * DAY + HOUR))

    def test_nobody_is_mailed_of_pictures_that_no_reader_sees_or_that_are_gone(self):
        change_rights(self.image, rights_until=NOON + 2 * HOUR, restricted=True)
        self.assertFalse(self.send(NOON))
        change_rights(self.image, restricted=False)
        self.assertFalse(self.send(NOON + 3 * HOUR))
        self.again(self.edition, at=NOON + MINUTE, lead_image=None)
        self.assertFalse(self.send(NOON + HOUR))

    def test_several_pictures_are_one_mail_to_each(self):
        other = images.take_in(sent(drawn().rotate(90)), by=self.pia, title="A crane")
        self.publish(lead_image=other, headline="Cranes at rest")
        for image in (self.image, other):
            change_rights(image, rights_until=NOON + HOUR)
        self.send(NOON)
        self.assertIn("Six ports agree", self.said_to(self.pia).text)
        self.assertIn("Cranes at rest", self.said_to(self.pia).text)
        self.assertNotIn("Cranes at rest", self.said_to(self.rana).text)

    def test_a_superseded_edition_lists_no_story_twice(self):
        self.again(self.edition, at=NOON + MINUTE, headline="Seven ports agree")
        change_rights(self.image, rights_until=NOON + HOUR)
        self.send(NOON + 2 * MINUTE)
        self.assertEqual(self.said_to(self.pia).text.count("ports agree"), 1)
