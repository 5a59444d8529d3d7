"""A story as its form holds it at a moment, with nothing saved: for the checklist beside the text and a preview."""

from copy import copy

from django.contrib.admin.utils import flatten_fieldsets

from experts.models import Expert
from newsroom import paper

from ...actions import writing
from ...body import references
from ...models import Appearance
from . import origins
from .forms import RULE


def story_as_typed(model_admin, request, article):
    """(story, writing.StoryRows) of what a request's form holds. What it refuses there is as it is saved.

    The story is a copy that must not be saved. `writing.content_of(story, rows)` is what a save would keep of it.
    """
    fields = flatten_fieldsets(model_admin.get_fieldsets(request, article))
    form_class = model_admin.get_form(request, article, change=True, fields=fields)
    story = copy(article)
    story.genre_facts = dict(article.genre_facts)
    form = form_class(request.POST, instance=story)
    form.only_looked_at = True
    form.full_clean()
    saved = writing.rows_of(article)
    if not form.whole:
        return story, saved
    formsets, _ = model_admin._create_formsets(request, copy(article), change=True)
    typed = {formset.prefix: formset for formset in formsets}
    appearances = _rows_typed(typed["appearances"], saved.appearances)
    rows = writing.StoryRows(
        sections=_keys_typed(form, "sections", saved.sections),
        topics=_keys_typed(form, "topics", saved.topics),
        bylines=_rows_typed(typed["bylines"], saved.bylines),
        appearances=[*appearances, *_named_since(story, appearances)],
        attributions=_rows_typed(typed["attributions"], saved.attributions),
        quotes={uid: _record_typed(form, record) for uid, record in saved.quotes.items()},
    )
    return story, rows


def _keys_typed(form, name, saved):
    return [row.pk for row in form.cleaned_data[name]] if name in form.cleaned_data else saved


def _rows_typed(formset, saved):
    """The rows of a table as typed, in their order; a row that is refused as it is saved, or not at all."""
    if not formset.management_form.is_valid():
        return saved
    rows, by_key = [], {row.pk: row for row in saved}
    for form in formset.forms:
        if form.is_valid():
            gone = form.cleaned_data.get("DELETE")
            if not gone and (form.instance.pk or form.has_changed()):
                rows.append(form.instance)
        elif form.instance.pk in by_key:
            rows.append(by_key[form.instance.pk])
    return sorted(rows, key=lambda row: getattr(row, "order", 0))


def _named_since(story, appearances):
    """Appearances, not saved, of experts whom the text names and no row does; a save adds them with the day's title."""
    named = {mark.expert for mark in references.references_of(story.body, language=story.language).quotes}
    wanted = named - {row.expert_id for row in appearances}
    if not wanted:
        return []
    cards = Expert.objects.filter(pk__in=wanted).prefetch_related("affiliations")
    return [
        Appearance(article=story, expert=card, attribution_as_printed=card.title_on(paper.today())) for card in cards
    ]


def _record_typed(form, record):
    record = copy(record)
    record.ground_rule = form.cleaned_data.get(RULE + record.uid) or record.ground_rule
    origins.put(record, form.cleaned_data)
    return record
