"""Channels: normalised, stored by tier, tried, logged, sealed and opened on record."""

from django.test import override_settings

from experts import sealing
from experts.actions import bars, cards, channels, log
from experts.channels import guess_kind, normalise
from experts.models import AccessLog, Bar, Channel, Expert, PrivateChannel, PrivateNote
from experts.models.channel import channel_digest, default_tier
from newsroom import paper
from newsroom.errors import NotAllowed, Refused
from tests.base import DeskTestCase


class NormaliseTests(DeskTestCase):
    def test_numbers_and_addresses_are_normalised(self):
        for kind, raw, country, reads in (
            ("phone", "+44 (0)20 7946 0000", "", "+442079460000"),
            ("mobile", "٠٧٩٠١٢٣٤٥٦", "JO", "+962790123456"),
            ("mobile", "\u202a+962 7 9012 3456\u202c", "", "+962790123456"),
            ("phone", "0044 20 7946 0000", "", "+442079460000"),
            ("phone", "tel:+442079460000", "", "+442079460000"),
            ("phone", "+44 20 7946 0000 ext. 55", "", "+442079460000;ext=55"),
            ("signal", "+44 7700 900123", "", "+447700900123"),
            ("signal", "@Mona.42", "", "mona.42"),
            ("email", " Mona@Bücher.Example ", "", "mona@xn--bcher-kva.example"),
            ("email", "mailto:a@b.example", "", "a@b.example"),
            ("x", "https://x.com/Mona/", "", "mona"),
            ("bluesky", "https://bsky.app/profile/mona.example", "", "mona.example"),
            ("web", "Fjord.Example/People/", "", "https://fjord.example/People"),
            ("postal", "1 Quay\n  Aldmere", "", "1 quay aldmere"),
        ):
            self.assertEqual(normalise(kind, raw, country), (reads, ""), raw)

    def test_an_error_does_not_repeat_the_value(self):
        for kind, raw, country in (
            ("phone", "", ""), ("phone", "079 555", ""), ("phone", "+999 1", ""), ("phone", "+44 12", ""),
            ("phone", "nobody", "GB"), ("phone", "1" * 400, ""), ("phone", "+44\x0020 7946 0000", ""),
            ("email", "postmaster", ""), ("email", "a b@c.example", ""), ("email", "@c.example", ""),
            ("email", "a@" + "x" * 80 + ".example", ""), ("email", "a@-", ""), ("web", "no host", ""), ("x", "@", ""),
        ):  # fmt: skip
            normalized, error = normalise(kind, raw, country)
            self.assertEqual(normalized, "", raw)
            self.assertTrue(error, raw)
            self.assertFalse(raw and len(raw) > 2 and raw in error, error)

    def test_one_number_has_one_hash(self):
        number = "+447700900123"
        self.assertEqual(channel_digest("mobile", number), channel_digest("signal", number))
        self.assertNotEqual(channel_digest("signal", "mona"), channel_digest("telegram", "mona"))

    def test_a_private_channel_is_restricted_by_default(self):
        self.assertEqual(default_tier("home"), "restricted")
        self.assertEqual(default_tier("work"), "staff")

    def test_the_kind_of_a_channel_is_guessed(self):
        for raw, kind in (("a@b.example", "email"), ("@mona", "x"), ("www.b.example", "web"), ("+44 20", "phone")):
            self.assertEqual(guess_kind(raw), kind)


