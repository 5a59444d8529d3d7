"""The cast that every test knows, and the few things it does most."""

from datetime import UTC, datetime

from django.contrib.auth.models import Group
from django.test import TestCase

from articles.models import Article, Byline, Contributor, Section, State
from articles.roles import Role
from experts.models import Expert, PublicProfile
from newsroom.models import Publication, Topic, User

from . import zones

NOON = zones.NOON


def person(username, *roles, **fields):
    """Somebody of the staff, in the groups of their roles."""
    user = User.objects.create_user(
        username,
        password="pass",
        is_staff=True,
        first_name=username.title(),
        email=f"{username}@paper.example",
        **fields,
    )
    for role in roles:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def make_public(expert, fields=("portrait", "bio", "roles", "interests", "languages", "topics", "native_name")):
    """An expert who has agreed to a public page with these parts of the card."""
    profile = PublicProfile(expert=expert, status="granted", granted_on=zones.day(), was_public=True)
    profile.fields = fields
    profile.save()
    return expert


class Cast:
    """Rana reports, Edith edits World, Dana is on duty, Max manages, Cora copy-edits, Leo is the lawyer,
    Pia keeps the pictures, Sami keeps the source book, Mona moderates, Ada administers; Rob reports too."""

    @classmethod
    def assemble(cls):
        cls.publication = Publication.objects.create(
            name="The Test Courier", contact_email="desk@paper.example", time_zone=zones.HOME
        )
        cls.rana = person("rana", Role.REPORTER)
        cls.rob = person("rob", Role.REPORTER)
        cls.edith = person("edith", Role.EDITOR)
        cls.dana = person("dana", Role.DUTY)
        cls.max = person("max", Role.MANAGING)
        cls.cora = person("cora", Role.COPY)
        cls.leo = person("leo", Role.LEGAL)
        cls.pia = person("pia", Role.PICTURE)
        cls.sami = person("sami", Role.SOURCE)
        cls.mona = person("mona", Role.MODERATOR)
        cls.ada = person("ada", Role.ADMINISTRATOR)
        cls.dana.duty_turns.create(turn_from=datetime(2020, 1, 1, tzinfo=UTC))
        cls.world = Section.objects.create(name="World", slug="world", order=1)
        cls.politics = Section.objects.create(name="Politics", slug="politics", order=2)
        cls.world.editors.add(cls.edith)
        cls.topic = Topic.objects.create(name="Shipping", slug="shipping")
        cls.rana_by = Contributor.objects.create(name="Rana Aziz", user=cls.rana)
        cls.expert = make_public(Expert.objects.create(display_name="Halvard Nystrom"))


class DeskTestCase(TestCase, Cast):
    """A test with the cast in place."""

    @classmethod
    def setUpTestData(cls):
        cls.assemble()

    def make_article(self, **changes):
        return make_article(self, **changes)


def make_article(cast, *, state=State.DRAFT, by=None, byline=True, topics=True, saved=True, **changes):
    """A story of Rana's for World that passes the checklist, with one saved version; told what the test is about.

    Whoever has more rows to add to it asks for one that is not `saved`, and saves the first version themselves.
    """
    from articles.actions import writing

    fields = {
        "headline": "Six ports agree a rule",
        "slug": "six-ports",
        "standfirst": "The compact gives harbour masters one checklist.",
        "body": "<p>The text runs to eleven pages, according to the port authority.</p>",
        "section": cast.world,
        "genre": "news",
    } | changes
    user = by or cast.rana
    article = Article.objects.create(created_by=user, updated_by=user, **fields)
    if byline:
        Byline.objects.create(article=article, contributor=cast.rana_by)
    if topics:
        article.topics.add(cast.topic)
    if not saved:
        return article
    writing.save_revision(article, by=user, seen_version=0)
    if state != State.DRAFT:
        _bring_to(cast, article, state)
    return article


def _bring_to(cast, article, state):
    """Take a new draft to a state by the moves that lead there."""
    from articles.actions import take as moves

    def take(name, by, **data):
        moves.take(article, name, by=by, seen=moves.seen_token(article), **data)
        article.refresh_from_db()

    if state == State.PITCH:
        Article.objects.filter(pk=article.pk).update(state=State.PITCH)
    elif state == State.SPIKED:
        take("spike", cast.max, note="not for us")
    else:
        take("submit", cast.rana)
        if state == State.NEEDS_CHANGES:
            take("send-back", cast.edith, note="please mend")
        if state in (State.APPROVED, State.PUBLISHED):
            take("approve", cast.edith)
        if state == State.PUBLISHED:
            take("publish", cast.max, waive=["*"], waive_note="a test")
    article.refresh_from_db()
