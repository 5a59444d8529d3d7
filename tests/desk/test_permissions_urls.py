"""Every address of the resolver, asked by everybody, against a table that people keep by hand."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test import override_settings
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils import timezone

from articles.actions import images
from articles.models import (
    Agency,
    Comment,
    Contributor,
    Designation,
    DeskNote,
    EmbedHost,
    Front,
    PreviewLink,
    Section,
    State,
    StyleRule,
)
from articles.models.preview_links import hash_of_token
from experts.models import Expert, Portrait
from newsroom.models import PolicyPage, Publication, RoleGrant, Topic
from newsroom.pictures import renditions, uploads

from ..base import DeskTestCase
from ..pictures import jpeg
from ..tables import rows
from .doors import CAST, OWN, SECTION, Stands, Writes, open_doors, undone, written_by

TABLE = rows("urls")
EVERYBODY = [*CAST, "anonymous"]
NOTHING = 987654
TIES = ("own", "section", "written")


def walk(resolver, before="", spaces=()):
    """(key, route, the names of its parts) of every address: the key is its name, or its route where it has none."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, route, (*spaces, *filter(None, [entry.namespace])))
        else:
            yield ":".join([*spaces, entry.name]) if entry.name else route, route, set(entry.pattern.regex.groupindex)


URLS = {key: (route, parts) for key, route, parts in walk(get_resolver())}


def address(key, known):
    """The address of a line, from what is known of its object."""
    route, parts = URLS[key]
    kwargs = {part: known[part] for part in parts}
    if key != route:
        return reverse(key, kwargs=kwargs)
    return "/" + route.replace("<path:object_id>", str(kwargs.get("object_id"))).replace(
        "(?P<url>.*)$", str(kwargs.get("url"))
    )


# --- one of everything ------------------------------------------------------------------------------------


