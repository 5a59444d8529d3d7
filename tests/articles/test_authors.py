"""Four eyes: who counts as an author of what was submitted, what is approved and what is saved."""

import datetime as dt
import time

from articles import roles
from articles.actions import authors, images, restoring, signoffs, take, writing
from articles.body import changes
from articles.models import Contributor, State
from experts.actions import merging
from experts.models import Expert
from newsroom import clock
from newsroom.errors import NotAllowed

from ..base import DeskTestCase
from ..pictures import jpeg

LONG = " ".join(f"Sentence {n} of the report says what the ports have agreed on." for n in range(20))
SAID = '<p>“<q data-expert="{}">We agree to all of it</q>”, he says. {}</p>'


class AuthorsTestCase(DeskTestCase):
    def setUp(self):
        self.edith_by = Contributor.objects.create(name="Edith Author", user=self.edith)
        self.body = SAID.format(self.expert.pk, LONG)

    def save(self, article, by, **fields):
        """What a form saves: columns of the story, rows beside it, and then the version."""
        for name, value in fields.items():
            setattr(article, name, value)
        article.save()
        writing.save_revision(article, by=by, seen_version=article.version)
        article.refresh_from_db()

    def take(self, article, name, by, **data):
        take.take(article, name, by=by, seen=take.seen_token(article), **data)
        article.refresh_from_db()

    def ediths(self, state):
        """A story under Edith's byline that Cora submitted and, where it is approved, Max approved."""
        article = self.make_article(by=self.edith, byline=False, body=self.body)
        article.bylines.create(contributor=self.edith_by)
        writing.save_revision(article, by=self.edith, seen_version=article.version)
        article.refresh_from_db()
        self.take(article, "submit", self.cora)
        if state == State.APPROVED:
            self.take(article, "approve", self.max)
        return article


class BylineTests(AuthorsTestCase):
    def test_an_author_who_deletes_their_byline_loses_the_approval(self):
        article = self.ediths(State.APPROVED)
        article.bylines.all().delete()
        self.save(article, self.edith, body="<p>Something else altogether.</p>")
        self.assertEqual((article.state, article.approved), (State.SUBMITTED, None))
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.edith)

    def test_an_author_who_becomes_additional_reporting_stays_author(self):
        article = self.ediths(State.APPROVED)
        article.bylines.update(role="additional")
        self.save(article, self.edith, headline="Something else")
        self.assertEqual(article.state, State.SUBMITTED)

    def test_a_byline_that_was_taken_off_in_an_earlier_save_still_counts(self):
        article = self.ediths(State.APPROVED)
        article.bylines.all().delete()
        self.save(article, self.max)
        self.assertEqual(article.state, State.APPROVED)
        self.save(article, self.edith, headline="Something else")
        self.assertEqual(article.state, State.SUBMITTED)

    def test_who_was_behind_a_byline_when_it_was_submitted_stays_author(self):
        article = self.ediths(State.SUBMITTED)
        Contributor.objects.filter(pk=self.edith_by.pk).update(user=None)
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.edith)
        self.take(article, "approve", self.max)

    def test_who_submitted_it_stays_author_after_an_edit_of_another(self):
        article = self.make_article(body=self.body)
        self.take(article, "submit", self.edith)
        self.take(article, "approve", self.max)
        self.save(article, self.cora, standfirst="Tighter.")
        self.assertEqual((article.state, article.submitted_by), (State.SUBMITTED, self.cora))
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.edith)

    def test_a_cancelled_schedule_gives_an_author_no_approval_to_keep(self):
        """The update that is dropped meanwhile empties `submitted_by`."""
        article = self.make_article(body=self.body)
        self.take(article, "submit", self.edith)
        self.take(article, "approve", self.max)
        at = {"at": clock.instant() + dt.timedelta(days=1), "waive": ["*"], "waive_note": "a test"}
        self.take(article, "schedule", self.max, **at)
        self.take(article, "revise", self.rana)
        self.take(article, "drop-update", self.max)
        self.take(article, "cancel-schedule", self.max)
        self.assertEqual(article.state, State.APPROVED)
        self.save(article, self.edith, headline="Something else")
        self.assertEqual(article.state, State.SUBMITTED)

    def under(self, **fields):
        """A submitted story of Rana's under the byline of a contributor without an account."""
        twin = Contributor.objects.create(**{"name": "A. Nother"} | fields)
        article = self.make_article(by=self.rana, byline=False, body=self.body, slug=f"twin-{twin.pk}")
        article.bylines.create(contributor=twin)
        self.save(article, self.rana)
        self.take(article, "submit", self.rana)
        return article

    def test_whoever_is_entered_twice_is_behind_either_byline(self):
        self.edith.email = "Edith@paper.example"
        self.edith.save()
        Contributor.objects.filter(pk=self.edith_by.pk).update(email="e.author@paper.example")
        self.edith.refresh_from_db()
        for fields in (
            {"name": "Edith Author"}, {"name": "édith  AUTHOR"}, {"name": "Author, Edith"},
            {"email": "edith@PAPER.example"}, {"email": "E.Author@paper.example"},
            {"name": self.edith.get_full_name() or "Edith Author"},
        ):  # fmt: skip
            article = self.under(**fields)
            with self.subTest(fields):
                self.assertTrue(authors.is_author(article, self.edith))
                self.assertFalse(authors.is_author(article, self.max))
                self.assertFalse(roles.is_own(article, self.edith))

    def test_a_twin_who_is_renamed_stays_behind_the_byline_as_submitted(self):
        article = self.under(name="Edith Author")
        Contributor.objects.filter(pk=article.bylines.get().contributor_id).update(name="Somebody Else")
        self.assertTrue(authors.is_author(article, self.edith))

    def test_a_namesake_with_an_account_is_somebody_else(self):
        article = self.under(name="Edith Author", user=self.cora)
        self.assertFalse(authors.is_author(article, self.edith))

    def test_an_address_that_the_staff_share_makes_nobody_an_author(self):
        Contributor.objects.filter(pk=self.edith_by.pk).update(email="desk@paper.example")
        Contributor.objects.create(name="Max M.", user=self.max, email="desk@paper.example")
        self.edith.refresh_from_db()
        article = self.under(email="desk@paper.example")
        self.assertFalse(authors.is_author(article, self.edith))

    def test_without_four_eyes_an_author_keeps_the_approval(self):
        self.publication.four_eyes = False
        self.publication.save()
        article = self.ediths(State.APPROVED)
        self.save(article, self.edith, headline="Something else")
        self.assertEqual(article.state, State.APPROVED)


