"""The one query behind a page of results, and the spelling that somebody may have meant."""

import difflib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection

from newsroom import clock
from newsroom.web import pages

from ..models import Edition, EditionText, Quote
from . import documents, query, words
from .query import Query, Term

WINDOW = 1000  # stories that are ranked and counted: the newest that match
PAGE_SIZE = 20
AGE_DAYS = 180  # days after which a story counts for about two thirds of a new one
MOST_CANDIDATES = 8


@dataclass(frozen=True)
class Hit:
    """One story found. `headline_html` and `excerpt_html` are escaped, with <mark> around the words asked for."""

    key: int
    edition_id: int
    article_id: int
    path: str
    headline: str
    headline_html: str
    excerpt_html: str
    label: str
    section_id: int
    genre: str
    language: str
    bylines: tuple
    first_published_at: datetime


@dataclass(frozen=True)
class Results:
    """A page of hits. `count` stops at a thousand, and `capped` says that there are more.

    `sections` {id: n} and `genres` {name: n} count the same stories. `next` is the `before` of
    the next page, or "". `suggestion` is a query that finds something, or "".
    """

    hits: tuple = ()
    count: int = 0
    capped: bool = False
    suggestion: str = ""
    sections: dict = field(default_factory=dict)
    genres: dict = field(default_factory=dict)
    next: str = ""
    pulse: pages.Beat | None = None

    def __iter__(self):
        return iter(self.hits)

    def __len__(self):
        return len(self.hits)

    @property
    def count_text(self):
        return f"{self.count:,}+" if self.capped else f"{self.count:,}"


def find_page(engine, asked, *, tags, since, until, sort, before):
    """A page of Results for a Query; one query, and two more where nothing is found."""
    sql, params = _page_sql(engine, asked, tags, since, until, sort, before)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    beat, count, sections, genres = rows[0][:4]
    found = [row[4:] for row in rows if row[4] is not None]
    wanted = asked.tokens()
    hits = tuple(_hit_of_row(row, wanted) for row in found[:PAGE_SIZE])
    more = len(found) > PAGE_SIZE
    return Results(
        hits=hits,
        count=min(count, WINDOW),
        capped=count > WINDOW,
        suggestion="" if count else suggested_query(engine, asked),
        sections={int(pk): n for pk, n in json.loads(sections or "{}").items()},
        genres=json.loads(genres or "{}"),
        next=_next_page(hits, sort, before) if more else "",
        pulse=pages.Beat.read(beat),
    )


def _next_page(hits, sort, before):
    if sort == "newest":
        return str(hits[-1].key)
    place = (before or 0) + PAGE_SIZE
    return str(place) if place < WINDOW else ""


def _page_sql(engine, asked, tags, since, until, sort, before):
    live, bounds = _live_sql(), {"tags": tags, "since": since}
    shown, params = engine.window_sql(live, asked, **bounds, until=until, limit=WINDOW + 1)
    tables = [f"shown AS MATERIALIZED ({shown})"]
    if sort == "newest" and before is not None:
        # These pages go further than the window that is counted, so each has its own, from the last story seen on.
        older, more = engine.window_sql(live, asked, **bounds, until=min(before, until or before), limit=PAGE_SIZE + 1)
        tables.append(f"page AS MATERIALIZED (SELECT key, edition_id, 0.0 AS rank FROM ({older}) AS older)")
        params += more
    elif sort == "newest":
        newest = f"SELECT key, edition_id, 0.0 AS rank FROM shown ORDER BY key DESC LIMIT {PAGE_SIZE + 1}"
        tables.append(f"page AS MATERIALIZED ({newest})")
    else:
        more, values, joins, rank = engine.ranking_sql(asked, tags, WINDOW)
        tables += [*more, f"page AS MATERIALIZED ({_best_page_sql(joins, rank, before)})"]
        params += values
    edition, text = Edition._meta.db_table, EditionText._meta.db_table
    beat, beat_params = _compiled_expression(pages.beat())
    sql = f"""WITH {", ".join(tables)}
        SELECT {beat}, (SELECT count(*) FROM shown),
            {engine.COUNTS.format("section_id")}, {engine.COUNTS.format("genre")},
            page.key, e.id, e.article_id, e.path, e.section_id, e.genre, e.language,
            text.headline, text.standfirst, substr(text.plain, 1, {query.SCANNED}),
            {engine.CARD_LABEL}, {engine.BYLINES}
        FROM (SELECT 1 AS one) AS always
        LEFT JOIN page ON 1 = 1
        LEFT JOIN {edition} e ON e.id = page.edition_id
        LEFT JOIN {text} text ON text.edition_id = e.id
        ORDER BY page.rank, page.key DESC"""
    return sql, [*params, *beat_params]


