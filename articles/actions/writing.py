"""Saving a story: every save is a numbered revision, and nobody's words are silently overwritten.

A revision's content is JSON with the keys of `content_of`: the words and references of a
story, whole. Not in it: state, hold, embargo, planning, notes, sign-offs.
"""

import re
from copy import copy
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F

from experts.models import Expert
from newsroom import clock, paper
from newsroom.errors import NotAllowed, Refused, Stale
from newsroom.models import Publication, Topic

from .. import roles, search
from ..body import plain, references
from ..body.changes import count_words
from ..body.compare import words_added_and_removed
from ..models import (
    Agency,
    Appearance,
    Article,
    Attribution,
    BodyReference,
    Byline,
    Contributor,
    Image,
    QuoteRecord,
    Revision,
    Section,
    State,
)
from . import addresses, assignments, authors, conditions, notify, waiting
from .people import merged_cards, terms, titles
from .states import record_transition, set_state
from .words import words_differ

PLAIN_FIELDS = (
    "headline", "short_headline", "seo_title", "social_title", "slug", "genre", "origin", "label", "standfirst",
    "body", "dateline", "language", "genre_facts", "ai_use",
    "discussion",
)  # fmt: skip
FIGURES = re.compile(r"<figure\b.*?</figure>", re.DOTALL)


@dataclass(frozen=True)
class StoryRows:
    """The rows of a story that its content holds: as they are saved, or as a form has them."""

    sections: list  # ids, those it is filed under besides its own
    topics: list  # ids
    bylines: list
    appearances: list
    attributions: list
    quotes: dict  # {uid: QuoteRecord}


def rows_of(article):
    """The StoryRows of a story as they are saved."""
    return StoryRows(
        sections=list(article.sections.values_list("pk", flat=True)),
        topics=list(article.topics.values_list("pk", flat=True)),
        bylines=list(article.bylines.select_related("contributor")),
        appearances=list(article.appearances.select_related("expert")),
        attributions=list(article.attributions.order_by("pk")),
        quotes={record.uid: record for record in article.quote_records.all()},
    )


def content_of(article, rows=None):
    """The working copy as a revision holds it: a dict that JSON can carry. Its rows are those saved, unless given."""
    rows = rows or rows_of(article)
    content = {name: getattr(article, name) for name in PLAIN_FIELDS}
    credit, image = article.credit, article.lead_image_id
    found = references.references_of(article.body, language=article.language)
    content |= {
        "credit": credit and {"id": credit.pk, "name": credit.name},
        "lead_image": image and {"id": image, "caption": article.lead_caption},
        "section": article.section_id,
        "sections": sorted(rows.sections),
        "topics": sorted(rows.topics),
        "translation_of": article.translation_of_id,
        "bylines": [
            {
                "contributor": line.contributor_id,
                "name": line.contributor.name,
                "slug": line.contributor.slug,
                "line": line.contributor.line,
                "role": line.role,
            }
            for line in rows.bylines
        ],
        # The users behind the writing bylines, who stay its authors whatever becomes of the contributors.
        "writers": sorted({line.contributor.user_id for line in rows.bylines if line.role == "writer"} - {None}),
        "appearances": [
            {
                "expert": a.expert_id,
                "name": merged_cards.printed_name(a),
                "attribution": a.attribution_as_printed,
                "role": a.role,
            }
            | titles.appearance_as_data(a)
            for a in rows.appearances
        ],
        "quotes": [
            {"uid": mark.uid, "expert": mark.expert, "words": mark.words}
            | terms.quote_as_data(rows.quotes.get(mark.uid, QuoteRecord()))
            for mark in found.quotes
        ],
        "attributions": [
            {
                "kind": row.kind,
                "description": row.description,
                "outlet": row.outlet,
                "reason": row.reason,
                "known_by": row.known_by_id,
            }
            for row in rows.attributions
        ],
    }
    return content | {"pictures": pictures_of(content, found.images, lead=article.lead_image)}


def pictures_of(content, in_body=None, lead=None):
    """{id: words} of the pictures that a content shows, as the library has them; the id is a text, as in JSON.

    `lead` is its main picture, where that is loaded.
    """
    if in_body is None:
        in_body = references.references_of(content["body"]).images
    ids = in_body | ({content["lead_image"]["id"]} if content["lead_image"] else set())
    if lead is not None and ids == {lead.pk}:
        return {str(lead.pk): lead.words()}
    return {str(image.pk): image.words() for image in Image.objects.filter(pk__in=ids).order_by("pk")} if ids else {}


