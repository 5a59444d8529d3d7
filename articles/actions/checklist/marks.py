"""What the checklist asks of legal marks: none stands in the text itself, for the register prints its own."""

from ...body.marks import marks_in
from .findings import warning


def check_marks(story):
    """No name of the register is followed by a mark already."""
    found = marks_in(story.content["body"], story.content["language"], story.today, story.text)
    if named := list(dict.fromkeys(mark.words for mark in found if not mark.is_note)):
        words = ", ".join(f"“{words}”" for words in named[:5])
        yield warning(
            "mark", f"{words}: a mark stands in the text already, and readers would get two.", "body", about=words
        )
