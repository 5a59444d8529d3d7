"""The panels beside a story's text: what each is called, and what it says while it is closed.

A panel is a row of PANELS; a template of its name in `templates/admin/articles/article/panels/` draws what is in it.
"""

from collections import Counter
from dataclasses import dataclass

from newsroom.ai_use import KINDS
from newsroom.desk.display import time_in_words
from newsroom.models import Topic

# The panel that holds a field of the form; what is not here stands on the sheet.
HOLDS = {
    "section": "filing", "sections": "filing", "topics": "filing", "genre": "filing", "origin": "filing",
    "label": "filing", "catchline": "filing", "dateline": "filing", "language": "filing",
    "translation_of": "filing", "discussion": "filing", "lead_image": "pictures", "picture_wanted": "pictures",
    "appearances": "people", "bylines": "byline", "credit": "byline", "attributions": "sources",
    "short_headline": "share", "seo_title": "share", "social_title": "share", "slug": "share",
    "assignee": "planning", "priority": "planning", "due_at": "planning", "planned_for": "planning",
    "budget_line": "planning", "planned_length": "planning", "legal_wanted": "planning",
    "embargo_until": "planning", "embargo_terms": "planning",
}  # fmt: skip

HELD_BY_PREFIX = (("fact_", "filing"), ("rule_", "people"), ("said_", "people"), ("ai_", "sources"))
AT_REST = ("published", "spiked")  # nothing is in work, so nothing is wanted


def panel_of(name):
    """The name of the panel in which a field stands; "" for one on the sheet."""
    return next((panel for prefix, panel in HELD_BY_PREFIX if name.startswith(prefix)), HOLDS.get(name, ""))


@dataclass(frozen=True)
class Panel:
    """One panel. `says` is its line while it is closed, `tone` what it wants: "" nothing, "warning" or "error"."""

    name: str
    title: str
    says: str = ""
    tone: str = ""
    open: bool = False

    @property
    def template(self):
        return f"admin/articles/article/panels/{self.name}.html"


@dataclass(frozen=True)
class Known:
    """What the panels speak of: a content of a story, and what the checklist finds in it."""

    article: object
    content: dict
    notes: int  # open ones
    findings: list | None = None  # not asked yet
    topics: list | None = None  # their names, where they are known


def panels_of(known, wrong=()):
    """The Panels of a story; those in which something was refused (`wrong`, names of fields) are open."""
    levels = {}
    in_work = known.article.state not in AT_REST
    for finding in (known.findings or ()) if in_work else ():
        levels.setdefault(panel_of(finding.field), Counter())[finding.level] += 1
    opened = {panel_of(name) for name in wrong} | {"checklist"}
    return [_panel(name, title, says, known, levels.get(name), name in opened) for name, title, says in PANELS]


def _panel(name, title, says, known, found, opened):
    words, tone = says(known), ""
    if isinstance(words, tuple):
        words, tone = words
    if found:
        tone = "error" if found["error"] else "warning"
        if name != "checklist":
            words = f"{words}: {count_in_words(found)}"
    return Panel(name, title, words, tone, opened)


def count_in_words(found):
    """“1 to settle, 3 to weigh” of the numbers of errors and warnings."""
    parts = [(found["error"], "to settle"), (found["warning"], "to weigh")]
    return ", ".join(f"{number} {what}" for number, what in parts if number)


def _checklist(known):
    if known.article.state in AT_REST:
        return "Nothing in work"
    if known.findings is None:
        return "…"
    found = Counter(f.level for f in known.findings)
    return (count_in_words(found), "error" if found["error"] else "warning") if found else "In order"


def _filing(known):
    section = known.article.section
    topics = known.topics
    if topics is None:
        topics = Topic.objects.filter(pk__in=known.content["topics"]).order_by("name").values_list("name", flat=True)
    return ", ".join([section.name if section else "No section", *topics])


def _pictures(known):
    pictures = known.content["pictures"]
    if not pictures:
        return ("Wanted", "warning") if known.article.picture_wanted else "None yet"
    bare = sum(1 for words in pictures.values() if not words["alt"])
    return f"{len(pictures)}, {bare} without a description" if bare else f"{len(pictures)}"


def _people(known):
    people, quotes = len(known.content["appearances"]), len(known.content["quotes"])
    if not people:
        return "Nobody yet"
    said = f", {quotes} quotation{'' if quotes == 1 else 's'}" if quotes else ""
    return f"{people} {'person' if people == 1 else 'people'}{said}"


def _byline(known):
    names = [line["name"] for line in known.content["bylines"]]
    credit = known.content["credit"]
    return ", ".join([*names, *([credit["name"]] if credit else [])]) or "Nobody"


def _sources(known):
    rows = known.content["attributions"]
    unnamed = sum(1 for row in rows if row["kind"] == "unnamed")
    parts = [(unnamed, "unnamed"), (len(rows) - unnamed, "second-hand")]
    used = [KINDS[kind].label.lower() for kind, row in known.content["ai_use"].items() if row.get("used") == "yes"]
    said = [f"{number} {what}" for number, what in parts if number]
    return ", ".join([*said, *([f"AI for {' and '.join(used)}"] if used else [])]) or "None"


def _notes(known):
    return (f"{known.notes} open", "warning") if known.notes else "None open"


def _share(known):
    own = [name for name in ("short_headline", "seo_title", "social_title") if known.content[name]]
    return "Own titles written" if own else "Follow the headline"


def _planning(known):
    article = known.article
    parts = [
        f"Due {time_in_words(article.due_at)}" if article.due_at else "",
        f"planned for {article.planned_for:%-d %b}" if article.planned_for else "",
        f"embargo {time_in_words(article.embargo_until)}" if article.embargo_until else "",
        "legal wanted" if article.legal_wanted else "",
    ]
    words = ", ".join(filter(None, parts)) or "No date"
    return words[:1].upper() + words[1:]


def _versions(known):
    article = known.article
    who = f", {article.updated_by}" if article.updated_by else ""
    return f"Version {article.version}{who}, {time_in_words(article.updated_at)}"


PANELS = (
    ("checklist", "Checklist", _checklist),
    ("filing", "Filing", _filing),
    ("pictures", "Pictures", _pictures),
    ("people", "People", _people),
    ("byline", "Byline", _byline),
    ("sources", "Sources", _sources),
    ("notes", "Notes", _notes),
    ("share", "Search & share", _share),
    ("planning", "Planning", _planning),
    ("versions", "Versions", _versions),
)
