"""Search on PostgreSQL, with tsvectors made from our own tokens, so that no parser or dictionary changes them.

A GIN index has no order, and reading the newest rows one by one until enough match takes seconds if few do. So
every row also has a token for its month, and a window is filled from spans of months, the newest first, each
found by the index.
"""

from newsroom import clock

from . import documents

TABLES = ("search_edition", "search_article", "search_word")
WEIGHTS = "{0.1, 0.5, 0.5, 1.0}"  # D body, C names, B lead, A head
LAST_PLACE = 16_383  # the highest position that a tsvector keeps
MONTH = 30 * 86_400
SPANS = ((-1, 1), (2, 7), (8, 31))  # in months back; what is older comes last, in one
LETTERS = dict(zip(("head", "lead", "names", "body"), "ABCD", strict=True))


def create_tables(cursor):
    """Make the tables, which must not be there."""
    cursor.execute(
        "CREATE TABLE search_edition"
        " (key bigint PRIMARY KEY, edition_id bigint NOT NULL UNIQUE, words tsvector NOT NULL)"
    )
    # Uncompressed: to look into a row's tokens is most of what a search costs.
    cursor.execute("ALTER TABLE search_edition ALTER words SET STORAGE EXTERNAL")
    cursor.execute("CREATE INDEX search_edition_words ON search_edition USING gin (words)")
    cursor.execute(
        "CREATE TABLE search_article (id bigint PRIMARY KEY, month integer NOT NULL, words tsvector NOT NULL)"
    )
    cursor.execute("ALTER TABLE search_article ALTER words SET STORAGE EXTERNAL")
    cursor.execute("CREATE INDEX search_article_words ON search_article USING gin (words)")
    cursor.execute('CREATE TABLE search_word (stem text COLLATE "C" PRIMARY KEY)')


def put_edition(cursor, key, edition_id, fields, tags):
    """Keep an edition's tokens under its key, in place of any others."""
    remove_edition(cursor, key, edition_id)
    cursor.execute(
        "INSERT INTO search_edition (key, edition_id, words) VALUES (%s, %s, %s::tsvector)",
        [key, edition_id, _tsvector_text(fields, [*tags, _month_tag(_month_number(key))])],
    )


def remove_edition(cursor, key, edition_id):
    cursor.execute("DELETE FROM search_edition WHERE key = %s OR edition_id = %s", [key, edition_id])


def put_article(cursor, pk, fields, created_at):
    month = _month_number(documents.search_key_at(created_at))
    cursor.execute(
        "INSERT INTO search_article (id, month, words) VALUES (%s, %s, %s::tsvector)"
        " ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words",
        [pk, month, _tsvector_text(fields, [_month_tag(month)])],
    )


def remove_article(cursor, pk):
    cursor.execute("DELETE FROM search_article WHERE id = %s", [pk])


def _tsvector_text(fields, tags=()):
    places, at = {}, 0
    for field, tokens in fields.items():
        for token in tokens:
            at = min(at + 1, LAST_PLACE)
            places.setdefault(token, []).append(f"{at}{LETTERS[field]}")
    places.pop("¤", None)
    lexemes = [f"'{token}':{','.join(found[:255])}" for token, found in places.items()]
    return " ".join([*lexemes, *(f"'{tag}'" for tag in tags)])


def window_sql(live, query, *, tags=(), heads=False, since=None, until=None, limit):
    """SQL and parameters for the newest live editions that match: key, edition_id, section_id, genre.

    `live` is the SQL and parameters of the live editions.
    """
    match = match_expression(query, tags, weights="ABC" if heads else "")
    newest = _month_number(documents.search_key_at(clock.process_time()))
    if until is not None:
        newest = min(newest, _month_number(until))
    spans = [_span_sql(live, f"{match} & ({months})", since, until, limit) for months in _month_spans(newest)]
    older = ((newest - SPANS[-1][1]) * MONTH) << documents.KEY_BITS
    spans.append(_span_sql(live, match, since, older if until is None else min(older, until), limit))
    sql = f"SELECT key, edition_id, section_id, genre FROM ({_union_sql(spans)}) AS spans LIMIT {int(limit)}"
    return sql, [value for _, params in spans for value in params]


