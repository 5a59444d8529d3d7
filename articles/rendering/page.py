"""The words of an edition as its card and its page print them: what the templates are given, and their HTML."""

import re
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe

from newsroom import paper
from newsroom.models import Publication, Pulse, Topic

from .. import genres
from ..body import holes
from ..body import render as body_render
from ..body.designations import LegalNote, Register
from ..body.render import monogram
from ..models import Contributor, EditionText
from . import structured

CARD, STORY, HEAD = "components/card.html", "site/story.html", "components/head.html"
HEAD_ENDS = "<!--/head-->"
RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ps sd ug ur yi".split())
WORDS_A_MINUTE = 230
UPDATED_AFTER_SECONDS = 5 * 60
FLAGS = {"correction": "Corrected", "clarification": "Clarified"}


@dataclass(frozen=True)
class House:
    """What a rendering takes from the paper itself; whoever changes it raises the pulse's rendering_version."""

    publication: Publication
    version: int

    @classmethod
    def now(cls):
        publication = Publication.objects.current() or Publication(name="")
        return cls(publication, Pulse.objects.filter(pk=1).values_list("rendering_version", flat=True).first() or 1)


@dataclass(frozen=True)
class Facts:
    """An edition's frozen data, with the names that sections, topics and contributors bear now.

    They may be renamed after it was frozen, and their pages answer under the new slug only.
    """

    text: EditionText
    data: dict

    @classmethod
    def of(cls, edition):
        text, data = edition.text, edition.text.data
        section = edition.section
        topics = Topic.objects.select_related("merged_into").in_bulk([topic["id"] for topic in data.get("topics", [])])
        people = Contributor.objects.in_bulk([line["contributor"] for line in data.get("bylines", [])])
        now = {}
        for topic in topics.values():
            topic = topic.merged_into or topic
            now[topic.pk] = {"id": topic.pk, "name": topic.name, "slug": topic.slug}
        label = data["labels"]["label"]
        return cls(
            text,
            data
            | {
                "section": {"id": section.pk, "name": section.name, "slug": section.slug},
                "topics": sorted(now.values(), key=lambda topic: topic["name"]),
                "bylines": [
                    line | {"slug": people[line["contributor"]].slug if line["contributor"] in people else line["slug"]}
                    for line in data.get("bylines", [])
                ],
                "labels": data["labels"] | {"card_label": label or section.name},
            },
        )


# --- the card -----------------------------------------------------------------------------------


def card(edition, facts):
    """The card of an edition, as lists print it."""
    html = render_to_string(CARD, {"card": card_data(edition, facts)})
    lead = facts.data.get("lead_image")
    return _hole(html, PICTURE, lead["id"]) if lead else html


def card_data(edition, facts):
    """What components/card.html is given."""
    text, data = facts.text, facts.data
    labels = data["labels"]
    lead = data.get("lead_image")
    return {
        "url": edition.path,
        "headline": text.short_headline or text.headline,
        "label": labels["card_label"],
        "colour": labels["colour"],
        "standfirst": text.standfirst,
        "section_name": data["section"]["name"],
        "byline": byline(data),
        "published_at": edition.first_published_at,
        "updated_at": _updated(edition),
        "flag": flag(edition, data),
        "picture": {**lead, "alt": ""} if lead else None,  # beside its headline a picture says nothing more
        "minutes": minutes(data),
        "language": edition.language,
        "direction": direction(edition.language),
    }


def byline(data):
    """The names over a story in one line: “A, B and C”, the agency, or nobody."""
    names = [line["name"] for line in data.get("bylines", []) if line["role"] == "writer"]
    if names:
        return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    credit = (data.get("credit") or {}).get("name", "")
    return f"Supplied by {credit}" if credit and data.get("origin") == "handout" else credit


def flag(edition, data):
    """The one word that says a story was changed since readers first saw it, or ""."""
    for note in reversed(data.get("corrections", [])):
        if note["kind"] in FLAGS:
            return FLAGS[note["kind"]]
    return "Updated" if _updated(edition) else ""


