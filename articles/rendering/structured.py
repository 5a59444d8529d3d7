"""Structured data for search engines: schema.org data as JSON-LD, made only from what the page prints."""

import contextlib
import contextvars
import json
import secrets
from datetime import datetime

from django.conf import settings
from django.utils.safestring import mark_safe

from newsroom.ai_use import KINDS

from .. import genres
from ..models.comment import SHOWN

# In a script element these could end it or begin a comment; the last two are line breaks in JavaScript.
SCRIPT_ESCAPES = {ord(c): f"\\u{ord(c):04X}" for c in "<>&\u2028\u2029"}


# A stored page holds no host, for the paper may move. While one is made, URLs begin with this, which nobody can type;
# `with_site_hole` puts the hole in its place, and `fill_site_holes` the paper's address when the page is given.
_NO_HOST = f"https://{secrets.token_hex(16)}"
_base = contextvars.ContextVar("base", default="")
SITE_HOLE = "<!--site-->"


def absolute_url(path):
    """The whole URL of a path of the site; within `hostless`, without its host."""
    return f"{_base.get() or settings.SITE_URL}{path}"


@contextlib.contextmanager
def hostless():
    """A span in which `absolute_url` names no host, for pages that are stored."""
    token = _base.set(_NO_HOST)
    try:
        yield
    finally:
        _base.reset(token)


def with_site_holes(html):
    """HTML that was made within `hostless`, with the hole in place of what stood for the host."""
    return html.replace(_NO_HOST, SITE_HOLE)


def fill_site_holes(html):
    """A stored page's HTML, with the paper's present address in its holes."""
    return html.replace(SITE_HOLE, settings.SITE_URL)


def json_ld_text(data, *, context=True):
    """Data (a dict or a list of dicts) as the text of a JSON-LD script element, escaped for HTML."""
    if context and isinstance(data, list):
        data = {"@graph": data} if len(data) > 1 else data[0]
    if context:
        data = {"@context": "https://schema.org", **data}
    return mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(SCRIPT_ESCAPES))


def publisher_data(name):
    return {
        "@type": "NewsMediaOrganization",
        "@id": absolute_url("/#publisher"),
        "name": name,
        "url": absolute_url("/"),
        "correctionsPolicy": absolute_url("/corrections/"),
    }


