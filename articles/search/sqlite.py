"""Search on SQLite: FTS5 over our own tokens, in contentless tables if the library can delete from those."""

import sqlite3

TABLES = ("search_edition", "search_key", "search_article", "search_word")
WEIGHTS = "10.0, 5.0, 5.0, 1.0, 0.0"  # head, lead, names, body, tags


def create_tables(cursor):
    """Make the tables, which must not be there."""
    # Before 3.43 a contentless table cannot forget a row, so there the tokens are stored as well.
    bare = ", content='', contentless_delete=1" if sqlite3.sqlite_version_info >= (3, 43) else ""
    # This tokenizer keeps all but ASCII punctuation in a token: ours are already separated by spaces.
    options = f"tokenize='ascii'{bare}"
    cursor.execute(f"CREATE VIRTUAL TABLE search_edition USING fts5(head, lead, names, body, tags, {options})")
    cursor.execute("CREATE TABLE search_key (key INTEGER PRIMARY KEY, edition_id INTEGER NOT NULL UNIQUE)")
    cursor.execute(
        f"CREATE VIRTUAL TABLE search_article USING fts5(head, lead, names, body, {options}, prefix='2 3 4')"
    )
    cursor.execute("CREATE TABLE search_word (stem TEXT PRIMARY KEY) WITHOUT ROWID")


def put_edition(cursor, key, edition_id, fields, tags):
    """Keep an edition's tokens under its key, in place of any others."""
    remove_edition(cursor, key, edition_id)
    cursor.execute("INSERT INTO search_key (key, edition_id) VALUES (%s, %s)", [key, edition_id])
    cursor.execute(
        "INSERT INTO search_edition (rowid, head, lead, names, body, tags) VALUES (%s, %s, %s, %s, %s, %s)",
        [key, *map(" ".join, fields.values()), " ".join(tags)],
    )


def remove_edition(cursor, key, edition_id):
    cursor.execute("DELETE FROM search_edition WHERE rowid = %s", [key])
    cursor.execute("DELETE FROM search_key WHERE key = %s OR edition_id = %s", [key, edition_id])


def put_article(cursor, pk, fields, created_at):
    remove_article(cursor, pk)
    cursor.execute(
        "INSERT INTO search_article (rowid, head, lead, names, body) VALUES (%s, %s, %s, %s, %s)",
        [pk, *map(" ".join, fields.values())],
    )


def remove_article(cursor, pk):
    cursor.execute("DELETE FROM search_article WHERE rowid = %s", [pk])


def window_sql(live, query, *, tags=(), heads=False, since=None, until=None, limit):
    """SQL and parameters for the newest live editions that match: key, edition_id, section_id, genre.

    `live` is the SQL and parameters of the live editions.
    """
    live_sql, live_params = live
    bounds = "".join(
        f" AND search_edition.rowid {sign} %s" for sign, key in ((">=", since), ("<", until)) if key is not None
    )
    match = match_expression(query, tags, "head lead names" if heads else "")
    # CROSS JOIN keeps the order: first what matches, newest first, and only then whether it is live.
    sql = f"""SELECT search_key.key, live.id AS edition_id, live.section_id, live.genre
        FROM search_edition CROSS JOIN search_key ON search_key.key = search_edition.rowid
        CROSS JOIN ({live_sql}) live ON live.id = search_key.edition_id
        WHERE search_edition MATCH %s{bounds}
        ORDER BY search_edition.rowid DESC LIMIT {int(limit)}"""
    keys = [key for key in (since, until) if key is not None]
    return sql, [*live_params, match, *keys]


def ranking_sql(query, tags, full):
    """How well each row of the window `shown` matches: tables and their parameters, joins, the rank (least best).

    bm25() counts every story that has a word, however old, so it is used only if fewer than
    `full` match. If the window is full, the field of the match decides.
    """
    # A joined subquery is evaluated before the first match is looked for; a condition would be, for every match.
    gate = "SELECT 1 FROM (SELECT count(*) AS size FROM shown) WHERE size {} " + str(full)
    rest = "CROSS JOIN search_edition WHERE search_edition MATCH %s"
    scored = f"SELECT rowid AS key, bm25(search_edition, {WEIGHTS}) AS score FROM ({gate.format('<')}) {rest}"
    newer = f"SELECT rowid AS key FROM ({gate.format('>=')}) {rest} AND rowid >= (SELECT min(key) FROM shown)"
    # MATERIALIZED, or each is evaluated again for every row that it is joined to.
    tables = [
        f"{name} AS MATERIALIZED ({sql})" for name, sql in (("scored", scored), ("heads", newer), ("leads", newer))
    ]
    params = [
        match_expression(query, tags),
        match_expression(query, (), "head"),
        match_expression(query, (), "head lead names"),
    ]
    joins = " ".join(f"LEFT JOIN {table} USING (key)" for table in ("scored", "heads", "leads"))
    field = "CASE WHEN heads.key IS NOT NULL THEN -4.0 WHEN leads.key IS NOT NULL THEN -2.0 ELSE -1.0 END"
    return tables, params, joins, f"coalesce(scored.score, {field})"


def articles_sql(query, limit):
    """SQL and parameters for the ids of the newest stories of the desk that match."""
    sql = "SELECT rowid FROM search_article WHERE search_article MATCH %s ORDER BY rowid DESC LIMIT %s"
    return sql, [match_expression(query), limit]


def match_expression(query, tags=(), columns=""):
    """A query in FTS5's language. Every token is quoted and none holds a quote, so nothing in it is syntax."""
    wanted = " AND ".join(f"({_term_expression(term)})" for term in query.wanted)
    parts = [f"{{{columns}}} : ({wanted})" if columns else wanted, *(f'tags : "{tag}"' for tag in tags)]
    sql = " AND ".join(f"({part})" for part in parts)
    return f"({sql}) NOT ({' OR '.join(_term_expression(term) for term in query.unwanted)})" if query.unwanted else sql


def _term_expression(term):
    phrase = f'"{" ".join(term.tokens)}"{" *" if term.part else ""}'
    return f'{phrase} OR "{term.begins}" *' if term.begins else phrase


COUNTS = "(SELECT json_group_object({0}, n) FROM (SELECT {0}, count(*) AS n FROM shown GROUP BY {0}))"
CARD_LABEL = "json_extract(text.data, '$.labels.card_label')"
BYLINES = "json_extract(text.data, '$.bylines')"
