"""What the checklist asks of who a story is by: its origin, its credit, and what its genre wants over it."""

from ...models import Agency
from .findings import error


def check_bylines(story):
    """It is by whom its origin and its genre say it has to be."""
    content, rule = story.content, story.genre.byline
    origin, credit = content["origin"], content["credit"]
    writers = len(story.writers)
    contributors = [story.contributors[pk] for pk in _in_order(story.writers) if pk in story.contributors]
    agency = None
    if origin in ("agency", "handout"):
        if not credit:
            yield error("credit line", "It needs a credit from the register of agencies.", "credit")
        else:
            agency = Agency.objects.filter(pk=credit["id"]).first()
        if origin == "handout" and content["genre"] == "news" and not any(map(_is_staff, contributors)):
            yield error("byline", "A handout is never news without a staff byline.", "bylines", about="handout")
    yield from terms_errors(origin, agency, contributors, story.today)
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


def terms_errors(origin, agency, contributors, day):
    """Errors about those whom a story comes from, as the registers have them on a day: its agency, and its writers."""
    if agency and not agency.in_terms_on(day):
        yield error("terms", f"The terms with {agency} do not cover that day.", "credit", about=agency.pk)
    if origin == "agency" and any(map(_is_staff, contributors)):
        yield error("byline", "Agency copy carries no staff byline.", "bylines", about="agency")
    for contributor in contributors if origin == "contributed" else ():
        if not contributor.line:
            yield error("line", f"{contributor} needs a line saying who they are and their interest.", "bylines",
                        about=contributor.pk)  # fmt: skip


def _in_order(lines):
    return dict.fromkeys(line["contributor"] for line in lines)


def _is_staff(contributor):
    """Whether a contributor has an account here."""
    return contributor.user_id is not None
