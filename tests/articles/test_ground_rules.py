"""Terms of quotations at the gate: what may not be printed by any road, and who is never named."""

import datetime as dt

from django.urls import reverse

from articles import search
from articles.actions import checklist, gate, publish_moves, take, writing
from articles.actions.people import linking, terms
from articles.models import Article, EditionExpert, Kind, Quote, State
from experts.actions import cards, verification
from experts.models import Disclosure, Expert
from newsroom import clock
from newsroom.errors import Blocked
from newsroom.models import Publication, Topic

from .. import zones
from ..base import NOON, DeskTestCase, make_public
from ..site.base import HOUR, SiteTestCase

WAIVED = {"waive": ["*"], "waive_note": "a test"}
BODY = '<p>He said: <q data-expert="{pk}" data-quote="quote-one">We agree on that</q>, and went home.</p>'
LATER = NOON + 48 * HOUR


class Gate(DeskTestCase):
    def setUp(self):
        self.now = NOON
        self.tick()

    def tick(self):
        """A minute later."""
        self.now += dt.timedelta(minutes=1)
        frozen = clock.frozen(self.now)
        frozen.__enter__()
        self.addCleanup(frozen.__exit__, None, None, None)

    def story(self, state=State.APPROVED, rule="on_record", **terms_of):
        """A story with one quotation of the expert, on some terms."""
        changes = terms_of.pop("changes", {})
        article = self.make_article(body=BODY.format(pk=self.expert.pk), **changes)
        fields = {"ground_rule": rule} | terms_of
        linking.set_terms(article, {"quote-one": fields}, by=self.rana, seen_version=article.version)
        article.refresh_from_db()
        if state != State.DRAFT:
            from ..base import _bring_to

            _bring_to(self, article, state)
        return article

    def take(self, article, name, by=None, **data):
        self.tick()
        message = take.take(article, name, by=by or self.max, seen=take.seen_token(article), **data)
        article.refresh_from_db()
        return message

    def codes(self, article, at=None):
        return [f.code for f in checklist.findings_of(article, writing.content_of(article), at=at)]


