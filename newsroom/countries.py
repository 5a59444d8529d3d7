"""The names of countries, as the desk prints them for a code (ISO 3166-1 alpha-2)."""

from functools import cache

import pycountry

# The paper's own names, where the standard's are longer than anybody says them, and a code that it does not have.
HOUSE_NAMES = {
    "BN": "Brunei", "BQ": "Bonaire", "CC": "Cocos Islands", "CD": "DR Congo", "FK": "Falkland Islands",
    "FM": "Micronesia", "MF": "Saint Martin", "PS": "Palestine", "RE": "Reunion", "RU": "Russia",
    "SH": "Saint Helena", "SX": "Sint Maarten", "VA": "Vatican", "VG": "British Virgin Islands",
    "VI": "U.S. Virgin Islands", "XK": "Kosovo",
}  # fmt: skip


@cache
def country_names():
    """Every country's name by its code."""
    listed = {row.alpha_2: getattr(row, "common_name", row.name) for row in pycountry.countries}
    return listed | HOUSE_NAMES


def country_name(code):
    """The name of a country; the code itself where none is known, "" for none."""
    return country_names().get(code, code)