def _updated(edition):
    """When it was updated, if so long after the first edition that readers should know."""
    at, first = edition.updated_at, edition.first_published_at
    return at if at and (at - first).total_seconds() > UPDATED_AFTER_SECONDS else None


def minutes(data):
    """Minutes to read it, at least one."""
    return max(1, round((data.get("word_count") or 0) / WORDS_A_MINUTE))


def direction(language):
    """The direction of a language's script, as HTML's dir wants it."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


# --- the page ---------------------------------------------------------------------------------


def main(edition, facts, house):
    lead = facts.data.get("lead_image")
    head = render_to_string(HEAD, {"page": page_data(edition, facts, house)})
    story = render_to_string(STORY, {"story": story_data(edition, facts, house)})
    if lead:
        head = _hole(head, OG_IMAGE, lead["id"])
        # Marked after escaping, so that the mark stays an HTML comment inside the JSON.
        image = structured.dumps(structured.picture(lead), context=False)
        head = head.replace(f'"{JSON_PICTURE}"', holes.around("image", lead["id"], image))
    return mark_safe(head + HEAD_ENDS + story)


PICTURE = re.compile(r"<picture\b.*?</picture>", re.S)
OG_IMAGE = re.compile(r'(?:<meta (?:property|name)="(?:og|twitter):image[^>]*>\s*)+')
JSON_PICTURE = "the-lead-picture"


def _hole(html, pattern, image):
    return pattern.sub(lambda found: holes.around("image", image, found[0]), html)


def page_data(edition, facts, house):
    """What components/head.html is given for a story."""
    text, data, name = facts.text, facts.data, house.publication.name
    lead = data.get("lead_image")
    og = {
        "type": "article",
        "site_name": name,
        "title": data.get("social_title") or text.headline,
        "description": text.standfirst,
        "url": structured.absolute(edition.path),
        "locale": edition.language.replace("-", "_"),
    }
    if lead:
        image = structured.picture(lead)
        og |= {"image": image["url"], "image:width": image.get("width"), "image:alt": lead.get("alt")}
    article = [
        ("published_time", edition.first_published_at.isoformat(timespec="seconds")),
        ("modified_time", edition.changed_at.isoformat(timespec="seconds")),
        ("section", data["section"]["name"]),
        *(("tag", topic["name"]) for topic in data.get("topics", [])),
    ]
    return {
        "title": data.get("seo_title") or text.headline,
        "description": text.standfirst,
        "canonical": structured.absolute(edition.path),
        "language": edition.language,
        "direction": direction(edition.language),
        "kind": "story",
        "og": {key: value for key, value in og.items() if value},
        "article": article,
        "json_ld": structured.dumps(
            structured.story(edition, text, data, house.publication, JSON_PICTURE if lead else "")
        ),
    }


def story_data(edition, facts, house):
    """What site/story.html is given."""
    text, data = facts.text, facts.data
    section = data["section"]
    notes = [
        note | {"at": parse_datetime(note["at"]), "label": _NOTE_NAMES[note["kind"]]}
        for note in data.get("corrections", [])
    ]
    writers = [line for line in bylines(data) if line["role"] == "writer"]
    credit = (data.get("credit") or {}).get("name", "")
    discussed = data.get("discussion") == "pre"
    return {
        "headline": text.headline,
        "standfirst": text.standfirst,
        "label": data["labels"]["label"],
        "colour": data["labels"]["colour"],
        "section": section | {"url": f"/{section['slug']}/"},
        "path": edition.path,
        "history_url": f"{edition.path}history/",
        "language": edition.language,
        "direction": direction(edition.language),
        "hero": data.get("lead_image"),
        "hero_hole": _marks("image", data["lead_image"]["id"]) if data.get("lead_image") else None,
        "signed": {
            "people": writers or ([] if credit else [{"name": house.publication.name}]),
            "credit": "" if data.get("origin") == "handout" else credit,
            "supplied_by": credit if data.get("origin") == "handout" else "",
        },
        "helpers": [line for line in bylines(data) if line["role"] != "writer"],
        "published_at": edition.first_published_at,
        "updated_at": _updated(edition),
        "flagged": next((note for note in reversed(notes) if note["kind"] in FLAGS), None),
        "minutes": minutes(data),
        "body": body_html(edition, text, house),
        "editors_notes": [note for note in notes if note["kind"] == "editors_note"],
        "corrections": [note for note in notes if note["kind"] != "editors_note"],
        "topics": [topic | {"url": f"/topics/{topic['slug']}/"} for topic in data.get("topics", [])],
        "people": [
            who | {"hole": _marks("expert", who["expert"]), "monogram": monogram(who["name"])}
            for who in data.get("people", [])
            if who.get("name")
        ],
        "genre": edition.genre,
        "facts": told(edition.genre, data.get("genre_facts") or {}),
        "withdrawn_spans": [
            {end: parse_datetime(span[end]) for end in ("from", "until")} for span in data.get("withdrawn_spans", [])
        ],
        "discussion": discussed,
        "discuss_url": "#discuss" if discussed else "",
    }


_NOTE_NAMES = {"correction": "Correction", "clarification": "Clarification", "editors_note": "Editor’s note"}
_ROLES = {
    "photographer": "Photographs", "illustrator": "Illustration", "translator": "Translation",
    "additional": "Additional reporting",
}  # fmt: skip


def _marks(kind, pk):
    """A hole's two ends, for a template to put around what it prints."""
    before, after = holes.around(kind, pk, "|").split("|")
    return {"open": mark_safe(before), "close": mark_safe(after)}


