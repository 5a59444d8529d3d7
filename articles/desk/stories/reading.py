"""A story's text as a colleague reads it on the desk, outside the editor."""

from django.utils.safestring import mark_safe
from lxml import html as lxml_html

from experts.models import Expert
from newsroom.desk.base import number

from ...body import language as languages
from ...body import schema
from ...body.render import add_quotation_marks
from ...models import Article, Image

# What each reference in a text is called to whoever reads it.
KINDS = {"expert": "Quote", "article": "Related story", "image": "Picture"}


def readable_body(body, language):
    """A body as safe HTML, with the quotation marks that readers get and the names of what it refers to.

    It is sanitised. Three queries; a body without text is "", and asks none.
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
    _print_quotation_marks(root, language)
    inner = (root.text or "") + "".join(lxml_html.tostring(child, encoding="unicode") for child in root)
    return mark_safe(inner)  # the sanitiser's own output, with escaped attributes added


def _print_quotation_marks(root, language):
    """Put the marks of a language into linked quotations, as the page for readers does."""
    for quote in root.iter("q", "blockquote"):
        level = sum(1 for up in quote.iterancestors("q", "blockquote") if up.tag == "q" or up.get("data-expert"))
        if quote.tag == "blockquote" and not quote.get("data-expert"):
            continue
        if not languages.has_own_quotation_marks("".join(quote.itertext())):
            add_quotation_marks(quote, *languages.quotation_marks(language, level))
