"""The roles on a card: a slip of the pen is mended, a change of role closes the old one and opens the next.

What a story has printed stands: such a role is never retyped into another.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from rapidfuzz.distance import Levenshtein

from newsroom.errors import Refused
from newsroom.paper import today

from .. import access, names
from ..models import Affiliation, Organisation
from . import cards

LONG_WORD, MOST_SLIPS = 5, 2  # letters of a word in which a slip is looked for, and how many letters may differ


def is_printed(role):
    """Whether a story has printed this role."""
    return role.appearances.exists()


def is_slip(was, now):
    """Whether a text differs from another by slips of the pen alone: signs, capitals, a letter or two in a long word.

    Words come and go by no slip: “former senator” is another role than “senator”.
    """
    before, after = names.fold(was).split(), names.fold(now).split()
    if len(before) != len(after):
        return "".join(before) == "".join(after)
    pairs = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    near = all(
        min(len(one), len(other)) >= LONG_WORD and Levenshtein.distance(one, other) <= MOST_SLIPS
        for one, other in pairs
    )
    return near and len(pairs) <= 1


def _give_up_main_role(expert, role):
    """There is one main role: the one before gives way."""
    if role.is_primary and not role.end:
        expert.affiliations.filter(is_primary=True).exclude(pk=role.pk).update(is_primary=False)


@transaction.atomic
def add_role(expert, *, by, organisation="", **fields):
    """A role that the card did not have yet. Raises NotAllowed, and ValidationError beside the row's fields."""
    access.must_keep(by, "Your role does not keep roles.")
    role = Affiliation(expert=expert, organisation=Organisation.objects.called(organisation), **fields)
    role.full_clean(validate_constraints=False)
    _give_up_main_role(expert, role)
    role.save()
    cards.record_change(expert, "roles", f"Added: {role.as_printed}", by=by)
    return role


@transaction.atomic
def mend_role(role, *, by, organisation="", **fields):
    """Mend a slip in a role. One that a story printed keeps its words, but for a letter or two.

    Raises NotAllowed, ValidationError, and Refused, which says to record a change of role instead.
    """
    access.must_keep(by, "Your role does not keep roles.")
    was, expert = role.as_printed, role.expert
    for name, value in fields.items():
        setattr(role, name, value)
    role.organisation = Organisation.objects.called(organisation)
    if is_printed(role) and not is_slip(was, role.as_printed):
        raise Refused(f"A story printed “{was}”, so it stays. If they do something else now, use “They changed role”.")
    role.full_clean(validate_constraints=False)
    _give_up_main_role(expert, role)
    role.save()
    cards.record_change(expert, "roles", f"Mended: {role.as_printed}", by=by)
    return role


@transaction.atomic
def change_role(role, *, by, ended, title="", organisation="", **fields):
    """They changed role: the old one ends, the next begins. Without a title they left, and that is all we know.

    Returns the new role, or the old one where there is none. Raises NotAllowed, Refused, and ValidationError beside
    the row's fields.
    """
    access.must_keep(by, "Your role does not keep roles.")
    expert, was_main = role.expert, role.is_primary
    if role.end:
        raise Refused("This role has ended already.")
    role.end, role.changed_on, role.is_primary = ended, today(), False
    try:
        role.full_clean(validate_constraints=False)
    except ValidationError as error:
        # The form's name for the day that the old role ended.
        if "end" in error.error_dict:
            raise Refused(" ".join(error.message_dict["end"]), field="ended") from error
        raise
    role.save()
    said = f"Ended {role.end}: {role.as_printed}"
    new = None
    if title:
        new = Affiliation(
            expert=expert, title=title, organisation=Organisation.objects.called(organisation), is_primary=was_main,
            start=fields.pop("start", "") or ended, **fields,
        )  # fmt: skip
        new.full_clean(validate_constraints=False)
        new.save()
        said += f". New: {new.as_printed}"
    cards.record_change(expert, "roles", said, by=by)
    return new or role


@transaction.atomic
def remove_role(role, *, by):
    """Take a role away that no story printed."""
    access.must_keep(by, "Your role does not keep roles.")
    if is_printed(role):
        raise Refused("A story printed this role, so it stays on the card. Give it an end instead.")
    expert, was = role.expert, role.as_printed
    role.delete()
    cards.record_change(expert, "roles", f"Removed: {was}", by=by)
