"""What becomes true while an edition waits, and what the desk does about it: WORKFLOW (a), below its table.

A schedule asks the checklist once, and nothing asks again at its instant. CONDITIONS is the table of the errors that
the checklist could find by then although it did not at the scheduling. Those that cancel are asked in the transaction
that makes them true (`look_again`); the others stand on Today until somebody acts (`alarms_of`).
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import Q

from experts.models import Expert
from newsroom import clock, paper
from newsroom.models import Publication, Pulse

from ..models import Agency, Article, Contributor, Edition, ImageUse, Kind, PictureRuling, Quote, State
from . import checklist, gate
from .checklist import ERROR, bylines, people, pictures, signoffs
from .notify import tell
from .states import record_transition, set_state

MOST = 200  # editions ahead that Today looks through, the soonest first


@dataclass(frozen=True)
class Condition:
    """One row: what is said of it (never about whom), and whether it cancels what waits or stands on Today.

    `only_final`: it cancels only as an error that nobody may publish past, and is an alarm otherwise.
    """

    because: str
    cancels: bool = True
    only_final: bool = False


ALARM = False
# By the code of the finding.
CONDITIONS = {
    "hold": Condition("it is on hold"),
    "embargo": Condition("an embargo ends only after its moment"),
    "legal": Condition("a legal sign-off is wanted, which nobody has given to these words"),
    "unnamed": Condition("a source that it leaves unnamed is no longer approved"),
    "ground rule": Condition("a quotation in it may not be printed as it stands there"),
    "do not quote": Condition("it quotes somebody who is not to be quoted"),
    "identity": Condition("the identity of somebody whom it quotes failed a check", only_final=True),
    "rights": Condition("the rights to a picture end before its moment", ALARM),
    "made by ai": Condition("a picture that AI made or altered has no word of the picture desk", ALARM),
    "terms": Condition("the terms with its agency do not cover its day", ALARM),
    "line": Condition("a contributor has no line any more saying who they are", ALARM),
    "byline": Condition("agency copy has a writer on the staff by now", ALARM),
    "required": Condition("its section asks for a sign-off that it has not", ALARM),
}
# Errors about what the edition has frozen, or keeps others from taking: once passed they stay so.
FROZEN = frozenset({
    "headline", "section", "body", "slug", "shortcode", "references", "picture", "alt", "credit", "lead picture",
    "descriptor", "credit line", "background name", "fact", "three quotes", "two sources", "confirmed", "editorial",
    "taken out", "ai review", "no origin",
})  # fmt: skip


def new_errors(findings, edition):
    """The errors that nobody has published past: those that a waiting edition was not scheduled in spite of."""
    passed = edition.passed.get(ERROR, ())
    return [f for f in findings if f.level == ERROR and not (f.overridable and f.key in passed)]


# --- what cancels -------------------------------------------------------------------------------


def _cancels(finding):
    row = CONDITIONS.get(finding.code)
    return row is not None and row.cancels and not (row.only_final and finding.overridable)


def look_again(article, *, by):
    """Cancel what waits of a locked story where the gate would refuse it by now. Returns what stops it: [Finding].

    The desk gets the words back, the move says why, and whoever scheduled it is told.
    """
    at = clock.instant()
    edition = article.editions.waiting(at).exclude(kind=Kind.WITHDRAWAL).select_related("revision").first()
    if edition is None:
        return []
    found = checklist.findings_of(article, edition.revision.content, at=edition.live_from)
    stops = [finding for finding in new_errors(found, edition) if _cancels(finding)]
    if stops:
        _cancel(article, at, stops, by)
    return stops


def edition_a_save_may_cancel(article):
    """The edition that waits while somebody works on a story, to be named before they save; or None."""
    if article.locked:
        return None
    return article.editions.waiting().exclude(kind=Kind.WITHDRAWAL).select_related("by").first()


def said_of_stopped(stops):
    """The sentence about what was cancelled, for whoever made it so."""
    return f"The edition that was scheduled is cancelled, because {_because(stops)}."


def _because(stops):
    return "; ".join(dict.fromkeys(CONDITIONS[finding.code].because for finding in stops))


def _cancel(article, at, stops, by):
    because = _because(stops)
    start = article.state
    waiting = gate.cancel_waiting(article, at, by=by, because=because)
    if start == State.PUBLISHED:
        set_state(article, State.APPROVED, **gate.approval_of(waiting))
    record_transition(
        article, "cancel-schedule", start=start, by=by, revision=article.revisions.first(),
        note=f"Cancelled because {because}.", details={"findings": [finding.key for finding in stops]},
    )  # fmt: skip
    if article.assignee_id != waiting.by_id:  # who scheduled it is told by the gate
        text = f"Its schedule was cancelled because {because}."
        tell("failed check", to=[article.assignee_id], article=article, by=by, text=text)
    Pulse.objects.beat()


# --- people -------------------------------------------------------------------------------------


def editions_ahead_quoting(ids):
    """The waiting editions that quote any of these cards, soonest first."""
    quoted = Quote.objects.filter(expert__in=ids).order_by().values("edition")
    return Edition.objects.waiting().filter(pk__in=quoted).order_by("live_from", "pk")


@contextmanager
def around_change_of_people(ids, *, by):
    """Around a change of whether people may be quoted: what waits of the stories that quote them is asked again.

    The caller has locked the cards. Cards are locked before stories, and each kind in the order of its ids, here and
    in `take`, so that nobody schedules a story meanwhile and no two wait for each other.
    """
    wanted = set(editions_ahead_quoting(ids).values_list("article_id", flat=True))
    rows = Article.objects.select_for_update(of=("self",)).select_related("section").filter(pk__in=wanted)
    articles = list(rows.order_by("pk"))
    yield
    for article in articles:
        look_again(article, by=by)


def lock_people_of(article):
    """Lock the cards of those whom a story quotes or quoted, before the story itself: see `around_change_of_people`."""
    printed = Quote.objects.filter(edition__article=article.pk).order_by().values("expert")
    named = Q(pk__in=article.quote_records.order_by().values("expert")) | Q(pk__in=printed)
    list(Expert.objects.filter(named).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


# --- what stands on Today -----------------------------------------------------------------------


def editions_ahead():
    """What waits, soonest first, as Today reads it: with its story, and no text."""
    rows = Edition.objects.waiting().select_related("article", "section", "by").order_by("live_from", "pk")
    return rows.defer("article__body", "article__genre_facts", "article__merge_conflict")[:MOST]


def alarms_of(editions):
    """{edition id: [Finding]} for those of some waiting editions that the checklist would stop by now.

    Of the alarms of CONDITIONS alone; at most ten queries, however many editions there are.
    """
    by_id = {edition.pk: edition for edition in editions if edition.kind != Kind.WITHDRAWAL}
    if not by_id:
        return {}
    found = {pk: [] for pk in by_id}
    for ask in (_pictures_barred, _terms_ended, _signoffs_missing, _identities_missing):
        for pk, finding in ask(by_id):
            found[pk].append(finding)
    new = {pk: new_errors(findings, by_id[pk]) for pk, findings in found.items()}
    return {pk: findings for pk, findings in new.items() if findings}


def _pictures_barred(editions):
    """Pictures whose rights are over by an edition's moment, and those of AI that the picture desk lets not run."""
    uses = list(ImageUse.objects.filter(edition__in=list(editions)).select_related("image").order_by("pk"))
    rulings = PictureRuling.objects.in_force([use.image for use in uses if use.image.ai])
    for use in uses:
        image, at = use.image, editions[use.edition_id].live_from
        if image.restricted or (image.rights_until and image.rights_until <= at):
            yield use.edition_id, pictures.rights_error("A picture", image)
        if use.file_id is None and not pictures.may_run(image, rulings):
            yield use.edition_id, pictures.ai_error("A picture", image)


