"""What an import writes, many rows at a time, and how it is taken back row for row."""

import base64
import binascii
import json
from collections import defaultdict

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F
from django.utils.text import slugify

from newsroom import clock
from newsroom.models import Topic
from newsroom.pictures import renditions, uploads

from ... import names, sealing
from ...actions import cards
from ...channels import KINDS, is_to_mend
from ...models import (
    Affiliation,
    CardChange,
    Channel,
    Expert,
    ExpertTopic,
    ExternalId,
    ImportRow,
    LanguageSkill,
    NameVariant,
    Organisation,
    OrganisationName,
    Portrait,
    PrivateChannel,
    PrivateNote,
)
from ...models.channel import CHANNEL_TIERS, RESTRICTED, channel_digest
from .matching import in_chunks

BATCH = 500
IMPORTED = (CardChange.IMPORT, CardChange.IMPORT_CHANNELS)
# What a card says of itself and of how it is found: kept before a change, put back when it is taken back.
KEPT = ("version", "updated_at", "search_key", "name_skeleton")


class Writer:
    """Writes the Additions of one batch."""

    def __init__(self, batch, by):
        self.batch, self.by, self.now = batch, by, clock.process_time()
        self.made = defaultdict(list)  # addition → rows
        self.before = {}  # addition, the first about a card → what that card was like
        self.portraits = []

    def write(self, additions):
        """Make everything; returns [(expert id, [[model, id]] made, what it changed or None)], one an addition."""
        new = [a for a in additions if a.is_new]
        self._make_portraits(additions)
        organisations = self._organisations(additions)
        self._make_cards(new, additions, organisations)
        fresh = {a.card.pk for a in new}
        old = self._change_cards([a for a in additions if not a.is_empty and a.card.pk not in fresh])
        self._hang(additions, organisations)
        cards.index_cards(old)
        self._told(new)
        self._told_added([a for a in additions if a.card.pk in old])
        return [
            (a.card.pk, [[row._meta.label_lower, row.pk] for row in self.made[id(a)]], self.before.get(id(a)))
            for a in additions
        ]

    def _make_portraits(self, additions):
        """The faces that cards came with; a picture that cannot be used is told in the report of its row."""
        for a in (a for a in additions if a.portrait):
            try:
                data = ContentFile(base64.b64decode(a.portrait, validate=False))
                picture = uploads.keep(Portrait, uploads.take(data))
            except (uploads.Unfit, binascii.Error, ValueError) as error:
                said = str(error) if isinstance(error, uploads.Unfit) else "It is no picture."
                a.record.wrong("Portrait", f"The photograph was not taken. {said}", note=True)
                continue
            self.portraits.append(picture)
            self._note(a, picture)
            a.fields["portrait_id"] = a.card.fields["portrait_id"] = picture.pk

    def throw_away_files(self):
        """Delete the files of an import that came to nothing; its rows are gone already."""
        for picture in self.portraits:
            default_storage.delete(picture.original.name)
            renditions.forget(picture.token)

    def _organisations(self, additions):
        """{folded name: Organisation} of all that the rows name, made where they are new."""
        wanted = {}
        for addition in additions:
            for role in addition.roles:
                if role["organisation"]:
                    wanted.setdefault(_folded(role["organisation"]), (role["organisation"], addition))
        found = {}
        for chunk in in_chunks(wanted):
            rows = Organisation.objects.prefetch_related("names")
            found |= {row.folded: row for row in rows.filter(folded__in=chunk)}
            others = OrganisationName.objects.filter(folded__in=chunk)
            for other in others.select_related("organisation").prefetch_related("organisation__names"):
                found.setdefault(other.folded, other.organisation)
        missing = {folded: pair for folded, pair in wanted.items() if folded not in found}
        rows = [Organisation(name=name[:160], folded=folded) for folded, (name, _) in missing.items()]
        for row in Organisation.objects.bulk_create(rows, batch_size=BATCH):
            found[row.folded] = row
            self._note(missing[row.folded][1], row)
        return found

    def _make_cards(self, new, additions, organisations):
        taken = set(Expert.objects.values_list("slug", flat=True)) if new else set()
        rows, found_by = [], self._found_by(additions, organisations)
        source = f"Import: {self.batch.filename}"[:200]
        for addition in new:
            name = addition.record.name
            said = {key: value for key, value in addition.card.fields.items() if value and value is not True}
            slug = _free(slugify(name, allow_unicode=True)[:100] or "expert", taken)
            key, skeletons = found_by[id(addition.card)]
            rows.append(
                Expert(
                    **{"sort_name": _sorted(name, said), "source_of_data": source} | said,
                    slug=slug, version=1, search_key=key, name_skeleton=skeletons,
                )
            )  # fmt: skip
        for addition, row in zip(new, Expert.objects.bulk_create(rows, batch_size=BATCH), strict=True):
            addition.card.pk = row.pk
            self._note(addition, row)

    def _found_by(self, additions, organisations):
        """{card: (search key, skeletons)} of new cards, as `cards.index_card` would write them later."""
        called, around = defaultdict(list), defaultdict(list)
        topics = dict(Topic.objects.filter(pk__in={pk for a in additions for pk in a.topics}).values_list("pk", "name"))
        for a in additions:
            mine, card = around[id(a.card)], a.card.fields
            if a.is_new:
                called[id(a.card)] = [card["display_name"], card.get("native_name", "")]
            called[id(a.card)] += a.variants
            for role in a.roles:
                mine += [role["title"]] if role["title"] else []
                if role["organisation"]:
                    organisation = organisations[_folded(role["organisation"])]
                    mine += [organisation.name, organisation.native_name, *(n.text for n in organisation.names.all())]
            mine += [topics[pk] for pk in a.topics]
        return {key: cards.search_columns(texts, around[key]) for key, texts in called.items()}

    def _change_cards(self, changed):
        """Fill in what cards did not say; keeps what each was like before, with its first row."""
        first, fields, starts = {}, defaultdict(dict), defaultdict(list)
        for addition in changed:
            first.setdefault(addition.card.pk, addition)
            fields[addition.card.pk] |= addition.fields
            starts[addition.card.pk] += addition.starts
        for chunk in in_chunks(first):
            for expert in Expert.objects.filter(pk__in=chunk):
                mine = fields[expert.pk]
                self.before[id(first[expert.pk])] = {
                    "fields": {name: getattr(expert, name) for name in mine},
                    "kept": {name: _plain(getattr(expert, name)) for name in KEPT},
                    "after": expert.version + 1,
                    "undated": [role for role, _ in starts[expert.pk]],
                }
                for role, start in starts[expert.pk]:
                    Affiliation.objects.filter(pk=role, expert=expert).update(start=start)
                count = {"version": F("version") + 1, "updated_at": self.now}
                Expert.objects.filter(pk=expert.pk).update(**mine, **count)
        return set(first)

    def _hang(self, additions, organisations):
        """All rows that hang on the cards, one statement per five hundred of a kind."""
        rows = defaultdict(list)
        mains = set(
            Affiliation.objects.filter(
                is_primary=True, end="", expert__in=[a.card.pk for a in additions if not a.is_new and a.roles][:5000]
            ).values_list("expert_id", flat=True)
        )
        for a in additions:
            pk, source = a.card.pk, f"Import: {self.batch.filename}"[:160]
            for kind, label, raw, normalized, tier in a.channels:
                fields = {"expert_id": pk, "kind": kind, "label": label, "source": source,
                          "to_mend": is_to_mend(normalized)}  # fmt: skip
                if tier == RESTRICTED:
                    mark = channel_digest(kind, normalized)
                    row = PrivateChannel(sealed=sealing.seal(raw), digest=mark, **fields)
                else:
                    row = Channel(raw=raw, normalized=normalized, visibility=tier, **fields)
                rows[type(row)].append((a, row))
            for n, role in enumerate(a.roles):
                organisation = organisations.get(_folded(role["organisation"])) if role["organisation"] else None
                said = {key: role[key] for key in ("title", "start", "end", "is_former")}
                # The first role of a list is the main one; of a card that is there already, only by a person's word.
                main = n == 0 and a.is_new and not role["is_former"] and not role["end"] and pk not in mains
                if main:
                    mains.add(pk)
                row = Affiliation(expert_id=pk, organisation=organisation, is_primary=main, **said)
                rows[Affiliation].append((a, row))
            rows[PrivateNote] += [
                (a, PrivateNote(expert_id=pk, sealed=sealing.seal(text), to_mend=mend, by=self.by, at=self.now))
                for text, mend in a.notes
            ]
            rows[ExternalId] += [(a, ExternalId(expert_id=pk, scheme=s, value=v)) for s, v in a.ids]
            rows[LanguageSkill] += [(a, LanguageSkill(expert_id=pk, tag=tag)) for tag in a.languages]
            rows[ExpertTopic] += [(a, ExpertTopic(content_object_id=pk, tag_id=tag)) for tag in a.topics]
            rows[NameVariant] += [
                (a, NameVariant(expert_id=pk, text=text, normalized=names.fold(text)[:200])) for text in a.variants
            ]
        for model, pairs in rows.items():
            for (a, _), row in zip(
                pairs, model.objects.bulk_create([row for _, row in pairs], batch_size=BATCH), strict=True
            ):
                self._note(a, row)

    def _told(self, new):
        what = f"Made by the import of {self.batch.filename}"[:500]
        rows = [CardChange(expert_id=a.card.pk, at=self.now, by=self.by, part="card", what=what) for a in new]
        for a, row in zip(new, CardChange.objects.bulk_create(rows, batch_size=BATCH), strict=True):
            self._note(a, row)

    def _told_added(self, additions):
        """A line in the history of each card that was there: what the file added to it, and never a value.

        Channels have lines of their own, restricted ones too, since not everybody reads of them. These lines are not
        the import's to take back: the history of a card in use only grows.
        """
        added = defaultdict(dict)  # (expert id, part, restricted) → what, in the order of the rows
        for a in additions:
            for restricted, what in _channels_of(a):
                added[a.card.pk, CardChange.IMPORT_CHANNELS, restricted][what] = True
            for what in _parts_of(a):
                added[a.card.pk, CardChange.IMPORT, False][what] = True
        said = f"Import of {self.batch.filename} added"
        CardChange.objects.bulk_create(
            [
                CardChange(expert_id=pk, at=self.now, by=self.by, part=part, what=f"{said}: {', '.join(what)}"[:500])
                for (pk, part, _), what in added.items()
            ],
            batch_size=BATCH,
        )

    def _note(self, addition, row):
        self.made[id(addition)].append(row)


