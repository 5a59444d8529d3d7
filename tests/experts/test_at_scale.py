"""The source book with 20,000 cards (5,000 where a run is short): finder, search box, lookalikes and lists are quick.

All tests share one source book, since making it takes longer than they do.
"""

import time

import pytest
from django.urls import reverse

from experts.finding import duplicates, finder, search
from experts.finding.finder import Wanted
from tests.base import DeskTestCase
from tests.extent import EVERYTHING

from .many import many

pytestmark = pytest.mark.engines

CARDS = 20_000 if EVERYTHING else 5_000
BOUND = 0.3  # seconds


@pytest.mark.slow
@pytest.mark.xdist_group("many cards")
class AtScaleTests(DeskTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        many(CARDS, by=cls.sami)

    def test_the_finder_is_quick(self):
        for wanted in (
            Wanted(topic="Iraq", language="ar", on_air=True, format="live", within=60),
            Wanted(topic="freight", language="en", within=60, verified=True),
            Wanted(topic="Shipping"),
            Wanted(country="GB", format="phone", within=60),
            Wanted(language="en", within=60),
        ):
            with self.subTest(wanted):
                self.assertTrue(finder.find_experts(wanted))
                self.assertLess(quickest(lambda: finder.find_experts(wanted), BOUND), BOUND)  # noqa: B023

    def test_the_search_box_is_quick(self):
        for words in ("smith", "الخطيب", "Mohamed Khateeb", "freight", "university of leeds", "bob clark oil", "zzzzz"):
            with self.subTest(words):
                self.assertEqual(bool(search.find_cards_by_words(words, limit=50)), words != "zzzzz")
                self.assertLess(quickest(lambda: search.find_cards_by_words(words, limit=50), BOUND), BOUND)  # noqa: B023

    def test_lookalikes_are_found_quickly(self):
        for name in ("Mohanad Al Azzeh", "محمد الخطيب", "Bob Smith", "Иван Петров", "王伟", "Allazzeh"):
            with self.subTest(name):
                self.assertLess(quickest(lambda: duplicates.find_lookalikes(name=name), BOUND), BOUND)  # noqa: B023

    def test_list_and_queues_are_quick(self):
        self.client.force_login(self.sami)
        cards, queues = (reverse(f"admin:experts_expert_{name}") for name in ("changelist", "queues"))
        for address in (cards, f"{cards}?verified=never&p=3", f"{cards}?q=smith", f"{queues}?queue=never"):
            with self.subTest(address):
                self.assertEqual(self.client.get(address).status_code, 200)
                self.assertLess(quickest(lambda: self.client.get(address), 2), 2)  # noqa: B023


def quickest(call, bound, times=12):
    """Seconds of the best of several runs, of no more than it takes to stay within the bound.

    The best says what the work takes, and not what else the machine did.
    """
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - began)
        if best < bound:
            break
    return best
