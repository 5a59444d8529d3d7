"""The names of countries: the standard's list, and the few that the paper spells its own way."""

import pycountry
from django.test import SimpleTestCase

from newsroom.countries import HOUSE_NAMES, country_name, country_names


class CountryTests(SimpleTestCase):
    def test_names_are_as_the_paper_prints_them(self):
        for code, name in (
            ("JO", "Jordan"), ("VN", "Vietnam"), ("TW", "Taiwan"), ("BO", "Bolivia"), ("KR", "South Korea"),
            ("RU", "Russia"), ("CD", "DR Congo"), ("CI", "Côte d'Ivoire"), ("TR", "Türkiye"), ("XK", "Kosovo"),
        ):  # fmt: skip
            self.assertEqual(country_name(code), name)
        self.assertEqual((country_name("QQ"), country_name("")), ("QQ", ""))

    def test_every_code_of_the_standard_has_a_name(self):
        self.assertEqual(set(country_names()), {row.alpha_2 for row in pycountry.countries} | {"XK"})
        self.assertGreaterEqual(len(country_names()), 250)

    def test_no_name_of_the_papers_own_is_needless(self):
        for code, name in HOUSE_NAMES.items():
            row = pycountry.countries.get(alpha_2=code)
            self.assertNotEqual(name, row and getattr(row, "common_name", row.name), code)
