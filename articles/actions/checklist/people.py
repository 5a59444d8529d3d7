"""What the checklist asks about the people in a story: terms, bars, identity, interests, titles, names."""

from django.db.models import Q

from experts.models import Expert, verification
from newsroom.errors import Blocked
from newsroom.folding import fold, says
from newsroom.models import Topic
from newsroom.paper import day_of

from ...body.near_miss import near_misses
from ..people import agreed, merged_cards, terms, titles
from .findings import error, warning

MISSPELLING = "misspelling"
NOT_SURE = {
    verification.NEVER: "nobody has verified who they are",
    verification.STALE: "the last check of who they are is too old",
    verification.FAILED: "the check of who they are failed",
}


def cards_of(content):
    """The cards of the people whom a content quotes or names, with what is asked of them."""
    named = {row["expert"] for row in [*content["quotes"], *content["appearances"]]}
    loads = ("bars", "verifications", "affiliations", "disclosures__topics", "variants")
    return Expert.objects.prefetch_related(*loads).in_bulk(named)


def unprintable(article, content, cards, at, day):
    """Errors that nobody overrides: words that may not be printed at a moment, and people who may not be quoted.

    A rule that the desk has set since, in a copy under work, keeps out what an older version has on the record; also
    where the save that set it cut the words, as long as that save lasts.
    """
    stricter = [*terms.BLOCKING, *terms.UNNAMED]
    since = dict(article.quote_records.filter(ground_rule__in=stricter).values_list("uid", "pk"))
    rows = article.quote_records.filter(pk__in=since.values()) if since else ()
    now = getattr(article, "terms_cut", {}) | {row.uid: terms.quote_as_data(row) for row in rows}
    for quote in content["quotes"]:
        words = quote["words"][:60]
        rules = [terms.rule_at(row, at) for row in (quote, now.get(quote["uid"])) if row]
        if rule := next((rule for rule in rules if rule in terms.BLOCKING), None):
            yield error("ground rule", f"“{words}” {terms.BLOCKING[rule]} and cannot be printed.", "body",
                        overridable=False, about=quote["uid"])  # fmt: skip
        elif terms.says_more(*rules):
            yield error("ground rule", f"“{words}” was put on background since, and this version says more.", "body",
                        overridable=False, about=quote["uid"])  # fmt: skip
    topics = topics_met_by_bars(content["topics"], cards.values())
    for pk in dict.fromkeys(quote["expert"] for quote in content["quotes"]):
        if (card := cards.get(pk)) and (bar := card.quote_bar(day, topics)):
            yield error("do not quote", f"{card} is not to be quoted: {bar.reason}.", "body", overridable=False,
                        about=pk)  # fmt: skip


def topics_met_by_bars(ids, cards):
    """The topics of a story by every id that they have or had before a merge; two queries where a bar is on a topic."""
    if not ids or not any(bar.topic_id for card in cards for bar in card.bars.all()):
        return ids
    one = Q(pk__in=ids) | Q(merged__in=ids)
    standing = set(Topic.objects.filter(one, merged_into=None).order_by().values_list("pk", flat=True))
    before = Topic.objects.filter(merged_into__in=standing).order_by().values_list("pk", flat=True)
    return {*ids, *standing, *before}


def check_printable(story):
    """No words that may not be printed, and nobody who may not be quoted."""
    yield from unprintable(story.article, story.content, story.cards, story.at, story.today)


def refuse_unprintable(article, content, at):
    """Raise Blocked for what may not be printed at a moment, whichever way it came to the gate."""
    if not content.get("quotes"):
        return
    content = merged_cards.content_with_standing_cards(content)
    found = list(unprintable(article, content, cards_of(content), at, day_of(at)))
    if found:
        raise Blocked(found)


def check_descriptors(story):
    """Who spoke on background is called something in the story."""
    for quote in story.content["quotes"]:
        if quote["ground_rule"] in terms.UNNAMED and not quote.get("descriptor", "").strip():
            yield error(
                "descriptor",
                f"“{quote['words'][:60]}” was said on background: write what the story calls the person instead.",
                "body", overridable=False, about=quote["uid"],
            )  # fmt: skip


