"""The newsroom's roles and what each may do: WORKFLOW's table (c), and the model permissions that go with it.

A role is a group. Tables name roles by letter: R Reporter, C Copy editor, P Picture desk, E Editor,
D Duty editor, L Legal, M Managing editor, S Source desk, Mo Moderator, A Administrator.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A role, by the name of its group."""

    REPORTER = "Reporter"
    COPY = "Copy editor"
    PICTURE = "Picture desk"
    EDITOR = "Editor"
    DUTY = "Duty editor"
    LEGAL = "Legal"
    MANAGING = "Managing editor"
    SOURCE = "Source desk"
    MODERATOR = "Moderator"
    ADMINISTRATOR = "Administrator"


LETTERS = {
    "R": Role.REPORTER, "C": Role.COPY, "P": Role.PICTURE, "E": Role.EDITOR, "D": Role.DUTY, "L": Role.LEGAL,
    "M": Role.MANAGING, "S": Role.SOURCE, "Mo": Role.MODERATOR, "A": Role.ADMINISTRATOR,
}  # fmt: skip


# Roles with power over what is public or over sources: each takes effect when a second person has confirmed it.
WITH_POWER = (Role.EDITOR, Role.DUTY, Role.LEGAL, Role.MANAGING, Role.SOURCE, Role.ADMINISTRATOR)


class Scope(StrEnum):
    ANY = "any"
    OWN = "own"  # assignee, creator, or the user of a writing byline
    SECTION = "sec"  # the story's primary section or its parent is among the person's


@dataclass(frozen=True)
class Grant:
    scope: Scope
    states: frozenset | None = None  # None: in every state


def grants(text, **states):
    """Read "R own, C, E sec, D" as {Role: Grant}; a keyword limits a role's grant to some states."""
    found = {}
    for entry in text.split(","):
        letter, _, scope = entry.strip().partition(" ")
        limit = states.get(letter)
        found[LETTERS[letter]] = Grant(Scope(scope or "any"), frozenset(limit) if limit else None)
    return found


EVERY_DESK = "R, C, P, E, D, L, M"

CAPABILITIES = {
    "see the news list": grants(EVERY_DESK),
    "read copy": grants(EVERY_DESK),
    "pitch": grants("R, C, E, D, M"),
    "start": grants("R, C, P, E, D, M"),
    "edit drafts": grants("R own, C, E sec, D, M"),
    "edit submitted": grants("C, E sec, D, M"),
    "edit pictures": grants("R own, C, P, E sec, D, M"),
    "write desk notes": grants(EVERY_DESK),
    "make a preview link": grants("R own, C, E sec, D, L, M"),
    "show held copy outside": grants("E sec, D, L, M"),  # under embargo or on hold
    "count a verdict for Legal": grants("E sec, D, L, M"),  # of somebody outside; never as author
    "assign": grants("E sec, D, M"),
    "approve": grants("E sec, D, M"),
    "approve unseen": grants("D, M"),
    "publish": grants("E sec, D, M"),
    "draft a correction": grants("R own, C, E sec, D, L, M"),
    "confirm a correction": grants("E sec, D, M"),
    "sign off copy": grants("C"),
    "sign off facts": grants("R, C, E, D, M"),
    "sign off pictures": grants("P"),
    "sign off legal": grants("L"),
    "waive a warning": grants("E sec, D, M"),
    "publish past an error": grants("M"),
    "approve an unnamed attribution": grants("E sec, D, M"),
    "upload pictures": grants("R, C, P, E, D, M"),
    "edit picture rights": grants("R own, P, M"),
    "create topics": grants("R, C, P, E, D, M, S"),
    "merge topics": grants("C, E, D, M"),
    "run the paper": grants("M"),  # sections, required sign-offs, policies, Publication
    "section front": grants("E sec, D, M"),
    "home front": grants("D, M"),
    "embed hosts": grants("M, A"),
    "designations": grants("L, M"),
    "keep the house style": grants("C, E, D, M"),
    "contributors": grants("E, M"),
    "agencies": grants("P, M"),
    "see experts": grants("R, C, P, E, D, L, M, S"),
    "make an expert card": grants("R, C, E, D, M, S"),
    "reach experts": grants("R, E, D, M, S"),  # staff-tier channels and the contact log
    "open restricted details": grants("M, S"),
    "edit experts": grants("S"),
    "moderate comments": grants("E sec, D, M, Mo"),
    "see editions": grants("R own, C, E, D, L, M"),
    "see the audit trail": grants("L, M"),
    "see the source audit": grants("E, D, M, S"),
    "administer people": grants("A"),
    "confirm a role": grants("M, A"),  # of WITH_POWER, that another gave
    "read the accounts' log": grants("M, A"),
    "change whose byline it is": grants("M, A"),
}

