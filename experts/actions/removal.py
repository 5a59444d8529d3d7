"""A person asks to be removed: what is printed stays, everything else goes from every table and file, for good.

What is left is a card without a name, which the printed words hang on, and keyed hashes of names, numbers and
addresses, from which nobody can be read and by which no import brings them back.
"""

import json
import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from newsroom import clock, paper
from newsroom.errors import WrongState
from newsroom.folding import bare
from newsroom.models import Pulse
from newsroom.pictures import renditions

from .. import access, names, sealing
from ..channels import digest_family, normalise
from ..models import (
    Channel,
    DataRequest,
    Expert,
    ImportBatch,
    ImportRow,
    MergeRecord,
    Portrait,
    PrivateChannel,
    PublicProfile,
    Suppression,
)
from ..models.privacy import new_token
from ..relations import DELETE, KEEP, REMOVED, all_relations, all_texts
from . import requests

GONE = "Removed at their own request"
BACK = "Somebody of this name, number or address was removed at their own request. They do not come back by themselves."
GROUND = "Art. 17(1) GDPR; what was printed stays under Art. 17(3)(a)"
# What a removed card keeps of itself: that it was one, and what the database needs to tell it from others.
LEFT = {"id", "removed_at", "merged_into", "created_at", "updated_at", "version"}
GAP = r"\W{0,3}"  # what people write between the digits of a number
FEW = 7  # a number of fewer digits at home is told from others only with its country's code before it
SHORT = 5  # a needle of fewer characters is found in anybody's data


# --- who is not to come back -------------------------------------------------------------------------


def _name(name):
    """A name as it is matched: folded, whichever part stands first."""
    return " ".join(sorted(names.fold(name).split()))


def _signs(called=(), channels=(), ids=(), uids=(), slugs=()):
    """(kind, text) of everything by which somebody is known; channels are (kind, normalised), ids (scheme, value)."""
    signs = {("name", _name(name)) for name in called if name and _name(name)}
    signs |= {(digest_family(kind, normalized), normalized) for kind, normalized in channels if normalized}
    signs |= {(scheme, value.strip().lower()) for scheme, value in ids if value}
    signs |= {("uid", str(value).lower()) for value in uids if value}
    return signs | {("slug", slug) for slug in slugs if slug}


def suppressed(names=(), channels=(), ids=(), uids=()):
    """Whether any of these belongs to somebody who was removed at their own request.

    `channels` are (kind, normalised) as `normalise` gives them, `ids` (scheme, value). Whoever is about to
    make or import a card asks this first, and where it is true goes on only by a person's decision. One query.
    """
    return Suppression.objects.holds_any(_signs(names, channels, ids, uids))


# --- before ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """What a removal would leave and take: [(what, how many, why)] and [(what, how many)]."""

    stays: list
    goes: list


def sheet(expert):
    """What would stay and what would go, for the person who decides. A fixed number of queries."""
    ids = _with_merged(expert)
    stays, goes = [], [("the card itself: names, places, biography, everything on it", len(ids))]
    for relation in all_relations():
        count = relation.rows(ids).order_by().count()
        if count and relation.removal == DELETE:
            goes.append((relation.label, count))
        elif count and relation.why:
            stays.append((relation.label, count, relation.why))
    if portraits := Portrait.objects.filter(experts__in=ids).count():
        goes.append(("portraits, with their files", portraits))
    if merges := MergeRecord.objects.filter(Q(survivor__in=ids) | Q(absorbed__in=ids)).count():
        goes.append(("records of merges, which can then not be undone", merges))
    return Sheet(stays, goes)


def _with_merged(expert):
    return [expert.pk, *Expert.objects.filter(merged_into=expert).order_by("pk").values_list("pk", flat=True)]


# --- the removal ---------------------------------------------------------------------------------------


@transaction.atomic
def remove(expert, *, by, request=None):
    """Take a person out of the source book at their own request; returns the DataRequest that says so.

    `request` is theirs, if it stands in the list already. The printed words of published stories stay as they are;
    a story that no reader has seen keeps its words and loses the link. Cannot be undone. Raises NotAllowed
    and WrongState.
    """
    access.must_keep(by, "Your role does not remove cards.")
    expert = Expert.objects.select_for_update().get(pk=expert.pk)
    if not expert.in_use:
        raise WrongState("This card was removed already, or merged into another: remove that one.")
    ids = _with_merged(expert)
    cards = list(Expert.objects.select_for_update().filter(pk__in=ids))
    portraits = list(Portrait.objects.filter(experts__in=ids))
    needles = _suppress(cards)
    at = clock.process_time()
    # First, for the database lets the ledgers of a removed card be deleted, and of no other.
    Expert.objects.filter(pk__in=ids).update(removed_at=at)
    MergeRecord.objects.filter(Q(survivor__in=ids) | Q(absorbed__in=ids)).delete()
    for relation in all_relations():
        rows = relation.rows(ids)
        if relation.removal == DELETE:
            rows.delete()
        elif relation.removal == KEEP and relation.minimise:
            relation.minimise(rows)
    _empty(cards)
    _close_page(ids)
    _sweep(ids, needles)
    _forget(portraits)
    request = _answered(expert, request, by, at)
    Pulse.objects.beat(rendering=True)
    sealing.leave_no_older_copy()
    return request