class BlockingTests(Gate):
    KEPT_OUT = [("off_record", {}), ("withdrawn", {}), ("embargoed", {}), ("embargoed", {"embargo_until": LATER})]

    def test_blocked_quotations_are_neither_published_nor_scheduled(self):
        for number, (rule, more) in enumerate(self.KEPT_OUT):
            article = self.story(rule=rule, changes={"slug": f"s-{number}"}, **more)
            for name, data in (("publish", {}), ("schedule", {"at": NOON + HOUR})):
                with self.assertRaises(Blocked, msg=(rule, name)):
                    self.take(article, name, **WAIVED, override_note="It has to run, whatever was agreed.", **data)
            self.assertFalse(article.editions.exists())

    def test_an_embargo_is_measured_by_the_moment_of_publication(self):
        article = self.story(rule="embargoed", embargo_until=LATER)
        with self.assertRaises(Blocked):
            self.take(article, "schedule", at=LATER - HOUR, **WAIVED)
        self.take(article, "schedule", at=LATER + HOUR, **WAIVED)
        edition = article.editions.get()
        self.assertEqual(edition.quotes.get().ground_rule, "on_record")
        self.assertEqual([who["expert"] for who in edition.text.data["people"]], [self.expert.pk])
        for name, data in (("publish-now", {}), ("reschedule", {"at": LATER - HOUR})):
            with self.assertRaises(Blocked, msg=name):
                self.take(article, name, **data)

    def test_a_blocked_quotation_stops_an_update(self):
        article = self.story(state=State.PUBLISHED)
        self.take(article, "revise")
        linking.set_terms(
            article, {"quote-one": {"ground_rule": "withdrawn"}}, by=self.max, seen_version=article.version
        )
        article.refresh_from_db()
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve", by=self.edith)
        with self.assertRaises(Blocked):
            self.take(article, "publish", **WAIVED, kind="update")

    def test_a_correction_does_not_reprint_a_withdrawn_quotation(self):
        article = self.story(state=State.PUBLISHED)
        self.take(article, "revise")
        linking.set_terms(
            article, {"quote-one": {"ground_rule": "withdrawn"}}, by=self.max, seen_version=article.version
        )
        article.refresh_from_db()
        note = {"kind": "correction", "was": "one", "became": "two", "reader_text": "It was two."}
        self.take(article, "correct", by=self.edith, changes={"standfirst": "Two."}, **note)
        with self.assertRaises(Blocked):
            self.take(article, "confirm-correction")
        # Without those words it goes out.
        self.take(article, "confirm-correction", refuse=True)
        without = {"standfirst": "Two.", "body": "<p>He said it, and went home.</p>"}
        self.take(article, "correct", by=self.edith, changes=without, **note)
        self.take(article, "confirm-correction")
        self.tick()
        self.assertEqual(gate.in_force(article).kind, Kind.CORRECTION)

    def test_a_blocked_quotation_stops_a_reinstatement(self):
        article = self.story(state=State.PUBLISHED)
        self.take(article, "withdraw", note="Why", reason="in_error", reader_text="It is gone.")
        article.quote_records.update(ground_rule="withdrawn")
        with self.assertRaises(Blocked):
            self.take(article, "reinstate", note="Why")

    def test_a_blocked_quotation_stops_an_import(self):
        article = self.story(state=State.DRAFT, rule="off_record")
        with self.assertRaises(Blocked):
            gate.open_imported(article, article.revisions.first(), live_from=NOON - HOUR)

    def test_the_gate_refuses_a_blocked_quotation_without_the_checklist(self):
        article = self.story(state=State.DRAFT, rule="off_record")
        with self.assertRaises(Blocked):
            gate.open_frozen(article, article.revisions.first(), gate.Plan(Kind.FIRST, self.max))

    def test_blocking_a_quotation_cancels_the_schedule_that_prints_it(self):
        article = self.story()
        self.take(article, "schedule", at=NOON + HOUR, **WAIVED)
        self.take(article, "revise")
        linking.set_terms(
            article, {"quote-one": {"ground_rule": "off_record"}}, by=self.max, seen_version=article.version
        )
        self.assertFalse(article.editions.waiting().exists())
        self.assertTrue(article.transitions.filter(move="cancel-schedule").exists())

    def test_legal_notes_are_redrawn_although_a_quotation_is_blocked(self):
        article = self.story(state=State.PUBLISHED)
        article.quote_records.update(ground_rule="withdrawn")
        self.tick()
        live = gate.in_force(article)
        gate.open_again(article, live, gate.Plan(Kind.REFRESH, self.max))
        self.tick()
        self.assertEqual(gate.in_force(article).kind, Kind.REFRESH)

    def test_a_bar_on_a_topic_stops_stories_of_that_topic_only(self):
        other = Topic.objects.create(name="Fish", slug="fish")
        bar = self.expert.bars.create(kind="quote", reason="made up", topic=other, since=zones.day())
        article = self.story()
        self.assertNotIn("do not quote", self.codes(article))
        bar.topic = self.topic
        bar.save()
        self.assertIn("do not quote", self.codes(article))
        with self.assertRaises(Blocked):
            self.take(article, "publish", **WAIVED)

    def test_a_bar_on_print_stops_a_story(self):
        bar = self.expert.bars.create(kind="quote", reason="on air alone", medium="print", since=zones.day())
        article = self.story()
        self.assertIn("do not quote", self.codes(article))
        with self.assertRaises(Blocked):
            self.take(article, "publish", **WAIVED)
        bar.medium = "live"
        bar.save()
        self.assertNotIn("do not quote", self.codes(article))

    def test_the_card_shows_scheduled_stories_that_quote_a_barred_person(self):
        article = self.story(changes={"headline": "Pilots agree"})
        self.take(article, "schedule", at=NOON + HOUR, **WAIVED)
        where = reverse("admin:experts_expert_change", args=[self.expert.pk])
        self.client.force_login(self.sami)
        self.assertNotContains(self.client.get(where), "Scheduled although")
        bar = self.expert.bars.create(kind="quote", reason="Asked us not to.", since=zones.day())
        page = self.client.get(where)
        self.assertContains(page, "Scheduled although not to be quoted")
        self.assertContains(page, "Pilots agree")
        bar.until = bar.since = zones.day() - dt.timedelta(days=1)
        bar.save()
        self.assertNotContains(self.client.get(where), "Scheduled although")

    def test_words_said_on_background_find_nobody_in_the_source_book(self):
        for number, (rule, found) in enumerate(
            (("on_record", True), ("background", False), ("deep_background", False))
        ):
            article = self.story(rule=rule, descriptor="a harbour judge", changes={"slug": f"said-{number}"})
            self.take(article, "publish", **WAIVED)
            said = article.editions.get().quotes.get().words
            with self.subTest(rule):
                self.assertEqual(self.expert.pk in search.find_quoted_experts(said), found)
            self.take(article, "withdraw", note="x", reason="pending_review", reader_text="Gone.")

    def test_a_quotation_on_background_needs_a_descriptor(self):
        article = self.story(rule="background")
        with self.assertRaisesMessage(Blocked, "write what the story calls the person"):
            self.take(article, "publish", **WAIVED)
        said = self.story(rule="deep_background", descriptor="a harbour judge", changes={"slug": "said"})
        self.take(said, "publish", **WAIVED)


