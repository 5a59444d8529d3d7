"""The people in a story: linking words to who said them, terms, titles, interests, and words that drifted.

Every verb locks the story, wants the version that the person was looking at, and ends in a saved version: what was
agreed with a speaker is part of a story's record as its words are. Who may edit the words may do all of it.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from experts import names
from experts.models import Expert, NameVariant
from newsroom import clock, paper
from newsroom.errors import NotAllowed, Refused, Stale
from newsroom.models import Publication

from ...body import plain, proposals, references
from ...models import Appearance, Article, QuoteRecord
from ...models.people import GROUND_RULES
from .. import writing
from ..checklist.people import MISSPELLING, cards_of, undisclosed

RUNS = 60  # name-like runs of words of a text that are looked up
FOUND = 40
AS_PRINTED = Appearance._meta.get_field("attribution_as_printed").max_length
INTEREST = Appearance._meta.get_field("disclosure_printed").max_length


# --- what a text proposes --------------------------------------------------------------------


@dataclass(frozen=True)
class ProposedSpeakers:
    """Who seems to have said what in a body: its Reading, and by id the cards that it may be about."""

    reading: proposals.Reading
    cards: dict


def propose_speakers(article, body=None):
    """Who seems to have said what in a body (by default the story's own). At most six queries; writes nothing."""
    body = article.body if body is None else body
    if not proposals.may_quote(body):
        return ProposedSpeakers(proposals.Reading(), {})
    named = _cards_named(article, body)
    known = [_as_known(card) for card in named.values()]
    publication = Publication.objects.current()
    reading = proposals.read_quotations(body, known, own_paper=publication.name if publication else "")
    return ProposedSpeakers(reading, named)


def _cards_named(article, body):
    """{id: card} of those who appear in a story and those whom its text seems to name."""
    runs = proposals.candidate_names(body)[:RUNS]
    wanted = [Q(pk__in=article.appearances.values("expert"))]
    if runs:
        folded = {names.fold(run) for run in runs} - {""}
        bones = {found for run in runs if len((found := names.skeleton(run)).split()) > 1}
        wanted += [Q(display_name__in=runs), Q(native_name__in=runs)]
        wanted += [Q(pk__in=NameVariant.objects.filter(normalized__in=folded).values("expert"))]
        wanted += [Q(name_skeleton__contains=found) for found in sorted(bones)]
    kept = Expert.objects.current().filter(reduce(or_, wanted)).order_by("pk")
    loads = ("variants", "affiliations", "bars")
    found = {card.pk: card for card in kept.prefetch_related(*loads)[:FOUND]}
    for card in found.values():
        own = [card.display_name, card.native_name, *(v.text for v in card.variants.all())]
        # As this text spells them, where only the vowels differ.
        card.spelt_here = [
            run
            for run in runs
            if run not in own and any(name and names.name_likeness(run, name) >= names.SKELETON_CUTOFF for name in own)
        ]
    return found


def _as_known(card):
    """A card as the reading of proposals wants it."""
    variants = list(card.variants.all())
    wrong = tuple(v.text for v in variants if v.kind == MISSPELLING)
    right = [card.native_name, *(v.text for v in variants if v.text not in wrong), *card.spelt_here]
    held = tuple(role.as_printed for role in card.affiliations.all())
    return proposals.KnownPerson(card.pk, card.display_name, tuple(filter(None, right)), held, wrong)


def title_for(card, printed):
    """The title to propose for somebody in a story: as the text prints it, else the role of today."""
    return (printed or card.title_on(paper.today()))[:AS_PRINTED]


# --- writing ---------------------------------------------------------------------------------


@transaction.atomic
def _change(article, act, *, by, seen_version, why):
    """Let `act(article)` write rows of a story, and keep the result as a version: (revision, what `act` returned).

    `revision.stopped` is what stopped an edition that waited, see `save_revision`.
    Raises NotAllowed and Stale before anything is written.
    """
    row = Article.objects.select_for_update(of=("self",)).select_related("section").get(pk=article.pk)
    if by is not None and writing.may_edit(row, by) != "text":
        raise NotAllowed("You may not change the people of this story as it stands.")
    if row.version != seen_version:
        raise Stale()
    done = act(row)
    revision = writing.save_revision(row, by=by, seen_version=seen_version, why=why)
    revision.stopped = row.stopped
    return revision, done


def link(article, choices, titles_printed, *, by, seen_version, rules=None):
    """Mark quotations as their speakers'. `choices` are {key of a fragment: expert id}; returns how many were linked.

    A quotation that is no longer there as it was proposed is left alone; nobody is linked to a card that is not in
    use, or barred from being quoted. `titles_printed` are {expert id: title}, for people who are new in the story;
    `rules` {expert id: ground rule} for what is linked now, on the record where there is none.
    """
    rules = rules or {}
    if unknown := set(rules.values()) - dict(GROUND_RULES).keys():
        raise Refused(f"There is no such rule: {min(unknown)[:40]}.")

    def act(row):
        wanted = set(choices.values())
        people = Expert.objects.current().prefetch_related("bars", "affiliations").in_bulk(wanted)
        day, topics = paper.today(), list(row.topics.values_list("pk", flat=True))
        for card in people.values():
            if bar := card.quote_bar(day, topics):
                raise Refused(f"{card} is not to be quoted: {bar.reason}.")
        if missing := wanted - set(people):
            raise Refused(f"Card no. {min(missing)} is not in the source book.")
        row.body, done = proposals.link_quotations(row.body, choices)
        if not done:
            raise Stale("Those quotations are not in the text as it stands now. Look again.")
        row.body = references.with_quote_uids(row.body)
        Article.objects.filter(pk=row.pk).update(body=row.body)
        _record_new_quotes(row, rules, by)
        linked = dict.fromkeys(choices[key] for key in choices if key in done)
        _add_appearances(row, [people[pk] for pk in linked], titles_printed)
        return len(done)

    _, count = _change(article, act, by=by, seen_version=seen_version, why="people linked")
    return count


def _record_new_quotes(article, rules, by):
    """Make the rows of quotations that have none yet and whose speaker has a rule; the save makes all others."""
    there = set(article.quote_records.values_list("uid", flat=True))
    QuoteRecord.objects.bulk_create(
        QuoteRecord(article=article, uid=mark.uid, expert_id=mark.expert, words=mark.words, checked_words=mark.words,
                    checked_by=by, ground_rule=rules[mark.expert])
        for mark in references.references_of(article.body, language=article.language).quotes
        if mark.uid not in there and mark.expert in rules
    )  # fmt: skip


def bring(article, expert, title="", *, by, seen_version):
    """Put a card into a story, even one whose text does not name it, so that words can be linked; returns the card.

    The title is the one given, else that of today. Refuses a card that is not in use or not to be quoted.
    """
    card = Expert.objects.current().prefetch_related("bars", "affiliations").filter(pk=expert).first()
    if card is None:
        raise Refused("That card is not in the source book any more.")

    def act(row):
        if bar := card.quote_bar(paper.today(), list(row.topics.values_list("pk", flat=True))):
            raise Refused(f"{card} is not to be quoted: {bar.reason}.")
        _add_appearances(row, [card], {card.pk: title} if title.strip() else {})

    _change(article, act, by=by, seen_version=seen_version, why="somebody brought into it")
    return card


def _add_appearances(article, people, printed):
    """Put cards into a story that are not in it yet, with the title printed for each, else that of today."""
    there = set(article.appearances.values_list("expert_id", flat=True))
    for order, card in enumerate((card for card in people if card.pk not in there), len(there)):
        title = " ".join(printed.get(card.pk, card.title_on(paper.today())).split())
        if len(title) > AS_PRINTED:
            raise Refused(f"The title of {card} has {len(title)} characters; there is room for {AS_PRINTED}.")
        Appearance.objects.create(article=article, expert=card, attribution_as_printed=title, order=order)


def unlink(article, uid, *, by, seen_version):
    """Take a quotation from its speaker; the words stay, between quotation marks, and so does the person's title."""

    def act(row):
        body = proposals.unlink_quotation(row.body, uid, row.language)
        if body == row.body:
            raise Stale("That quotation is not in the text any more.")
        row.body = body
        Article.objects.filter(pk=row.pk).update(body=body)

    revision, _ = _change(article, act, by=by, seen_version=seen_version, why="a quotation unlinked")
    return revision


def set_terms(article, quotes, people=(), *, by, seen_version, agree="", show=None, why="terms of the people in it"):
    """Write what was agreed with the people of a story, all at once.

    `quotes` are {uid: columns of a QuoteRecord}, `people` {expert id: columns of an Appearance}. `agree` is the uid of
    a quotation whose words the person has checked; `show` is (expert id, disclosure id) of an interest to print.
    """
    people = dict(people)

    def act(row):
        for uid, fields in quotes.items():
            row.quote_records.filter(uid=uid).update(**fields)
        for expert, fields in people.items():
            row.appearances.filter(expert=expert).update(**fields)
        if agree:
            _agree(row, agree, by)
        if show:
            _show_interest(row, *show)

    revision, _ = _change(article, act, by=by, seen_version=seen_version, why=why)
    return revision


def _agree(article, uid, by):
    record = article.quote_records.filter(uid=uid).first()
    if record is None:
        raise Stale("That quotation is not in the text any more.")
    record.checked_words, record.checked_by = record.words, by
    record.save(update_fields=["checked_words", "checked_by"])


def _show_interest(article, expert, disclosure):
    row = article.appearances.filter(expert=expert).select_related("expert").first()
    interest = row and row.expert.disclosures.filter(pk=disclosure).first()
    if interest is None:
        raise Stale("That interest is not on the card any more.")
    printed = row.disclosure_printed.strip()
    if interest.print_text in printed:
        return
    together = f"{printed} {interest.print_text}".strip()
    if len(together) > INTEREST:
        raise Refused(f"There is no room for it: the interest as printed holds {INTEREST} characters.")
    row.disclosure_printed = together
    row.save(update_fields=["disclosure_printed"])


# --- interests -------------------------------------------------------------------------------


def interests_missing(article, content):
    """The interests that the story has to print and does not: {expert id: [disclosure]}."""
    at = clock.process_time()
    found = undisclosed(content, cards_of(content), plain.plain_text_of(content["body"]), at, paper.today())
    missing = {}
    for card, interest in found:
        missing.setdefault(card.pk, []).append(interest)
    return missing
