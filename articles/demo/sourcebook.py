"""The demonstration's source book: what the paper knows of its experts, kept by the people who would keep it.

Numbers and addresses are such as nobody can have; see sourcebook.toml.
"""

import datetime as dt
import tomllib
from pathlib import Path

from experts.actions import bars, cards, channels, consent, jobs, log, requests, verification
from experts.models import Affiliation, Bar, Channel, LanguageSkill, Organisation
from newsroom import clock, paper

METHODS = ["switchboard", "met", "video", "institution page", "orcid", "vouched"]
OBTAINED = ["phone", "in person", "video", "email", "phone", "press conference"]
ORIGINS = (("recording", "Shared drive, interviews"), ("mail", ""), ("notes", "Notebook 14"), ("", ""))
PURPOSES = ["Comment on today's story", "Background for the weekend", "Checking a figure", "Interview on the radio"]
# What stands out among them, so that every queue of the source book has something in it.
NEVER_VERIFIED = {"callum-reith", "selma-ruud"}
BY_MAIL_ALONE = {"bram-ouwens"}
FAILED = {"leopold-grange"}
STALE = {"yusuf-marwan", "anton-besk", "oona-strand"}
REVIEW_DUE = {"tomas-wier", "hugo-penrose"}
BOUNCED = {"anton-besk"}
ASKED, WITHDRAWN = "dov-arkin", "lucia-ferrante"
DAY = dt.timedelta(days=1)


