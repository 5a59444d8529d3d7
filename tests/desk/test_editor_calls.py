"""What the body editor calls: it shows only what the person may see, in a few rows, and refuses in words."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Image
from experts.models import Affiliation, Expert, Organisation
from newsroom import paper
from newsroom.models import Topic
from tests.base import DeskTestCase
from tests.pictures import jpeg


class EditorCallTestCase(DeskTestCase):
    def ask(self, user, name, *args, **values):
        self.client.force_login(user)
        return self.client.get(reverse(f"desk:{name}", args=args), values)

    def send(self, user, name, *args, **values):
        self.client.force_login(user)
        return self.client.post(reverse(f"desk:{name}", args=args), values)


class LookupTests(EditorCallTestCase):
    def labels(self, response):
        return [row["label"] for row in response.json()["results"]]

    def test_an_expert_is_found_by_name_with_the_title_of_today(self):
        Affiliation.objects.create(
            expert=self.expert,
            title="judge",
            organisation=Organisation.objects.called("Orle Court"),
            start="2001",
            end="2010",
        )
        Affiliation.objects.create(
            expert=self.expert,
            title="lecturer",
            organisation=Organisation.objects.called("Orle Institute"),
            start="2011",
        )
        row = self.ask(self.rana, "lookup", "expert", q="halv").json()["results"][0]
        self.assertEqual((row["label"], row["sub"]), ("Halvard Nystrom", "lecturer, Orle Institute"))
        self.assertEqual(self.labels(self.ask(self.rana, "lookup", "expert", q="halv zzz")), [])

    def test_a_story_is_found_by_words_of_its_headline(self):
        story = self.make_article(headline="Pilots strike at dawn", slug="pilots")
        self.make_article(headline="Other news", slug="other")
        self.assertEqual(self.labels(self.ask(self.rana, "lookup", "article", q="strike pil")), [story.headline])

    def test_a_story_is_shown_with_its_label_its_section_and_its_state(self):
        story = self.make_article(headline="Pilots strike", slug="pilots", label="Eyewitness")
        row = self.ask(self.rana, "lookup", "article", q="pilots").json()["results"][0]
        day = date_format(paper.local(story.updated_at), "j M Y")
        self.assertEqual(row["sub"], f"Eyewitness · World · Draft, changed {day}")

    def test_where_nothing_is_asked_stories_like_the_one_in_hand_come_first(self):
        story = self.make_article(headline="Harbour pilots refuse the night tide", slug="a")
        same = self.make_article(headline="Why pilots refuse", slug="b")
        topic = Topic.objects.create(name="Lamps", slug="lamps")
        shared = self.make_article(headline="Oil prices", slug="c")
        for one in (story, shared):
            one.topics.add(topic)
        for n in range(3):
            self.make_article(headline=f"Other {n}", slug=f"other-{n}")
        found = self.labels(self.ask(self.rana, "lookup", "article", **{"except": story.pk}))
        self.assertEqual(set(found[:2]), {same.headline, shared.headline})
        self.assertNotIn(story.headline, found)
        self.assertEqual(self.ask(self.rana, "lookup", "article", **{"except": 99999}).status_code, 200)

    def test_a_story_does_not_find_itself(self):
        story = self.make_article()
        self.assertEqual(self.labels(self.ask(self.rana, "lookup", "article", **{"except": story.pk})), [])

    def test_rows_are_named_by_their_ids_and_missing_ones_left_out(self):
        found = self.ask(self.rana, "lookup", "expert", id=f"{self.expert.pk},99999,nonsense,9{'9' * 30}")
        self.assertEqual(self.labels(found), ["Halvard Nystrom"])

    def test_few_rows_are_shown_whatever_is_asked(self):
        Expert.objects.bulk_create(
            Expert(display_name=f"Person {n}", sort_name=f"Person {n}", slug=f"person-{n}", search_key=f"person {n}")
            for n in range(60)
        )
        self.assertEqual(len(self.labels(self.ask(self.rana, "lookup", "expert", q="person"))), 12)
        ids = ",".join(str(pk) for pk in Expert.objects.values_list("pk", flat=True))
        self.assertEqual(len(self.labels(self.ask(self.rana, "lookup", "expert", id=ids))), 50)

    def test_a_picture_says_what_stands_against_printing_it(self):
        Image.objects.create(title="Quay", alt="A quay", rights_until=timezone.now() - timedelta(days=1), width=640)
        row = self.ask(self.rana, "lookup", "image", q="quay").json()["results"][0]
        self.assertEqual(row["warning"], "The rights have ended")
        self.assertIn("/admin/media/", row["thumb"])

    def test_an_expert_not_to_be_quoted_is_shown_as_barred(self):
        self.expert.bars.create(kind="quote", reason="No consent.", since=date(2020, 1, 1))
        row = self.ask(self.rana, "lookup", "expert", q="halvard").json()["results"][0]
        self.assertTrue(row["barred"])
        self.assertEqual(row["warning"], "Not to be quoted. No consent.")

    def test_how_sure_we_are_of_somebody_is_told_to_whom_the_card_is_open(self):
        for user, lines in ((self.rana, ["Never verified"]), (self.leo, None)):
            with self.subTest(user=user.username):
                row = self.ask(user, "lookup", "expert", q="halvard").json()["results"][0]
                self.assertEqual(row.get("lines"), lines)

    def test_each_role_sees_its_own_kinds(self):
        sees = {
            "rana": {"expert", "article", "image"},
            "leo": {"expert", "article", "image"},
            "sami": {"expert"},
            "mona": set(),
            "ada": set(),
        }
        for name, kinds in sees.items():
            for kind in ("expert", "article", "image"):
                with self.subTest(name=name, kind=kind):
                    answer = self.ask(getattr(self, name), "lookup", kind)
                    self.assertEqual(answer.status_code, 200 if kind in kinds else 403)

    def test_nobody_outside_the_staff_gets_an_answer(self):
        self.client.logout()
        self.assertEqual(self.client.get(reverse("desk:lookup", args=["expert"])).status_code, 302)
        self.rana.is_staff = False
        self.rana.save()
        self.assertEqual(self.ask(self.rana, "lookup", "expert").status_code, 302)

    def test_an_unknown_kind_is_not_found(self):
        self.assertEqual(self.ask(self.rana, "lookup", "user").status_code, 404)

    def test_odd_words_find_nothing_and_break_nothing(self):
        for kind in ("expert", "article", "image"):
            for words in ("\0", "%", "_" * 500, '" OR 1=1 --', "a " * 400, "(("):
                with self.subTest(kind=kind, words=words[:8]):
                    self.assertEqual(self.ask(self.rana, "lookup", kind, q=words).status_code, 200)


class LookupQueryTests(EditorCallTestCase):
    def test_looking_up_stories_takes_the_same_queries_however_many(self):
        for n in range(6):
            self.make_article(headline=f"Tide {n}", slug=f"tide-{n}")
        self.client.force_login(self.rana)
        # session, person, paper, roles; the index, the newest headlines, the stories with sections, which are live
        with self.assertNumQueries(8):
            self.client.get(reverse("desk:lookup", args=["article"]), {"q": "tide"})

    def test_stories_like_another_take_the_same_queries_however_many(self):
        stories = [self.make_article(headline=f"A tide of letters came {n}", slug=f"tide-{n}") for n in range(6)]
        self.client.force_login(self.rana)
        # session, person, paper, roles; the story, three words of its headline, its topics, the stories, which are live
        with self.assertNumQueries(11):
            self.client.get(reverse("desk:lookup", args=["article"]), {"except": stories[0].pk})


class QuotationTests(EditorCallTestCase):
    SAID = (
        "<p>“A slow tide,” said Halvard Nystrom.</p><p>“We sold it,” said Quirina Vold, chair of the harbour board.</p>"
        "<p>“It is late.” It rained.</p><p>“No comment,” officials said.</p>"
    )

    def listed(self, user=None, body=SAID):
        story = self.make_article()
        return self.send(user or self.rana, "voices", story.pk, body=body, list="1")

    def test_quotations_are_listed_with_whom_they_may_be_of(self):
        answer = self.listed().json()
        first, second, third, fourth = answer["quotations"]
        self.assertEqual((first["words"], first["person"]["id"], first["sure"]), ("A slow tide,", self.expert.pk, True))
        named = second["name"], second["title"], second["person"]
        self.assertEqual(named, ("Quirina Vold", "chair of the harbour board", None))
        self.assertEqual((third["name"], third["person"]), ("", None))
        self.assertEqual(fourth["name"], "", "officials are nobody's name")
        self.assertTrue(answer["may_add"])
        self.assertEqual(answer["count"], 1)

    def test_no_channel_is_told_and_why_somebody_is_barred_to_few(self):
        self.expert.channels.create(kind="email", raw="halvard@example.org")
        self.expert.bars.create(kind="contact", reason="Threatened.", since=date(2020, 1, 1))
        for user, told in ((self.rana, True), (self.cora, False)):
            with self.subTest(user=user.username):
                answer = self.listed(user)
                self.assertNotContains(answer, "halvard@example.org")
                self.assertEqual("Threatened." in answer.content.decode(), told)

    def test_the_list_asks_the_right_to_write_and_survives_hostile_text(self):
        self.assertEqual(self.listed(self.leo).status_code, 403)
        for body in ("", "\0", "“" * 5000, "<p>“<q data-expert=zz>”</p>", '<p>"' + "a " * 5000 + '"</p>', "<" * 3000):
            with self.subTest(body=body[:12]):
                self.assertEqual(self.listed(body=body).status_code, 200)
        many = "".join(f"<p>“Word {n} it is.” It rained.</p>" for n in range(300))
        self.assertEqual(len(self.listed(body=many).json()["quotations"]), 200)


class UploadTests(EditorCallTestCase):
    def test_a_file_that_is_no_picture_is_refused_in_words(self):
        file = SimpleUploadedFile("x.png", b"<svg/>", content_type="image/png")
        answer = self.send(self.rana, "upload", file=file)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("SVG", answer.json()["error"])
        self.assertEqual(self.send(self.rana, "upload").status_code, 400)

    def test_uploading_without_permission_is_refused_unread(self):
        for user in (self.leo, self.mona, self.ada):
            with self.subTest(user=user.username):
                self.assertEqual(self.send(user, "upload", file=SimpleUploadedFile("x.png", b"x")).status_code, 403)
        self.assertFalse(Image.objects.exists())


class CardTests(EditorCallTestCase):
    def test_a_card_needs_no_more_than_a_name(self):
        answer = self.send(self.rana, "expert", display_name="Rosalind Tam")
        self.assertEqual(answer.status_code, 201)
        self.assertEqual(Expert.objects.get(pk=answer.json()["id"]).display_name, "Rosalind Tam")

    def test_a_title_given_with_a_card_becomes_todays_role(self):
        answer = self.send(
            self.rana, "expert", display_name="Rosalind Tam", title="adjuster", organisation="Orle Marine"
        )
        self.assertEqual(answer.json()["sub"], "adjuster, Orle Marine")

    def test_a_name_that_has_a_card_is_asked_about_first(self):
        answer = self.send(self.rana, "expert", display_name="halvard nystrom")
        self.assertEqual((answer.status_code, answer.json()["same"]), (409, True))
        self.assertEqual(Expert.objects.count(), 1)
        self.assertEqual(self.send(self.rana, "expert", display_name="Halvard Nystrom", anyway="1").status_code, 201)

    def test_a_name_spelt_otherwise_is_asked_about_first(self):
        for name in ("Halvard Nyström", "Halvar Nystrom", "Халвард Нистром"):
            with self.subTest(name):
                answer = self.send(self.rana, "expert", display_name=name)
                self.assertEqual(answer.status_code, 409)
                self.assertIn("Halvard Nystrom", answer.json()["error"])

    def test_a_card_needs_a_name(self):
        for name in ("", "  ", "x" * 161, "a\x00b"):
            with self.subTest(name=name[:5]):
                self.assertEqual(self.send(self.rana, "expert", display_name=name).status_code, 400)

    def test_picture_desk_lawyer_moderator_and_administrator_make_no_cards(self):
        for user in (self.pia, self.leo, self.mona, self.ada):
            with self.subTest(user=user.username):
                self.assertEqual(self.send(user, "expert", display_name="New").status_code, 403)

    def test_a_forged_post_is_refused(self):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(self.rana)
        self.assertEqual(client.post(reverse("desk:expert"), {"display_name": "New"}).status_code, 403)
        self.assertEqual(Expert.objects.count(), 1)


class DescribeTests(EditorCallTestCase):
    def brought_in(self, user):
        self.client.force_login(user)
        return self.client.post(reverse("desk:upload"), {"file": jpeg(64, 48)}).json()

    def test_whoever_brings_a_picture_in_says_what_it_shows_until_it_is_used(self):
        pk = self.brought_in(self.cora)["id"]
        answer = self.send(self.cora, "describe", pk, alt="A crane", credit="Cora", caption="")
        self.assertEqual((answer.status_code, answer.json()["alt"], answer.json()["credit"]), (200, "A crane", "Cora"))
        self.assertEqual(self.send(self.rob, "describe", pk, alt="Mine").status_code, 403)
        self.make_article(lead_image_id=pk)
        self.assertEqual(self.send(self.cora, "describe", pk, alt="Later").status_code, 403)
        self.assertEqual(self.send(self.pia, "describe", pk, alt="The desk's").status_code, 200)
        self.assertEqual(Image.objects.get(pk=pk).alt, "The desk's")

    def test_words_that_are_too_long_or_hold_controls_are_refused_in_words(self):
        pk = self.brought_in(self.rana)["id"]
        for alt, why in (("a" * 301, "at most 300"), ("a\x00b\x07", "control")):
            answer = self.send(self.rana, "describe", pk, alt=alt)
            self.assertEqual(answer.status_code, 400)
            self.assertIn(why, answer.json()["error"])
        self.assertEqual(Image.objects.get(pk=pk).alt, "")

    def test_a_file_that_the_library_has_is_known_by_its_digest(self):
        image = Image.objects.get(pk=self.brought_in(self.rana)["id"])
        self.assertEqual(self.ask(self.rob, "same_file", sha256=image.sha256).json()["row"]["id"], image.pk)
        for digest in ("0" * 64, image.sha256[:63], "", "'; DROP TABLE", image.sha256.upper()):
            self.assertIsNone(self.ask(self.rob, "same_file", sha256=digest).json()["row"], digest)
        self.assertEqual(self.ask(self.leo, "same_file", sha256=image.sha256).status_code, 403)
