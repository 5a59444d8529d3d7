"""The reference story of the source book: seven quotations between curly marks of two people, five and two; ten
fragments between straight marks that are nobody's; titles in two pieces; a surname misspelt once."""

from pathlib import Path

from articles.models import Article
from experts.models import Expert

STORY = (Path(__file__).parent / "fixtures" / "reference_story.html").read_text(encoding="utf-8")
FIRST, SECOND = "Tareq Alazzam", "Idris Sekari"
WRONG = "Allazzam"
TITLE = "former Tarsian senator and international rights commissioner"


def people():
    """The two whom the story quotes."""
    return Expert.objects.create(display_name=FIRST), Expert.objects.create(display_name=SECOND)


def paste(article, by):
    """Save the story's text as somebody who has pasted it."""
    from articles.actions import writing

    Article.objects.filter(pk=article.pk).update(body=STORY)
    article.refresh_from_db()
    return writing.save_revision(article, by=by, seen_version=article.version)
