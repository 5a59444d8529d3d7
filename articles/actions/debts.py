"""What the desk owes a story that ran early: a second look at words approved unseen, and what a flash leaves for later.

A debt is paid by what readers have: it closes with the move, or the sign-off, after which the live edition wants it no
more, because it is there or because somebody has waived it by name. A second look alone is a move of its own.
"""

import datetime as dt

from newsroom import clock
from newsroom.errors import Refused

from .. import genres
from ..models import Debt
from . import authors, checklist
from .checklist import WARNING
from .writing import four_eyes, is_kept_from_judging

SECOND_LOOK = "second_look"
OWED = "owed"  # the level under which an edition keeps the keys of what a flash owed
LABELS = dict(Debt.KINDS)
WITHIN = {SECOND_LOOK: dt.timedelta(minutes=60)}
FLASH_WITHIN = dt.timedelta(minutes=30)
# What a flash may leave for later, by the finding's key: nothing else is let through.
FLASH = {
    "standfirst": "standfirst", "lead picture": "picture", "topic": "topic", "copy": "copy", "required:copy": "copy",
}  # fmt: skip


def owed_of_flash(content, findings, *, offered=False):
    """Of a checklist's findings those that a flash leaves for later. Raises Refused where its genre runs no flash.

    `offered`: none then, for a form that asks whether to show the tick.
    """
    if not genres.GENRES[content["genre"]].flash:
        if offered:
            return []
        raise Refused(f"{genres.GENRES[content['genre']].name} does not run as a flash.", field="flash")
    return [finding for finding in findings if finding.key in FLASH]


def kinds_of(keys):
    """The kinds of debt that the keys of findings stand for, each once."""
    return list(dict.fromkeys(FLASH[key] for key in keys))


def owe(article, kinds, *, revision, by):
    """Write down what is owed from now on. What was owed already stays due when it was."""
    at = clock.instant()
    owed = set(article.debts.owed().values_list("kind", flat=True))
    Debt.objects.bulk_create(
        Debt(article=article, kind=kind, revision=revision, by=by, since=at, due_at=at + WITHIN.get(kind, FLASH_WITHIN))
        for kind in kinds
        if kind not in owed
    )


def settle(article, kinds, *, by):
    """Close debts of a story, as paid by somebody."""
    article.debts.owed().filter(kind__in=kinds).update(closed_at=clock.instant(), closed_by=by)


def settle_paid(article, *, by):
    """Close what a flash owed and readers have by now, or miss no more. One query where nothing is owed."""
    owed = {debt.kind for debt in article.debts.owed() if debt.kind != SECOND_LOOK}
    if not owed:
        return
    edition = article.editions.live().select_related("revision").first()
    missing = set()
    if edition is not None:  # what nobody can read owes readers nothing
        found = checklist.findings_of(article, edition.revision.content)
        waived = edition.passed.get(WARNING, ())
        missing = {FLASH[f.key] for f in found if f.key in FLASH and f.key not in waived}
    if paid := owed - missing:
        settle(article, paid, by=by)


def why_not_look(article, user):
    """Why a person may not give a story the second look that it is owed, or ""."""
    debt = article.debts.owed().filter(kind=SECOND_LOOK).select_related("revision").first()
    if debt is None:
        return "No second look is owed."
    if not four_eyes():
        return ""
    if debt.by_id == user.pk or article.transitions.filter(move="approve-unseen", at__gte=debt.since, by=user).exists():
        return "You approved it unseen: somebody else gives it the second look."
    if is_kept_from_judging(article, user) or authors.wrote_revision(article, user, debt.revision, at=debt.since):
        return "You wrote, submitted or rewrote it: somebody else gives it the second look."
    return ""
