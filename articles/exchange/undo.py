"""Takes an import back: the rows that a run made and that nobody has changed, answered or used since.

The database keeps what was public for ever; a run that should not have been is the one exception, for somebody with
the machine, and within a day of its beginning. After that only what readers could not see is taken back; a story that
they could is withdrawn like any other. The guards are lifted for it, inside one transaction, and that is logged.
"""

from collections import Counter
from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from newsroom import clock
from newsroom.database import guards
from newsroom.errors import Refused
from newsroom.models import PolicyPage, Pulse, Topic
from newsroom.pictures import uploads

from .. import search
from ..actions import freezing
from ..models import (
    Article,
    ArticleSection,
    ArticleTopic,
    BodyReference,
    Byline,
    Comment,
    Contributor,
    Edition,
    Image,
    ImportRun,
    OldAddress,
    Path,
    Revision,
    Section,
    Transition,
)

MODELS = {"article": Article, "page": PolicyPage, "image": Image, "contributor": Contributor, "topic": Topic,
          "section": Section}  # fmt: skip
# What an import itself makes of a story; anything else that points at one was made by somebody since.
MADE_WITH_A_STORY = (
    Revision, Transition, Edition, Path, Comment, Byline, ArticleSection, ArticleTopic, BodyReference, OldAddress,
)  # fmt: skip
MOVES_OF_AN_IMPORT = ("import", "refresh")
UNDONE_WITHIN = timedelta(days=1)  # since it began, as far as readers could see what it made


class _RolledBack(Exception):
    """Raised at the end of a dry run to roll it back."""


def undo_run(number=0, *, commit=False):
    """Take a run back, the newest without a number; returns the report's lines. Raises Refused for no such run."""
    runs = ImportRun.objects.all()
    run = runs.filter(pk=number).first() if number else runs.first()
    if run is None:
        raise Refused(
            f"There is no run {number} of an import." if number else "No import was kept that could be undone."
        )
    lines = []
    try:
        with transaction.atomic():
            connection.check_constraints()  # PostgreSQL alters no table with checks still to come
            with guards.lifted(why=f"{run} is taken back"):
                lines += _take_back(run)
                connection.check_constraints()
            if not commit:
                raise _RolledBack
    except _RolledBack:
        pass
    return lines


def _take_back(run):
    counts, kept = Counter(), 0
    late = clock.instant() - run.began_at > UNDONE_WITHIN
    yield f"Taking back {run}:"
    for kind, model in MODELS.items():
        for row in run.rows.filter(kind=kind).order_by("-pk"):
            found = model.objects.filter(pk=row.target).first()
            if found is not None and (reason := _why_kept(kind, found, late)):
                kept += 1
                yield f"  kept: {row.get_kind_display()} {found.pk} “{found}”: {reason}"
                continue
            if found is not None:
                _remove(kind, found)
                counts[row.get_kind_display()] += 1
            row.delete()
    # An old address goes with what it leads to, or with the run; one that was answered for longer stays.
    if not kept and not (late and run.addresses.exists()):
        run.delete()
    Pulse.objects.beat_comments()
    Pulse.objects.beat()
    for kind, count in counts.items():
        yield f"  taken back: {kind}, {count}"


def _why_kept(kind, found, late):
    """Why a row is not taken back, or ""; `late` is whether what was public stays by now."""
    content_type = ContentType.objects.get_for_model(found)
    if LogEntry.objects.filter(content_type=content_type, object_id=str(found.pk)).exists():
        return "somebody has changed it since"
    if kind == "article":
        return _why_story_kept(found, late)
    if kind == "section" and late and found.visible:
        return "readers have had it for more than a day"
    if kind == "page" and found.public:
        return "it is public"
    return "it is in use" if _is_referred_to(found, ignored=(OldAddress,)) else ""


def _why_story_kept(article, late):
    if late and article.editions.begun().exists():
        return "readers have had it for more than a day, so withdraw it instead"
    if article.version > 1 or article.transitions.exclude(move__in=MOVES_OF_AN_IMPORT).exists():
        return "somebody has worked on it since"
    if article.comments.filter(imported_from="").exists():
        return "readers have commented on it since"
    return "it is in use" if _is_referred_to(article, ignored=MADE_WITH_A_STORY) else ""


def _is_referred_to(found, ignored):
    """Whether any row of another kind points at this one."""
    for relation in found._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        if (
            relation.related_model not in ignored
            and relation.related_model._base_manager.filter(**{relation.field.name: found.pk}).exists()
        ):
            return True
    kind = {Article: "article", Image: "image"}.get(type(found))
    return bool(kind) and BodyReference.objects.filter(kind=kind, target=found.pk).exists()


def _remove(kind, found):
    if kind == "article":
        _remove_story(found)
    elif kind == "image" and found.original:
        uploads.discard(found)
    else:
        found.delete()


def _remove_story(article):
    """Delete a story with everything that the import made of it."""
    article.comments.all().delete()
    for edition in article.editions.all():
        search.remove_edition(edition)
        freezing.unlink_edition(edition)
        edition.quotes.all().delete()
        edition.text.delete()
        edition.delete()
    article.transitions.all().delete()
    article.revisions.all().delete()
    article.paths.all().delete()
    search.remove_article(article.pk)
    article.delete()