class RewritingTests(AuthorsTestCase):
    def test_an_editor_who_rewrites_a_submitted_story_does_not_approve_it(self):
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        new = " ".join(f"Another sentence, number {n}, tells a different tale." for n in range(20))
        self.save(article, self.edith, body=SAID.format(self.expert.pk, new))
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.edith)
        self.assertNotIn("approve", dict(take.available(article, self.edith)))
        self.take(article, "approve", self.max)

    def test_an_editor_who_mends_a_submitted_story_approves_it(self):
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        self.save(article, self.edith, body=article.body.replace("Sentence 3 of", "The third sentence of"))
        self.take(article, "approve", self.edith)

    def test_a_rewriting_in_many_small_saves_counts_together(self):
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        for n in range(19):
            self.save(article, self.edith, body=article.body.replace(f"Sentence {n} of the report", f"A B C D {n}"))
            self.save(article, self.cora, standfirst=f"Standfirst {n}.")
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.edith)

    def test_what_an_editor_takes_back_themselves_does_not_count(self):
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        as_submitted = article.body
        self.save(article, self.edith, body="<p>Gone.</p>")
        self.assertTrue(authors.is_author(article, self.edith))
        self.save(article, self.edith, body=as_submitted, standfirst="Tighter.")
        self.take(article, "approve", self.edith)

    def restore(self, article, number, by):
        restoring.restore_version(article, number, by=by, seen=take.seen_token(article))
        article.refresh_from_db()

    def test_words_of_others_that_an_editor_brings_back_are_not_hers(self):
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        new = " ".join(f"Another sentence, number {n}, tells a different tale." for n in range(20))
        self.save(article, self.cora, body=SAID.format(self.expert.pk, new))
        self.restore(article, 1, self.edith)
        self.assertFalse(authors.is_author(article, self.edith))
        self.take(article, "approve", self.edith)

    def test_an_editors_own_words_stay_hers_when_she_brings_them_back(self):
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        self.save(article, self.edith, body="<p>“I never said it,” he says.</p>")
        self.save(article, self.cora, body=self.body)
        self.restore(article, 2, self.edith)
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.edith)

    def test_what_she_writes_after_bringing_a_version_back_counts(self):
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        self.save(article, self.cora, standfirst="Tighter.")
        self.restore(article, 1, self.edith)
        self.save(article, self.edith, body="<p>Something else altogether.</p>")
        with self.assertRaisesMessage(NotAllowed, "You wrote, restored or rewrote it: somebody else approves it."):
            self.take(article, "approve", self.edith)

    def test_whoever_changes_a_quoted_word_does_not_approve(self):
        for old, new in (("We agree to all", "We agree to most"),):
            article = self.make_article(state=State.SUBMITTED, body=self.body)
            self.save(article, self.edith, body=article.body.replace(old, new))
            with self.assertRaises(NotAllowed):
                self.take(article, "approve", self.edith)

    def test_quoted_words_that_nobody_linked_count_too(self):
        for number, (old, new) in enumerate(
            (
                ("“all of it”", "“most of it”"),
                ("«كل شيء»", "«بعض الشيء»"),
                ("„alles“", "„manches“"),
                ("'all'", "'some'"),
                ("‘he’s in’", "‘he’s out’"),
                ("’all’", "’some’"),
                ("``all''", "``some''"),
                ("‟all”", "‟some”"),
                ("〝all〞", "〝some〞"),
                ("＂all＂", "＂some＂"),
                ("— all —", "— some —"),
            )
        ):
            body = f"<p>{LONG} He said {old} on Monday.</p>"
            article = self.make_article(state=State.SUBMITTED, body=body, slug=f"quotes-{number}")
            self.save(article, self.edith, body=article.body.replace(old, new))
            with self.subTest(old), self.assertRaises(NotAllowed):
                self.take(article, "approve", self.edith)

    def rewritten(self, article, old, new):
        """Whether Edith, who changes words of a submitted story, is its author afterwards."""
        self.save(article, self.edith, body=article.body.replace(old, new))
        return authors.is_author(article, self.edith)

    def test_each_paragraph_of_a_long_quotation_counts(self):
        body = (
            f"<p>{LONG}</p><p>“We agree.</p><p>“It is all ours.</p><p>“We said so.”</p><p>— All is well — he says.</p>"
        )
        for number, (old, new) in enumerate((("agree", "differ"), ("is all", "is half"), ("said so", "knew"),
                                             ("All is well", "All is lost"))):  # fmt: skip
            article = self.make_article(state=State.SUBMITTED, body=body, slug=f"long-{number}")
            with self.subTest(old):
                self.assertTrue(self.rewritten(article, old, new))

    def test_words_with_an_apostrophe_are_no_quotation(self):
        body = f"<p>{LONG} They don’t play rock ’n’ roll at the dogs’ home of the ’90s.</p>"
        for number, (old, new) in enumerate((("don’t play", "won’t hear"), ("rock ’n’ roll", "any tune"),
                                             ("dogs’ home", "cats’ place"))):  # fmt: skip
            article = self.make_article(state=State.SUBMITTED, body=body, slug=f"apostrophe-{number}")
            with self.subTest(old):
                self.assertFalse(self.rewritten(article, old, new))

    def test_whoever_gives_quoted_words_to_another_speaker_does_not_approve(self):
        other = Expert.objects.create(display_name="Ada Olsen")
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        self.assertTrue(self.rewritten(article, f'"{self.expert.pk}"', f'"{other.pk}"'))
        block = f'<blockquote data-expert="{self.expert.pk}"><p>It is all ours.</p></blockquote><p>{LONG}</p>'
        article = self.make_article(state=State.SUBMITTED, body=block, slug="block")
        self.assertTrue(self.rewritten(article, f'"{self.expert.pk}"', f'"{other.pk}"'))

    def test_words_given_to_another_in_two_steps_count(self):
        other = Expert.objects.create(display_name="Ada Olsen")
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        linked, said = f'<q data-expert="{self.expert.pk}"', "<q "
        uid = article.quote_records.get().uid
        self.save(article, self.edith, body=article.body.replace(f'{linked} data-quote="{uid}">', said.strip() + ">"))
        self.save(article, self.cora, standfirst="Tighter.")
        self.assertFalse(authors.is_author(article, self.edith))
        self.save(article, self.edith, body=article.body.replace("<q>", f'<q data-expert="{other.pk}">'))
        self.assertTrue(authors.is_author(article, self.edith))

    def test_words_of_a_card_that_was_merged_stay_their_speakers(self):
        other = Expert.objects.create(display_name="H. Nystrom")
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        merging.merge_cards(other, self.expert, {}, by=self.sami, seen=(other.version, self.expert.version))
        self.assertFalse(self.rewritten(article, f'"{self.expert.pk}"', f'"{other.pk}"'))

    def test_linking_words_to_their_speaker_changes_no_quoted_words(self):
        article = self.make_article(state=State.SUBMITTED, body=f"<p>“We agree to all of it”, he says. {LONG}</p>")
        linked = article.body.replace(
            "“We agree to all of it”", f'<q data-expert="{self.expert.pk}">We agree to all of it</q>'
        )
        self.save(article, self.edith, body=linked)
        self.take(article, "approve", self.edith)

    def test_an_editor_who_rewrites_an_approved_story_loses_the_approval(self):
        article = self.make_article(state=State.APPROVED, body=self.body)
        self.save(article, self.edith, body="<p>Something else altogether.</p>")
        self.assertEqual(article.state, State.SUBMITTED)

    def test_whoever_rewrote_it_does_not_sign_it_off(self):
        article = self.make_article(state=State.SUBMITTED, body=self.body)
        self.save(article, self.cora, body="<p>Something else altogether.</p>")
        self.assertFalse(signoffs.may_sign(article, "copy", self.cora))

    def sent_back(self, slug="sent-back", by=None):
        """A story of Rana's that was submitted once, and that Edith or another has sent back."""
        article = self.make_article(state=State.SUBMITTED, body=self.body, slug=slug)
        self.take(article, "send-back", by or self.edith, note="as we said")
        return article

    def test_who_rewrote_it_when_it_was_sent_back_does_not_approve_it(self):
        article = self.sent_back()
        self.save(article, self.edith, body="<p>Something else altogether.</p>")
        self.take(article, "submit", self.rana)
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.edith)
        self.take(article, "approve", self.max)

    def test_who_changed_a_quotation_when_it_was_sent_back_is_its_author(self):
        other = Expert.objects.create(display_name="Ada Olsen")
        for number, (old, new) in enumerate(
            ((" to all", " to most"), ("We agree to all of it", ""), (f'"{self.expert.pk}"', f'"{other.pk}"'))
        ):
            article = self.sent_back(f"quoted-{number}")
            self.save(article, self.edith, body=article.body.replace(old, new or "No"))
            self.save(article, self.rana, standfirst="Tighter.")
            self.take(article, "submit", self.rana)
            with self.subTest(old):
                self.assertTrue(authors.is_author(article, self.edith))

    def test_what_was_cut_when_it_was_sent_back_counts(self):
        article = self.sent_back()
        self.save(article, self.edith, body=article.body.replace(" of the report says what the ports have agreed", ""))
        self.take(article, "submit", self.rana)
        self.assertTrue(authors.is_author(article, self.edith))

    def test_words_that_another_replaced_before_it_was_submitted_do_not_count(self):
        article = self.sent_back()
        as_submitted = article.body
        self.save(article, self.edith, body="<p>“Something” else altogether.</p>")
        self.save(article, self.rana, body=as_submitted, standfirst="Tighter.")
        self.take(article, "submit", self.rana)
        self.take(article, "approve", self.edith)

    def test_words_before_and_after_it_was_submitted_again_count_together(self):
        article = self.sent_back()
        for start, state in ((0, "sent back"), (4, "submitted")):
            body = article.body
            for n in range(start, start + 4):
                body = body.replace(
                    f"Sentence {n} of the report says what the ports have agreed", f"A{n} B C D E F G H I"
                )
            self.save(article, self.edith, body=body)
            self.assertEqual(article.state == State.SUBMITTED, state == "submitted")
            if state == "sent back":
                self.take(article, "submit", self.rana)
                self.assertFalse(authors.is_author(article, self.edith))
        self.assertTrue(authors.is_author(article, self.edith))

    def test_who_wrote_an_earlier_edition_is_no_author_of_an_update(self):
        article = self.sent_back()
        self.save(article, self.edith, body="<p>Something else altogether.</p>")
        self.take(article, "submit", self.rana)
        self.take(article, "approve", self.max)
        self.take(article, "publish", self.max, waive=["*"], waive_note="a test")
        self.take(article, "revise", self.rana)
        self.save(article, self.rana, standfirst="An update.")
        self.take(article, "submit", self.rana)
        self.take(article, "approve", self.edith)


