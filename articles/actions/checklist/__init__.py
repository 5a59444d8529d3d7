"""The checklist at the gate: errors that stop a story, warnings that somebody may waive by name. WORKFLOW (d).

CHECKS is the table of rules, in the order in which the desk reads what they find. Each takes a CheckedStory and
yields Findings; they stand by subject in the files beside this one.
"""

from newsroom import clock

from . import (
    ai,
    attribution,
    background,
    bylines,
    genre,
    legal,
    marks,
    origins,
    people,
    pictures,
    signoffs,
    style,
    words,
)
from .findings import ERROR, WARNING, Finding, error, final_errors, warning
from .story import CheckedStory

__all__ = ["CHECKS", "ERROR", "WARNING", "Finding", "error", "final_errors", "run", "warning"]

CHECKS = (
    words.check_words_and_filing,
    words.check_references,
    marks.check_marks,
    pictures.check_pictures,
    signoffs.check_hold_and_embargo,
    signoffs.check_signoffs,
    legal.check_taken_out,
    people.check_printable,
    people.check_descriptors,
    people.check_agreed_terms,
    background.check_background,
    people.check_identities,
    people.check_unnamed_sources,
    people.check_interests,
    people.check_titles,
    people.check_changed_words,
    origins.check_origins,
    people.check_names,
    attribution.check_attribution,
    ai.check_ai_use,
    style.check_house_style,
    bylines.check_bylines,
    genre.check_genre_facts,
    genre.check_genre_rules,
)


def findings_of(article, content, *, at=None):
    """The list of Findings between a revision's content and its publication at a moment; now, where none is given."""
    story = CheckedStory(article, content, at or clock.process_time())
    return [finding for check in CHECKS for finding in check(story)]
