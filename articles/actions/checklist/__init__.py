"""The checklist at the gate: errors that stop a story, warnings that somebody may waive by name. WORKFLOW (d)."""

import re

from newsroom import clock
from newsroom.paper import day_of, zone

from ... import genres
from ...body import plain, references
from ...models import Agency, Contributor, Image, Path, Section
from ...roles import Role
from ..people import merged_cards
from . import people
from .findings import ERROR, WARNING, Finding, error, warning

__all__ = ["ERROR", "WARNING", "Finding", "error", "on_hold", "path_taken", "run", "story_path", "warning"]

FIRST_PERSON = re.compile(r"\b(I|I'm|I’m|my|mine|me)\b")
# What others say: marked quotes, and words between quotation marks.
QUOTED = re.compile(r"<(q|blockquote)\b.*?</\1>", re.DOTALL), re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“]*“")


def run(article, content, *, at=None):
    """What stands between a content of this story and publication at a moment (now, unless told).

    `content` is a revision's; hold, embargo, sign-offs and notes are the article's own.
    """
    at = at or clock.process_time()
    story = _Story(article, merged_cards.content(content), at)
    return [finding for check in CHECKS for finding in check(story)]


class _Story:
    """What the checks read, loaded once."""

    def __init__(self, article, content, at):
        self.article, self.content, self.at = article, content, at
        self.genre = genres.GENRES[content["genre"]]
        self.found = references.references_of(content["body"])
        self.text = plain.plain_text_of(content["body"])
        lead = content.get("lead_image") or {}
        self.lead = lead.get("id")
        self.images = Image.objects.in_bulk(self.found.images | ({self.lead} if self.lead else set()))
        self.writers = [line for line in content["bylines"] if line["role"] == "writer"]
        self.contributors = Contributor.objects.in_bulk([line["contributor"] for line in content["bylines"]])
        self.signed = _standing_signoffs(article, content)
        self.today = day_of(at)


def _standing_signoffs(article, content):
    """The kinds of sign-off given to a revision with these very words."""
    from ..writing import words_differ

    kinds = set()
    for signoff in article.signoffs.select_related("revision"):
        if not words_differ(signoff.revision.content, content):
            kinds.add(signoff.kind)
    return kinds


def words_and_place(story):
    content = story.content
    if not content["headline"].strip():
        yield error("headline", "It has no headline.", "headline", overridable=False)
    section = Section.objects.filter(pk=content["section"]).first() if content["section"] else None
    if section is None:
        yield error("section", "It has no section.", "section", overridable=False)
    if not story.text.strip():
        yield error("body", "It has no text.", "body", overridable=False)
    if not content["slug"]:
        yield error("slug", "It has no slug: the end of its address.", "slug", overridable=False)
    elif section and (taken := path_taken(story.article, section, content["slug"], story.at)):
        yield error(
            "slug", f"The address {taken} belongs to another story. Choose another slug.", "slug", overridable=False
        )
    if not content["standfirst"].strip():
        yield warning("standfirst", "It has no standfirst.", "standfirst")
    if not content["topics"]:
        yield warning("topic", "It is filed under no topic.", "topics")
    planned = story.article.planned_length
    if planned and plain.word_count(content["body"]) > planned * 1.2:
        yield warning("length", f"It is over its planned length of {planned} words by more than a fifth.", "body")


def path_taken(article, section, slug, at):
    """The path this story would get, if it belongs to another story; else ""."""
    first = article.editions.in_force(at).values_list("first_published_at", flat=True).first() or at
    path = story_path(section.slug, first, slug)
    return path if Path.objects.filter(path=path).exclude(article=article).exists() else ""


def story_path(section_slug, first_published_at, slug):
    """A story's address: its section, the date of first publication in the paper's zone, its slug."""
    day = first_published_at.astimezone(zone())
    return f"/{section_slug}/{day:%Y/%m/%d}/{slug}/"


def nothing_missing(story):
    found = story.found
    try:
        references.validate_references(story.content["body"])
    except references.ValidationError as problem:
        yield error("references", " ".join(problem.messages), "body", overridable=False)
    if found.articles:
        from ...models import Edition

        live = set(
            Edition.objects.live(story.at).filter(article__in=found.articles).values_list("article_id", flat=True)
        )
        if missing := found.articles - live:
            yield warning("related", f"{len(missing)} related card(s) name stories readers cannot see yet.", "body")


def pictures(story):
    used = [(pk, "The lead picture") for pk in [story.lead] if pk]
    used += [(pk, f"Picture {pk}") for pk in sorted(story.found.images - {story.lead})]
    for pk, name in used:
        image = story.images.get(pk)
        if image is None:
            yield error("picture", f"{name} is no longer in the library.", "lead_image", overridable=False)
            continue
        if not image.original:
            yield error("picture", f"{name} (“{image}”) has no file: it was only recorded.", "lead_image",
                        overridable=False)  # fmt: skip
        if not image.alt and not image.decorative:
            yield error("alt", f"{name} (“{image}”) has no alternative text.", "lead_image")
        if not image.credit:
            yield error("credit", f"{name} (“{image}”) has no credit.", "lead_image")
        if image.restricted or (image.rights_until and image.rights_until <= story.at):
            yield error("rights", f"{name} (“{image}”) may not be published: its rights are over or restricted.",
                        "lead_image")  # fmt: skip
    if not story.lead:
        if "lead picture" in story.genre.checks:
            yield error("lead picture", "A feature needs a lead picture.", "lead_image")
        else:
            yield warning("lead picture", "It has no lead picture.", "lead_image")


