"""The page of a card, editing its parts, its roles, and making a card with lookalikes shown."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import State
from experts.actions import bars, cards, channels, jobs, log
from experts.files.importing import batches
from experts.models import Bar, Expert, Organisation, OrganisationName
from newsroom import languages, paper
from tests.base import DeskTestCase


class CardAsking:
    """Asks for the pages of a card as somebody."""

    def setUp(self):
        self.card = cards.make_card("Mona Larsen", by=None, title="Analyst", organisation="Fjord Institute")

    def where(self, name, *args, **query):
        address = reverse(f"admin:experts_expert_{name}", args=args)
        return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")

    def look(self, user, name="change", *args, **query):
        self.client.force_login(user)
        return self.client.get(self.where(name, *(args or (self.card.pk,)), **query))

    def part(self, user, part, query=None, seen=None, **data):
        """Send a part's form as the page of it would."""
        self.client.force_login(user)
        self.card.refresh_from_db()
        where = self.where("part", self.card.pk, part, **(query or {}))
        return self.client.post(where, {"seen": self.card.version if seen is None else seen} | data)

    def rows(self, prefix, *rows, initial=0):
        """What a browser sends of a table of rows."""
        data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
        return data | {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


class CardTestCase(CardAsking, DeskTestCase):
    """A test with the cast in place and a card of its own."""


class ReadTests(CardTestCase):
    def test_a_card_is_a_page_to_look_at(self):
        self.card.native_name, self.card.native_language, self.card.time_zone = "منى", "ar", "Asia/Amman"
        self.card.pronunciation = "MO-na"
        self.card.save()
        page = self.look(self.rana)
        for words in ("Mona Larsen", 'lang="ar"', 'dir="auto"', "MO-na", "Analyst, Fjord Institute", "there now",
                      "Never verified", "No open number or address yet"):  # fmt: skip
            self.assertContains(page, words)
        self.assertNotContains(page, "data-edit=")

    def test_a_channel_has_links_that_call_or_write(self):
        for kind, raw in (("mobile", "+44 7700 900123"), ("email", "Mona@Fjord.example"), ("signal", "+447700900124"),
                          ("whatsapp", "+44 7700 900125")):  # fmt: skip
            channels.add_channel(self.card, kind=kind, raw=raw, tier="staff", by=self.sami)
        page = self.look(self.rana)
        for href in ("tel:+447700900123", "sms:+447700900123", "mailto:mona@fjord.example",
                     "https://signal.me/#p/+447700900124", "https://wa.me/447700900125"):  # fmt: skip
            self.assertContains(page, f'href="{href}"')

    def test_a_bar_is_shown_and_removes_the_links(self):
        channels.add_channel(self.card, kind="phone", raw="+44 20 7946 0001", tier="staff", by=self.sami)
        bars.set_bar(self.card, by=self.sami, kind=Bar.CONTACT, reason="Asked us to stop")
        page = self.look(self.rana)
        self.assertContains(page, "Asked us to stop")
        self.assertNotContains(page, "tel:")

    def test_a_card_lists_its_quotes(self):
        self.make_article(state=State.PUBLISHED, body=f'<p><q data-expert="{self.card.pk}">Nobody signed it</q></p>')
        self.assertContains(self.look(self.cora), "Nobody signed it")

    def test_a_merged_card_redirects_to_its_survivor(self):
        Expert.objects.filter(pk=self.card.pk).update(merged_into=self.expert)
        page = self.look(self.sami)
        self.assertRedirects(page, self.where("change", self.expert.pk))
        self.assertEqual(self.part(self.sami, "names", display_name="X").status_code, 302)
        self.assertNotContains(self.client.get(self.where("changelist")), "Mona Larsen")

    def test_a_removed_card_answers_404(self):
        Expert.objects.filter(pk=self.card.pk).update(removed_at=timezone.now())
        for name in ("change", "history", "log"):
            self.assertEqual(self.look(self.sami, name).status_code, 404)
        self.assertEqual(self.look(self.sami, "part", self.card.pk, "names").status_code, 404)

    def test_an_unknown_card_answers_404(self):
        self.client.force_login(self.sami)
        for end in ("x/change/", "99999999999999999999999/change/", "x/history/", f"{self.card.pk}/part/nothing/"):
            self.assertEqual(self.client.get(f"/admin/experts/expert/{end}").status_code, 404, end)
        self.client.force_login(self.mona)
        self.assertEqual(self.client.get("/admin/experts/expert/x/change/").status_code, 403)

    def test_the_page_has_a_fixed_number_of_queries(self):
        def asked():
            with CaptureQueriesContext(connection) as queries:
                self.look(self.max)
            return len(queries)

        log.add_entry(self.card, by=self.sami, outcome="reached", private_note="spoke")
        asked()  # what is looked up once and kept
        before = asked()
        for n in range(6):
            channels.add_channel(self.card, kind="phone", raw=f"+44 20 7946 00{n:02}", tier="staff", by=self.sami)
            channels.add_channel(self.card, kind="phone", raw=f"+44 20 7946 01{n:02}", tier="restricted", by=self.sami)
            log.add_entry(self.card, by=self.rana, outcome="reached", note="spoke")
            log.add_entry(self.card, by=self.sami, outcome="reached", private_note="spoke")
            jobs.add_role(self.card, by=self.sami, title=f"Role {n}", organisation=f"House {n}")
        self.assertEqual(asked(), before)


class PartTests(CardTestCase):
    names = {"display_name": "Mona Larsen", "kind": "person"}

    def test_the_form_of_every_part_opens(self):
        channels.add_channel(self.card, kind="phone", raw="+44 20 7946 0001", tier="staff", by=self.sami)
        for part in ("names", "about", "standing", "roles", "channels", "notes", "readiness", "topics", "disclosures",
                     "identifiers", "bars", "verification"):  # fmt: skip
            page = self.look(self.sami, "part", self.card.pk, part)
            self.assertContains(page, 'name="seen"', msg_prefix=part)

    def test_names_and_variants_are_saved(self):
        sent = self.rows("variants", {"text": "Mouna Larsen", "kind": "misspelling", "language": ""})
        answer = self.part(self.sami, "names", **self.names | {"native_name": "منى", "native_language": "AR"}, **sent)
        self.assertRedirects(answer, self.where("change", self.card.pk) + "#names", fetch_redirect_response=False)
        self.card.refresh_from_db()
        self.assertEqual((self.card.native_language, self.card.variants.get().text), ("ar", "Mouna Larsen"))
        self.assertIn("mouna", self.card.search_key)
        self.assertIn("Names:", self.card.changes.first().what)

    def test_only_the_source_desk_edits_a_part(self):
        for user in (self.rana, self.edith, self.max, self.cora, self.leo, self.mona):
            self.assertEqual(self.part(user, "names", **self.names, **self.rows("variants")).status_code, 403)
            self.assertEqual(self.look(user, "part", self.card.pk, "names").status_code, 403)

    def test_a_stale_form_is_refused_and_keeps_what_was_typed(self):
        seen = self.card.version
        jobs.add_role(self.card, by=self.sami, title="Chair")
        sent = self.names | {"pronunciation": "MOH-na"}
        answer = self.part(self.sami, "names", seen=seen, **sent, **self.rows("variants"))
        self.assertContains(answer, "MOH-na", status_code=409)
        self.assertContains(answer, "Added: Chair", status_code=409)
        self.card.refresh_from_db()
        self.assertEqual(self.card.pronunciation, "")
        self.assertContains(answer, f'name="seen" value="{self.card.version}"', status_code=409)
        self.assertEqual(self.part(self.sami, "names", **sent, **self.rows("variants")).status_code, 302)

    def test_a_stale_form_lists_all_lines_of_a_later_import_only(self):
        orcid = "0000-0002-1825-0097"
        for scheme in ("names", "identifiers"):
            self.part(self.sami, scheme, **self.names, **self.rows("variants"), **self.rows(
                "identifiers", {"scheme": "orcid", "value": orcid}))  # fmt: skip
        seen = Expert.objects.get(pk=self.card.pk).version
        data = f"Name,ORCID,City,Phone\nMona Larsen,{orcid},Hull,+442079460001".encode()
        batches.commit(batches.take_in(data, "list.csv", by=self.sami), by=self.sami)
        answer = self.part(self.sami, "names", seen=seen, **self.names, **self.rows("variants"))
        for words in ("added: city", "added: Phone"):
            self.assertContains(answer, words, status_code=409)
        self.assertNotContains(answer, "Identifiers:", status_code=409)

    def test_a_form_without_a_version_counts_as_stale(self):
        for seen in ("", "x", "99999"):
            answer = self.part(self.sami, "names", seen=seen, **self.names, **self.rows("variants"))
            self.assertEqual(answer.status_code, 409)

    def test_a_part_shows_bad_input_beside_its_field(self):
        for part, sent, words in (
            ("names", {"display_name": "", **self.rows("variants")}, "required"),
            ("names", {"display_name": "A\x07b", "kind": "person", **self.rows("variants")}, "control character"),
            ("names", {**self.names, "native_language": "elvish", **self.rows("variants")}, "its code"),
            ("names", {**self.names, "variants-TOTAL_FORMS": "many"}, "ManagementForm"),
            ("names", {**self.names, **self.rows("variants", {"text": "Mö", "kind": "alias"},
                                                 {"text": "Mo", "kind": "alias"})}, "spelled the same"),
            ("names", {**self.names, **self.rows("variants", {"id": "x", "text": "A", "kind": "alias"},
                                                 initial=1)}, ""),
            ("names", {**self.names, **self.rows("variants", {"id": "9" * 30, "text": "A", "kind": "alias"},
                                                 initial=1)}, ""),
            ("standing", {"status": "active", "review_due": "soon", "legal_basis": "consent"}, "valid date"),
            ("standing", {"status": "active", "review_due": "2030-01-01", "legal_basis": "consent",
                          "contact_name": "Nobody Here"}, "No card has that name"),
            ("standing", {"status": "active", "review_due": "2030-01-01", "legal_basis": "consent",
                          "deceased_on": "2020-01-01"}, "deceased"),
            ("roles", {"title": "Chair", "start": "spring"}, "2021-03"),
            ("roles", {"title": "Chair", "start": "2021", "end": "2019"}, "before it begins"),
            ("channels", {"kind": "phone", "raw": "12", "preference": "50"}, "country"),
            ("channels", {"kind": "email", "raw": "nobody", "preference": "50"}, "no e-mail address"),
            ("channels", {"kind": "pigeon", "raw": "x", "preference": "1000"}, "Select a valid choice"),
            ("bars", {"kind": "contact", "reason": ""}, "required"),
            ("bars", {"kind": "contact", "reason": "x", "on_topic": "Nothing"}, "No such topic"),
            ("bars", {"kind": "contact", "reason": "x", "until": "2001-01-01"}, "over"),
            ("verification", {"method": "met", "outcome": "confirmed", "on": "2999-01-01"}, "once it was made"),
            ("identifiers", self.rows("identifiers", {"scheme": "orcid", "value": "0000-0002-1825-0098"}), "slip"),
            ("topics", self.rows("topics", {"name": "Nothing at all", "level": "2"}), "No such topic"),
            ("topics", self.rows("topics", {"name": "shipping", "level": "2"}, {"name": "Shipping", "level": "1"}),
             "already"),
            ("readiness", {"time_zone": "Asia/Nowhere", **self.rows("languages"), **self.rows("windows"),
                           **self.rows("days-off")}, "No such zone"),
            ("readiness", {"lead_time": "99999999999999", **self.rows("languages"), **self.rows("windows"),
                           **self.rows("days-off")}, "1440"),
            ("readiness", {**self.rows("languages", {"tag": "ar", "level": "3"}, {"tag": "ar", "level": "2"}),
                           **self.rows("windows"), **self.rows("days-off")}, "duplicate"),
            ("readiness", {**self.rows("languages"), **self.rows("windows"),
                           **self.rows("days-off", {"first": "2026-05-02", "last": "2026-05-01"})}, "before it begins"),
            ("disclosures", self.rows("disclosures", {"kind": "funder", "print_text": "", "counterpart": "Oil"}),
             "required"),
        ):  # fmt: skip
            with self.subTest(f"{part}: {words}"):
                self.assertContains(self.part(self.sami, part, **sent), words, status_code=400)

    def test_readiness_topics_disclosures_and_ids_are_saved(self):
        self.part(
            self.sami, "readiness", formats=["live", "phone"], time_zone="Asia/Amman", country="jo", city="Amman",
            **self.rows("languages", {"tag": "AR_jo", "level": "4", "on_air": "on"}, {"tag": "", "level": "3"}),
            **self.rows("windows", {"weekday": "0", "start": "22:00", "end": "02:00", "formats": ["live"]},
                        {"weekday": "1"}),
            **self.rows("days-off", {"first": "2027-05-01", "last": "2027-05-03"}),
        )  # fmt: skip
        self.part(self.sami, "topics", **self.rows("topics", {"name": "shipping", "level": "3"}, {"level": "2"}))
        self.part(self.sami, "disclosures", **self.rows("disclosures", {
            "kind": "funder", "print_text": "Her chair is paid by a shipping line.", "must_print": "on",
            "on_topics": "Shipping"}))  # fmt: skip
        self.part(self.sami, "identifiers", **self.rows("identifiers", {
            "scheme": "orcid", "value": "https://orcid.org/0000-0002-1825-0097"}))  # fmt: skip
        self.card.refresh_from_db()
        self.assertEqual((self.card.formats, self.card.country), (["phone", "live"], "JO"))
        form = self.look(self.sami, "part", self.card.pk, "readiness")
        self.assertContains(form, '<option value="JO" selected>Jordan</option>', html=True)
        self.assertEqual(self.card.languages.get().tag, "ar-JO")
        self.assertEqual(self.card.windows.get().formats, ["live"])
        self.assertEqual(self.card.topic_items.get().level, 3)
        self.assertEqual(list(self.card.disclosures.get().topics.all()), [self.topic])
        self.assertEqual(self.card.external_ids.get().value, "0000-0002-1825-0097")
        page = self.look(self.rana)
        for words in ("Arabic (ar-JO)", "Phone, radio, Live", "Monday 22:00", "Shipping", "Must be printed",
                      "paid by a shipping line", "0000-0002-1825-0097"):  # fmt: skip
            self.assertContains(page, words)

    def test_a_language_is_typed_by_name_or_code_and_shown_by_name(self):
        for typed in ("Arabic", "العربية", "AR", "Arabic (ar)"):
            variants = self.rows("variants", {"text": "Mouna", "kind": "alias", "language": "french"})
            self.part(self.sami, "names", **self.names | {"native_language": typed}, **variants)
            self.card.refresh_from_db()
            self.assertEqual((self.card.native_language, self.card.variants.get().language), ("ar", "fr"), typed)
            self.card.variants.all().delete()
        rest = self.rows("windows") | self.rows("days-off")
        rows = self.rows("languages", {"tag": "Arabic (ar-JO)", "level": "4"}, {"tag": "hebrew", "level": "2"})
        self.part(self.sami, "readiness", **rows, **rest)
        self.assertEqual([row.tag for row in self.card.languages.all()], ["ar-JO", "he"])
        page = self.look(self.sami, "part", self.card.pk, "readiness")
        for words in ('value="Arabic (ar-JO)"', 'value="Hebrew"', '<option value="Swahili">sw</option>'):
            self.assertContains(page, words)
        self.assertContains(self.look(self.sami, "part", self.card.pk, "names"), 'value="Arabic"')

    def test_an_imported_dialect_survives_saving_its_part(self):
        rest = self.rows("windows") | self.rows("days-off")
        brought = ["ca-valencia", "de-1996", "ar-arb", "zh-min-nan"]
        batch = batches.take_in(f"Name,Languages\nMouna Qasim,{'; '.join(brought)}".encode(), "a.csv", by=self.sami)
        batches.commit(batch, by=self.sami)
        spoken = Expert.objects.get(display_name="Mouna Qasim").languages
        self.assertCountEqual(spoken.values_list("tag", flat=True), brought)
        shown = [{"tag": languages.name_and_tag(tag), "level": "3"} for tag in brought]
        self.assertEqual(self.part(self.sami, "readiness", **self.rows("languages", *shown), **rest).status_code, 302)
        self.assertCountEqual(self.card.languages.values_list("tag", flat=True), brought)
        self.assertContains(self.client.get(self.where("finder", language="ca-valencia")), self.card.display_name)
        long = self.rows("languages", {"tag": "ca-valencia-valencia-x", "level": "3"})
        self.assertContains(self.part(self.sami, "readiness", **long, **rest), "No such language", status_code=400)

    def test_organisations_are_offered_and_new_ones_are_made(self):
        Organisation.objects.create(name="Orle University", native_name="جامعة أورل")
        option = '<option value="Orle University">جامعة أورل</option>'
        pages = [self.look(self.sami, "part", self.card.pk, part) for part in ("roles", "disclosures")]
        pages.append(
            self.look(self.sami, "part", self.card.pk, "roles", do="changed", id=self.card.affiliations.get().pk)
        )
        for page in [*pages, self.client.get(self.where("add"))]:
            self.assertContains(page, option, html=True)
            self.assertContains(page, 'list="organisations"')
        self.part(self.sami, "roles", title="Chair", organisation="orle university")
        self.part(self.sami, "roles", title="Fellow", organisation="New Place")
        self.assertEqual(self.card.affiliations.get(title="Chair").organisation.name, "Orle University")
        self.assertEqual(self.card.affiliations.get(title="Fellow").organisation.name, "New Place")

    def test_an_organisation_that_reads_like_another_is_asked_about(self):
        known = Organisation.objects.create(name="Orle University")
        OrganisationName.objects.create(organisation=known, text="Universität Orle")
        self.client.force_login(self.sami)
        typed = {"display_name": "Ida Zorn", "title": "reader", "organisation": "Orle Univercity"}
        role, gone = {"title": "reader", "organisation": "Orle Univercity", "kind": ""}, []
        for send in (
            lambda **more: self.client.post(self.where("add"), typed | more),
            lambda **more: self.part(self.sami, "roles", **role, **more),
        ):
            page = send()
            self.assertContains(page, "There is “<bdi>Orle University</bdi>” already", status_code=400)
            self.assertContains(page, "Orle Univercity", status_code=400)
            self.assertFalse(Organisation.objects.filter(name="Orle Univercity").exists())
            self.assertEqual(send(another_organisation="something else").status_code, 400)
            self.assertEqual(send(another_organisation="orle univercity").status_code, 302)
            Organisation.objects.filter(name="Orle Univercity").update(name="Gone", folded=f"gone {len(gone)}")
            gone.append("Orle Univercity")
        for name in ("ORLE  university", "Universitat Orle", "Orle College"):
            self.assertEqual(self.part(self.sami, "roles", **role | {"organisation": name}).status_code, 302, name)
        self.assertEqual(Organisation.objects.filter(name__icontains="orle").count(), 2)

    def test_organisations_with_most_roles_are_offered_first(self):
        Organisation.objects.create(name="Aldmere Archive")  # in nobody's role, and first by its name
        page = self.look(self.sami, "part", self.card.pk, "roles").content.decode()
        self.assertLess(page.index('value="Fjord Institute"'), page.index('value="Aldmere Archive"'))

    def test_two_languages_in_one_field_are_refused(self):
        rows = self.rows("languages", {"tag": "French (ar-JO)", "level": "4"})
        sent = rows | self.rows("windows") | self.rows("days-off")
        self.assertContains(self.part(self.sami, "readiness", **sent), "two languages", status_code=400)
        self.assertFalse(self.card.languages.exists())

    def test_topics_keep_their_levels_and_go_when_removed(self):
        self.part(self.sami, "topics", **self.rows("topics", {"name": "Shipping", "level": "3"}))
        item = self.card.topic_items.get()
        rows = self.rows("topics", {"id": item.pk, "name": "Shipping", "level": "1"}, initial=1)
        self.part(self.sami, "topics", **rows)
        self.assertEqual(self.card.topic_items.get().level, 1)
        self.part(self.sami, "topics", **rows, **{"topics-0-DELETE": "on"})
        self.assertFalse(self.card.topic_items.exists())

    def test_rows_of_another_card_cannot_be_edited_by_their_ids(self):
        other = cards.make_card("Other Person", by=None, title="Cook")
        theirs = other.affiliations.get()
        for deed in ("mend", "changed", "remove"):
            answer = self.part(self.sami, "roles", {"do": deed, "id": theirs.pk}, title="X", ended="2020")
            self.assertEqual(answer.status_code, 404)
        variant = other.variants.create(text="Othello", kind="alias")
        stolen = self.rows("variants", {"id": variant.pk, "text": "Stolen", "kind": "alias"}, initial=1)
        self.part(self.sami, "names", **self.names, **stolen)
        variant.refresh_from_db()
        self.assertEqual((variant.text, variant.expert), ("Othello", other))
        for query in ({"do": "nothing"}, {"do": "mend", "id": "x"}, {"do": "mend"}):
            self.assertEqual(self.look(self.sami, "part", self.card.pk, "roles", **query).status_code, 404)

    def test_a_bar_is_set_with_its_reason_and_lifted(self):
        self.part(self.sami, "bars", kind="quote", reason="Made it up", until="")
        bar = self.card.bars.get()
        self.assertEqual((bar.kind, bar.set_by, bar.until), ("quote", self.sami, None))
        self.part(self.sami, "bars", {"do": "lift", "id": bar.pk})
        bar.refresh_from_db()
        self.assertEqual(bar.lifted_by, self.sami)
        self.assertNotContains(self.look(self.rana), "Made it up")

    def test_a_bar_with_an_end_stops_by_itself(self):
        today = paper.today()
        bars.set_bar(self.card, by=self.sami, kind=Bar.CONTACT, reason="On leave", until=today)
        self.assertIsNotNone(self.card.bar(Bar.CONTACT, today))
        self.assertIsNone(Expert.objects.get(pk=self.card.pk).bar(Bar.CONTACT, today + timedelta(days=1)))


class RoleTests(CardTestCase):
    def setUp(self):
        super().setUp()
        self.role = self.card.affiliations.get()

    def print_it(self):
        article = self.make_article()
        article.appearances.create(
            expert=self.card, attribution_as_printed=self.role.as_printed, affiliation=self.role
        )  # fmt: skip

    def test_a_year_is_read_in_the_digits_of_any_script(self):
        role = jobs.add_role(self.card, by=self.sami, title="Member", start="٢٠١٩", end="۲۰۲۰")
        self.assertEqual((role.start, role.end), ("2019", "2020"))

    def test_a_typing_error_in_a_role_is_corrected(self):
        self.part(self.sami, "roles", {"do": "mend", "id": self.role.pk}, title="Senior analyst",
                  organisation="Fjord Institute")  # fmt: skip
        self.role.refresh_from_db()
        self.assertEqual(self.role.title, "Senior analyst")

    def test_a_printed_role_is_not_turned_into_another(self):
        self.print_it()
        answer = self.part(self.sami, "roles", {"do": "mend", "id": self.role.pk}, title="Minister",
                           organisation="Ministry")  # fmt: skip
        self.assertContains(answer, "A story printed “Analyst, Fjord Institute”", status_code=400)
        self.assertContains(answer, 'value="Minister"', status_code=400)
        self.role.refresh_from_db()
        self.assertEqual(self.role.title, "Analyst")
        removed = self.part(self.sami, "roles", {"do": "remove", "id": self.role.pk})
        self.assertEqual(removed.status_code, 400)

    def test_a_typing_error_in_a_printed_role_is_corrected(self):
        self.print_it()
        answer = self.part(self.sami, "roles", {"do": "mend", "id": self.role.pk}, title="Analyst",
                           organisation="Fjord Institut")  # fmt: skip
        self.assertEqual(answer.status_code, 302)

    def test_which_changes_count_as_typing_errors(self):
        for was, now, slip in (
            ("Proffessor of law", "Professor of law", True), ("professor", "Professor", True),
            ("Co-Director", "Codirector", True), ("senator", "former senator", False),
            ("Deputy minister", "Minister", False), ("MP", "MEP", False), ("Chair, Oslo", "Chair, Bergen", False),
        ):  # fmt: skip
            self.assertEqual(jobs.is_slip(was, now), slip, (was, now))

    def test_a_change_of_role_ends_the_old_one_and_adds_the_new_one(self):
        self.print_it()
        self.part(self.sami, "roles", {"do": "changed", "id": self.role.pk}, ended="2026-03", title="Minister",
                  organisation="Ministry of Fish")  # fmt: skip
        self.role.refresh_from_db()
        new = self.card.affiliations.exclude(pk=self.role.pk).get()
        self.assertEqual((self.role.end, self.role.title, self.role.changed_on), ("2026-03", "Analyst", paper.today()))
        self.assertEqual((new.as_printed, new.start), ("Minister, Ministry of Fish", "2026-03"))

    def test_a_role_can_end_without_a_new_one(self):
        self.part(self.sami, "roles", {"do": "changed", "id": self.role.pk}, ended="2026")
        self.assertEqual(self.card.affiliations.get().end, "2026")
        again = self.part(self.sami, "roles", {"do": "changed", "id": self.role.pk}, ended="2026")
        self.assertContains(again, "ended already", status_code=400)

    def test_a_card_has_one_main_role(self):
        for title in ("Chair", "Member"):
            self.part(self.sami, "roles", title=title, is_primary="on")
        self.assertEqual(self.card.affiliations.get(is_primary=True).title, "Member")


class MakingTests(CardTestCase):
    def add(self, user, **data):
        self.client.force_login(user)
        return self.client.post(self.where("add"), data)

    def test_a_name_makes_a_card(self):
        answer = self.add(self.rana, display_name="  Rosalind  Tam ")
        card = Expert.objects.get(display_name="Rosalind Tam")
        self.assertRedirects(answer, self.where("change", card.pk))
        self.assertEqual((card.sort_name, card.changes.get().by), ("Tam, Rosalind", self.rana))

    def test_a_card_is_made_with_a_title_and_one_channel(self):
        self.add(self.rana, display_name="Rosalind Tam", title="Poet", organisation="Guild", channel="R@tam.example")
        card = Expert.objects.get(display_name="Rosalind Tam")
        self.assertEqual(card.title_on(paper.today()), "Poet, Guild")
        self.assertEqual((card.channels.get().kind, card.channels.get().normalized), ("email", "r@tam.example"))

    def test_a_private_number_of_a_new_card_is_sealed(self):
        said = {"display_name": "Rosalind Tam", "channel": "+447700900199", "private": "on"}
        stopped = self.add(self.rana, **said)
        self.assertContains(stopped, "put them at risk? Stop", status_code=400)
        self.assertFalse(Expert.objects.filter(display_name="Rosalind Tam").exists())
        self.add(self.rana, **said, no_risk="on")
        card = Expert.objects.get(display_name="Rosalind Tam")
        self.assertFalse(card.channels.exists())
        self.assertNotContains(self.look(self.rana, "change", card.pk), "7700900199")
        self.assertEqual(card.private_channels.get().opened(), "+447700900199")

    def test_the_maker_of_a_card_adds_no_second_channel(self):
        self.add(self.rana, display_name="Rosalind Tam", channel="+447700900199")
        card = Expert.objects.get(display_name="Rosalind Tam")
        self.assertFalse(channels.may_add_channel(self.rana, card))

    def test_bad_input_for_a_new_card_loses_nothing(self):
        answer = self.add(self.rana, display_name="Rosalind Tam", channel="12", title="Poet")
        self.assertContains(answer, 'value="Poet"', status_code=400)
        self.assertFalse(Expert.objects.filter(display_name="Rosalind Tam").exists())
        for name in ("", "…", "x" * 161, "A\x00b"):
            self.assertEqual(self.add(self.rana, display_name=name).status_code, 400)

    def test_who_may_make_a_card(self):
        for user, status in ((self.rana, 302), (self.cora, 302), (self.sami, 302), (self.pia, 403), (self.leo, 403),
                             (self.mona, 403)):  # fmt: skip
            self.assertEqual(self.add(user, display_name=f"By {user.username} alone").status_code, status)

    def test_the_admins_popup_gets_the_new_card(self):
        self.client.force_login(self.rana)
        page = self.client.get(self.where("add") + "?_popup=1")
        self.assertContains(page, 'name="_popup"')
        self.assertContains(self.add(self.rana, display_name="Popped Up", _popup="1"), "Popped Up")


class LookalikeTests(CardTestCase):
    def test_a_lookalike_is_shown_and_a_reason_makes_the_card(self):
        self.client.force_login(self.rana)
        sent = {"display_name": "Mona Larsson"}
        answer = self.client.post(self.where("add"), sent)
        self.assertContains(answer, "Is it one of these?", status_code=409)
        self.assertContains(answer, self.where("change", self.card.pk), status_code=409)
        answer = self.client.post(self.where("add"), sent | {"because": "Another person: the swimmer"})
        self.assertEqual(answer.status_code, 302)
        made = Expert.objects.get(display_name="Mona Larsson")
        self.assertTrue(made.changes.filter(what__contains="the swimmer").exists())

    def test_lookalikes_are_offered_while_typing(self):
        self.client.force_login(self.rana)
        page = self.client.get(self.where("lookalikes"), {"name": "Mona Larsson"})
        self.assertEqual([row["name"] for row in page.json()["results"]], ["Mona Larsen"])
        self.assertEqual(self.client.get(self.where("lookalikes"), {"name": "\x00"}).json(), {"results": []})

    def test_lookalikes_do_not_reveal_a_restricted_number(self):
        for raw, tier in (("+44 7700 900333", "restricted"), ("+44 7700 900444", "staff")):
            channels.add_channel(self.card, kind="mobile", raw=raw, tier=tier, by=self.sami)
        for user, raw, found in (
            (self.rana, "+44 7700 900333", []), (self.rana, "07700900444", []), (self.cora, "+447700900444", []),
            (self.rana, "+447700900444", ["Mona Larsen"]), (self.sami, "+44 7700 900333", ["Mona Larsen"]),
        ):  # fmt: skip
            self.client.force_login(user)
            page = self.client.post(self.where("lookalikes"), {"name": "Quite Another", "channel": raw})
            self.assertEqual([row["name"] for row in page.json()["results"]], found, (user, raw))
        self.client.force_login(self.rana)
        answer = self.client.post(self.where("add"), {"display_name": "Quite Another", "channel": "+44 7700 900333"})
        self.assertEqual(answer.status_code, 302)

    def test_a_name_typed_with_it_does_not_reveal_it_either(self):
        channels.add_channel(self.card, kind="mobile", raw="+44 7700 900333", tier="restricted", by=self.sami)
        for user, exact in ((self.rana, False), (self.sami, True)):
            self.client.force_login(user)
            sent = {"name": "Mona Larsson", "channel": "+44 7700 900333"}
            (found,) = self.client.post(self.where("lookalikes"), sent).json()["results"]
            self.assertEqual((found["name"], found["exact"]), ("Mona Larsen", exact))

    def test_a_card_made_beside_another_keeps_only_its_number(self):
        self.client.force_login(self.rana)
        sent = {"display_name": "Mona Larsson", "because": "Another person: the swimmer"}
        self.client.post(self.where("add"), sent)
        made = Expert.objects.get(display_name="Mona Larsson")
        self.assertFalse(made.changes.filter(what__contains="Larsen").exists())
        self.assertTrue(made.changes.filter(what__contains=f"card no. {self.card.pk}").exists())

    def test_below_the_tier_of_names_nobody_gets_lookalikes(self):
        self.client.force_login(self.leo)
        self.assertEqual(self.client.get(self.where("lookalikes"), {"name": "Mona"}).status_code, 403)
