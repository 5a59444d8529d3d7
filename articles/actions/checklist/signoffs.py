"""What the checklist asks of the desk: no hold, no embargo, sign-offs given to these very words, no open notes."""

import textwrap

from django.db.models import Max

from newsroom.paper import zone

from ...models import Edition, Kind, PreviewLink, SignOff
from ..words import words_differ
from .findings import error, warning


def hold_of(article):
    """The error of a story that is on hold."""
    if article.hold:
        yield error("hold", f"It is on hold: {article.hold_reason or 'ask who held it'}.", overridable=False)


def check_hold_and_embargo(story):
    """Neither a hold nor an embargo stands at the moment of publication."""
    yield from hold_of(story.article)
    yield from embargo_of(story.article, story.at)


def embargo_of(article, at):
    """The error of a story that is under embargo at a moment."""
    if article.embargo_until and article.embargo_until > at:
        until = article.embargo_until.astimezone(zone())
        yield error(
            "embargo", f"It is under embargo until {until:%d %b %Y, %H:%M}.", "embargo_until", overridable=False
        )


def check_signoffs(story):
    """The sign-offs that the story and its section want are given."""
    article = story.article
    yield from legal_wanted_of(article, story.signed)
    yield from required_errors(article.section, story.signed, article.legal_wanted)
    for kind in ("copy", "facts"):
        if kind not in story.signed and kind not in _required(article.section):
            yield warning(kind, f"No {kind} sign-off on these words.")
    for note in article.notes.filter(resolved_at=None, thread=None).select_related("verdict__link"):
        verdict = getattr(note, "verdict", None)
        if verdict and not verdict.clears:
            yield _not_cleared(verdict)
        else:
            whose = f"A note by {note.guest}" if note.guest else "A desk note"
            yield warning("notes", f"{whose} is still open: “{_opening(note.text)}”", "body", about=note.pk)


def _opening(text):
    """The first words of what somebody wrote, whole ones."""
    return textwrap.shorten(text, 160, placeholder="…")


def _not_cleared(verdict):
    """The warning of somebody outside who has not cleared the story, until their note is done or they answer anew."""
    link = verdict.link
    asked = ", asked for Legal" if link.purpose == PreviewLink.Purpose.LEGAL else ""
    why = f": “{_opening(verdict.text)}”" if verdict.text else "."
    return warning("not cleared", f"Not cleared by {link.name}{asked}{why}", about=verdict.pk, by_hand=True)


def legal_wanted_of(article, signed):
    """The error of a story that wants a legal sign-off which is not among those given."""
    if article.legal_wanted and "legal" not in signed:
        yield error("legal", "Legal sign-off is wanted, and nobody has given it to these words.")


def _required(section):
    """The kinds of sign-off that a section asks for, or none."""
    return (section.required_signoffs if section else []) or []


def required_errors(section, signed, legal_wanted):
    """The errors of a story whose section asks for sign-offs that are not among those given."""
    for kind in _required(section):
        if kind not in signed and not (kind == "legal" and legal_wanted):  # then it is an error already
            yield error("required", f"{section} wants a {kind} sign-off.", about=kind)


def signoffs_that_count(contents):
    """{key: {kind: SignOff}} for contents of stories, (key, article id, content): the sign-offs that count for each.

    A sign-off counts for the words of the revision that it was given to, and once the story was withdrawn only if it
    is younger than that. At most two queries.
    """
    given = {}
    wanted = {article for _, article, _ in contents}
    rows = list(SignOff.objects.filter(article__in=wanted).select_related("revision", "by").order_by("at", "pk"))
    since = last_withdrawals({signoff.article_id for signoff in rows})
    for signoff in rows:
        if signoff.article_id not in since or signoff.at >= since[signoff.article_id]:
            given.setdefault(signoff.article_id, []).append(signoff)
    return {
        key: {s.kind: s for s in given.get(article, ()) if not words_differ(s.revision.content, content)}
        for key, article, content in contents
    }


def last_withdrawals(articles):
    """{article id: when it was last withdrawn} for those of some stories that ever were; one query, or none."""
    if not articles:
        return {}
    tombstones = Edition.objects.begun().filter(article__in=articles, kind=Kind.WITHDRAWAL).order_by()
    return dict(tombstones.values_list("article_id").annotate(Max("live_from")))
