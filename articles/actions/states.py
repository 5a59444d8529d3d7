"""Moving a story from state to state, and writing the move down."""

from newsroom import clock
from newsroom.errors import Stale

from ..models import Article, Transition


def set_state(article, end, **changes):
    """Move a locked article to a state, by a conditional update on the one that was read."""
    row = Article.objects.filter(pk=article.pk, state=article.state, version=article.version)
    if not row.update(state=end, **changes):
        raise Stale()
    article.state = end
    for name, value in changes.items():
        setattr(article, name, value)


def record_transition(article, move, *, start, by, revision, note="", details=None):
    """Write down a move that was made, from the state `start` to the one in which the story is now."""
    return Transition.objects.create(
        article=article, move=move, start=start, end=article.state, by=by, at=clock.instant(), note=note,
        revision=revision, details=details or {},
    )  # fmt: skip
