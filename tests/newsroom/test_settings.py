"""Settings: what the environment says, and what stops the start."""

import json
import os
import subprocess
import sys

from django.conf import settings
from django.test import SimpleTestCase

# The settings of a fresh process, without the .env of whoever runs the tests.
ASK = (
    "import environ, json, sys; environ.Env.read_env = lambda *a, **k: None\n"
    "from newsroom import settings\n"
    "print(json.dumps([getattr(settings, name, None) for name in sys.argv[1:]], default=str))"
)
SET_BY_TESTS = ("SECRET_KEY", "DEBUG", "SITE_URL", "DATABASE_URL", "CACHE_URL", "STORAGE_URL", "EMAIL_URL", "HTTPS",
                "DJANGO_ALLOW_ASYNC_UNSAFE")  # fmt: skip  # the last: by the browser tests


def process(command, **variables):
    environment = {key: value for key, value in os.environ.items() if key not in SET_BY_TESTS} | variables
    return subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120, check=False
    )


def ask(*names, **variables):
    """The values of settings in an environment."""
    ran = process([sys.executable, "-c", ASK, *names], **variables)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


class SettingsTests(SimpleTestCase):
    def test_the_server_does_not_start_without_a_secret(self):
        ran = process([sys.executable, "-c", ASK])
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("SECRET_KEY", ran.stderr)

    def test_only_development_has_a_default_secret(self):
        self.assertEqual(ask("SECRET_KEY", DEBUG="on"), ["development only"])

    def test_development_is_off_by_default(self):
        self.assertEqual(ask("DEBUG", SECRET_KEY="x"), [False])

    def test_the_database_is_sqlite_beside_manage_py_by_default(self):
        [databases] = ask("DATABASES", SECRET_KEY="x")
        self.assertEqual(databases["default"]["NAME"], str(settings.BASE_DIR / "db.sqlite3"))
        self.assertEqual(databases["default"]["OPTIONS"]["transaction_mode"], "IMMEDIATE")
        self.assertNotIn("ATOMIC_REQUESTS", {k: v for k, v in databases["default"].items() if v})

    def test_the_database_is_postgresql_where_its_address_says_so(self):
        [databases] = ask("DATABASES", SECRET_KEY="x", DATABASE_URL="postgres://paper:secret@db.example:5433/courier")
        database = databases["default"]
        self.assertEqual(database["ENGINE"], "django.db.backends.postgresql")
        self.assertEqual((database["HOST"], database["PORT"], database["NAME"]), ("db.example", 5433, "courier"))
        self.assertNotIn("transaction_mode", database.get("OPTIONS", {}))

    def test_https_brings_its_cookies_and_headers(self):
        names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
        self.assertEqual(ask(*names, SECRET_KEY="x", SITE_URL="https://paper.example"), [True, True, True, 31536000])
        self.assertEqual(ask(*names, SECRET_KEY="x", SITE_URL="http://paper.example"), [None] * 4)

    def test_forwarded_headers_count_only_behind_a_named_proxy(self):
        site = {"SECRET_KEY": "x", "SITE_URL": "https://paper.example"}
        self.assertEqual(ask("SECURE_PROXY_SSL_HEADER", **site), [None])
        header = ["HTTP_X_FORWARDED_PROTO", "https"]
        self.assertEqual(ask("SECURE_PROXY_SSL_HEADER", **site, PROXIES="1"), [header])

    def test_pictures_in_s3_are_private_and_their_addresses_short_lived(self):
        url = "s3://key:secret@127.0.0.1:9000/pictures?region=eu-west-1"
        [storages] = ask("STORAGES", SECRET_KEY="x", STORAGE_URL=url)
        options = storages["default"]["OPTIONS"]
        self.assertEqual((options["bucket_name"], options["endpoint_url"]), ("pictures", "http://127.0.0.1:9000"))
        self.assertEqual((options["default_acl"], options["querystring_auth"]), ("private", True))
        self.assertLessEqual(options["querystring_expire"], 60)

    def test_mail_is_sent_as_its_address_says(self):
        url = "smtp+tls://desk%40paper.example:secret@mail.example:587"
        mailers, host, tls = ask("MAILERS", "EMAIL_HOST", "EMAIL_USE_TLS", SECRET_KEY="x", EMAIL_URL=url)
        if mailers:  # Django 6.1 and later
            options = mailers["default"]["OPTIONS"]
            host, tls = options["host"], options["use_tls"]
            self.assertEqual((options["username"], options["port"]), ("desk@paper.example", 587))
        self.assertEqual((host, tls), ("mail.example", True))

    def test_secrets_in_addresses_may_hold_any_character(self):
        secret = "a/b+c@d:e%25#?"
        for written in ("a/b+c@d:e%25%23%3F", "a%2Fb%2Bc%40d%3Ae%2525%23%3F"):
            expected = secret.replace("%25", "%") if written.startswith("a/") else secret
            storages, databases = ask(
                "STORAGES", "DATABASES", SECRET_KEY="x", STORAGE_URL=f"s3://key:{written}@127.0.0.1:9000/pictures",
                DATABASE_URL=f"postgres://paper:{written}@db.example/courier",
            )  # fmt: skip
            options = storages["default"]["OPTIONS"]
            self.assertEqual((options["access_key"], options["secret_key"]), ("key", expected))
            self.assertEqual(databases["default"]["PASSWORD"], expected)
            host, password, mailers = ask(
                "EMAIL_HOST", "EMAIL_HOST_PASSWORD", "MAILERS", SECRET_KEY="x",
                EMAIL_URL=f"smtp+tls://desk@paper.example:{written}@mail.example:587",
            )  # fmt: skip
            if mailers:
                host, password = mailers["default"]["OPTIONS"]["host"], mailers["default"]["OPTIONS"]["password"]
            self.assertEqual((host, password), ("mail.example", expected))

    def test_an_address_that_cannot_be_read_is_named_and_not_printed(self):
        for name, value in (
            ("EMAIL_URL", "smtp://desk:Hush-hush/1@mail.example:port"),
            ("STORAGE_URL", "s3://key:Hush-hush/1@127.0.0.1:9000"),
            ("DATABASE_URL", "postgres://paper:Hush-hush/1@db.example:port/x"),
            ("CACHE_URL", "nothing://:Hush-hush/1@cache.example"),
        ):
            ran = process([sys.executable, "-c", ASK], SECRET_KEY="x", **{name: value})
            self.assertNotEqual(ran.returncode, 0, name)
            self.assertIn(f"{name} cannot be read as an address", ran.stderr)
            self.assertNotIn("ush-", ran.stderr, name)

    def test_no_service_is_waited_for_without_a_limit(self):
        caches, databases, timeout, mailers = ask(
            "CACHES", "DATABASES", "EMAIL_TIMEOUT", "MAILERS", SECRET_KEY="x", CACHE_URL="rediscache://cache.example/1",
            DATABASE_URL="postgres://db.example/x", EMAIL_URL="smtp://mail.example",
        )  # fmt: skip
        limits = caches["default"]["OPTIONS"]
        self.assertLessEqual(max(limits["socket_timeout"], limits["socket_connect_timeout"]), 2)
        self.assertLessEqual(databases["default"]["OPTIONS"]["connect_timeout"], 10)
        self.assertLessEqual(mailers["default"]["OPTIONS"]["timeout"] if mailers else timeout, 10)

    def test_no_cache_stands_before_a_page(self):
        self.assertFalse([name for name in settings.MIDDLEWARE if "cache" in name.lower()])

    def test_the_deployment_checks_pass(self):
        site = {
            "SECRET_KEY": "qD4_ZP7dhsS8-Xk2mR9vLw0yTgB5cNfJ1uEaH6oIxK3pQzWe-tR7",
            "FIELD_KEYS": "another-long-secret-that-only-seals-restricted-details",
            "SITE_URL": "https://paper.example",
        }
        check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        ran = process(check, **site, DEBUG="off", DATABASE_URL="sqlite:///:memory:", EMAIL_URL="smtp://mail.example:25")
        self.assertEqual(ran.returncode, 0, ran.stderr)
