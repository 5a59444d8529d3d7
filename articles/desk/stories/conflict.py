"""What somebody sees whose save came too late: their words beside the newer ones, so that nothing is lost."""

from django.template.response import TemplateResponse
from django.utils.html import escape

from ...body import diff, schema
from ...models import Article

COMPARED = ("label", "headline", "standfirst", "body", "short_headline", "slug", "dateline", "lead_caption")
KEPT = (*COMPARED, "catchline", "budget_line", "seo_title", "social_title", "embargo_terms")


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
    last = article.transitions.select_related("by").first()
    context = model_admin.admin_site.each_context(request) | {
        "title": f"Not saved: {article}",
        "opts": model_admin.opts,
        "original": article,
        "last": last,
        "typed": [
            (Article._meta.get_field(name).verbose_name.capitalize(), name, value) for name, value in typed.items()
        ],
        "sides": _differences(article, request.POST.get, COMPARED),
    }
    return TemplateResponse(request, "admin/articles/article/kept.html", context, status=403)
