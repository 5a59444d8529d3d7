"""A story's text as a colleague reads it on the desk, outside the editor."""

from django.utils.safestring import mark_safe
from lxml import html as lxml_html

from experts.models import Expert
from newsroom.desk.base import number

from ...body import schema
from ...models import Article, Image

# What each reference in a text is called to whoever reads it.
KINDS = {"expert": "Quote", "article": "Related story", "image": "Picture"}


def readable_body(body):
    """A body as safe HTML, sanitised, with the names of the people, stories and pictures it refers to; three queries.

    A body without text is "", and asks no query.
    """
    body = schema.sanitise(body)
    if not body:
        return ""
    root = lxml_html.fragment_fromstring(body, create_parent="div")
    marks = [(kind, element) for kind in KINDS for element in root.iterfind(f".//*[@data-{kind}]")]
    wanted = {kind: set() for kind in KINDS}
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
