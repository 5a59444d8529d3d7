"""What the queues of the front page share."""

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator

from newsroom.desk.today import WAITS, Line, Queue

from ... import roles, workflow
from ...models import Article, Section

SHOWN = 8


def queue_of(name, title, rows, line, *, query="", empty="", place=WAITS, is_work=True):
    """A queue of the first SHOWN rows; `query` filters the list of stories to all of them."""
    rows = list(rows[: SHOWN + 1])
    url = reverse("admin:articles_article_changelist") + query if query else ""
    return Queue(name, title, rows[:SHOWN], len(rows) > SHOWN, url, empty, place=place, is_work=is_work, line=line)


def story_rows():
    """Stories as the front page shows them, without their text, the newest first."""
    return Article.objects.select_related("section", "assignee", "submitted_by", "created_by").only(
        "headline", "catchline", "state", "genre", "due_at", "planned_for", "updated_at", "priority", "hold",
        "hold_reason", "planned_length", "word_count", "version", "lead_image", "section__name", "section__slug",
        *(f"{who}__{name}" for who in ("assignee", "submitted_by", "created_by")
          for name in ("first_name", "last_name", "username")),
    ).order_by("-updated_at", "-pk")  # fmt: skip


def story_line(article, why="", *, about="", do="Open", quote="", when=None, said="", links=()):
    """The line of a story: due when it is, and with its section and length."""
    facts = [str(article.section)] if article.section else []
    facts += [f"{article.word_count:,} words"] if article.word_count else []
    facts += ["on hold"] if article.hold else []
    return Line(
        str(article), article.get_absolute_url(), when or article.due_at or article.planned_for, said, why,
        ", ".join([*facts, *filter(None, [about])]), quote, do, links,
    )  # fmt: skip


def short(text, length=160):
    """Somebody's words on one line."""
    return Truncator(" ".join(text.split())).chars(length)


def sees_news_list(user):
    return roles.may(user, "see the news list")


def sections_of(user):
    """The sections that a person edits, with their parts, as a query."""
    return Section.objects.filter(Q(pk__in=roles.sections_of(user)) | Q(parent__in=roles.sections_of(user)))


def where_may_make(user, move, path="section"):
    """A Q for the stories in the sections in which a person may make a move; None where there is no such section."""
    scopes = {grant.scope for role, grant in workflow.MOVES[move].who.items() if role in roles.roles_of(user)}
    if user.is_superuser or roles.Scope.ANY in scopes:
        return Q()
    if roles.Scope.SECTION not in scopes:
        return None
    return Q(**{f"{path}__in": sections_of(user).values("pk")})


def comments_moderated_by(user, comments):
    """The comments of a query that a person moderates: all of them, or for an editor those in their sections."""
    grants = roles.CAPABILITIES["moderate comments"]
    scopes = {grant.scope for role, grant in grants.items() if role in roles.roles_of(user)}
    if user.is_superuser or roles.Scope.ANY in scopes:
        return comments
    return comments.filter(article__section__in=sections_of(user).values("pk"))