class TermsTests(Gate):
    ALL = {
        "ground_rule": "embargoed", "kind": "partial", "words_as_spoken": "متفقون", "spoken_language": "ar",
        "translator": "T. Ransom", "descriptor": "a judge", "terms": "Not before the vote",
        "embargo_until": LATER, "obtained": "phone", "said_on": dt.date(2026, 5, 3), "recording_ref": "tape 9",
        "approval": "read back",
    }  # fmt: skip

    def full(self, article):
        fields = self.ALL | {"interviewer_id": self.rob.pk}
        linking.set_terms(article, {"quote-one": fields}, by=self.rana, seen_version=article.version)
        article.refresh_from_db()
        return fields

    def test_a_restored_version_has_every_term_and_the_printed_role(self):
        article = self.story(state=State.DRAFT)
        fields = self.full(article)
        linking.set_terms(
            article, {}, {self.expert.pk: {"role": "witness", "disclosure_printed": "He is paid."}},
            by=self.rana, seen_version=article.version,
        )  # fmt: skip
        article.refresh_from_db()
        content = writing.content_of(article)
        article.quote_records.all().delete()
        article.appearances.all().delete()
        writing.restore(article, content)
        record = article.quote_records.get()
        self.assertEqual({name: getattr(record, name) for name in fields}, fields)
        self.assertEqual(record.checked_words, "We agree on that")
        row = article.appearances.get()
        self.assertEqual((row.role, row.disclosure_printed), ("witness", "He is paid."))
        self.assertEqual(writing.content_of(article), content)

    def test_a_correction_keeps_every_term(self):
        article = self.story(state=State.DRAFT)
        fields = self.full(article) | {"ground_rule": "on_record", "embargo_until": None}
        linking.set_terms(article, {"quote-one": fields}, by=self.rana, seen_version=article.version)
        article.refresh_from_db()
        from ..base import _bring_to

        _bring_to(self, article, State.PUBLISHED)
        body = BODY.format(pk=self.expert.pk).replace("went home", "went out")
        note = {"kind": "correction", "was": "home", "became": "out", "reader_text": "He went out."}
        self.take(article, "correct", by=self.edith, changes={"body": body}, **note)
        self.take(article, "confirm-correction")
        record = article.quote_records.get()
        self.assertEqual({name: getattr(record, name) for name in fields}, fields)
        self.assertEqual(article.revisions.first().content["quotes"][0]["translator"], "T. Ransom")

    def test_a_term_that_no_reader_sees_takes_no_approval_back(self):
        article = self.story()
        linking.set_terms(
            article, {"quote-one": {"recording_ref": "tape 9"}}, by=self.cora, seen_version=article.version
        )
        article.refresh_from_db()
        self.assertEqual(article.state, State.APPROVED)
        linking.set_terms(
            article, {"quote-one": {"ground_rule": "background"}}, by=self.cora, seen_version=article.version
        )
        article.refresh_from_db()
        self.assertEqual(article.state, State.SUBMITTED)

    def test_editions_keep_no_inside_term(self):
        article = self.story(
            state=State.PUBLISHED, words_as_spoken="secret words", recording_ref="tape 9", terms="not for print"
        )
        data = str(gate.in_force(article).text.data)
        for inside in ("secret words", "tape 9", "not for print"):
            self.assertNotIn(inside, data)

    def test_an_embargo_that_is_over_leaves_words_on_the_record(self):
        quote = {"ground_rule": "embargoed", "embargo_until": NOON.isoformat()}
        self.assertEqual(terms.rule_at(quote, NOON), "on_record")
        self.assertEqual(terms.rule_at(quote, NOON - HOUR), "embargoed")
        self.assertEqual(terms.rule_at({"ground_rule": "embargoed"}, LATER), "embargoed")


