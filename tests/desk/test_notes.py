"""Notes among colleagues: who leaves, answers and resolves them, whom they tell, and where they stand in the text."""

from django.core import mail
from django.urls import reverse

from articles.actions import checklist, take, writing
from articles.actions import notes as actions
from articles.models import Article, DeskNote, State
from newsroom.errors import NotAllowed
from newsroom.models import User

from ..base import DeskTestCase

WORDS = {"quoted": "eleven pages", "before": "The text runs to ", "after": ", according to the", "paragraph": 0}


class NoteTestCase(DeskTestCase):
    def ask(self, user, name, *args, **values):
        self.client.force_login(user)
        return self.client.get(reverse(f"desk:{name}", args=args), values)

    def send(self, user, name, *args, **values):
        self.client.force_login(user)
        return self.client.post(reverse(f"desk:{name}", args=args), values)

    def leave(self, story, user=None, text="Twelve?", **more):
        answer = self.send(user or self.cora, "notes", story.pk, text=text, **more)
        self.assertEqual(answer.status_code, 201, answer.content)
        return DeskNote.objects.get(uid=answer.json()["uid"])

    def save(self, story, body, by=None):
        story.refresh_from_db()
        story.body = body
        story.save()
        return writing.save_revision(story, by=by or self.rana, seen_version=story.version)

    def places(self, story, user=None):
        """The list of threads as a page shows it."""
        return self.ask(user or self.rana, "notes", story.pk).json()["shown"]


class LeavingTests(NoteTestCase):
    def test_a_reader_notes_words_of_a_story_they_may_not_edit(self):
        story = self.make_article(state=State.SUBMITTED)
        before = Article.objects.values("body", "version", "state", "updated_at").get(pk=story.pk)
        note = self.leave(story, self.leo, **WORDS)
        self.assertEqual((note.by, note.quoted, note.thread), (self.leo, "eleven pages", None))
        self.assertEqual(Article.objects.values("body", "version", "state", "updated_at").get(pk=story.pk), before)
        self.assertIn('data-place="quoted"', self.places(story))

    def test_everybody_who_reads_a_story_leaves_notes_and_no_one_else(self):
        story = self.make_article()
        for user in (self.rana, self.rob, self.cora, self.pia, self.edith, self.dana, self.leo, self.max):
            self.assertEqual(self.send(user, "notes", story.pk, text="Hm").status_code, 201, user)
        for user in (self.sami, self.mona, self.ada):
            self.assertEqual(self.send(user, "notes", story.pk, text="Hm").status_code, 404, user)
            self.assertEqual(self.ask(user, "notes", story.pk).status_code, 404, user)
            self.assertEqual(self.ask(user, "colleagues", story.pk).status_code, 404, user)

    def test_the_source_desk_leaves_notes_where_experts_are_linked(self):
        story = self.make_article(body=f'<p><q data-expert="{self.expert.pk}">Words</q></p>')
        self.assertEqual(self.leave(story, self.sami).by, self.sami)

    def test_the_action_itself_refuses_who_may_not_write_or_read(self):
        story = self.make_article()
        note = actions.leave_note(story, "Hm", by=self.leo)
        for user in (self.sami, self.mona, self.ada):
            with self.assertRaises(NotAllowed):
                actions.leave_note(story, "Hm", by=user)
            with self.assertRaises(NotAllowed):
                actions.answer(note, "Hm", by=user)
            for act in (actions.resolve, actions.reopen):
                self.assertRaises(NotAllowed, act, note, by=user)

    def test_what_is_no_note_is_refused_in_words(self):
        story = self.make_article()
        DeskNote.objects.create(article=story, uid="abcdef0123", text="First", by=self.cora)
        for values in (
            {"text": "  "},
            {"text": "x" * 2001},
            {"uid": "abcdef0123", "text": "Twice"},
            {"uid": '"><b>', "text": "Odd"},
            {"text": "a\x00b"},
            {"text": "a", "quoted": "q" * 301},
            {"text": "a", "before": "b" * 61},
            {"text": "a", "paragraph": "-1"},
            {"text": "a", "paragraph": "9" * 30},
            {"text": "a", "quoted": "a\x00b"},
            {},
        ):
            with self.subTest(values=str(values)[:40]):
                answer = self.send(self.cora, "notes", story.pk, **values)
                self.assertEqual(answer.status_code, 400)
                self.assertTrue(answer.json()["error"])
        self.assertEqual(DeskNote.objects.count(), 1)

    def test_a_note_without_words_is_on_the_story_as_a_whole(self):
        story = self.make_article()
        self.leave(story)
        self.assertIn("On the story as a whole.", self.places(story))

    def test_hostile_words_are_shown_as_words(self):
        story = self.make_article()
        bad = '<img src=x onerror=alert(1)> & "quotes"'
        self.leave(story, text=bad, quoted=bad)
        shown = self.places(story)
        self.assertNotIn("<img", shown)
        self.assertIn("&lt;img src=x", shown)


