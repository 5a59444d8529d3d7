"""What the desk's templates ask for: the person's queues, the way round, a story's text to read."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from lxml import html as lxml_html

from experts.models import Expert
from newsroom.desk.base import number

from .. import roles
from ..body import schema
from ..desk import base, home
from ..desk.stories import conflict
from ..models import Article, Image

register = template.Library()

register.filter("moment", base.moment)

PLACES = (
    ("articles", "article", "Stories"),
    ("articles", "image", "Pictures"),
    ("experts", "expert", "Experts"),
    ("newsroom", "topic", "Topics"),
    ("articles", "front", "Fronts"),
    ("articles", "comment", "Comments"),
    ("newsroom", "user", "People"),
)


@register.simple_tag(takes_context=True)
def desk_places(context):
    """The few pages that a person goes to most, of those open to them: (name, address, whether they are there)."""
    open_to = {
        (app["app_label"], model["object_name"].lower())
        for app in context.get("available_apps") or []
        for model in app["models"]
        if model.get("admin_url")
    }
    here = context["request"].path
    places = [
        (name, reverse(f"admin:{app}_{model}_changelist")) for app, model, name in PLACES if (app, model) in open_to
    ]
    if roles.may(context["request"].user, "see the source audit"):
        places.append(("Source audit", reverse("desk:audit")))
    return [(name, url, here.startswith(url)) for name, url in places]


@register.simple_tag(takes_context=True)
def desk_queues(context):
    """What waits for the person who looks, each list capped; see `articles/desk/home.py`."""
    return home.of(context["request"].user)


@register.filter
def readable(body):
    """A body as the desk reads it: sanitised, with the names of the people, stories and pictures that it refers to."""
    body = schema.sanitise(body)
    if not body:
        return ""
    root = lxml_html.fragment_fromstring(body, create_parent="div")
    wanted = {"expert": set(), "article": set(), "image": set()}
    marks = [(kind, el) for kind in wanted for el in root.iterfind(f".//*[@data-{kind}]")]
    for kind, element in marks:
        wanted[kind].add(number(element.get(f"data-{kind}")))
    stories = Article.objects.only("headline", "catchline")
    tables = {"expert": Expert.objects, "article": stories, "image": Image.objects}
    names = {
        kind: {row.pk: str(row) for row in rows.filter(pk__in=wanted[kind] - {None})} for kind, rows in tables.items()
    }
    for kind, element in marks:
        key = element.get(f"data-{kind}")
        name = names[kind].get(number(key), f"missing no. {key}")
        element.set("data-name", f"{KINDS[kind]}: {name}")
    inner = (root.text or "") + "".join(lxml_html.tostring(child, encoding="unicode") for child in root)
    return mark_safe(inner)  # the sanitiser's own output, with escaped attributes added


KINDS = {"expert": "Quote", "article": "Related story", "image": "Picture"}


@register.filter
def thumbnail(image, width=320):
    """A picture of the library as the desk shows it; staff see it whatever its rights."""
    if not image or not image.pk:
        return ""
    return format_html(
        '<img class="thumb" src="{}" alt="{}" loading="lazy">', picture_url(image, width), image.alt or ""
    )


@register.filter
def picture_url(image, width=320):
    """The desk's address of a picture, at the widest of its widths that is no wider."""
    fitting = [w for w in image.widths if w <= int(width)] or image.widths[:1]
    return reverse("desk_media", kwargs={"token": image.token, "width": fitting[-1], "extension": "jpg"})


@register.filter
def to_theirs(both, field):
    """What a correction says in place of one's own update, marked word by word; "" for what is no text."""
    mine, theirs = both.get("mine"), both.get("theirs")
    return conflict.compare(field, mine, theirs) if isinstance(mine, str) and isinstance(theirs, str) else ""


@register.filter
def can_sign(signoffs):
    return [s for s in signoffs if s["may"] and not s["fresh"]]