def _channels_of(addition):
    """(whether it is restricted, what it is) of the channels that a row adds."""
    tiers = dict(CHANNEL_TIERS)
    for kind, _, _, _, tier in addition.channels:
        yield tier == RESTRICTED, f"{KINDS[kind].label}, {tiers[tier].lower()}"
    if addition.notes:
        yield True, "note, restricted"


def _parts_of(addition):
    """What else a row adds, in words."""
    yield from (str(Expert._meta.get_field(name).verbose_name) for name in addition.fields)
    schemes = dict(ExternalId.SCHEMES)
    yield from (schemes[scheme] for scheme, _ in addition.ids)
    parts = {"role": addition.roles or addition.starts, "language": addition.languages, "topic": addition.topics,
             "other name": addition.variants}  # fmt: skip
    yield from (what for what, rows in parts.items() if rows)


def _sorted(name, said):
    return name if said.get("kind") == "desk" else names.guess_sort_name(name)


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _folded(name):
    """As Organisation folds its own name."""
    name = " ".join(name.split())
    return names.fold(name)[:200] or name.casefold()[:200]


def _free(base, taken):
    slug, n = base, 2
    while slug in taken:
        slug, n = f"{base}-{n}", n + 1
    taken.add(slug)
    return slug


# --- taking back ------------------------------------------------------------------------------------------


