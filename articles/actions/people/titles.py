"""Titles as printed: which role a title names, whether that role is over, and what a story keeps of both.

A printed title never changes by itself. The role that it names is looked up once, when somebody sets the title, and
kept beside it; later changes of the card do not reach it.
"""

import re

from experts.models import Affiliation
from newsroom.paper import today

FORMER = re.compile(r"\b(?:former(?:ly)?|ex|late|then|retired|emerit(?:us|a))\b", re.IGNORECASE)


def title_parts(attribution):
    """The titles that an attribution is made of."""
    return [part.strip() for part in (attribution or "").split(";") if part.strip()]


def _names_role(part, role):
    """Whether a printed title names a role: by the words it would be printed in, or by its title and organisation."""
    part = " ".join(part.casefold().split())
    house = role.organisation.name.casefold() if role.organisation else ""
    if _has_words(role.as_printed, part):
        return True
    return _has_words(role.title, part) and (not house or house in part)


def _has_words(words, part):
    """Whether whole words, a comma after them or not, stand in a folded title."""
    words = " ".join(words.casefold().split())
    return bool(words) and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", part) is not None


def role_behind(attribution, roles, day):
    """The role that a printed title names, the ones held that day first; None where it names none."""
    held = sorted(roles, key=lambda role: not role.held_on(day))  # stable: main role, then newest
    return next((role for part in title_parts(attribution) for role in held if _names_role(part, role)), None)


def out_of_date(attribution, roles, day):
    """The role that a title prints as held although on that day it was over, or None.

    None for a title that says "former", and for one that also names a role held on that day.
    """
    for part in title_parts(attribution):
        if FORMER.search(part):
            continue
        named = [role for role in roles if _names_role(part, role)]
        if named and not any(role.held_on(day) and not role.is_former for role in named):
            over = [role for role in named if role.end or role.is_former]
            if over:
                return over[0]
    return None


def ended_role_in_other_words(attribution, roles, day):
    """The role that was over on a day, where what was printed that day is in words that no role has; or None."""
    printed = title_parts(attribution)
    if not printed or any(FORMER.search(part) for part in printed) or role_behind(attribution, roles, day):
        return None
    over = [role for role in roles if role.end and not role.held_on(day)]
    return max(over, key=lambda role: role.end, default=None)


def snapshot_titles(article, before):
    """Write beside each title that was set or changed since the content `before` which role it names."""
    old = {a["expert"]: a["attribution"] for a in before.get("appearances", [])}
    rows = [
        row
        for row in article.appearances.all()
        if not row.affiliation_snapshot or old.get(row.expert_id) != row.attribution_as_printed
    ]
    rows = [row for row in rows if row.attribution_as_printed or row.affiliation_snapshot]
    if not rows:
        return
    roles, day = {}, today()
    for role in Affiliation.objects.filter(expert__in=[row.expert_id for row in rows]):
        roles.setdefault(role.expert_id, []).append(role)
    for row in rows:
        role = role_behind(row.attribution_as_printed, roles.get(row.expert_id, ()), day)
        row.affiliation = role
        row.affiliation_snapshot = _snapshot_of(row.attribution_as_printed, role, day)
        row.save(update_fields=["affiliation", "affiliation_snapshot"])


def _snapshot_of(attribution, role, day):
    """{title, organisation, former} of a printed title and the role that it names, or None; {} for no title."""
    if not attribution:
        return {}
    if role is None:
        return {"title": attribution, "organisation": "", "former": bool(FORMER.search(attribution))}
    house = role.organisation.name if role.organisation else ""
    former = role.is_former or not role.held_on(day) or bool(FORMER.search(attribution))
    return {"title": role.title, "organisation": house, "former": former}


# --- in a revision --------------------------------------------------------------------------------


def appearance_as_data(appearance):
    """What a revision holds of an appearance beside name, title and role, where there is any of it."""
    data = {}
    if appearance.affiliation_id:
        data["affiliation"] = appearance.affiliation_id
    if appearance.affiliation_snapshot:
        data["affiliation_snapshot"] = appearance.affiliation_snapshot
    if appearance.disclosure_printed:
        data["disclosure"] = appearance.disclosure_printed
    return data


def appearance_as_fields(data, standing):
    """The columns of an Appearance for what a revision holds; `standing` are ids of affiliations that still exist."""
    affiliation = data.get("affiliation")
    return {
        "attribution_as_printed": data["attribution"],
        "role": data.get("role", "expert"),
        "affiliation_id": affiliation if affiliation in standing else None,
        "affiliation_snapshot": data.get("affiliation_snapshot", {}),
        "disclosure_printed": data.get("disclosure", ""),
    }


def ids_of_standing_roles(content):
    """The ids of those affiliations in a content that still exist."""
    named = {a["affiliation"] for a in content.get("appearances", []) if a.get("affiliation")}
    return set(Affiliation.objects.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