class Things:
    """The objects that the table's lines name; none of them was made by somebody of the cast."""

    def __init__(self, cast):
        self.stands = stands = Stands(cast, build=False)
        self.cast, self.by = cast, stands.nils
        quoted = Expert.objects.create(display_name="Ines Quoted", portrait=self.portrait((10, 80, 10)))
        cast.expert.portrait = self.portrait((10, 10, 90))
        cast.expert.save()
        body = f'<p>“<q data-expert="{quoted.pk}">We agree</q>”, the port authority says.</p>'
        shown, used, free = (self.picture(width) for width in (1400, 1500, 1600))
        quote = f'<p>“<q data-expert="{cast.expert.pk}">So do we</q>”, says the other.</p>'
        self.live = stands.new(
            State.PUBLISHED, lead_image=shown, lead_caption="A harbour.", body=quote, headline="Live on the site"
        )
        self.stories = {
            "story": stands.new(State.DRAFT, body="<p>No names.</p>", lead_image=used),
            "linked story": stands.new(State.DRAFT, body=body),
            "submitted story": stands.new(State.SUBMITTED, body="<p>No names.</p>"),
            "live story": self.live,
        }
        for name, move in (("waiting story", "schedule"), ("withdrawn story", "publish")):
            story = self.stories[name] = stands.new(State.APPROVED, body="<p>No names.</p>")
            stands.take(story, move)
        stands.take(self.stories["withdrawn story"], "withdraw")
        for name, uid in (("story", "note-on-story"), ("linked story", "note-on-linked")):
            DeskNote.objects.create(article=self.stories[name], uid=uid, text="Who says so?", by=self.by)
        for pk, token in ((31, "open-link"), (32, "ended-link")):
            revision = self.stories["story"].revisions.first()
            PreviewLink.objects.create(
                pk=pk, token_hash=hash_of_token(token), article=revision.article, revision=revision, name="A lawyer",
                by=self.by, made_at=timezone.now(), expires_at=timezone.now() + timedelta(days=pk == 31),
            )  # fmt: skip
        make_front = {"front": cast.politics, "section front": cast.world, "home front": None}
        self.rows = {
            "picture": free, "used picture": used, "public picture": shown, "portrait": quoted.portrait,
            "public portrait": cast.expert.portrait, "quoted expert": quoted, "public expert": cast.expert,
            "expert": Expert.objects.create(display_name="Omar Unquoted"),
            "comment": Comment.objects.create(
                article=self.live, name="A reader", body="Well said.", created_at=timezone.now()
            ),
            "embed host": EmbedHost.objects.get(seed="vimeo"),
            "designation": Designation.objects.create(name="The Red League"),
            "style rule": StyleRule.objects.create(term="utilise", preferred="use"),
            "duty turn": cast.dana.duty_turns.get(),
            "contributor": stands.cast.rana_by,
            "unpublished contributor": Contributor.objects.create(name="Nobody Yet"),
            "agency": Agency.objects.create(name="Wire"),
            "section": cast.politics, "empty section": Section.objects.create(name="Sport", slug="sport", order=8),
            "hidden section": Section.objects.create(name="Later", slug="later", order=9, visible=False),
            "topic": cast.topic, "empty topic": Topic.objects.create(name="Eels", slug="eels"),
            "paper": cast.publication, "policy": PolicyPage.objects.create(title="Standards", slug="standards"),
            "hidden policy": PolicyPage.objects.create(title="Drafts", slug="drafts", public=False),
            "person": cast.rob,
            "role that waits": RoleGrant.objects.create(
                user=cast.rob, group=Group.objects.get(name="Editor"), by=stands.nora, at=timezone.now()
            ),
            "superuser account": get_user_model().objects.create_superuser("sue", "sue@paper.example", "pass"),
            **{name: Front.objects.create(section=section) for name, section in make_front.items()},
        }  # fmt: skip
        for section in Section.objects.filter(front=None):
            Front.objects.create(section=section)

    def stand(self, state):
        """A fresh story that stands so, never public."""
        return self.stands.new(State(state), body="<p>No names.</p>")

    def picture(self, width):
        return images.take_in(jpeg(width=width), by=self.by, alt="A harbour", credit="Nils")

    def portrait(self, colour):
        taken = uploads.take(jpeg(width=500, height=500, colour=colour))
        portrait = Portrait(**taken.fields(), alt="A face")
        portrait.original.save(taken.name, ContentFile(taken.data), save=False)
        portrait.save()
        renditions.keep(portrait.token, taken.renditions)
        return portrait

    def known(self, label, user):
        """The parts of addresses that name an object: {name of the part: value}."""
        label = label.removeprefix("own ").removeprefix("written ")
        if label in ("", "no paper"):
            return {}
        if label == "nothing":
            return dict.fromkeys(("pk", "object_id", "id"), NOTHING) | {"slug": "nothing", "token": "0" * 32}
        if label == "account":
            return dict.fromkeys(("pk", "object_id", "id"), user.pk if user else NOTHING)
        if label not in self.rows:
            label = label.removeprefix("section ")
        if story := self.stories.get(label):
            return dict.fromkeys(("pk", "object_id"), story.pk) | {"uid": story.uid} | self._dated(story)
        thing = self.rows[label]
        more = {name: getattr(thing, name) for name in ("slug", "token") if hasattr(thing, name)}
        return dict.fromkeys(("pk", "object_id", "id"), thing.pk) | more

    def _dated(self, story):
        edition = story.editions.first()
        if edition is None:
            return {}
        section, year, month, day, slug = edition.path.strip("/").split("/")
        return {"section": section, "year": year, "month": month, "day": day, "slug": slug}

    def tie(self, label, user, turn):
        """Give a person the tie to an object that the table's name for it says."""
        if label == "no paper":
            Publication.objects.all().delete()
        story = next((self.stories.get(label.removeprefix(f"{tie} ")) for tie in TIES if label.startswith(tie)), None)
        if label.startswith("own ") and story:
            OWN["begun" if turn % 2 else "own"](story, user)
        elif label.startswith("written "):
            written_by(story, user)
        elif label.startswith("own ") and label.endswith("picture"):
            row = self.rows[label.removeprefix("own ")]
            type(row).objects.filter(pk=row.pk).update(uploaded_by=user)
        if label.removeprefix("own ").startswith("section ") and (story or label.endswith("comment")):
            SECTION["part" if turn % 2 else "section"](story or self.live, self.cast)


# --- asking -----------------------------------------------------------------------------------------------


def expected_of(row, column):
    return int(row["everyone"] or row[column])


