"""Changes of the legal register: the notes of the stories that name the organisation are drawn again."""

import re

from django.db import transaction
from django.db.models import Q

from newsroom import clock
from newsroom.errors import NotAllowed

from .. import roles
from ..body.designations import may_hold_a_name
from ..models import Article, Edition, Kind
from . import freezing, gate
from .gate import Plan
from .take import locked
from .writing import record_transition


@transaction.atomic
def redraw_legal_notes(designation, *, by, old_names=()):
    """Redraw the legal notes of every live or waiting story that names the entry. Returns how many.

    Call it after the entry's rows were saved; `old_names` are names it no longer has.
    """
    if not roles.may(by, "designations"):
        raise NotAllowed("Only Legal and the managing editor change the register.")
    names = {designation.name, *old_names, *designation.aliases.values_list("name", flat=True)} - {""}
    editions = Edition.objects.filter(_may_be_named(names)).order_by()
    articles = {
        pk
        for wanted in (editions.live(), editions.waiting())
        for pk, plain in wanted.values_list("article_id", "text__plain").iterator()
        if may_hold_a_name(plain, names)
    }
    return sum(_refresh(Article(pk=pk), designation, by) for pk in sorted(articles))


def _may_be_named(names):
    """A condition for texts that may hold one of the names: the pieces that all spellings of a name share."""
    asked = Q()
    for name in names:
        pieces = re.findall("[0-9A-Za-z]+", name)
        if not pieces:
            return Q()
        asked |= Q(*(Q(text__plain__icontains=piece) for piece in pieces))
    return asked


def _refresh(article, designation, by):
    """Open a refresh of the live edition if its notes differ now, and write a waiting one again; 1 if either."""
    article = locked(article)
    live = article.editions.live().select_related("text", "revision").first()
    waiting = article.editions.waiting().select_related("text", "revision").first()
    why = f"register: {designation}"
    # What readers have now is drawn as of now, whenever it went out.
    notes = live and freezing.legal_notes(live.text.body, live, clock.instant())
    stale_live = live and notes != live.text.data["legal_notes"]
    stale_waiting = waiting and freezing.legal_notes(waiting.text.body, waiting) != waiting.text.data["legal_notes"]
    if not stale_live and not stale_waiting:
        return 0
    if waiting:  # not for long: nobody is told that a schedule of theirs was cancelled
        gate.cancel_waiting(article, clock.instant(), by=None)
    if stale_live:
        gate.open_again(article, live, Plan(Kind.REFRESH, by, why=why), legal_notes=notes)
    if waiting:
        plan = Plan(
            waiting.kind, waiting.by, waiting.live_from, why=waiting.why, line=waiting.line,
            passed=waiting.passed,
        )  # fmt: skip
        gate.open_again(article, waiting, plan, legal_notes=freezing.legal_notes(waiting.text.body, waiting))
    record_transition(article, "refresh", start=article.state, by=by, revision=article.revisions.first(), note=why)
    return 1
