"""The page “People in this story”: looking, linking, terms, titles as printed, a card in passing, who else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.actions import checklist, gate, writing
from articles.actions.people import linking
from articles.models import Article, Kind, QuoteRecord, State
from experts.actions import bars, cards, log, removal
from experts.actions import jobs as book
from experts.models import Affiliation, Bar, Channel, Disclosure, Expert, ExpertTopic
from newsroom import clock

from .. import zones
from ..base import NOON, DeskTestCase
from ..site.base import HOUR, SiteTestCase
from . import reference

BODY = '<p>He said: <q data-expert="{pk}" data-quote="quote-one">We agree on that</q>, and went home.</p>'


class PageCase(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(body=BODY.format(pk=self.expert.pk))
        self.client.force_login(self.rana)

    @property
    def address(self):
        return reverse("admin:articles_article_people", args=[self.article.pk])

    def page(self):
        return self.client.get(self.address)

    def send(self, act, follow=True, **data):
        self.article.refresh_from_db()
        return self.client.post(self.address, {"_act": act, "version": self.article.version} | data, follow=follow)

    def terms(self, **changes):
        """What a browser would send of the terms as they are shown, with some typed anew."""
        with timezone.override(self.publication.zone):
            return self._shown() | changes

    def _shown(self):
        data = {}
        for row in self.page().context["rows"]:
            for form in [row.form, *(record.form for record in row.quotes)]:
                for bound in form:
                    value = bound.value()
                    shown = (
                        bound.field.widget.format_value(value) if hasattr(bound.field.widget, "format_value") else value
                    )
                    shown = shown[0] if isinstance(shown, list) else shown
                    data[bound.html_name] = "" if shown is None else shown
        return data


class TermsPageTests(PageCase):
    def test_the_page_shows_everything_about_the_people_of_a_story(self):
        page = self.page()
        for words in ("Halvard Nystrom", "We agree on that", "Never verified", "On the record", "Title as printed"):
            self.assertContains(page, words)

    @pytest.mark.days
    def test_terms_are_saved_as_a_version(self):
        version = self.article.version
        answer = self.send(
            "terms",
            **self.terms(**{
                "qquote-one-ground_rule": "embargoed", "qquote-one-embargo_until": "2026-06-01T12:00",
                "qquote-one-translator": "T. Ransom", "qquote-one-interviewer": self.rob.pk,
                f"p{self.expert.pk}-attribution_as_printed": "judge; adviser", f"p{self.expert.pk}-role": "witness",
            }),
        )  # fmt: skip
        self.assertContains(answer, "Saved.")
        record, row = self.article.quote_records.get(), self.article.appearances.get()
        self.assertEqual(
            (record.ground_rule, record.translator, record.interviewer), ("embargoed", "T. Ransom", self.rob)
        )
        self.assertEqual(record.embargo_until, zones.wall("2026-06-01T12:00"))
        self.assertEqual((row.attribution_as_printed, row.role), ("judge; adviser", "witness"))
        self.article.refresh_from_db()
        self.assertEqual(self.article.version, version + 1)
        self.send("terms", **self.terms())
        self.article.refresh_from_db()
        self.assertEqual(self.article.version, version + 1, "nothing changed, so nothing was kept")

    def test_wrong_terms_are_refused_beside_the_field_and_nothing_is_lost(self):
        cases = [
            ({"qquote-one-ground_rule": "background"}, "write what the story calls the person"),
            ({"qquote-one-ground_rule": "nonsense"}, "Select a valid choice"),
            ({"qquote-one-embargo_until": "2026-06-01T12:00"}, "choose that rule"),
            ({"qquote-one-said_on": "yesterday"}, "Enter a valid date"),
            ({"qquote-one-interviewer": "999999"}, "Select a valid choice"),
            ({"qquote-one-interviewer": "x' OR 1=1"}, "Select a valid choice"),
            ({"qquote-one-terms": "x" * 301}, "at most 300"),
            ({"qquote-one-terms": "a\u202eb"}, "invisible control character"),
            ({"qquote-one-ground_rule": "off_record", "qquote-one-words_as_spoken": "He did it"}, "not kept here"),
            ({f"p{self.expert.pk}-attribution_as_printed": "\x00"}, "Null characters"),
        ]
        for wrong, message in cases:
            answer = self.send("terms", **self.terms(**{"qquote-one-translator": "T. Ransom"} | wrong))
            self.assertEqual(answer.status_code, 400, wrong)
            self.assertContains(answer, message, status_code=400)
            self.assertContains(answer, "T. Ransom", status_code=400)
        self.assertEqual(self.article.quote_records.get().ground_rule, "on_record")

    def test_terms_for_a_stale_version_are_refused_and_nothing_is_lost(self):
        data = self.terms(**{"qquote-one-translator": "T. Ransom"})
        Article.objects.filter(pk=self.article.pk).update(version=9)
        answer = self.client.post(self.address, {"_act": "terms", "version": 1} | data)
        self.assertContains(answer, "Somebody was quicker", status_code=409)
        self.assertContains(answer, "T. Ransom", status_code=409)
        self.assertContains(answer, 'name="version" value="9"', status_code=409)

    def test_those_who_edit_the_words_change_the_people(self):
        data = self.terms()
        for who, sees, may in (
            (self.rana, 200, 302), (self.rob, 200, 403), (self.edith, 200, 302), (self.cora, 200, 302),
            (self.max, 200, 302), (self.leo, 200, 403), (self.pia, 200, 403), (self.sami, 200, 403),
            (self.mona, 403, 403), (self.ada, 403, 403),
        ):  # fmt: skip
            self.client.force_login(who)
            self.assertEqual(self.page().status_code, sees, who)
            self.assertEqual(self.send("terms", follow=False, **data).status_code, may, who)

    def test_people_of_a_published_story_are_read_only(self):
        article = self.make_article(body=BODY.format(pk=self.expert.pk), slug="out", state=State.PUBLISHED)
        self.article = article
        self.client.force_login(self.max)
        self.assertContains(self.page(), "You may look, but not change")
        self.assertEqual(self.send("terms").status_code, 403)

    def test_nonsense_sent_to_the_page_is_refused(self):
        for act, data in (
            ("nonsense", {}), ("", {}), ("link", {}), ("link", {"quote": "x", "who-x": "-1"}),
            ("link", {"quote": "x" * 5000, "who-" + "x" * 5000: "99"}), ("link", {"other-abc": str(10**30)}),
        ):  # fmt: skip
            self.assertIn(self.send(act, **data).status_code, (400, 409), (act, data))
        self.assertEqual(self.client.get(self.address.replace(str(self.article.pk), "999999")).status_code, 404)

    def test_buttons_agree_to_changed_words_and_unlink_a_quotation(self):
        self.send("terms", **self.terms(), _agree="quote-one")
        self.assertEqual(self.article.quote_records.get().checked_by, self.rana)
        self.send("terms", **self.terms(), _unlink="quote-one")
        self.article.refresh_from_db()
        self.assertIn("“We agree on that”", self.article.body)
        self.assertFalse(QuoteRecord.objects.exists())
        self.assertTrue(Article.objects.filter(pk=self.article.pk).exists())

    def test_one_click_prints_an_interest_of_a_person(self):
        text = "Mr Nystrom is paid by the port."
        made = Disclosure.objects.create(expert=self.expert, kind="employer", print_text=text, must_print=True)
        self.assertContains(self.page(), text)
        self.send("terms", **self.terms(), _print=f"{self.expert.pk}-{made.pk}")
        self.assertEqual(self.article.appearances.get().disclosure_printed, text)
        self.assertNotContains(self.page(), "Print it")
        self.assertEqual(self.send("terms", **self.terms(), _print="1-99999999999999999999").status_code, 409)

    def test_words_that_drifted_are_shown_with_what_they_were(self):
        Article.objects.filter(pk=self.article.pk).update(body=self.article.body.replace("agree on", "accept"))
        self.article.refresh_from_db()
        writing.save_revision(self.article, by=self.rana, seen_version=self.article.version)
        page = self.page()
        self.assertContains(page, "These words are right")
        self.assertContains(page, 'They were: <q dir="auto">We agree on that</q>')


class ProposedPageTests(PageCase):
    def setUp(self):
        super().setUp()
        self.first, self.second = reference.people()
        reference.paste(self.article, self.rana)
        self.article.refresh_from_db()

    def test_the_reference_story_is_proposed_and_linked(self):
        page = self.page()
        groups = page.context["proposed"]
        self.assertEqual([(g["card"], len(g["fragments"])) for g in groups], [(self.first, 5), (self.second, 2)])
        self.assertEqual(groups[0]["title"], reference.TITLE)
        self.assertContains(page, "<bdi>Allazzam</bdi>”</b> looks like a misprint of <bdi>Tareq Alazzam</bdi>")
        self.assertFalse(QuoteRecord.objects.exists())
        data = {"quote": [], f"title-{self.first.pk}": "former senator", f"title-{self.second.pk}": "analyst"}
        for group in groups:
            for fragment in group["fragments"]:
                data["quote"].append(fragment.key)
                data[f"who-{fragment.key}"] = group["card"].pk
        self.assertContains(self.send("link", **data), "7 quotations linked")
        again = self.send("link", **data)
        self.assertEqual(again.status_code, 409)
        self.assertEqual(QuoteRecord.objects.count(), 7)
        self.assertEqual(self.article.appearances.exclude(expert=self.expert).count(), 2)
        self.assertEqual(self.article.appearances.get(expert=self.first).attribution_as_printed, "former senator")

    def test_only_chosen_quotations_are_linked(self):
        fragment = self.page().context["proposed"][0]["fragments"][2]
        self.send("link", **{"quote": fragment.key, f"who-{fragment.key}": self.first.pk})
        self.assertEqual(QuoteRecord.objects.get().words, fragment.words)

    def test_a_card_made_beside_the_story_gets_its_quotations_proposed(self):
        Expert.objects.filter(pk=self.second.pk).delete()
        self.assertEqual(len(self.page().context["others"]), 12)
        self.send(
            "card", **{"card-display_name": "Idris Sekari", "card-title": "political analyst",
                       "card-organisation": "Orle University", "card-channel": "+44 20 7946 0018"},
        )  # fmt: skip
        card = Expert.objects.get(display_name="Idris Sekari")
        self.assertEqual(card.title_on(zones.day()), "political analyst, Orle University")
        self.assertEqual(Channel.objects.get(expert=card).normalized, "+442079460018")
        self.assertEqual([len(g["fragments"]) for g in self.page().context["proposed"]], [5, 2])

    def test_a_lookalike_is_shown_before_a_second_card_is_made(self):
        answer = self.send("card", **{"card-display_name": "Tareq Al-Azzam"})
        self.assertContains(answer, "may have this person already", status_code=409)
        self.assertEqual(Expert.objects.filter(display_name="Tareq Al-Azzam").count(), 0)
        self.send("card", **{"card-display_name": "Tareq Al-Azzam", "card-because": "This one is the poet."})
        self.assertEqual(Expert.objects.filter(display_name="Tareq Al-Azzam").count(), 1)

    def test_a_lookalike_can_be_used_although_the_text_never_names_it(self):
        Expert.objects.filter(pk=self.second.pk).delete()
        card = cards.make_card("Halvor Nilssen", by=self.sami, title="harbour pilot")
        typed = {"card-display_name": "Halvor Nielsen", "card-title": "pilot", "card-organisation": "Harbour Office"}
        answer = self.send("card", **typed)
        (found,) = answer.context["lookalikes"]
        self.assertContains(answer, "Use this one", status_code=409)
        self.assertContains(answer, f'name="_use" value="{found["id"]}"', status_code=409)
        used = self.send("card", **typed, _use=found["id"])
        self.assertContains(used, "Halvor Nilssen is in the story")
        self.assertEqual(self.article.appearances.get(expert=card).attribution_as_printed, "pilot, Harbour Office")
        self.assertIn(card, used.context["choosable"])
        fragment = used.context["others"][0]
        self.send("link", **{f"other-{fragment.key}": card.pk})
        self.assertEqual(QuoteRecord.objects.get(expert=card).words, fragment.words)
        self.assertEqual(Expert.objects.filter(display_name="Halvor Nielsen").count(), 0)

    def test_a_lookalike_that_may_not_be_quoted_is_not_used(self):
        card = cards.make_card("Ove Lind", by=self.sami)
        bars.set_bar(card, by=self.sami, kind=Bar.QUOTE, reason="Made it up")
        for expert, words in ((card.pk, "not to be quoted: Made it up"), ("x", "not in the source book")):
            self.assertContains(self.send("card", _use=expert), words, status_code=400)
        self.assertFalse(self.article.appearances.exclude(expert=self.expert).exists())

    def test_a_stale_copy_keeps_the_typed_card_and_its_lookalikes(self):
        card = cards.make_card("Halvor Nilssen", by=self.sami, title="harbour pilot")
        typed = {"card-display_name": "Halvor Nielsen", "card-title": "pilot", "card-channel": "+44 20 7946 0018"}
        answer = self.client.post(self.address, typed | {"_act": "card", "version": 1, "_use": card.pk})
        self.assertContains(answer, "What you typed is still here", status_code=409)
        for value in typed.values():
            self.assertContains(answer, f'value="{value}"', status_code=409)
        self.assertContains(answer, f'name="_use" value="{card.pk}"', status_code=409)
        self.assertFalse(self.article.appearances.exclude(expert=self.expert).exists())
        self.assertContains(self.send("card", **typed, _use=card.pk), "Halvor Nilssen is in the story")

    def test_a_title_too_long_with_its_organisation_is_cut(self):
        card = cards.make_card("Halvor Nilssen", by=self.sami)
        typed = {"card-display_name": "Halvor Nielsen", "card-title": "t" * 160, "card-organisation": "o" * 160}
        self.assertContains(self.send("card", **typed, _use=card.pk), "Halvor Nilssen is in the story")
        printed = self.article.appearances.get(expert=card).attribution_as_printed
        self.assertEqual(printed, f"{'t' * 160}, {'o' * 138}")

    def test_a_removed_person_gets_a_new_card_only_by_a_decision(self):
        card = cards.make_card("Ove Lind", by=self.sami)
        removal.remove_expert(card, by=self.sami)
        answer = self.send("card", **{"card-display_name": "Ove Lind"})
        self.assertContains(answer, "removed at their own request", status_code=409)
        self.assertContains(answer, 'name="card-because"', status_code=409)
        self.assertFalse(Expert.objects.filter(display_name="Ove Lind").exists())
        self.send("card", **{"card-display_name": "Ove Lind", "card-because": "His grandson, who agreed."})
        self.assertTrue(Expert.objects.filter(display_name="Ove Lind").exists())

    def test_a_wrong_number_is_refused_and_leaves_no_card(self):
        answer = self.send("card", **{"card-display_name": "Ove Lind", "card-channel": "12"})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(Expert.objects.filter(display_name="Ove Lind").exists())

    def test_a_paste_is_answered_with_the_number_of_proposals(self):
        address = reverse("desk:voices", args=[self.article.pk])
        answer = self.client.post(address, {"body": reference.STORY})
        self.assertEqual(answer.json()["count"], 7)
        self.assertEqual(self.client.post(address, {"body": "<p>\x00“"}).json()["count"], 0)
        self.assertEqual(self.client.get(address).status_code, 405)
        self.client.force_login(self.rob)
        self.assertEqual(self.client.post(address, {"body": "x"}).status_code, 403)
        self.client.force_login(self.mona)
        self.assertEqual(self.client.post(address, {"body": "x"}).status_code, 404)


class AgreedTests(PageCase):
    """Terms that the contact log has are proposed with the link, and the checklist warns where it says more."""

    def setUp(self):
        super().setUp()
        self.first, self.second = reference.people()
        reference.paste(self.article, self.rana)
        self.article.refresh_from_db()

    def log(self, rule, card=None, **more):
        return log.add_entry(card or self.first, by=self.rana, outcome="reached", ground_rule=rule, **more)

    def link_first(self, **data):
        group = self.page().context["proposed"][0]
        key = group["fragments"][2].key
        return self.send("link", **{"quote": key, f"who-{key}": self.first.pk} | data)

    def found(self):
        self.article.refresh_from_db()
        found = checklist.findings_of(self.article, writing.content_of(self.article))
        return [finding for finding in found if finding.code == "agreed terms"]

    def test_what_was_agreed_is_proposed_and_linked(self):
        self.log("background", article=self.article.pk)
        group, other = self.page().context["proposed"]
        self.assertEqual((group["rule"], other["rule"], other["agreed"]), ("background", "on_record", None))
        self.assertContains(self.page(), "Agreed in the contact log: <b>background</b>")
        self.link_first(**{f"rule-{self.first.pk}": "background"})
        self.assertEqual(QuoteRecord.objects.get().ground_rule, "background")
        self.assertEqual(self.found(), [])
        self.assertNotContains(self.page(), "say more than what was agreed")

    def test_a_link_that_says_more_is_warned_of(self):
        entry = self.log("off_record", article=self.article.pk)
        self.link_first(**{f"rule-{self.first.pk}": "on_record"})
        record = QuoteRecord.objects.get()
        (finding,) = self.found()
        self.assertEqual((finding.level, finding.about), ("warning", record.uid))
        self.assertIn("off the record", finding.message)
        self.assertContains(self.page(), "These terms say more than what was agreed: off the record")
        for rule, warned in (("background", 1), ("deep_background", 1), ("off_record", 0), ("withdrawn", 0)):
            QuoteRecord.objects.update(ground_rule=rule)
            self.assertEqual(len(self.found()), warned, rule)
        QuoteRecord.objects.update(ground_rule="on_record")
        self.log("on_record", article=self.article.pk, at=entry.at + HOUR / 60)
        with clock.frozen(entry.at + HOUR):
            self.assertEqual(self.found(), [])

    def test_terms_of_another_story_or_long_ago_are_not_these(self):
        self.link_first()
        now = clock.process_time()
        self.log("background", article=self.article.pk + 1)
        self.log("background", at=now - 100 * 24 * HOUR)
        self.log("", article=self.article.pk)
        self.assertEqual(self.found(), [])
        self.log("background", at=now - 24 * HOUR)
        self.assertEqual(len(self.found()), 1)
        self.log("on_record", at=now - 48 * HOUR, article=self.article.pk)
        self.assertEqual(self.found(), [])

    def test_who_does_not_see_the_log_is_told_of_no_entry(self):
        self.log("background", article=self.article.pk)
        self.client.force_login(self.cora)
        page = self.page()
        self.assertNotContains(page, "Agreed in the contact log")
        self.assertFalse(any(group["agreed"] for group in page.context["proposed"]))

    def test_a_rule_that_there_is_not_links_nothing(self):
        answer = self.link_first(**{f"rule-{self.first.pk}": "<b>sung</b>"})
        self.assertContains(answer, "There is no such rule", status_code=400)
        self.assertFalse(QuoteRecord.objects.exists())


class QueryTests(PageCase):
    def add(self, numbers):
        for n in numbers:
            card = Expert.objects.create(display_name=f"Person Number{n}")
            Affiliation.objects.create(expert=card, title="clerk")
            Disclosure.objects.create(expert=card, kind="party", print_text=f"Paid {n}", must_print=True)
            beside = Expert.objects.create(display_name=f"Beside {n}")
            ExpertTopic.objects.create(content_object=beside, tag=self.topic)
            self.article.body += BODY.format(pk=card.pk).replace("quote-one", f"quote-{n:04}")
        self.article.save()
        self.article.refresh_from_db()
        writing.save_revision(self.article, by=self.rana, seen_version=self.article.version)

    def count(self):
        with CaptureQueriesContext(connection) as asked:
            self.assertEqual(self.page().status_code, 200)
        return len(asked)

    def test_the_page_asks_as_much_for_twenty_people_as_for_one(self):
        self.add([0])
        self.page()
        one = self.count()
        self.add(range(1, 21))
        self.assertEqual(self.count(), one)
        self.assertLessEqual(one, 50)


class TitleTests(DeskTestCase):
    def test_a_printed_title_does_not_follow_changes_of_the_card(self):
        card = cards.make_card("Dov Arkin", by=None, title="conflict researcher", organisation="War Records Office")
        article = self.make_article(body=BODY.format(pk=card.pk))
        row = article.appearances.get(expert=card)
        self.assertEqual(row.attribution_as_printed, "conflict researcher, War Records Office")
        self.assertEqual(row.affiliation, card.affiliations.get())
        told = {"title": "conflict researcher", "organisation": "War Records Office", "former": False}
        self.assertEqual(row.affiliation_snapshot, told)
        book.change_role(card.affiliations.get(), by=self.sami, ended="2026-01", title="minister")
        article.refresh_from_db()
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        row.refresh_from_db()
        self.assertEqual((row.attribution_as_printed, row.affiliation_snapshot),
                         ("conflict researcher, War Records Office", told))  # fmt: skip

    def test_a_title_of_several_parts_names_a_former_role(self):
        card = Expert.objects.create(display_name="Dov Arkin")
        role = Affiliation.objects.create(expert=card, title="senator", is_former=True)
        Affiliation.objects.create(expert=card, title="analyst", is_primary=True)
        article = self.make_article(body=BODY.format(pk=card.pk))
        linking.set_terms(article, {}, {card.pk: {"attribution_as_printed": "former senator; guest"}}, by=self.rana,
                         seen_version=article.version)  # fmt: skip
        row = article.appearances.get(expert=card)
        self.assertEqual(row.affiliation, role)
        self.assertTrue(row.affiliation_snapshot["former"])

    def test_an_edition_freezes_the_title_and_what_was_behind_it(self):
        card = cards.make_card("Dov Arkin", by=None, title="researcher")
        article = self.make_article(body=BODY.format(pk=card.pk), state=State.PUBLISHED)
        frozen = gate.in_force(article).text.data["people"][0]
        self.assertEqual(frozen["attribution"], "researcher")
        self.assertEqual(frozen["affiliation_snapshot"]["title"], "researcher")


class BesideTests(SiteTestCase):
    def test_the_page_names_others_who_could_speak_and_frequent_voices(self):
        known = Expert.objects.create(display_name="Ove Lind")
        ExpertTopic.objects.create(content_object=known, tag=self.topic, level=3)
        barred = Expert.objects.create(display_name="Not Me")
        ExpertTopic.objects.create(content_object=barred, tag=self.topic, level=3)
        barred.bars.create(kind="contact", reason="asked", since="2026-01-01")
        for n in range(3):
            self.publish(people=[(known, "clerk")], at=NOON - n * HOUR)
        article = self.make_article(body=BODY.format(pk=self.expert.pk))
        self.client.force_login(self.rana)
        with clock.frozen(NOON + HOUR):
            page = self.client.get(reverse("admin:articles_article_people", args=[article.pk]))
        self.assertEqual([card.display_name for card in page.context["beside"]], ["Ove Lind"])
        self.assertContains(page, "In 3 stories in 90 days")
        self.assertNotContains(page, "Not Me")


class ImportedTests(DeskTestCase):
    def test_an_imported_story_is_only_proposed_to(self):
        reference.people()
        article = self.make_article(body=reference.STORY)
        Article.objects.filter(pk=article.pk).update(imported_from="old-site-1")
        self.assertFalse(article.quote_records.exists())
        self.assertEqual(len(linking.propose_speakers(article).reading.proposed), 7)
        gate.open_imported(article, article.revisions.first(), live_from=NOON)
        self.assertFalse(article.editions.get(kind=Kind.FIRST).quotes.exists())
