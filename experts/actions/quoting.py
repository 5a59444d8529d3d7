"""Around a change of whether people may be quoted: rooms above look again at what is on its way to readers."""

from contextlib import ExitStack, contextmanager

from newsroom import hooks

from ..models import Expert


@contextmanager
def quoting_may_change(ids, *, by):
    """Within it, write bars, checks of identity or merges of these cards; their rows stay locked afterwards.

    Call it in a transaction. The lock lets others name the cards meanwhile, and keeps them from printing their words.
    """
    list(Expert.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    with ExitStack() as around:
        for look_again in hooks.quoting:
            around.enter_context(look_again(ids, by=by))
        yield
