"""An edition's card and page: the data for their templates, and the HTML."""

import re
import secrets
from datetime import date

from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe

from newsroom import paper
from newsroom.languages import text_direction

from .. import genres
from ..body import embeds, holes, provenance
from ..body import language as languages
from ..body import render as body_render
from ..body.designations import LegalNote, Register
from ..body.render import monogram
from ..models.comment import SHOWN
from . import pictures, structured

CARD_TEMPLATE, STORY_TEMPLATE, HEAD_TEMPLATE = "components/card.html", "site/story.html", "components/head.html"
HEAD_ENDS = "<!--/head-->"
WORDS_A_MINUTE = 230
UPDATED_AFTER_SECONDS = 5 * 60
FLAG_OF_NOTE = {"correction": "Corrected", "clarification": "Clarified"}


# --- the card -----------------------------------------------------------------------------------


def render_card(edition, frozen):
    """The HTML of an edition's card in lists; its picture is in a hole."""
    html = render_to_string(CARD_TEMPLATE, {"card": card_context(edition, frozen)})
    lead = frozen.data.get("lead_image")
    return _holes_around_matches(html, PICTURE_ELEMENT, lead["id"]) if lead else html


def card_context(edition, frozen):
    """The data for components/card.html."""
    text, data = frozen.text, frozen.data
    labels = data["labels"]
    lead = data.get("lead_image")
    return {
        "url": edition.path,
        "headline": text.short_headline or text.headline,
        "label": labels["card_label"],
        "colour": labels["colour"],
        "standfirst": text.standfirst,
        "section_name": data["section"]["name"],
        "byline": byline_text(data),
        "published_at": edition.first_published_at,
        "updated_at": _update_to_mention(edition),
        "flag": change_flag(edition, data),
        "picture": lead["crops"]["card"] if lead else None,  # without alt: beside its headline it says nothing more
        "square": lead["crops"]["square"] if lead else None,
        "by_ai": provenance.ai_label(lead.get("ai"), lead.get("illustration"), edition.language) if lead else "",
        "minutes": reading_minutes(data),
        "language": edition.language,
        "direction": text_direction(edition.language),
    }


def byline_text(data):
    """The byline as one line: “A, B and C”, the agency, or ""."""
    names = [line["name"] for line in data.get("bylines", []) if line["role"] == "writer"]
    if names:
        return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    credit = (data.get("credit") or {}).get("name", "")
    return f"Supplied by {credit}" if credit and data.get("origin") == "handout" else credit


def change_flag(edition, data):
    """The flag "Corrected", "Clarified" or "Updated" for a story that changed since readers first saw it, or ""."""
    for note in reversed(data.get("corrections", [])):
        if note["kind"] in FLAG_OF_NOTE:
            return FLAG_OF_NOTE[note["kind"]]
    return "Updated" if _update_to_mention(edition) else ""


def _update_to_mention(edition):
    """When it was updated, or None if that was soon after the first edition: readers are told only of later ones."""
    at, first = edition.updated_at, edition.first_published_at
    return at if at and (at - first).total_seconds() > UPDATED_AFTER_SECONDS else None


def reading_minutes(data):
    """How many minutes reading it takes, at least 1."""
    return max(1, round((data.get("word_count") or 0) / WORDS_A_MINUTE))


# --- the page ---------------------------------------------------------------------------------


def render_main(edition, frozen, paper_facts):
    """The page's own part of the head, HEAD_ENDS and the story as HTML.

    Pictures, cards, people and, in the head, the paper's address are in holes.
    """
    lead = frozen.data.get("lead_image")
    with structured.hostless():
        head = _render_head(edition, frozen, paper_facts, lead)
    story = render_to_string(STORY_TEMPLATE, {"story": story_context(edition, frozen, paper_facts)})
    return mark_safe(head + HEAD_ENDS + story)


def _render_head(edition, frozen, paper_facts, lead):
    head = render_to_string(HEAD_TEMPLATE, {"page": head_context(edition, frozen, paper_facts)})
    if lead:
        head = _holes_around_matches(head, OG_IMAGE_TAGS, lead["id"])
        # Put in after escaping, so that the hole stays an HTML comment inside the JSON.
        shown = [structured.picture_data(lead, lead["crops"][shape]) for shape in pictures.SHAPES_FOR_MACHINES]
        image = ",".join(structured.json_ld_text(data, context=False) for data in shown)
        head = head.replace(f'"{JSON_PICTURE_MARK}"', holes.hole_around("image", lead["id"], image))
    return structured.with_site_holes(head)


