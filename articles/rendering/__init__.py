"""An edition's stored page and card: made from its frozen words alone, and made again when templates change.

What lives (related cards, pictures whose rights may end, links to profiles) is a hole in the
stored HTML, filled when somebody reads it; see `articles/site/living.py`.
"""

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ..body.render import monogram
from ..models import Edition, Rendering
from .page import HEAD_ENDS, Facts, House, card, direction, main

__all__ = [
    "HEAD_ENDS", "TEMPLATE_VERSION", "direction", "is_current", "make", "monogram",
    "remade", "render", "stored",
]  # fmt: skip

# Raise it when a template or block that a rendering uses changes; tests/site/test_rendering.py fails until then.
TEMPLATE_VERSION = 1


def make(edition):
    """Render an edition and store it; the gate calls this as it opens one."""
    house = House.now()
    if edition.is_tombstone:
        return None
    return _store(edition, *render(edition, house), house)


def render(edition, house=None):
    """(card_html, main_html) of an edition from its frozen words; nothing is stored.

    `main_html` is the page's own part of the head, HEAD_ENDS, and the story.
    """
    house = house or House.now()
    with timezone.override(house.publication.zone):
        facts = Facts.of(edition)
        return card(edition, facts), main(edition, facts, house)


def is_current(row_versions, version):
    """Whether a stored rendering's (template_version, rendering_version) are those of now."""
    return row_versions == (TEMPLATE_VERSION, version)


def stored(edition):
    """The current Rendering of an edition, made again if templates or names have changed since."""
    return remade([edition.pk])[edition.pk]


def remade(pks):
    """Current Renderings of editions by id, made again where they are old or missing.

    They are kept if that needs no waiting: a reader's page never queues behind a writer.
    """
    house = House.now()
    made = {}
    for edition in Edition.objects.filter(pk__in=pks).select_related("text", "rendering", "section"):
        old = getattr(edition, "rendering", None)
        if old and is_current((old.template_version, old.rendering_version), house.version):
            made[edition.pk] = old
        elif not edition.is_tombstone:
            html = render(edition, house)
            made[edition.pk] = _store_unless_busy(edition, *html, house)
    return made


def _unsaved(edition, card_html, main_html, house):
    return Rendering(
        edition_id=edition.pk,
        template_version=TEMPLATE_VERSION,
        rendering_version=house.version,
        card_html=card_html,
        main_html=main_html,
    )


def _store(edition, card_html, main_html, house):
    row = _unsaved(edition, card_html, main_html, house)
    Rendering.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["edition"],
        update_fields=["template_version", "rendering_version", "card_html", "main_html"],
    )
    return row


def _store_unless_busy(edition, card_html, main_html, house):
    sqlite = connection.vendor == "sqlite"
    try:
        if sqlite:
            _pragma_timeout(0)
        with transaction.atomic():
            if not sqlite:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '20ms'")
            return _store(edition, card_html, main_html, house)
    except DatabaseError:
        return _unsaved(edition, card_html, main_html, house)
    finally:
        if sqlite:
            _pragma_timeout(int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000))


def _pragma_timeout(milliseconds):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
