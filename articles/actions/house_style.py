"""The house style: a list of terms brought in from a table."""

from django.core.exceptions import ValidationError
from django.db import transaction

from newsroom.desk.base import refuse_controls

from ..models import StyleRule

COLUMNS = ("term", "preferred", "reason", "language")
MOST_WRONG = 20  # lines that are told of


class WrongLines(Exception):
    """Lines of a table that cannot be kept: `said` has a sentence for each."""

    def __init__(self, said):
        super().__init__(said[0])
        self.said = said


@transaction.atomic
def bring_in(header, rows):
    """Keep every line of a table, rows being (number of the line, cells); how many are (new, changed).

    A term that stands there in the same language gets the line's preferred form and reason. Raises WrongLines, and
    keeps nothing, where a line has no term or does not fit.
    """
    places = {name: place for place, name in enumerate(cell.strip().casefold() for cell in header) if name in COLUMNS}
    if "term" not in places:
        raise WrongLines(["The first line names no column “term”."])
    known = {(rule.term.casefold(), rule.language.casefold()): rule for rule in StyleRule.objects.order_by("-pk")}
    new, changed, wrong = {}, {}, []
    for number, cells in rows:
        said = {name: " ".join(str(cells[place] or "").split()) for name, place in places.items() if place < len(cells)}
        key = (said.get("term", "").casefold(), said.get("language", "").casefold())
        kept = known.get(key) or new.get(key)
        rule = kept or StyleRule()
        for name, value in said.items():
            setattr(rule, name, value)
        try:
            for value in said.values():
                refuse_controls(value)
            rule.clean_fields()
        except ValidationError as error:
            wrong.append(f"Line {number}: {' '.join(error.messages)}")
            continue
        (changed if rule.pk else new)[key] = rule
    if wrong:
        raise WrongLines(wrong[:MOST_WRONG])
    StyleRule.objects.bulk_create(new.values())
    StyleRule.objects.bulk_update(changed.values(), COLUMNS)
    return len(new), len(changed)
