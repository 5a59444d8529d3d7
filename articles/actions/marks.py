"""Taking marks and notes of the legal register out of a story's text, where copy from elsewhere brought its own."""

from django.db import transaction

from newsroom import paper
from newsroom.errors import NotAllowed, Stale

from ..body import marks
from ..body.designations import Register
from . import writing
from .take import locked


@transaction.atomic
def take_marks_out(article, *, by, seen_version):
    """Take the marks behind names of the register out of a story's text, and their notes; returns how many marks."""
    row = locked(article)
    if writing.may_edit(row, by) != "text":
        raise NotAllowed("You may not change this story as it stands.")
    if row.version != seen_version:
        raise Stale()
    found = marks.marks_in(row.body, row.language, paper.today())
    if found:
        row.body = marks.without_printed_marks(row.body, Register.on(paper.today(), row.language).entries)
        row.save()
        writing.save_revision(row, by=by, seen_version=seen_version, why="marks of the legal register taken out")
    return sum(not mark.is_note for mark in found)