def pointing_at(model, keep=()):
    """(model, field name) of everything that can name a row of a model, but for some."""
    return [
        (relation.related_model, relation.field.name)
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.is_relation and not relation.many_to_many and not relation.concrete
        and relation.related_model not in keep
    ]  # fmt: skip


def used_since(model, made, ours):
    """Those of some rows that something else names by now; `ours` is {model label: ids} of the batch's own rows."""
    used = set()
    for other, name in pointing_at(model, keep=(ImportRow,)):
        mine = ours.get(other._meta.label_lower, set())
        for chunk in in_chunks(made):
            named = other._base_manager.filter(**{f"{name}__in": chunk})
            if other is CardChange:
                named = named.exclude(part__in=IMPORTED)
            used |= {pk for key, pk in named.values_list("pk", f"{name}_id") if key not in mine}
    return used


def changed_since(rows, done_at):
    """{expert id: why} of the cards that ImportRows, written at `done_at`, cannot be taken back from."""
    made, made_cards, after = defaultdict(set), set(), {}
    for row in rows:
        for label, pk in row.made:
            made[label].add(pk)
            if label == Expert._meta.label_lower:
                made_cards.add(pk)
                after[pk] = 1
        if row.before_sealed:
            after[row.expert_id] = json.loads(sealing.unseal(row.before_sealed))["after"]
    refused = {}
    for chunk in in_chunks(after):
        for pk, version in Expert.objects.filter(pk__in=chunk).values_list("pk", "version"):
            if version != after[pk]:
                refused[pk] = "it was changed since"
    for pk in used_since(Expert, made_cards, made):
        refused.setdefault(pk, "something else hangs on it by now")
    for chunk in in_chunks(used_since(Affiliation, made[Affiliation._meta.label_lower], made)):
        for pk in Affiliation.objects.filter(pk__in=chunk).values_list("expert_id", flat=True):
            refused.setdefault(pk, "a story names a role of it")
    # How a channel went is noted without counting a version.
    for chunk in in_chunks(set(after) - made_cards):
        later = CardChange.objects.filter(expert__in=chunk, at__gt=done_at)
        later = later.exclude(part__in=IMPORTED)
        for pk in later.values_list("expert_id", flat=True):
            refused.setdefault(pk, "it was changed since")
    return refused


