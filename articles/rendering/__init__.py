"""An edition's stored page and card: made from its frozen text, and made again when templates change.

What may change later (related cards, pictures whose rights end, links to profiles) is a hole in the stored
HTML, filled when somebody reads it; see `articles/site/living.py`.
"""

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ..body.render import monogram
from ..models import Edition, Rendering
from .frozen import FrozenStory, PaperFacts
from .page import HEAD_ENDS, render_card, render_main, text_direction

__all__ = [
    "HEAD_ENDS", "TEMPLATE_VERSION", "current_renderings", "is_current_rendering", "monogram", "render_edition",
    "rendering_of", "store_rendering", "text_direction",
]  # fmt: skip

# Raise it when a template or block that a rendering uses changes; tests/site/test_rendering.py fails until then.
TEMPLATE_VERSION = 1


def store_rendering(edition):
    """Render an edition, store the Rendering and return it; None for a tombstone, which has no stored page.

    The gate calls this as it opens an edition.
    """
    paper_facts = PaperFacts.current()
    if edition.is_tombstone:
        return None
    return _save_rendering(edition, *render_edition(edition, paper_facts), paper_facts)


def render_edition(edition, paper_facts=None):
    """(card_html, main_html) of an edition from its frozen text; nothing is stored.

    `main_html` is the page's own part of the head, HEAD_ENDS, and the story. It queries for topics, contributors
    and, if the story has legal notes, the register.
    """
    paper_facts = paper_facts or PaperFacts.current()
    with timezone.override(paper_facts.publication.zone):
        frozen = FrozenStory.of_edition(edition)
        return render_card(edition, frozen), render_main(edition, frozen, paper_facts)


def is_current_rendering(row_versions, version):
    """Whether a stored rendering's (template_version, rendering_version) are today's; `version` is the pulse's."""
    return row_versions == (TEMPLATE_VERSION, version)


def rendering_of(edition):
    """The current Rendering of an edition, made again if templates or names have changed since it was stored."""
    return current_renderings([edition.pk])[edition.pk]


def current_renderings(pks):
    """{edition id: current Rendering}, made again where it is old or missing; without tombstones.

    A new one is stored only if that needs no waiting: a reader's page never waits for somebody who writes.
    """
    paper_facts = PaperFacts.current()
    made = {}
    for edition in Edition.objects.filter(pk__in=pks).select_related("text", "rendering", "section__parent"):
        old = getattr(edition, "rendering", None)
        if old and is_current_rendering((old.template_version, old.rendering_version), paper_facts.version):
            made[edition.pk] = old
        elif not edition.is_tombstone:
            html = render_edition(edition, paper_facts)
            made[edition.pk] = _save_rendering_unless_busy(edition, *html, paper_facts)
    return made


def _unsaved_rendering(edition, card_html, main_html, paper_facts):
    return Rendering(
        edition_id=edition.pk,
        template_version=TEMPLATE_VERSION,
        rendering_version=paper_facts.version,
        card_html=card_html,
        main_html=main_html,
    )


def _save_rendering(edition, card_html, main_html, paper_facts):
    row = _unsaved_rendering(edition, card_html, main_html, paper_facts)
    Rendering.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["edition"],
        update_fields=["template_version", "rendering_version", "card_html", "main_html"],
    )
    return row


def _save_rendering_unless_busy(edition, card_html, main_html, paper_facts):
    sqlite = connection.vendor == "sqlite"
    try:
        if sqlite:
            _set_sqlite_timeout(0)
        with transaction.atomic():
            if not sqlite:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '20ms'")
            return _save_rendering(edition, card_html, main_html, paper_facts)
    except DatabaseError:
        return _unsaved_rendering(edition, card_html, main_html, paper_facts)
    finally:
        if sqlite:
            _set_sqlite_timeout(int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000))


def _set_sqlite_timeout(milliseconds):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
