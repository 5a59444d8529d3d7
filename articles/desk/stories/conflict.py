"""What somebody meets who is late: their words beside those of whoever was quicker, and nothing lost."""

from django.template.response import TemplateResponse
from django.utils.html import escape

from ...body import diff, schema
from ...models import Article

COMPARED = ("label", "headline", "standfirst", "body", "short_headline", "slug", "dateline", "lead_caption")
KEPT = (*COMPARED, "catchline", "budget_line", "seo_title", "social_title", "embargo_terms")


def sides(form):
    """Where a stale form and the story as saved differ: (label, safe HTML from theirs to yours)."""
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
            found.append((label, compare(name, theirs, mine)))
    return found


def compare(name, old, new):
    """Safe HTML of what changed between two values of a field of words."""
    if name == "body":
        return diff.blocks(old or "", new or "")
    return diff.blocks(f"<p>{escape(old or '')}</p>", f"<p>{escape(new or '')}</p>")


def kept_page(model_admin, request, article):
    """The answer to a save by somebody who may not change the story as it stands now: their words, to keep."""
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
