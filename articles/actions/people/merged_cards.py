"""Stories and the cards that were merged or removed: which rows move, and which card an old id stands for now.

A body names a card by its id, and a frozen body never changes. So marks keep the id that they were made with, and
whatever reads a body asks here for the card that stands for it now. Undoing a merge rewrites no body.
"""

from dataclasses import replace

from django.db.models import Q

from experts.models import Expert
from experts.relations import FOLD, KEEP, REMOVAL_MARK, Relation, TextColumns
from newsroom import clock

from ...body import tree
from ...models import DeskNote
from . import terms

PRINTED = "what was printed stays: freedom of expression and information (Art. 17(3)(a) GDPR)"


def _titles(kept, other):
    """One appearance of two in a story: both titles that it printed, a semicolon between."""
    parts = [*kept.attribution_as_printed.split("; "), *other.attribution_as_printed.split("; ")]
    printed = "; ".join(dict.fromkeys(filter(None, parts)))[:300]
    changes = {"attribution_as_printed": printed} if printed != kept.attribution_as_printed else {}
    if other.disclosure_printed and not kept.disclosure_printed:
        changes["disclosure_printed"] = other.disclosure_printed
    if other.affiliation_id and not kept.affiliation_id:
        changes |= {"affiliation_id": other.affiliation_id, "affiliation_snapshot": other.affiliation_snapshot}
    return changes


def _appearances(rows):
    """What ties a person to a story that no reader has seen goes, and so do tasks that name them."""
    for article, name in set(rows.order_by().values_list("article", "expert__display_name")):
        DeskNote.objects.filter(article=article, is_task=True, text__startswith=f"It calls {name} “").delete()
    rows.filter(article__editions=None).delete()


def _quotations(rows):
    """Of a published story the words and their rule stay, and nothing of how they were got.

    Of one that no reader has seen the link goes; but words that may not be printed are kept out as before.
    """
    rows.filter(article__editions=None).exclude(ground_rule__in=terms.BLOCKING).delete()
    rows.update(interviewer=None, said_on=None, **dict.fromkeys(terms.INSIDE, ""))


def _links(rows):
    """A link that was made for somebody opens nothing any more, and no longer says for whom it was."""
    rows.filter(revoked_at=None).update(revoked_at=clock.process_time())
    rows.update(name=REMOVAL_MARK)


# What hangs on a card from this room: added to hooks.card_relations.
RELATIONS = [
    Relation("articles.Appearance", "expert", "appearances in stories", FOLD, KEEP, key=("article_id",),
             fold=_titles, minimise=_appearances, why=PRINTED),
    Relation("articles.QuoteRecord", "expert", "quotations at the desk", removal=KEEP, minimise=_quotations,
             why=PRINTED),
    Relation("articles.PreviewLink", "expert", "read-backs of their words", removal=KEEP, minimise=_links,
             why="that words were read back before they were printed is the paper's record of care"),
    Relation("articles.Quote", "expert", "published quotations", removal=KEEP, why=PRINTED),
    Relation("articles.EditionExpert", "expert", "editions they are named in", FOLD, KEEP, key=("edition_id",),
             why=PRINTED),
    Relation("articles.BodyReference", "target", "stories that mark their words", FOLD, KEEP,
             key=("article_id", "kind"), where={"kind": "expert"}, why=PRINTED),
]  # fmt: skip
# Where colleagues write freely: added to hooks.card_texts.
TEXTS = [
    TextColumns("articles.DeskNote", ("text", "quoted", "before", "after")),
    TextColumns("articles.Notification", ("text",)),
    TextColumns("articles.PreviewRemark", ("text",)),
    TextColumns("articles.PreviewVerdict", ("text",)), TextColumns("articles.PreviewReply", ("wish",)),
]  # fmt: skip


def references_to_standing_cards(references):
    """The references of a body, with the cards that stand now for merged ones."""
    current = Expert.objects.survivors_of(references.experts)
    if not current:
        return references
    return replace(
        references,
        experts={current.get(pk, pk) for pk in references.experts},
        quotes=[mark._replace(expert=current.get(mark.expert, mark.expert)) for mark in references.quotes],
    )


def cards_it_may_name(article, ids):
    """The ids, of those that a body names, of cards that may appear in the story: a removed one only if it does."""
    tied = article.appearances.values("expert")
    may = Expert.objects.filter(Q(removed_at=None) | Q(pk__in=tied), pk__in=ids)
    return set(may.order_by().values_list("pk", flat=True))


def printed_name(appearance):
    """The name that a story prints: the card's; for somebody who was removed, the one in its newest revision."""
    expert = appearance.expert
    if expert.removed_at is None:
        return expert.display_name
    ids = {expert.pk, *expert.absorbed.values_list("pk", flat=True)}
    for revision in appearance.article.revisions.all()[:1]:
        for row in revision.content["appearances"]:
            if row["expert"] in ids:
                return row["name"]
    return ""


def content_with_standing_cards(content):
    """A revision's content with the cards that stand now, in its body, quotes and appearances.

    The same object where no card was merged or removed. Quotations of somebody who was removed before the story came
    out are left out, except those that may not be printed, so that the checklist still finds them. What was agreed
    inside the house with anybody who was removed is left out.
    """
    named = {row["expert"] for row in content.get("appearances", []) + content.get("quotes", [])}
    rows = Expert.objects.filter(pk__in=named).exclude(merged_into=None, removed_at=None).order_by() if named else []
    changed = {card.pk: card for card in rows}
    if not changed:
        return content
    current = {pk: card.merged_into_id for pk, card in changed.items() if card.merged_into_id}
    appearances = {}
    for row in content["appearances"]:
        pk = current.get(row["expert"], row["expert"])
        appearances.setdefault(pk, row | {"expert": pk})
    gone = {current.get(pk, pk) for pk, card in changed.items() if card.removed_at} - set(appearances)
    quotes = [row | {"expert": current.get(row["expert"], row["expert"])} for row in content["quotes"]]
    quotes = [row for row in quotes if row["expert"] not in gone or row["ground_rule"] in terms.BLOCKING]
    removed = {current.get(pk, pk) for pk, card in changed.items() if card.removed_at}
    quotes = [terms.without_inside(row) if row["expert"] in removed else row for row in quotes]
    body = _body_with_standing_cards(content["body"], current)
    return content | {"appearances": list(appearances.values()), "quotes": quotes, "body": body}


def _body_with_standing_cards(html, current):
    root = tree.parse(html)
    for el in root.iterfind(".//*[@data-expert]"):
        pk = tree.row_id(el.get("data-expert"))
        if pk in current:
            el.set("data-expert", str(current[pk]))
    return tree.inner_html(root)
