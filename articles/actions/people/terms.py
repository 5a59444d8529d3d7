"""The terms of a quotation as a revision holds them, and what they mean at a moment.

A quotation in a revision's content has `uid`, `expert`, `words`, `ground_rule` and `kind`; any other term is there
only where it was agreed. Nothing here asks the database.
"""

import datetime as dt

from django.utils.dateparse import parse_date, parse_datetime

from newsroom.folding import bare

ON_RECORD = "on_record"
UNNAMED = frozenset({"background", "deep_background"})
# What keeps a quotation out of the paper, as a sentence about it ends.
BLOCKING = {
    "off_record": "was said off the record",
    "embargoed": "is embargoed by the speaker",
    "withdrawn": "was withdrawn by the speaker",
}
TEXTS = ("words_as_spoken", "spoken_language", "translator", "descriptor", "terms", "obtained", "origin",
         "recording_ref", "approval")  # fmt: skip
INSIDE = tuple(name for name in TEXTS if name != "descriptor")  # what no reader can tell of
TERMS = ("ground_rule", "kind", *TEXTS, "embargo_until", "said_on", "interviewer")
# What of a quotation and of an appearance readers can tell: a change of these is a change of the story's words.
READ_OF_QUOTES = ("uid", "expert", "words", "ground_rule", "descriptor", "embargo_until")
READ_OF_PEOPLE = ("expert", "name", "attribution", "disclosure")


def quote_as_data(record):
    """A quotation's terms for a revision: its rule, and what else was agreed."""
    data = {"ground_rule": record.ground_rule, "kind": record.kind}
    data |= {name: getattr(record, name) for name in TEXTS if getattr(record, name)}
    for name in ("embargo_until", "said_on"):
        if value := getattr(record, name):
            data[name] = value.astimezone(dt.UTC).isoformat() if name == "embargo_until" else value.isoformat()
    if record.interviewer_id:
        data["interviewer"] = record.interviewer_id
    if drifted(record):
        data["checked_words"] = record.checked_words
    return data


def quote_as_fields(data, staff):
    """The columns of a QuoteRecord for what a revision holds; `staff` are the ids of people who are still here."""
    interviewer = data.get("interviewer")
    return {
        "ground_rule": data["ground_rule"],
        "kind": data.get("kind", "full"),
        "embargo_until": embargo_end(data),
        "said_on": parse_date(data["said_on"]) if data.get("said_on") else None,
        "interviewer_id": interviewer if interviewer in staff else None,
        "checked_words": data.get("checked_words", data["words"]),
    } | {name: data.get(name, "") for name in TEXTS}


def embargo_end(data):
    """When the speaker's embargo ends, or None."""
    return parse_datetime(data["embargo_until"]) if data.get("embargo_until") else None


def drifted(record):
    """Whether a quotation's words are no longer those that a person agreed to."""
    return bool(record.checked_words) and bare(record.checked_words) != bare(record.words)


def rule_at(data, at):
    """The rule that holds at a moment: an embargo that is over leaves words on the record."""
    ends = embargo_end(data)
    over = data["ground_rule"] == "embargoed" and ends is not None and ends <= at
    return ON_RECORD if over else data["ground_rule"]


def says_more(then, now=None):
    """Whether a version with one rule tells readers more of the speaker than the rule that holds now lets it."""
    openness = (ON_RECORD, "background", "deep_background")
    return now in UNNAMED and then in openness and openness.index(then) < openness.index(now)


def carried_terms(old, mark):
    """What a revision holds of a quotation that is marked in another body: its terms, and the words as they are now.

    `old` is what the revision before held of it, or None.
    """
    data = {"uid": mark.uid, "expert": mark.expert, "words": mark.words, "ground_rule": ON_RECORD,
            "kind": "full"}  # fmt: skip
    if old is None or old["expert"] != mark.expert:
        return data
    agreed = old.get("checked_words", old["words"])
    data = {name: value for name, value in old.items() if name != "checked_words"} | {"words": mark.words}
    return data if bare(agreed) == bare(mark.words) else data | {"checked_words": agreed}


def quotes_to_freeze(quotes, at):
    """What an edition that begins at a moment keeps of its quotations: the words, the rule, whole or in part, and what
    kind of thing they were taken from, which the desk alone sees."""
    return [
        {name: quote[name] for name in ("uid", "expert", "words", "kind", "origin") if name in quote}
        | {"ground_rule": rule_at(quote, at)}
        for quote in quotes
    ]


def without_inside(quote):
    """A quotation of a revision without what was agreed inside the house about how it was got."""
    return {name: value for name, value in quote.items() if name not in (*INSIDE, "said_on", "interviewer")}


def people_to_name(content, at):
    """The people a story may name: anyone who appears in it, except those whose every quotation is on background."""
    quoted = {q["expert"] for q in content["quotes"]}
    named = {q["expert"] for q in content["quotes"] if rule_at(q, at) == ON_RECORD}
    return [a for a in content["appearances"] if a["expert"] in named or a["expert"] not in quoted]


def parts_readers_read(content, name):
    """What readers can tell of a content's quotes or appearances."""
    keys = READ_OF_QUOTES if name == "quotes" else READ_OF_PEOPLE
    return [[row.get(key) or "" for key in keys] for row in content.get(name) or []]