def may_edit(article, user):
    """What of a story a person may change now: "text", "pictures" alone, or "" for nothing."""
    if article.locked:
        return ""
    late = article.state in (State.SUBMITTED, State.APPROVED)
    if roles.may(user, "edit submitted" if late else "edit drafts", article):
        return "text"
    return "pictures" if roles.Role.PICTURE in roles.roles_of(user) else ""


@transaction.atomic
def start_story(*, by, pitch=False, **fields):
    """Begin a story, as a draft or as a pitch, from the fields that are given."""
    if not roles.may(by, "pitch" if pitch else "start"):
        raise NotAllowed("Your role does not start stories.")
    if pitch and not (fields.get("catchline") or fields.get("headline")):
        raise Refused("A pitch needs a catchline: what do we call it?", field="catchline")
    state = State.PITCH if pitch else State.DRAFT
    if fields.get("headline") and not fields.get("slug"):
        fields["slug"] = addresses.slug_from_headline(fields["headline"], fields.get("section"))
    article = Article.objects.create(created_by=by, updated_by=by, state=state, **fields)
    # Copy from elsewhere carries no name of the staff, but for a handout, which is never news without one.
    ours = article.origin in ("staff", "handout")
    contributor = getattr(by, "contributor", None)
    if ours and not pitch and contributor and roles.Role.REPORTER in roles.roles_of(by):
        Byline.objects.create(article=article, contributor=contributor)
    revision = save_revision(article, by=by, seen_version=0, why="started")
    record_transition(article, "pitch" if pitch else "start", start="", by=by, revision=revision)
    return article


@transaction.atomic
def save_revision(article, *, by, seen_version, why="", why_lifted=""):
    """Number and keep the working copy as it stands after a form has saved its rows.

    Call it in the same transaction as those saves. `seen_version` is the version the person
    was looking at: another one by now raises Stale, and the transaction takes everything back.
    Returns the newest revision, which is the old one where nothing changed. What the save says of an edition that
    waits (an embargo, a lawyer wanted, other terms) may cancel it: `article.stopped` is what stopped it, as Findings.
    An embargo or a lawyer wanted is written down; whoever lifts one says why (`why_lifted`), else NoteNeeded.
    """
    revision = _save_revision(article, by, seen_version, why)
    conditions.record_conditions(article, by=by, why=why_lifted)
    article.stopped = waiting.look_again(article, by=by)
    _tell_of_legal(article, by)
    assignments.note_assignee(article, by=by)
    return revision


def _tell_of_legal(article, by):
    """Tell Legal where a lawyer is wanted, if the save has changed it."""
    before = getattr(article, "as_read", {})
    if article.legal_wanted and not before.get("legal_wanted", True):
        notify.tell("legal", to=notify.lawyers(), article=article, by=by)
    article.as_read = {"legal_wanted": article.legal_wanted}


def _save_revision(article, by, seen_version, why):
    article.refresh_from_db()
    if article.version != seen_version:
        raise Stale()
    _sync_body(article, by)
    before = article.revisions.first()
    titles.snapshot_titles(article, before.content if before else {})
    content = content_of(article)
    if before and before.content == content:
        search.index_article(article)  # the catchline is no part of a version
        return before
    if before:
        _refuse_changes_not_allowed(article, by, before.content, content)
        _end_approvals_of_sources(article, before.content)
    revision = append_revision(article, content, by=by, why=why, before=before)
    if article.state == State.APPROVED:
        _edit_after_approval(article, by, words_differ(before.content, content), revision)
    return revision


def append_revision(article, content, *, by, why="", before=None):
    """Add a revision with this content as the article's next version. Raises Stale if somebody else just did.

    `before` is the newest revision, where the caller has it at hand.
    """
    before = before or article.revisions.first()
    added, removed = words_added_and_removed(before.content, content) if before else (count_words(content), 0)
    at = clock.instant()
    row = Article.objects.filter(pk=article.pk, version=article.version)
    words = plain.word_count(content["body"])
    # Naming the version that was read makes a second save at the same time update nothing.
    if not row.update(version=F("version") + 1, updated_by=by, updated_at=at, word_count=words):
        raise Stale()
    article.version += 1
    article.updated_by, article.updated_at, article.word_count = by, at, words
    search.index_article(article)
    return Revision.objects.create(
        article=article, number=article.version, content=content, by=by, at=at, why=why, words_added=added,
        words_removed=removed,
    )  # fmt: skip


