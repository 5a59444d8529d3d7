"""Search with two engines, SQLite's FTS5 and PostgreSQL's tsvector; other code calls only this module.

The index has a row for every listed edition from the moment the gate makes it, waiting ones included: so no job has
to run for a story to be found at its instant. Every answer for readers is joined with `Edition.objects.live()`, so
a waiting edition is in no hit, count, facet or suggestion. The tables are no models: `install_tables` makes
and fills them after migrate.
"""

from contextlib import suppress

from django.db import connection, transaction

from . import documents, finding, postgresql, sqlite, words
from .finding import Hit, Results
from .query import parse, parse_typing
from .words import tokens

__all__ = [
    "Hit",
    "Results",
    "find_articles",
    "find_editions",
    "find_quoted_experts",
    "remove_article",
    "index_edition",
    "index_article",
    "install_tables",
    "rebuild_index",
    "remove_edition",
]

SORTS = ("best", "newest")
BATCH_SIZE = 500


def _engine():
    return postgresql if connection.vendor == "postgresql" else sqlite


def index_edition(edition, text=None):
    """Put an edition into the index; it is found while it is live. Tombstones and unlisted editions are left out."""
    if not edition.listed or edition.is_tombstone:
        return
    fields = documents.edition_fields(edition, text or edition.text)
    with connection.cursor() as cursor:
        _engine().put_edition(cursor, documents.search_key(edition), edition.pk, fields, documents.filter_tags(edition))
        stems = {
            stem for name in ("head", "lead", "names") for stem in fields[name] if len(stem) > 3 and stem.isalpha()
        }
        cursor.executemany(
            "INSERT INTO search_word (stem) VALUES (%s) ON CONFLICT (stem) DO NOTHING",
            # In one order, so that two publications at the same time do not deadlock.
            [[stem] for stem in sorted(stems)],
        )


def remove_edition(edition):
    """Take an edition out of the index, to keep it small: an edition that is not live is never shown anyway."""
    with connection.cursor() as cursor:
        _engine().remove_edition(cursor, documents.search_key(edition), edition.pk)


def find_editions(query, *, section=None, genre=None, since=None, until=None, sort="best", before=None):
    """A page of Results for what a reader typed: words, "phrases", -words.

    `section` is a Section or its id, `since` and `until` are aware datetimes of first
    publication (from, and up to but not at). `sort` is "best" or "newest"; `before` is the
    `next` of the page before. Invalid values are ignored. Of the stories that match, the newest thousand are
    ranked. One query; two more if nothing is found.
    """
    asked = parse(query)
    if not asked:
        return Results(pulse=finding.pages.Beat.now())
    sort = sort if sort in SORTS else SORTS[0]
    tags = [documents.genre_tag(genre)] if genre else []
    with suppress(TypeError, ValueError):
        tags += [documents.section_tag(getattr(section, "pk", section))]
    return finding.find_page(
        _engine(),
        asked,
        tags=tags,
        since=since and documents.search_key_at(since),
        until=until and documents.search_key_at(until),
        sort=sort,
        before=_place_of_page(before, sort),
    )


def _place_of_page(before, sort):
    with suppress(TypeError, ValueError):
        place = int(before)
        if sort == "newest" and abs(place) < 1 << 62:
            return place
        if sort == "best" and 0 <= place < finding.WINDOW:
            return place
    return None


# --- the desk ----------------------------------------------------------------------------------


def index_article(article):
    """Put a working copy into the desk's index, as it stands."""
    with connection.cursor() as cursor:
        _engine().put_article(cursor, article.pk, documents.article_fields(article), article.created_at)


def remove_article(pk):
    """Take a working copy out of the desk's index."""
    with connection.cursor() as cursor:
        _engine().remove_article(cursor, pk)


def find_articles(words, limit=1000):
    """Ids of the desk's stories that have all of the words, newest first; the last word may be unfinished.

    It does not check permissions: filter a queryset of what the person may see. [] if nothing was typed.
    """
    asked = parse_typing(words)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*_engine().articles_sql(asked, limit))
        return [pk for (pk,) in cursor.fetchall()]


def find_quoted_experts(words, limit=50):
    """{expert id: quotation}: the newest one on the record, in a live story, that has all of the words.

    Only the newest thousand stories with the words are looked at. One query.
    """
    asked = parse(words)
    if not asked:
        return {}
    sql, params = finding.quotes_sql(_engine(), asked)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    wanted, found = asked.tokens(), {}
    for expert, text in rows:
        if len(found) < limit and expert not in found and wanted <= set(tokens(text)):
            found[expert] = text
    return found


# --- the tables --------------------------------------------------------------------------------


def install_tables(**kwargs):
    """Make and fill the tables if they are missing or of another version; called after migrate."""
    engine = _engine()
    if _tables_are_current(engine):
        return
    rebuild_index()


def _tables_are_current(engine):
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if not {*engine.TABLES, "search_version"} <= tables:
            return False
        cursor.execute("SELECT version FROM search_version")
        return cursor.fetchall() == [(words.VERSION,)]


@transaction.atomic
def rebuild_index(report=None):
    """Drop the tables, make them, and index every listed edition and every story. Returns how many.

    `report(n)` is called after every 500.
    """
    from ..models import Article, Edition

    engine = _engine()
    with connection.cursor() as cursor:
        for table in (*engine.TABLES, "search_version"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        engine.create_tables(cursor)
        cursor.execute("CREATE TABLE search_version (version integer NOT NULL)")
        cursor.execute("INSERT INTO search_version (version) VALUES (%s)", [words.VERSION])
    done = 0
    listed = Edition.objects.filter(listed=True).order_by("pk").select_related("text", "section").defer("text__body")
    stories = Article.objects.order_by("pk").prefetch_related("bylines__contributor")
    for rows, put in ((listed, index_edition), (stories, index_article)):
        for row in rows.iterator(chunk_size=BATCH_SIZE):
            put(row)
            done += 1
            if report and done % BATCH_SIZE == 0:
                report(done)
    return done
