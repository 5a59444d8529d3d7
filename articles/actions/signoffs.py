"""Signing a version off: copy, facts, legal, pictures; never by its author."""

from django.db import transaction

from newsroom import clock
from newsroom.errors import NotAllowed, Refused, Stale

from .. import roles
from ..models import SignOff
from ..workflow import SIGNOFF_CHOICES
from . import debts
from .states import record_transition
from .take import locked
from .writing import is_kept_from_judging


def may_sign(article, kind, user):
    """Whether this person may give this sign-off on this story."""
    return roles.may(user, f"sign off {kind}", article) and not is_kept_from_judging(article, user)


@transaction.atomic
def sign(article, kind, *, by, seen_version=None):
    """Sign the newest version off for one thing. It counts for as long as the words stay the same."""
    if kind not in dict(SIGNOFF_CHOICES):
        raise Refused("There is no such sign-off.")
    article = locked(article)
    if not may_sign(article, kind, by):
        raise NotAllowed("Your role does not give this sign-off, or you are the story's author.")
    if seen_version is not None and article.version != seen_version:
        raise Stale()
    signoff = SignOff.objects.create(
        article=article, kind=kind, revision=article.revisions.first(), by=by, at=clock.instant()
    )
    debts.settle_paid(article, by=by)
    return signoff


@transaction.atomic
def approve_attribution(attribution, *, by):
    """Approve that a source stays unnamed; on record, since another description ends it."""
    article = attribution.article
    if not roles.may(by, "approve an unnamed attribution", article):
        raise NotAllowed("Your role does not approve unnamed sources in this story.")
    attribution.approved_by = by
    attribution.save(update_fields=["approved_by"])
    record_transition(
        article, "approve-source", start=article.state, by=by, revision=article.revisions.first(),
        note=attribution.description[:300],
    )  # fmt: skip