class ThreadTests(NoteTestCase):
    def setUp(self):
        self.story = self.make_article()
        self.note = self.leave(self.story, **WORDS)

    def test_a_note_is_answered_resolved_and_opened_again(self):
        answer = self.send(self.rana, "reply", self.note.uid, text="Eleven, I counted.")
        self.assertEqual(answer.status_code, 201)
        self.assertEqual(self.note.answers.get().text, "Eleven, I counted.")
        self.assertTrue(self.send(self.rob, "settle", self.note.uid).json()["settled"])
        self.note.refresh_from_db()
        self.assertEqual(self.note.resolved_by, self.rob)
        shown = self.places(self.story)
        self.assertIn("Resolved (1)", shown)
        self.assertIn("Eleven, I counted.", shown)
        self.assertFalse(self.send(self.leo, "reopen", self.note.uid).json()["settled"])
        self.note.refresh_from_db()
        self.assertEqual((self.note.resolved_at, self.note.resolved_by), (None, None))

    def test_a_second_person_to_resolve_a_note_changes_nothing(self):
        self.send(self.rob, "settle", self.note.uid)
        self.send(self.leo, "settle", self.note.uid)
        self.note.refresh_from_db()
        self.assertEqual(self.note.resolved_by, self.rob)

    def test_an_answer_to_an_answer_stands_in_the_same_thread(self):
        first = self.send(self.rana, "reply", self.note.uid, text="Eleven.").json()["uid"]
        self.send(self.cora, "reply", first, text="Then so be it.")
        self.assertEqual([a.text for a in self.note.answers.all()], ["Eleven.", "Then so be it."])
        self.send(self.cora, "settle", first)
        self.note.refresh_from_db()
        self.assertIsNotNone(self.note.resolved_at)

    def test_an_answer_opens_a_resolved_thread(self):
        self.send(self.rana, "settle", self.note.uid)
        self.send(self.cora, "reply", self.note.uid, text="Not quite.")
        self.note.refresh_from_db()
        self.assertIsNone(self.note.resolved_at)

    def test_threads_are_closed_to_those_who_read_no_copy(self):
        for user in (self.sami, self.mona, self.ada):
            for name in ("reply", "settle", "reopen"):
                self.assertEqual(self.send(user, name, self.note.uid, text="x").status_code, 404, (user, name))
        self.assertEqual(self.note.answers.count(), 0)

    def test_threads_are_changed_by_post_alone(self):
        for name in ("reply", "settle", "reopen"):
            self.assertEqual(self.ask(self.rana, name, self.note.uid).status_code, 405)

    def test_an_empty_answer_is_refused_in_words(self):
        for text in ("", "  ", "x" * 2001, "a\x00b"):
            answer = self.send(self.rana, "reply", self.note.uid, text=text)
            self.assertEqual((answer.status_code, bool(answer.json()["error"])), (400, True))

    def test_the_list_takes_as_many_queries_for_many_notes(self):
        self.client.force_login(self.rana)
        url = reverse("desk:notes", args=[self.story.pk])
        # session, person, paper, roles; the story, its notes
        with self.assertNumQueries(6):
            self.client.get(url)
        for n in range(9):
            note = actions.leave_note(self.story, f"Note {n}", by=self.cora)
            actions.answer(note, "So it is", by=self.rob)
            actions.resolve(note, by=self.leo)
        with self.assertNumQueries(6):
            self.client.get(url)


