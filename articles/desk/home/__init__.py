"""The desk's front page: what waits for somebody, what they wait for, what goes out next and what went wrong.

Each queue is a function from a user to a `Queue`, or None where their roles have nothing to do with it; a short list,
and a fixed number of queries however many stories there are.
"""

from functools import partial

from newsroom.desk.site import Place

from ... import roles
from ...actions import waiting
from . import accounts, owed, sourcebook, stories, wrong
from .base import SHOWN, comments_moderated_by, sees_news_list
from .stories import open_stories_of

__all__ = ["PLACES", "SHOWN", "comments_moderated_by", "open_stories_of", "queues_of"]

# What the header of every page leads to, for those who may go there.
PLACES = (
    Place("News list", "desk:news_list", is_open=sees_news_list),
    Place("Calendar", "desk:calendar", is_open=sees_news_list),
    Place.list_of("Stories", "articles.article"),
    Place.list_of("Pictures", "articles.image"),
    Place.list_of("Experts", "experts.expert"),
    Place.list_of("Topics", "newsroom.topic"),
    Place.list_of("Fronts", "articles.front"),
    Place.list_of("Comments", "articles.comment"),
    Place.list_of("People", "newsroom.user"),
    Place("Accounts", "admin:newsroom_user_log", is_open=lambda user: roles.may(user, "read the accounts' log")),
    Place("Timed work", "admin:worker", is_open=lambda user: roles.may(user, "administer people")),
    Place("Source audit", "desk:audit", is_open=lambda user: roles.may(user, "see the source audit")),
)


def queues_of(user):
    """What waits for a person: a list of Queue, only those that their roles have to do with."""
    ahead = list(waiting.editions_ahead()) if sees_news_list(user) else []
    wanted = [
        partial(wrong.alarms, ahead),
        owed.debts, owed.legal, owed.copy, owed.pictures, stories.asked_of_me, stories.refused_to_me,
        stories.sent_back_to_me, stories.pitches, stories.to_approve, stories.to_publish, stories.corrections,
        accounts.roles_to_confirm, stories.unsaved_words, stories.my_drafts, stories.my_submitted,
        stories.sent_back_by_me, stories.asked_by_me, partial(stories.scheduled, ahead), wrong.stopped,
        wrong.corrections_refused, wrong.stories_without_a_picture, wrong.stories_losing_a_picture, stories.holds,
        stories.comments_to_read, stories.my_live_stories, *sourcebook.queues_of(user), accounts.without_role,
        accounts.never_used, accounts.unused_lately, accounts.mail_not_sent,
    ]  # fmt: skip
    return [queue for ask in wanted if (queue := ask(user)) is not None]
