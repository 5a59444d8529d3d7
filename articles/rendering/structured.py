"""What pages say to machines: schema.org data as JSON-LD, from what the page prints and nothing else."""

import json

from django.conf import settings
from django.utils.safestring import mark_safe

from .. import genres

# Inside a script element these could end it or open a comment; the last two end a line of JavaScript.
ESCAPES = {ord(c): f"\\u{ord(c):04X}" for c in "<>&\u2028\u2029"}


def absolute(path):
    """A path as a whole address."""
    return f"{settings.SITE_URL}{path}"


def dumps(data, *, context=True):
    """Data (a dict, or a list of them) as the text of a JSON-LD script element, safe inside HTML."""
    if context and isinstance(data, list):
        data = {"@graph": data} if len(data) > 1 else data[0]
    if context:
        data = {"@context": "https://schema.org", **data}
    return mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES))


def publisher(name):
    return {
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#publisher"),
        "name": name,
        "url": absolute("/"),
        "correctionsPolicy": absolute("/corrections/"),
    }


def breadcrumbs(*steps):
    """A trail of (name, path), outermost first."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def story(edition, text, data, publication, picture_mark=""):
    """A story: its schema.org type by genre, who wrote it, what was corrected, where it stands.

    `picture_mark` takes the place of its pictures, for the caller to put in what `picture` gives.
    """
    path = edition.path
    subtype = genres.GENRES[edition.genre].schema_type
    if data.get("origin") == "agency" and subtype == "ReportageNewsArticle":
        subtype = "NewsArticle"
    article = {
        "@type": [subtype, "NewsArticle"] if subtype != "NewsArticle" else "NewsArticle",
        "@id": absolute(f"{path}#story"),
        "mainEntityOfPage": absolute(path),
        "url": absolute(path),
        "headline": text.headline,
        "description": text.standfirst,
        "image": [picture_mark] if picture_mark else [],
        "datePublished": edition.first_published_at.isoformat(timespec="seconds"),
        "dateModified": edition.changed_at.isoformat(timespec="seconds"),
        "author": authors(data, publication),
        "publisher": publisher(publication.name),
        "inLanguage": edition.language,
        "isAccessibleForFree": True,
        "articleSection": data["section"]["name"],
        "keywords": [topic["name"] for topic in data.get("topics", [])],
        "wordCount": data.get("word_count"),
        "dateline": data.get("dateline"),
        "correction": [correction(note) for note in data.get("corrections", [])],
        "mentions": [
            {"@type": "Person", "name": who["name"], "description": who.get("attribution", "")}
            for who in data.get("people", [])
        ],
    }
    article |= _of_genre(edition.genre, data.get("genre_facts") or {})
    if data.get("discussion") == "pre":
        article["discussionUrl"] = absolute(f"{path}#discuss")
    graph = [{key: value for key, value in article.items() if value not in (None, "", [])}]
    if edition.genre == "fact_check":
        graph.append(_claim_review(edition, data, publication))
    section = data["section"]
    graph.append(breadcrumbs(("Home", "/"), (section["name"], f"/{section['slug']}/"), (text.headline, path)))
    return graph


def authors(data, publication):
    writers = [line for line in data.get("bylines", []) if line["role"] == "writer"]
    if writers:
        return [
            {"@type": "Person", "name": line["name"], "url": absolute(f"/people/{line['slug']}/")} for line in writers
        ]
    if data.get("credit"):
        return [{"@type": "Organization", "name": data["credit"]["name"]}]
    return [{"@type": "NewsMediaOrganization", "name": publication.name, "url": absolute("/")}]


def correction(note):
    return {"@type": "CorrectionComment", "text": note["reader_text"], "datePublished": note["at"]}


def picture(data):
    """A picture as ImageObject, at its greatest width."""
    width = data["widths"][-1]
    made = {
        "@type": "ImageObject",
        "url": absolute(f"/media/{data['token']}-{width}.jpg"),
        "width": width,
        "height": round(data["height"] * width / data["width"]) if data["width"] else None,
        "creditText": data.get("credit"),
        "caption": data.get("caption"),
    }
    return {key: value for key, value in made.items() if value}


def _of_genre(genre, facts):
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


def _claim_review(edition, data, publication):
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
        "url": absolute(edition.path),
        "claimReviewed": facts.get("claim", ""),
        "datePublished": edition.first_published_at.isoformat(timespec="seconds"),
        "author": publisher(publication.name),
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
