"""A cache that several web processes share: Redis or Valkey, by its address."""

import pytest
from django.core.cache import caches
from django.test import SimpleTestCase, override_settings
from environ import Env

from ..services import address
from .test_settings import ask

URL = address("redis")


class CacheTests(SimpleTestCase):
    def test_the_cache_is_local_memory_by_default(self):
        [caches] = ask("CACHES", SECRET_KEY="x")
        self.assertEqual(caches["default"]["BACKEND"], "django.core.cache.backends.locmem.LocMemCache")

    def test_the_cache_is_redis_where_its_address_says_so(self):
        [caches] = ask("CACHES", SECRET_KEY="x", CACHE_URL="rediscache://cache.example:6379/1")
        self.assertEqual(caches["default"]["BACKEND"], "django.core.cache.backends.redis.RedisCache")


@pytest.mark.skipif(not URL, reason="No Redis answers on 127.0.0.1:6379.")
class RedisTests(SimpleTestCase):
    def setUp(self):
        settings = override_settings(CACHES={"default": Env.cache_url_config(URL) | {"KEY_PREFIX": "newsroom-tests"}})
        settings.enable()
        self.addCleanup(settings.disable)
        self.cache = caches["default"]
        self.addCleanup(self.cache.delete_many, ["tries"])

    def test_redis_keeps_and_counts_for_all_processes(self):
        self.assertTrue(self.cache.add("tries", 1, timeout=60))
        self.assertFalse(self.cache.add("tries", 1, timeout=60))
        self.assertEqual(self.cache.incr("tries"), 2)
        self.assertEqual(self.cache.get("tries"), 2)
        self.assertIsNone(self.cache.get("never"))
