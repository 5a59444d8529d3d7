"""What a personal draft holds that the story does not have: shown to its person when they come back."""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import QueryDict
from django.utils.html import format_html_join

from newsroom import paper

from ...actions import writing
from ...models import Article
from ..stories import sides
from ..stories.conflict import changes_as_html

TABLE_NAMES = {"bylines": "Bylines", "appearances": "People", "attributions": "Sources"}


def as_posted(draft):
    """A draft's boxes as a request would send them."""
    typed = QueryDict(mutable=True)
    for name, value in draft.fields:
        typed.appendlist(name, value)
    return typed


def form_class_for(request, article):
    """The class of a story's form as this person gets it."""
    ours = admin.site.get_model_admin(Article)
    fields = flatten_fieldsets(ours.get_fieldsets(request, article))
    return ours.get_form(request, article, change=True, fields=fields)


def offers_of(request, article, drafts):
    """What the page offers of a story's drafts, as JSON; those that say nothing new only have `differs` empty."""
    if not drafts:
        return []
    form_class, content = form_class_for(request, article), writing.content_of(article)
    now = sides.of_content(content)
    planning = sides.planning_now(form_class(instance=article))
    now |= _one_each(planning)
    return [
        _as_json(draft, what_differs(article, form_class, as_posted(draft), content, now))
        for draft in drafts
    ]  # fmt: skip


def offers_of_new(drafts):
    """The same for stories that are not begun yet; here the page itself fills the boxes in."""
    found = []
    for draft in drafts:
        named = [[value] for name, value in draft.fields if name in ("headline", "catchline") and value.strip()]
        differs = [("A story not begun yet", format_html_join("", "<p><bdi>{}</bdi></p>", named))] if named else []
        found.append(_as_json(draft, differs) | {"fields": draft.fields})
    return found


def _as_json(draft, differs):
    return {
        "id": draft.pk,
        "tab": draft.tab,
        "seq": draft.seq,
        "at": f"{paper.local(draft.at):%-d %b, %H:%M}",
        "version": draft.base_version,
        "differs": [{"label": str(label), "html": html} for label, html in differs],
    }


def what_differs(article, form_class, typed, content, now):
    """[(label, safe HTML from the saved words to those typed)] of what was typed and is not in the story."""
    before = sides.content_before(article, typed)
    was = sides.of_content(before) if before else now
    was = was | _one_each(sides.planning_before(typed))
    mine = _one_each(sides.planning_typed(form_class, typed))
    found = []
    for name in dict.fromkeys([*sides.of_content(content), *was, *mine]):
        value = mine.get(name) or sides.typed_in(typed, name)
        empty = [] if name in sides.SEVERAL else [""]
        old, new = was.get(name, empty), now.get(name, empty)
        if value is None or sides.alike(name, value, old) or sides.alike(name, value, new):
            continue
        found.append((label_of(form_class, name), _shown(name, new, value)))
    for prefix in sides.TABLES:
        rows = sides.rows_typed(typed, prefix)
        if rows is None:
            continue
        rows, old, new = (
            sides.standing(rows),
            sides.rows_held(before or content, prefix),
            sides.rows_held(content, prefix),
        )
        if not sides.rows_alike(prefix, rows, old) and not sides.rows_alike(prefix, rows, new):
            found.append((TABLE_NAMES[prefix], changes_as_html("", _row_words(new), _row_words(rows))))
    return found


def label_of(form_class, name):
    """What a box of the form is called."""
    if name == "body":
        return "Text"
    field = form_class.base_fields.get(name)
    label = (field and field.label) or Article._meta.get_field(name).verbose_name if _is_field(name) else ""
    return str(label or name.split("_", 1)[-1].replace("_", " ")).capitalize()


def _is_field(name):
    return name in {field.name for field in Article._meta.get_fields()}


def _shown(name, new, value):
    if name in sides.SEVERAL:
        return ""
    return changes_as_html(name, new[0], value[0])


def _row_words(rows):
    """What of some rows can be read as it is: names are numbers here."""
    words = ("attribution_as_printed", "disclosure_printed", "description", "outlet", "reason")
    return "; ".join(row[column] for row in rows for column in words if row.get(column))


def _one_each(values):
    return {name: [value] for name, value in values.items()}