class ChannelTests(DeskTestCase):
    def add(self, raw="+44 20 7946 0001", tier="staff", kind="phone", by=None, **fields):
        return channels.add_channel(self.expert, kind=kind, raw=raw, tier=tier, by=by or self.sami, **fields)

    def test_a_channel_is_stored_by_its_tier(self):
        self.assertEqual(self.add().visibility, "staff")
        self.assertEqual(self.add("+44 20 7946 0002", "public").visibility, "public")
        sealed = self.add("+44 20 7946 0003", "restricted")
        self.assertIsInstance(sealed, PrivateChannel)
        self.assertNotIn("7946", sealed.sealed)
        self.assertEqual(sealed.opened(), "+44 20 7946 0003")
        self.expert.refresh_from_db()
        self.assertEqual(self.expert.version, 3)
        self.assertFalse(self.expert.changes.filter(what__contains="7946").exists())

    def test_a_card_has_a_number_once_in_any_spelling_and_tier(self):
        self.add()
        self.add("+44 20 7946 0002", "restricted")
        for raw in ("0044 20 79460001", "+44 20 7946 0002"):
            for tier in ("staff", "restricted", "public"):
                with self.assertRaises(Refused):
                    self.add(raw, tier)

    def test_who_may_add_a_channel(self):
        for user in (self.rana, self.max, self.cora, self.leo, self.mona):
            with self.assertRaises(NotAllowed):
                self.add(by=user)
        made = cards.make_card("New Card", by=self.rana)
        channels.add_channel(made, kind="phone", raw="+442079460001", tier="staff", by=self.rana)
        with self.assertRaises(NotAllowed):
            channels.add_channel(made, kind="phone", raw="+442079460002", tier="staff", by=self.rana)

    def test_the_maker_of_a_card_adds_one_channel_in_any_tier(self):
        for first in ("staff", "public", "restricted"):
            made = cards.make_card(f"New Card {first}", by=self.rana)
            channels.add_channel(made, kind="phone", raw="+442079460001", tier=first, by=self.rana)
            for second in ("staff", "public", "restricted"):
                with self.assertRaises(NotAllowed):
                    channels.add_channel(made, kind="phone", raw="+442079460002", tier=second, by=self.rana)
            channels.add_channel(made, kind="phone", raw="+442079460002", tier="staff", by=self.sami)

    def test_a_channel_moves_between_tiers(self):
        row = channels.change_channel(self.add(hours_note="Mornings"), by=self.sami, tier="restricted")
        self.assertIsInstance(row, PrivateChannel)
        self.assertEqual((row.hours_note, row.opened()), ("Mornings", "+44 20 7946 0001"))
        self.assertFalse(Channel.objects.exists())
        with self.assertRaises(Refused):  # nobody opens it on the way out
            channels.change_channel(row, by=self.sami, tier="staff")
        row = channels.change_channel(row, by=self.sami, tier="public", raw="+44 20 7946 0001")
        self.assertEqual((row.visibility, PrivateChannel.objects.count()), ("public", 0))

    def test_hours_and_origin_of_a_restricted_channel_are_sealed(self):
        hours, origin = "After the evening prayer", "From her brother"
        card = cards.make_card("Ida Hidden", by=None, country="JO")
        row = channels.add_channel(card, kind="mobile", raw="+962790123777", tier="staff", by=self.sami,
                                   hours_note=hours, source=origin)  # fmt: skip
        row = channels.change_channel(row, by=self.sami, tier="restricted")
        columns = str(PrivateChannel.objects.filter(pk=row.pk).values().get())
        for words in (hours, origin):
            self.assertNotIn(words, columns)
        row = PrivateChannel.objects.get(pk=row.pk)
        self.assertEqual((row.hours_note, row.source), (hours, origin))
        row = channels.change_channel(row, by=self.sami, hours_note="", source="From a friend")
        row = PrivateChannel.objects.get(pk=row.pk)
        self.assertEqual((row.hours_note, row.source), (hours, "From a friend"))
        row = channels.change_channel(row, by=self.sami, tier="staff", raw="+962790123777", source="The press office")
        self.assertEqual((row.hours_note, row.source), ("", "The press office"))

    def test_a_channel_is_changed_in_its_tier(self):
        row = channels.change_channel(self.add(), by=self.sami, raw="+44 20 7946 0009", preference=1)
        self.assertEqual((row.normalized, row.preference), ("+442079460009", 1))
        sealed = channels.change_channel(self.add(tier="restricted"), by=self.sami, hours_note="Nights")
        self.assertEqual(sealed.opened(), "+44 20 7946 0001")
        with self.assertRaises(Refused):
            channels.change_channel(row, by=self.sami, raw="+44 20 7946 0001")

    def test_a_result_changes_that_channel_only(self):
        first, second = self.add(), self.add("+44 20 7946 0002")
        version = Expert.objects.get(pk=self.expert.pk).version
        channels.note_result(first, "works", self.rana)
        first.refresh_from_db(), second.refresh_from_db()
        self.assertEqual((first.verify_result, first.verified_on, first.verified_by),
                         ("works", paper.today(), self.rana))  # fmt: skip
        self.assertEqual((second.verify_result, second.verified_on), ("", None))
        self.assertEqual(Expert.objects.get(pk=self.expert.pk).version, version)
        for result in ("", "maybe"):
            with self.assertRaises(Refused):
                channels.note_result(first, result, self.rana)
        for user in (self.cora, self.leo):
            with self.assertRaises(NotAllowed):
                channels.note_result(first, "works", user)
        with self.assertRaises(NotAllowed):
            channels.note_result(self.add("+44 20 7946 0003", "restricted"), "works", self.rana)


