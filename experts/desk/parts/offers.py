"""The values that inputs of a card's parts offer while somebody types."""

from django.db.models import Count

from newsroom import languages
from newsroom.models import Topic

from ...models import Organisation
from .readiness import ZONES

TOPICS_LISTED = ORGANISATIONS_LISTED = 2000


def input_offers(lists):
    """{name of a list: [(value, label)]} that inputs offer while somebody types."""
    offers = {
        "languages": lambda: languages.OFFERED,
        "organisations": organisation_offers,
        "zones": lambda: [(zone, "") for zone in ZONES],
        "topics": lambda: [
            (name, "") for name in Topic.objects.in_use().values_list("name", flat=True)[:TOPICS_LISTED]
        ],
    }
    return {name: offers[name]() for name in lists}


def organisation_offers():
    """[(name, name in its own script)] of the organisations with the most roles."""
    known = Organisation.objects.annotate(roles=Count("affiliations")).order_by("-roles", "name")
    return list(known.values_list("name", "native_name")[:ORGANISATIONS_LISTED])
