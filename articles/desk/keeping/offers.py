"""What a personal draft holds that the story does not have: shown to its person when they come back."""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import QueryDict
from django.utils.html import format_html_join

from newsroom import paper

from ...actions import take, writing
from ...body.strip import without_desk_notes
from ...models import Article, State
from ..stories import sides
from ..stories.conflict import changes_as_html
from ..stories.forms import StoryForm


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
    """[(label, safe HTML from the words begun from to those typed)] of what was typed and is not in the story."""
    before = sides.content_before(article, typed)
    was = sides.of_content(before) if before else now
    was = was | _one_each(sides.planning_before(typed))
    mine = _one_each(sides.planning_typed(form_class, typed))
    found = []
    for name in dict.fromkeys([*sides.of_content(content), *was, *mine]):
        value = mine.get(name) or sides.typed_in(typed, name)
        empty = [] if name in sides.SEVERAL else [""]
        old, new = was.get(name, empty), now.get(name, empty)
        if value is None or _alike(name, value, old) or _alike(name, value, new):
            continue
        found.append((sides.label_of(form_class, name), _shown(name, old, value)))
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
            found.append((sides.TABLE_NAMES[prefix], changes_as_html("", sides.row_words(old), sides.row_words(rows))))
    return found


def _alike(name, one, other):
    """Whether two values say the same. A note's mark says nothing: the note knows its words, and is kept by itself."""
    if name == "body":
        one, other = ([without_desk_notes(text) for text in side] for side in (one, other))
    return sides.alike(name, one, other)


def _shown(name, new, value):
    if name in sides.SEVERAL:
        return ""
    return changes_as_html(name, new[0], value[0])


# --- two people -----------------------------------------------------------------------------------------

PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def part_in_words(part):
    """Where somebody is in a story: “in the fourth paragraph”, “in the headline”, “in Sources”; "" for nowhere."""
    name, _, place = part.partition(":")
    if not name:
        return ""
    if name == "body" and place.isdigit():
        place = int(place)
        return f"in the {PLACES[place - 1]} paragraph" if 0 < place <= len(PLACES) else f"in paragraph {place}"
    label = sides.label_of(StoryForm, name)
    return f"in {label.partition(':')[0]}" if "-" in name else f"in the {label.lower()}"


def saved_since(article, version):
    """What was saved of a story since a version: who, when, and what it changed, as JSON."""
    older = article.revisions.filter(number=version).first()
    differs = []
    if older is not None:
        old, new = sides.of_content(older.content), sides.of_content(writing.content_of(article))
        for name in dict.fromkeys([*old, *new]):
            was, now = old.get(name, [""]), new.get(name, [""])
            if not sides.alike(name, was, now):
                differs.append((sides.label_of(StoryForm, name), _shown(name, was, now)))
    return {
        "by": str(article.updated_by or "Somebody"),
        "at": f"{paper.local(article.updated_at):%H:%M}",
        "version": article.version,
        "differs": [{"label": str(label), "html": html} for label, html in differs],
    }


def moved_since(article, seen):
    """What was done with a story since a page showed it as `seen` (a `take.seen_token`), as JSON; None for nothing.

    A version more is no move: see `saved_since`. The clock moves a story too, when what waits goes out.
    """
    now = take.seen_token(article)
    if now.partition(".")[2] == seen.partition(".")[2]:
        return None
    last = article.transitions.select_related("by").first()
    state = State(article.state).label.lower()
    told = f"{last.label}: {last.by or 'somebody'}, {paper.local(last.at):%H:%M}. " if last else ""
    return {"said": f"{told}The story is {state} now.", "seen": now}


def _one_each(values):
    return {name: [value] for name, value in values.items()}