class LogTests(DeskTestCase):
    def test_an_entry_is_logged(self):
        entry = log.add_entry(
            self.expert, by=self.rana, outcome="reached", note="Will call back", ground_rule="background"
        )
        self.assertEqual((entry.by, entry.note), (self.rana, "Will call back"))
        for user in (self.cora, self.leo, self.mona):
            with self.assertRaises(NotAllowed):
                log.add_entry(self.expert, by=user, outcome="reached")

    def test_calling_somebody_barred_needs_a_reason(self):
        bars.set_bar(self.expert, by=self.sami, kind=Bar.CONTACT, reason="Asked us to stop")
        for override in ("", "too short"):
            with self.assertRaises(Refused):
                log.add_entry(self.expert, by=self.rana, outcome="reached", override=override)
        entry = log.add_entry(self.expert, by=self.rana, outcome="reached", override="The editor asked for a reply")
        self.assertEqual(entry.override, "The editor asked for a reply")
        log.add_entry(self.expert, by=self.rana, outcome="reached", incoming=True)

    def test_a_bar_on_one_topic_stops_no_call(self):
        bars.set_bar(self.expert, by=self.sami, kind=Bar.CONTACT, reason="Not on this", topic=self.topic)
        log.add_entry(self.expert, by=self.rana, outcome="reached")

    def test_a_restricted_note_is_sealed(self):
        entry = log.add_entry(self.expert, by=self.sami, outcome="reached", private_note="Her husband is ill")
        note = entry.private_notes.get()
        self.assertNotIn("husband", note.sealed)
        self.assertEqual(note.opened(), "Her husband is ill")
        with self.assertRaises(NotAllowed):
            log.add_entry(self.expert, by=self.rana, outcome="reached", private_note="Secret")


class UnsealTests(DeskTestCase):
    def setUp(self):
        self.row = channels.add_channel(
            self.expert, kind="mobile", raw="+44 7700 900123", tier="restricted", by=self.sami
        )  # fmt: skip

    def test_opening_a_detail_is_on_record(self):
        value = log.unseal_detail(self.row, by=self.max, why="Breaking story, the minister resigned")
        self.assertEqual(value, "+44 7700 900123")
        access = AccessLog.objects.get()
        self.assertEqual((access.by, access.expert, access.what), (self.max, self.expert, "Mobile, restricted"))

    def test_a_detail_is_not_opened_without_a_reason(self):
        for why in ("", "   ", "x", "y" * 301, None):
            with self.assertRaises(Refused):
                log.unseal_detail(self.row, by=self.sami, why=why)
        self.assertFalse(AccessLog.objects.exists())

    def test_below_the_restricted_tier_nobody_opens_a_detail(self):
        for user in (self.rana, self.edith, self.dana, self.cora, self.leo, self.mona, self.ada, None):
            with self.assertRaises(NotAllowed):
                log.unseal_detail(self.row, by=user, why="I need this now")

    @override_settings(FIELD_KEYS=["new key", "another"])
    def test_an_unreadable_detail_is_not_on_record_as_opened(self):
        with self.assertRaises(sealing.Unreadable):
            log.unseal_detail(self.row, by=self.sami, why="Breaking story")
        self.assertFalse(AccessLog.objects.exists())

    def test_a_restricted_note_is_added_and_deleted(self):
        note = log.add_note(self.expert, "Lives abroad", by=self.sami)
        self.assertEqual(log.unseal_detail(note, by=self.sami, why="Breaking story"), "Lives abroad")
        with self.assertRaises(NotAllowed):
            log.add_note(self.expert, "x", by=self.max)
        log.remove_note(note, by=self.sami)
        self.assertFalse(PrivateNote.objects.exists())
