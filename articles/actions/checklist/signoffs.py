"""What the checklist asks of the desk: no hold, no embargo, sign-offs given to these very words, no open notes."""

from newsroom.paper import zone

from .findings import error, warning


def hold_of(article):
    """The error of a story that is on hold."""
    if article.hold:
        yield error("hold", f"It is on hold: {article.hold_reason or 'ask who held it'}.", overridable=False)


def check_hold_and_embargo(story):
    """Neither a hold nor an embargo stands at the moment of publication."""
    article = story.article
    yield from hold_of(article)
    if article.embargo_until and article.embargo_until > story.at:
        until = article.embargo_until.astimezone(zone())
        yield error(
            "embargo", f"It is under embargo until {until:%d %b %Y, %H:%M}.", "embargo_until", overridable=False
        )


def check_signoffs(story):
    """The sign-offs that the story and its section want are given."""
    article = story.article
    if article.legal_wanted and "legal" not in story.signed:
        yield error("legal", "Legal sign-off is wanted, and nobody has given it to these words.")
    required = (article.section.required_signoffs if article.section else []) or []
    for kind in required:
        if kind not in story.signed and not (kind == "legal" and article.legal_wanted):
            yield error("required", f"{article.section} wants a {kind} sign-off.", about=kind)
    for kind in ("copy", "facts"):
        if kind not in story.signed and kind not in required:
            yield warning(kind, f"No {kind} sign-off on these words.")
    for note in article.notes.filter(resolved_at=None):
        yield warning("notes", f"A desk note is still open: “{note}”", "body", about=note.pk)