class DriftTests(Gate):
    def changed(self):
        article = self.story(state=State.DRAFT)
        body = BODY.format(pk=self.expert.pk).replace("We agree", "We do not agree")
        Article.objects.filter(pk=article.pk).update(body=body)
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        article.refresh_from_db()
        return article

    def test_changed_words_of_a_quotation_are_flagged_until_agreed_to(self):
        article = self.changed()
        self.assertIn("drift", self.codes(article))
        record = article.quote_records.get()
        self.assertEqual((record.checked_words, record.checked_by), ("We agree on that", self.rana))
        linking.set_terms(article, {}, by=self.edith, seen_version=article.version, agree="quote-one")
        article.refresh_from_db()
        self.assertNotIn("drift", self.codes(article))
        record.refresh_from_db()
        self.assertEqual((record.checked_words, record.checked_by), ("We do not agree on that", self.edith))

    def test_restoring_a_version_keeps_the_flag_of_changed_words(self):
        article = self.changed()
        content = writing.content_of(article)
        linking.set_terms(article, {}, by=self.edith, seen_version=article.version, agree="quote-one")
        writing.restore(article, content)
        self.assertIn("drift", self.codes(article))

    def test_changing_other_words_flags_no_quotation(self):
        article = self.story(state=State.DRAFT)
        body = BODY.format(pk=self.expert.pk).replace("went home", "went out")
        Article.objects.filter(pk=article.pk).update(body=body)
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        self.assertNotIn("drift", self.codes(Article.objects.get(pk=article.pk)))


class IdentityTests(Gate):
    def levels(self, setting):
        Publication.objects.update(identity_checks=setting)
        content = writing.content_of(self.article)
        return [(f.level, f.overridable) for f in checklist.findings_of(self.article, content) if f.code == "identity"]

    def test_an_unverified_person_warns_or_blocks_as_the_paper_chose(self):
        self.article = self.story()
        self.assertEqual(self.levels("off"), [])
        self.assertEqual(self.levels("warn"), [("warning", True)])
        self.assertEqual(self.levels("block"), [("error", True)])
        with self.assertRaisesMessage(Blocked, "nobody has verified who they are"):
            self.take(self.article, "publish", **WAIVED)

    def test_a_failed_check_blocks_unless_the_paper_asks_for_none(self):
        self.article = self.story()
        verification.record_check(self.expert, method="met", outcome="failed", by=self.sami, on=zones.day())
        self.assertEqual(self.levels("warn"), [("error", False)])
        self.assertEqual(self.levels("block"), [("error", False)])
        self.assertEqual(self.levels("off"), [])

    def test_a_verified_person_gives_no_finding(self):
        self.article = self.story()
        verification.record_check(self.expert, method="met", outcome="confirmed", by=self.sami, on=zones.day())
        self.assertEqual(self.levels("block"), [])