PICTURE_ELEMENT = re.compile(r"<picture\b.*?</picture>", re.S)
OG_IMAGE_TAGS = re.compile(r'(?:<meta (?:property|name)="(?:og|twitter):image[^>]*>\s*)+')
JSON_PICTURE_MARK = secrets.token_hex(16)  # which no headline says


def _holes_around_matches(html, pattern, image):
    return pattern.sub(lambda found: holes.hole_around("image", image, found[0]), html)


def head_context(edition, frozen, paper_facts):
    """The data for components/head.html for a story."""
    text, data, name = frozen.text, frozen.data, paper_facts.publication.name
    lead = data.get("lead_image")
    og = {
        "type": "article",
        "site_name": name,
        "title": data.get("social_title") or text.headline,
        "description": text.standfirst,
        "url": structured.absolute_url(edition.path),
        "locale": edition.language.replace("-", "_"),
    }
    if lead:
        image = structured.picture_data(lead, lead["crops"]["sharing"])
        og |= {
            "image": image["url"],
            "image:width": image.get("width"),
            "image:height": image.get("height"),
            "image:alt": lead.get("alt"),
        }
    article = [
        ("published_time", edition.first_published_at.isoformat(timespec="seconds")),
        ("modified_time", edition.changed_at.isoformat(timespec="seconds")),
        ("section", data["section"]["name"]),
        *(("tag", topic["name"]) for topic in data.get("topics", [])),
    ]
    return {
        "title": data.get("seo_title") or text.headline,
        "description": text.standfirst,
        "canonical": structured.absolute_url(edition.path),
        "language": edition.language,
        "direction": text_direction(edition.language),
        "kind": "story",
        "og": {key: value for key, value in og.items() if value},
        "article": article,
        "json_ld": structured.json_ld_text(
            structured.story_data(edition, text, data, paper_facts.publication, JSON_PICTURE_MARK if lead else "")
        ),
    }


def story_context(edition, frozen, paper_facts):
    """The data for site/story.html."""
    text, data = frozen.text, frozen.data
    section = data["section"]
    notes = _notes_to_print(edition, data)
    writers = [line for line in bylines_with_urls(data) if line["role"] == "writer"]
    credit = (data.get("credit") or {}).get("name", "")
    discussed = data.get("discussion") in SHOWN
    topics = [topic["id"] for topic in data.get("topics", [])]
    return {
        "headline": text.headline,
        "standfirst": text.standfirst,
        "label": data["labels"]["label"],
        "colour": data["labels"]["colour"],
        "section": section,
        "above": data["above"],
        "path": edition.path,
        "history_url": f"{edition.path}history/",
        "language": edition.language,
        "direction": text_direction(edition.language),
        "hero": data.get("lead_image"),
        "hero_origin": provenance.origin_of(data["lead_image"], edition.language) if data.get("lead_image") else None,
        "said": languages.printed_words(edition.language),
        "hero_hole": _hole_ends("image", data["lead_image"]["id"]) if data.get("lead_image") else None,
        "signed": {
            "people": writers or ([] if credit else [{"name": paper_facts.publication.name}]),
            "credit": "" if data.get("origin") == "handout" else credit,
            "supplied_by": credit if data.get("origin") == "handout" else "",
        },
        "helpers": [line for line in bylines_with_urls(data) if line["role"] != "writer"],
        "published_at": edition.first_published_at,
        "updated_at": _update_to_mention(edition),
        "flagged": next((note for note in reversed(notes) if note["kind"] in FLAG_OF_NOTE), None),
        "minutes": reading_minutes(data),
        "body": body_html(edition, text, paper_facts),
        "editors_notes": [note for note in notes if note["kind"] == "editors_note"],
        "corrections": [note for note in notes if note["kind"] != "editors_note"],
        "more_hole": mark_safe(f"<!--more {' '.join(str(pk) for pk in topics)}-->") if topics else "",
        "topics": [topic | {"url": f"/topics/{topic['slug']}/"} for topic in data.get("topics", [])],
        "people": [
            who | {"hole": _hole_ends("expert", who["expert"]), "monogram": monogram(who["name"])}
            for who in data.get("people", [])
            if who.get("name")
        ],
        "genre": edition.genre,
        "facts": genre_fact_lines(edition.genre, data.get("genre_facts") or {}),
        "ai": [line["words"] for line in data.get("ai") or []],
        "withdrawn_spans": [
            {end: parse_datetime(span[end]) for end in ("from", "until")} for span in data.get("withdrawn_spans", [])
        ],
        "discussion": discussed,
        "discuss_url": "#discuss" if discussed else "",
    }


