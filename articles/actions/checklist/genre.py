"""What the checklist asks of single genres: their facts, and the checks that `genres.py` names."""

import re

from ...body import quotations
from ...roles import Role
from .findings import error, warning

FIRST_PERSON = re.compile(r"\b(I|I'm|I’m|my|mine|me)\b")
LINK = re.compile(r'<a\b[^>]*href="https?://', re.IGNORECASE)


def check_genre_facts(story):
    """What the genre wants to know is filled in."""
    facts = story.content["genre_facts"] or {}
    for fact in story.genre.facts:
        if fact.required is not None and facts.get(fact.name) in (None, "", []):
            make = error if fact.required else warning
            yield make(f"fact {fact.name}", f"{story.genre.name}: “{fact.label}” is missing.", f"fact_{fact.name}")


def check_genre_rules(story):
    """The sources, quotes and approval that the genre asks for."""
    checks, content = story.genre.checks, story.content
    named = {a["expert"] for a in content["appearances"]}
    links = len(LINK.findall(content["body"]))
    if "a source" in checks and not (named or content["attributions"] or content["credit"] or links):
        yield warning("source", "It names or records no source.", "body")
    if "expert or document" in checks:
        if not (named or links):
            yield warning("expert", "An analysis rests on at least one named expert or document.", "body")
        if FIRST_PERSON.search(quotations.text_outside(content["body"])):
            yield warning("first person", "An analysis does not speak in the first person.", "body")
    if "three quotes" in checks:
        counts = {}
        for quote in content["quotes"]:
            counts[quote["expert"]] = counts.get(quote["expert"], 0) + 1
        if max(counts.values(), default=0) < 3:
            yield error("three quotes", "An interview links its person to at least three quotes.", "body")
    if "two sources" in checks and links + len(named) < 2:
        yield error("two sources", "A fact check links at least two sources.", "body")
    if "two confirmations" in checks and len(_lines((content["genre_facts"] or {}).get("sources"))) < 2:
        yield error("confirmed", "A death is confirmed by two sources before an obituary runs.", "fact_sources")
    if "managing editor approves" in checks:
        approver = story.article.approved_by
        if approver and Role.MANAGING not in set(approver.groups.values_list("name", flat=True)):
            yield error("editorial", "An editorial is approved by the managing editor.")


def _lines(value):
    """The filled lines of a fact of kind "lines"."""
    lines = value if isinstance(value, list) else str(value or "").splitlines()
    return [line for line in lines if str(line).strip()]