@transaction.atomic
def keep_picture_words(article, *, by=None):
    """Keep as a version what the library says by now of the pictures of a locked story, where that has changed."""
    before, content = article.revisions.first(), content_of(article)
    if before.content == content:
        return
    revision = append_revision(article, content, by=by, why="words of a picture", before=before)
    if article.state == State.APPROVED:
        _edit_after_approval(article, by, words_differ(before.content, content), revision)


def _end_approvals_of_sources(article, old):
    """An unnamed source was approved as it was described: described otherwise, it is to be approved again."""
    keys = ("kind", "description", "outlet", "reason")
    approved = {tuple(row[key] for key in keys) for row in old.get("attributions", [])}
    for row in article.attributions.exclude(approved_by=None):
        if tuple(getattr(row, key) for key in keys) not in approved:
            article.attributions.filter(pk=row.pk).update(approved_by=None)


def _refuse_changes_not_allowed(article, by, old, new):
    if by is None:
        return
    # As it stood before: who moves a story to another section may do so from their own.
    before = copy(article)
    before.section = _row_or_none(Section, old.get("section"))
    allowed = may_edit(before, by)
    if allowed == "text":
        return
    # Who is behind a byline and what the library says of a picture is changed elsewhere, by whoever may there.
    changed = {name for name in new if new[name] != old.get(name)} - {"writers", "pictures"}
    body_stays = FIGURES.sub("", new["body"]) == FIGURES.sub("", old.get("body", ""))
    if allowed == "pictures" and changed <= {"lead_image", "body"} and body_stays:
        return
    if allowed == "pictures":
        raise NotAllowed("The picture desk changes pictures and their captions here, not the words.")
    raise NotAllowed("You may not change this story as it stands.")


def _edit_after_approval(article, by, words_changed, revision):
    """Keep the approval on the new revision, or send it back for another look: WORKFLOW (a), edit after approval."""
    if not words_changed:
        end, changes = State.APPROVED, {"approved": revision}
    elif by is not None and may_approve(article, by):
        end, changes = State.APPROVED, {"approved": revision, "approved_by": by}
    else:
        # The saver of the changed words is now the one whose work another has to read.
        end, changes = State.SUBMITTED, {"approved": None, "approved_by": None, "submitted_by": by}
    set_state(article, end, **changes)
    record_transition(article, "edit-approved", start=State.APPROVED, by=by, revision=revision)


def four_eyes():
    """Whether the paper keeps the rule that nobody approves their own work."""
    publication = Publication.objects.current()
    return publication is None or publication.four_eyes


def is_kept_from_judging(article, user):
    """Whether four-eyes keeps a person from approving or signing off a story: they are its author."""
    return four_eyes() and authors.is_author(article, user)


def may_approve(article, user):
    """Whether a person may approve the words of this story."""
    return roles.may(user, "approve", article) and not is_kept_from_judging(article, user)


def _sync_body(article, by):
    """Bring the rows that the body names into line with it: quote uids, quotes, appearances, the index."""
    body = references.with_quote_uids(article.body)
    if body != article.body:
        article.body = body
        Article.objects.filter(pk=article.pk).update(body=body)
    found = merged_cards.references_to_standing_cards(references.references_of(body, language=article.language))
    wanted = {(kind, target) for kind in ("image", "expert", "article") for target in getattr(found, kind + "s")}
    have = set(article.references.values_list("kind", "target"))
    for kind, target in have - wanted:
        article.references.filter(kind=kind, target=target).delete()
    BodyReference.objects.bulk_create(
        [BodyReference(article=article, kind=kind, target=target) for kind, target in wanted - have]
    )
    _sync_quotes(article, found, by)