def _terms_ended(editions):
    """Agencies whose terms do not cover the day, guests without a line, agency writers who are staff by now."""
    rows = Edition.objects.filter(
        pk__in=list(editions), revision__content__origin__in=["agency", "handout", "contributed"]
    )
    rows = list(rows.order_by().values_list(
        "pk", "live_from", "revision__content__origin", "revision__content__credit__id", "revision__content__bylines"
    ))  # fmt: skip
    if not rows:
        return
    tz = paper.zone()
    agencies = Agency.objects.in_bulk({credit for *_, credit, _ in rows} - {None})
    people_in = {line["contributor"] for *_, lines in rows for line in lines}
    contributors = Contributor.objects.in_bulk(people_in)
    for pk, at, origin, credit, lines in rows:
        writers = [contributors.get(line["contributor"]) for line in lines if line["role"] == "writer"]
        agency = agencies.get(credit) if origin != "contributed" else None
        for finding in bylines.terms_errors(origin, agency, list(filter(None, writers)), paper.day_of(at, tz)):
            yield pk, finding


def _signoffs_missing(editions):
    asking = {pk: edition for pk, edition in editions.items() if edition.section.required_signoffs}
    if not asking:
        return
    rows = Edition.objects.filter(pk__in=list(asking)).order_by()
    contents = list(rows.values_list("pk", "article_id", "revision__content"))
    for pk, given in signoffs.signoffs_that_count(contents).items():
        for finding in signoffs.required_errors(asking[pk].section, given, asking[pk].article.legal_wanted):
            yield pk, finding


def _identities_missing(editions):
    publication = Publication.objects.current()
    if publication is None or publication.identity_checks != "block":
        return
    quoted = list(
        Quote.objects.filter(edition__in=list(editions)).order_by("place").values_list("edition", "expert").distinct()
    )
    cards = Expert.objects.prefetch_related("verifications").in_bulk({pk for _, pk in quoted})
    tz = paper.zone()
    for pk, expert in dict.fromkeys(quoted):
        finding = people.identity_finding(cards[expert], paper.day_of(editions[pk].live_from, tz), "block")
        if finding is not None:
            yield pk, finding
