"""Merging two cards of one person: all rows come along, stories follow, and it can be taken back."""

import datetime as dt
import time

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.db import models, transaction
from django.urls import reverse

from articles.actions import checklist, gate, writing
from articles.models import Appearance, BodyReference, EditionExpert, Kind, Quote, QuoteRecord
from experts import relations
from experts.actions import cards, channels, merge_undo, merging
from experts.models import (
    Bar,
    CardChange,
    Channel,
    ContactLog,
    Disclosure,
    Expert,
    LanguageSkill,
    MergeRecord,
    NameVariant,
    PublicProfile,
)
from newsroom import clock
from newsroom.errors import NotAllowed, Refused, Stale, WrongState
from newsroom.models import Instant, Pulse

from ..base import NOON
from ..site.base import HOUR, SiteTestCase
from .full import full_card, portrait, rows_of

pytestmark = pytest.mark.engines

# What a merge leaves alone by its nature: no row of these says whose card it is.
ASIDE = {"experts.ImportBatch", "experts.Organisation", "experts.OrganisationName", "experts.Portrait",
         "experts.Suppression"}  # fmt: skip


def mark(expert, words, uid):
    return f'<p>Text. <q data-expert="{expert.pk}" data-quote="{uid}">{words}</q></p>'


class MergingTestCase(SiteTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.one = full_card(cls.sami, cls.topic, word="Alazzeh", number="+962790123456")
        cls.two = full_card(cls.sami, cls.topic, word="Allazzeh", number="+962790123999")

    def merge(self, one=None, two=None, choices=None, by=None, seen=None):
        one, two = one or self.one, two or self.two
        one.refresh_from_db()
        two.refresh_from_db()
        return merging.merge_cards(one, two, choices or {}, by=by or self.sami, seen=seen or (one.version, two.version))

    def told(self):
        """Two stories that both are quoted in, and one of each; all published."""
        both = mark(self.one, "A rule is a rule", "a1") + mark(self.two, "And a port is a port", "a2")
        stories = [
            self.publish(body=both, people=[(self.one, "judge"), (self.two, "former judge")]),
            self.publish(body=mark(self.one, "Yes indeed", "b1"), people=[(self.one, "judge")]),
            self.publish(body=mark(self.two, "No indeed", "c1"), people=[(self.two, "reader")]),
        ]
        return stories

    def everything(self):
        """All rows of the house that have to do with cards, but for what counts changes."""
        found = {}
        for model in [*apps.get_app_config("experts").get_models(), Appearance, QuoteRecord, Quote, EditionExpert,
                      BodyReference, *[m.through for m in self.m2m()]]:  # fmt: skip
            if model in (CardChange, MergeRecord):
                continue
            if model is Expert:
                names = [f.attname for f in Expert._meta.concrete_fields if f.name not in merging.FIELDS_COUNTED]
                found[model] = sorted(Expert.objects.values_list(*names), key=repr)
            else:
                found[model] = rows_of(model)
        return found

    def m2m(self):
        return [Disclosure._meta.get_field(name).remote_field for name in ("topics", "organisations")]


class RelationTests(MergingTestCase):
    def test_every_foreign_key_to_a_card_has_a_relation(self):
        """A new foreign key to a card needs a line that says what a merge and a removal do with it."""
        known = {relation.name for relation in relations.all_relations()}
        links = {f"{link.related_model._meta.label}.{link.field.name}" for link in Expert._meta.related_objects}
        self.assertEqual(links - known, set(), "put it into experts/relations.py or the room's own lines")
        through = {field.remote_field.through._meta.label for field in Expert._meta.many_to_many}
        self.assertLessEqual(through, {name.rpartition(".")[0] for name in known})

    def test_no_model_names_cards_without_a_foreign_key(self):
        for model in apps.get_models():
            for one in model._meta.private_fields:
                self.assertFalse(
                    isinstance(one, GenericForeignKey | GenericRelation) and model._meta.app_label != "taggit", model
                )
        # a number that holds a card's id without being a foreign key; an import's row names no cards
        plain = {
            f"{model._meta.label}.{f.name}" for model in apps.get_models() for f in model._meta.concrete_fields
            if isinstance(f, models.PositiveBigIntegerField | models.BigIntegerField) and not f.is_relation
            and ("expert" in f.name or f.name == "target")
        } - {"articles.ImportedRow.target"}  # fmt: skip
        self.assertLessEqual(plain, {relation.name for relation in relations.all_relations()})

    def test_every_field_of_a_card_is_chosen_or_has_a_rule(self):
        chosen = [name for group in merging.FIELDS_CHOSEN for name in group]
        fields = {f.name for f in Expert._meta.concrete_fields}
        self.assertEqual(fields, {*chosen, *merging.FIELDS_OF_EACH_CARD, *merging.FIELDS_RULED})
        self.assertEqual(len(chosen), len(set(chosen)))

    def test_every_model_has_a_relation_or_is_an_exception(self):
        hanging = {relation.model_name for relation in relations.all_relations()}
        for model in apps.get_app_config("experts").get_models():
            if model is not Expert and not model._meta.auto_created:
                self.assertIn(model._meta.label, hanging | ASIDE)


class MergeTests(MergingTestCase):
    def test_all_rows_come_to_the_survivor(self):
        self.told()
        before = {
            relation.name: relation.rows([self.one.pk, self.two.pk]).count()
            for relation in relations.all_relations()
            if relation.merge == relations.MOVE
        }
        record = self.merge()
        for relation in relations.all_relations():
            if relation.merge == relations.STAY:
                continue
            left = 1 if relation.model is CardChange else 0  # the line that says where it went
            self.assertEqual(relation.rows([self.two.pk]).count(), left, relation.name)
            if relation.merge == relations.MOVE and relation.name != "experts.Expert.merged_into":
                more = 2 if relation.name == "experts.CardChange.expert" else 0
                self.assertGreaterEqual(relation.rows([self.one.pk]).count(), before[relation.name], relation.name)
                self.assertLessEqual(relation.rows([self.one.pk]).count(), before[relation.name] + more, relation.name)
        self.assertEqual(self.one.quotes.count(), 4)
        self.assertEqual(self.one.log.count(), 2)
        self.assertEqual(record.moved["articles.Quote.expert"], sorted(record.moved["articles.Quote.expert"]))

    def test_two_appearances_in_a_story_become_one_with_both_titles(self):
        both, _, _ = self.told()
        self.merge()
        row = both.article.appearances.get()
        self.assertEqual((row.expert, row.attribution_as_printed), (self.one, "judge; former judge"))
        self.assertEqual(EditionExpert.objects.filter(edition=both).count(), 1)

    def test_a_number_on_both_cards_is_kept_once_and_stricter(self):
        Channel.objects.create(expert=self.two, kind="phone", raw="0790 123 456", normalized="+962790123456",
                               preference=5, do_not_use=True, visibility="staff")  # fmt: skip
        self.merge()
        row = self.one.channels.get(normalized="+962790123456")
        self.assertEqual((row.preference, row.do_not_use, row.visibility), (5, True, "staff"))

    def test_a_number_restricted_on_one_card_stays_restricted(self):
        channels.add_channel(self.two, kind="mobile", raw="+962790123456", tier="restricted", by=self.sami)
        self.merge()
        self.assertFalse(self.one.channels.filter(normalized="+962790123456").exists())
        self.assertEqual(self.one.private_channels.filter(kind="mobile").count(), 1)

    def test_topics_and_languages_keep_the_higher_level(self):
        self.two.topic_items.update(level=3)
        LanguageSkill.objects.filter(expert=self.two).update(level=4, on_air=True)
        self.merge()
        self.assertEqual(self.one.topic_items.get().level, 3)
        self.assertEqual(list(self.one.languages.values_list("tag", "level", "on_air")), [("ar", 4, True)])

    def test_a_bar_on_either_card_stays(self):
        Bar.objects.create(expert=self.two, kind="contact", reason="Asked us not to.", since=dt.date(2020, 1, 1))
        Bar.objects.create(expert=self.one, kind="quote", reason="Fabricated.", since=dt.date(2020, 1, 1))
        self.merge()
        one = Expert.objects.get(pk=self.one.pk)
        self.assertTrue(one.bar("contact"))
        self.assertTrue(one.bar("quote"))

    def test_the_stricter_consent_counts(self):
        PublicProfile.objects.filter(expert=self.one).update(scope=",bio,roles,")
        PublicProfile.objects.filter(expert=self.two).update(scope=",roles,topics,", public_until=NOON + HOUR)
        self.merge()
        profile = PublicProfile.objects.get(expert=self.one)
        self.assertEqual((profile.status, profile.fields, profile.public_until), ("granted", ["roles"], NOON + HOUR))
        self.assertTrue(Instant.objects.filter(at=NOON + HOUR).exists())

    def test_of_two_consents_the_earlier_dates_count(self):
        for mine, theirs in ((2, 5), (5, 2)):
            with self.subTest(mine=mine), transaction.atomic():
                for card, n in ((self.one, mine), (self.two, theirs)):
                    ends, day = NOON + n * HOUR, NOON.date() - dt.timedelta(days=n)
                    PublicProfile.objects.filter(expert=card).update(public_until=ends, granted_on=day)
                self.merge()
                profile = PublicProfile.objects.get(expert=self.one)
                self.assertEqual(profile.public_until, NOON + 2 * HOUR)
                self.assertEqual(profile.granted_on, NOON.date() - dt.timedelta(days=5))
                transaction.set_rollback(True)

    def test_a_consent_only_asked_for_adds_nothing_to_a_grant(self):
        PublicProfile.objects.filter(expert=self.one).update(scope=",bio,")
        PublicProfile.objects.filter(expert=self.two).update(status="requested", scope=",roles,")
        self.merge()
        profile = PublicProfile.objects.get(expert=self.one)
        self.assertEqual((profile.status, profile.fields), ("granted", ["bio"]))

    def test_consent_withdrawn_on_either_card_is_withdrawn(self):
        for card in (self.one, self.two):
            with self.subTest(card=card.pk), transaction.atomic():
                PublicProfile.objects.update(public_until=NOON + HOUR)
                PublicProfile.objects.filter(expert=card).update(status="withdrawn", scope="", withdrawn_at=NOON)
                self.merge()
                self.assertFalse(Expert.objects.public().filter(pk=self.one.pk).exists())
                profile = PublicProfile.objects.get(expert=self.one)
                self.assertEqual((profile.status, profile.fields), ("withdrawn", []))
                self.assertEqual((profile.withdrawn_at, profile.public_until), (NOON, None))
                self.assertTrue(profile.was_public)
                transaction.set_rollback(True)

    def test_consent_given_on_one_card_alone_comes_along(self):
        PublicProfile.objects.filter(expert=self.one).delete()
        self.merge()
        self.assertTrue(Expert.objects.public().filter(pk=self.one.pk).exists())

    def test_fields_go_as_chosen_and_old_names_still_find_the_card(self):
        self.merge(choices={"display_name": "absorbed", "bio": "absorbed"})
        one = Expert.objects.get(pk=self.one.pk)
        self.assertEqual((one.display_name, one.bio, one.city), ("Ida Allazzeh", "Allazzeh biography", "Alazzehville"))
        self.assertTrue(NameVariant.objects.filter(expert=one, text="Ida Alazzeh").exists())
        self.assertIn(one, Expert.objects.named("alazzeh"))

    def test_an_empty_field_takes_what_the_other_card_says(self):
        Expert.objects.filter(pk=self.one.pk).update(bio="")
        self.merge()
        self.assertEqual(Expert.objects.get(pk=self.one.pk).bio, "Allazzeh biography")

    def test_only_fields_that_differ_on_both_cards_are_asked(self):
        rows = Expert.objects.filter(pk=self.one.pk)
        rows.update(bio="", pronunciation="", lead_time=None, is_official=False, contact_via=self.two)
        Expert.objects.filter(pk=self.two.pk).update(tv_note="", lead_time=0, is_official=True, contact_via=None)
        self.client.force_login(self.sami)
        where = reverse("admin:experts_expert_merge", args=[self.one.pk]) + f"?with={self.two.pk}"
        page = self.client.get(where)
        shown = page.context["preview"]
        taken = {choice.name: choice.chosen for choice in shown.taken}
        self.assertEqual(
            {name: taken[name] for name in ("bio", "pronunciation", "lead_time", "tv_note")},
            {"bio": "absorbed", "pronunciation": "absorbed", "lead_time": "absorbed", "tv_note": "survivor"},
        )
        self.assertFalse({choice.name for choice in shown.choices} & set(taken))
        self.assertTrue(all(choice.mine and choice.theirs for choice in shown.choices))
        self.assertEqual({c.name: c.chosen for c in shown.choices}["is_official"], "absorbed")
        self.assertNotIn("contact_via", {*taken, *page.context["form"].fields})
        self.assertContains(page, "Taken over without asking")
        sent = {choice.name: choice.chosen for choice in shown.choices}
        self.client.post(where, sent | {"seen_survivor": shown.seen[0], "seen_absorbed": shown.seen[1]})
        one = rows.get()
        self.assertEqual((one.bio, one.lead_time, one.is_official), ("Allazzeh biography", 0, True))
        self.assertEqual(one.tv_note, self.one.tv_note)
        self.assertIsNone(one.contact_via)

    def test_two_portraits_with_the_same_words_are_asked_about(self):
        self.one.portrait, self.two.portrait = portrait(), portrait()
        (asked,) = [choice for choice in merging.preview_merge(self.one, self.two).choices if choice.name == "portrait"]
        self.assertNotEqual(asked.mine, asked.theirs)

    def test_the_card_that_the_other_is_reached_through_is_kept(self):
        through = cards.make_card("Ove Lind", by=self.sami)
        Expert.objects.filter(pk=self.one.pk).update(contact_via=self.two)
        Expert.objects.filter(pk=self.two.pk).update(contact_via=through)
        self.merge()
        self.assertEqual(Expert.objects.get(pk=self.one.pk).contact_via, through)

    def test_an_unknown_choice_is_refused_and_changes_nothing(self):
        for choices in ({"slug": "absorbed"}, {"bio": "nobody"}, {"password": "absorbed"}):
            with self.assertRaises(Refused):
                self.merge(choices=choices)
        self.assertFalse(MergeRecord.objects.exists())

    def test_only_the_source_desk_merges(self):
        for person in (self.rana, self.edith, self.max, self.cora, self.ada):
            with self.assertRaises(NotAllowed):
                self.merge(by=person)

    def test_a_merge_of_a_card_changed_meanwhile_is_refused(self):
        seen = self.one.version, self.two.version
        cards.record_change(self.two, "card", "Somebody was quicker", by=self.sami)
        before = self.everything()
        with self.assertRaises(Stale):
            merging.merge_cards(self.one, self.two, {}, by=self.sami, seen=seen)
        self.assertEqual(self.everything(), before)

    def test_writing_to_a_card_while_it_is_merged_is_refused(self):
        stale = Expert.objects.get(pk=self.two.pk)
        self.merge()
        with self.assertRaises(Refused), transaction.atomic():
            channels.add_channel(stale, kind="email", raw="new@sea.example", tier="staff", by=self.sami)
        self.assertFalse(Channel.objects.filter(normalized="new@sea.example").exists())

    def test_a_card_is_not_merged_with_itself_nor_twice(self):
        with self.assertRaises(WrongState):
            self.merge(self.one, self.one)
        self.merge()
        with self.assertRaises(WrongState):
            self.merge()

    def test_old_ids_lead_to_the_survivor_after_several_merges(self):
        third = full_card(self.sami, self.topic, word="Ghazzeh", number="+962790120000")
        self.merge()
        self.merge(third, self.one)
        self.assertEqual(
            Expert.objects.survivors_of([self.two.pk, self.one.pk]), {self.two.pk: third.pk, self.one.pk: third.pk}
        )

    def test_the_preview_takes_a_fixed_number_of_queries(self):
        self.told()
        one, two = Expert.objects.select_related("portrait", "contact_via").filter(pk__in=[self.one.pk, self.two.pk])
        # a count for each relation that moves, and the consents
        count = sum(relation.merge != relations.STAY for relation in relations.all_relations()) + 1
        with self.assertNumQueries(count):
            shown = merging.preview_merge(one, two)
        self.assertIn(("published quotations", 2, 2), shown.counts)
        self.assertIn("display_name", [choice.name for choice in shown.choices])
        for n in range(30):
            ContactLog.objects.create(expert=self.two, by=self.sami, at=NOON, outcome="reached", note=str(n))
        with self.assertNumQueries(count):
            merging.preview_merge(one, two)


class StoryTests(MergingTestCase):
    """What stories have of a card keeps working, whichever id their marks name."""

    def test_pages_and_the_old_address_lead_to_the_survivor(self):
        _, _, edition = self.told()
        self.merge()
        response = self.get(edition.path, at=NOON + 2 * HOUR)
        self.assertContains(response, f"/experts/{self.one.slug}/")
        self.assertNotContains(response, f"/experts/{self.two.slug}/")
        old = self.get(f"/experts/{self.two.slug}/", at=NOON + 2 * HOUR)
        self.assertRedirects(old, f"/experts/{self.one.slug}/", status_code=301, fetch_redirect_response=False)
        feed = self.get(f"/experts/{self.two.slug}/feed/", at=NOON + 2 * HOUR)
        self.assertRedirects(feed, f"/experts/{self.one.slug}/feed/", status_code=301, fetch_redirect_response=False)
        page = self.get(f"/experts/{self.one.slug}/", at=NOON + 2 * HOUR)
        for words in ("A rule is a rule", "And a port is a port", "Yes indeed", "No indeed"):
            self.assertContains(page, words)

    def test_a_draft_that_names_the_old_card_keeps_its_terms(self):
        article = self.make_article(body=mark(self.two, "On background only", "t1"))
        QuoteRecord.objects.filter(article=article).update(ground_rule="background", terms="no name")
        self.merge()
        article.refresh_from_db()
        article.headline = "Another headline"
        article.save()
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        row = QuoteRecord.objects.get(article=article)
        self.assertEqual((row.expert, row.ground_rule, row.terms), (self.one, "background", "no name"))
        self.assertEqual([a.expert for a in article.appearances.all()], [self.one])

    def test_an_older_revision_is_printed_under_the_survivor(self):
        article = self.make_article(body=mark(self.two, "A rule", "t1"), slug="before")
        article.refresh_from_db()
        self.merge()
        with clock.frozen(NOON):
            edition = gate.open_frozen(article, article.revisions.first(), gate.Plan(Kind.FIRST, self.max))
        self.assertEqual([q.expert for q in edition.quotes.all()], [self.one])
        self.assertContains(self.get(edition.path), f"/experts/{self.one.slug}/")

    def test_a_quote_bar_counts_for_marks_of_the_old_card(self):
        article = self.make_article(body=mark(self.two, "A rule", "t1"))
        Bar.objects.create(expert=self.one, kind="quote", reason="Fabricated.", since=dt.date(2020, 1, 1))
        self.merge()
        content = article.revisions.first().content
        codes = [finding.code for finding in checklist.findings_of(article, content)]
        self.assertIn("do not quote", codes)


class UndoTests(MergingTestCase):
    def test_undo_restores_both_row_for_row(self):
        self.told()
        Channel.objects.create(expert=self.two, kind="phone", raw="x", normalized="+962790123456", do_not_use=True)
        channels.add_channel(self.one, kind="mobile", raw="+962790123999", tier="restricted", by=self.sami)
        other = Expert.objects.create(display_name="An assistant", contact_via=self.two)
        self.two.topic_items.update(level=3)
        self.two.affiliations.filter(title="Judge").update(verified_on=dt.date(2026, 1, 1))
        Appearance.objects.filter(expert=self.two).update(affiliation=self.two.affiliations.get(title="Judge"))
        self.one.refresh_from_db()
        before = self.everything()
        record = self.merge(choices={"display_name": "absorbed", "portrait": "absorbed"})
        self.assertEqual(Expert.objects.get(pk=other.pk).contact_via, self.one)
        self.assertNotEqual(self.everything(), before)
        merge_undo.undo_merge(record, by=self.sami)
        after = self.everything()
        for model, rows in before.items():
            self.assertEqual(after[model], rows, model)

    def test_after_an_undo_later_rows_stay_and_later_bars_are_on_both(self):
        record = self.merge()
        ContactLog.objects.create(expert=self.one, by=self.sami, at=NOON, outcome="reached", note="Since then")
        Bar.objects.create(expert=self.one, kind="contact", reason="Asked us not to.", since=dt.date(2020, 1, 1))
        merge_undo.undo_merge(record, by=self.sami)
        self.assertEqual(self.one.log.filter(note="Since then").count(), 1)
        for pk in (self.one.pk, self.two.pk):
            self.assertTrue(Expert.objects.get(pk=pk).bar("contact"))

    def test_a_field_changed_since_stops_the_undo_by_name(self):
        record = self.merge(choices={"bio": "absorbed"})
        Expert.objects.filter(pk=self.one.pk).update(bio="Written anew")
        with self.assertRaisesRegex(WrongState, "“bio” of expert no"):
            merge_undo.undo_merge(record, by=self.sami)

    def test_an_unreadable_record_stops_the_undo(self):
        record = self.merge()
        MergeRecord.objects.update(sealed="sealed with a key of long ago")
        with self.assertRaisesMessage(WrongState, "no longer has the key"):
            merge_undo.undo_merge(record, by=self.sami)

    def test_consent_withdrawn_since_stops_the_undo(self):
        record = self.merge()
        PublicProfile.objects.filter(expert=self.one).update(status="withdrawn", scope="")
        with self.assertRaises(WrongState):
            merge_undo.undo_merge(record, by=self.sami)

    def test_the_last_merge_is_undone_first_and_each_once(self):
        third = full_card(self.sami, self.topic, word="Ghazzeh", number="+962790120000")
        first = self.merge()
        second = self.merge(third, self.one)
        with self.assertRaisesRegex(WrongState, "itself merged"):
            merge_undo.undo_merge(first, by=self.sami)
        merge_undo.undo_merge(second, by=self.sami)
        merge_undo.undo_merge(first, by=self.sami)
        with self.assertRaisesRegex(WrongState, "already"):
            merge_undo.undo_merge(first, by=self.sami)

    def test_only_the_source_desk_undoes_a_merge(self):
        record = self.merge()
        with self.assertRaises(NotAllowed):
            merge_undo.undo_merge(record, by=self.rana)

    def test_the_record_holds_no_detail_in_the_clear(self):
        record = self.merge()
        said = f"{record.sealed}{record.choices_made}{record.moved}"
        for word in ("zzeh", "96279", "Street"):
            self.assertNotIn(word, said)


class PulseTests(MergingTestCase):
    def test_a_merge_and_its_undo_renew_readers_pages(self):
        before = Pulse.objects.get_or_create(pk=1)[0].counter
        merge_undo.undo_merge(self.merge(), by=self.sami)
        self.assertGreaterEqual(Pulse.objects.get(pk=1).counter, before + 2)


@pytest.mark.slow
class ScaleTests(MergingTestCase):
    def test_two_cards_with_500_quotes_each_merge_within_two_seconds(self):
        editions = self.told()
        for expert in (self.one, self.two):
            Quote.objects.bulk_create(
                Quote(edition=editions[n % 3], expert=expert, uid=f"{expert.pk}-{n}", words=f"Words {n}",
                      ground_rule="on_record", place=n)
                for n in range(500)
            )  # fmt: skip
            ContactLog.objects.bulk_create(
                ContactLog(expert=expert, by=self.sami, at=NOON, outcome="reached") for _ in range(500)
            )
        began = time.perf_counter()
        record = self.merge()
        took = time.perf_counter() - began
        self.assertLess(took, 2, f"{took:.2f} s")
        self.assertEqual(self.one.quotes.count(), 1004)
        merge_undo.undo_merge(record, by=self.sami)
        self.assertEqual((self.one.quotes.count(), self.two.quotes.count()), (502, 502))
        print(f"merge of 2 × 500 quotes: {took:.3f} s")
