"""Putting a late save together with the newer version, so that nothing of either is lost."""

from newsroom.desk.base import number
from newsroom.errors import Refused

from ...actions import writing
from ...body import merge, schema
from ...models import Article, Revision
from .forms import FACT, RULE

SEVERAL = ("sections", "topics")  # fields with several values; one without any is not sent at all
INLINES = {"bylines": ("contributor", "role"), "appearances": ("expert", "attribution"),
           "attributions": ("kind", "description", "outlet", "reason", "known_by")}  # fmt: skip
NAMED_BY = {"bylines": "contributor", "appearances": "expert", "attributions": "description"}  # none without it


def keep_both(request, article, form_class):
    """Put what was typed from an older version together with the newest, in what the request sent.

    What only one side changed is taken from it, and a text paragraph by paragraph. Where both changed the same, what
    was typed stays in its box, the text has both; then the request's refusal says where to look, and nothing is saved.
    """
    typed, looked = request.POST.copy(), []
    older = Revision.objects.filter(article=article, number=number(typed.get("base_version")) or 0).first()
    if older is None or older.number == article.version:
        return
    was, now = older.content, writing.content_of(article)
    old, new = _as_sent(was), _as_sent(now)
    for name in dict.fromkeys([*old, *new]):
        mine = _sent(typed, name)
        before, theirs = (side.get(name, [] if name in SEVERAL else [""]) for side in (old, new))
        if mine is None or before == theirs or _alike(name, mine, theirs):
            continue
        if _alike(name, mine, before):
            typed.setlist(name, theirs)
        elif name == "body":
            typed[name], both = merge.merged_text(*(schema.sanitise(side[0]) for side in (before, mine, theirs)))
            looked += [(name, "")] if both else []
        else:
            looked.append((name, "" if name in SEVERAL else theirs[0]))
    for prefix, keys in INLINES.items():
        if f"{prefix}-TOTAL_FORMS" in typed and was.get(prefix) != now.get(prefix):
            if _rows_sent(typed, prefix, keys) == _rows_held(was, prefix, keys):
                _send_rows_as_saved(typed, article, prefix)
            else:
                looked.append((prefix, ""))
    looked += _planning_that_differs(form_class, typed, article, known=new)
    typed["base_version"] = str(article.version)
    typed.pop("_both", None)
    request.POST = typed
    if looked:
        request.refusal = Refused(_words(article, looked, form_class))
        request.refused_with = 409


def _as_sent(content):
    """A revision's content as the form sends it: {name of a field: list of strings}."""
    sent = {name: [content.get(name)] for name in writing.PLAIN_FIELDS if name != "genre_facts"}
    lead, credit = content.get("lead_image") or {}, content.get("credit") or {}
    sent |= {"lead_image": [lead.get("id")], "lead_caption": [lead.get("caption")], "credit": [credit.get("id")]}
    sent |= {name: [content.get(name)] for name in ("section", "translation_of")}
    sent |= {name: sorted(content.get(name) or []) for name in SEVERAL}
    for name, fact in (content.get("genre_facts") or {}).items():
        sent[FACT + name] = ["\n".join(fact) if isinstance(fact, list) else fact]
    sent |= {RULE + quote["uid"]: [quote["ground_rule"]] for quote in content.get("quotes") or []}
    return {name: ["" if value is None else str(value) for value in values] for name, values in sent.items()}


def _sent(typed, name):
    """What was sent for a field; None where its box was not in the form."""
    if name in SEVERAL and "body" in typed:
        return sorted(typed.getlist(name), key=lambda key: (len(key), key))
    return typed.getlist(name) or None


def _alike(name, one, other):
    def plain(value):
        return schema.sanitise(value) if name == "body" else " ".join(value.split())

    return [plain(value) for value in one] == [plain(value) for value in other]


def _rows_held(content, prefix, keys):
    return [tuple(str(row.get(key) or "") for key in keys) for row in content.get(prefix) or []]


def _rows_sent(typed, prefix, keys):
    columns = {"attribution": "attribution_as_printed"}
    rows = range(int(typed[f"{prefix}-TOTAL_FORMS"]) if typed[f"{prefix}-TOTAL_FORMS"].isdigit() else 0)
    if any(f"{prefix}-{n}-DELETE" in typed for n in rows):
        return None
    rows = [n for n in rows if typed.get(f"{prefix}-{n}-{NAMED_BY[prefix]}")]  # the last row may be an empty one
    return [tuple(typed.get(f"{prefix}-{n}-{columns.get(key, key)}", "") for key in keys) for n in rows]


def _send_rows_as_saved(typed, article, prefix):
    """Send a table's rows as they are saved, in place of those that were typed from."""
    for name in [name for name in typed if name.startswith(f"{prefix}-")]:
        del typed[name]
    rows = list(getattr(article, prefix).all())
    typed[f"{prefix}-TOTAL_FORMS"] = typed[f"{prefix}-INITIAL_FORMS"] = str(len(rows))
    for n, row in enumerate(rows):
        for field in row._meta.concrete_fields:
            if field.editable or field.primary_key:
                value = field.value_from_object(row)
                typed[f"{prefix}-{n}-{field.name}"] = "" if value is None else str(value)


def _planning_that_differs(form_class, typed, article, *, known):
    """Boxes beside the words that differ: versions do not hold them, so who changed them nobody can say."""
    form = form_class(typed, instance=Article.objects.get(pk=article.pk))
    names = set(form.changed_data) - set(known) - {"base_version", "seen"}
    plain = {name for name in names if not name.startswith((FACT, RULE))}
    return [(name, str(getattr(article, name, "") or "nothing")) for name in sorted(plain)]


def _words(article, looked, form_class):
    labels = form_class.base_fields
    said = [
        f"{str(labels[name].label if name in labels else name).lower()}"
        + (f" (they have “{theirs}”)" if theirs else "")
        for name, theirs in looked
    ]
    return (
        f"Both are put together below, and nothing is saved yet. You and {article.updated_by or 'somebody'} changed the"
        f" same here; yours is in the box, a text has both: {'; '.join(said)}. Look, then save."
    )
