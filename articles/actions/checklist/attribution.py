"""What the checklist asks of who says what: sources on record, people introduced, names spelt one way.

Every line is a warning, for each is a guess about words; body/attribution.py says how each is read.
"""

from ...body import attribution, quotations
from ..people import terms
from .findings import warning

MOST = 8  # lines of a kind


def check_attribution(story):
    """Nobody's words hang in the air, nobody comes unannounced."""
    content, language = story.content, story.content["language"]
    own = quotations.text_outside(content["body"])
    paper = story.publication.name if story.publication else ""
    yield from _sources(content, own, language, paper)
    yield from _people(story, own)
    printed = [row["attribution"] for row in content["appearances"]]
    found = attribution.spellings(content["headline"], content["standfirst"], story.text, *printed)
    for one, other in found[:MOST]:
        yield warning("spelling of a name", f"“{other}”: elsewhere it is “{one}”.", "body", about=other)


def _sources(content, own, language, paper):
    """What leans on somebody unnamed, or on another outlet, has a source on record."""
    kinds = {row["kind"] for row in content["attributions"]}
    if "unnamed" not in kinds:
        for words in attribution.unnamed(own, language)[:MOST]:
            message = f"“{words}” names nobody, and Sources has no unnamed source."
            yield warning("unnamed attribution", message, "body", about=words[:120])
    if "second_hand" not in kinds and content["origin"] != "agency":
        for words in attribution.second_hand(own, language, paper)[:MOST]:
            message = f"“{words}” is at second hand, and Sources has no other outlet."
            yield warning("second hand", message, "body", about=words[:120])


def _people(story, own):
    """Whoever is called by a surname was introduced; whoever has a card has a title where they first come up."""
    content = story.content
    in_sight = terms.people_to_name(content, story.at)
    names = {row["name"]: row for row in in_sight if row["name"]}
    heads = "\n".join([content["headline"], content["standfirst"]])
    early = attribution.surname_before_name(own, names)
    for name in early:
        message = f"“{name.split()[-1]}” comes before the full name, {name}."
        yield warning("not introduced", message, "body", about=names[name]["expert"])
    known = {name.split()[-1] for name in names}
    for surname in attribution.never_introduced(own, heads)[:MOST]:
        if surname not in known:
            yield warning("not introduced", f"“{surname}” is called by no full name before.", "body", about=surname)
    titled = {
        name: row["attribution"] for name, row in names.items() if row["attribution"] and row["role"] != "subject"
    }
    for name in attribution.untitled(own, titled):
        message = f"“{name}” has no title at first mention: {titled[name]}."
        yield warning("no title", message, "body", about=names[name]["expert"])
