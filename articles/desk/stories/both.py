"""Putting a late save together with the newer version, so that nothing of either is lost."""

import json

from django import forms
from django.contrib import messages

from newsroom.errors import Refused

from ...actions import writing
from ...body import merge, schema
from ...models import Article
from . import sides
from .conflict import Place, show_places, their_name

# What says which row of a table is which, where its number does not.
NAMED_BY = {"bylines": "contributor", "appearances": "expert", "attributions": "description"}


class BroughtIn(Refused):
    """Not saved, because nobody asked for that: what a colleague saved was put into the form."""

    is_note = True


def put_together(request, article, form_class):
    """Put what was typed from an older version together with the newest, in what the request sends.

    What only one side changed is taken from it: a text paragraph by paragraph, topics and further sections one by one,
    a table of rows row by row and column by column. Where both changed the same, a text gets both and any other box
    keeps what was typed; the request's refusal then shows both, and nothing is saved. Call it with the story's row
    locked, so that no newer version comes between.
    """
    typed = request.POST.copy()
    before = sides.content_before(article, typed)
    if before is None:
        return
    both = _Both(article, form_class, typed, before)
    both.merge()
    typed["base_version"] = str(article.version)
    bring = typed.pop("_bring", None)
    typed.pop("_both", None)
    request.POST = typed
    who = their_name(article, request.user)
    if both.places:
        show_places(request, article, [*getattr(request, "places", ()), *both.places])
    elif bring and not hasattr(request, "restored"):
        request.refusal = BroughtIn(f"What {who} saved is in your form. Yours is not saved yet.")
        request.refused_with = 200
    else:
        request.put_together = f"Put together with version {article.version}, which {who} saved meanwhile."


def say_so(request):
    """After a save: tell whose version it was put together with."""
    if words := getattr(request, "put_together", ""):
        messages.info(request, words)


class _Both:
    """Three sides of one story: the version that was begun from, what was typed, and what is saved by now."""

    def __init__(self, article, form_class, typed, before):
        self.article, self.typed, self.places = article, typed, []
        self.form_class, self.before, self.now = form_class, before, writing.content_of(article)
        self.saved = Article.objects.get(pk=article.pk)
        self.form = form_class(instance=self.saved)

    def merge(self):
        old, new = sides.of_content(self.before), sides.of_content(self.now)
        for name in dict.fromkeys([*old, *new]):
            empty = [] if name in sides.SEVERAL else [""]
            # A box of the form that was not sent is empty: so Django takes it, too.
            mine = sides.typed_in(self.typed, name)
            if mine is None and name in self.form.fields:
                mine = empty
            if mine is not None:
                self._merge_box(name, old.get(name, empty), mine, new.get(name, empty))
        self._merge_planning()
        for prefix in sides.TABLES:
            rows = sides.rows_typed(self.typed, prefix)
            if rows is not None:
                self._merge_table(prefix, rows)

    def _merge_box(self, name, was, mine, theirs):
        if sides.alike(name, was, theirs) or sides.alike(name, mine, theirs):
            return
        if sides.alike(name, mine, was):
            self.typed.setlist(name, theirs)
        elif name == "body":
            self._merge_text(*(schema.sanitise(side[0]) for side in (was, mine, theirs)))
        elif name in sides.SEVERAL:
            self.typed.setlist(name, sorted(merge.merged_set(was, mine, theirs)))
        else:
            self.places.append(Place(name, was[0], mine[0], theirs[0]))

    def _merge_text(self, was, mine, theirs):
        self.typed["body"], conflicts = merge.merged_text(was, mine, theirs)
        self.places += [Place("body", one.base, one.mine, one.theirs) for one in conflicts]

    def _merge_planning(self):
        """Boxes that versions do not hold: the page itself says what stood in them; without that both are shown."""
        was, mine = sides.planning_before(self.typed), sides.planning_typed(self.form_class, self.typed)
        theirs = sides.planning_now(self.form)
        for name, value in mine.items():
            if value == theirs[name] or was.get(name) == theirs[name]:
                continue
            if value == was.get(name):
                self._type(name, theirs[name])
            else:
                self.places.append(Place(name, was.get(name, ""), value, theirs[name]))
        self.typed[sides.SHOWN] = json.dumps(theirs)

    def _type(self, name, value):
        self.typed.pop(f"{name}-reading", None)
        if isinstance(self.form.fields[name], forms.BooleanField):
            self.typed.pop(name, None)
            self.typed.update({name: "on"} if value else {})
        else:
            self.typed[name] = value

    # --- rows -----------------------------------------------------------------------------------

    def _merge_table(self, prefix, rows):
        saved = {str(row.pk): row for row in getattr(self.article, prefix).all()}
        base, mine, theirs = _named(prefix, sides.rows_held(self.before, prefix), rows, saved)
        merged, conflicts = merge.merged_rows(base, mine, theirs)
        self._send_rows(prefix, merged, theirs, saved, conflicts, mine)

    def _send_rows(self, prefix, merged, theirs, saved, conflicts, mine):
        """Send a table's rows as they were put together; Django wants those first that are saved."""
        kept = {name: value for name, value in self.typed.items() if name.startswith(f"{prefix}-M")}
        for name in [name for name in self.typed if name.startswith(f"{prefix}-")]:
            del self.typed[name]
        order = list(merged)
        ordered = any(field.name == "order" for field in getattr(self.article, prefix).model._meta.fields)
        first = [name for name in theirs if name in merged]
        gone = [name for name in theirs if name not in merged]
        names = [*first, *gone, *(name for name in merged if name not in theirs)]
        self.typed.update(kept)
        self.typed[f"{prefix}-TOTAL_FORMS"] = str(len(names))
        self.typed[f"{prefix}-INITIAL_FORMS"] = str(len(theirs))
        for n, name in enumerate(names):
            row = {"article": str(self.article.pk)} | (theirs.get(name) or {}) | (merged.get(name) or {})
            row["id"] = name if name in saved else ""
            if name in gone:
                row["DELETE"] = "on"
            if name in order and ordered:
                row["order"] = str(order.index(name))
            for column, value in row.items():
                self.typed[f"{prefix}-{n}-{column}"] = value
            for column, value in conflicts.get(name, {}).items():
                self.places.append(Place(f"{prefix}-{n}-{column}", "", row[column], value))
            if conflicts.get(name) == {}:
                out = "mine" if name not in mine else "theirs"
                self.places.append(Place(f"{prefix}-{n}-DELETE", "", **{"mine": "", "theirs": ""} | {out: "on"}))