def _suppress(cards):
    """Keep the hashes by which they are known; returns the texts by which their traces are found elsewhere."""
    called, channels, ids, raw, slugs = [], [], [], [], []
    for card in cards:
        called += [card.display_name, card.native_name, *card.variants.values_list("text", flat=True)]
        if card.given and card.family:
            called.append(f"{card.given} {card.family}")
        for row in card.channels.all():
            channels.append((row.kind, row.normalized))
            raw += [row.raw, row.normalized]
        for row in card.private_channels.all():
            try:
                opened = row.opened()
            except sealing.Unreadable:
                continue  # its key is gone, and with it what would be matched
            raw.append(opened)
            normalized, _ = normalise(row.kind, opened, card.country)
            channels.append((row.kind, normalized))
            raw.append(normalized)
        ids += card.external_ids.values_list("scheme", "value")
        if PublicProfile.objects.filter(expert=card, was_public=True).exists():
            slugs += [card.slug, *card.former.values_list("slug", flat=True)]
    signs = _signs(called, channels, ids, [card.uid for card in cards], slugs)
    today = paper.today()
    Suppression.objects.bulk_create(
        [Suppression.of(kind, text, today) for kind, text in signs],
        ignore_conflicts=True,
    )
    needles = {*called, *raw, *(value for _, value in ids), *(card.sort_name for card in cards)}
    return {needle for needle in needles if len(bare(needle)) >= SHORT}


def _empty(cards):
    """Every field as a new card has it, but for what tells it from others."""
    for card in cards:
        fields = {}
        for column in Expert._meta.concrete_fields:
            if column.name not in LEFT:
                fields[column.attname] = None if column.null else column.get_default()
        fields |= {
            "display_name": GONE, "sort_name": GONE, "slug": f"removed-{card.pk}",
            "search_key": "", "name_skeleton": "", "version": card.version + 1,
        }  # fmt: skip
        Expert.objects.filter(pk=card.pk).update(**fields)


def _close_page(ids):
    """Consent ends with the card: only that there was a page is kept."""
    PublicProfile.objects.filter(expert__in=ids, was_public=False).delete()
    for profile in PublicProfile.objects.filter(expert__in=ids):
        profile.status, profile.scope, profile.evidence = PublicProfile.WITHDRAWN, "", ""
        profile.granted_on = profile.public_until = profile.token_until = None
        profile.withdrawn_at, profile.token = clock.process_time(), new_token()
        profile.save()


# --- traces elsewhere ------------------------------------------------------------------------------------


def _sweep(ids, needles):
    """What the house keeps beside the card: the admin's log, sign-ins with their messages, files that came in."""
    holds = _finder(needles)
    entries = LogEntry.objects.filter(content_type__app_label="experts")
    of_card = Q(content_type__model="expert", object_id__in=[str(pk) for pk in ids])
    entries.filter(of_card).update(object_repr=GONE, change_message="")
    for entry in entries.exclude(of_card).iterator():
        if holds(f"{entry.object_repr} {entry.change_message}"):
            LogEntry.objects.filter(pk=entry.pk).update(object_repr=GONE, change_message="")
    for session in Session.objects.iterator():
        if holds(json.dumps(session.get_decoded(), ensure_ascii=False, default=str)):
            session.delete()  # somebody of the staff signs in once more
    # Lines that made nobody's card; those of the person's own are empty by now, and others' are others'.
    for row in ImportRow.objects.filter(expert=None).exclude(sealed="", before_sealed="").iterator():
        try:
            held = sealing.unseal(row.sealed) + sealing.unseal(row.before_sealed)
        except sealing.Unreadable:
            continue  # as it is to everybody
        if holds(held):
            ImportRow.objects.filter(pk=row.pk).update(
                sealed="", before_sealed="", errors=[], status="suppressed"
            )  # fmt: skip

    _take_out_of_texts(needles | _rename_files(needles))


