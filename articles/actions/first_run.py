"""Setting up a newspaper on its first run: the paper itself, its sections, its first people."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from newsroom import accounts, clock, mail
from newsroom.errors import NotAllowed, Refused, WrongState
from newsroom.folding import slug_of
from newsroom.models import Publication, Pulse

from ..models import Contributor, Section
from ..models.section import validate_section_slug
from ..roles import Role


@dataclass(frozen=True)
class Person:
    """Someone who will work here, as the form gives them."""

    name: str
    email: str
    role: str


def is_set_up():
    """Whether this newspaper has been set up."""
    return Publication.objects.current() is not None


@transaction.atomic
def set_up_newspaper(*, by, sections, people=(), **publication):
    """Set up the newspaper: its one row, its sections in this order, an account for each person.

    `sections` are lines such as "World", or "أخبار = news" where a name has no Latin letters for an
    address. Returns [(user, link)]: accounts have no password until their owner follows the
    link, which is mailed to them as well. Refused to anybody but a superuser, and when the
    paper is set up already.
    """
    if not by.is_superuser:
        raise NotAllowed("Who set the newspaper up on its machine opens it.")
    if is_set_up():
        raise WrongState("This newspaper is open already.")
    paper = Publication(**publication)
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError as error:
        raise WrongState("This newspaper is open already: somebody was quicker.") from error
    section_rows = [
        Section.objects.create(name=name, slug=slug, order=order)
        for order, (name, slug) in enumerate(sections_from_lines(sections), 1)
    ]
    invited = [_account(paper, person, section_rows, by) for person in people]
    Pulse.objects.beat(rendering=True)
    return invited


def sections_from_lines(lines):
    """[(name, slug)] from lines as people type them. Raises Refused for a line that gives no section."""
    names = {}
    for line in filter(None, map(str.strip, lines)):
        name, _, slug = (part.strip() for part in line.partition("="))
        slug = slug_of(slug or name, 100)
        if not name or not slug:
            raise Refused(
                f"“{line}” gives no letters for an address. Write the name, then = and a word in Latin letters.",
                field="sections",
            )
        try:
            validate_section_slug(slug)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), field="sections") from error
        if slug in names or name.casefold() in map(str.casefold, names.values()):
            raise Refused(f"“{name}” stands there twice.", field="sections")
        if len(name) > 100 or len(slug) > 100:
            raise Refused(f"“{name[:30]}…” is too long for a section's name.", field="sections")
        names[slug] = name
    if not names:
        raise Refused("Name at least one section: every story stands in one.", field="sections")
    return [(name, slug) for slug, name in names.items()]


def _account(paper, person, sections, by):
    """An account in the group of its role, with what that role needs to begin at once; and its link."""
    first, _, last = person.name.partition(" ")
    user = get_user_model()(username=person.email, email=person.email, first_name=first, last_name=last, is_staff=True)
    user.set_unusable_password()
    user.save(force_insert=True)
    # An empty paper has nobody who could confirm a role, so these need no second person.
    user.groups.add(Group.objects.get_or_create(name=Role(person.role).value)[0])
    accounts.note(user, "given", f"{by} set the paper up, and made {user} {person.role}.", by=by)
    if person.role == Role.REPORTER:
        Contributor.objects.create(name=person.name, user=user)
    elif person.role == Role.EDITOR:
        for section in sections:
            section.editors.add(user)
    elif person.role == Role.DUTY:
        user.duty_turns.create(turn_from=clock.instant())
    link = accounts.password_link(user)
    mail.send_on_commit(
        f"Your desk at {paper.name}",
        f"{paper.name} has a desk for you. Choose your password here; the link works once:\n\n{link}\n\n"
        f"You sign in as {user.username}.",
        [user.email],
    )
    return user, link
