"""Genres and origins: WORKFLOW's table (d). What kind of journalism a story is, and where it comes from."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fact:
    """Something a genre wants to know of a story, kept in `Article.genre_facts` under `name`."""

    name: str
    label: str
    kind: str = "text"  # text, longtext, date, choice, rating, lines
    required: bool | None = True  # False: a warning where it is missing; None: optional
    choices: tuple = ()
    help: str = ""


@dataclass(frozen=True)
class Genre:
    name: str
    label: str = ""  # printed above the headline; a card without one prints its section
    schema_type: str = "ReportageNewsArticle"  # stands before NewsArticle
    facts: tuple = ()
    byline: str = "by origin"  # by origin, named writer, one or more people, one person, none
    colour: str = "news"  # news, analysis, opinion: how labels are tinted
    flash: bool = False  # whether it may run at once, with what readers can wait for owed: actions/debts.py
    checks: tuple = field(default=())  # names of extra checks, see actions/checklist/genre.py


VERDICTS = (
    ("true", "True"), ("mostly_true", "Mostly true"), ("half_true", "Half true"),
    ("misleading", "Misleading"), ("false", "False"),
)  # fmt: skip

GENRES = {
    "news": Genre("News", flash=True, checks=("a source",)),
    "analysis": Genre(
        "Analysis", "Analysis", "AnalysisNewsArticle", byline="named writer or agency", colour="analysis",
        checks=("expert or document", "no first person"),
    ),
    "explainer": Genre(
        "Explainer", "Explainer", "BackgroundNewsArticle", colour="analysis",
        facts=(Fact("as_of", "As of", "date", required=False, help="The day the facts were checked."),),
    ),
    "interview": Genre(
        "Interview", "Interview", byline="named writer", colour="analysis", checks=("three quotes",),
        facts=(
            Fact("how", "How it was held", help="In person, by telephone, in writing."),
            Fact("held_on", "Held on", "date"),
        ),
    ),
    "feature": Genre("Feature", byline="named writer", checks=("lead picture",)),
    "fact_check": Genre(
        "Fact check", "Fact check", "NewsArticle", byline="named writer", colour="analysis", checks=("two sources",),
        facts=(
            Fact("claim", "The claim", "longtext"),
            Fact("claimed_by", "Who made it"),
            Fact("claimed_where", "Where"),
            Fact("claimed_on", "When", "date"),
            Fact("verdict", "Verdict", "choice", choices=VERDICTS),
        ),
    ),
    "opinion": Genre(
        "Opinion", "Opinion", "OpinionNewsArticle", byline="one or more people", colour="opinion",
        facts=(Fact("author_line", "Who the author is", help="One line, with any interest they have in the subject."),),
    ),
    "editorial": Genre(
        "Editorial", "Editorial", "OpinionNewsArticle", byline="none", colour="opinion",
        checks=("managing editor approves",),
    ),
    "review": Genre(
        "Review", "Review", "ReviewNewsArticle", byline="one person", colour="opinion",
        facts=(
            Fact("item", "What is reviewed"),
            Fact("item_kind", "Kind", "choice", choices=(
                ("book", "Book"), ("film", "Film"), ("concert", "Concert"), ("exhibition", "Exhibition"),
                ("play", "Play"), ("album", "Album"), ("restaurant", "Restaurant"), ("other", "Other"),
            ), required=None),
            Fact("rating", "Rating", "rating", required=None, help="One to five, if this section rates."),
            Fact("obtained", "How it was obtained", required=False, help="Bought, lent by the publisher, invited."),
        ),
    ),
    "obituary": Genre(
        "Obituary", "Obituary", "NewsArticle",
        facts=(
            Fact("full_name", "Full name"),
            Fact("born_on", "Born", "date"),
            Fact("died_on", "Died", "date"),
            Fact("sources", "Death confirmed by", "lines", help="Two sources, one a line."),
        ),
        checks=("two confirmations",),
    ),
}  # fmt: skip


GENRE_CHOICES = [(key, genre.name) for key, genre in GENRES.items()]
# Where a story comes from. What each wants over the story, `actions/checklist/bylines.py` checks.
ORIGIN_CHOICES = [
    ("staff", "Staff"),
    ("agency", "Agency"),
    ("freelance", "Freelance"),
    ("contributed", "Contributed"),
    ("handout", "Handout"),
]