class InterestTests(Gate):
    TEXT = "Mr Nystrom advises the port of Aldmere for a fee."

    def interest(self, *topics, **fields):
        made = Disclosure.objects.create(
            expert=self.expert, kind="employer", print_text=self.TEXT, must_print=True, **fields
        )
        made.topics.set(topics)
        return made

    def test_an_interest_of_these_topics_is_asked_for_with_its_text(self):
        article = self.story(state=State.DRAFT)
        other = Topic.objects.create(name="Fish", slug="fish")
        for interest, asked in (
            (self.interest(), True),
            (self.interest(self.topic, other), True),
            (self.interest(other), False),
            (self.interest(end=dt.date(2026, 1, 1)), False),
        ):
            found = [f for f in checklist.findings_of(article, writing.content_of(article)) if f.code == "disclosure"]
            self.assertEqual(bool(found), asked)
            if asked:
                self.assertIn(self.TEXT, found[0].message)
            interest.delete()

    def test_one_click_prints_an_interest(self):
        article, interest = self.story(state=State.DRAFT), self.interest()
        linking.set_terms(article, {}, by=self.rana, seen_version=article.version, show=(self.expert.pk, interest.pk))
        article.refresh_from_db()
        self.assertNotIn("disclosure", self.codes(article))
        from ..base import _bring_to

        _bring_to(self, article, State.PUBLISHED)
        edition = gate.in_force(article)
        self.assertEqual(edition.text.data["people"][0]["disclosure"], self.TEXT)
        self.assertContains(self.client.get(edition.path), self.TEXT)

    def test_an_interest_told_in_the_text_is_enough(self):
        self.interest()
        article = self.story(state=State.DRAFT)
        Article.objects.filter(pk=article.pk).update(body=article.body + f"<p>{self.TEXT}</p>")
        article.refresh_from_db()
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        self.assertNotIn("disclosure", self.codes(article))

    def test_no_interest_is_asked_for_of_somebody_on_background(self):
        self.interest()
        article = self.story(state=State.DRAFT, rule="background", descriptor="a judge")
        self.assertNotIn("disclosure", self.codes(article))


