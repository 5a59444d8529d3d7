"""The demonstration's people, register and sections: rows that are there before the first story."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile

from articles.actions import images
from articles.models import (
    Agency,
    Contributor,
    Designation,
    Section,
    StyleRule,
)
from articles.roles import Role
from experts.actions import cards, portraits
from experts.models import Bar, Expert, Organisation, PublicProfile
from newsroom import clock
from newsroom.models import PolicyPage, Publication, Topic, User

DEMO_FOLDER = Path(__file__).parent
PASSWORD = "saltmarsh-demo"

# username: first and last name, role, sections edited, contributor's key
STAFF = {
    "maren": ("Maren", "Oduya", Role.REPORTER, [], "maren-oduya"),
    "rahim": ("Rahim", "Toure", Role.REPORTER, [], "rahim-toure"),
    "priya": ("Priya", "Sandoval", Role.REPORTER, [], "priya-sandoval"),
    "ben": ("Ben", "Achterberg", Role.REPORTER, [], "ben-achterberg"),
    "jonas": ("Jonas", "Okafor", Role.REPORTER, [], "jonas-okafor"),
    "samira": ("Samira", "Haddad", Role.REPORTER, [], "samira-haddad"),
    "edith": ("Edith", "Lunde", Role.EDITOR, ["world", "politics", "city"], ""),
    "nils": ("Nils", "Amery", Role.EDITOR, ["economy", "science", "culture"], ""),
    "dana": ("Dana", "Quist", Role.DUTY, [], ""),
    "max": ("Max", "Hallam", Role.MANAGING, [], ""),
    "cora": ("Cora", "Wells", Role.COPY, [], ""),
    "leo": ("Leo", "Strand", Role.LEGAL, [], ""),
    "pia": ("Pia", "Moretti", Role.PICTURE, [], ""),
    "sami": ("Sami", "Rask", Role.SOURCE, [], ""),
    "mona": ("Mona", "Bell", Role.MODERATOR, [], ""),
    "ada": ("Ada", "Nwosu", Role.ADMINISTRATOR, [], ""),
}


class Cast:
    """Everything the stories name, by the keys that they use."""

    def __init__(self):
        facts, shown = _read_toml("cast"), _read_toml("pictures")
        Publication.objects.create(**facts["publication"], language="en-GB")
        self.sections = self._sections(facts["section"])
        self.users = self._users()
        self.topics = {row["slug"]: Topic.objects.create(**row) for row in facts["topic"]}
        self.agencies = {
            row["key"]: Agency.objects.create(name=row["name"], usage_terms=row["usage_terms"])
            for row in facts["agency"]
        }
        self._designations(facts["designation"])
        StyleRule.objects.bulk_create(StyleRule(**row) for row in facts["style"])
        for order, row in enumerate(facts["policy"]):
            PolicyPage.objects.create(slug=row["slug"], title=row["title"], body=row["body"], order=order)
        self.images = {row["key"]: self._picture(**row) for row in shown["picture"]}
        self.faces = {row["key"]: row for row in shown["portrait"]}
        self.contributors = self._contributors(facts["contributor"])
        self.experts = {row["key"]: self._expert(row) for row in facts["expert"]}

    def rows(self, articles):
        """The rows that bodies name, by kind and key."""
        return {"expert": self.experts, "image": self.images, "article": articles}

    def _sections(self, rows):
        made = {}
        for order, row in enumerate(rows, 1):
            made[row["slug"]] = Section.objects.create(
                slug=row["slug"], name=row["name"], remit=row["remit"], order=order, parent=made.get(row["parent"])
            )
        return made

    def _users(self):
        users = {}
        for username, (first, last, role, sections, _) in STAFF.items():
            user = User.objects.create_user(
                username, f"{username}@saltmarsh-courier.example", PASSWORD, first_name=first, last_name=last,
                is_staff=True,
            )  # fmt: skip
            user.groups.add(Group.objects.get(name=role))
            for slug in sections:
                self.sections[slug].editors.add(user)
            users[username] = user
        users["dana"].duty_turns.create(turn_from=clock.process_time() - timedelta(days=400))
        return users

    def _designations(self, rows):
        for row in rows:
            entry = Designation.objects.create(
                name=row["name"], jurisdiction=row["jurisdiction"], valid_from=_parse_day(row.get("valid_from"))
            )
            for alias in row["aliases"]:
                entry.aliases.create(name=alias)
            entry.notes.create(language="en", text=row["note"])

    def _picture(self, key, **words):
        return images.take_in(_picture_file(key), by=self.users["pia"], **words)

    def _contributors(self, rows):
        users = {key: self.users[name] for name, (*_, key) in STAFF.items() if key}
        made = {}
        for row in rows:
            face = self._picture(**self.faces[row["key"]], title=f"Portrait: {row['name']}")
            made[row["key"]] = Contributor.objects.create(
                name=row["name"], slug=row["key"], bio=row["bio"], line=row.get("line", ""), portrait=face,
                user=users.get(row["key"]),
            )  # fmt: skip
        return made

    def _expert(self, row):
        reason = row.get("do_not_quote", "")
        expert = Expert.objects.create(
            display_name=row["display_name"], sort_name=row["sort_name"], native_name=row.get("native_name", ""),
            slug=row["key"], short_bio=row["short_bio"], bio=row["bio"],
        )  # fmt: skip
        if reason:
            expert.bars.create(kind=Bar.QUOTE, reason=reason, since=date(2026, 1, 1))
        expert.topics.add(*[self.topics[slug] for slug in row["topics"]])
        for role in row.get("affiliation", []):
            expert.affiliations.create(
                title=role["title"], organisation=Organisation.objects.called(role.get("organisation", "")),
                preferred_print_form=role.get("printed", ""), kind=role.get("kind", ""),
                start=str(role.get("start", "")), end=str(role.get("end", "")),
            )  # fmt: skip
        if row["public"]:
            face = self.faces[row["key"]]
            expert.portrait = portraits.add_portrait(
                _picture_file(row["key"]), by=self.users["sami"], alt=face["alt"], credit=face["credit"]
            )
            expert.save()
            profile = PublicProfile(
                expert=expert, status=PublicProfile.GRANTED, granted_on=date(2026, 1, 1), was_public=True,
                evidence="Their e-mail, in the file",
            )  # fmt: skip
            profile.fields = [name for name, _ in PublicProfile.FIELDS]
            profile.save()
        cards.index_card(expert)
        return expert


def _parse_day(text):
    return date.fromisoformat(str(text)) if text else None


def _read_toml(name):
    return tomllib.loads((DEMO_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _picture_file(key):
    """A picture's file as an editor's browser would send it."""
    return ContentFile((DEMO_FOLDER / "pictures" / f"{key}.jpg").read_bytes(), name=f"{key}.jpg")
