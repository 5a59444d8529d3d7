"""Removing a person at their request: printed words stay, everything else is deleted from every table and file.

What is left is an empty card, to which the printed words belong, and keyed hashes of names, numbers and addresses.
Nobody can read a name from them, but an import of the same person is recognised by them and stopped.
"""

import json
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass

import phonenumbers
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
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
from ..models.channel import channel_digests
from ..models.privacy import new_token
from ..names.titles import without_titles
from ..relations import DELETE, KEEP, REMOVAL_MARK, all_relations, all_text_columns
from . import requests

REMOVED_NAME = "Removed at their own request"
SUPPRESSED_MESSAGE = (
    "Somebody of this name, number or address was removed at their own request. They do not come back by themselves."
)
# What many share at an office: nobody is known by it.
SHARED_LABELS = ("assistant", "press office")
LEGAL_GROUND = "Art. 17(1) GDPR; what was printed stays under Art. 17(3)(a)"
# The fields that a removed card keeps; all others are emptied.
FIELDS_KEPT = {"id", "removed_at", "merged_into", "created_at", "updated_at", "version"}
DIGIT_GAP = r"\W{0,3}"  # what people write between the digits of a number
FEW_DIGITS = 7  # a national number of fewer digits is looked for only with its country code
SHORTEST_NEEDLE = 5  # shorter texts would be found in the data of others, too


# --- who was removed ---------------------------------------------------------------------------------


def _name_to_match(name):
    """A name for matching: its folded words without titles, in alphabetical order."""
    return " ".join(sorted(without_titles(names.fold(name)).split()))


def _with_a_name(called, channels):
    """(kind, text) of each way to reach somebody together with each word of their names: “lee” at this number."""
    words = {word for name in called if name for word in _name_to_match(name).split()}
    return {
        ("with", f"{digest_family(kind, normalized)} {normalized} {word}")
        for kind, normalized in channels if normalized for word in words
    }  # fmt: skip


def _identifying_signs(called=(), channels=(), ids=(), uids=(), slugs=()):
    """{(kind, text)} by which a person is recognised; `channels` are (kind, normalised), `ids` (scheme, value)."""
    signs = {("name", _name_to_match(name)) for name in called if name and _name_to_match(name)}
    signs |= {(digest_family(kind, normalized), normalized) for kind, normalized in channels if normalized}
    signs |= {(scheme, value.strip().lower()) for scheme, value in ids if value}
    signs |= {("uid", str(value).lower()) for value in uids if value}
    return signs | {("slug", slug) for slug in slugs if slug}


def is_suppressed(names=(), channels=(), ids=(), uids=()):
    """Whether any of these belongs to somebody who was removed at their own request. At most one query.

    `channels` are (kind, normalised) as `normalise` gives them, `ids` (scheme, value). Code that makes or imports a
    card asks this first; where it is True, only a person's decision makes the card.
    """
    return Suppression.objects.holds_any(_identifying_signs(names, channels, ids, uids))


def would_return(called=(), channels=(), ids=(), uids=()):
    """Whether a row of a file would bring somebody back who was removed at their own request. One query.

    As `is_suppressed`, but nobody is recognised by a number alone: a colleague who shares it is let in, and a row that
    has it with a word of their name is not.
    """
    return Suppression.objects.holds_any(_identifying_signs(called, (), ids, uids) | _with_a_name(called, channels))


# --- before ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RemovalSheet:
    """What a removal would keep, [(what, how many, why)], and what it would delete, [(what, how many)]."""

    stays: list
    goes: list


def make_removal_sheet(expert):
    """The RemovalSheet of a card, for the person who decides. A fixed number of queries."""
    ids = _ids_with_merged(expert)
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
    return RemovalSheet(stays, goes)


def _ids_with_merged(expert):
    return [expert.pk, *Expert.objects.filter(merged_into=expert).order_by("pk").values_list("pk", flat=True)]


# --- the removal ---------------------------------------------------------------------------------------