class MentionTests(NoteTestCase):
    def mention(self, text, user=None, story=None):
        with self.captureOnCommitCallbacks(execute=True):
            return self.send(user or self.cora, "notes", (story or self.story).pk, text=text)

    def setUp(self):
        self.story = self.make_article(headline="A secret headline", catchline="ports")

    def test_a_colleague_who_is_mentioned_is_told_without_a_word_of_it(self):
        self.assertEqual(self.mention("@Rana, is it eleven? @edith.").status_code, 201)
        self.assertEqual(sorted(m.to[0] for m in mail.outbox), ["edith@paper.example", "rana@paper.example"])
        for message in mail.outbox:
            self.assertIn("ports", message.subject)
            self.assertIn(self.story.get_absolute_url(), message.body)
            self.assertNotRegex(message.subject + message.body, "eleven|secret|Rana, is")

    def test_an_answer_mentions_as_a_note_does(self):
        note = self.leave(self.story)
        with self.captureOnCommitCallbacks(execute=True):
            self.send(self.cora, "reply", note.uid, text="Ask @rana")
        self.assertEqual([m.to for m in mail.outbox], [["rana@paper.example"]])

    def test_nobody_is_told_of_their_own_mention_or_twice(self):
        self.mention("@cora @rana and @RANA")
        self.assertEqual([m.to for m in mail.outbox], [["rana@paper.example"]])

    def test_a_mention_that_reaches_nobody_is_refused_and_names_them(self):
        User.objects.filter(pk=self.rob.pk).update(is_active=False)
        for text, said in (
            ("Ask @nobody", "Nobody here is called @nobody"),
            ("Ask @rob", "@rob does not work here any more"),
            ("Ask @mona", "@mona may not read this story"),
            ("Ask @sami", "@sami may not read this story"),
            ("Ask @rana and @nobody", "Nobody here is called @nobody"),
            (" ".join(f"@x{n}" for n in range(300)), "20 colleagues at most"),
        ):
            with self.subTest(text=text[:20]):
                answer = self.mention(text)
                self.assertEqual(answer.status_code, 400)
                self.assertIn(said, answer.json()["error"])
        self.assertEqual((DeskNote.objects.count(), mail.outbox), (0, []))

    def test_an_address_of_mail_is_no_mention(self):
        self.assertEqual(self.mention("Write to port@authority.example or https://x.example/@nobody").status_code, 201)
        self.assertEqual(mail.outbox, [])

    def test_a_mention_is_set_off_in_the_list(self):
        self.mention("See @rana <b>")
        self.assertIn('See <b class="at">@rana</b> &lt;b&gt;', self.places(self.story))

    def test_colleagues_are_offered_only_if_they_read_the_story(self):
        names = {row["name"] for row in self.ask(self.rana, "colleagues", self.story.pk, q="r").json()["results"]}
        self.assertEqual(names, {"rana", "rob"})
        for asked in ("sami", "mona", "ada", "\0", "zz", "%"):
            answer = self.ask(self.rana, "colleagues", self.story.pk, q=asked)
            self.assertEqual(answer.json()["results"], [] if asked != "\0" else answer.json()["results"], asked)

    def test_readers_of_a_story_are_those_whom_its_list_shows_it_to(self):
        linked = self.make_article(body=f'<p><q data-expert="{self.expert.pk}">Words</q></p>', slug="linked")
        for story in (self.story, linked):
            readers = set(User.objects.filter(actions.readers_of(story)))
            for user in User.objects.all():
                may = Article.objects.readable_by(user).filter(pk=story.pk).exists()
                self.assertEqual(user in readers, may, (story, user))


