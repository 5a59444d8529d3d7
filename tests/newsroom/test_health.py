"""What a probe is told: whether the process answers, and whether it could serve the paper now."""

import tempfile

import pytest
from django.test import override_settings

from experts import sealing
from experts.models import PrivateChannel
from newsroom.models import Publication

from ..base import DeskTestCase

pytestmark = pytest.mark.engines

ALL = {"ok": True, "database": True, "migrated": True, "guards": True, "static": True, "keys": True, "clock": True}
PRODUCTION = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
              "staticfiles": {"BACKEND": "newsroom.web.staticfiles.StaticStorage"}}  # fmt: skip


class HealthTests(DeskTestCase):
    def ready(self):
        response = self.client.get("/readyz")
        return response.status_code, response.json()

    def seal_a_number(self):
        return PrivateChannel.objects.create(
            expert=self.expert, kind="mobile", sealed=sealing.seal("+44 20 7946 0018"), digest="x"
        )

    def test_a_server_that_lacks_nothing_is_ready(self):
        self.seal_a_number()
        self.assertEqual(self.ready(), (200, ALL))

    def test_a_server_without_its_static_files_is_not_ready(self):
        with (
            tempfile.TemporaryDirectory() as empty,
            override_settings(STATIC_ROOT=empty, STORAGES=PRODUCTION),
            self.assertLogs("newsroom.web.health", "ERROR"),
        ):
            self.assertEqual(self.ready(), (503, ALL | {"ok": False, "static": False}))

    def test_a_server_with_other_keys_than_the_books_is_not_ready(self):
        self.seal_a_number()
        with override_settings(FIELD_KEYS=["a key of some other paper"]):
            self.assertEqual(self.ready(), (503, ALL | {"ok": False, "keys": False}))
        with override_settings(FIELD_KEYS=["a newer key", sealing.settings.FIELD_KEYS[0]]):
            self.assertEqual(self.ready(), (200, ALL))

    def test_a_paper_without_sealed_details_is_ready_with_any_keys(self):
        with override_settings(FIELD_KEYS=["whichever"]):
            self.assertEqual(self.ready()[0], 200)

    @override_settings(ALLOWED_HOSTS=["paper.example"], SECURE_SSL_REDIRECT=True)
    def test_a_probe_on_loopback_is_answered_whatever_the_hosts_name(self):
        for path in ("/healthz", "/readyz"):
            for host in ("127.0.0.1:8000", "10.0.0.7", "localhost"):
                response = self.client.get(path, headers={"host": host})
                self.assertEqual((response.status_code, response["Cache-Control"]), (200, "no-store"), (path, host))
            self.assertEqual(self.client.post(path).status_code, 405)
        self.assertEqual(self.client.get("/", headers={"host": "127.0.0.1"}).status_code, 400)

    def test_health_says_nothing_of_the_paper_to_strangers(self):
        Publication.objects.update(name="The Secret Courier")
        self.assertNotIn("Secret", str(self.ready()))