@transaction.atomic
def remove_expert(expert, *, by, request=None):
    """Remove a person at their own request; returns the closed DataRequest. It cannot be undone.

    `request` is theirs, if there is one already. The printed words of published stories stay as they are; a story that
    no reader has seen keeps its words without the link to the card. Raises NotAllowed and WrongState.
    """
    access.must_keep(by, "Your role does not remove cards.")
    expert = Expert.objects.select_for_update().get(pk=expert.pk)
    if not expert.in_use:
        raise WrongState("This card was removed already, or merged into another: remove that one.")
    ids = _ids_with_merged(expert)
    cards = list(Expert.objects.select_for_update().filter(pk__in=ids))
    portraits = list(Portrait.objects.filter(experts__in=ids))
    needles = _suppress_cards(cards)
    at = clock.process_time()
    # This comes first: the database lets only the ledgers of removed cards be deleted.
    Expert.objects.filter(pk__in=ids).update(removed_at=at)
    MergeRecord.objects.filter(Q(survivor__in=ids) | Q(absorbed__in=ids)).delete()
    for relation in all_relations():
        rows = relation.rows(ids)
        if relation.removal == DELETE:
            rows.delete()
        elif relation.removal == KEEP and relation.minimise:
            relation.minimise(rows)
    _empty_cards(cards)
    _close_public_page(ids)
    _clear_traces(ids, needles)
    _delete_portraits(portraits)
    request = _close_requests(expert, request, by, at)
    Pulse.objects.beat(rendering=True)
    sealing.leave_no_older_copy()
    return request


def _suppress_cards(cards):
    """Store the hashes by which the person is recognised; returns the texts by which traces are found elsewhere."""
    called, reached, ids, raw, slugs = [], [], [], [], []
    for card in cards:
        called += [card.display_name, card.native_name, *card.variants.values_list("text", flat=True)]
        if card.given and card.family:
            called.append(f"{card.given} {card.family}")
        for row in card.channels.all():
            reached.append((row.kind, row.normalized, row.label))
            raw += [row.raw, row.normalized]
        for row in card.private_channels.all():
            try:
                opened = row.opened()
            except sealing.Unreadable:
                continue  # without its key nobody can read it, so nothing can be matched
            raw.append(opened)
            normalized, _ = normalise(row.kind, opened, card.country)
            reached.append((row.kind, normalized, row.label))
            raw.append(normalized)
        ids += card.external_ids.values_list("scheme", "value")
        if PublicProfile.objects.filter(expert=card, was_public=True).exists():
            slugs += [card.slug, *card.former.values_list("slug", flat=True)]
    channels = _own_channels(cards, reached)
    signs = _identifying_signs(called, channels, ids, [card.uid for card in cards], slugs) | _with_a_name(
        called, channels
    )
    today = paper.today()
    Suppression.objects.bulk_create(
        [Suppression.of(kind, text, today) for kind, text in signs],
        ignore_conflicts=True,
    )
    needles = {*called, *raw, *(value for _, value in ids), *(card.sort_name for card in cards)}
    return {needle for needle in needles if len(bare(needle)) >= SHORTEST_NEEDLE}


def _own_channels(cards, reached):
    """(kind, normalised) of the (kind, normalised, label) by which a person alone is reached.

    What a press office or an assistant answers is not theirs alone, nor what another card has, too, in whatever tier.
    """
    marks = {mark: normalized for kind, normalized, _ in reached for mark in channel_digests(kind, normalized)}
    others = Channel.objects.exclude(expert__in=cards).filter(normalized__in=set(marks.values()))
    sealed = PrivateChannel.objects.exclude(expert__in=cards).filter(digest__in=list(marks))
    shared = {*others.values_list("normalized", flat=True)}
    shared |= {marks[mark] for mark in sealed.values_list("digest", flat=True)}
    return [
        (kind, normalized)
        for kind, normalized, label in reached if normalized and label not in SHARED_LABELS and normalized not in shared
    ]  # fmt: skip


def _empty_cards(cards):
    """Set every field to that of a new card, except FIELDS_KEPT and what has to be unique."""
    for card in cards:
        fields = {}
        for column in Expert._meta.concrete_fields:
            if column.name not in FIELDS_KEPT:
                fields[column.attname] = None if column.null else column.get_default()
        fields |= {
            "display_name": REMOVED_NAME, "sort_name": REMOVED_NAME, "slug": f"removed-{card.pk}",
            "search_key": "", "name_skeleton": "", "version": card.version + 1,
        }  # fmt: skip
        Expert.objects.filter(pk=card.pk).update(**fields)