class PlaceTests(NoteTestCase):
    BODY = "<p>The text runs to eleven pages, according to the port authority.</p><p>The end.</p>"

    def setUp(self):
        self.story = self.make_article(body=self.BODY)

    def mark(self, uid, words="eleven pages"):
        return self.BODY.replace(words, f'<span data-desk-note="{uid}">{words}</span>')

    def test_a_marked_note_keeps_its_place_when_its_words_change(self):
        note = self.leave(self.story, uid="note-0001", **WORDS)
        self.save(self.story, self.mark(note.uid).replace("eleven", "twelve"))
        self.assertIn('data-place="marked"', self.places(self.story))

    def test_a_note_survives_editing_around_its_words(self):
        self.leave(self.story, **WORDS)
        self.save(self.story, "<p>New first.</p>" + self.BODY.replace("The text", "It").replace("port", "harbour"))
        self.assertIn('data-place="quoted"', self.places(self.story))

    def test_words_cut_away_leave_the_note_open_and_say_so(self):
        note = self.leave(self.story, uid="note-0001", **WORDS)
        self.save(self.story, self.mark(note.uid))
        self.save(self.story, "<p>The end.</p>")
        shown = self.places(self.story)
        self.assertIn("Its words are gone.", shown)
        self.assertIn("eleven pages", shown)
        note.refresh_from_db()
        self.assertIsNone(note.resolved_at)

    def test_a_mark_pasted_twice_is_one_thread_at_its_first_place(self):
        note = self.leave(self.story, uid="note-0001", **WORDS)
        last = self.leave(self.story, uid="note-0002", quoted="The end", after=".", paragraph=1)
        body = self.mark(note.uid).replace("The end", f'<span data-desk-note="{last.uid}">The end</span>')
        self.save(self.story, body + self.mark(note.uid))
        shown = self.places(self.story)
        self.assertEqual(shown.count(f'data-note="{note.uid}"'), 1)
        self.assertLess(shown.index(note.uid), shown.index(last.uid))

    def test_short_words_are_not_found_at_another_place(self):
        self.leave(self.story, quoted="end", before="No ", after=" of it", paragraph=1)
        self.assertIn('data-place="gone"', self.places(self.story))

    def test_quotation_marks_that_a_page_prints_are_no_difference(self):
        self.save(self.story, f'<p>He says <q data-expert="{self.expert.pk}">we will see</q> today.</p>')
        self.leave(self.story, quoted="“we will see”", before="He says ", after=" today.", paragraph=0)
        self.assertIn('data-place="quoted"', self.places(self.story))

    def test_a_mark_alone_ends_no_approval(self):
        story = self.make_article(state=State.APPROVED, slug="approved", body=self.BODY)
        note = self.leave(story, uid="note-0001", **WORDS)
        self.save(story, self.mark(note.uid), by=self.cora)
        story.refresh_from_db()
        self.assertEqual((story.state, story.approved.number), (State.APPROVED, story.version))


class PublishingTests(NoteTestCase):
    def open_notes(self, story):
        return [f for f in checklist.findings_of(story, writing.content_of(story)) if f.code == "notes"]

    def test_publishing_asks_about_each_open_thread_once(self):
        story = self.make_article(state=State.APPROVED)
        note = self.leave(story, **WORDS)
        self.send(self.rana, "reply", note.uid, text="Eleven.")
        found = self.open_notes(story)
        self.assertEqual([(f.level, f.about) for f in found], [("warning", str(note.pk))])
        self.client.force_login(self.edith)
        page = self.client.get(reverse("admin:articles_article_move", args=[story.pk, "publish"]))
        self.assertContains(page, "A desk note is still open")
        self.send(self.rana, "settle", note.uid)
        self.assertEqual(self.open_notes(story), [])

    def test_no_page_for_readers_has_a_word_of_a_note(self):
        story = self.make_article(state=State.APPROVED)
        note = self.leave(story, text="SECRETNOTE", uid="note-0001", **WORDS)
        self.send(self.rana, "reply", note.uid, text="SECRETANSWER")
        findings = checklist.findings_of(story, writing.content_of(story))
        take.take(
            story, "publish", by=self.edith, seen=take.seen_token(story),
            waive=[f.key for f in findings if f.level == "warning"], waive_note="Seen.",
        )  # fmt: skip
        story.refresh_from_db()
        edition = story.editions.get()
        page = self.client.get(edition.path).content.decode()
        self.assertIn("eleven pages", page)
        for secret in ("SECRETNOTE", "SECRETANSWER", "note-0001", "desk-note"):
            self.assertNotIn(secret, page + str(edition.text.data) + edition.text.body)


class FormTests(NoteTestCase):
    def test_the_form_lists_open_threads_for_readers_and_writers(self):
        story = self.make_article(state=State.SUBMITTED)
        note = self.leave(story, **WORDS)
        self.send(self.rob, "reply", note.uid, text="An answer.")
        for user in (self.cora, self.leo):
            self.client.force_login(user)
            page = self.client.get(story.get_absolute_url())
            self.assertContains(page, f'data-note="{note.uid}"')
            self.assertContains(page, "An answer.")
            self.assertContains(page, "Leave a note on the story")
