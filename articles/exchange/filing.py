"""Where an imported story is filed: its categories as sections and topics, after somebody's map or without."""

import csv
import zlib
from dataclasses import dataclass
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from newsroom.models import Topic

from ..models import Section
from ..models.section import RESERVED
from .unreadable import Unreadable

UNCATEGORISED = "uncategorized"  # where WordPress puts what nobody filed anywhere


@dataclass(frozen=True)
class Row:
    """One line of a map: a category's slug and the section that it becomes."""

    category: str
    section: str
    slug: str = ""


def read_map(path):
    """The rows of a map file in order: CSV of category slug, section name and, if wanted, section slug."""
    rows, seen = [], {}
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            for number, cells in enumerate(csv.reader(file, skipinitialspace=True), 1):
                cells = [cell.strip() for cell in cells]
                if not any(cells) or cells[0].startswith("#") or (not rows and cells[0].lower() == "category"):
                    continue
                rows.append(_checked_row(path, number, cells, seen))
    except OSError as problem:
        raise Unreadable(f"The map {path} cannot be opened: {problem.strerror}.") from problem
    except (UnicodeDecodeError, csv.Error) as problem:
        raise Unreadable(f"The map {path} is not a CSV file in UTF-8: {problem}.") from problem
    return rows


def _checked_row(path, number, cells, seen):
    where = f"The map {path}, line {number}"
    if len(cells) not in (2, 3) or not cells[0] or not cells[1]:
        raise Unreadable(f"{where}: it wants a category's slug, a comma, and a section's name.")
    if cells[0] in seen:
        raise Unreadable(f"{where}: the category “{cells[0]}” stands in line {seen[cells[0]]} already.")
    slug = cells[2] if len(cells) == 3 else ""
    if slug and slug != slugify(slug):
        raise Unreadable(f"{where}: “{slug}” is no slug. Use small letters, digits and hyphens.")
    if slug in RESERVED:
        raise Unreadable(f"{where}: “{slug}” is taken by a page of the site. Choose another slug.")
    seen[cells[0]] = number
    return Row(cells[0], cells[1], slug)


