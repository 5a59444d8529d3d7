"""A form changes its own fields only, whatever else is sent with it and by whom."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.urls import reverse
from django.utils import timezone

from articles.models import Appearance, Article, Attribution, Byline, Comment, DeskNote, Image
from articles.roles import Role
from articles.site import discuss
from experts.models import Expert
from newsroom.models import Topic, User

from ..pictures import jpeg
from ..tables import rows
from .doors import CAST, update
from .pages import filled
from .test_permissions_urls import UrlsTestCase

KEPT_BY_THE_HOUSE = {"version", "updated_at", "updated_by"}


def fields_of(model):
    """Every field of a model that a form could name."""
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def value_of(row, field):
    if field in row._meta.many_to_many:
        return sorted(getattr(row, field.name).values_list("pk", flat=True))
    return getattr(row, field.attname)


def hostile(row, field):
    """A value for a field that is not the one it has."""
    old = value_of(row, field)
    if field in row._meta.many_to_many:
        return [pk for pk in field.related_model.objects.values_list("pk", flat=True)[:20] if pk not in old]
    if field.is_relation:
        return field.related_model.objects.exclude(pk=old).values_list("pk", flat=True).first() or ""
    if isinstance(field, models.BooleanField):
        return "" if old else "on"
    if isinstance(field, models.DateTimeField):
        return "2001-02-03T04:05"
    if isinstance(field, models.DateField):
        return "2001-02-03"
    if isinstance(field, models.JSONField):
        return '["hostile"]'
    if isinstance(field, (models.IntegerField, models.FloatField)):
        return (old or 0) + 1
    if isinstance(field, models.UUIDField):
        return "00000000-0000-4000-8000-000000000000"
    return next((value for value, _ in field.choices or () if value != old), "hostile")


@pytest.mark.slow
class ChangeFormTests(UrlsTestCase):
    def test_only_what_a_form_owns_changes(self):
        for row in rows("forms"):
            for column in (column for column in CAST if row.get(column)):
                with self.subTest(f"{row['form']}, {row['of']}, {column}"):
                    self.client.force_login(getattr(self, CAST[column]))
                    self.things.tie(row["of"], getattr(self, CAST[column]), 0)
                    self.send(row, getattr(self, CAST[column]))

    def send(self, row, user):
        model = apps.get_model(row["form"])
        pk = self.things.known(row["of"], user)["pk"]
        thing = model.objects.get(pk=pk)
        where = reverse(f"admin:{row['form'].replace('.', '_')}_change", args=[pk])
        page = self.client.get(where)
        self.assertEqual(page.status_code, 200)
        owned = set(row["owns"].split())
        others = [field for field in fields_of(model) if field.name not in owned]
        before = {field.name: value_of(thing, field) for field in others}
        name, _, typed = row["types"].partition("=")
        typed = f"{typed} {user.pk}" if typed.startswith("Typed") else typed
        data = filled(page, **({name: typed} if name else {}))
        data |= {field.name: hostile(thing, field) for field in others}
        answer = self.client.post(where, data)
        self.assertEqual(answer.status_code, 302, getattr(answer, "context", None) and answer.context.get("errors"))
        thing = model.objects.get(pk=pk)
        after = {field.name: value_of(thing, field) for field in others}
        changed = {field for field in after if after[field] != before[field]}
        self.assertLessEqual(changed, KEPT_BY_THE_HOUSE)
        if "version" in changed:
            self.assertEqual(after["version"], before["version"] + 1)
            self.assertEqual(after["updated_by"], user.pk)
        if typed.startswith("Typed"):
            self.assertEqual(getattr(thing, name), typed)

    def test_every_registered_form_has_a_line(self):
        from django.contrib import admin

        kept = {row["form"] for row in rows("forms")}
        registered = {model._meta.label_lower for model in admin.site._registry}
        # Their forms save nothing of the row itself: see urls.csv, and tests/experts for the parts of a card.
        self.assertEqual(registered - kept, {"articles.comment", "experts.expert"})

    def test_rows_within_a_story_neither_move_nor_approve_themselves(self):
        story = self.things.stories["story"]
        update(story, assignee=self.rana)
        other = self.things.stories["linked story"]
        source = Attribution.objects.create(article=story, description="an official", reason="Fear")
        appears = Appearance.objects.create(article=story, expert=self.expert)
        self.client.force_login(self.rana)
        where = story.get_absolute_url()
        sent = filled(self.client.get(where), headline="Typed anew")
        for prefix in ("bylines", "appearances", "attributions"):
            answer = self.client.post(where, sent | {f"{prefix}-0-article": other.pk})
            self.assertEqual(answer.status_code, 400)
        answer = self.client.post(where, sent | {"attributions-0-approved_by": self.rana.pk})
        self.assertEqual(answer.status_code, 302)
        for row in (source, appears, story.bylines.get()):
            row.refresh_from_db()
            self.assertEqual(row.article_id, story.pk)
        self.assertIsNone(source.approved_by)

    def test_rows_of_another_story_are_not_reached_by_their_ids(self):
        story, other = self.things.stories["story"], self.things.stories["linked story"]
        update(story, assignee=self.rana)
        theirs = Byline.objects.get(article=other)
        self.client.force_login(self.rana)
        where = story.get_absolute_url()
        for more in ({"bylines-0-role": "photographer"}, {"bylines-0-DELETE": "on"}):
            self.client.post(where, filled(self.client.get(where), **{"bylines-0-id": theirs.pk}, **more))
        theirs.refresh_from_db()
        self.assertEqual((theirs.article_id, theirs.role), (other.pk, "writer"))

    def test_a_source_of_another_story_is_not_approved_from_this_one(self):
        story, other = self.things.stories["story"], self.things.stories["linked story"]
        source = Attribution.objects.create(article=other, description="an official", reason="Fear")
        self.client.force_login(self.dana)
        where = story.get_absolute_url()
        sent = filled(self.client.get(where), _approve_source=source.pk)
        self.assertEqual(self.client.post(where, sent).status_code, 400)
        source.refresh_from_db()
        self.assertIsNone(source.approved_by)

    def test_a_forms_buttons_check_permissions_like_the_moves(self):
        """Moves sent as a button of the form by people who may change the story but not make the move."""
        story, written = self.things.stories["story"], self.things.stories["submitted story"]
        for user, article, name in (
            (self.cora, written, "approve"), (self.cora, written, "take-back"), (self.pia, story, "submit"),
            (self.cora, story, "unspike"), (self.pia, written, "approve"),
        ):  # fmt: skip
            with self.subTest(f"{user.username}: {name}"):
                self.client.force_login(user)
                where = article.get_absolute_url()
                answer = self.client.post(where, filled(self.client.get(where), _move=name))
                self.assertIn(answer.status_code, (400, 403, 409))
                self.assertEqual(Article.objects.get(pk=article.pk).state, article.state)
                self.assertFalse(article.transitions.filter(move=name).exists())

    def test_filing_under_a_section_changes_only_what_one_may_change(self):
        story, live = self.things.stories["story"], self.things.stories["live story"]
        chosen = {"action": "file_under", "_selected_action": [story.pk, live.pk], "section": self.world.pk}
        for user in (self.rana, self.leo, self.pia, self.edith, self.sami, self.mona, self.cora):
            self.client.force_login(user)
            self.client.post(reverse("admin:articles_article_changelist"), chosen)
            self.assertEqual(list(story.sections.all()), [self.world] if user == self.cora else [])
            self.assertFalse(live.sections.exists())

    def test_extra_fields_of_a_request_waive_and_override_nothing(self):
        story = self.things.stand("approved")
        where = reverse("admin:articles_article_move", args=[story.pk, "publish"])
        update(story, section=self.world)
        self.client.force_login(self.edith)
        seen = self.client.get(where).context["seen"]
        for more in ({"waive": "*", "waive_note": "all"}, {"override_note": "Because I say so, at length."}, {}):
            self.assertEqual(self.client.post(where, {"seen": seen} | more).status_code, 400)
        self.assertFalse(story.editions.exists())


class AddFormTests(UrlsTestCase):
    """A row made by a form has the values that its form asks for, and the defaults for everything else."""

    def add(self, user, form, **sent):
        self.client.force_login(user)
        page = self.client.get(reverse(f"admin:{form}_add"))
        data = filled(page) if "adminform" in page.context else {}
        return self.client.post(reverse(f"admin:{form}_add"), data | sent)

    def test_a_story_begins_as_a_draft_of_who_began_it(self):
        self.add(
            self.rana, "articles_article", catchline="eels again", genre="news", origin="staff", language="en",
            state="published", version=9, hold="on", created_by=self.max.pk, approved_by=self.max.pk,
            submitted_by=self.max.pk, assignee=self.rana.pk, imported_from="elsewhere", body="<p>Words.</p>",
            spiked_from="pitch", discussion="off",
        )  # fmt: skip
        story = Article.objects.get(catchline="eels again")
        self.assertEqual((story.state, story.version, story.created_by), ("draft", 1, self.rana))
        self.assertFalse(story.hold or story.imported_from or story.body or story.spiked_from or story.assignee_id)
        self.assertFalse(story.approved_by_id or story.submitted_by_id)
        self.assertEqual(story.discussion, "pre")

    def test_an_account_begins_with_no_role(self):
        self.add(
            self.ada, "newsroom_user", username="newcomer", first_name="New", last_name="Comer",
            email="new@paper.example", usable_password="true", password1="a-long-and-odd-one",
            password2="a-long-and-odd-one", is_superuser="on", groups=[Group.objects.get(name=Role.MANAGING).pk],
            user_permissions=[Permission.objects.values_list("pk", flat=True).first()],
        )  # fmt: skip
        user = User.objects.get(username="newcomer")
        self.assertFalse(user.is_superuser or user.groups.exists() or user.user_permissions.exists())
        self.assertTrue(user.is_staff)

    def test_a_card_made_in_passing_is_not_public(self):
        hostile = {"public": "on", "do_not_quote": "on", "do_not_quote_reason": "x", "bio": "Long", "slug": "taken"}
        self.add(self.rana, "experts_expert", display_name="Ove Lind", **hostile)
        self.client.post(reverse("desk:expert"), {"display_name": "Ada Lind", **hostile})
        for expert in Expert.objects.filter(display_name__endswith="Lind"):
            self.assertFalse(hasattr(expert, "profile") or expert.bars.exists() or expert.bio or expert.slug == "taken")
        self.assertEqual(Expert.objects.filter(display_name__endswith="Lind").count(), 2)

    def test_a_picture_is_its_uploaders_and_unrestricted(self):
        sent = {"uploaded_by": self.max.pk, "restricted": "on", "rights_until": "2001-02-03T04:05", "token": "0" * 32,
                "metadata": '{"x": 1}', "title": "hostile", "usage_terms": "hostile", "credit": "Rana"}  # fmt: skip
        self.add(self.cora, "articles_image", file=jpeg(width=1200, name="one.jpg"), **sent)
        self.client.post(reverse("desk:upload"), {"file": jpeg(width=1300, name="two.jpg"), **sent})
        images = Image.objects.filter(credit="Rana")
        self.assertEqual(len(images), 2)
        for image in images:
            self.assertEqual(image.uploaded_by, self.cora)
            self.assertFalse(image.restricted or image.rights_until or image.usage_terms)
            self.assertNotIn("hostile", (image.title, image.token))

    def test_a_topic_begins_unmerged(self):
        self.add(self.rana, "newsroom_topic", name="Tides", slug="tides", merged_into=self.topic.pk)
        self.assertIsNone(Topic.objects.get(slug="tides").merged_into)

    def test_a_note_is_its_writers_and_open(self):
        story, other = self.things.stories["story"], self.things.stories["linked story"]
        self.client.force_login(self.rana)
        sent = {
            "uid": "note-of-ranas",
            "text": "Who?",
            "by": self.max.pk,
            "article": other.pk,
            "resolved_at": "2001-02-03",
        }
        self.client.post(reverse("desk:notes", args=[story.pk]), sent)
        note = DeskNote.objects.get(uid="note-of-ranas")
        self.assertEqual((note.article, note.by, note.resolved_at), (story, self.rana, None))

    def test_a_note_of_one_story_is_not_written_over_from_another(self):
        other = self.things.stories["linked story"]
        self.client.force_login(self.rana)
        sent = {"uid": "note-on-story", "text": "Mine now"}
        answer = self.client.post(reverse("desk:notes", args=[other.pk]), sent)
        self.assertEqual(answer.status_code, 400)
        note = DeskNote.objects.get(uid="note-on-story")
        self.assertEqual((note.article, note.text), (self.things.stories["story"], "Who says so?"))

    def test_a_comment_waits_whatever_it_says_of_itself(self):
        live = self.things.live
        self.client.post(
            reverse("site:discuss", args=[live.uid]),
            {"name": "Reader", "body": "Hear, hear.", "token": discuss.form_token(live.uid, timezone.localdate()),
             "state": "published", "moderated_by": self.max.pk, "created_at": "2001-02-03", "article": 1},
        )  # fmt: skip
        comment = Comment.objects.get(name="Reader")
        self.assertEqual((comment.state, comment.moderated_by, comment.article), ("pending", None, live))
        self.assertLess(timezone.now() - comment.created_at, dt.timedelta(minutes=5))
