"""A story's form in parts: its fields by name and its rows by table, for templates that draw each where it belongs."""

from dataclasses import dataclass, field, replace

from django.db.models import Prefetch, prefetch_related_objects

from newsroom.folding import bare

from ...actions import writing
from ...models import PreviewReply, QuoteRecord
from . import origins
from .forms import RULE

SHOWN_WORDS = 140


def fields_by_name(adminform):
    """{name: field of the form, locked or not} of a form as the admin wraps it."""
    return {_name_of(part): part for fieldset in adminform for line in fieldset for part in line}


@dataclass(frozen=True)
class Row:
    """One row of a table, with its fields by name; `blank` is the row for a browser without scripts."""

    form: object
    id: str
    fields: dict = field(default_factory=dict)
    hidden: tuple = ()  # fields that are sent and not shown
    saved: object = None
    blank: bool = False
    said: tuple = ()  # of a person: their quotations, each with its terms

    @property
    def gone(self):
        """Whether it was marked to be taken out, by a form that is shown again."""
        return bool(self.form.is_bound and "DELETE" in self.form.fields and self.form["DELETE"].value())


@dataclass(frozen=True)
class Rows:
    """The rows of one table: those shown, the one that is copied for another, and whether any may be added."""

    name: str
    formset: object
    rows: list
    template: Row | None = None

    @property
    def open(self):
        """Whether whoever looks may change them."""
        return self.template is not None

    @property
    def wrong(self):
        """Whether something in them was refused."""
        return self.formset.is_bound and self.formset.total_error_count() > 0


def rows_by_table(inlines):
    """{prefix of the table: Rows} of the tables of rows as the admin wraps them."""
    return {inline.formset.prefix: _rows_of(inline) for inline in inlines}


def rows_of_form(form, tables):
    """The rows that a form was made from, as writing.StoryRows; None where they are not the saved ones alone."""
    if form.is_bound:
        return None
    saved = {name: [row.saved for row in table.rows if row.saved] for name, table in tables.items()}
    return writing.StoryRows(
        sections=[section.pk for section in _initially(form, "sections")],
        topics=[topic.pk for topic in _initially(form, "topics")],
        bylines=saved["bylines"],
        appearances=saved["appearances"],
        attributions=saved["attributions"],
        quotes={record.uid: record for record in quote_records_of(form)},
    )


def _initially(form, name):
    """The sections or topics that a form began from, or, where it has no box for them, those of its story."""
    return form.initial[name] if name in form.initial else getattr(form.instance, name).all()


def quote_records_of(form):
    """The records of the quotations of a form's story, each with its speaker."""
    return form.rules if getattr(form, "whole", False) else form.instance.quote_records.all()


def load_shown_rows(article):
    """Ask once for the rows of a story that a form without boxes for them shows in several places."""
    records = QuoteRecord.objects.select_related("expert").order_by("pk")
    prefetch_related_objects([article], "sections", "topics", Prefetch("quote_records", records))


def with_quotations(table, form):
    """A table of people with what each says in the text: (Rows, the quotations of nobody in it).

    A quotation is a dict of its `words`, its `rule` in words and, where the form has one, the `field` of its terms;
    and of where the words come from, in words (`origin`) or its boxes (`boxes`).
    """
    said, records = {}, list(quote_records_of(form))
    agreed = _agreed_on(form.instance, records)
    for record in records:
        words = record.words if len(record.words) < SHOWN_WORDS else record.words[: SHOWN_WORDS - 1] + "…"
        name = RULE + record.uid
        quote = {"words": words, "who": record.expert, "rule": record.get_ground_rule_display()}
        quote["agreed_at"] = agreed.get((record.uid, bare(record.words)))
        quote |= {"origin": origins.origin_in_words(vars(record)), "boxes": origins.boxes_of(form, record)}
        said.setdefault(record.expert_id, []).append(quote | {"field": form[name] if name in form.fields else None})
    rows = [replace(row, said=tuple(said.pop(row.saved.expert_id, ()))) if row.saved else row for row in table.rows]
    return replace(table, rows=rows), [quote for quotes in said.values() for quote in quotes]


def _agreed_on(article, records):
    """{(uid, words): when they were agreed to by a read-back}, of quotations that are approved; at most one query."""
    approved = [record.uid for record in records if record.approval == "approved"]
    if not approved:
        return {}
    replies = PreviewReply.objects.filter(link__article=article.pk, uid__in=approved, agrees=True).order_by("at", "pk")
    return {(uid, bare(words)): at for uid, words, at in replies.values_list("uid", "words", "at")}


def _rows_of(inline):
    rows, template = [], None
    for wrapped in inline:
        row = _row_of(wrapped)
        if row.form.prefix.endswith("-__prefix__"):
            template = row
        else:
            rows.append(row)
    return Rows(inline.formset.prefix, inline.formset, rows, template)


def _row_of(wrapped):
    form = wrapped.form
    names = {_name_of(part): part for fieldset in wrapped for line in fieldset for part in line}
    hidden = tuple(bound for bound in form.hidden_fields() if bound.name not in names)
    saved = wrapped.original
    return Row(form, form.prefix, names, hidden, saved, blank=saved is None and not form.is_bound)


def _name_of(part):
    return part.field["name"] if part.is_readonly else part.field.name
