"""Findings of the checklist one by one: each is known by its code and what it is about."""

from django.urls import reverse

from articles.actions import checklist, publish_moves, writing
from articles.models import Article, Byline, Contributor, DeskNote, Image, State
from experts.models import Expert
from newsroom.errors import Blocked

from .test_gate import WAIVED, GateTestCase

WHY = {"waive_note": "known to the desk"}


class FindingTestCase(GateTestCase):
    def quoting(self, *people, state=State.APPROVED, **changes):
        marks = "".join(f'<q data-expert="{card.pk}" data-quote="q{card.pk}">A rule is a rule</q> ' for card in people)
        return self.make_article(state=state, body=f"<p>Text. {marks}</p>", **changes)

    def found(self, article):
        return checklist.findings_of(article, writing.content_of(article))

    def keys(self, article, level="warning"):
        return [finding.key for finding in self.found(article) if finding.level == level]


class WaiverTests(FindingTestCase):
    def setUp(self):
        super().setUp()
        self.other = Expert.objects.create(display_name="Maya Lind")
        self.pair = [f"identity:{card.pk}" for card in (self.expert, self.other)]

    def test_two_people_whom_nobody_verified_are_two_warnings(self):
        article = self.quoting(self.expert, self.other)
        self.assertEqual([key for key in self.keys(article) if key.startswith("identity")], self.pair)

    def test_waiving_one_of_them_lets_the_other_stop_the_story(self):
        article = self.quoting(self.expert, self.other)
        rest = [key for key in self.keys(article) if key != self.pair[1]]
        with self.assertRaises(Blocked) as stopped:
            self.take(article, "publish", waive=rest, **WHY)
        self.assertEqual([finding.key for finding in stopped.exception.findings], [self.pair[1]])
        self.assertIn("Maya Lind", str(stopped.exception))

    def test_a_waiver_by_code_alone_covers_nobody(self):
        article = self.quoting(self.expert, self.other)
        codes = [finding.code for finding in self.found(article)]
        with self.assertRaises(Blocked) as stopped:
            self.take(article, "publish", waive=codes, **WHY)
        self.assertEqual([finding.key for finding in stopped.exception.findings], self.pair)

    def test_the_edition_and_the_move_record_each_waiver_by_name(self):
        article = self.quoting(self.expert, self.other)
        keys = self.keys(article)
        self.take(article, "publish", waive=[*keys, "byline"], **WHY)
        edition = article.editions.get()
        self.assertEqual(edition.passed, {"warning": keys})
        self.assertIn(f"Waived ({', '.join(keys)}): known to the desk", edition.why)
        self.assertEqual(article.transitions.get(move="publish").details["waive"], keys)

    def test_an_edition_for_which_all_were_waived_at_once_has_each_by_name(self):
        article = self.quoting(self.expert, self.other)
        keys = self.keys(article)
        self.take(article, "publish", **WAIVED)
        edition = article.editions.get()
        self.assertEqual(edition.passed, {"warning": keys})
        self.assertIn(f"Waived ({', '.join(keys)})", edition.why)

    def test_the_page_has_a_box_for_each_and_sends_its_name(self):
        article = self.quoting(self.expert, self.other)
        self.client.force_login(self.edith)
        url = reverse("admin:articles_article_move", args=[article.pk, "publish"])
        page = self.client.get(url)
        boxes = dict(page.context["form"].fields["waive"].choices)
        self.assertEqual([key for key in boxes if key.startswith("identity")], self.pair)
        for key, name in zip(self.pair, ("Halvard Nystrom", "Maya Lind"), strict=True):
            self.assertIn(name, boxes[key])
            self.assertContains(page, f'value="{key}"')
        data = {"seen": page.context["seen"], "waive": [key for key in boxes if key != self.pair[0]], **WHY}
        again = self.client.post(url, data)
        self.assertContains(again, "Halvard Nystrom is quoted, and nobody has verified", status_code=400)
        self.assertEqual(self.client.post(url, data | {"waive": list(boxes)}).status_code, 302)


