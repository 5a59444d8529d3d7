"""Who reaches what on a card: WORKFLOW's table (c), asked by every way in and out of the source book.

Three tiers. *Public*: what the person lets readers see. *Staff*: channels and log, for those who ring experts.
*Restricted*: sealed, opened one detail at a time by the source desk and the managing editor, and each opening
is on record. Copy editors, the picture desk and lawyers see names and printed titles, and no channel at all.
"""

from enum import IntEnum

from newsroom.errors import NotAllowed


class Tier(IntEnum):
    """How far into a card a person may look; each holds what is before it."""

    NOTHING = 0
    NAMES = 1
    STAFF = 2
    RESTRICTED = 3


def tier(user):
    """The farthest tier that a person may look into."""
    if user is None or not user.is_active or not user.is_staff or not user.has_perm("experts.view_expert"):
        return Tier.NOTHING
    if not user.has_perm("experts.view_channel"):
        return Tier.NAMES
    return Tier.RESTRICTED if user.has_perm("experts.view_privatechannel") else Tier.STAFF


def may_make(user):
    """Whether a person may make a card, with its name, title and one channel."""
    return tier(user) >= Tier.NAMES and user.has_perm("experts.add_expert")


def may_keep(user):
    """Whether a person keeps the source book: edits, verifies, merges, imports, exports, removes."""
    return tier(user) >= Tier.NAMES and user.has_perm("experts.change_expert")


def must_keep(by, words):
    """Raise NotAllowed with these words unless somebody keeps the source book; None passes.

    None is a command that somebody with the machine runs, or the person whose card it is.
    """
    if by is not None and not may_keep(by):
        raise NotAllowed(words)


def may_log(user):
    """Whether a person may write into a card's contact log."""
    return tier(user) >= Tier.STAFF and user.has_perm("experts.add_contactlog")


def may_unseal(user):
    """Whether a person may open a restricted detail, saying why."""
    return tier(user) >= Tier.RESTRICTED
