"""Titles as printed: proposed from the roles of the day, kept with the story, and told from those that are over.

What a story printed stays what it printed. The role behind a title is looked for once, when somebody sets the title,
and written down beside it; what becomes of the card later changes nothing.
"""

import re

from experts.models import Affiliation
from newsroom.paper import today

FORMER = re.compile(r"\b(?:former(?:ly)?|ex|late|then|retired|emerit(?:us|a))\b", re.IGNORECASE)


def parts(attribution):
    """The titles that an attribution is made of."""
    return [part.strip() for part in (attribution or "").split(";") if part.strip()]


def _says(part, role):
    """Whether a printed title names a role: by the words it would be printed in, or by its title and organisation."""
    part = " ".join(part.casefold().split())
    house = role.organisation.name.casefold() if role.organisation else ""
    if _stands_in(role.as_printed, part):
        return True
    return _stands_in(role.title, part) and (not house or house in part)


def _stands_in(words, part):
    """Whether whole words, a comma after them or not, stand in a folded title."""
    words = " ".join(words.casefold().split())
    return bool(words) and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", part) is not None


def role_behind(attribution, roles, day):
    """The role that a printed title names, the ones held that day first; None where it names none."""
    held = sorted(roles, key=lambda role: not role.held_on(day))  # stable: main role, then newest
    return next((role for part in parts(attribution) for role in held if _says(part, role)), None)


def out_of_date(attribution, roles, day):
    """The role that a title prints as held although on that day it was over, or None.

    A title that says "former" is true for ever, and so is one that names a role that is held as well.
    """
    for part in parts(attribution):
        if FORMER.search(part):
            continue
        named = [role for role in roles if _says(part, role)]
        if named and not any(role.held_on(day) and not role.is_former for role in named):
            over = [role for role in named if role.end or role.is_former]
            if over:
                return over[0]
    return None


def unlike(attribution, roles, day):
    """The role that was over on a day, where what was printed that day is in words that no role has; or None."""
    printed = parts(attribution)
    if not printed or any(FORMER.search(part) for part in printed) or role_behind(attribution, roles, day):
        return None
    over = [role for role in roles if role.end and not role.held_on(day)]
    return max(over, key=lambda role: role.end, default=None)


def snapshot(article, before):
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
        row.affiliation_snapshot = _told(row.attribution_as_printed, role, day)
        row.save(update_fields=["affiliation", "affiliation_snapshot"])


def _told(attribution, role, day):
    if not attribution:
        return {}
    if role is None:
        return {"title": attribution, "organisation": "", "former": bool(FORMER.search(attribution))}
    house = role.organisation.name if role.organisation else ""
    former = role.is_former or not role.held_on(day) or bool(FORMER.search(attribution))
    return {"title": role.title, "organisation": house, "former": former}


# --- in a revision --------------------------------------------------------------------------------


def as_data(appearance):
    """What a revision holds of an appearance beside name, title and role, where there is any of it."""
    data = {}
    if appearance.affiliation_id:
        data["affiliation"] = appearance.affiliation_id
    if appearance.affiliation_snapshot:
        data["affiliation_snapshot"] = appearance.affiliation_snapshot
    if appearance.disclosure_printed:
        data["disclosure"] = appearance.disclosure_printed
    return data


def as_fields(data, known):
    """The columns of an Appearance for what a revision holds."""
    affiliation = data.get("affiliation")
    return {
        "attribution_as_printed": data["attribution"],
        "role": data.get("role", "expert"),
        "affiliation_id": affiliation if affiliation in known else None,
        "affiliation_snapshot": data.get("affiliation_snapshot", {}),
        "disclosure_printed": data.get("disclosure", ""),
    }


def known(content):
    """The ids of a content's roles that are still on a card."""
    named = {a["affiliation"] for a in content.get("appearances", []) if a.get("affiliation")}
    return set(Affiliation.objects.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