class BackgroundLeakTests(SiteTestCase):
    """A person quoted on background is on no page that anybody may read, in no form."""

    NAME = "Quillon Vantrese"

    def test_no_public_page_says_who_spoke_on_background(self):
        hidden = make_public(
            cards.make_card(self.NAME, by=None, title="Harbour engineer", organisation="Vantrese Works")
        )
        for number, rule in enumerate(("background", "deep_background")):
            body = (
                f'<p>An engineer said <q data-expert="{hidden.pk}" data-quote="hidden-one-{number}">the gates rust'
                f' shut</q>.</p><blockquote data-expert="{hidden.pk}" data-quote="hidden-two-{number}"><p>Nobody oils'
                " them.</p></blockquote>"
            )
            article = self.publish_on(rule, body, number)
            edition = gate.in_force(article)
            self.assertFalse(EditionExpert.objects.filter(expert=hidden).exists())
            self.assertEqual(Quote.objects.filter(edition=edition).count(), 2)
            with clock.frozen(NOON + HOUR):
                self.correct(edition, at=NOON + HOUR)
            page = self.get(edition.path, at=NOON + 2 * HOUR)
            self.assertContains(page, "the gates rust")
        addresses = [
            "/", "/world/", "/feed/", "/feed/atom/", "/feed.json", "/world/feed/", "/topics/shipping/",
            "/topics/shipping/feed/", "/sitemap.xml", "/news-sitemap.xml", "/archive/", "/archive/2026/05/04/",
            "/corrections/", "/search/?q=gates", "/search/?q=vantrese", "/search/?q=engineer",
            edition.path, f"{edition.path}history/", f"/discuss/{article.uid}/",
        ]  # fmt: skip
        for path in addresses:
            text = self.get(path, at=NOON + 2 * HOUR).content.decode()
            if path != "/search/?q=vantrese":
                self.assertNotIn("Vantrese", text, path)
            for sign in ("data-expert", "data-quote", "Quillon", "Harbour engineer", hidden.slug, str(hidden.uid)):
                self.assertNotIn(sign, text, path)
        self.assertNotIn("Six ports", self.get("/search/?q=vantrese", at=NOON + 2 * HOUR).content.decode())
        profile = self.get(hidden.get_absolute_url(), at=NOON + 2 * HOUR).content.decode()
        for words in ("the gates rust", "Nobody oils", edition.path):
            self.assertNotIn(words, profile)
        feed = self.get(f"{hidden.get_absolute_url()}feed/", at=NOON + 2 * HOUR).content.decode()
        self.assertNotIn("the gates rust", feed)

    def publish_on(self, rule, body, number):
        with clock.frozen(NOON):
            article = self.make_article(body=body, slug=f"gates-{number}")
            uids = [f"hidden-{which}-{number}" for which in ("one", "two")]
            agreed = {"ground_rule": rule, "descriptor": "an engineer"}
            revision = linking.set_terms(
                article, dict.fromkeys(uids, agreed), by=self.rana, seen_version=article.version
            )
            gate.open_frozen(article, revision, gate.Plan(Kind.FIRST, self.max))
        return article

    def test_words_on_background_are_not_tied_to_a_person_also_on_record(self):
        pk = self.expert.pk
        body = (
            f'<blockquote data-expert="{pk}" data-quote="said-openly"><p>Openly.</p></blockquote>'
            f'<blockquote data-expert="{pk}" data-quote="hidden-one-7"><p>Quietly.</p></blockquote>'
            f'<p><q data-expert="{pk}" data-quote="hidden-two-7">Softly</q></p>'
        )
        article = self.publish_on("background", body, 7)
        page = self.get(gate.in_force(article).path).content.decode()
        self.assertEqual(page.count("<figcaption"), 1)
        profile = self.get(self.expert.get_absolute_url()).content.decode()
        self.assertIn("Openly.", profile)
        self.assertNotIn("Quietly.", profile)
        self.assertNotIn("Softly", profile)


class GateFindingsTests(Gate):
    def test_findings_of_a_publication_use_its_moment(self):
        article = self.story(rule="embargoed", embargo_until=LATER)
        content = article.approved.content
        self.assertIn("ground rule", [f.code for f in publish_moves.findings_for(article, content, at=LATER - HOUR)])
        self.assertNotIn("ground rule", [f.code for f in publish_moves.findings_for(article, content, at=LATER)])

    def test_a_known_misspelling_in_the_text_is_flagged_once(self):
        self.expert.variants.create(text="Halvor Nordstrom", kind="misspelling")
        article = self.story(state=State.DRAFT)
        Article.objects.filter(pk=article.pk).update(body=article.body + "<p>Halvor Nordstrom left.</p>")
        article.refresh_from_db()
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        findings = checklist.findings_of(article, writing.content_of(article))
        messages = [finding.message for finding in findings if finding.code == "near miss"]
        self.assertEqual(messages, ["“Halvor Nordstrom” looks like a misprint of Halvard Nystrom."])
        self.assertEqual(Expert.objects.count(), 1)