def _month_spans(newest):
    """The months of each span, as a tsquery."""
    for first, last in SPANS:
        yield " | ".join(f"'{_month_tag(newest - back)}'" for back in range(first, last + 1))


def _union_sql(spans):
    """The spans as one query; each is run only if those before it have not filled the limit."""
    return " UNION ALL ".join(f"(SELECT * FROM ({sql}) AS span)" for sql, _ in spans)


def _span_sql(live, match, since, until, limit):
    live_sql, live_params = live
    bounds = [(sign, key) for sign, key in ((">=", since), ("<", until)) if key is not None]
    # "+ 0" keeps the planner from walking down the keys, OFFSET 0 from reading every edition there is;
    # the limit keeps it from asking spans side by side.
    sql = f"""SELECT found.key, live.id AS edition_id, live.section_id, live.genre
        FROM (SELECT key, edition_id FROM search_edition
            WHERE words @@ %s::tsquery{"".join(f" AND key {sign} %s" for sign, _ in bounds)}
            ORDER BY key + 0 DESC) AS found
        CROSS JOIN LATERAL (SELECT * FROM ({live_sql}) AS every WHERE every.id = found.edition_id OFFSET 0) AS live
        LIMIT {int(limit)}"""
    return sql, [match, *(key for _, key in bounds), *live_params]


def _month_number(key):
    return (key >> documents.KEY_BITS) // MONTH


def _month_tag(month):
    return f"¤m{month}"


def ranking_sql(query, tags, full):
    """How well each row of the window `shown` matches: tables and their parameters, joins, the rank (least best)."""
    # OFFSET 0: row by row by its key, never by reading the table.
    joins = """CROSS JOIN asked
        CROSS JOIN LATERAL (SELECT words FROM search_edition WHERE search_edition.key = best.key OFFSET 0) AS found"""
    tables, params = ["asked AS (SELECT %s::tsquery AS query)"], [match_expression(query)]
    return tables, params, joins, f"-ts_rank_cd('{WEIGHTS}', found.words, asked.query, 1)"


def articles_sql(query, limit):
    """SQL and parameters for the ids of the newest stories of the desk that match."""
    match, newest = match_expression(query), _month_number(documents.search_key_at(clock.process_time()))
    found = "SELECT id FROM search_article WHERE words @@ %s::tsquery{} ORDER BY id + 0 DESC LIMIT %s"
    spans = [(found.format(""), [f"{match} & ({months})", limit]) for months in _month_spans(newest)]
    spans.append((found.format(" AND month < %s"), [match, newest - SPANS[-1][1], limit]))
    sql = f"SELECT id FROM ({_union_sql(spans)}) AS spans LIMIT %s"
    return sql, [*(value for _, params in spans for value in params), limit]


def match_expression(query, tags=(), weights=""):
    """A query as a tsquery. Every token is quoted and none holds a quote, so nothing in it is syntax."""
    wanted = [_term_expression(term, weights) for term in query.wanted] + [f"'{tag}'" for tag in tags]
    return " & ".join(wanted + [f"!{_term_expression(term, '')}" for term in query.unwanted])


def _term_expression(term, weights):
    ends = f"{'*' if term.part else ''}{weights}"
    phrase = " <-> ".join(f"'{token}'{':' + ends if ends else ''}" for token in term.tokens)
    return f"({phrase} | '{term.begins}':*)" if term.begins else f"({phrase})"


COUNTS = "(SELECT json_object_agg({0}, n)::text FROM (SELECT {0}, count(*) AS n FROM shown GROUP BY {0}) AS counted)"
CARD_LABEL = "text.data #>> '{labels,card_label}'"
BYLINES = "(text.data -> 'bylines')::text"