def take_back(rows, *, by):
    """Unmake what ImportRows made, and put back what they changed. The caller has asked `changed_since`.

    The history of a card that was there before keeps what was added to it, and says that it was taken back.
    """
    made, before = defaultdict(list), {}
    for row in rows:
        for label, pk in row.made:
            made[label].append(pk)
        if row.before_sealed:
            before[row.expert_id] = json.loads(sealing.unseal(row.before_sealed))
    card, organisation = Expert._meta.label_lower, Organisation._meta.label_lower
    for chunk in in_chunks(made[card]):
        # The ledger of a card in use is never deleted from; these cards are about to be no cards.
        Expert.objects.filter(pk__in=chunk).update(removed_at=clock.process_time())
    for picture in Portrait.objects.filter(pk__in=made.pop(Portrait._meta.label_lower, [])):
        uploads.discard(picture)
    for label, pks in made.items():
        if label in (card, organisation):
            continue
        for chunk in in_chunks(pks):
            apps.get_model(label)._base_manager.filter(pk__in=chunk).delete()
    for chunk in in_chunks(made[card]):
        Expert.objects.filter(pk__in=chunk).delete()
    free = set(made[organisation]) - used_since(Organisation, made[organisation], {})
    for chunk in in_chunks(free):
        Organisation.objects.filter(pk__in=chunk).delete()
    for pk, kept in before.items():
        Expert.objects.filter(pk=pk).update(**kept["fields"], **kept["kept"])
        Affiliation.objects.filter(pk__in=kept["undated"]).update(start="")
    said, at = {row.expert_id: f"Import of {row.batch.filename} taken back"[:500] for row in rows}, clock.process_time()
    CardChange.objects.bulk_create(
        [CardChange(expert_id=pk, at=at, by=by, part=CardChange.IMPORT, what=said[pk]) for pk in before],
        batch_size=BATCH,
    )