def _close_public_page(ids):
    """End the consent; only the fact that there was a page is kept."""
    PublicProfile.objects.filter(expert__in=ids, was_public=False).delete()
    for profile in PublicProfile.objects.filter(expert__in=ids):
        profile.status, profile.scope, profile.evidence = PublicProfile.WITHDRAWN, "", ""
        profile.agreed = {}
        profile.granted_on = profile.public_until = profile.token_until = None
        profile.withdrawn_at, profile.token = clock.process_time(), new_token()
        profile.save()


# --- traces elsewhere ------------------------------------------------------------------------------------


def _clear_traces(ids, needles):
    """Clear what is kept elsewhere: the admin's log, sessions with their messages, imported rows and texts."""
    holds = _needle_finder(needles)
    entries = LogEntry.objects.filter(content_type__app_label="experts")
    of_card = Q(content_type__model="expert", object_id__in=[str(pk) for pk in ids])
    entries.filter(of_card).update(object_repr=REMOVED_NAME, change_message="")
    for entry in entries.exclude(of_card).iterator():
        if holds(f"{entry.object_repr} {entry.change_message}"):
            LogEntry.objects.filter(pk=entry.pk).update(object_repr=REMOVED_NAME, change_message="")
    for session in Session.objects.iterator():
        if holds(json.dumps(session.get_decoded(), ensure_ascii=False, default=str)):
            session.delete()  # a member of the staff has to sign in again
    # Rows that belong to no card: those of the person's card are empty by now, those of others are not about them.
    for row in ImportRow.objects.filter(expert=None).exclude(sealed="", before_sealed="").iterator():
        try:
            held = sealing.unseal(row.sealed) + sealing.unseal(row.before_sealed)
        except sealing.Unreadable:
            continue  # nobody else can read it either
        if holds(held):
            ImportRow.objects.filter(pk=row.pk).update(
                sealed="", before_sealed="", errors=[], status="suppressed"
            )  # fmt: skip

    _take_out_of_texts(needles | _rename_files(needles))


def _rename_files(needles):
    """Rename imported files whose names contain the person's name or number; returns the old names.

    A single word of a name is not enough: march-2026.csv need not be about somebody called March.
    """
    called = [set(names.fold(needle).split()) for needle in needles if _is_telling(needle)]
    called = [words for words in called if len(words) > 1]
    renamed, numbers = {}, _pattern_of_numbers(needles)
    for batch in ImportBatch.objects.only("filename", "format").order_by():
        words = set(names.fold(re.sub(r"[\W_]+", " ", batch.filename)).split())
        if not (any(name <= words for name in called) or numbers.search(_with_plain_digits(batch.filename))):
            continue
        old, new = batch.filename, f"file.{batch.format}"
        renamed[old] = new
        ImportBatch.objects.filter(pk=batch.pk).update(filename=new)
        Expert.objects.filter(source_of_data=f"Import: {old}"[:200]).update(source_of_data=f"Import: {new}")
        Channel.objects.filter(source=f"Import: {old}"[:160]).update(source=f"Import: {new}")
    _rename_sealed_sources({f"Import: {old}"[:160]: f"Import: {new}" for old, new in renamed.items()})
    return set(renamed)


def _rename_sealed_sources(renamed):
    """Put new names of files where restricted channels come from; one that no key opens stays as it is."""
    for row in PrivateChannel.objects.exclude(source_sealed="").order_by() if renamed else ():
        with suppress(sealing.Unreadable):
            if new := renamed.get(row.source):
                PrivateChannel.objects.filter(pk=row.pk).update(source_sealed=sealing.seal(new))


def _is_telling(needle):
    """Whether a text with this is about the person: a name of several words, a number or an address, no single word."""
    return " " in needle or "@" in needle or "." in needle or sum(map(str.isdigit, needle)) >= 7


