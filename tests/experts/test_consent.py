"""Consent to a public profile: asked for, granted, corrected and withdrawn; the person's own page and the desk's."""

import datetime as dt
import re
from unittest import mock

from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from experts.actions import cards, consent, merge_undo, merging, removal, requests
from experts.models import Bar, DataRequest, Expert, PublicProfile
from newsroom import clock
from newsroom.errors import NotAllowed, Refused, Stale, WrongState
from newsroom.models import Instant, Publication

from ..base import NOON
from ..engines import only_on
from ..site.base import HOUR, SiteTestCase
from .full import DAY, full_card


class ConsentTestCase(SiteTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.who = full_card(cls.sami, cls.topic, word="Alazzeh", number="+962790123456", public=False)

    def setUp(self):
        cache.clear()

    def ask(self, **changes):
        with self.captureOnCommitCallbacks(execute=True):
            return consent.ask_for_consent(self.who, **{"email": "ida@sea.example", "by": self.sami} | changes)

    def asking(self):
        return consent.current_asking(PublicProfile.objects.get(expert=self.who))

    def link(self):
        self.ask()
        return re.search(r"https?://[^/]+(/your-card/\S+)", mail.outbox[-1].body)[1]

    def status(self):
        return PublicProfile.objects.get(expert=self.who).status


class AskTests(ConsentTestCase):
    def test_the_link_is_mailed_after_the_commit(self):
        self.ask()
        (sent,) = mail.outbox
        self.assertEqual((sent.to, sent.reply_to), (["ida@sea.example"], ["desk@paper.example"]))
        self.assertEqual(self.status(), "requested")
        self.assertFalse(Expert.objects.public().filter(pk=self.who.pk).exists())

    def test_the_mail_to_somebody_with_a_page_says_that_it_stays(self):
        self.ask()
        self.assertIn("If you do nothing, nothing is shown.", mail.outbox[-1].body)
        consent.grant_consent(self.who, ["bio"], by=self.sami, evidence="A letter")
        self.ask(again=self.asking().key)
        self.assertNotIn("nothing is shown", mail.outbox[-1].body)
        self.assertIn("If you do nothing, the page stays as it is.", mail.outbox[-1].body)
        self.assertIn(self.who.get_absolute_url(), mail.outbox[-1].body)

    def test_what_is_written_after_their_yes_waits_for_another(self):
        Expert.objects.filter(pk=self.who.pk).update(bio="", short_bio="As she knows it")
        self.who.refresh_from_db()
        parts = [name for name, _ in PublicProfile.FIELDS]
        consent.grant_consent(self.who, parts, by=self.sami, evidence="A letter")
        Expert.objects.filter(pk=self.who.pk).update(bio="Never seen by her", native_name="اسم جديد")
        self.who.affiliations.create(title="Unseen dean", start="2020")
        self.who.disclosures.create(kind="funder", print_text="Unseen money.")
        self.who.external_ids.create(scheme="website", value="https://unseen.example")
        self.who.languages.create(tag="fi", level=4)
        self.who.channels.create(kind="email", raw="unseen@paper.example", normalized="unseen@paper.example",
                                 visibility="public")  # fmt: skip
        self.who.refresh_from_db()
        link, hidden = self.link(), ("Never seen", "اسم جديد", "Unseen dean", "Unseen money", "unseen.example",
                                     "Finnish", "unseen@paper")  # fmt: skip
        page = self.client.get(self.who.get_absolute_url()).content.decode()
        self.assertIn("As she knows it", page)
        for words in (*hidden, "Unseen"):
            self.assertNotIn(words, page)
            self.assertNotIn(words, self.client.get("/experts/").content.decode())
        own = self.client.get(link)
        self.assertContains(own, "We have changed something since you agreed: short biography, roles, with dates")
        self.client.force_login(self.sami)
        desk = self.client.get(reverse("admin:experts_expert_consent", args=[self.who.pk]))
        self.assertContains(desk, "not shown until they agree again: short biography")
        self.client.post(link, {"act": "grant", "agreed": "on", "fields_shown": parts, "version": self.who.version})
        page = self.client.get(self.who.get_absolute_url()).content.decode()
        for words in hidden:
            self.assertIn(words, page)
        self.assertNotContains(self.client.get(link), "We have changed something")

    def test_a_yes_to_what_changed_meanwhile_is_asked_again(self):
        link = self.link()
        sent = {"act": "grant", "agreed": "on", "fields_shown": ["bio"], "version": self.who.version + 7}
        self.assertContains(self.client.post(link, sent), "changed while you read it", status_code=409)
        self.assertEqual(self.status(), "requested")

    def test_their_own_accepted_words_are_shown_at_once(self):
        consent.grant_consent(self.who, ["bio"], by=self.sami, evidence="A letter")
        profile = PublicProfile.objects.get(expert=self.who)
        request = consent.propose_correction(profile, {"bio": "Her own words", "short_bio": self.who.short_bio})
        self.who.refresh_from_db()
        consent.accept_correction(request, ["bio"], by=self.sami, seen=self.who.version)
        self.assertContains(self.client.get(self.who.get_absolute_url()), "Her own words")

    def test_a_second_click_sends_no_mail_and_says_who_asked(self):
        with clock.frozen(NOON):
            self.ask()
        with clock.frozen(NOON + HOUR), self.assertRaises(consent.AskedAlready) as refused:
            self.ask(by=self.sami)
        told = refused.exception.asking
        self.assertEqual((told.at, told.by), (NOON, self.sami))
        self.assertEqual(len(mail.outbox), 1)

    def test_asking_again_on_purpose_sends_exactly_one_more_mail(self):
        self.ask()
        seen = self.asking().key
        self.ask(again=seen)
        with self.assertRaises(consent.AskedAlready):
            self.ask(again=seen)
        self.assertEqual(len(mail.outbox), 2)

    def test_after_the_link_expired_they_are_asked_as_at_first(self):
        with clock.frozen(NOON):
            self.ask()
        with clock.frozen(NOON + dt.timedelta(days=consent.LINK_DAYS, seconds=1)):
            self.assertIsNone(self.asking())
            self.ask()
        self.assertEqual(len(mail.outbox), 2)

    def test_an_expert_barred_from_contact_is_not_asked(self):
        Bar.objects.create(expert=self.who, kind="contact", reason="Asked us not to.", since=DAY)
        with self.assertRaisesRegex(WrongState, "Asked us not to"):
            self.ask()
        self.assertEqual(mail.outbox, [])

    def test_only_the_source_desk_asks_grants_and_withdraws(self):
        for act in (
            lambda by: self.ask(by=by),
            lambda by: consent.grant_consent(self.who, [], by=by, evidence="x"),
            lambda by: consent.withdraw_consent(self.who, by=by),
        ):
            for person in (self.rana, self.max, self.ada):
                with self.assertRaises(NotAllowed):
                    act(person)

    def test_an_invalid_mail_address_is_refused(self):
        for email in ("", "nobody", "a@b@c", "a\nBcc: x@y.example"):
            with self.assertRaises(Refused):
                self.ask(email=email)


class GrantTests(ConsentTestCase):
    def test_a_page_needs_something_to_show(self):
        bare = Expert.objects.create(display_name="Bare Card")
        with self.assertRaisesRegex(WrongState, "a role held today.* and a topic"):
            consent.grant_consent(bare, ["bio"], by=self.sami, evidence="Letter")

    def test_a_grant_needs_evidence_and_known_parts(self):
        with self.assertRaises(Refused):
            consent.grant_consent(self.who, ["bio"], by=self.sami, evidence=" ")
        with self.assertRaises(Refused):
            consent.grant_consent(self.who, ["telephone"], by=self.sami, evidence="Letter")

    def test_the_page_ends_at_the_moment_when_consent_ends(self):
        with clock.frozen(NOON):
            consent.grant_consent(self.who, ["bio"], by=self.sami, evidence="Letter", until=NOON + 2 * HOUR)
        path = self.who.get_absolute_url()
        self.assertTrue(Instant.objects.filter(at=NOON + 2 * HOUR).exists())
        self.assertEqual(self.get(path, at=NOON + HOUR).status_code, 200)
        self.assertEqual(self.get(path, at=NOON + 2 * HOUR).status_code, 410)


class OwnPageTests(ConsentTestCase):
    def post(self, link, **data):
        return self.client.post(link, data)

    def test_the_mailed_link_grants_a_page_and_withdraws_it(self):
        link, path = self.link(), self.who.get_absolute_url()
        self.assertEqual(self.client.get(path).status_code, 404)
        page = self.client.get(link)
        self.assertContains(page, "Alazzeh biography")
        for header, value in (("X-Robots-Tag", "noindex"), ("Cache-Control", "no-store")):
            self.assertIn(value, page.headers[header])
        for secret in ("Street", "squints", "was kind", "is ill"):
            self.assertNotContains(page, secret)
        answer = self.post(link, act="grant", fields_shown=["bio", "topics"], agreed="on")
        self.assertRedirects(answer, f"{link}?done=granted")
        shown = self.client.get(path)
        self.assertContains(shown, "Alazzeh biography")
        self.assertNotContains(shown, "Reader in Alazzeh")
        self.post(link, act="withdraw")
        self.assertEqual(self.client.get(path).status_code, 410)
        self.assertNotIn(path, self.client.get("/sitemap-pages.xml").content.decode())

    def test_without_agreement_nothing_is_shown_and_ticks_are_kept(self):
        answer = self.post(self.link(), act="grant", fields_shown=["bio"])
        self.assertContains(answer, "Without your agreement", status_code=400)
        self.assertContains(answer, 'value="bio" id="id_fields_shown_1" checked', status_code=400)
        self.assertEqual(self.status(), "requested")

    def test_a_refusal_is_recorded_as_one_without_a_page(self):
        self.post(self.link(), act="withdraw")
        self.assertEqual(self.status(), "withdrawn")
        self.assertEqual(self.client.get(self.who.get_absolute_url()).status_code, 404)

    def test_the_answer_to_a_refusal_names_no_withdrawn_page(self):
        link = self.link()
        answer = self.client.post(link, {"act": "withdraw"}, follow=True)
        self.assertContains(answer, "You do not agree, so no page about you is shown.")
        self.assertNotContains(answer, "gone")
        self.assertTrue(self.who.changes.filter(what="Public profile refused by the person on their own page").exists())
        self.assertEqual(str(PublicProfile.objects.get(expert=self.who)), "Refused")
        self.post(link, act="grant", fields_shown=["bio"], agreed="on")
        answer = self.client.post(link, {"act": "withdraw"}, follow=True)
        self.assertContains(answer, "Your page is gone.")
        self.assertEqual(str(PublicProfile.objects.get(expert=self.who)), "Withdrawn")

    def test_corrections_become_a_request_and_change_nothing(self):
        link = self.link()
        said = {"display_name": "Ida Al-Azzeh", "bio": "Better words", "words": "I left the university."}
        self.assertRedirects(self.post(link, act="correct", **said), f"{link}?done=sent")
        row = DataRequest.objects.get(expert=self.who, kind="rectify")
        self.assertEqual(row.proposed, {"display_name": "Ida Al-Azzeh", "bio": "Better words", "native_name": "",
                                        "short_bio": ""})  # fmt: skip
        self.who.refresh_from_db()
        self.assertEqual(self.who.display_name, "Ida Alazzeh")
        self.post(link, act="correct", **said | {"bio": "Still better"})
        self.assertEqual(DataRequest.objects.filter(kind="rectify").count(), 1)
        taken = consent.accept_correction(
            DataRequest.objects.get(kind="rectify"),
            ["bio"],
            by=self.sami,
            seen=Expert.objects.get(pk=self.who.pk).version,
        )
        self.assertEqual(taken, {"bio": "Still better"})
        self.who.refresh_from_db()
        self.assertEqual((self.who.display_name, self.who.bio), ("Ida Alazzeh", "Still better"))

    def test_a_second_sending_keeps_all_words_of_the_request(self):
        letter = requests.add_request(self.who, kind="rectify", received=DAY, words="My title is wrong.", by=self.sami)
        link, name = self.link(), {"display_name": "Ida Alazzeh"}
        for words in ("I left the university.", "", "I left the university."):
            self.post(link, act="correct", words=words, bio="Better", **name)
        letter.refresh_from_db()
        self.assertEqual(letter.words, "My title is wrong.\n\nI left the university.")
        self.assertEqual(letter.proposed["bio"], "Better")
        self.post(link, act="correct", words="x" * 3990, bio="Better", **name)
        rows = DataRequest.objects.filter(kind="rectify").order_by("pk")
        self.assertEqual([len(row.words) for row in rows], [len(letter.words), 3990])

    def test_a_second_sending_keeps_the_earlier_corrections(self):
        link, card = self.link(), {name: getattr(self.who, name) for name, _ in consent.CORRECTABLE_FIELDS}
        self.post(link, act="correct", **card | {"display_name": "Ida Al-Azzeh"})
        self.post(link, act="correct", **card, words="Also, I left the university.")
        self.post(link, act="correct", **card | {"bio": "Better words"})
        row = DataRequest.objects.get(kind="rectify")
        self.assertEqual(row.proposed, {"display_name": "Ida Al-Azzeh", "bio": "Better words"})
        self.assertEqual(row.words, "Also, I left the university.")

    def test_a_sending_is_added_to_the_newest_open_request(self):
        old, new = (
            requests.add_request(self.who, kind="rectify", received=DAY, words=words, by=None)
            for words in ("x" * 3990, "Mine")
        )
        self.post(self.link(), act="correct", display_name="Ida Stone", words="My title")
        for row in (old, new):
            row.refresh_from_db()
        self.assertEqual((old.proposed, new.words), ({}, "Mine\n\nMy title"))
        self.assertEqual(new.proposed["display_name"], "Ida Stone")

    @only_on("postgresql")
    def test_every_action_on_consent_locks_the_card_first(self):
        proposed = {"bio": "Better words"}
        row = requests.add_request(self.who, kind="rectify", received=DAY, words="More", proposed=proposed, by=None)
        self.who.refresh_from_db()
        other = cards.make_card("Sample Ferryman", by=self.sami)
        seen = self.who.version, other.version
        record = merging.merge_cards(self.who, other, {}, by=self.sami, seen=seen)
        acts = [
            lambda: merge_undo.undo_merge(record, by=self.sami),
            self.ask,
            lambda: consent.propose_correction(PublicProfile.objects.get(expert=self.who), {"bio": "Best words"}),
            lambda: consent.accept_correction(
                row, ["bio"], by=self.sami, seen=Expert.objects.values_list("version", flat=True).get(pk=self.who.pk)
            ),
            lambda: requests.add_words(row, "Still more", by=self.sami),
            lambda: requests.close_request(row, decision="Mended", by=self.sami),
            lambda: consent.grant_consent(self.who, ["bio"], by=None, evidence="Their page"),
            lambda: consent.withdraw_consent(self.who, by=None),
            lambda: removal.remove_expert(self.who, by=self.sami),
        ]
        for number, act in enumerate(acts):
            with self.subTest(number), CaptureQueriesContext(connection) as asked:
                act()
            # FOR UPDATE, or FOR NO KEY UPDATE
            first = next(one["sql"] for one in asked if re.search(r"^UPDATE|FOR (NO KEY )?UPDATE", one["sql"]))
            self.assertIn('FROM "experts_expert"', first)

    def test_a_corrected_name_sorts_itself_unless_set_by_hand(self):
        for sort_name, then in (("Alazzeh, Ida", "Stone, Ida"), ("Zz by hand", "Zz by hand")):
            Expert.objects.filter(pk=self.who.pk).update(display_name="Ida Alazzeh", sort_name=sort_name)
            self.who.refresh_from_db()
            row = requests.add_request(
                self.who, kind="rectify", received=NOON.date(), proposed={"display_name": "Ida Stone"}, by=None
            )  # fmt: skip
            self.who.refresh_from_db()
            consent.accept_correction(row, ["display_name"], by=self.sami, seen=self.who.version)
            self.who.refresh_from_db()
            self.assertEqual((self.who.display_name, self.who.sort_name), ("Ida Stone", then))

    def test_consent_is_dated_by_the_papers_days(self):
        with clock.frozen(NOON):
            link = self.link()
        type(self.publication).objects.update(time_zone="Pacific/Kiritimati")  # fourteen hours ahead
        with clock.frozen(dt.datetime(2026, NOON.month, NOON.day, 20, tzinfo=dt.UTC)):
            self.post(link, act="grant", fields_shown=["bio"], agreed="on")
        self.assertEqual(PublicProfile.objects.get(expert=self.who).granted_on, NOON.date() + dt.timedelta(days=1))

    def test_without_a_publication_consent_is_dated_by_utc(self):
        link = self.link()
        with mock.patch.object(type(Publication.objects), "current", return_value=None), clock.frozen(NOON):
            self.assertRedirects(
                self.post(link, act="grant", fields_shown=["bio"], agreed="on"),
                f"{link}?done=granted",
                fetch_redirect_response=False,
            )
        self.assertEqual(PublicProfile.objects.get(expert=self.who).granted_on, NOON.date())

    def test_corrections_of_a_card_changed_meanwhile_are_refused(self):
        self.post(self.link(), act="correct", display_name="Ida Al-Azzeh")
        row = DataRequest.objects.get(kind="rectify")
        with self.assertRaises(Stale):
            consent.accept_correction(row, ["display_name"], by=self.sami, seen=0)

    def test_all_invalid_links_get_the_same_answer(self):
        link = self.link()
        self.assertEqual(self.client.get(link).status_code, 200)
        self.ask(again=self.asking().key)  # a newer link
        nothing = ["/your-card/x/", link[:-2] + "x/", link, "/your-card/" + "A" * 400 + "/", "/your-card/%00/",
                   "/your-card/..%5Cetc/", "/your-card/a:b:c/"]  # fmt: skip
        answers = set()
        for path in nothing:
            response = self.client.get(path)
            answers.add((response.status_code, response.content, response.headers["Cache-Control"]))
        self.assertEqual(len(answers), 1)
        self.assertEqual(answers.pop()[0], 404)

    def test_a_link_ends_with_its_time_or_its_card(self):
        link = self.link()
        PublicProfile.objects.filter(expert=self.who).update(token_until=NOON)
        self.assertEqual(self.client.get(link).status_code, 404)
        link = self.link()
        removal.remove_expert(self.who, by=self.sami)
        self.assertEqual(self.client.get(link).status_code, 404)

    def test_the_link_of_a_merged_card_acts_on_the_survivor(self):
        link = self.link()
        self.post(link, act="grant", fields_shown=["bio"], agreed="on")
        other = full_card(self.sami, self.topic, word="Allazzeh", number="+962790123999", public=False)
        self.who.refresh_from_db()
        merging.merge_cards(other, self.who, {}, by=self.sami, seen=(other.version, self.who.version))
        self.assertTrue(Expert.objects.public().filter(pk=other.pk).exists())
        self.post(link, act="withdraw")
        self.assertFalse(Expert.objects.public().filter(pk=other.pk).exists())

    def test_hostile_input_is_refused_or_printed_as_words(self):
        link = self.link()
        for data in (
            {"act": "grant", "fields_shown": ["telephone"], "agreed": "on"},
            {"act": "grant", "fields_shown": "'; DROP TABLE", "agreed": "on"},
            {"act": "nothing"}, {},
            {"act": "correct", "display_name": ""},
            {"act": "correct", "display_name": "x" * 200},
            {"act": "correct", "display_name": "a\u202eb"},
        ):  # fmt: skip
            self.assertEqual(self.post(link, **data).status_code, 400, data)
        self.post(link, act="correct", display_name="<script>alert(1)</script>")
        row = DataRequest.objects.get(kind="rectify")
        self.client.force_login(self.sami)
        page = self.client.get(reverse("admin:experts_expert_request", args=[row.pk]))
        self.assertContains(page, "&lt;script&gt;alert(1)")
        self.assertNotContains(page, "<script>alert(1)")

    def test_a_form_from_another_site_is_refused(self):
        client = Client(enforce_csrf_checks=True)
        link = self.link()
        self.assertEqual(client.post(link, {"act": "withdraw"}).status_code, 403)
        self.assertEqual(self.status(), "requested")

    def test_guessing_links_is_limited_but_valid_links_are_not(self):
        link = self.link()
        for n in range(40):
            last = self.client.get(f"/your-card/guess{n}/")
        self.assertEqual(last.status_code, 429)
        self.assertEqual(self.client.get(link).status_code, 200)

    def test_sendings_by_one_link_are_limited_per_hour(self):
        link = self.link()
        codes = [self.post(link, act="nothing").status_code for _ in range(32)]
        self.assertEqual(codes[-1], 429)

    def test_the_own_page_answers_head_and_refuses_other_methods(self):
        link = self.link()
        self.assertEqual(self.client.head(link).status_code, 200)
        self.assertEqual(self.client.put(link).status_code, 405)


class DeskPageTests(ConsentTestCase):
    """The desk's pages of this room, for who may and who may not."""

    def page(self, name, *args, by=None, data=None, query=""):
        self.client.force_login(by or self.sami)
        url = reverse(f"admin:experts_expert_{name}", args=args) + query
        return self.client.post(url, data) if data is not None else self.client.get(url)

    def test_only_the_source_desk_opens_the_pages(self):
        row = requests.add_request(self.who, kind="object", received=DAY, by=self.sami)
        own = [(name, self.who.pk) for name in ("merge", "remove", "consent", "request_add")]
        asked = [*own, ("requests",), ("request", row.pk), ("merge_undo", 1)]
        for name, *args in asked:
            for person in (self.rana, self.max, self.cora, self.ada):
                self.assertEqual(self.page(name, *args, by=person).status_code, 403, name)
        for name, *args in asked[:-1]:
            self.assertEqual(self.page(name, *args).status_code, 200, name)
        self.assertEqual(self.page("merge_undo", 1).status_code, 404)

    def test_the_pages_merge_two_cards_and_undo_it(self):
        other = full_card(self.sami, self.topic, word="Allazzeh", number="+962790123999", public=False)
        found = self.page("merge", self.who.pk, query="?q=allazzeh")
        self.assertContains(found, f"?with={other.pk}")
        self.assertContains(self.page("merge", other.pk), "By name it may be one of these")
        query = f"?with={other.pk}"
        page = self.page("merge", self.who.pk, query=query)
        self.assertContains(page, "Allazzeh biography")
        said = {choice.name: choice.chosen for choice in page.context["preview"].choices}
        seen = {"seen_survivor": self.who.version, "seen_absorbed": other.version}
        stale = self.page("merge", self.who.pk, query=query, data=said | seen | {"seen_absorbed": 0, "bio": "absorbed"})
        self.assertContains(stale, "changed while you looked", status_code=409)
        self.assertTrue(stale.context["form"]["bio"].value() == "absorbed")
        bad = self.page("merge", self.who.pk, query=query, data=said | seen | {"bio": "nobody"})
        self.assertEqual(bad.status_code, 400)
        done = self.page("merge", self.who.pk, query=query, data=said | seen | {"bio": "absorbed"})
        self.assertEqual(done.status_code, 302)
        record = self.who.merges.get()
        card = self.page("change", self.who.pk)
        self.assertContains(card, reverse("admin:experts_expert_merge_undo", args=[record.pk]))
        self.assertEqual(self.page("merge_undo", record.pk).status_code, 200)
        self.assertEqual(self.page("merge_undo", record.pk, data={}).status_code, 302)
        self.assertEqual(self.page("merge_undo", record.pk, data={}).status_code, 409)

    def test_the_merge_page_answers_odd_addresses(self):
        for query in ("?with=x", "?with=", "?q=%00", "?with=" + "9" * 30):
            self.assertEqual(self.page("merge", self.who.pk, query=query).status_code, 200, query)
        self.assertEqual(self.page("merge", self.who.pk, query="?with=999999").status_code, 404)
        self.assertEqual(self.page("merge", self.who.pk, query=f"?with={self.who.pk}").status_code, 409)

    def test_removal_wants_the_name_typed(self):
        page = self.page("remove", self.who.pk)
        self.assertContains(page, "What stays, and why")
        self.assertContains(page, "What colleagues wrote of them in passing")
        seen = {"seen": self.who.version}
        self.assertEqual(self.page("remove", self.who.pk, data=seen | {"name": "Ida"}).status_code, 400)
        self.assertEqual(self.page("remove", self.who.pk, data={"seen": "x", "name": "Ida Alazzeh"}).status_code, 409)
        self.assertTrue(Expert.objects.get(pk=self.who.pk).in_use)
        self.assertEqual(self.page("remove", self.who.pk, data=seen | {"name": "Ida Alazzeh"}).status_code, 302)
        self.assertFalse(Expert.objects.get(pk=self.who.pk).in_use)
        self.assertEqual(self.page("remove", self.who.pk).status_code, 404)

    def test_requests_are_listed_by_due_date_in_a_fixed_number_of_queries(self):
        self.client.force_login(self.sami)
        url = reverse("admin:experts_expert_requests")
        with CaptureQueriesContext(connection) as few:
            self.client.get(url)
        for n in range(20):
            requests.add_request(self.who, kind="access", received=DAY.replace(day=n + 1), words=f"No. {n}", by=None)
        with CaptureQueriesContext(connection) as many:
            page = self.client.get(url)
        self.assertEqual(len(few), len(many))
        self.assertContains(page, "Overdue")

    def test_a_request_is_added_decided_and_closed_once(self):
        data = {"kind": "object", "received": "2026-01-31", "words": "What do you hold?"}
        self.assertEqual(self.page("request_add", self.who.pk, data=data).status_code, 302)
        row = DataRequest.objects.get(words="What do you hold?")
        self.assertEqual(str(row.due), "2026-02-28")
        bad = self.page("request_add", self.who.pk, data=data | {"received": "2999-01-01", "words": "kept"})
        self.assertContains(bad, "kept", status_code=400)
        self.assertEqual(self.page("request", row.pk, data={"decision": ""}).status_code, 400)
        self.assertEqual(self.page("request", row.pk, data={"decision": "Copy sent"}).status_code, 302)
        self.assertEqual(self.page("request", row.pk, data={"decision": "Again"}).status_code, 409)
        self.assertContains(self.page("requests", query="?closed=1"), "Copy sent")

    def asked_to_correct(self, words="I left the university."):
        proposed = {"display_name": "Ida Al-Azzeh", "bio": "Better words"}
        row = requests.add_request(self.who, kind="rectify", received=DAY, words=words, proposed=proposed, by=None)
        self.who.refresh_from_db()
        return row, {"act": "accept", "seen": self.who.version}

    def test_accepting_corrections_leaves_a_request_with_words_open(self):
        row, data = self.asked_to_correct()
        self.assertContains(self.page("request", row.pk), "What they wrote is dealt with, too")
        nothing = self.page("request", row.pk, data=data)
        self.assertContains(nothing, "Nothing is ticked", status_code=400)
        answer = self.page("request", row.pk, data=data | {"take": ["bio"]})
        self.assertRedirects(answer, reverse("admin:experts_expert_request", args=[row.pk]))
        row.refresh_from_db()
        self.who.refresh_from_db()
        self.assertEqual((row.closed_at, self.who.bio), (None, "Better words"))
        self.assertEqual((row.decision, row.proposed), ("Taken over: bio", {"display_name": "Ida Al-Azzeh"}))
        page = self.page("request", row.pk)
        self.assertContains(page, "I left the university.")
        self.assertContains(page, 'value="Taken over: bio"')
        self.assertNotContains(page, "Better words")
        self.page("request", row.pk, data=data | {"take": ["display_name"], "seen": self.who.version})
        row.refresh_from_db()
        self.assertEqual((row.closed_at, row.decision), (None, "Taken over: bio, name"))
        self.assertEqual(self.page("request", row.pk, data={"decision": "All mended"}).status_code, 302)
        row.refresh_from_db()
        self.assertEqual((row.decision, row.closed_at is None), ("All mended", False))

    def test_a_request_closes_once_its_words_are_dealt_with(self):
        row, data = self.asked_to_correct()
        self.page("request", row.pk, data=data | {"take": ["bio"]})
        self.who.refresh_from_db()
        answer = self.page("request", row.pk, data=data | {"seen": self.who.version, "words_too": "on"})
        self.assertRedirects(answer, reverse("admin:experts_expert_requests"))
        row.refresh_from_db()
        self.assertEqual((row.closed_at is None, row.decision), (False, "Taken over in part"))

    def test_a_request_without_words_closes_with_its_corrections(self):
        row, data = self.asked_to_correct(words="")
        self.assertNotContains(self.page("request", row.pk), "dealt with")
        self.page("request", row.pk, data=data | {"take": ["bio", "display_name"]})
        row.refresh_from_db()
        self.assertEqual((row.closed_at is None, row.decision), (False, "Taken over"))

    def test_the_desk_records_a_refusal_as_one(self):
        self.ask()
        answer = self.page("consent", self.who.pk, data={"act": "withdraw"})
        page = self.client.get(answer["Location"])
        self.assertContains(page, "Noted that they refused. Nothing is shown.")
        self.assertContains(page, '<span class="pill">Refused</span>')

    def test_a_request_that_is_open_is_not_added_twice(self):
        (stands,) = self.who.requests.filter(kind="access")
        data = {"kind": "access", "received": "2026-03-09", "words": "You hold my address."}
        twice = self.page("request_add", self.who.pk, data=data)
        self.assertContains(twice, "They ask this already", status_code=409)
        self.assertContains(twice, reverse("admin:experts_expert_request", args=[stands.pk]), status_code=409)
        self.assertContains(twice, "You hold my address.", status_code=409)
        self.assertEqual(self.who.requests.filter(kind="access").count(), 1)
        self.assertEqual(self.page("request_add", self.who.pk, data=data | {"kind": "restrict"}).status_code, 302)
        requests.close_request(stands, decision="Copy sent", by=self.sami)
        self.assertEqual(self.page("request_add", self.who.pk, data=data).status_code, 302)

    def test_later_words_are_added_to_the_open_request(self):
        (stands,) = self.who.requests.filter(kind="access")
        data = {"kind": "access", "received": "2026-03-09", "words": "You hold my address.", "act": "join"}
        answer = self.page("request_add", self.who.pk, data=data)
        self.assertRedirects(answer, reverse("admin:experts_expert_request", args=[stands.pk]))
        again = self.page("request_add", self.who.pk, data=data)
        self.assertContains(again, "this stands in the open request already", status_code=400)
        full = self.page("request_add", self.who.pk, data=data | {"words": "x" * 3990})
        self.assertContains(full, "no room", status_code=400)
        before = stands.due
        stands.refresh_from_db()
        self.assertEqual(stands.words, "Alazzeh wants to know\n\nYou hold my address.")
        self.assertEqual(stands.due, before)
        requests.close_request(stands, decision="Copy sent", by=self.sami)
        with self.assertRaises(Refused):
            requests.add_words(stands, "More", by=self.sami)
        for person in (self.rana, self.max, self.ada):
            with self.assertRaises(NotAllowed):
                requests.add_words(stands, "More", by=person)

    def test_a_line_that_is_part_of_an_earlier_letter_is_added(self):
        letter = "Keep my address, delete my phone"
        row = requests.add_request(self.who, kind="restrict", received=DAY, words=letter, by=self.sami)
        for words in ("delete my phone", f"{letter}\n\ndelete my phone"):
            self.page(
                "request_add", self.who.pk, data={"kind": "restrict", "received": DAY, "words": words, "act": "join"}
            )
            row.refresh_from_db()
            self.assertEqual(row.words, f"{letter}\n\ndelete my phone")

    def test_the_page_says_who_asked_and_can_send_the_link_again(self):
        ask = {"act": "ask", "ask-email": "ida@sea.example"}
        self.assertNotContains(self.page("consent", self.who.pk), "again")
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(self.page("consent", self.who.pk, data=ask).status_code, 302)
            twice = self.page("consent", self.who.pk, data=ask)
        self.assertContains(twice, "They were asked already, and nothing was sent.", status_code=409)
        self.assertContains(twice, f", by {self.sami}. That link works until", status_code=409)
        self.assertEqual(len(mail.outbox), 1)
        self.assertContains(twice, f'name="again" value="{self.asking().key}"', status_code=409)
        with self.captureOnCommitCallbacks(execute=True):
            again = self.page("consent", self.who.pk, data=ask | {"again": self.asking().key})
        self.assertEqual((again.status_code, len(mail.outbox)), (302, 2))

    def test_the_page_grants_and_withdraws_consent(self):
        with self.captureOnCommitCallbacks(execute=True):
            answer = self.page("consent", self.who.pk, data={"act": "ask", "ask-email": "ida@sea.example"})
        self.assertEqual((answer.status_code, len(mail.outbox)), (302, 1))
        bad = self.page("consent", self.who.pk, data={"act": "grant", "grant-shown": ["bio"], "grant-evidence": ""})
        self.assertEqual(bad.status_code, 400)
        good = {"act": "grant", "grant-shown": ["bio"], "grant-evidence": "Letter of March"}
        self.assertEqual(self.page("consent", self.who.pk, data=good).status_code, 302)
        self.assertEqual(self.status(), "granted")
        self.assertEqual(self.page("consent", self.who.pk, data={"act": "x"}).status_code, 400)
        self.assertEqual(self.page("consent", self.who.pk, data={"act": "withdraw"}).status_code, 302)
        self.assertEqual(self.status(), "withdrawn")
