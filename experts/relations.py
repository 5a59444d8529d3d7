"""What hangs on an expert's card, and what becomes of it when two cards become one or a person is removed.

A table, so that nothing is forgotten: a test walks the models and fails where a relation has no line here. What
hangs on a card from the room above adds its own lines to `hooks.card_relations` and `hooks.card_texts`.
"""

from dataclasses import dataclass, field

from django.apps import apps

from newsroom import hooks

MOVE, FOLD, STAY = "move", "fold", "stay"
DELETE, KEEP = "delete", "keep"
REMOVED = "[removed]"  # what stands where a name stood, in words about somebody else


def _nothing(kept, other):
    return {}


@dataclass(frozen=True)
class Relation:
    """One way in which rows of a model name a card.

    merge    MOVE: point the rows at the card that stays. FOLD: the same, but of two rows with the same `key` one
             stays and takes over what `fold(kept, other)` returns. STAY: leave them with their own card.
    removal  DELETE: the rows go. KEEP: they stay, as far as `minimise(rows)` leaves them; `why` says on what ground.
    where    which rows of the model this is about, for a column that names other things, too.
    """

    model_name: str
    field: str
    label: str
    merge: str = MOVE
    removal: str = DELETE
    key: tuple = ()
    fold: object = _nothing
    minimise: object = None
    where: dict = field(default_factory=dict)
    why: str = ""

    @property
    def name(self):
        return f"{self.model_name}.{self.field}"

    @property
    def model(self):
        return apps.get_model(self.model_name)

    @property
    def column(self):
        """The attribute that holds the card's id."""
        return self.model._meta.get_field(self.field).attname

    def rows(self, ids):
        """The rows that name any of these cards."""
        return self.model._base_manager.filter(**{f"{self.column}__in": list(ids)}, **self.where)

    def key_of(self, row):
        """What two rows share that say the same."""
        values = (getattr(row, name) for name in self.key)
        return tuple(value.casefold() if isinstance(value, str) else value for value in values)


def better(kept, other, *fields):
    """What fills the empty ones of these fields of a row from another row."""
    return {name: getattr(other, name) for name in fields if not getattr(kept, name) and getattr(other, name)}


def _channel(kept, other):
    """The more careful of two rows of one number: barred if either is, and public only if both are."""
    changes = better(kept, other, "label", "hours_note", "source")
    if other.preference < kept.preference:
        changes["preference"] = other.preference
    if other.do_not_use and not kept.do_not_use:
        changes["do_not_use"] = True
    if getattr(other, "visibility", "") == "staff" != getattr(kept, "visibility", "staff"):
        changes["visibility"] = "staff"
    if other.verified_on and (not kept.verified_on or other.verified_on > kept.verified_on):
        changes |= {name: getattr(other, name) for name in ("verified_on", "verified_by_id", "verify_result")}
    return changes


def _role(kept, other):
    changes = better(kept, other, "preferred_print_form", "kind", "source_url", "changed_on")
    if other.verified_on and (not kept.verified_on or other.verified_on > kept.verified_on):
        changes |= {"verified_on": other.verified_on, "verified_by_id": other.verified_by_id}
    return changes


def _skill(kept, other):
    changes = {"level": other.level} if other.level > kept.level else {}
    return changes | ({"on_air": True} if other.on_air and not kept.on_air else {})


def _topic(kept, other):
    return ({"level": other.level} if other.level > kept.level else {}) | better(kept, other, "evidence")


def _hours(kept, other):
    # No formats: whatever they do at all.
    both = sorted({*kept.formats, *other.formats}) if kept.formats and other.formats else []
    return ({"formats": both} if both != kept.formats else {}) | better(kept, other, "note")


def _description(kept, other):
    newer = other.said_on > kept.said_on
    return {"answer": other.answer, "said_on": other.said_on} if newer else {}


def _bare_requests(rows):
    rows.update(words="", proposed={}, decision="Removed", ground="")


def _bare_import_rows(rows):
    rows.update(sealed="", before_sealed="", errors=[], made=[], status="suppressed")


RELATIONS = [
    Relation("experts.Affiliation", "expert", "roles", FOLD, fold=_role,
             key=("title", "organisation_id", "start", "end", "is_former")),
    Relation("experts.Channel", "expert", "channels", FOLD, key=("kind", "normalized"), fold=_channel),
    Relation("experts.PrivateChannel", "expert", "restricted channels", FOLD, key=("kind", "digest"), fold=_channel),
    Relation("experts.PrivateNote", "expert", "restricted notes"),
    Relation("experts.ContactLog", "expert", "log entries"),
    Relation("experts.Verification", "expert", "checks of identity"),
    Relation("experts.Bar", "expert", "bars"),
    Relation("experts.Disclosure", "expert", "declared interests"),
    Relation("experts.LanguageSkill", "expert", "languages", FOLD, key=("tag",), fold=_skill),
    Relation("experts.ExpertTopic", "content_object", "topics", FOLD, key=("tag_id",), fold=_topic),
    Relation("experts.AvailabilityWindow", "expert", "hours", FOLD, key=("weekday", "start", "end"), fold=_hours),
    Relation("experts.TimeOff", "expert", "days off", FOLD, key=("first", "last")),
    Relation("experts.NameVariant", "expert", "other names", FOLD, key=("normalized",)),
    Relation("experts.ExternalId", "expert", "identifiers"),
    Relation("experts.SelfDescription", "expert", "answers about themselves", FOLD, key=("dimension",),
             fold=_description),
    Relation("experts.FormerExpertAddress", "of", "former addresses of its page", STAY),
    Relation("experts.CardChange", "expert", "changes"),
    Relation("experts.AccessLog", "expert", "readings of restricted details"),
    Relation("experts.DataRequest", "expert", "requests", removal=KEEP, minimise=_bare_requests,
             why="that a request was made, by when it was due and that it was met (Art. 5(2) GDPR); their words go"),
    Relation("experts.ImportRow", "expert", "import rows", removal=KEEP, minimise=_bare_import_rows,
             why="that a line of a file was taken back; what it said goes"),
    # Consent is of two kinds in one row: merging and removal each have a rule of their own for it.
    Relation("experts.PublicProfile", "expert", "consent", STAY, removal=KEEP, why="that there was a public page"),
    Relation("experts.MergeRecord", "survivor", "earlier merges", STAY),
    Relation("experts.MergeRecord", "absorbed", "its own merge", STAY),
    Relation("experts.Expert", "merged_into", "cards merged into it", removal=KEEP, why="emptied with it"),
    Relation("experts.Expert", "contact_via", "cards reached through it", removal=KEEP, why="they lose the way only"),
]  # fmt: skip


@dataclass(frozen=True)
class Text:
    """Columns where colleagues write freely, and may name anybody: a removal takes full names and numbers out."""

    model_name: str
    fields: tuple

    @property
    def rows(self):
        return apps.get_model(self.model_name)._base_manager.order_by()


TEXTS = [
    Text("experts.ContactLog", ("purpose", "note", "override")),
    Text("experts.AccessLog", ("why",)),
    Text("experts.CardChange", ("what",)),
]


def all_relations():
    """The relations of this room and of those above, in a fixed order."""
    return [*RELATIONS, *hooks.card_relations]


def all_texts():
    """The columns of free words of this room and of those above."""
    return [*TEXTS, *hooks.card_texts]
