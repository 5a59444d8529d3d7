"""The roles on a card: adding one, correcting a typing error, and recording a change of role.

A change of role ends the old role and adds a new one. A role that a story has printed is never turned into another.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from rapidfuzz.distance import Levenshtein

from newsroom.errors import Refused
from newsroom.paper import today

from .. import access, names
from ..models import Affiliation, Organisation
from . import cards

LONG_WORD, MOST_SLIPS = 5, 2  # letters of a word in which a typing error may be, and how many letters may differ


def is_printed(role):
    """Whether a story has printed this role."""
    return role.appearances.exists()


def is_slip(was, now):
    """Whether two texts differ by typing errors only: signs, capitals, a letter or two in one long word.

    An added or missing word is no typing error: “former senator” is another role than “senator”.
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
    """Unmark the main role that a card had, where `role` is the main role now."""
    if role.is_primary and not role.end:
        expert.affiliations.filter(is_primary=True).exclude(pk=role.pk).update(is_primary=False)


@transaction.atomic
def add_role(expert, *, by, organisation="", **fields):
    """Add a role to a card. Raises NotAllowed, and ValidationError that names the row's fields."""
    access.must_keep(by, "Your role does not keep roles.")
    role = Affiliation(expert=expert, organisation=Organisation.objects.called(organisation), **fields)
    role.full_clean(validate_constraints=False)
    _give_up_main_role(expert, role)
    role.save()
    cards.record_change(expert, "roles", f"Added: {role.as_printed}", by=by)
    return role


@transaction.atomic
def mend_role(role, *, by, organisation="", **fields):
    """Correct a role. In one that a story printed only typing errors can be corrected (see `is_slip`).

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
    """Record a change of role: the old role ends and a new one begins. Without a title there is no new one.

    Returns the new role, else the old one. Raises NotAllowed, Refused, and ValidationError that names the row's fields.
    """
    access.must_keep(by, "Your role does not keep roles.")
    expert, was_main = role.expert, role.is_primary
    if role.end:
        raise Refused("This role has ended already.")
    role.end, role.changed_on, role.is_primary = ended, today(), False
    try:
        role.full_clean(validate_constraints=False)
    except ValidationError as error:
        # In the form, the field for the end of the old role is called "ended".
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
    """Remove a role that no story has printed. Raises NotAllowed and Refused."""
    access.must_keep(by, "Your role does not keep roles.")
    if is_printed(role):
        raise Refused("A story printed this role, so it stays on the card. Give it an end instead.")
    expert, was = role.expert, role.as_printed
    role.delete()
    cards.record_change(expert, "roles", f"Removed: {was}", by=by)
