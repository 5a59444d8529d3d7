"""A kind of channel is one row of experts/channels.py: a made-up kind works in every place that reads kinds."""

from unittest import mock

from django.test import SimpleTestCase

from experts.actions import channels
from experts.channels import HANDLE, KINDS, Kind, desk_links, normalise, public_link
from experts.desk import card
from experts.files import exporting
from experts.files.importing import columns, values
from experts.files.vcard import reader, writer
from experts.models import Channel, Expert, PublicProfile
from newsroom import paper
from tests.base import DeskTestCase

PIGEON = Kind(
    "Carrier pigeon", HANDLE, (("https://{host}/@{name}", "Send"),), public="https://{host}/@{name}",
    headers=((r"loft", "work"),), services=("dove",), profile=r"(?P<host>[\w.]+)/@(?P<name>[\w.]+)", at_sign=True,
    tells_person=True,
)  # fmt: skip
HOME = "grey@loft.example"


@mock.patch.dict(KINDS, {"pigeon": PIGEON})
class AnotherKindTests(DeskTestCase):
    def setUp(self):
        super().setUp()
        self.card = Expert.objects.create(display_name="Ines Prochazka")
        self.page = f"/admin/experts/expert/{self.card.pk}"
        self.client.force_login(self.sami)

    def pigeon(self):
        return channels.add_channel(self.card, kind="pigeon", raw=f"@{HOME}", tier="public", by=self.sami)

    def test_a_form_takes_a_new_kind_and_the_card_links_it(self):
        url = f"{self.page}/part/channels/"
        self.assertContains(self.client.get(url), '<option value="pigeon">Carrier pigeon</option>', html=True)
        self.assertContains(self.client.get("/admin/experts/expert/add/"), ">Carrier pigeon</option>")
        data = {"kind": "pigeon", "raw": "https://loft.example/@Grey", "tier": "staff", "preference": 50}
        answer = self.client.post(url, data | {"seen": self.card.version})
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Channel.objects.get().normalized, HOME)
        page = self.client.get(f"{self.page}/change/")
        self.assertContains(page, "Carrier pigeon")
        self.assertContains(page, 'href="https://loft.example/@grey"')

    def test_a_log_entry_may_be_by_a_new_kind(self):
        data = {"log-outcome": "reached", "log-channel": "pigeon"}
        self.assertEqual(self.client.post(f"{self.page}/log/", data).status_code, 302)
        self.assertEqual(self.card.log.get().get_channel_display(), "Carrier pigeon")

    def test_an_import_reads_a_new_kind_by_its_headers(self):
        self.assertEqual(columns.guess_targets(["Name", "Loft", "Carrier pigeon"]), ["name", "pigeon/work", "pigeon"])
        self.assertIn(("pigeon/home", "Carrier pigeon (home)"), columns.target_choices())
        record = values.Reader(["Name", "Loft"], ["name", "pigeon/work"], {}, {}).read(1, ["Ines", f"@{HOME}"])
        self.assertEqual(record.channels, [("pigeon", "work", f"@{HOME}", HOME, "staff")])
        self.assertEqual(record.errors, [])

    def test_an_export_and_its_import_keep_a_new_kind(self):
        self.pigeon()
        header, rows = exporting.export_table(
            list(exporting.cards_to_export(Expert.objects.filter(pk=self.card.pk), tier=3))
        )
        self.assertEqual(dict(zip(header, rows[0], strict=True))["Carrier pigeon"], f"@{HOME}")
        self.assertEqual(columns.guess_targets(header)[header.index("Carrier pigeon")], "pigeon")

    def test_a_vcard_writes_and_reads_a_new_kind(self):
        shown = {"name": "Ines", "channels": [{"kind": "pigeon", "value": HOME}]}
        for version, line in (("3.0", "X-SOCIALPROFILE;TYPE=pigeon:"), ("4.0", "SOCIALPROFILE;SERVICE-TYPE=pigeon;")):
            text = writer.write_card(shown, version)
            self.assertIn(line, text)
            for sent in (text, text.replace("=pigeon", "=dove")):
                (read,) = reader.read_cards(sent.encode()).cards
                self.assertEqual([(c["kind"], c["value"]) for c in read["channels"]], [("pigeon", HOME)])

    def test_readers_get_a_link_to_a_new_kind(self):
        self.pigeon()
        PublicProfile.objects.create(expert=self.card, status=PublicProfile.GRANTED, scope=",channels,",
                                     granted_on=paper.today(), evidence="By e-mail")  # fmt: skip
        page = self.client.get(self.card.get_absolute_url())
        self.assertContains(page, 'href="https://loft.example/@grey"')

    def test_the_model_takes_a_new_kind(self):
        Channel(expert=self.card, kind="pigeon", raw=HOME, normalized=HOME).full_clean()
        row = {"kind": "pigeon", "normalized": HOME, "restricted": False, "do_not_use": False}
        self.assertEqual(card.with_contact_links(row)["links"], [("https://loft.example/@grey", "Send")])


class TableTests(SimpleTestCase):
    def test_every_kind_fits_its_column(self):
        longest = Channel._meta.get_field("kind").max_length
        self.assertEqual([name for name in KINDS if len(name) > longest], [])

    def test_each_kind_links_as_the_desk_knows_it(self):
        for kind, raw, links in (
            ("mobile", "+44 7700 900123", [("tel:+447700900123", "Call"), ("sms:+447700900123", "Text")]),
            ("phone", "+44 20 7946 0001 ext. 5", [("tel:+442079460001;ext=5", "Call")]),
            ("email", "A@example.org", [("mailto:a@example.org", "Write")]),
            ("signal", "+44 7700 900123", [("https://signal.me/#p/+447700900123", "Signal")]),
            ("signal", "mona.01", []),
            ("whatsapp", "+44 7700 900123", [("https://wa.me/447700900123", "WhatsApp")]),
            ("whatsapp", "mona", []),
            ("telegram", "+44 7700 900123", [("https://t.me/+447700900123", "Telegram")]),
            ("telegram", "@Mona", [("https://t.me/mona", "Telegram")]),
            ("x", "https://twitter.com/Mona", [("https://x.com/mona", "Open")]),
            ("bluesky", "@mona.example", [("https://bsky.app/profile/mona.example", "Open")]),
            ("web", "Example.org/a/", [("https://example.org/a", "Open")]),
            ("postal", "1 High Street", []),
        ):  # fmt: skip
            self.assertEqual(desk_links(kind, normalise(kind, raw)[0]), links, (kind, raw))

    def test_public_links_lead_only_to_web_mail_or_telephone(self):
        self.assertEqual(public_link("web", "javascript:alert(1)"), "")
        self.assertEqual(public_link("signal", "mona.01"), "")
        self.assertEqual(public_link("fax", "+442079460001"), "")
        self.assertEqual(public_link("telegram", "mona"), "https://t.me/mona")