def _best_page_sql(joins, rank, before):
    """A page of the window, by how well a story matches and how new it is.

    The window is bounded, so a page begins at an offset in it rather than at a key.
    """
    now, at = int(clock.process_time().timestamp()), f"(key >> {documents.KEY_BITS})"
    age = f"(CASE WHEN {at} < {now} THEN {now} - {at} ELSE 0 END)"
    return f"""SELECT key, best.edition_id, {rank} * (0.35 + 0.65 / (1.0 + {age} / {AGE_DAYS * 86400}.0)) AS rank
        FROM (SELECT key, edition_id FROM shown ORDER BY key DESC LIMIT {WINDOW}) AS best {joins}
        ORDER BY 3, key DESC LIMIT {PAGE_SIZE + 1} OFFSET {int(before or 0)}"""


def quotes_sql(engine, asked):
    """SQL and parameters for (expert id, words) of quotations on the record in the newest live stories that match."""
    shown, params = engine.window_sql(_live_sql(), asked, limit=WINDOW)
    table = Quote._meta.db_table
    return (
        f"""SELECT quote.expert_id, quote.words FROM ({shown}) AS shown
        JOIN {table} quote ON quote.edition_id = shown.edition_id
        WHERE quote.ground_rule = 'on_record' ORDER BY shown.key DESC, quote.place""",
        params,
    )


def _live_sql():
    """The live editions as SQL and parameters; every search joins with them."""
    rows = Edition.objects.live().order_by().values("id", "section_id", "genre")
    return rows.query.get_compiler(connection=connection).as_sql()


def _compiled_expression(expression):
    compiler = Edition.objects.order_by().query.get_compiler(connection=connection)
    compiler.setup_query()
    return compiler.compile(expression)


def _hit_of_row(row, wanted):
    key, edition, article, path, section, genre, language, headline, standfirst, plain, label, bylines = row
    # The excerpt is from the standfirst if that has all the words, else from the text.
    told = standfirst if _has_all(standfirst, wanted) or not plain else plain
    return Hit(
        key=key,
        edition_id=edition,
        article_id=article,
        path=path,
        headline=headline,
        headline_html=query.marked(headline, wanted),
        excerpt_html=query.excerpt(told, wanted),
        label=label or "",
        section_id=section,
        genre=genre,
        language=language,
        bylines=tuple(line["name"] for line in json.loads(bylines or "[]")),
        first_published_at=datetime.fromtimestamp(key >> documents.KEY_BITS, UTC),
    )


def _has_all(text, wanted):
    return wanted <= set(words.tokens(text))


# --- did you mean ------------------------------------------------------------------------------


def suggested_query(engine, asked):
    """A corrected query for somebody who found nothing, with words of live editions only, or ""."""
    typed = [term.tokens[0] for term in asked.wanted if term.is_word and len(term.tokens[0]) > 3][:4]
    if not typed:
        return ""
    near = {token: _close_stems(token, _stems_beginning_alike(token)) for token in typed}
    # Only words of live editions count as known or are offered: the list of words also has those of
    # waiting editions, which must not show.
    printed = _printed_words(engine, [*dict.fromkeys([*typed, *(word for words in near.values() for word in words)])])
    better = {}
    for token in typed:
        if token not in printed and (word := next((word for word in near[token] if word in printed), None)):
            better[token] = printed[word]
    return asked.instead(better) if better else ""


def _stems_beginning_alike(token):
    """Words of headlines and names that begin alike: but for a letter more, fewer, other, or swapped with the next."""
    a, b, c = token[:3]
    likes = [f"{a}{b}%", f"{a}_{b}%", f"{a}{c}%", f"{a}_{c}%", f"{b}{a}%"]
    # The first letter limits the rows to look at; the patterns compare the rest.
    firsts = sorted({a, b})
    bounds = " OR ".join(["(stem >= %s AND stem < %s)"] * len(firsts))
    patterns = " OR ".join(["stem LIKE %s"] * len(likes))
    sql = (
        f"SELECT stem FROM search_word WHERE ({bounds}) AND ({patterns}) AND length(stem) BETWEEN %s AND %s LIMIT 4000"
    )
    params = [bound for first in firsts for bound in (first, first + "\U0010ffff")]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *likes, len(token) - 2, len(token) + 2])
        return [stem for (stem,) in cursor.fetchall() if stem != token]


def _close_stems(token, stems):
    return difflib.get_close_matches(token, stems, n=MOST_CANDIDATES, cutoff=0.74)


def _printed_words(engine, stems):
    """{stem: the word as a live edition prints it} for those that stand in the headline, standfirst or names of one."""
    live, parts, params = _live_sql(), [], []
    for stem in stems:
        sql, values = engine.window_sql(live, Query((Term((stem,)),)), heads=True, limit=1)
        parts.append(f"SELECT * FROM (SELECT edition_id FROM ({sql}) AS newest) AS one")
        params += values
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts), params)
        editions = [pk for (pk,) in cursor.fetchall()]
    printed = {}
    for text in EditionText.objects.filter(pk__in=editions).defer("body", "plain"):
        for piece in documents.printed_pieces(text):
            for token, start, end in words.token_spans(piece):
                printed.setdefault(token, piece[start:end].lower())
    return {stem: printed[stem] for stem in stems if stem in printed}