def on_hold(article):
    if article.hold:
        yield error("hold", f"It is on hold: {article.hold_reason or 'ask who held it'}.", overridable=False)


def hold_and_embargo(story):
    article = story.article
    yield from on_hold(article)
    if article.embargo_until and article.embargo_until > story.at:
        until = article.embargo_until.astimezone(zone())
        yield error(
            "embargo", f"It is under embargo until {until:%d %b %Y, %H:%M}.", "embargo_until", overridable=False
        )


def signoffs(story):
    article = story.article
    if article.legal_wanted and "legal" not in story.signed:
        yield error("legal", "Legal sign-off is wanted, and nobody has given it to these words.")
    section = article.section
    for kind in (section.required_signoffs if section else []) or []:
        if kind not in story.signed and not (kind == "legal" and article.legal_wanted):
            yield error(f"required {kind}", f"{section} wants a {kind} sign-off.")
    for kind in ("copy", "facts"):
        if kind not in story.signed and kind not in ((section.required_signoffs if section else []) or []):
            yield warning(kind, f"No {kind} sign-off on these words.")
    if count := article.notes.filter(resolved_at=None).count():
        yield warning("notes", f"{count} desk note{'s' if count > 1 else ''} still open.", "body")


def byline(story):
    content, rule = story.content, story.genre.byline
    origin, credit = content["origin"], content["credit"]
    writers = len(story.writers)
    staff = [line for line in story.writers if _is_staff(story, line)]
    if origin in ("agency", "handout"):
        if not credit:
            yield error("credit line", "It needs a credit from the register of agencies.", "credit")
        else:
            agency = Agency.objects.filter(pk=credit["id"]).first()
            if agency and not agency.in_terms_on(story.today):
                yield error("terms", f"The terms with {agency} do not cover today.", "credit")
        if origin == "agency" and staff:
            yield error("byline", "Agency copy carries no staff byline.", "bylines")
        if origin == "handout" and content["genre"] == "news" and not staff:
            yield error("byline", "A handout is never news without a staff byline.", "bylines")
    if origin == "contributed":
        for line in story.writers:
            contributor = story.contributors.get(line["contributor"])
            if contributor and not contributor.line:
                yield error("line", f"{contributor} needs a line saying who they are and their interest.", "bylines")
    if rule == "none":
        if content["bylines"]:
            yield error("byline", "An editorial is the paper's: no person's byline.", "bylines")
    elif rule == "one person" and writers != 1:
        yield error("byline", "A review carries exactly one writer's byline.", "bylines")
    elif rule in ("one or more people", "named writer") and not writers:
        yield error("byline", f"{story.genre.name} needs a writer's byline.", "bylines")
    elif rule == "named writer or agency" and not writers and not (origin == "agency" and credit):
        yield error("byline", f"{story.genre.name} needs a writer's byline, or an agency's credit.", "bylines")
    elif rule == "by origin" and origin in ("staff", "freelance", "contributed") and not content["bylines"]:
        yield error("byline", "It needs at least one byline.", "bylines")


def _is_staff(story, line):
    contributor = story.contributors.get(line["contributor"])
    return contributor is not None and contributor.user_id is not None


def genre_facts(story):
    facts = story.content["genre_facts"] or {}
    for fact in story.genre.facts:
        if fact.required is not None and facts.get(fact.name) in (None, "", []):
            make = error if fact.required else warning
            yield make(f"fact {fact.name}", f"{story.genre.name}: “{fact.label}” is missing.", f"fact_{fact.name}")


LINK = re.compile(r'<a\b[^>]*href="https?://', re.IGNORECASE)


def genre_extras(story):
    checks, content = story.genre.checks, story.content
    named = {a["expert"] for a in content["appearances"]}
    links = len(LINK.findall(content["body"]))
    if "a source" in checks and not (named or content["attributions"] or content["credit"] or links):
        yield warning("source", "It names or records no source.", "body")
    if "expert or document" in checks:
        if not (named or links):
            yield warning("expert", "An analysis rests on at least one named expert or document.", "body")
        if FIRST_PERSON.search(_own_words(content["body"])):
            yield warning("first person", "An analysis does not speak in the first person.", "body")
    if "three quotes" in checks:
        counts = {}
        for quote in content["quotes"]:
            counts[quote["expert"]] = counts.get(quote["expert"], 0) + 1
        if max(counts.values(), default=0) < 3:
            yield error("three quotes", "An interview links its person to at least three quotes.", "body")
    if "two sources" in checks and links + len(named) < 2:
        yield error("two sources", "A fact check links at least two sources.", "body")
    if "two confirmations" in checks and len(_lines((content["genre_facts"] or {}).get("sources"))) < 2:
        yield error("confirmed", "A death is confirmed by two sources before an obituary runs.", "fact_sources")
    if "managing editor approves" in checks:
        approver = story.article.approved_by
        if approver and Role.MANAGING not in set(approver.groups.values_list("name", flat=True)):
            yield error("editorial", "An editorial is approved by the managing editor.")


def _own_words(body):
    """The words that are the writer's own."""
    marked, printed = QUOTED
    return printed.sub(" ", plain.plain_text_of(marked.sub(" ", body)))


def _lines(value):
    lines = value if isinstance(value, list) else str(value or "").splitlines()
    return [line for line in lines if str(line).strip()]


CHECKS = (
    words_and_place, nothing_missing, pictures, hold_and_embargo, signoffs, people.people, byline, genre_facts,
    genre_extras,
)  # fmt: skip
