"""For the permission tests: requests by everybody of the cast, and stories in every state."""

import datetime as dt
from contextlib import contextmanager
from types import SimpleNamespace

from django.db import transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.utils import timezone

from articles.actions import take
from articles.models import Article, Byline, Contributor, Section, State
from articles.roles import Role
from newsroom.models import User

from ..base import make_article, person

TOMORROW = timezone.now() + dt.timedelta(days=1)

# Who knocks, by the columns of the tables.
CAST = {
    "R": "rana", "C": "cora", "P": "pia", "E": "edith", "D": "dana", "L": "leo", "M": "max", "S": "sami", "Mo": "mona",
    "A": "ada", "superuser": "root",
}  # fmt: skip


class Door(RequestFactory):
    """Requests by one visitor through every middleware and the URL conf, without the test client's copying."""

    handler = ClientHandler(enforce_csrf_checks=False)

    def request(self, **request):
        return self.handler(self._base_environ(**request))


def open_doors(cast):
    """{column: Door} for everybody of the cast and for `anonymous`; a superuser without any role joins the cast.

    World and its part Asia are everybody's section, whether or not their role makes anything of it; whoever
    writes has a byline.
    """
    cast.root = User.objects.create_superuser("root", "root@paper.example", "pass")
    cast.asia = Section.objects.create(name="Asia", slug="asia", order=3, parent=cast.world)
    doors = {"anonymous": Door()}
    for column, name in CAST.items():
        user = getattr(cast, name)
        cast.world.editors.add(user)
        Contributor.objects.get_or_create(user=user, defaults={"name": f"{name} of the desk"})
        client = Client()
        client.force_login(user)
        doors[column] = Door()
        doors[column].cookies = client.cookies
    return doors


@contextmanager
def undone():
    """A context whose changes to the database are rolled back at its end."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


class Writes:
    """Counts the statements that write, but for sessions."""

    def __init__(self):
        self.made = []

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            self.made.append(sql[:120])
        return execute(sql, params, many, context)


# --- what ties a person to a story: each changes the row alone, so the story stands as it stood --------


def update(article, **changes):
    Article.objects.filter(pk=article.pk).update(**changes)


def written_by(article, user):
    Byline.objects.create(article=article, contributor=user.contributor, order=9)


# Each kind of a person's own story, and of a story of their section: that it names, or a part of it.
OWN = {
    "own": lambda article, user: update(article, assignee=user),
    "begun": lambda article, user: update(article, created_by=user),
    "written": written_by,
}
SECTION = {
    "section": lambda article, cast: update(article, section=cast.world),
    "part": lambda article, cast: update(article, section=cast.asia),
}


# --- how a story comes to stand so, by people whom no test asks about ------------------------------------


class Stands:
    """One story for each state and situation that can occur together: {(state, situation): article}."""

    def __init__(self, cast, *, build=True):
        nils = person("nils", Role.REPORTER)
        self.nora, self.lena = person("nora", Role.MANAGING), person("lena", Role.LEGAL)
        self.cast = SimpleNamespace(
            rana=nils, rana_by=Contributor.objects.create(name="Nils", user=nils), edith=self.nora, max=self.nora,
            world=cast.politics, topic=cast.topic,
        )  # fmt: skip
        self.nils = nils
        self.body = f'<p>“<q data-expert="{cast.expert.pk}">We agree</q>”, the port authority says.</p>'
        self.all = dict(self._build()) if build else {}

    def _build(self):
        for state in State:
            if state != State.PUBLISHED:
                yield (state.value, "none"), self.new(state)
        roads = {
            "waiting": ["schedule"],
            "live": ["publish"],
            "live_waiting": ["publish", "revise", "submit", "approve", "schedule"],
            "withdrawn": ["publish", "withdraw"],
        }
        onward = {
            "published": [],
            "draft": ["revise"],
            "submitted": ["revise", "submit"],
            "needs_changes": ["revise", "submit", "send-back"],
            "approved": ["revise", "submit", "approve"],
        }
        for situation, road in roads.items():
            for state, more in onward.items():
                yield (state, situation), self._travel(road + more)
        yield ("published", "withdrawn_legal"), self._travel(["publish", "withdraw"], reason="legal_order")

    def new(self, state, **changes):
        """A story that has been taken to a state."""
        changes = {"slug": f"story-{Article.objects.count()}", "body": self.body} | changes
        return make_article(self.cast, state=state, **changes)

    def _travel(self, road, reason="in_error"):
        article = self.new(State.APPROVED)
        for name in road:
            if name == "revise" and article.situation() == "withdrawn":
                name = "revise-withdrawn"
            self.take(article, name, reason=reason)
        return article

    def take(self, article, name, reason="in_error"):
        """Take one step of the workflow."""
        data = {
            "publish": {"waive": ["*"], "waive_note": "a test"},
            "schedule": {"waive": ["*"], "waive_note": "a test", "at": TOMORROW},
            "withdraw": {"note": "Why", "reason": reason, "reader_text": "It is gone."},
            "send-back": {"note": "Mend it."},
        }.get(name, {})
        by = self.nils if name == "submit" else self.nora
        take.take(article, name, by=by, seen=take.seen_token(article), **data)
        article.refresh_from_db()