def _named(prefix, base, typed, saved):
    """The rows of the three sides as {name: {column: text}}, one and the same row under one name.

    A saved row is named by its number. A row of the version that was begun from has the number that the form gave it;
    where that row is gone, because somebody's change wrote the rows anew, what it is about says which it is.
    """
    about = NAMED_BY[prefix]
    theirs = {pk: _as_typed(row) for pk, row in saved.items()}
    at_first = [row for row in typed if row.get("id")]
    aligned = len(at_first) == len(base)
    free = {pk: row for pk, row in theirs.items() if pk not in {row["id"] for row in at_first}}
    was, names = {}, {}
    for n, row in enumerate(base):
        name = at_first[n]["id"] if aligned else ""
        if name not in theirs:
            known = at_first[n] if aligned else row
            same = [pk for pk, one in free.items() if one.get(about) in (known.get(about), row.get(about))]
            name = same[0] if same else name or f"was {n}"
            free.pop(name, None)
        was[name] = row
        if aligned:
            names[at_first[n]["id"]] = name
    mine = {}
    for n, row in enumerate(_in_order(typed)):
        if row not in sides.standing([row]):
            continue
        name = names.get(row.get("id", ""), row.get("id", ""))
        if name not in was:
            same = [pk for pk, one in free.items() if one.get(about) == row.get(about) and pk not in mine]
            name = same[0] if same else f"new {n}"
        words = {column: value for column, value in row.items() if column not in ("id", "order", "article")}
        mine[name] = {column: value.replace("\r\n", "\n").strip() for column, value in words.items()}
    return was, mine, theirs


def _in_order(rows):
    """Rows by the order that their own column gives, where they have one."""
    return sorted(rows, key=lambda row: int(row["order"]) if row.get("order", "").isdigit() else len(rows))


def _as_typed(row):
    fields = [f for f in row._meta.concrete_fields if f.editable and not f.primary_key and f.name != "order"]
    values = {f.name: f.value_from_object(row) for f in fields if f.name != "article"}
    return {name: "" if value is None else str(value) for name, value in values.items() if not isinstance(value, dict)}