class SourceBook:
    """Fills the cards of a cast; Sami keeps them, reporters ring them."""

    def __init__(self, cast):
        text = (Path(__file__).parent / "sourcebook.toml").read_text(encoding="utf-8")
        self.facts, self.cast = tomllib.loads(text), cast
        self.sami = cast.users["sami"]
        self.reporters = [cast.users[name] for name in ("maren", "priya", "jonas", "rahim", "samira", "ben")]
        self.today, self.now = paper.today(), clock.process_time()

    def fill(self):
        """Every card, the organisations, the bars, consents and requests, and two cards that are there twice."""
        for name, (kind, country, label) in self.facts["organisations"].items():
            Organisation.objects.filter(name=name).update(kind=kind, country=country, disclosure_label=label)
        for number, (key, facts) in enumerate(self.facts["cards"].items()):
            self._card(number, key, self.cast.experts[key], *facts)
        for facts in self.facts["disclosure"]:
            row = self.cast.experts[facts["expert"]].disclosures.create(
                kind=facts["kind"], counterpart=facts["counterpart"], print_text=facts["text"],
                must_print=facts["must"], reviewed_on=self.today - 60 * DAY,
            )  # fmt: skip
            row.topics.set(self.cast.topics[slug] for slug in facts["topics"])
        self._rights()
        self._twice()

    def changes_of_role(self):
        """When somebody changed role, and what writes it down: [(moment, act)], to be done between the stories."""
        return [
            (self.now - facts["days_ago"] * DAY, lambda _, facts=facts: self._change_role(facts))
            for facts in self.facts["changed"]
        ]

    def _change_role(self, facts):
        held = self.cast.experts[facts["expert"]].affiliations.get(organisation__name=facts["organisation"], end="")
        ended = paper.today().isoformat()
        jobs.change_role(held, by=self.sami, ended=ended, title=facts["title"], organisation=facts["to"])

    def role_of(self, story, expert):
        """As what an expert speaks in a story, by their keys."""
        for role, kept in (("witness", "witnesses"), ("subject", "subjects")):
            if expert in self.facts[kept].get(story, ()):
                return role
        return "official" if expert in self.facts["officials"]["keys"] else "expert"

    def terms(self, number, writer, day):
        """What was agreed about a quotation of a story written on a day."""
        return {
            "obtained": OBTAINED[number % len(OBTAINED)], "said_on": day - (number % 3) * DAY, "interviewer": writer,
            "kind": "partial" if number % 2 else "full", "approval": "read back" if number % 5 == 4 else "",
        } | self._origin(number)  # fmt: skip

    def _origin(self, number):
        """What a quotation was taken from; of every fourth nobody has written it down."""
        origin, where = ORIGINS[number % len(ORIGINS)]
        return {"origin": origin, "recording_ref": where}

    # --- one card ------------------------------------------------------------------------------------

    def _card(self, number, key, expert, country, city, zone, domain, desk, languages, formats):
        prefix, name = self._parts(expert.display_name)
        given, _, family = name.partition(" ")
        fields = {
            "country": country, "city": city, "time_zone": zone, "formats": formats.split(), "given": given,
            "family": family, "honorific_prefix": prefix, "source_of_data": "Their own letter",
            "is_official": key in self.facts["officials"]["keys"], "media_trained": "yes" if "live" in formats else "",
            "pronunciation": self.facts["pronunciation"].get(key, ""), "lead_time": 20 if "live" in formats else 120,
            "native_language": "ar" if expert.native_name else "",
            "review_due": self.today + (-6 if key in REVIEW_DUE else 40 + 11 * number) * DAY,
        }  # fmt: skip
        for field, value in fields.items():
            setattr(expert, field, value)
        expert.save()
        for text in self.facts["variants"].get(key, ()):
            kind, _, variant = text.partition(":")
            expert.variants.create(kind=kind, text=variant)
        for skill in languages.split():
            tag, level, *air = skill.split(":")
            LanguageSkill.objects.create(expert=expert, tag=tag, level=level, on_air=bool(air))
        self._main_role(expert)
        self._channels(number, key, expert, f"{given}.{family}".lower().replace(" ", "-"), domain, desk)
        self._hours(number, expert)
        self._ledger(number, key, expert)
        cards.record_change(expert, "card", "Filled in from their letter", by=self.sami)

    def _parts(self, name):
        for prefix in ("Dr", "Prof."):
            if name.startswith(f"{prefix} "):
                return prefix, name.removeprefix(f"{prefix} ")
        return "", name

    def _main_role(self, expert):
        role = expert.affiliations.filter(end="").order_by("-start").first()
        if role:
            Affiliation.objects.filter(pk=role.pk).update(is_primary=True, verified_on=self.today - 90 * DAY,
                                                          verified_by=self.sami)  # fmt: skip

    def _channels(self, number, key, expert, who, domain, desk):
        """An office line and address for the staff, something for readers, a number at home for hardly anybody."""
        seen = {"verified_on": self.today - (20 + number) * DAY, "verified_by": self.sami, "verify_result": "works"}
        mail = seen | ({"verify_result": "bounced"} if key in BOUNCED else {})
        ways = [
            ("phone", f"+44 1632 960{desk}", "staff", {"label": "work", "preference": 10,
             "hours_note": "Not before 10:00" if number % 3 else "", **seen}),
            ("email", f"{who}@{domain}", "staff", {"label": "work", "preference": 20, **mail}),
            ("email", f"press@{domain}", "public", {"label": "press office", "preference": 60}),
            ("web", f"https://{domain}/people/{key}", "public", {"preference": 80}),
        ]  # fmt: skip
        if number % 2 == 0:
            ways.append(("mobile", f"+44 7700 900{desk}", "restricted", {"label": "home", "preference": 30}))
        if number % 3 == 0:
            ways.append(("signal", f"+44 7700 9005{desk[1:]}", "staff", {"preference": 25}))
        if number % 5 == 0:
            address = f"{number + 3} Chandler Street, Saltmarsh"
            ways.append(("postal", address, "restricted", {"label": "home", "preference": 90}))
        if number % 7 == 0:
            ways.append(("phone", f"+44 1632 9605{desk[1:]}", "staff", {"preference": 70, "do_not_use": True,
                         "source": "An old list"}))  # fmt: skip
        for kind, raw, tier, fields in ways:
            channels.add_channel(expert, kind=kind, raw=raw, tier=tier, by=self.sami, record=False, **fields)

    def _hours(self, number, expert):
        for weekday in range(5):
            expert.windows.create(weekday=weekday, start=dt.time(9 + number % 2), end=dt.time(17 + number % 3))
        if "live" in expert.formats:
            expert.windows.create(weekday=number % 7, start=dt.time(21), end=dt.time(1), formats=["live", "remote"],
                                  note="From home")  # fmt: skip
        if number % 6 == 0:
            first = self.today + (3 + number) * DAY
            expert.time_off.create(first=first, last=first + 9 * DAY)

    def _ledger(self, number, key, expert):
        """Checks of who they are, and who rang them."""
        if key not in NEVER_VERIFIED:
            ago = 400 + number if key in STALE else 15 + 9 * number
            method = "email" if key in BY_MAIL_ALONE else METHODS[number % len(METHODS)]
            outcome = "failed" if key in FAILED else "confirmed"
            verification.record_check(expert, method=method, outcome=outcome, by=self.sami, on=self.today - ago * DAY)
        outcomes = ["reached", "no answer", "reached", "later", "declined"]
        for n in range(number % 4):
            outcome = outcomes[(number + n) % len(outcomes)]
            more = {"follow_up_on": self.today - DAY} if outcome == "later" and n == number % 4 - 1 else {}
            log.add_entry(
                expert, by=self.reporters[(number + n) % len(self.reporters)], outcome=outcome, channel="phone",
                purpose=PURPOSES[(number + n) % len(PURPOSES)], at=self.now - (3 + 11 * n + number) * DAY,
                ground_rule="on_record" if outcome == "reached" else "", **more,
            )  # fmt: skip
        if number in (4, 16):
            log.add_note(expert, "Asks that nobody rings the home number while the children sleep.", by=self.sami)

    # --- what they asked of us -------------------------------------------------------------------------

    def _rights(self):
        experts = self.cast.experts
        bars.set_bar(
            experts["bram-ouwens"], by=self.sami, kind=Bar.CONTACT, reason="On leave to finish his book.",
            since=self.today - 20 * DAY, until=self.today + 70 * DAY,
        )  # fmt: skip
        consent.ask_for_consent(experts[ASKED], email=f"{ASKED}@war-records.example", by=self.sami)
        consent.withdraw_consent(experts[WITHDRAWN], by=self.sami)
        requests.add_request(
            experts["rosalind-tam"], kind="access", received=self.today - 9 * DAY, by=self.sami,
            words="Please tell me what you hold on me, and where you have it from.",
        )  # fmt: skip
        moved = requests.add_request(
            experts["selma-ruud"], kind="rectify", received=self.today - 40 * DAY, by=self.sami,
            words="I left the city's panel in 2020.",
        )  # fmt: skip
        requests.close_request(moved, decision="Corrected the same day.", ground="Art. 16 GDPR", by=self.sami)

    def _twice(self):
        """Two people whom somebody in a hurry wrote down a second time."""
        for name, native, title, organisation, like in (
            ("Yousef Marwan", "يوسف مروان", "Professor of politics", "University of Rasheen", "yusuf-marwan"),
            ("Edda Brand", "", "Glaciologist", "Highmark Ice Survey", "edda-brandt"),
        ):
            maker = self.cast.users["maren"]
            again = cards.make_card(name, by=maker, title=title, organisation=organisation, native_name=native)
            number = self.cast.experts[like].channels.filter(kind="phone", visibility=Channel.STAFF).first()
            channels.add_channel(again, kind="phone", raw=number.raw.replace(" ", ""), tier="staff", by=maker)
        # Edda Brand's came out of somebody's address book, with words where a number should be.
        channels.add_channel(again, kind="mobile", raw="ask the hut", tier="staff", by=self.sami, to_mend=True)