def bylines(data):
    """Every name over a story with its page, writers first."""
    lines = sorted(data.get("bylines", []), key=lambda line: line["role"] != "writer")
    return [line | {"url": f"/people/{line['slug']}/", "task": _ROLES.get(line["role"], "")} for line in lines]


def told(genre, known):
    """What a genre tells of a story beside its text, in the genre's order."""
    lines = []
    for fact in genres.GENRES[genre].facts:
        value = known.get(fact.name)
        if not value or fact.kind == "lines":  # who confirmed a death stays inside
            continue
        value = dict(fact.choices).get(value, value)
        line = {"name": fact.name, "label": fact.label, "kind": fact.kind, "value": value, "printed": _printed(value)}
        if fact.kind == "rating" and str(value).isdecimal():
            line["stars"] = "★" * int(value) + "☆" * (5 - int(value))
        lines.append(line)
    return lines


def _printed(value):
    """An ISO date as pages print dates; anything else as it is."""
    try:
        return date_format(date.fromisoformat(value), "j F Y")
    except (TypeError, ValueError):
        return value


def body_html(edition, text, house):
    """The body as HTML with holes, its footnotes and legal notes at its end."""
    data = text.data
    notes = [LegalNote(**note) for note in data.get("legal_notes", [])]
    day = paper.day_of(edition.live_from, house.publication.zone)
    fields = body_render.PictureData.__dataclass_fields__
    people = {who["expert"]: body_render.Person(who["name"], who.get("attribution", "")) for who in data["people"]}
    images = {
        int(pk): body_render.PictureData(**{name: image[name] for name in fields if name in image})
        for pk, image in data.get("images", {}).items()
    }
    html = body_render.body(
        text.body,
        people=people,
        images=images,
        notes=notes,
        register=Register.on(day, edition.language) if notes else None,
        language=edition.language,
        # Said on background: printed, but by nobody.
        unnamed={quote["uid"] for quote in data.get("quotes", []) if quote["ground_rule"] != "on_record"},
    )
    if data.get("dateline") and html.startswith("<p"):
        opened = html.index(">") + 1
        html = html[:opened] + f'<span class="dateline">{escape(data["dateline"])}</span>' + html[opened:]
    return mark_safe(html)
