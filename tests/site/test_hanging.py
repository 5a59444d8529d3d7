"""A storage, a mail server or a cache that does not answer holds nobody up, and loses nothing that was typed."""

import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

from django.core import mail as outbox
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client, TransactionTestCase, override_settings
from environ import Env

from articles.actions import images
from articles.models import Comment, Image
from articles.site.discuss import form_token
from newsroom import clock, compat, counting, mail, services
from newsroom.errors import Unavailable
from newsroom.pictures import renditions
from tests.base import NOON, DeskTestCase
from tests.hanging import hanging, s3
from tests.newsroom.test_uploads import drawn, sent
from tests.site.base import SiteTestCase

STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def in_bucket(port):
    url = f"s3://key:secret@127.0.0.1:{port}/pictures?region=eu-west-1"
    return override_settings(STORAGES={"default": services.s3_storage(url), "staticfiles": STATIC})


class Quick:
    """How long something took, in seconds."""

    def __enter__(self):
        self._began = time.monotonic()
        return self

    def __exit__(self, *error):
        self.seconds = time.monotonic() - self._began


class StorageTests(SiteTestCase):
    def setUp(self):
        self.addCleanup(setattr, renditions, "_waiting", renditions._waiting)
        renditions._waiting = renditions.Waiting()

    def published(self):
        image = images.take_in(sent(drawn(2000, 1200)), by=self.pia, alt="Tugs", credit="Pia")
        self.publish(lead_image=image)
        return image

    def get(self, url):
        with clock.frozen(NOON):
            return Client().get(url)

    def test_a_picture_that_was_made_costs_no_call_to_the_storage(self):
        with s3() as (port, bucket), in_bucket(port):
            image = self.published()
            made = image.url(960, "avif")
            self.assertEqual(self.get(made).status_code, 302)  # made now
            bucket.asked.clear()
            for url in (image.url(640), image.url(1280), made):
                for _ in range(3):
                    self.assertEqual(self.get(url).status_code, 302)
            self.assertEqual(dict(bucket.asked), {})
            self.assertTrue(any(name.endswith("/960.avif") for name in bucket.files))

    def test_what_the_bucket_holds_is_the_picture(self):
        with s3() as (port, _), in_bucket(port):
            image = self.published()
            with default_storage.open(renditions.name(image.token, 640, "jpg")) as file:
                self.assertTrue(file.read().startswith(b"\xff\xd8"))

    def test_pictures_already_made_are_given_while_the_storage_hangs(self):
        with s3() as (port, _), in_bucket(port):
            image = self.published()
        with hanging() as port, in_bucket(port), Quick() as took:
            self.assertEqual(self.get(image.url(640)).status_code, 302)
        self.assertLess(took.seconds, 1)

    def test_a_picture_still_to_be_made_is_a_503_where_the_storage_hangs(self):
        with s3() as (port, _), in_bucket(port):
            image = self.published()
        with hanging() as port, in_bucket(port), self.assertLogs("newsroom.pictures.renditions", "ERROR"):
            with Quick() as took:
                response = self.get(image.url(320, "avif"))
            self.assertEqual((response.status_code, response["Retry-After"]), (503, "5"))
            self.assertLess(took.seconds, 10)
            with Quick() as took:
                self.assertEqual(self.get(image.url(480, "avif")).status_code, 503)
            self.assertLess(took.seconds, 0.5)

    def test_an_upload_while_the_storage_hangs_gives_the_words_back(self):
        self.client.force_login(self.pia)
        with hanging() as port, in_bucket(port), Quick() as took:
            response = self.client.post(
                "/admin/articles/image/add/", {"file": sent(drawn()), "alt": "Two tugs at a quay", "credit": "Pia"}
            )
        self.assertContains(response, "could not be stored just now", status_code=400)
        self.assertContains(response, "Two tugs at a quay", status_code=400)
        self.assertFalse(Image.objects.exists())
        self.assertLess(took.seconds, 20)

    def test_an_upload_that_fails_half_way_leaves_no_files(self):
        with s3() as (port, bucket), in_bucket(port):
            bucket.refuses = "renditions"
            with self.assertRaises(Unavailable):
                images.take_in(sent(drawn(2000, 1200)), by=self.pia, alt="Tugs")
            self.assertEqual((bucket.files, Image.objects.count()), ({}, 0))

    def test_a_full_disk_leaves_no_files(self):
        def left():
            root = default_storage.path("")
            return sorted(os.path.join(at, name) for at, _, names in os.walk(root) for name in names)

        before = left()
        full = mock.patch("newsroom.pictures.storage.sync", side_effect=OSError(28, "No space left on device"))
        with full, self.assertRaises(Unavailable):
            images.take_in(sent(drawn(2000, 1200)), by=self.pia, alt="Tugs")
        self.assertEqual((left(), Image.objects.count()), (before, 0))

    def test_files_are_on_the_disk_before_their_row_and_only_renditions_are_open(self):
        with mock.patch("os.fsync") as synced:
            image = images.take_in(sent(drawn(2000, 1200)), by=self.pia, alt="Tugs")
        self.assertGreaterEqual(synced.call_count, 6)  # three files and their folders
        modes = [
            stat.S_IMODE(os.stat(default_storage.path(name)).st_mode)
            for name in (image.original.name, renditions.name(image.token, 640, "jpg"))
        ]
        self.assertEqual(modes, [0o600, 0o644])

    def test_a_logo_that_cannot_be_stored_gives_the_form_back(self):
        self.client.force_login(self.max)
        page = self.client.get("/admin/newsroom/publication/1/change/")
        data = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
        with hanging() as port, in_bucket(port):
            response = self.client.post(
                "/admin/newsroom/publication/1/change/", data | {"logo": sent(drawn()), "tagline": "What we typed"}
            )
        self.assertContains(response, "could not be stored just now", status_code=400)
        self.assertContains(response, "What we typed", status_code=400)


