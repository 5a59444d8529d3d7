"""What somebody sees whose save came too late: their words beside the newer ones, so that nothing is lost."""

import json
from dataclasses import asdict, dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils.html import escape

from newsroom.desk.base import number
from newsroom.errors import Refused

from ...body import diff, schema
from ...models import Article
from . import sides

COMPARED = ("label", "headline", "standfirst", "body", "short_headline", "slug", "dateline", "lead_caption")
KEPT = (*COMPARED, "catchline", "budget_line", "seo_title", "social_title", "embargo_terms")


SETTLE = "settle"  # the boxes of a form that carry the places still to be settled
ROW_WORDS = ("attribution_as_printed", "disclosure_printed", "description", "outlet", "reason")
CHOICES = ("both", "mine", "theirs")


@dataclass(frozen=True)
class Place:
    """A box, or a paragraph of the text ("body"), that two people changed differently: what each made of `base`."""

    field: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Shown:
    """A place as the page shows it."""

    data: str
    label: str
    mine: str
    theirs: str
    joins: bool
    removed: bool


class ToSettle(Refused):
    """Not saved yet: somebody has to look at what two people made of the same words."""

    is_note = True


def their_name(article, user):
    """Who saved the newest version, as somebody reads it who meets it."""
    return "your other window" if article.updated_by == user else str(article.updated_by or "somebody")


def places_to_settle(typed):
    """The places that a form still carries; what is none of ours is left out."""
    found = []
    for data in typed.getlist(SETTLE)[:200]:
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            continue
        known = isinstance(data, dict) and set(data) == set(Place.__dataclass_fields__)
        if known and all(isinstance(value, str) for value in data.values()):
            found.append(Place(**data))
    return found


def show_places(request, article, places):
    """Refuse what a request sends until somebody has settled these places; each then stands there in both words."""
    request.places = places
    count = "1 place" if len(places) == 1 else f"{len(places)} places"
    request.refusal = ToSettle(
        f"{count} to settle. Nothing is lost, and nothing is saved yet: everything else is put together below."
    )
    request.refused_with = 409


def settle(request, article):
    """Do what somebody chose at one place (`_settle`: number and choice), and ask again about those still open.

    A place that was changed by hand since it was shown is settled by that.
    """
    typed = request.POST.copy()
    chosen, _, choice = (typed.pop("_settle", None) or [""])[-1].partition(":")
    places = places_to_settle(typed)
    typed.pop(SETTLE, None)
    chosen = number(chosen)
    if chosen is not None and chosen < len(places) and choice in CHOICES:
        _settle(typed, places.pop(chosen), choice)
    request.POST = typed
    if places := [place for place in places if _is_open(typed, place)]:
        show_places(request, article, places)


def _is_open(typed, place):
    if place.field == "body":
        return place.theirs + place.mine in schema.sanitise(typed.get("body", ""))
    if place.field.endswith("-DELETE"):
        return False  # the row is kept, and may still be taken out
    return typed.get(place.field, "").strip() == place.mine.strip()


def _settle(typed, place, choice):
    if place.field == "body":
        # Both stand there, theirs first; somebody who has changed them since keeps both.
        kept = {"both": place.theirs + place.mine, "mine": place.mine, "theirs": place.theirs}[choice]
        typed["body"] = schema.sanitise(typed.get("body", "")).replace(place.theirs + place.mine, kept, 1)
    elif place.field.endswith("-DELETE"):
        if {"both": "", "mine": place.mine, "theirs": place.theirs}[choice]:
            typed[place.field] = "on"
    elif _is_open(typed, place):
        joined = " / ".join(filter(None, [place.theirs, place.mine]))
        typed[place.field] = {"both": joined, "mine": place.mine, "theirs": place.theirs}[choice]


def places_shown(request, form):
    """The places that a page asks about: [Shown]."""
    return [_shown_place(place, form) for place in getattr(request, "places", ())]


def _shown_place(place, form):
    field = form.fields.get(place.field)
    joins = place.field == "body" or place.field.split("-", 2)[-1] in ROW_WORDS or _is_text(place.field, field)
    removed = place.field.endswith("-DELETE")
    mine, theirs = (_side_shown(place, side, field) for side in (place.mine, place.theirs))
    if removed:
        mine, theirs = ("taken out" if side else "changed, and kept" for side in (place.mine, place.theirs))
    label = sides.label_of(type(form), place.field)
    return Shown(json.dumps(asdict(place)), label, mine, theirs, joins, removed)


def _is_text(name, field):
    plain = isinstance(field, forms.CharField) and not isinstance(field, forms.ChoiceField)
    return plain and name not in ("slug", "language")


def _side_shown(place, value, field):
    if not value:
        return "nothing"
    if place.field == "body" or field is None or _is_text(place.field, field):
        return changes_as_html(place.field, place.base, value) or value
    try:
        cleaned = field.clean(value)
    except ValidationError:
        return value
    named = dict(getattr(field, "choices", None) or []) if not hasattr(cleaned, "pk") else {}
    return str(named.get(cleaned, cleaned))


def conflicting_fields(form):
    """Where a stale form and the saved story differ: [(label, safe HTML from the saved words to those typed)]."""
    current = getattr(form, "conflict", None)
    if current is None:
        return []
    return _differences(current, lambda name: form.data.get(form.add_prefix(name)), form.fields)


def _differences(current, typed, names):
    found = []
    for name in COMPARED:
        mine, theirs = typed(name), getattr(current, name)
        if name not in names or mine is None:
            continue
        mine = schema.sanitise(mine) if name == "body" else " ".join(mine.split())
        if mine != theirs:
            label = Article._meta.get_field(name).verbose_name.capitalize()
            found.append((label, changes_as_html(name, theirs, mine)))
    return found


def merge_conflicts_shown(article):
    """Where a correction and the update under way changed the same words: [(field, both values, safe HTML)].

    The HTML goes from the update to the correction; it is "" where one of the two is no text.
    """
    found = []
    for name, both in (article.merge_conflict or {}).items():
        mine, theirs = both.get("mine"), both.get("theirs")
        changes = changes_as_html(name, mine, theirs) if isinstance(mine, str) and isinstance(theirs, str) else ""
        found.append((name, both, changes))
    return found


def changes_as_html(name, old, new, names=None):
    """The changes between two values of a text field, as safe HTML; `names` are those behind a body's references."""
    if name == "body":
        return diff.changes_html(old or "", new or "", names=names)
    return diff.changes_html(f"<p>{escape(old or '')}</p>", f"<p>{escape(new or '')}</p>")


def unsaved_words_page(model_admin, request, article):
    """The answer to a save by somebody who may no longer change the story: a page with what they typed, to copy."""
    typed = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
    rows = {prefix: sides.row_words(sides.rows_typed(request.POST, prefix) or []) for prefix in sides.TABLES}
    last = article.transitions.select_related("by").first()
    context = model_admin.admin_site.each_context(request) | {
        "title": f"Not saved: {article}",
        "opts": model_admin.opts,
        "original": article,
        "last": last,
        "typed": [
            (Article._meta.get_field(name).verbose_name.capitalize(), name, value) for name, value in typed.items()
        ]
        + [(sides.TABLE_NAMES[prefix], prefix, words) for prefix, words in rows.items() if words],
        "sides": _differences(article, request.POST.get, COMPARED),
    }
    return TemplateResponse(request, "admin/articles/article/kept.html", context, status=403)