def _notes_to_print(edition, data):
    """The notes to readers; of one from before a withdrawal that closed the past, without what was and what is."""
    notes = [
        note | {"at": parse_datetime(note["at"]), "label": _NOTE_NAMES[note["kind"]]}
        for note in data.get("corrections", [])
    ]
    if any(note.get("was") or note.get("became") for note in notes):
        gone = type(edition).objects.filter(article_id=edition.article_id).closing_withdrawal()
        for note in notes:
            if gone and note["at"] < gone.live_from:
                note |= {"was": "", "became": ""}
    return notes


_NOTE_NAMES = {"correction": "Correction", "clarification": "Clarification", "editors_note": "Editor’s note"}
_TASKS = {
    "photographer": "Photographs", "illustrator": "Illustration", "translator": "Translation",
    "additional": "Additional reporting",
}  # fmt: skip


def _hole_ends(kind, pk):
    """The beginning and end of a hole, for a template to print HTML between them."""
    before, after = holes.hole_around(kind, pk, "|").split("|")
    return {"open": mark_safe(before), "close": mark_safe(after)}


def bylines_with_urls(data):
    """The lines of a byline with the address of each contributor's page and their task, writers first."""
    lines = sorted(data.get("bylines", []), key=lambda line: line["role"] != "writer")
    return [line | {"url": f"/people/{line['slug']}/", "task": _TASKS.get(line["role"], "")} for line in lines]


def genre_fact_lines(genre, known):
    """The genre's facts that a story prints beside its text, in the genre's order; `known` has their values."""
    lines = []
    for fact in genres.GENRES[genre].facts:
        value = known.get(fact.name)
        if not value or fact.kind == "lines":  # who confirmed a death is for the desk only
            continue
        value = dict(fact.choices).get(value, value)
        line = {"name": fact.name, "label": fact.label, "kind": fact.kind, "value": value}
        line["printed"] = _printed_value(value)
        if fact.kind == "rating" and str(value).isdecimal():
            line["stars"] = "★" * int(value) + "☆" * (5 - int(value))
        lines.append(line)
    return lines


def _printed_value(value):
    """An ISO date as pages print dates; any other value as it is."""
    try:
        return date_format(date.fromisoformat(value), "j F Y")
    except (TypeError, ValueError):
        return value


def body_html(edition, text, paper_facts):
    """The body as HTML with holes, with its footnotes and legal notes at the end."""
    data = text.data
    notes = [LegalNote(**note) for note in data.get("legal_notes", [])]
    day = paper.day_of(edition.live_from, paper_facts.publication.zone)
    fields = body_render.PictureData.__dataclass_fields__
    people = {who["expert"]: body_render.Person(who["name"], who.get("attribution", "")) for who in data["people"]}
    images = {
        int(pk): body_render.PictureData(**{name: image[name] for name in fields if name in image})
        for pk, image in data.get("images", {}).items()
    }
    known = embeds.Embed.__dataclass_fields__
    html = body_render.render_body(
        text.body,
        people=people,
        images=images,
        notes=notes,
        register=Register.on(day, edition.language) if notes else None,
        language=edition.language,
        embeds={
            address: embeds.Embed(**{name: said[name] for name in known if name in said})
            for address, said in data.get("embeds", {}).items()
        },
        # Said on background: the words are printed without a name.
        unnamed={quote["uid"] for quote in data.get("quotes", []) if quote["ground_rule"] != "on_record"},
    )
    if data.get("dateline") and html.startswith("<p"):
        opened = html.index(">") + 1
        html = html[:opened] + f'<span class="dateline">{escape(data["dateline"])}</span>' + html[opened:]
    return mark_safe(html)
