"""Words that the law took from readers come back only when Legal has signed off the version that has them."""

from django.db.models import Q

from newsroom.errors import Blocked

from ...body import changes
from ...body.taken_out import words_brought_back
from ...models import Kind, Revision, SignOff
from ...workflow import WITHDRAWAL_REASONS
from . import signoffs
from .findings import error

LEGAL = [reason for reason, row in WITHDRAWAL_REASONS.items() if row.legal]


def check_taken_out(story):
    """No words that a withdrawal or a sealing for legal reasons took away, unless Legal has signed them off since."""
    if "legal" not in story.signed:
        yield from _taken_out(story.article, _texts_of(story.content))


def refuse_taken_out(article, content, *said):
    """Raise Blocked for words that the law took away, whichever way they came to the gate.

    `said` are the lines that are told to readers besides the story's words; no version has those, so nobody signs them.
    """
    found = list(_taken_out(article, [*filter(None, said)] or None))
    if not found:
        signed = signoffs.signoffs_that_count([(None, article.pk, content)])[None]
        found = [] if "legal" in signed else list(_taken_out(article, _texts_of(content)))
    if found:
        raise Blocked(found)


def _texts_of(content):
    names = [line["name"] for line in content.get("bylines", ())]
    return [*changes.texts_of(content), content.get("slug", "").replace("-", " "), *names]


def _taken_out(article, texts):
    """The error about texts that bring such words back. One query for a story of which nothing was taken away."""
    if not texts:
        return
    begun = article.editions.begun()
    taken = Q(kind=Kind.WITHDRAWAL, reason__in=LEGAL) | ~Q(sealed_at=None)
    last = begun.filter(taken).order_by("-number").values_list("number", "kind", "live_from", "sealed_at").first()
    if last is None:
        return
    number, kind, live_from, sealed_at = last
    since = live_from if kind == Kind.WITHDRAWAL else max(live_from, sealed_at)
    rows = begun.exclude(kind=Kind.WITHDRAWAL).order_by()
    away = Revision.objects.filter(pk__in=rows.filter(Q(number__lt=number) | ~Q(sealed_at=None)).values("revision"))
    signed = SignOff.objects.filter(article=article.pk, kind="legal", at__gte=since).order_by().values("revision")
    again = rows.filter(number__gt=number, sealed_at=None).values("revision")
    cleared = Revision.objects.filter(Q(pk__in=signed) | Q(pk__in=again))
    away, cleared = ([text for row in found.order_by("pk").iterator() for text in _texts_of(row.content)]
                     for found in (away, cleared))  # fmt: skip
    if words := words_brought_back(texts, away, cleared):
        yield error(
            "taken out", f"“{words}” was taken out for legal reasons: Legal signs these words off first.", "body",
            overridable=False, about=words[:60],
        )  # fmt: skip