def _sync_quotes(article, found, by):
    may_appear = merged_cards.cards_it_may_name(article, found.experts)
    records = {record.uid: record for record in article.quote_records.all()}
    # Words of somebody who was removed keep the row that keeps them out (see `merged_cards`), and get no new one.
    kept = {(record.uid, record.expert_id) for record in records.values()}
    marks = {m.uid: m for m in found.quotes if m.expert in may_appear or (m.uid, m.expert) in kept}
    # What was agreed of words that this save cuts, or gives to another, still holds for what waits.
    article.terms_cut = {
        uid: terms.quote_as_data(record)
        for uid, record in records.items()
        if uid not in marks or marks[uid].expert != record.expert_id
    }
    article.quote_records.exclude(uid__in=marks).delete()
    for uid, mark in marks.items():
        record = records.get(uid)
        if record is None:
            # Whoever linked the words has read them.
            QuoteRecord.objects.create(
                article=article, uid=uid, expert_id=mark.expert, words=mark.words, checked_words=mark.words,
                checked_by=by,
            )  # fmt: skip
        elif record.expert_id != mark.expert:
            # Somebody else's words: nothing that was agreed with the first person holds.
            record.delete()
            QuoteRecord.objects.create(
                article=article, uid=uid, expert_id=mark.expert, words=mark.words, checked_words=mark.words,
                checked_by=by,
            )  # fmt: skip
        elif record.words != mark.words:
            record.words = mark.words
            record.save(update_fields=["words"])
    appearing = set(article.appearances.values_list("expert_id", flat=True))
    new = [pk for pk in dict.fromkeys(mark.expert for mark in found.quotes) if pk in may_appear and pk not in appearing]
    if new:
        day, start = paper.today(), len(appearing)
        cards = Expert.objects.prefetch_related("affiliations").in_bulk(new)
        Appearance.objects.bulk_create(
            Appearance(article=article, expert_id=pk, attribution_as_printed=cards[pk].title_on(day), order=order)
            for order, pk in enumerate(new, start)
        )


@transaction.atomic
def restore(article, content):
    """Write a content back into the working rows. Rows of people or pictures deleted since are left out."""
    content = merged_cards.content_with_standing_cards(content)
    for name in PLAIN_FIELDS:
        if name in content:
            setattr(article, name, content[name])
    article.credit = _row_or_none(Agency, (content.get("credit") or {}).get("id"))
    lead = content.get("lead_image") or {}
    article.lead_image = _row_or_none(Image, lead.get("id"))
    article.lead_caption = lead.get("caption", "")
    article.section = _row_or_none(Section, content.get("section"))
    article.translation_of = _row_or_none(Article, content.get("translation_of"))
    article.save()
    article.sections.set(Section.objects.filter(pk__in=content.get("sections", [])), clear=True)
    article.topics.set(Topic.objects.filter(pk__in=content.get("topics", [])), clear=True)
    article.bylines.all().delete()
    contributors = Contributor.objects.in_bulk([line["contributor"] for line in content.get("bylines", [])])
    Byline.objects.bulk_create(
        Byline(article=article, contributor=contributors[line["contributor"]], role=line["role"], order=order)
        for order, line in enumerate(content.get("bylines", []))
        if line["contributor"] in contributors
    )
    experts = set(
        Expert.objects.filter(
            pk__in=[row["expert"] for row in content.get("appearances", []) + content.get("quotes", [])]
        ).values_list("pk", flat=True)
    )
    article.appearances.all().delete()
    still = titles.ids_of_standing_roles(content)
    Appearance.objects.bulk_create(
        Appearance(article=article, expert_id=a["expert"], order=order, **titles.appearance_as_fields(a, still))
        for order, a in enumerate(content.get("appearances", []))
        if a["expert"] in experts
    )
    _restore_quotes(article, [q for q in content.get("quotes", []) if q["expert"] in experts])
    _restore_attributions(article, content.get("attributions", []))


def _restore_quotes(article, wanted):
    """The desk's rows of quotations with all their terms; who last agreed to the words is kept where they stand."""
    agreed = dict(article.quote_records.values_list("uid", "checked_by"))
    staff = {q["interviewer"] for q in wanted if q.get("interviewer")}
    staff = set(get_user_model().objects.filter(pk__in=staff).values_list("pk", flat=True)) if staff else set()
    article.quote_records.all().delete()
    QuoteRecord.objects.bulk_create(
        QuoteRecord(
            article=article, uid=q["uid"], expert_id=q["expert"], words=q["words"], checked_by_id=agreed.get(q["uid"]),
            **terms.quote_as_fields(q, staff),
        )
        for q in wanted
    )  # fmt: skip


def _restore_attributions(article, wanted):
    """Keep rows that stay as they are, for an approval hangs on them; replace the rest."""
    keys = ("kind", "description", "outlet", "reason")
    left = [dict(row) for row in wanted]
    for row in article.attributions.all():
        same = next((w for w in left if all(w[key] == getattr(row, key) for key in keys)), None)
        if same:
            left.remove(same)
        else:
            row.delete()
    for row in left:
        known_by = row.pop("known_by", None)
        Attribution.objects.create(article=article, known_by_id=known_by, **{key: row[key] for key in keys})


def _row_or_none(model, pk):
    return model.objects.filter(pk=pk).first() if pk else None