def check_agreed_terms(story):
    """No words are linked on terms more open than those that the contact log has."""
    quotes = story.content["quotes"]
    found = agreed.agreed_with({quote["expert"] for quote in quotes}, story.article, story.at)
    for quote in quotes:
        known, rule = found.get(quote["expert"]), terms.rule_at(quote, story.at)
        if known and known.is_less_open_than(rule):
            message = (
                f"“{quote['words'][:60]}” is linked as {agreed.RULES[rule].lower()}. By the contact log,"
                f" {story.cards.get(quote['expert'], 'this person')} spoke on these terms: {known.says}."
            )
            yield warning("agreed terms", message, "body", about=quote["uid"])


def check_identities(story):
    """Somebody has verified who the quoted people are, as strictly as the paper wants it."""
    setting = story.publication.identity_checks if story.publication else "warn"
    if setting == "off":
        return
    for pk in dict.fromkeys(quote["expert"] for quote in story.content["quotes"]):
        card = story.cards.get(pk)
        if card and (finding := identity_finding(card, story.today, setting)):
            yield finding


def identity_finding(card, day, setting):
    """What a quoted person's ledger of checks says on a day, as strictly as the paper wants it; or None."""
    state = verification.verification_state(card, day)
    if state not in NOT_SURE:
        return None
    message = f"{card} is quoted, and {NOT_SURE[state]}."
    if state == verification.FAILED:
        return error("identity", message, "body", overridable=False, about=card.pk)
    make = error if setting == "block" else warning
    return make("identity", message, "body", about=card.pk)


def check_unnamed_sources(story):
    """Somebody has approved that a source stays unnamed."""
    approved = set(story.article.attributions.exclude(approved_by=None).values_list("description", flat=True))
    rows = story.content["attributions"]
    for called in dict.fromkeys(row["description"] for row in rows if row["kind"] == "unnamed"):
        if called not in approved:
            yield error("unnamed", f"Nobody has approved the unnamed source “{called}”.", "attributions",
                        about=called)  # fmt: skip


def undisclosed(content, cards, text, at, day):
    """The interests that a story has to print and does not: [(card, disclosure)], for the people whom it may name."""
    topics, said = set(content["topics"]), fold(text)
    missing = []
    for row in terms.people_to_name(content, at):
        card = cards.get(row["expert"])
        for interest in card.disclosures.all() if card else ():
            about = {topic.pk for topic in interest.topics.all()}
            if not interest.must_print or not interest.holds_on(day) or (about and not about & topics):
                continue
            beside = fold(row.get("disclosure", ""))
            if not says(said, interest.print_text) and not says(beside, interest.print_text):
                missing.append((card, interest))
    return missing


def check_interests(story):
    """Readers are told of the interests of the people whom it names."""
    for card, interest in undisclosed(story.content, story.cards, story.text, story.at, story.today):
        yield warning("disclosure", f"Readers are to be told of {card}: “{interest.print_text}”", "body",
                      about=interest.pk)  # fmt: skip


def check_titles(story):
    """The titles that it prints are those of the day."""
    for row in story.content["appearances"]:
        card = story.cards.get(row["expert"])
        if card and (role := titles.out_of_date(row["attribution"], card.affiliations.all(), story.today)):
            now = card.title_on(story.today)
            ended = f" until {role.end}" if role.end else ""
            advice = f" Today it is “{now}”." if now else ""
            yield warning("old title", f"{row['name']} was “{role.as_printed}”{ended}, not now.{advice}", "appearances",
                          about=row["expert"])  # fmt: skip


def check_changed_words(story):
    """Linked words are those that somebody checked."""
    for quote in story.content["quotes"]:
        if quote.get("checked_words"):
            who, words = story.cards.get(quote["expert"]) or "this person", quote["words"][:60]
            yield warning("drift", f"Words of {who} have changed since somebody checked them: “{words}”", "body",
                          about=quote["uid"])  # fmt: skip


def check_names(story):
    """No word looks like a misprint of a name."""
    names = [row["name"] for row in story.content["appearances"]]
    cards = {row["name"]: row["expert"] for row in story.content["appearances"]}
    cards |= {card.display_name: pk for pk, card in story.cards.items()}
    wrong = [
        (variant.text, card.display_name)
        for card in story.cards.values()
        for variant in card.variants.all()
        if variant.kind == MISSPELLING
    ]
    for written, name in near_misses(story.text, names, wrong):
        yield warning("near miss", f"“{written}” looks like a misprint of {name}.", "body",
                      about=f"{cards[name]} {written}")  # fmt: skip
