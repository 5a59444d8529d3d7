"""Search: one door, two engines (SQLite's FTS5, PostgreSQL's tsvector) behind it.

The index holds a row for every listed edition, waiting ones too, from the moment the gate
makes them: so nothing has to run for a story to be found at its instant. What a reader is told
comes after the join with `Edition.objects.live()`, and a waiting edition's words show in no hit,
count, facet or suggestion before it. Its tables are no models: `install` makes them after every
migrate, and fills them where they are new.
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
    "remove_article",
    "index_edition",
    "index_article",
    "install_tables",
    "quoted",
    "rebuild_index",
    "remove_edition",
]

SORTS = ("best", "newest")
BATCH_SIZE = 500


def _engine():
    return postgresql if connection.vendor == "postgresql" else sqlite


def index_edition(edition, text=None):
    """Put an edition into the index; it is found from its first moment to its last."""
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
            # In order, so that two publications at once wait for each other instead of for ever.
            [[stem] for stem in sorted(stems)],
        )


def remove_edition(edition):
    """Take an edition out of the index: tidiness, since only a live one is ever shown."""
    with connection.cursor() as cursor:
        _engine().remove_edition(cursor, documents.search_key(edition), edition.pk)


def find_editions(query, *, section=None, genre=None, since=None, until=None, sort="best", before=None):
    """A page of Results for what a reader typed: words, "phrases", -words.

    `section` is a Section or its id, `since` and `until` are aware datetimes of first
    publication (from, and up to but not at). `sort` is "best" or "newest"; `before` is the
    `next` of the page before. Whatever is no such thing is passed over. Ranked are the newest
    thousand stories that match. One query; two more where nothing is found.
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
    """The ids of the newest stories of the desk that hold all of the words, newest first; the last may be unfinished.

    Who may see which of them is for the asker's queryset to say. Nothing typed finds nothing.
    """
    asked = parse_typing(words)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*_engine().articles_sql(asked, limit))
        return [pk for (pk,) in cursor.fetchall()]


def quoted(words, limit=50):
    """{expert id: their words} for the newest quotations on the record, in live stories, that hold all of the words.

    Of the stories that hold them the newest thousand are looked at. One query.
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
    """post_migrate: make the tables where they are missing or of another version, and fill them."""
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
    """Drop the tables, make them and index every listed edition and every story; `report(n)` hears how far it is."""
    from ..models import Article, Edition

    engine = _engine()
    with connection.cursor() as cursor:
        for table in (*engine.TABLES, "search_version"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        engine.create_tables(cursor)
        cursor.execute("CREATE TABLE search_version (version integer NOT NULL)")
        cursor.execute("INSERT INTO search_version (version) VALUES (%s)", [words.VERSION])
    done = 0
    listed = Edition.objects.filter(listed=True).order_by("pk").select_related("text").defer("text__body")
    stories = Article.objects.order_by("pk").prefetch_related("bylines__contributor")
    for rows, put in ((listed, index_edition), (stories, index_article)):
        for row in rows.iterator(chunk_size=BATCH_SIZE):
            put(row)
            done += 1
            if report and done % BATCH_SIZE == 0:
                report(done)
    return done
