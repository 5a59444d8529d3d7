"""A story's content as its form holds it at a moment; nothing of it is saved."""

from copy import copy

from django.contrib.admin.utils import flatten_fieldsets

from experts.models import Expert
from newsroom import paper

from ...actions import writing
from ...actions.people import merged_cards, terms
from ...body import references
from ...models import QuoteRecord
from ..stories.forms import RULE


def content_as_typed(model_admin, request, article):
    """What a save of this form would keep as a revision's content. What the form refuses is as it is saved."""
    fields = flatten_fieldsets(model_admin.get_fieldsets(request, article))
    form_class = model_admin.get_form(request, article, change=True, fields=fields)
    story = copy(article)
    story.genre_facts = dict(article.genre_facts)
    # Whether somebody has saved meanwhile is no question to a page that saves nothing, and no lock is taken for it.
    form = type("Typed", (form_class,), {"_check_version": lambda self: None})(request.POST, instance=story)
    form.full_clean()
    content = writing.content_of(article)
    content |= {name: getattr(story, name) for name in writing.PLAIN_FIELDS}
    content |= {
        "credit": story.credit and {"id": story.credit.pk, "name": story.credit.name},
        "lead_image": story.lead_image_id and {"id": story.lead_image_id, "caption": story.lead_caption},
        "section": story.section_id,
    }
    for name in ("sections", "topics"):
        if name in form.cleaned_data:
            content[name] = sorted(row.pk for row in form.cleaned_data[name])
    content["body"] = references.with_quote_uids(content["body"])
    found = merged_cards.references_to_standing_cards(
        references.references_of(content["body"], language=content["language"])
    )
    if form.whole:
        formsets, _ = model_admin._create_formsets(request, copy(article), change=True)
        typed = {formset.prefix: formset for formset in formsets}
        content["bylines"] = _bylines(typed["bylines"], content["bylines"])
        content["appearances"] = _appearances(typed["appearances"], content["appearances"], article, found)
        content["quotes"] = _quotes(form, article, found)
    content["pictures"] = writing.pictures_of(content, found.images)
    return content


def _rows(formset, saved, as_data):
    """The rows of a table as typed, in their order; all as saved where the table or a row of it cannot be read."""
    if not formset.is_bound or not formset.management_form.is_valid():
        return saved
    rows = []
    for form in formset.forms:
        if not form.is_valid():
            return saved
        if not form.cleaned_data.get("DELETE") and (form.instance.pk or form.has_changed()):
            rows.append(form.instance)
    return [as_data(row) for row in sorted(rows, key=lambda row: row.order)]


def _bylines(formset, saved):
    def as_data(line):
        who = line.contributor
        return {"contributor": who.pk, "name": who.name, "slug": who.slug, "line": who.line, "role": line.role}

    return _rows(formset, saved, as_data)


def _appearances(formset, saved, article, found):
    known = {row["expert"]: row for row in saved}

    def as_data(row):
        name = merged_cards.printed_name(row) if row.pk else row.expert.display_name
        same = {"expert": row.expert_id, "name": name, "attribution": row.attribution_as_printed, "role": row.role}
        return known.get(row.expert_id, {}) | same

    rows = _rows(formset, saved, as_data)
    # Whom the text quotes, a save adds with the title of the day.
    new = {mark.expert for mark in found.quotes} - {row["expert"] for row in rows}
    new = merged_cards.cards_it_may_name(article, new) if new else ()
    for card in Expert.objects.filter(pk__in=new).prefetch_related("affiliations"):
        title = card.title_on(paper.today())
        rows.append({"expert": card.pk, "name": card.display_name, "attribution": title, "role": "expert"})
    return rows


def _quotes(form, article, found):
    records = {record.uid: record for record in article.quote_records.all()}
    quotes = []
    for mark in found.quotes:
        data = terms.quote_as_data(records.get(mark.uid, QuoteRecord()))
        rule = form.cleaned_data.get(RULE + mark.uid)
        quotes.append(
            {"uid": mark.uid, "expert": mark.expert, "words": mark.words}
            | data
            | ({"ground_rule": rule} if rule else {})
        )
    return quotes