@override_settings(DEBUG_PROPAGATE_EXCEPTIONS=True)
class UrlsTestCase(DeskTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.assemble()
        cls.doors = open_doors(cls)
        cls.things = Things(cls)

    def ask(self, row, column, *, method=None, turn=0):
        """Ask for a line's address as somebody; return what went otherwise than expected, or ""."""
        method = method or row["method"]
        user = getattr(self, CAST[column]) if column in CAST else None
        with undone():
            if user or row["object"] == "no paper":
                self.things.tie(row["object"], user, turn)
            known = self.things.known(row["object"], user) | dict(parse_qsl(row["with"]))
            where = address(row["url"], known)
            sent = {} if method != "POST" else {"csrfmiddlewaretoken": "as every form sends"}
            for name, value in parse_qsl(row["send"], keep_blank_values=True):
                sent.setdefault(name, []).append(value.format(**known))
            writes = Writes()
            with connection.execute_wrapper(writes):
                answer = getattr(self.doors[column], method.lower())(where, sent)
        expected = expected_of(row, column)
        wrong = self.differs(answer, expected, where, column, writes.made, method)
        return wrong and f"{column}: {method} {where} ({row['url']}, {row['object']} {row['send']}): {wrong}"

    def differs(self, answer, expected, where, column, writes, method):
        if answer.status_code != expected:
            return f"{answer.status_code}, not {expected}"
        if (method != "POST" or expected >= 400) and writes:
            return f"wrote: {writes}"
        # Nobody signs out to the desk's front page, which asks them to sign in.
        to_sign_in = reverse("admin:index" if where == reverse("admin:logout") else "admin:login")
        if column == "anonymous" and expected == 302 and not answer["Location"].startswith(to_sign_in):
            return f"led to {answer['Location']}"
        return ""

    def assert_right(self, wrong, *, at_least):
        self.assertGreaterEqual(len(wrong), at_least)
        if found := [line for line in wrong if line]:
            self.fail(f"{len(found)} of {len(wrong)} wrong:\n" + "\n".join(found[:80]))


class TableTests(DeskTestCase):
    def test_every_address_has_a_line_and_every_line_an_address(self):
        kept = {row["url"] for row in TABLE}
        self.assertEqual(sorted(set(URLS) - kept), [], "no line in tests/tables/urls.csv")
        self.assertEqual(sorted(kept - set(URLS)), [], "no such address")

    def test_every_desk_address_has_a_line_for_a_stranger(self):
        for row in TABLE:
            if not row["everyone"]:
                self.assertTrue(row["url"].startswith(("admin", "desk", "first_run")), row["url"])
                self.assertTrue(all(row[column] for column in EVERYBODY), row)


def lines_about(start):
    return [row for row in TABLE if row["url"].startswith(start)]


PARTS = {
    "stories": lines_about(("admin:articles_article", "admin/articles/article")),
    "the_site": lines_about(("site:",)),
    "the_editor": lines_about(("desk",)),
}
PARTS["the_house"] = [row for row in TABLE if not any(row in part for part in PARTS.values())]


@pytest.mark.slow
class EveryAddressTests(UrlsTestCase):
    """Each line of the table for everybody; one test for each area, so that a parallel run can share them."""

    def ask_everybody(self, lines):
        self.assert_right(
            [
                self.ask(row, column, turn=turn)
                for row in lines
                for turn, column in enumerate(EVERYBODY if not row["everyone"] else ("R", "M", "Mo", "anonymous"))
            ],
            at_least=100,
        )

    def test_pages_that_only_read_answer_head_like_get(self):
        looks = [row for row in TABLE if row["method"] == "GET" and row["url"] != "admin:login"]
        self.assert_right(
            [self.ask(row, column, method="HEAD") for row in looks for column in ("C", "Mo", "anonymous")],
            at_least=400,
        )

    def test_an_address_without_its_last_slash_shows_nothing(self):
        wrong = []
        for row in TABLE:
            known = self.things.known(row["object"], self.rana) | dict(parse_qsl(row["with"]))
            where = address(row["url"], known)
            if row["method"] != "GET" or not where.endswith("/") or where == "/":
                continue
            for column in ("M", "anonymous"):
                for method in ("get", "post"):
                    answer = getattr(self.doors[column], method)(where.rstrip("/"))
                    if answer.status_code not in (301, 302, 404, 405, 410):
                        wrong.append(f"{column}: {method} {where.rstrip('/')}: {answer.status_code}")
        self.assertEqual(wrong, [])


for _part, _lines in PARTS.items():
    setattr(EveryAddressTests, f"test_{_part}", lambda self, lines=_lines: self.ask_everybody(lines))