class OverrideTests(FindingTestCase):
    NOTE = "The chamber sits at noon and we are asked for it."

    def setUp(self):
        super().setUp()
        self.images = [
            Image.objects.create(original=f"{n}.jpg", width=9, height=9, alt="", credit="Pia", phash="", sha256="")
            for n in (1, 2)
        ]

    def story(self):
        figures = "".join(f'<figure data-image="{image.pk}"></figure>' for image in self.images)
        return self.make_article(state=State.APPROVED, body=f"<p>Text.</p>{figures}")

    def test_publishing_past_errors_covers_those_that_were_shown(self):
        article = self.story()
        first, second = self.keys(article, "error")
        with self.assertRaises(Blocked) as stopped:
            self.take(article, "publish", by=self.max, override_note=self.NOTE, past=[first], **WAIVED)
        self.assertEqual([finding.key for finding in stopped.exception.findings], [second])
        self.take(article, "publish", by=self.max, override_note=self.NOTE, past=[first, second], **WAIVED)
        self.assertEqual(article.editions.get().passed["error"], [f"alt:{image.pk}" for image in self.images])
        self.assertEqual(article.transitions.get(move="publish").details["past"], [first, second])

    def test_an_error_that_came_since_the_page_was_made_is_shown_first(self):
        first, second = self.images
        Image.objects.filter(pk=second.pk).update(alt="A quay")
        article = self.story()
        self.client.force_login(self.max)
        url = reverse("admin:articles_article_move", args=[article.pk, "publish"])
        page = self.client.get(url)
        self.assertContains(page, f'<input type="hidden" name="past" value="alt:{first.pk}">', html=True)
        data = {"seen": page.context["seen"], "past": [f"alt:{first.pk}"], "override_note": self.NOTE, **WHY}
        data["waive"] = [key for key, _ in page.context["form"].fields["waive"].choices]
        Image.objects.filter(pk=second.pk).update(alt="")
        again = self.client.post(url, data)
        self.assertContains(again, f'name="past" value="alt:{second.pk}"', status_code=400)
        self.assertEqual(article.editions.count(), 0)
        data["past"] = [f"alt:{image.pk}" for image in self.images]
        self.assertEqual(self.client.post(url, data).status_code, 302)


class NameTests(FindingTestCase):
    def test_no_two_findings_of_a_story_full_of_faults_share_a_name(self):
        people = [Expert.objects.create(display_name=name) for name in ("Maya Lindqvist", "Iker Sandovall")]
        for card in people:
            card.bars.create(kind="quote", reason="Asked us", since="2026-01-01")
        pairs = [(card.pk, mark) for card in people for mark in "ab"]
        marks = "".join(f'<q data-expert="{pk}" data-quote="{mark}{pk}">No {mark}</q> ' for pk, mark in pairs)
        bad = {"alt": "", "credit": "", "restricted": True, "original": ""}
        images = [Image.objects.create(width=9, height=9, phash="", sha256="", **bad) for _ in range(2)]
        figures = "".join(f'<figure data-image="{image.pk}"></figure>' for image in images)
        others = [self.make_article(slug=slug) for slug in ("one", "two")]
        cards = "".join(f'<div data-article="{other.pk}"></div>' for other in others)
        article = self.make_article(
            body=f"<p>Lindqvits and Sandovvall. {marks}</p>{figures}{cards}", standfirst="", topics=False, byline=False,
            genre="opinion", origin="contributed", legal_wanted=True,
        )  # fmt: skip
        for name in ("Ana", "Ben"):
            who = Contributor.objects.create(name=name)
            Byline.objects.create(article=article, contributor=who)
        article.quote_records.update(ground_rule="off_record")
        for text in ("an official", "a clerk"):
            article.attributions.create(description=text)
        for uid in ("n1", "n2"):
            DeskNote.objects.create(article=article, uid=uid, text=f"Look at {uid}", by=self.cora, is_task=True)
        self.world.required_signoffs = ["copy", "facts", "pictures"]
        self.world.save()
        found = self.found(Article.objects.get(pk=article.pk))
        keys = [finding.key for finding in found]
        self.assertEqual(len(keys), len(set(keys)), sorted(keys))
        for code, number in (("ground rule", 4), ("do not quote", 2), ("picture", 2), ("alt", 2), ("unnamed", 2),
                             ("line", 2), ("required", 3), ("notes", 2), ("related", 2), ("near miss", 2),
                             ("identity", 2)):  # fmt: skip
            self.assertEqual(sum(finding.code == code for finding in found), number, code)

    def test_a_finding_keeps_its_name_when_another_is_mended(self):
        images = [
            Image.objects.create(original=f"{n}.jpg", width=9, height=9, alt="", credit="Pia", phash="", sha256="")
            for n in (1, 2)
        ]
        figures = "".join(f'<figure data-image="{image.pk}"></figure>' for image in images)
        article = self.make_article(body=f"<p>Text.</p>{figures}")
        before = self.keys(article, "error")
        Image.objects.filter(pk=images[0].pk).update(alt="A quay")
        self.assertEqual(self.keys(article, "error"), before[1:])

    def test_a_minor_edit_that_changes_much_has_a_name_too(self):
        article = self.live_story()
        content = writing.content_of(article) | {"headline": "Another"}
        live = article.editions.live().get()
        keys = [f.key for f in publish_moves.findings_for(article, content, kind="minor", live=live)]
        self.assertIn("substantive", keys)
