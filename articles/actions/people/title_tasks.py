"""Tasks for the desk about stories that print a title which somebody no longer holds."""

import secrets

from django.db import transaction
from django.urls import reverse

from ...models import Article, DeskNote
from ..notify import tell


@transaction.atomic
def add_title_tasks(expert, stories, *, by):
    """Set a task on each of these stories, {article id: the title that it prints}; returns how many were set.

    Changes no word. A story that has an open task about this person gets no second one. The editors of the sections
    are told, once each.
    """
    articles = Article.objects.filter(pk__in=stories).select_related("section").prefetch_related("section__editors")
    have_task = set(
        DeskNote.objects.filter(article__in=stories, is_task=True, resolved_at=None, text__contains=str(expert))
        .values_list("article", flat=True)
    )  # fmt: skip
    made, headlines_for = [], {}
    for article in articles:
        if article.pk in have_task:
            continue
        printed = stories[article.pk]
        text = (
            f"It calls {expert} “{printed.attribution}”. “{printed.role.as_printed}”"
            f" {f'ended {printed.role.end}' if printed.role.end else 'is no longer so'}. Does it need a change?"
        )
        made.append(DeskNote(article=article, uid=secrets.token_hex(12), text=text[:2000], by=by, is_task=True))
        for editor in article.section.editors.all() if article.section else ():
            headlines_for.setdefault(editor, []).append(str(article))
    DeskNote.objects.bulk_create(made)
    texts = {editor: f"{expert}, in:\n" + "\n".join(headlines) for editor, headlines in headlines_for.items()}
    tell("old title", to=texts, by=by, link=reverse("desk:stale_titles", args=[expert.pk]))
    return len(made)
