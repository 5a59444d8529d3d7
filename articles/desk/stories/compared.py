"""Where two contents of a story differ, in words for a colleague: its text, and whatever else a version holds."""

from django.utils.html import escape, format_html, format_html_join

from experts.models import Expert
from newsroom.desk.display import thumbnail
from newsroom.models import Topic

from ... import genres
from ...body import diff, references
from ...models import Article, Image, Section
from . import ai, origins
from .conflict import changes_as_html

LINES = {
    "headline": "Headline", "short_headline": "Short headline", "label": "Label", "standfirst": "Standfirst",
    "body": "Text", "dateline": "Dateline", "slug": "Address", "seo_title": "Search title",
    "social_title": "Social title", "genre": "Kind", "origin": "Origin", "language": "Language",
    "discussion": "Discussion",
}  # fmt: skip
# What stands in a content by its key, as people say it.
SAID = {
    "genre": {key: genre.name for key, genre in genres.GENRES.items()},
    "origin": dict(genres.ORIGIN_CHOICES),
    "discussion": dict(Article._meta.get_field("discussion").choices),
}


def differences(old, new):
    """Where two contents differ: [(label, safe HTML)]. At most six queries, however much they name."""
    names = _names_behind_ids(old, new)
    found = []
    for name, label in LINES.items():
        before, after = old.get(name, ""), new.get(name, "")
        if before == after:
            continue
        if said := SAID.get(name):
            before, after = said.get(before, before), said.get(after, after)
        shown = changes_as_html(name, before, after, names)
        # A text whose notes alone were moved has no changed word.
        if shown or name != "body":
            found.append((label, shown))
    for label, say in SPOKEN_PARTS.items():
        before, after = say(old, names), say(new, names)
        if before != after:
            found.append((label, diff.changes_html(_as_paragraphs(before), _as_paragraphs(after))))
    ids = [(content.get("lead_image") or {}).get("id") for content in (old, new)]
    if ids[0] != ids[1]:
        found.append(("Main picture, seen", _both_pictures(*(names.get(("picture", pk)) for pk in ids))))
    return found


def _as_paragraphs(text):
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))


def _both_pictures(old, new):
    sides = [("del", thumbnail(old)), ("ins", thumbnail(new))]
    shown = format_html_join("", "<{0}>{1}</{0}>", [(tag, image) for tag, image in sides if image])
    return format_html('<div class="diff-pictures">{}</div>', shown)


def _names_behind_ids(*contents):
    """{(kind, id): name} of all that some contents name by its row; at most six queries."""

    def ids(key):
        return {pk for content in contents for pk in content.get(key) or []}

    leads = {(content.get("lead_image") or {}).get("id") for content in contents} - {None}
    pictures = {int(pk) for content in contents for pk in content.get("pictures") or {}}
    sections = ids("sections") | {content.get("section") for content in contents} - {None}
    others = {content.get("translation_of") for content in contents} - {None}
    names = names_in_bodies(*(content.get("body", "") for content in contents), images=leads | pictures, stories=others)
    if topics := ids("topics"):
        rows = Topic.objects.filter(pk__in=topics).values_list("pk", "name")
        names |= {("topic", pk): name for pk, name in rows}
    if sections:
        rows = Section.objects.filter(pk__in=sections).values_list("pk", "name")
        names |= {("section", pk): name for pk, name in rows}
    return names


def names_in_bodies(*bodies, images=frozenset(), stories=frozenset()):
    """{(kind, id): name} of the people, stories and pictures that bodies refer to; at most three queries.

    The Image itself is there under ("picture", id).
    """
    found = [references.references_of(body) for body in bodies]
    wanted = {
        "expert": (Expert.objects, set().union(*(refs.experts for refs in found))),
        "article": (
            Article.objects.only("headline", "catchline"),
            set(stories).union(*(refs.articles for refs in found)),
        ),
        "image": (Image.objects, set(images).union(*(refs.images for refs in found))),
    }
    names = {}
    for kind, (rows, ids) in wanted.items():
        for row in rows.filter(pk__in=ids) if ids else ():
            names[kind, row.pk] = str(row)
            if kind == "image":
                names["picture", row.pk] = row
    return names


def _listed(kind, key):
    return lambda content, names: ", ".join(names.get((kind, pk), f"no. {pk}") for pk in content.get(key) or [])


def _one(kind, key):
    return lambda content, names: names.get((kind, content.get(key)), "")


def _lead(content, names):
    lead = content.get("lead_image") or {}
    return ": ".join(filter(None, [names.get(("image", lead.get("id")), ""), lead.get("caption", "")]))


def _pictures(content, names):
    lines = []
    for pk, said in (content.get("pictures") or {}).items():
        name = names.get(("image", int(pk)), f"No. {pk}")
        words = [str(value) for value in said.values() if value and str(value) != name]
        lines.append(" · ".join([name, *words]))
    return "\n".join(lines)


SPOKEN_PARTS = {
    "Words of pictures": _pictures,
    "Section": _one("section", "section"),
    "Further sections": _listed("section", "sections"),
    "Topics": _listed("topic", "topics"),
    "Translation of": _one("article", "translation_of"),
    "Bylines": lambda c, n: ", ".join(f"{b['name']} ({b['role']})" for b in c.get("bylines", [])),
    "Credit": lambda c, n: (c.get("credit") or {}).get("name", ""),
    "Main picture": _lead,
    "Titles as printed": lambda c, n: "; ".join(f"{a['name']}, {a['attribution']}" for a in c.get("appearances", [])),
    "Terms of quotes": lambda c, n: "; ".join(f"“{q['words'][:40]}” {q['ground_rule']}" for q in c.get("quotes", [])),
    "Where quotations come from": lambda c, n: "\n".join(filter(None, map(origins.in_words, c.get("quotes", [])))),
    "Sources": lambda c, n: "; ".join(a["description"] for a in c.get("attributions", [])),
    "Use of AI": lambda c, n: ai.record_in_words(c.get("ai_use") or {}),
    "Facts": lambda c, n: "; ".join(f"{k}: {v}" for k, v in sorted((c.get("genre_facts") or {}).items())),
}