def _take_out_of_texts(needles):
    """Replace the person's full names, numbers and addresses with a mark in texts that are about others."""
    telling = sorted(filter(_is_telling, needles), key=len, reverse=True)
    numbers = _pattern_of_numbers(telling)
    patterns = dict.fromkeys(_pattern_of_words(way) for needle in telling for way in (needle, needle.casefold()))
    words = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)

    for text in all_text_columns() if telling else ():
        for row in text.rows.only(*text.fields).iterator():
            changes = {}
            for name in text.fields:
                was = getattr(row, name)
                longest = type(row)._meta.get_field(name).max_length
                now = _mark_numbers(numbers, words.sub(REMOVAL_MARK, was))
                if now != was:
                    # The database lets a ledger's text change only where it then has more marks than before.
                    marks = " ".join([REMOVAL_MARK] * (was.count(REMOVAL_MARK) + 1))
                    changes[name] = now if len(now) <= longest else marks
            if changes:
                text.rows.filter(pk=row.pk).update(**changes)


def _pattern_of_words(needle):
    """A pattern for words with any white space between them and any apostrophe."""
    return r"\s+".join(re.sub("['’‘]", "['’‘]", re.escape(word)) for word in needle.split())


def _pattern_of_numbers(needles):
    """A pattern that finds the telephone numbers among these in a text of `_with_plain_digits`.

    It finds a number in national form and with its country code, but not as part of a longer one. A number with an
    extension is found only with that: without it, it belongs to everybody there.
    """
    patterns = {"(?!)"}
    for needle in needles:
        try:
            number = phonenumbers.parse(needle)
        except phonenumbers.NumberParseException:
            continue  # a name, an address, or a number without country code, which is among these with one, too
        digits = phonenumbers.national_significant_number(number)
        code = rf"(?:(?:(?:\+|00){DIGIT_GAP})?{number.country_code}{DIGIT_GAP})" + (
            "?" if len(digits) >= FEW_DIGITS else ""
        )
        extension = rf"\D{{1,12}}{number.extension}" if number.extension else ""
        patterns.add(rf"{code}(?:\(0\){DIGIT_GAP}|0|06|8)?{DIGIT_GAP.join(digits)}{extension}")
    return re.compile(rf"(?<!\d)(?:{'|'.join(patterns)})(?!\d)")


def _with_plain_digits(text):
    """A text of the same length, with the digits of all scripts as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _mark_numbers(numbers, text):
    """A text with each found number replaced by a mark."""
    kept, end = [], 0
    for found in numbers.finditer(_with_plain_digits(text)):
        kept += [text[end : found.start()], REMOVAL_MARK]
        end = found.end()
    return "".join([*kept, text[end:]])


def _comparable_text(text):
    """A text for comparing: folded, with the \\u escapes that JSON writes turned into letters."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return bare(text.replace('\\"', '"')).casefold()


def _needle_finder(needles):
    """A function that says whether a text contains any of these, in whatever way names and numbers are written."""
    numbers, plain = _pattern_of_numbers(needles), {_comparable_text(needle) for needle in needles}

    def holds(text):
        text = _comparable_text(text)
        return bool(numbers.search(_with_plain_digits(text))) or any(needle in text for needle in plain)

    return holds


def _delete_portraits(portraits):
    """Delete portraits, and after the commit their files."""
    files = [(portrait.original.name, portrait.token) for portrait in portraits]
    Portrait.objects.filter(pk__in=[portrait.pk for portrait in portraits]).delete()

    def delete_files():
        for name, token in files:
            renditions.forget(token, name)

    transaction.on_commit(delete_files)


def _close_requests(expert, request, by, at):
    """Close the person's open requests; where there is none, add one received today."""
    if request is None:
        day = paper.day_of(at)
        request = DataRequest(expert=expert, kind="erase", received=day, due=requests.due_date(day))
    else:
        request = DataRequest.objects.get(pk=request.pk)
    request.decision, request.ground, request.handler, request.closed_at = "Removed", LEGAL_GROUND, by, at
    request.words, request.proposed, request.expert = "", {}, expert
    request.save()
    DataRequest.objects.filter(expert=expert, closed_at=None).update(closed_at=at, handler=by)
    return request