# What each role may do to whole tables of the admin; what it may do to one row is CAPABILITIES' and workflow's
# to say. "view" and so on stand for Django's permissions of that model.
_REACHES = {"experts.channel": "view", "experts.contactlog": "view add"}
_OPENS = _REACHES | {"experts.privatechannel": "view"}
_DESK_READS = {
    "articles.article": "view change",
    "articles.section": "view",
    "newsroom.topic": "view add",
    "articles.image": "view add change",
    "articles.designation": "view",
    "articles.stylerule": "view",
    "articles.agency": "view",
    "articles.contributor": "view",
    "experts.expert": "view",
}
MODEL_PERMISSIONS = {
    Role.REPORTER: {
        **_DESK_READS,
        "articles.article": "view add change",
        "articles.image": "view add change delete",
        "experts.expert": "view add",
        **_REACHES,
    },
    Role.COPY: {
        **_DESK_READS,
        "articles.stylerule": "view add change delete",
        "articles.article": "view add change",
        "newsroom.topic": "view add change delete",
        "articles.image": "view add",
        "experts.expert": "view add",
    },
    Role.PICTURE: {
        **_DESK_READS,
        "articles.article": "view add change",
        "articles.image": "view add change delete",
        "articles.agency": "view add change",
    },
    Role.EDITOR: {
        **_DESK_READS,
        "articles.stylerule": "view add change delete",
        "articles.article": "view add change",
        "newsroom.topic": "view add change delete",
        "articles.image": "view add",
        "articles.contributor": "view add change",
        "articles.front": "view change",
        "articles.comment": "view change",
        "experts.expert": "view add",
        **_REACHES,
    },
    Role.DUTY: {
        **_DESK_READS,
        "articles.stylerule": "view add change delete",
        "articles.article": "view add change",
        "newsroom.topic": "view add change delete",
        "articles.image": "view add",
        "articles.front": "view change",
        "articles.comment": "view change",
        "experts.expert": "view add",
        **_REACHES,
    },
    Role.LEGAL: {
        "articles.article": "view change",
        "articles.section": "view",
        "articles.designation": "view add change delete",
        "experts.expert": "view",
    },
    Role.MANAGING: {
        **_DESK_READS,
        "articles.stylerule": "view add change delete",
        "articles.article": "view add change",
        "articles.section": "view add change delete",
        "newsroom.topic": "view add change delete",
        "newsroom.publication": "view change",
        "newsroom.policypage": "view add change delete",
        "articles.image": "view add change delete",
        "articles.designation": "view add change delete",
        "articles.agency": "view add change",
        "articles.contributor": "view add change",
        "articles.front": "view change",
        "articles.comment": "view change",
        "articles.dutyturn": "view add change delete",
        "articles.embedhost": "view add change",
        "experts.expert": "view add",
        **_OPENS,
    },
    Role.SOURCE: {
        "newsroom.topic": "view add",
        "experts.expert": "view add change delete",
        "experts.organisation": "view add change delete",
        **_OPENS,
    },
    Role.MODERATOR: {"articles.comment": "view change"},
    Role.ADMINISTRATOR: {
        "newsroom.user": "view add change",
        "articles.contributor": "view change",
        "articles.embedhost": "view add change",
    },
}


def roles_of(user):
    """The roles a person holds now; a duty editor's only while a turn is running. Asked once per request."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_roles"):
        names = set(user.groups.values_list("name", flat=True))
        held = {role for role in Role if role in names}
        if Role.DUTY in held and not user.duty_turns.running().exists():
            held.discard(Role.DUTY)
        user._roles = frozenset(held)
    return user._roles


def sections_of(user):
    """The ids of the sections a person edits. Asked once per request."""
    if not hasattr(user, "_section_ids"):
        user._section_ids = frozenset(user.sections_edited.values_list("pk", flat=True))
    return user._section_ids


def granted(user, who, article=None):
    """Whether {Role: Grant} lets this person act, on this story where one is given."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    return any(_covers(who[role], user, article) for role in roles_of(user) if role in who)


def _covers(grant, user, article):
    if article is None:
        return True
    if grant.states is not None and article.state not in grant.states:
        return False
    if grant.scope == Scope.OWN:
        return is_own(article, user)
    if grant.scope == Scope.SECTION:
        return in_section(article, user)
    return True


def may(user, capability, article=None):
    """Whether a person has a capability of table (c), for this story where one is given."""
    return granted(user, CAPABILITIES[capability], article)


def may_leave_notes(user):
    """Whether a person may write desk notes and set tasks: every desk, and the source desk about its people."""
    return may(user, "write desk notes") or Role.SOURCE in roles_of(user)


def is_own(article, user):
    """Whether a story is a person's own: assignee, creator, or the user of a writing byline."""
    return user.pk in (article.assignee_id, article.created_by_id) or user.pk in writers(article)


def in_section(article, user):
    """Whether the primary section of a story (or the one of a front), or its parent, is among the person's."""
    section = article.section
    return section is not None and bool({section.pk, section.parent_id} & sections_of(user))


def writers(article):
    """The ids of the users behind a story's writing bylines; of a list's stories as the list has read them at once."""
    if (known := getattr(article, "writer_ids", None)) is not None:
        return known
    return {line.contributor.user_id for line in article.bylines.select_related("contributor") if line.role == "writer"}
