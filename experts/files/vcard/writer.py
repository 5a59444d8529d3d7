"""A card as a vCard: 3.0, which every phone and every mail program takes, or 4.0 on request.

It writes what `serializer.card` gave, so nobody carries out of the house what they may not see in it.
"""

import re
from datetime import UTC

from ...channels import KINDS

FOLD = 75  # octets, without the line's end
LABELS = {"work": "WORK", "home": "HOME", "assistant": "X-ASSISTANT", "press office": "X-PRESS"}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def write_card(card, version="3.0"):
    """One card, as `serializer.card` gives it, in vCard 3.0 or 4.0: CRLF, lines of 75 octets, no birthday ever."""
    return "".join(_folded(line) for line in _lines(card, version))


def write_cards(cards, version="3.0"):
    """Several cards in one file."""
    return "".join(write_card(card, version) for card in cards)


def _folded(line):
    """A line broken at 75 octets, never inside a letter."""
    pieces, current, room = [], "", FOLD
    size = 0
    for character in line:
        width = len(character.encode())
        if size + width > room:
            pieces.append(current)
            current, size, room = "", 0, FOLD - 1  # the blank that a broken line begins with counts
        current += character
        size += width
    return "\r\n ".join([*pieces, current]) + "\r\n"


def _escaped(text):
    text = CONTROL.sub("", str(text or "").replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _bare(text):
    """A value that is not escaped, such as an address of the web: one line, without blanks."""
    return re.sub(r"\s+", "", CONTROL.sub("", str(text or "")))


def _tag(text):
    return re.sub(r"[^A-Za-z0-9-]", "", str(text or ""))


def _named(items, key):
    """The names of languages or topics, which come as words or as rows."""
    return [item[key] if isinstance(item, dict) else str(item) for item in items or []]


def _lines(card, version):
    new = version == "4.0"
    yield "BEGIN:VCARD"
    yield f"VERSION:{'4.0' if new else '3.0'}"
    if card.get("uid"):
        yield f"UID:{'urn:uuid:' if new else ''}{_bare(card['uid'])}"
    if card.get("kind") == "desk":
        yield "KIND:org" if new else "X-ABSHOWAS:COMPANY"
    yield from _names(card, new)
    yield from _roles(card)
    yield from _channels(card, new)
    for n, tag in enumerate(_named(card.get("languages"), "tag"), start=1):
        yield f"LANG;PREF={min(n, 100)}:{_tag(tag)}" if new else f"X-LANG:{_tag(tag)}"
    if topics := _named(card.get("topics"), "name"):
        yield "CATEGORIES:" + ",".join(map(_escaped, topics))
    if new and card.get("pronouns"):
        yield f"PRONOUNS:{_escaped(card['pronouns'])}"
    if card.get("time_zone") and new:
        yield f"TZ:{_escaped(card['time_zone'])}"
    if revised := card.get("updated_at"):
        yield f"REV:{revised.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def _names(card, new):
    name, native = card.get("name") or "", card.get("native_name") or ""
    if new and native:
        language = f";LANGUAGE={tag}" if (tag := _tag(card.get("native_language"))) else ""
        yield f"FN;ALTID=1:{_escaped(name)}"
        yield f"FN;ALTID=1{language}:{_escaped(native)}"
    else:
        yield f"FN:{_escaped(name)}"
        if native:
            language = f";LANGUAGE={tag}" if (tag := _tag(card.get("native_language"))) else ""
            yield f"X-NATIVE-NAME{language}:{_escaped(native)}"
    family, given = card.get("family") or "", card.get("given") or ""
    if not family and not given:
        # N has to be there. Where nobody typed the parts, they are as the lists sort the name.
        # Our own reader is told so and does not take the guess for the person's word.
        family, _, given = (card.get("sort_name") or name).partition(", ")
        yield "X-NAME-GUESSED:1"
    second, generation = card.get("second_family") or "", card.get("generation") or ""
    if new:
        parts = [family, given, card.get("additional"), card.get("prefix"), card.get("suffix"), second, generation]
    else:
        more = " ".join(filter(None, [generation, card.get("suffix")]))
        parts = [" ".join(filter(None, [family, second])), given, card.get("additional"), card.get("prefix"), more]
    yield "N:" + ";".join(map(_escaped, parts))
    if nicknames := [text for text in _named(_aliases(card), "text") if text]:
        yield "NICKNAME:" + ",".join(map(_escaped, nicknames))


def _aliases(card):
    """Names the person goes by; a misspelling that was seen stays in the house."""
    kinds = ("misspelling", "former")
    return [v for v in card.get("variants") or [] if not (isinstance(v, dict) and v.get("kind") in kinds)]


def _roles(card):
    now = [role for role in card.get("roles") or [] if not role.get("former") and not role.get("end")]
    for n, role in enumerate(sorted(now, key=lambda role: not role.get("main"))):
        # The first stands plain, for readers that know no groups; half a role is tied to no other half.
        group = f"item{n}." if n or not (role.get("organisation") and role.get("title")) else ""
        if role.get("organisation"):
            yield f"{group}ORG:{_escaped(role['organisation'])}"
        if role.get("title"):
            yield f"{group}TITLE:{_escaped(role['title'])}"


def usable_channels(card):
    """The channels of a card that may be used and whose value its reader may see."""
    return [c for c in card.get("channels") or [] if c.get("value") and not c.get("do_not_use")
            and not c.get("restricted")]  # fmt: skip


def _channels(card, new):
    first = set()
    for channel in sorted(usable_channels(card), key=lambda c: c.get("preference") or 50):
        kind, value = channel["kind"], channel["value"]
        types = [LABELS[channel["label"]]] if channel.get("label") in LABELS else []
        if kind not in KINDS:
            continue
        name = KINDS[kind].vcard
        if not name:
            yield (f"SOCIALPROFILE;SERVICE-TYPE={kind};VALUE=text:{_escaped(value)}" if new
                   else f"X-SOCIALPROFILE;TYPE={kind}:{_escaped(value)}")  # fmt: skip
            continue
        types = [*KINDS[kind].vcard_types, *types]
        if name == "EMAIL" and not new:
            types = ["INTERNET", *types]
        preferred = ""
        if new:
            preferred = f";PREF={channel.get('preference') or 50}"
        elif name not in first and (channel.get("preference") or 50) < 50:
            types.append("PREF")
        first.add(name)
        told = (";TYPE=" + ",".join(types)) if types else ""
        said = _bare(value) if name == "URL" else f";;{_escaped(value)};;;;" if name == "ADR" else _escaped(value)
        yield f"{name}{told}{preferred}:{said}"