class ThreadTests(TransactionTestCase):
    """Twenty-four readers ask for pictures that hang, in threads as a server has them."""

    def test_waiting_readers_leave_threads_for_everybody_else(self):
        waiting = renditions.Waiting()
        waiting.PATIENCE = 0.2

        def wait(_):
            try:
                with waiting.turn():
                    time.sleep(1)
                    return "waited"
            except renditions.Busy:
                return "busy"

        with ThreadPoolExecutor(24) as crowd, Quick() as took:
            came = list(crowd.map(wait, range(24)))
        self.assertEqual(came.count("waited"), renditions.Waiting.ROOM)
        self.assertLess(took.seconds, 3)


class CacheTests(SiteTestCase):
    def setUp(self):
        self.edition = self.publish(discussion="pre")
        self.addCleanup(counting._own.clear)
        self.addCleanup(setattr, counting, "_down_until", 0.0)

    def cache_at(self, port):
        config = Env.cache_url_config(f"rediscache://127.0.0.1:{port}/0")
        return override_settings(CACHES={"default": services.with_cache_limits(config)})

    def comment(self, text):
        uid = self.edition.article.uid
        with clock.frozen(NOON):
            return self.client.post(
                f"/discuss/{uid}/",
                {"name": "Ada", "body": text, "token": form_token(uid, NOON.date())},
                headers={"sec-fetch-site": "same-origin"},
            )

    def test_a_readers_comment_survives_a_cache_that_hangs_or_is_down(self):
        with hanging() as port, self.cache_at(port), Quick() as took, self.assertLogs("newsroom.counting", "ERROR"):
            self.assertEqual(self.comment("Redis hangs").status_code, 302)
        self.assertLess(took.seconds, 4)
        counting._down_until = 0.0
        with self.cache_at(9), self.assertLogs("newsroom.counting", "ERROR"):
            self.assertEqual(self.comment("Redis is down").status_code, 302)
        self.assertEqual(Comment.objects.count(), 2)

    def test_a_flood_is_slowed_down_without_the_cache_too(self):
        with self.cache_at(9), self.assertLogs("newsroom.counting", "ERROR"):
            statuses = [self.comment(f"Take {number}").status_code for number in range(5)]
        self.assertEqual(statuses, [302, 302, 302, 400, 400])

    def test_the_cache_is_asked_again_after_a_while(self):
        with self.cache_at(9), self.assertLogs("newsroom.counting", "ERROR"):
            counting.count("tries", 60)
        self.assertEqual((counting.count("tries", 60), counting.counted("tries")), (2, 2))
        counting._down_until = 0.0
        caches["default"].delete("tries")
        self.assertEqual(counting.count("tries", 60), 1)


class MailTests(DeskTestCase):
    def setUp(self):
        self.addCleanup(setattr, mail, "_down_until", 0.0)

    def server_at(self, port):
        config = Env.email_url_config(f"smtp://desk:secret@127.0.0.1:{port}")
        made = compat.mail_settings(config)
        if "MAILERS" not in made:
            made = {name: value for name, value in made.items() if name.startswith("EMAIL_")}
        return override_settings(**made)

    def test_a_mail_server_that_hangs_holds_nobody_up(self):
        with (
            hanging() as port,
            self.server_at(port),
            Quick() as took,
            self.assertLogs("newsroom.mail", "ERROR") as log,
            self.captureOnCommitCallbacks(execute=True),
        ):
            for number in range(5):
                mail.send_on_commit(f"Secret harbour {number}", "Words", ["edith@paper.example"])
        self.assertLess(took.seconds, 8)
        self.assertEqual(len(log.output), 5)
        self.assertNotIn("harbour", str(log.output))
        self.assertNotIn("edith", str(log.output))

    def test_a_mail_goes_out_once_it_is_certain(self):
        with self.captureOnCommitCallbacks(execute=True):
            mail.send_on_commit(
                "A headline\nof two lines", "Words", ["edith@paper.example"], reply_to=["d@paper.example"]
            )
        [sent_mail] = outbox.outbox
        self.assertEqual((sent_mail.subject, sent_mail.reply_to), ("A headline of two lines", ["d@paper.example"]))
        with self.captureOnCommitCallbacks(execute=True), transaction.atomic():
            mail.send_on_commit("Never", "Words", ["edith@paper.example"])
            transaction.set_rollback(True)
        self.assertEqual(len(outbox.outbox), 1)
