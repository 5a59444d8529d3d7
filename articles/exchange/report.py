"""The report of an import: what became of each item and why, then totals and lists."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    LIVE = "live"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    PAGE = "policy page, not public"
    PICTURE = "picture"
    RECORDED = "picture recorded without its file"
    ARRIVED = "picture whose file came now"
    HERE = "already here"
    SKIPPED = "skipped"
    FAILED = "NOT IMPORTED"


@dataclass
class Entry:
    """One item of the export and what became of it; `notes` say why, and what a person should look at."""

    number: str
    type: str
    title: str
    outcome: Outcome | None = None
    notes: list = field(default_factory=list)
    dynamic: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    unknown: Counter = field(default_factory=Counter)  # shortcodes that stand in its text still
    dropped: Counter = field(default_factory=Counter)

    def became(self, outcome, *notes):
        self.outcome = outcome
        self.notes.extend(notes)

    def say(self, *notes):
        self.notes.extend(notes)

    def __str__(self):
        notes = [*_notes_with_counts(self.notes)]
        if self.dynamic:
            notes.append(f"blocks without words of their own left out: {', '.join(_notes_with_counts(self.dynamic))}")
        if self.missing:
            notes.append(f"pictures without a file: {', '.join(_notes_with_counts(self.missing))}")
        if self.unknown:
            notes.append(f"shortcodes that nobody here knows stand in its text: {_counted(self.unknown)}")
        if self.dropped:
            notes.append(f"shortcodes dropped: {_counted(self.dropped)}")
        title = f"“{self.title}”" if self.title else "(no title)"
        return f"{self.type} {self.number} {title}: {self.outcome}" + "".join(f"\n      {note}" for note in notes)


class Report:
    """The entries of a run in the file's order, and what concerns no single one of them."""

    def __init__(self):
        self.entries, self.general = [], []
        self.run = None  # the number of the run, if it was kept and made anything

    def begin(self, item, title):
        """The entry of an item, to be filled in."""
        entry = Entry(item.id or "?", item.type or "item", title)
        self.entries.append(entry)
        return entry

    def count(self, outcome):
        return sum(entry.outcome == outcome for entry in self.entries)

    @property
    def failed(self):
        return self.count(Outcome.FAILED)

    def dynamic(self):
        """How often each kind of block was left out, {name: count}."""
        return Counter(name for entry in self.entries for name in entry.dynamic)

    def missing(self):
        """The files of pictures that were looked for and not found, in order, each once."""
        return list(dict.fromkeys(name for entry in self.entries for name in entry.missing))

    def shortcodes(self, which):
        """How often each shortcode was left standing ("unknown") or "dropped", {name: count}."""
        return sum((getattr(entry, which) for entry in self.entries), Counter())

    def lines(self):
        """The whole report, line by line."""
        yield from map(str, self.entries)
        yield ""
        yield from _notes_with_counts(self.general)
        if missing := self.missing():
            yield f"Files of pictures not found ({len(missing)}): {', '.join(missing)}"
        if dynamic := self.dynamic():
            blocks = ", ".join(f"{name} {count}" for name, count in sorted(dynamic.items()))
            yield f"Blocks that WordPress fills at every request, left out ({dynamic.total()}): {blocks}"
        if unknown := self.shortcodes("unknown"):
            yield (
                f"Shortcodes that nobody here knows ({unknown.total()}), whose stories are drafts: {_counted(unknown)}."
                " Say in a file for --shortcodes which to drop, unwrap or keep."
            )
        if dropped := self.shortcodes("dropped"):
            yield f"Shortcodes dropped ({dropped.total()}): {_counted(dropped)}"
        sums = Counter(entry.outcome for entry in self.entries)
        yield f"{len(self.entries)} items: " + ", ".join(
            f"{sums[outcome]} {outcome}" for outcome in Outcome if sums[outcome]
        )


def _notes_with_counts(notes):
    """Each note once, with how often it was made."""
    return [note if times == 1 else f"{note} ({times} times)" for note, times in Counter(notes).items()]


def _counted(names):
    return ", ".join(name if times == 1 else f"{name} ({times} times)" for name, times in sorted(names.items()))