class Filing:
    """Finds and makes the sections and topics of one import."""

    def __init__(self, header, report, rows=None, default="News", made=None):
        self._made_row = made or (lambda *row: None)
        self.header, self.report, self.rows, self.default = header, report, rows, default or "News"
        self._made = {}  # category slug → Section
        self._topics = {}
        self.categories, self.tags = {}, {}  # slug → what a category or tag of an item became

    def sections_and_topics(self, item, entry, first=""):
        """(primary section, further sections, topics) of an item; says in its entry what was not plain.

        `first` is the slug of the category that somebody called the main one, or "".
        """
        categories = _without_repeats(term for term in item.terms if term.domain == "category")
        categories.sort(key=lambda term: term.slug != first)
        if self.rows is None:
            primary, more, rest = self._by_level(categories, entry, first)
        else:
            primary, more, rest = self._by_map(categories, first)
        if primary is None:
            primary = self._default()
            entry.say(f"no category that makes a section: filed in {primary}")
        tags = _without_repeats(term for term in item.terms if term.domain == "post_tag")
        topics = [topic for term in [*rest, *tags] if (topic := self.topic(term.slug, term.name, entry))]
        others = [section for section in dict.fromkeys(more) if section != primary]
        self.categories |= {t.slug: self._made.get(t.slug) or self._topics.get(t.slug) for t in categories}
        self.tags |= {term.slug: self._topics.get(term.slug) for term in tags}
        return primary, others, list(dict.fromkeys(topics))

    def forget(self):
        """Look every section and topic up anew."""
        self._made.clear()
        self._topics.clear()

    def _by_map(self, categories, first):
        slugs = {term.slug for term in categories}
        rows = [row for row in self.rows if row.category in slugs]
        rows.sort(key=lambda row: row.category != first)
        mapped = {row.category for row in rows}
        sections = [self._mapped(row) for row in rows]
        return (sections[0] if sections else None), sections[1:], [t for t in categories if t.slug not in mapped]

    def _by_level(self, categories, entry, wanted):
        real = [term for term in categories if term.slug != UNCATEGORISED]
        if len(real) < len(categories):
            entry.say("“Uncategorized” counts as no category")
        levels = {term.slug: self.header.level(term.slug) or 1 for term in real}
        shallow = [term for term in real if levels[term.slug] <= 2]
        if not shallow:
            return None, [], real
        # The first of the deepest: max keeps the file's order.
        first = max(shallow, key=lambda term: (term.slug == wanted, levels[term.slug]))
        more = [self._category(term.slug, term.name) for term in shallow if term is not first]
        return self._category(first.slug, first.name), more, [t for t in real if levels[t.slug] > 2]

    # --- sections ---

    def _mapped(self, row):
        if row.category not in self._made:
            self._made[row.category] = self._section(row.section, row.slug)
        return self._made[row.category]

    def _default(self):
        if "" not in self._made:
            self._made[""] = self._section(self.default)
        return self._made[""]

    def _section(self, name, slug=""):
        """The section of this name or slug, made if there is none."""
        wanted = slug or _slug_of(name)
        found = Section.at(wanted) or Section.objects.filter(name__iexact=name).first()
        return found or self._make(name, wanted)

    def _category(self, slug, name):
        if slug not in self._made:
            self._made[slug] = self._of_category(slug, name)
        return self._made[slug]

    def _of_category(self, slug, name):
        wanted = _unreserved_slug(_slug_of(slug) or _slug_of(name))
        if found := Section.at(wanted):
            return found
        category = self.header.categories.get(slug)
        above = category and self.header.level(slug) == 2 and self.header.categories.get(category.parent)
        if found := Section.objects.filter(name__iexact=name).first():
            if found not in self._made.values():
                return found
            # Two categories of one name are two sections, told apart by what they stand under.
            name = f"{name} ({above.name if above else slug})"
            if found := Section.objects.filter(name__iexact=name).first():
                return found
        parent = self._category(above.slug, above.name) if above else None
        return self._make(name, wanted, parent if parent and not parent.parent_id else None)

    def _make(self, name, slug, parent=None):
        slug = _unreserved_slug(slug or f"section-{_number_of(name)}")
        section = Section(name=name[:100], slug=slug, parent=parent, order=Section.objects.count() + 1)
        try:
            section.full_clean(exclude=["required_signoffs"])
        except ValidationError as problem:
            raise Unreadable(f"The section “{name}” cannot be made: {' '.join(problem.messages)}") from problem
        section.save()
        self._made_row("section", section.pk)
        self.report.general.append(f"Section made: {section.name} (/{section.slug}/)")
        return section

    # --- topics ---

    def topic(self, slug, name, entry):
        """The topic of a tag or category, made if there is none; the one that it was merged into, if it was."""
        if slug not in self._topics:
            self._topics[slug] = self._topic(slug, name, entry)
        return self._topics[slug]

    def _topic(self, slug, name, entry):
        if len(name) > 100:
            entry.say(f"topic shortened: {name}")
        wanted, name = _slug_of(slug)[:100] or f"topic-{_number_of(slug)}", name[:100]
        topic = Topic.at(wanted) or Topic.objects.filter(name__iexact=name).first()
        if topic is None:
            topic = Topic.objects.create(name=name, slug=wanted)
            self._made_row("topic", topic.pk)
            self.report.general.append(f"Topic made: {topic.name}")
        while topic.merged_into_id:
            topic = topic.merged_into
        return topic


def _without_repeats(terms):
    return list({term.slug: term for term in terms}.values())


def _slug_of(text):
    return slugify(unquote(text))[:100].strip("-")


def _number_of(text):
    """A short number that a name always gets, where it has no letter that an address can carry."""
    return zlib.crc32(text.encode())


def _unreserved_slug(slug):
    return f"{slug}-section" if slug in RESERVED else slug
