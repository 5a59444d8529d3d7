"""What the checklist asks about the people in a story: terms, bars, identity, interests, titles, names."""

from experts.models import Expert, verification
from newsroom.errors import Blocked
from newsroom.folding import fold, says
from newsroom.models import Publication
from newsroom.paper import day_of

from ...body.near_miss import near_misses
from ..people import merged_cards, terms, titles
from .findings import error, warning

MISSPELLING = "misspelling"
NOT_SURE = {
    verification.NEVER: "nobody has verified who they are",
    verification.STALE: "the last check of who they are is too old",
    verification.FAILED: "the check of who they are failed",
}


def people(story):
    """Everything that the checklist finds about the people of a story."""
    content = story.content
    cards = cards_of(content)
    yield from kept_out(story.article, content, cards, story.at, story.today)
    yield from _descriptors(content)
    yield from _identities(content, cards, story.today)
    yield from _sources(story)
    yield from _interests(content, cards, story.text, story.at, story.today)
    yield from titles.stale_in(content, cards, story.today)
    yield from _drift(content, cards)
    yield from _names(content, cards, story.text)


def cards_of(content):
    """The cards of the people whom a content quotes or names, with what is asked of them."""
    named = {row["expert"] for row in [*content["quotes"], *content["appearances"]]}
    loads = ("bars", "verifications", "affiliations", "disclosures__topics", "variants")
    return Expert.objects.prefetch_related(*loads).in_bulk(named)


def kept_out(article, content, cards, at, day):
    """Errors that nobody overrides: words that may not be printed at a moment, and people who may not be quoted.

    A rule that the desk has set since, in a copy under work, keeps out what an older version has on the record.
    """
    since = dict(article.quote_records.filter(ground_rule__in=terms.BLOCKING).values_list("uid", "pk"))
    now = {row.uid: terms.as_data(row) for row in article.quote_records.filter(pk__in=since.values())} if since else {}
    for quote in content["quotes"]:
        card, words = cards.get(quote["expert"]), quote["words"][:60]
        rules = [terms.rule_at(row, at) for row in (quote, now.get(quote["uid"])) if row]
        if rule := next((rule for rule in rules if rule in terms.BLOCKING), None):
            yield error("ground rule", f"“{words}” {terms.BLOCKING[rule]} and cannot be printed.", "body",
                        overridable=False)  # fmt: skip
        if card and (bar := card.quote_bar(day, content["topics"])):
            yield error("do not quote", f"{card} is not to be quoted: {bar.reason}.", "body", overridable=False)


def refuse_kept_out(article, content, at):
    """Raise Blocked for what may not be printed at a moment, whichever way it came to the gate."""
    if not content.get("quotes"):
        return
    content = merged_cards.content(content)
    found = list(kept_out(article, content, cards_of(content), at, day_of(at)))
    if found:
        raise Blocked(found)


def _descriptors(content):
    for quote in content["quotes"]:
        if quote["ground_rule"] in terms.UNNAMED and not quote.get("descriptor", "").strip():
            yield error(
                "descriptor",
                f"“{quote['words'][:60]}” was said on background: write what the story calls the person instead.",
                "body", overridable=False,
            )  # fmt: skip


def _identities(content, cards, day):
    publication = Publication.objects.current()
    setting = publication.identity_checks if publication else "warn"
    if setting == "off":
        return
    for pk in dict.fromkeys(quote["expert"] for quote in content["quotes"]):
        if (card := cards.get(pk)) is None:
            continue
        state = verification.verification_state(card, day)
        message = f"{card} is quoted, and {NOT_SURE.get(state)}."
        if state == verification.FAILED:
            yield error("identity", message, "body", overridable=False)
        elif state in NOT_SURE:
            yield error("identity", message, "body") if setting == "block" else warning("identity", message, "body")


def _sources(story):
    approved = set(story.article.attributions.exclude(approved_by=None).values_list("description", flat=True))
    for row in story.content["attributions"]:
        if row["kind"] == "unnamed" and row["description"] not in approved:
            yield error("unnamed", f"Nobody has approved the unnamed source “{row['description']}”.", "attributions")


def undisclosed(content, cards, text, at, day):
    """The interests that a story has to print and does not: [(card, disclosure)], for the people whom it may name."""
    topics, said = set(content["topics"]), fold(text)
    missing = []
    for row in terms.nameable(content, at):
        card = cards.get(row["expert"])
        for interest in card.disclosures.all() if card else ():
            about = {topic.pk for topic in interest.topics.all()}
            if not interest.must_print or not interest.holds_on(day) or (about and not about & topics):
                continue
            beside = fold(row.get("disclosure", ""))
            if not says(said, interest.print_text) and not says(beside, interest.print_text):
                missing.append((card, interest))
    return missing


def _interests(content, cards, text, at, day):
    for card, interest in undisclosed(content, cards, text, at, day):
        yield warning("disclosure", f"Readers are to be told of {card}: “{interest.print_text}”", "body")


def _drift(content, cards):
    for quote in content["quotes"]:
        if quote.get("checked_words"):
            who, words = cards.get(quote["expert"]) or "this person", quote["words"][:60]
            yield warning("drift", f"Words of {who} have changed since somebody checked them: “{words}”", "body")


def _names(content, cards, text):
    names = [row["name"] for row in content["appearances"]]
    wrong = [
        (variant.text, card.display_name)
        for card in cards.values()
        for variant in card.variants.all()
        if variant.kind == MISSPELLING
    ]
    for written, name in near_misses(text, names, wrong):
        yield warning("near miss", f"“{written}” looks like a misprint of {name}.", "body")