def breadcrumbs_data(*steps):
    """Breadcrumbs from (name, path) pairs, the home page first."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute_url(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def story_data(edition, text, data, publication, picture_mark=""):
    """The data of a story's page, a list: the article, the review of a claim if it is a fact check, breadcrumbs.

    `picture_mark` stands in place of its pictures; the caller replaces it with `picture_data` of each, in a hole.
    """
    path = edition.path
    subtype = genres.GENRES[edition.genre].schema_type
    if data.get("origin") == "agency" and subtype == "ReportageNewsArticle":
        subtype = "NewsArticle"
    article = {
        "@type": [subtype, "NewsArticle"] if subtype != "NewsArticle" else "NewsArticle",
        "@id": absolute_url(f"{path}#story"),
        "mainEntityOfPage": absolute_url(path),
        "url": absolute_url(path),
        "headline": text.headline,
        "description": text.standfirst,
        "image": [picture_mark] if picture_mark else [],
        "datePublished": edition.first_published_at.isoformat(timespec="seconds"),
        "dateModified": edition.changed_at.isoformat(timespec="seconds"),
        "author": authors_data(data, publication),
        "publisher": publisher_data(publication.name),
        "inLanguage": edition.language,
        "isAccessibleForFree": True,
        "articleSection": data["section"]["name"],
        "keywords": [topic["name"] for topic in data.get("topics", [])],
        "wordCount": data.get("word_count"),
        "dateline": data.get("dateline"),
        "correction": [correction_data(note) for note in data.get("corrections", [])],
        "mentions": [
            {"@type": "Person", "name": who["name"], "description": who.get("attribution", "")}
            for who in data.get("people", [])
        ],
    }
    article |= _genre_data(edition.genre, data.get("genre_facts") or {})
    # Machines are told what readers are told: of texts IPTC's list knows only those that a tool wrote in part.
    if any(line["used"] and KINDS[line["kind"]].makes_words for line in data.get("ai") or []):
        article["digitalSourceType"] = DIGITAL_SOURCES["altered"]
    if data.get("discussion") in SHOWN:
        article["discussionUrl"] = absolute_url(f"{path}#discuss")
    graph = [{key: value for key, value in article.items() if value not in (None, "", [])}]
    if edition.genre == "fact_check":
        graph.append(_claim_review_data(edition, data, publication))
    above = [(section["name"], section["url"]) for section in data["above"]]
    graph.append(breadcrumbs_data(("Home", "/"), *above, (text.headline, path)))
    return graph


def authors_data(data, publication):
    writers = [line for line in data.get("bylines", []) if line["role"] == "writer"]
    if writers:
        return [
            {"@type": "Person", "name": line["name"], "url": absolute_url(f"/people/{line['slug']}/")}
            for line in writers
        ]
    if data.get("credit"):
        return [{"@type": "Organization", "name": data["credit"]["name"]}]
    return [{"@type": "NewsMediaOrganization", "name": publication.name, "url": absolute_url("/")}]


def correction_data(note):
    return {"@type": "CorrectionComment", "text": note["reader_text"], "datePublished": _in_seconds(note["at"])}


def _in_seconds(moment):
    """A moment in ISO text, in whole seconds."""
    return datetime.fromisoformat(moment).isoformat(timespec="seconds")


# schema.org's names for IPTC's digital source types, by what AI did to a picture.
DIGITAL_SOURCES = {
    "made": "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
    "altered": "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource",
}


def picture_data(data, crop):
    """A crop of a frozen picture as ImageObject, in the greatest width that it is made in."""
    width, height = crop.size_at(crop.widths[-1])
    made = {
        "@type": "ImageObject",
        "url": absolute_url(crop.url(crop.widths[-1])),
        "width": width,
        "height": height if width else None,
        "creditText": data.get("credit"),
        "caption": data.get("caption"),
        "digitalSourceType": DIGITAL_SOURCES.get(data.get("ai")),
    }
    return {key: value for key, value in made.items() if value}


def _genre_data(genre, facts):
    if genre == "review" and facts.get("item"):
        kinds = {"book": "Book", "film": "Movie", "album": "MusicAlbum", "restaurant": "Restaurant"}
        reviewed = {"itemReviewed": {"@type": kinds.get(facts.get("item_kind"), "CreativeWork"), "name": facts["item"]}}
        if facts.get("rating"):
            reviewed["reviewRating"] = {
                "@type": "Rating", "ratingValue": facts["rating"], "bestRating": 5, "worstRating": 1,
            }  # fmt: skip
        return reviewed
    if genre == "obituary" and facts.get("full_name"):
        about = {"@type": "Person", "name": facts["full_name"], "birthDate": facts.get("born_on")}
        about["deathDate"] = facts.get("died_on")
        return {"about": {key: value for key, value in about.items() if value}}
    return {}


def _claim_review_data(edition, data, publication):
    facts = data.get("genre_facts") or {}
    verdicts = [key for key, _ in genres.VERDICTS]
    verdict = facts.get("verdict")
    claim = {
        "@type": "Claim",
        "author": {"@type": "Person", "name": facts.get("claimed_by", "")},
        "datePublished": facts.get("claimed_on"),
    }
    review = {
        "@type": "ClaimReview",
        "url": absolute_url(edition.path),
        "claimReviewed": facts.get("claim", ""),
        "datePublished": edition.first_published_at.isoformat(timespec="seconds"),
        "author": publisher_data(publication.name),
        "itemReviewed": {key: value for key, value in claim.items() if value},
    }
    if verdict in verdicts:
        review["reviewRating"] = {
            "@type": "Rating",
            "ratingValue": len(verdicts) - verdicts.index(verdict),
            "bestRating": len(verdicts),
            "worstRating": 1,
            "alternateName": dict(genres.VERDICTS)[verdict],
        }
    return review


# --- lists, profiles and the front page -------------------------------------------------------


def website_data(publication):
    return [
        publisher_data(publication.name),
        {
            "@type": "WebSite",
            "@id": absolute_url("/#website"),
            "name": publication.name,
            "description": publication.tagline,
            "url": absolute_url("/"),
            "inLanguage": publication.language,
            "publisher": {"@id": absolute_url("/#publisher")},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": absolute_url("/search/?q={words}")},
                "query-input": "required name=words",
            },
        },
    ]


def collection_data(name, path, description="", *, above=()):
    """The data of a list; `above` are the (name, path) of what it is part of, from the top down."""
    page = {"@type": "CollectionPage", "name": name, "url": absolute_url(path)}
    crumbs = breadcrumbs_data(("Home", "/"), *above, (name, path))
    return [page | ({"description": description} if description else {}), crumbs]


def profile_data(name, path, **more):
    """The data of a profile page; `more` are schema.org properties of the person, empty ones left out."""
    about = {"@type": "Person", "@id": absolute_url(f"{path}#person"), "name": name, "url": absolute_url(path)}
    about |= {key: value for key, value in more.items() if value}
    return [
        {"@type": "ProfilePage", "url": absolute_url(path), "mainEntity": about},
        breadcrumbs_data(("Home", "/"), (name, path)),
    ]