class WordsTests(AuthorsTestCase):
    def test_whatever_an_edition_freezes_is_under_the_approval(self):
        for name, value in {
            "seo_title": "Other", "social_title": "Other", "slug": "other-one", "genre": "analysis",
            "origin": "freelance", "section": self.politics, "label": "Other", "language": "de",
        }.items():  # fmt: skip
            article = self.make_article(state=State.APPROVED, slug=f"story-{name.replace('_', '-')}")
            with self.subTest(name):
                self.save(article, self.cora, **{name: value})
                self.assertEqual((article.state, article.approved), (State.SUBMITTED, None))

    def test_topics_and_discussion_are_no_words(self):
        article = self.make_article(state=State.APPROVED)
        article.topics.clear()
        self.save(article, self.cora, discussion="off")
        self.assertEqual(article.state, State.APPROVED)

    def test_an_editor_who_changes_words_after_approval_is_who_approved_them(self):
        article = self.make_article(state=State.SUBMITTED, genre="editorial", byline=False)
        self.take(article, "approve", self.max)
        self.save(article, self.edith, seo_title="Other")
        self.assertEqual((article.state, article.approved_by), (State.APPROVED, self.edith))

    def picture(self):
        return images.take_in(jpeg(), by=self.rana, alt="A harbour", caption="At noon.", credit="Pia")

    def test_alt_text_and_caption_of_a_picture_are_under_the_approval(self):
        image = self.picture()
        article = self.make_article(state=State.APPROVED, lead_image=image)
        image.caption = "Halvard Nystrom takes a bribe."
        image.save()
        self.assertEqual(images.words_changed(image, by=self.rana), [article])
        article.refresh_from_db()
        self.assertEqual((article.state, article.submitted_by), (State.SUBMITTED, self.rana))
        self.take(article, "approve", self.edith)
        self.take(article, "publish", self.edith, waive=["*"], waive_note="a test")
        self.assertEqual(article.editions.get().text.data["lead_image"]["caption"], image.caption)

    def test_an_edition_prints_the_words_of_a_picture_that_were_approved(self):
        image = self.picture()
        article = self.make_article(state=State.APPROVED, lead_image=image)
        image.caption = "Nobody has read this."
        image.save()
        self.take(article, "publish", self.edith, waive=["*"], waive_note="a test")
        self.assertEqual(article.editions.get().text.data["lead_image"]["caption"], "At noon.")

    def test_a_picture_mended_before_the_approval_is_approved_as_it_stands(self):
        image = self.picture()
        article = self.make_article(state=State.SUBMITTED, lead_image=image)
        image.alt = "A harbour at noon"
        image.save()
        self.take(article, "approve", self.edith)
        self.assertEqual(article.approved.content["pictures"][str(image.pk)]["alt"], "A harbour at noon")


class BoundsTests(DeskTestCase):
    def content(self, body):
        fields = dict.fromkeys(("headline", "short_headline", "seo_title", "social_title", "label", "standfirst",
                                "dateline"), "")  # fmt: skip
        return fields | {"language": "en", "body": body}

    def test_comparing_two_versions_takes_no_time_whatever_they_hold(self):
        n = 200_000
        for one, other in (
            ("<p>" + "“" * n + "</p>", "<p>" + "”“" * (n // 2) + "</p>"),
            ("<p>" + "‘a " * (n // 3) + "</p>", "<p>" + "‚a " * (n // 3) + "</p>"),
            ("<p>" + "a b " * (n // 4) + "</p>", "<p>" + "b a " * (n // 4) + "c</p>"),
            ("<p>" + " ".join(f"w{k * k % 977}" for k in range(n // 5)) + "</p>",
             "<p>" + " ".join(f"w{k * 7 % 977}" for k in range(n // 5)) + "</p>"),
        ):  # fmt: skip
            old, new = self.content(one), self.content(other)
            start = time.process_time()
            changes.quoted_words_of(old), changes.quoted_words_of(new)
            changes.count_changed(old, new, most=10**6)
            self.assertLess(time.process_time() - start, 3)
