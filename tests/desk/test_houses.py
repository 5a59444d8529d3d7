"""The desk's other pages: sections, topics, pictures, people, the register, fronts, the paper itself."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pixels

from articles.actions import images
from articles.models import Agency, Contributor, Designation, DutyTurn, Front, Image, Section, State
from articles.roles import Role
from experts.models import Expert
from newsroom.folding import fold
from newsroom.models import Logo, PolicyPage, Publication, Pulse, Topic, TopicName, User
from tests.base import DeskTestCase

from .pages import filled


def picture_file(name="harbour.jpg", size=(400, 300)):
    out = io.BytesIO()
    Pixels.effect_noise(size, 40).convert("RGB").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


class HouseTestCase(DeskTestCase):
    def open(self, user, name, *args):
        self.client.force_login(user)
        return self.client.get(reverse(f"admin:{name}", args=args))

    def send(self, by, at, /, *args, page=None, **changes):
        page = page or self.open(by, at, *args)
        return self.client.post(reverse(f"admin:{at}", args=args), filled(page, **changes))


class SectionTests(HouseTestCase):
    add = "articles_section_add"

    def test_the_managing_editor_opens_a_section(self):
        response = self.send(
            self.max, self.add, name="Fens", slug="fens", order="3", visible="on", editors=[self.edith.pk],
            required_signoffs=["legal"],
        )  # fmt: skip
        self.assertEqual(response.status_code, 302)
        section = Section.objects.get(slug="fens")
        self.assertEqual((list(section.editors.all()), section.required_signoffs), ([self.edith], ["legal"]))

    def test_a_reserved_or_taken_slug_is_an_error_beside_it(self):
        for slug in ("admin", "search", "feed", "world"):
            response = self.send(self.max, self.add, name="Another", slug=slug, order="3")
            self.assertEqual(response.status_code, 400, slug)
            self.assertIn("slug", response.context["adminform"].form.errors, slug)

    def test_a_section_of_any_script_gets_a_slug(self):
        response = self.send(self.max, self.add, name="Порт", slug="", order="3", visible="on")
        self.assertEqual((response.status_code, Section.objects.get(name="Порт").slug), (302, "port"))
        response = self.send(self.max, self.add, name="!!!", slug="", order="4")
        self.assertContains(response, "gives no letters for an address", status_code=400)

    def test_sections_nest_one_level_deep(self):
        child = Section.objects.create(name="Sahil", slug="sahil", parent=self.world)
        response = self.send(self.max, self.add, name="Rasheen", slug="rasheen", order="3", parent=child.pk)
        self.assertEqual(response.status_code, 400)

    def test_a_renamed_section_makes_stored_pages_old(self):
        before = Pulse.objects.get_or_create(pk=1)[0].rendering_version
        self.send(self.max, "articles_section_change", self.world.pk, name="The world")
        self.assertGreater(Pulse.objects.get(pk=1).rendering_version, before)

    def test_a_section_with_stories_stays(self):
        self.make_article()
        self.client.force_login(self.max)
        url = reverse("admin:articles_section_delete", args=[self.world.pk])
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 403)
        url = reverse("admin:articles_section_delete", args=[self.politics.pk])
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 302)

    def test_other_roles_only_read_sections(self):
        for user in (self.edith, self.rana, self.dana):
            page = self.open(user, "articles_section_change", self.world.pk)
            self.assertNotContains(page, 'name="slug"')
            self.assertEqual(self.open(user, self.add).status_code, 403)


class TopicTests(HouseTestCase):
    def merge(self, user, **data):
        self.client.force_login(user)
        other = Topic.objects.get_or_create(name="Ships", slug="ships")[0]
        chosen = {"action": "merge_topics", "_selected_action": [self.topic.pk, other.pk]}
        return other, self.client.post(reverse("admin:newsroom_topic_changelist"), chosen | data)

    def test_merging_topics_asks_which_one_stays(self):
        _, page = self.merge(self.cora)
        self.assertContains(page, "Which one stays?")

    def test_merging_topics_moves_stories_and_experts(self):
        article = self.make_article()
        self.expert.topics.add(self.topic)
        other, _ = self.merge(self.cora)
        article.topics.add(other)
        self.merge(self.cora, keep=str(other.pk))
        self.topic.refresh_from_db()
        self.assertEqual(self.topic.merged_into, other)
        self.assertEqual(list(article.topics.all()), [other])
        self.assertEqual(list(self.expert.topics.all()), [other])

    def test_published_stories_follow_a_merge_of_topics(self):
        article = self.make_article(state=State.PUBLISHED)
        other, _ = self.merge(self.cora)
        self.merge(self.cora, keep=str(other.pk))
        self.assertEqual([link.edition.article for link in other.edition_links.all()], [article])

    def test_reporters_make_topics_but_do_not_merge_them(self):
        other, _ = self.merge(self.rana)
        self.merge(self.rana, keep=str(other.pk))
        self.topic.refresh_from_db()
        self.assertIsNone(self.topic.merged_into)
        self.assertEqual(self.send(self.rana, "newsroom_topic_add", name="Eels", slug="eels").status_code, 302)

    def test_a_topic_of_any_script_gets_a_slug(self):
        self.assertEqual(self.send(self.rana, "newsroom_topic_add", name="Угри", slug="").status_code, 302)
        self.assertEqual(Topic.objects.get(name="Угри").slug, "ugri")
        self.assertEqual(Topic.objects.create(name="Угри!").slug, "ugri-2")

    def test_a_merged_topic_is_offered_for_nothing(self):
        other, _ = self.merge(self.cora)
        self.merge(self.cora, keep=str(other.pk))
        asked = {"term": "ship", "app_label": "articles", "model_name": "articletopic", "field_name": "tag"}
        names = [r["text"] for r in self.client.get(reverse("admin:autocomplete"), asked).json()["results"]]
        self.assertEqual(names, ["Ships"])


class PictureTests(HouseTestCase):
    def upload(self, user, file=None, **words):
        self.client.force_login(user)
        return self.client.post(reverse("admin:articles_image_add"), {"file": file or picture_file()} | words)

    def test_a_reporter_uploads_with_words(self):
        response = self.upload(self.rana, alt="Boats", credit="Rana Aziz")
        image = Image.objects.get()
        self.assertRedirects(
            response, reverse("admin:articles_image_change", args=[image.pk]), fetch_redirect_response=False
        )
        self.assertEqual((image.alt, image.uploaded_by), ("Boats", self.rana))

    def test_a_picture_uploaded_from_a_story_goes_into_its_field(self):
        response = self.upload(self.rana, alt="Boats", _popup="1")
        self.assertContains(response, "data-popup-response")

    def test_a_file_that_is_no_picture_is_an_error_and_the_words_stay(self):
        response = self.upload(self.rana, SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>"), alt="Boats at dusk")
        self.assertEqual(response.status_code, 400)
        self.assertIn("file", response.context["form"].errors)
        self.assertContains(response, "Boats at dusk", status_code=400)

    def test_moderators_and_the_lawyer_upload_nothing(self):
        for user in (self.mona, self.leo, self.ada):
            self.assertEqual(self.upload(user).status_code, 403, user)

    def test_a_pictures_rights_are_changed_by_three_roles_only(self):
        image = images.take_in(picture_file(), by=self.rana)
        for user, may in ((self.rana, True), (self.rob, False), (self.cora, False), (self.pia, True), (self.max, True)):
            page = self.open(user, "articles_image_change", image.pk)
            self.assertEqual('name="credit"' in page.text, may, user)

    def test_the_focal_point_is_saved(self):
        image = images.take_in(picture_file(), by=self.pia)
        response = self.send(self.pia, "articles_image_change", image.pk, focal_0="0.25", focal_1="0.75", alt="Boats")
        self.assertEqual(response.status_code, 302)
        image.refresh_from_db()
        self.assertEqual((image.focal_x, image.focal_y), (0.25, 0.75))

    def test_a_focal_point_outside_is_refused(self):
        image = images.take_in(picture_file(), by=self.pia)
        response = self.send(self.pia, "articles_image_change", image.pk, focal_0="7", focal_1="0.75")
        self.assertEqual(response.status_code, 400)

    def test_a_picture_in_use_stays_and_says_where(self):
        image = images.take_in(picture_file(), by=self.pia)
        article = self.make_article(lead_image=image)
        self.assertContains(self.open(self.pia, "articles_image_change", image.pk), article.headline)
        url = reverse("admin:articles_image_delete", args=[image.pk])
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 403)
        article.lead_image = None
        article.save()
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 302)
        self.assertFalse(Image.objects.exists())


class PeopleTests(HouseTestCase):
    def test_an_administrator_gives_roles(self):
        group = Group.objects.get_or_create(name=Role.COPY)[0]
        self.send(self.ada, "newsroom_user_change", self.rob.pk, groups=[group.pk])
        self.assertEqual([g.name for g in self.rob.groups.all()], [Role.COPY])

    def test_nobody_gives_themselves_a_role(self):
        group = Group.objects.get_or_create(name=Role.MANAGING)[0]
        self.assertNotContains(self.open(self.ada, "newsroom_user_change", self.ada.pk), 'name="groups"')
        self.send(self.ada, "newsroom_user_change", self.ada.pk, groups=[group.pk], is_active="")
        self.ada.refresh_from_db()
        self.assertEqual([g.name for g in self.ada.groups.all()], [Role.ADMINISTRATOR])
        self.assertTrue(self.ada.is_active)

    def test_nobody_becomes_a_superuser_by_a_form(self):
        self.send(
            self.ada, "newsroom_user_change", self.rob.pk, is_superuser="on", is_staff="on",
            user_permissions=["1"],
        )  # fmt: skip
        self.rob.refresh_from_db()
        self.assertFalse(self.rob.is_superuser)
        self.assertFalse(self.rob.user_permissions.exists())

    def test_a_superusers_account_is_not_the_administrators_to_change(self):
        root = User.objects.create_superuser("root", password="pass")
        self.assertNotContains(self.open(self.ada, "newsroom_user_change", root.pk), 'name="email"')
        url = reverse("admin:auth_user_password_change", args=[root.pk])
        self.assertEqual(self.client.post(url, {"password1": "x1y2z3w4v5", "password2": "x1y2z3w4v5"}).status_code, 403)

    def test_a_new_account_is_for_the_desk(self):
        response = self.send(
            self.ada, "newsroom_user_add", username="nora", usable_password="true", password1="a-long-password-9",
            password2="a-long-password-9",
        )  # fmt: skip
        self.assertEqual(response.status_code, 302)
        nora = User.objects.get(username="nora")
        self.assertTrue(nora.is_staff)
        self.assertFalse(nora.is_superuser)

    def test_other_roles_do_not_see_accounts(self):
        for user in (self.max, self.edith, self.rana):
            self.assertEqual(self.open(user, "newsroom_user_changelist").status_code, 403)

    def test_duty_turns_are_set_by_the_managing_editor(self):
        response = self.send(
            self.max,
            "articles_dutyturn_add",
            user=self.dana.pk,
            turn_from="2027-05-01T08:00",
            turn_until="2027-05-01T07:00",
        )
        self.assertEqual(response.status_code, 400)
        response = self.send(
            self.max,
            "articles_dutyturn_add",
            user=self.dana.pk,
            turn_from="2027-05-01T08:00",
            turn_until="2027-05-01T16:00",
        )
        self.assertEqual(DutyTurn.objects.count(), 2)
        self.assertEqual(self.open(self.edith, "articles_dutyturn_changelist").status_code, 403)

    def test_contributors_and_agencies_are_kept_on_the_desk(self):
        self.assertEqual(self.send(self.edith, "articles_contributor_add", name="Teo Lindqvist").status_code, 302)
        self.assertTrue(Contributor.objects.filter(slug="teo-lindqvist").exists())
        self.assertEqual(self.open(self.rana, "articles_contributor_add").status_code, 403)
        self.assertEqual(self.send(self.pia, "articles_agency_add", name="North Wire").status_code, 302)
        self.assertTrue(Agency.objects.filter(name="North Wire").exists())
        self.assertEqual(self.open(self.edith, "articles_agency_add").status_code, 403)


class ExpertTests(HouseTestCase):
    """What a card shares with the other pages; tests/experts has the rest."""

    def part(self, name, **data):
        self.client.force_login(self.sami)
        self.expert.refresh_from_db()
        url = reverse("admin:experts_expert_part", args=[self.expert.pk, name])
        return self.client.post(url, {"seen": self.expert.version} | data)

    def test_a_name_makes_a_card(self):
        self.client.force_login(self.rana)
        response = self.client.post(reverse("admin:experts_expert_add"), {"display_name": "Rosalind Tam"})
        self.assertEqual(response.status_code, 302)
        self.assertEqual(Expert.objects.get(display_name="Rosalind Tam").sort_name, "Tam, Rosalind")

    def test_reporters_make_cards_and_the_source_desk_edits_them(self):
        self.assertNotContains(self.open(self.rana, "experts_expert_change", self.expert.pk), "data-edit=")
        before = Pulse.objects.first()
        self.part("about", short_bio="Maritime law", slug=self.expert.slug)
        self.expert.refresh_from_db()
        self.assertEqual(self.expert.short_bio, "Maritime law")
        self.assertNotEqual(Pulse.objects.first().rendering_version, before and before.rendering_version)

    def test_words_for_a_portrait_that_is_not_there_are_asked_about_and_kept(self):
        for words in ({"portrait_alt": "Smiling at a quay"}, {"portrait_credit": "Pia Moretti"}):
            response = self.part("about", slug=self.expert.slug, **words)
            self.assertContains(response, "There is no portrait", status_code=400)
            self.assertContains(response, *words.values(), status_code=400)
            self.assertIn("portrait_file", response.context["part"].form.errors)
        self.part("about", slug=self.expert.slug, portrait_file=picture_file())
        response = self.part("about", slug=self.expert.slug, portrait_alt="Smiling", portrait_credit="Pia")
        self.expert.refresh_from_db()
        self.assertEqual((self.expert.portrait.alt, self.expert.portrait.credit), ("Smiling", "Pia"))

    def test_words_for_a_portrait_that_is_taken_off_are_no_fault(self):
        self.part("about", slug=self.expert.slug, portrait_file=picture_file(), portrait_alt="Smiling")
        response = self.part("about", slug=self.expert.slug, portrait_alt="Smiling", no_portrait="on")
        self.assertEqual(response.status_code, 302)

    def test_a_portrait_is_checked_like_any_uploaded_picture(self):
        self.part("about", slug=self.expert.slug, portrait_file=picture_file(), portrait_alt="Smiling")
        self.expert.refresh_from_db()
        self.assertEqual((self.expert.portrait.alt, self.expert.portrait.width), ("Smiling", 400))
        bad = SimpleUploadedFile("x.jpg", b"no picture")
        response = self.part("about", slug=self.expert.slug, portrait_file=bad)
        self.assertEqual(response.status_code, 400)
        self.assertIn("portrait_file", response.context["part"].form.errors)
        self.part("about", slug=self.expert.slug, portrait_alt="Laughing")
        self.expert.portrait.refresh_from_db()
        self.assertEqual(self.expert.portrait.alt, "Laughing")
        self.part("about", slug=self.expert.slug, no_portrait="on")
        self.expert.refresh_from_db()
        self.assertIsNone(self.expert.portrait)

    def test_a_card_lists_what_was_printed_and_cannot_be_deleted(self):
        self.make_article(state=State.PUBLISHED, body=f'<p><q data-expert="{self.expert.pk}">Nobody signed it</q></p>')
        self.assertContains(self.open(self.sami, "experts_expert_change", self.expert.pk), "Nobody signed it")
        url = reverse("admin:experts_expert_delete", args=[self.expert.pk])
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 403)


@pytest.mark.days
class RegisterTests(HouseTestCase):
    def entry(self):
        page = self.open(self.leo, "articles_designation_add")
        return self.send(
            self.leo, "articles_designation_add", page=page, name="Karst Brigade", mark="*", case_sensitive="on",
            **{"aliases-TOTAL_FORMS": "1", "aliases-0-name": "Karst Front", "aliases-0-matched": "on",
               "notes-TOTAL_FORMS": "1", "notes-0-language": "en", "notes-0-text": "Listed in Verrany."},
        )  # fmt: skip

    def test_a_new_entry_of_the_register_reaches_stories_naming_it(self):
        article = self.make_article(state=State.PUBLISHED, body="<p>The Karst Front said so.</p>")
        self.assertEqual(self.entry().status_code, 302)
        self.assertEqual(Designation.objects.get().aliases.get().name, "Karst Front")
        edition = article.editions.live().get()
        self.assertEqual(edition.kind, "refresh")
        self.assertIn("Listed in Verrany.", edition.text.data["legal_notes"][0]["text"])

    def test_deleting_an_entry_of_the_register_removes_its_notes(self):
        article = self.make_article(state=State.PUBLISHED, body="<p>The Karst Front said so.</p>")
        self.entry()
        url = reverse("admin:articles_designation_delete", args=[Designation.objects.get().pk])
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 302)
        self.assertEqual(article.editions.live().get().text.data["legal_notes"], [])

    def test_the_register_is_kept_by_lawyer_and_managing_editor(self):
        for user in (self.rana, self.edith, self.dana):
            self.assertEqual(self.open(user, "articles_designation_add").status_code, 403)


@pytest.mark.days
class FrontTests(HouseTestCase):
    def slot(self, user, front, article, **more):
        page = self.open(user, "articles_front_change", front.pk)
        rows = {
            "slots-TOTAL_FORMS": "1",
            "slots-0-article": article.pk,
            "slots-0-position": "1",
            "slots-0-front": front.pk,
        }
        return self.send(user, "articles_front_change", front.pk, page=page, **rows, **more)

    def test_the_list_of_fronts_has_home_and_every_section(self):
        self.open(self.max, "articles_front_changelist")
        self.assertEqual(Front.objects.count(), 3)

    def test_a_drafted_front_is_not_live_before_its_launch(self):
        article, front = self.make_article(state=State.PUBLISHED), Front.objects.create(section=self.world)
        self.slot(self.edith, front, article)
        front.refresh_from_db()
        self.assertEqual((front.slots.count(), front.launched), (1, []))
        self.send(self.edith, "articles_front_change", front.pk, _launch="1")
        front.refresh_from_db()
        self.assertEqual(front.launched[0]["article"], article.pk)

    def test_a_section_editor_does_not_arrange_the_home_front(self):
        front = Front.objects.create()
        self.assertNotContains(self.open(self.edith, "articles_front_change", front.pk), "_launch")
        self.client.force_login(self.edith)
        url = reverse("admin:articles_front_change", args=[front.pk])
        self.assertEqual(self.client.post(url, {"_launch": "1"}).status_code, 403)

    def test_a_section_editor_does_not_arrange_another_front(self):
        front = Front.objects.create(section=self.politics)
        self.assertNotContains(self.open(self.edith, "articles_front_change", front.pk), "_launch")


class PaperTests(HouseTestCase):
    def test_the_managing_editor_changes_the_paper(self):
        self.send(self.max, "newsroom_publication_change", 1, name="The Evening Test")
        self.assertEqual(Publication.objects.current().name, "The Evening Test")
        self.assertContains(self.client.get("/admin/"), "The Evening Test")

    def test_an_unknown_time_zone_is_an_error_beside_its_field(self):
        response = self.send(self.max, "newsroom_publication_change", 1, time_zone="Europe/Nowhere")
        self.assertEqual(response.status_code, 400)
        self.assertIn("time_zone", response.context["adminform"].form.errors)

    def test_a_logo_is_uploaded_replaced_and_removed(self):
        self.send(self.max, "newsroom_publication_change", 1, logo=picture_file())
        first = Publication.objects.current().logo
        self.assertEqual((first.width, first.height), (400, 300))
        page = self.open(self.max, "newsroom_publication_change", 1)
        self.assertContains(page, first.url(320))
        self.send(self.max, "newsroom_publication_change", 1, name="The Evening Test")
        self.assertEqual(Publication.objects.current().logo, first)
        self.send(self.max, "newsroom_publication_change", 1, logo=picture_file(size=(500, 300)))
        self.assertEqual(Publication.objects.current().logo.width, 500)
        self.assertEqual(Logo.objects.count(), 1)
        self.send(self.max, "newsroom_publication_change", 1, **{"logo-clear": "on"})
        self.assertIsNone(Publication.objects.current().logo)
        self.assertFalse(Logo.objects.exists())

    def test_a_logo_that_is_no_picture_is_an_error_beside_its_field(self):
        sent = SimpleUploadedFile("logo.png", b"no picture")
        response = self.send(self.max, "newsroom_publication_change", 1, logo=sent)
        self.assertEqual(response.status_code, 400)
        self.assertIn("logo", response.context["adminform"].form.errors)

    def test_a_second_paper_cannot_be_added(self):
        self.assertEqual(self.open(self.max, "newsroom_publication_add").status_code, 403)

    def test_other_roles_do_not_change_the_paper(self):
        for user in (self.edith, self.ada, self.dana):
            self.assertEqual(self.open(user, "newsroom_publication_change", 1).status_code, 403)

    def test_policy_pages_are_kept_on_the_desk(self):
        self.send(
            self.max, "newsroom_policypage_add", title="Standards", slug="standards", body="<p>We check.</p>", order="1"
        )
        self.assertEqual(PolicyPage.objects.get().title, "Standards")


class NameTests(HouseTestCase):
    """What is known by its name: found in any spelling, and not made twice by accident."""

    def found(self, by, what, typed):
        self.client.force_login(by)
        page = self.client.get(reverse(f"admin:{what}_changelist"), {"q": typed})
        return [str(row) for row in page.context["cl"].result_list]

    def test_a_name_is_found_however_it_is_typed(self):
        Topic.objects.create(name="Café Society")
        TopicName.objects.create(topic=Topic.objects.create(name="Gdańsk"), text="Данциг")
        Contributor.objects.create(name="Łukasz Żółty")
        Section.objects.create(name="Порт", slug="port")
        for what, typed, name in (
            ("newsroom_topic", "cafe", "Café Society"),
            ("newsroom_topic", "SOCIETY café", "Café Society"),
            ("newsroom_topic", "gdansk", "Gdańsk"),
            ("newsroom_topic", "dantsig", "Gdańsk"),
            ("articles_contributor", "lukasz zolty", "Łukasz Żółty"),
            ("articles_section", "ПОРТ", "Порт"),
        ):
            self.assertEqual(self.found(self.max, what, typed), [name], typed)

    def test_a_name_that_reads_like_another_is_asked_about(self):
        Topic.objects.create(name="Café Society")
        Contributor.objects.create(name="Teo Lindqvist")
        for number, (what, name) in enumerate((
            ("newsroom_topic", "Cafe Society"),
            ("newsroom_topic", "Cafe\u0301 Societty"),
            ("articles_contributor", "Teo Lindqvíst"),
        )):  # fmt: skip
            with self.subTest(name):
                page = self.send(self.max, f"{what}_add", name=name, slug="another")
                self.assertContains(page, "which reads like it", status_code=400)
                again = self.send(self.max, f"{what}_add", name=name, slug=f"another-{number}", another_one=fold(name))
                self.assertEqual(again.status_code, 302)

    def test_a_name_typed_with_invisible_marks_is_no_second_name(self):
        Topic.objects.create(name="Café Society")
        page = self.send(self.max, "newsroom_topic_add", name="\u200bCafe\u0301 Society\u200b", slug="again")
        self.assertContains(page, "Café Society</bdi>” already", status_code=400)

    def test_names_of_different_years_are_two_names(self):
        Topic.objects.create(name="Elections 2026")
        self.assertEqual(self.send(self.max, "newsroom_topic_add", name="Elections 2027", slug="").status_code, 302)

    def test_a_saved_name_is_not_asked_about_again(self):
        topic = Topic.objects.create(name="Café Society")
        Topic.objects.create(name="Cafe Society")
        answer = self.send(self.max, "newsroom_topic_change", topic.pk, description="Where people sit.")
        self.assertEqual(answer.status_code, 302)
