"""Which card a row is about, and what it adds to it.

A row is about a card that is there if, in this order,

1. it names the card itself (our own exports do),
2. they share an external id, such as an ORCID,
3. they share an e-mail address or a telephone number, in whatever tier, and their names are alike,
4. they have the same name and the same organisations, and the card came by a file with the same header.

Different ids in one scheme are two people, whatever else they share. What a card says already is never overwritten.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from ... import names, sealing
from ...actions import removal
from ...channels import KINDS
from ...models import (
    Affiliation,
    Channel,
    Expert,
    ExpertTopic,
    ExternalId,
    ImportRow,
    LanguageSkill,
    NameVariant,
    PrivateChannel,
    PrivateNote,
    Suppression,
)
from ...models.channel import channel_digests
from .values import SCALARS

CHUNK = 400
FILLED = tuple(SCALARS.values())  # what an import may fill in where a card is silent


@dataclass(eq=False)
class Known:
    """What a card holds, whether it stands in the database or an earlier row of the file is about to make it."""

    pk: int | None = None
    version: int = 0
    called: set = field(default_factory=set)
    bones: set = field(default_factory=set)
    fields: dict = field(default_factory=dict)
    channels: set = field(default_factory=set)  # (kind, normalized)
    sealed: set = field(default_factory=set)  # (kind, digest)
    roles: dict = field(default_factory=dict)  # (folded title, folded organisation) → {start, end}, "pk" of one there
    ids: dict = field(default_factory=dict)
    languages: set = field(default_factory=set)
    topics: set = field(default_factory=set)
    first_line: int = 0
    orgs: set = field(default_factory=set)
    notes: set = field(default_factory=set)

    def is_called(self, record):
        """Whether the card and a row could be one person by their names."""
        theirs = [record.name, record.fields.get("native_name", "")]
        if self.called & {names.fold(name) for name in theirs if name}:
            return True
        if self.bones & {names.skeleton(name) for name in theirs if name}:
            return True
        return any(names.name_likeness(record.name, name) >= names.SPELLING_CUTOFF for name in self.called)

    def contradicts(self, record):
        """Whether an id of the row says that it is about somebody else."""
        return any(self.ids.get(scheme, value) != value for scheme, value in record.ids)


@dataclass(eq=False)
class Addition:
    """What one row adds to a card."""

    record: object
    card: Known
    is_new: bool = False
    fields: dict = field(default_factory=dict)
    channels: list = field(default_factory=list)
    roles: list = field(default_factory=list)
    starts: list = field(default_factory=list)  # (id of a role that is there, when it began)
    ids: list = field(default_factory=list)
    languages: list = field(default_factory=list)
    topics: list = field(default_factory=list)
    variants: list = field(default_factory=list)
    notes: list = field(default_factory=list)  # (text, whether something in it is to be mended), sealed when written
    portrait: str = ""

    @property
    def is_empty(self):
        parts = (self.fields, self.channels, self.roles, self.ids, self.languages, self.topics, self.variants,
                 self.starts, self.notes, self.portrait)  # fmt: skip
        return not self.is_new and not any(parts)


def _call(card, name):
    if name:
        card.called.add(names.fold(name))
        card.bones.add(names.skeleton(name))


def in_chunks(values):
    values = list(dict.fromkeys(values))
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


class Book:
    """The cards that a file's rows could be about, read in a number of queries that grows with the file alone."""

    def __init__(self, records, signature):
        self.cards, self.by_uid, self.by_id = {}, {}, {}
        self.by_contact, self.by_source = defaultdict(list), defaultdict(list)
        self.holders = {}  # (scheme, value) → Known, of ids that are taken
        self._digests = {}
        self._reads_notes = any(r.notes or r.kept for r in records)
        pairs = {(k, n) for r in records for k, _, _, n, _ in r.channels}
        for pair in pairs:
            self._digests[pair] = channel_digests(*pair)
        self._load(self._wanted(records, signature, pairs))
        self.may_be_gone = Suppression.objects.exists()

    # --- what there is --------------------------------------------------------------------------------

    def _wanted(self, records, signature, pairs):
        """Ids of the cards to load; remembers how each was found."""
        found, self._uids, self._ids, self._contacts = set(), {}, {}, defaultdict(set)
        for chunk in in_chunks(record.uid for record in records if record.uid):
            for pk, uid, into in Expert.objects.filter(uid__in=chunk).values_list("pk", "uid", "merged_into"):
                self._uids[str(uid)] = self._stays(into) if into else pk
        wanted = {pair for record in records for pair in record.ids}
        for chunk in in_chunks(value for _, value in wanted):
            for scheme, value, pk in ExternalId.objects.filter(value__in=chunk).values_list(
                "scheme", "value", "expert_id"
            ):
                if (scheme, value) in wanted:
                    self._ids[scheme, value] = pk
        for chunk in in_chunks(n for k, n in pairs if KINDS[k].tells_person):
            for value, pk in Channel.objects.filter(normalized__in=chunk).values_list("normalized", "expert_id"):
                self._contacts[value].add(pk)
        marks = {mark: n for (k, n), marks in self._digests.items() if KINDS[k].tells_person for mark in marks}
        for chunk in in_chunks(marks):
            for mark, pk in PrivateChannel.objects.filter(digest__in=chunk).values_list("digest", "expert_id"):
                self._contacts[marks[mark]].add(pk)
        called = {names.fold(record.name) for record in records}
        rows = ImportRow.objects.filter(batch__signature=signature, status="done", expert__isnull=False)
        self._sources = {
            pk for pk, name in rows.values_list("expert_id", "expert__display_name").distinct()
            if names.fold(name) in called
        }  # fmt: skip
        found |= {*self._uids.values(), *self._ids.values(), *self._sources}
        return found.union(*self._contacts.values())

    def _stays(self, pk):
        """The card that a merged one became part of."""
        for _ in range(20):
            into = Expert.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
            if into is None:
                return pk
            pk = into
        return pk

    def _load(self, pks):
        for chunk in in_chunks(pks):
            self._load_chunk(chunk)
        for uid, pk in self._uids.items():
            self._point(self.by_uid, uid, pk)
        for pair, pk in self._ids.items():
            self._point(self.by_id, pair, pk)
            self.holders[pair] = self.cards.get(pk)
        for value, pks in self._contacts.items():
            self.by_contact[value] += [self.cards[pk] for pk in sorted(pks) if pk in self.cards]
        for pk in sorted(self._sources & set(self.cards)):
            card = self.cards[pk]
            for name in card.called:
                self.by_source[name].append(card)

    def _point(self, table, key, pk):
        if pk in self.cards:
            table[key] = self.cards[pk]

    def _load_chunk(self, pks):
        """What some cards hold: plain values, one query a table; objects would take ten times as long."""
        wanted = ("pk", "version", "display_name", "native_name", "portrait_id", *FILLED)
        for row in Expert.objects.current().filter(pk__in=pks).values(*dict.fromkeys(wanted)):
            card = self.cards[row["pk"]] = Known(pk=row["pk"], version=row["version"], fields=row)
            _call(card, row["display_name"])
            _call(card, row["native_name"])

        def rows(model, *fields, of="expert_id"):
            for pk, *values in model.objects.filter(**{f"{of}__in": pks}).order_by().values_list(of, *fields):
                if pk in self.cards:
                    yield self.cards[pk], values

        for card, (text,) in rows(NameVariant, "text"):
            _call(card, text)
        for card, pair in rows(Channel, "kind", "normalized"):
            card.channels.add(tuple(pair))
        for card, pair in rows(PrivateChannel, "kind", "digest"):
            card.sealed.add(tuple(pair))
        for card, (pk, title, organisation, start, end) in rows(
            Affiliation, "pk", "title", "organisation__name", "start", "end"
        ):
            key = (names.fold(title), names.fold(organisation or ""))
            card.roles.setdefault(key, {"pk": pk, "start": start, "end": end})
            card.orgs |= {names.fold(organisation)} if organisation else set()
        for card, (scheme, value) in rows(ExternalId, "scheme", "value"):
            card.ids[scheme] = value
        for card, (tag,) in rows(LanguageSkill, "tag"):
            card.languages.add(tag)
        for card, (tag,) in rows(ExpertTopic, "tag_id", of="content_object_id"):
            card.topics.add(tag)
        for card, (sealed,) in rows(PrivateNote, "sealed") if self._reads_notes else ():
            try:
                card.notes.add(sealing.unseal(sealed))
            except sealing.Unreadable:
                continue  # as it is to everybody

    # --- rows -----------------------------------------------------------------------------------------

    def is_gone(self, record):
        """Whether the row would bring back somebody who was removed at their own request."""
        own = [
            (kind, normalized)
            for kind, label, _, normalized, _ in record.channels
            if label not in removal.SHARED_LABELS
        ]
        return self.may_be_gone and removal.would_return(
            called=[record.name, record.fields.get("native_name", ""), *record.variants],
            channels=own,
            ids=record.ids,
            uids=[record.uid] if record.uid else [],
        )

    def card_of(self, record):
        """The Known card that a row is about, or None for a new one."""
        if record.uid in self.by_uid:
            return self.by_uid[record.uid]
        for pair in record.ids:
            if pair in self.by_id:
                return self.by_id[pair]
        for kind, _, _, normalized, _ in record.channels:
            if KINDS[kind].tells_person:
                for card in self.by_contact.get(normalized, ()):
                    if card.is_called(record) and not card.contradicts(record):
                        return card
        orgs = {names.fold(role["organisation"]) for role in record.roles if role["organisation"]}
        for card in self.by_source.get(names.fold(record.name), ()):
            if card.orgs == orgs and not card.contradicts(record):
                return card
        return None

    def add(self, record):
        """What a row adds; from here on, later rows see it as there."""
        card = self.card_of(record)
        addition = Addition(record, card or Known(first_line=record.line), is_new=card is None)
        card = addition.card
        self._fields(addition, card)
        for kind, label, raw, normalized, tier in record.channels:
            marks = {(kind, mark) for mark in self._digests[kind, normalized]}
            if (kind, normalized) not in card.channels and not marks & card.sealed:
                addition.channels.append((kind, label, raw, normalized, tier))
                card.channels.add((kind, normalized))
        for role in record.roles:
            key = (names.fold(role["title"]), names.fold(role["organisation"]))
            if key not in card.roles:
                addition.roles.append(role)
                card.roles[key] = role
                card.orgs |= {key[1]} - {""}
            else:
                self._dates(addition, role, card.roles[key])
        for pair in record.ids:
            if pair[0] not in card.ids and self.holders.setdefault(pair, card) is card:
                addition.ids.append(pair)
                card.ids[pair[0]] = pair[1]
        addition.languages = [tag for tag in record.languages if tag not in card.languages]
        addition.topics = [pk for pk in record.topics if pk not in card.topics]
        for text in record.variants:
            if (folded := names.fold(text)) and folded not in card.called:
                addition.variants.append(text)
                card.called.add(folded)
        self._sealed_things(addition, card)
        card.languages |= set(addition.languages)
        card.topics |= set(addition.topics)
        self._remember(record, card)
        return addition

    def _fields(self, addition, card):
        """Only what the card does not say yet; a name made from other words never replaces one."""
        record = addition.record
        if addition.is_new:
            card.called = {names.fold(name) for name in (record.name, record.fields.get("native_name", "")) if name}
            card.bones = {names.skeleton(record.name)}
            card.fields = {"display_name": record.name}
            addition.fields = dict(record.fields)
        else:
            addition.fields = {k: v for k, v in record.fields.items() if v and not card.fields.get(k)}
        card.fields |= addition.fields

    def _dates(self, addition, role, held):
        """When a role began is filled in where the card does not say; that it ended is for a person to say."""
        if role["start"] and not held["start"] and role["start"] <= (held["end"] or role["start"]):
            held["start"] = role["start"]
            if "pk" in held:
                addition.starts.append((held["pk"], role["start"]))
        if role["end"] and not held["end"]:
            said = "The card has this role without an end. It stays so: change the role on the card."
            addition.record.wrong("", said, note=True)

    def _sealed_things(self, addition, card):
        """Notes that the card does not have yet, word for word, and a face where it has none."""
        record = addition.record
        texts = [(text, False) for text in record.notes]
        if record.kept:
            as_typed = "\n".join(f"{column}: {text}" for column, text, _ in record.kept)
            texts.append((as_typed, any(mend for *_, mend in record.kept)))
        for text, mend in texts:
            if text not in card.notes:
                addition.notes.append((text, mend))
                card.notes.add(text)
        if record.portrait and not card.fields.get("portrait_id"):
            addition.portrait = record.portrait
            card.fields["portrait_id"] = True  # for the rows that follow; the picture is made when it is written

    def _remember(self, record, card):
        if record.uid:
            self.by_uid.setdefault(record.uid, card)
        for pair in record.ids:
            self.by_id.setdefault(pair, card)
        for kind, _, _, normalized, _ in record.channels:
            if KINDS[kind].tells_person and card not in self.by_contact[normalized]:
                self.by_contact[normalized].append(card)
        if card not in self.by_source[names.fold(record.name)]:
            self.by_source[names.fold(record.name)].append(card)