def _rename_files(needles):
    """Files that came in under the person's name or number lose theirs; returns what it was.

    Not under a lone word of it: whoever is called March sent no more of march-2026.csv than anybody.
    """
    called = [set(names.fold(needle).split()) for needle in needles if _is_telling(needle)]
    called = [words for words in called if len(words) > 1]
    renamed, numbers = set(), _numbers(needles)
    for batch in ImportBatch.objects.only("filename", "format").order_by():
        words = set(names.fold(re.sub(r"[\W_]+", " ", batch.filename)).split())
        if not (any(name <= words for name in called) or numbers.search(_digits(batch.filename))):
            continue
        old, new = batch.filename, f"file.{batch.format}"
        renamed.add(old)
        ImportBatch.objects.filter(pk=batch.pk).update(filename=new)
        Expert.objects.filter(source_of_data=f"Import: {old}"[:200]).update(source_of_data=f"Import: {new}")
        for model in (Channel, PrivateChannel):
            model.objects.filter(source=f"Import: {old}"[:160]).update(source=f"Import: {new}")
    return renamed


def _is_telling(needle):
    """Whether a text that holds this means the person: a name of several words, a number, an address; no lone word."""
    return " " in needle or "@" in needle or "." in needle or sum(map(str.isdigit, needle)) >= 7


def _take_out_of_texts(needles):
    """Out of what was written about others: the person's full names, numbers and addresses, each with a mark left."""
    telling = sorted(filter(_is_telling, needles), key=len, reverse=True)
    numbers = _numbers(telling)
    patterns = dict.fromkeys(_spelt(way) for needle in telling for way in (needle, needle.casefold()))
    words = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)

    for text in all_texts() if telling else ():
        for row in text.rows.only(*text.fields).iterator():
            changes = {}
            for name in text.fields:
                was = getattr(row, name)
                longest = type(row)._meta.get_field(name).max_length
                now = _without(numbers, words.sub(REMOVED, was))
                if now != was:
                    # The database takes a ledger's words only with more marks than they had.
                    marks = " ".join([REMOVED] * (was.count(REMOVED) + 1))
                    changes[name] = now if len(now) <= longest else marks
            if changes:
                text.rows.filter(pk=row.pk).update(**changes)


def _spelt(needle):
    """A pattern for some words, whatever is between them and whichever apostrophe they have."""
    return r"\s+".join(re.sub("['’‘]", "['’‘]", re.escape(word)) for word in needle.split())


def _numbers(needles):
    """What finds the telephone numbers among these in a text of `_digits`, each with its own digits and no others.

    However it is written: as at home, or with its country's code. One with an extension is theirs only with that: the
    number alone is everybody's there.
    """
    patterns = {"(?!)"}
    for needle in needles:
        try:
            number = phonenumbers.parse(needle)
        except phonenumbers.NumberParseException:
            continue  # it has no country's code: a name, an address, or a number that stands among these with one
        digits = phonenumbers.national_significant_number(number)
        code = rf"(?:(?:(?:\+|00){GAP})?{number.country_code}{GAP})" + ("?" if len(digits) >= FEW else "")
        extension = rf"\D{{1,12}}{number.extension}" if number.extension else ""
        patterns.add(rf"{code}(?:\(0\){GAP}|0|06|8)?{GAP.join(digits)}{extension}")
    return re.compile(rf"(?<!\d)(?:{'|'.join(patterns)})(?!\d)")


def _digits(text):
    """A text of the same length with the digits of any script as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _without(numbers, text):
    """A text with a mark in place of each number."""
    kept, end = [], 0
    for found in numbers.finditer(_digits(text)):
        kept += [text[end : found.start()], REMOVED]
        end = found.end()
    return "".join([*kept, text[end:]])


def _plain(text):
    """A text as it is compared; JSON writes letters beyond ASCII as numbers, unless told otherwise."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return bare(text.replace('\\"', '"')).casefold()


def _finder(needles):
    """Whether a text holds any of these, asked of many texts: numbers, spaces and apostrophes however written there."""
    numbers, plain = _numbers(needles), {_plain(needle) for needle in needles}

    def holds(text):
        text = _plain(text)
        return bool(numbers.search(_digits(text))) or any(needle in text for needle in plain)

    return holds


def _forget(portraits):
    """Delete portraits, and their files once it is certain."""
    files = [(portrait.original.name, portrait.token) for portrait in portraits]
    Portrait.objects.filter(pk__in=[portrait.pk for portrait in portraits]).delete()

    def delete_files():
        for name, token in files:
            if name:
                default_storage.delete(name)
            renditions.forget(token)

    transaction.on_commit(delete_files)


def _answered(expert, request, by, at):
    """Close what they asked; without a request in the list, one that came in today."""
    if request is None:
        day = paper.day_of(at)
        request = DataRequest(expert=expert, kind="erase", received=day, due=requests.due(day))
    else:
        request = DataRequest.objects.get(pk=request.pk)
    request.decision, request.ground, request.handler, request.closed_at = "Removed", GROUND, by, at
    request.words, request.proposed, request.expert = "", {}, expert
    request.save()
    DataRequest.objects.filter(expert=expert, closed_at=None).update(closed_at=at, handler=by)
    return request
