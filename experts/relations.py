"""The tables of what belongs to an expert's card, and what happens to it in a merge or a removal.

A test fails where a model names Expert and has no line here. Rooms above add their lines to `hooks.card_relations` and
`hooks.card_texts`.
"""

from dataclasses import dataclass, field

from django.apps import apps

from newsroom import hooks

MOVE, FOLD, STAY = "move", "fold", "stay"
DELETE, KEEP = "delete", "keep"
REMOVAL_MARK = "[removed]"  # takes the place of a removed name in words about others


def _fold_nothing(kept, other):
    return {}


@dataclass(frozen=True)
class Relation:
    """A foreign key to a card, and what happens to its rows.

    merge    MOVE: point the rows at the card that stays. FOLD: the same, but of two rows with the same `key` only one
             is kept, with the changes that `fold(kept, other)` returns. STAY: leave the rows with their card.
    removal  DELETE: delete the rows. KEEP: keep what `minimise(rows)` leaves of them; `why` is the legal ground.
    where    a filter, for a column that names other things, too.
    """

    model_name: str
    field: str
    label: str
    merge: str = MOVE
    removal: str = DELETE
    key: tuple = ()
    fold: object = _fold_nothing
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
        """The values by which two rows say the same."""
        values = (getattr(row, name) for name in self.key)
        return tuple(value.casefold() if isinstance(value, str) else value for value in values)


def fill_empty(kept, other, *fields):
    """{field: value} that fills the empty fields among these from another row."""
    return {name: getattr(other, name) for name in fields if not getattr(kept, name) and getattr(other, name)}


def _fold_channel(kept, other):
    """Of two rows of one number: not to be used if either is, and public only if both are."""
    said = ("hours_sealed", "source_sealed") if hasattr(kept, "sealed") else ("hours_note", "source")
    changes = fill_empty(kept, other, "label", *said)
    if other.preference < kept.preference:
        changes["preference"] = other.preference
    if other.do_not_use and not kept.do_not_use:
        changes["do_not_use"] = True
    if getattr(other, "visibility", "") == "staff" != getattr(kept, "visibility", "staff"):
        changes["visibility"] = "staff"
    if other.verified_on and (not kept.verified_on or other.verified_on > kept.verified_on):
        changes |= {name: getattr(other, name) for name in ("verified_on", "verified_by_id", "verify_result")}
    return changes


def _fold_role(kept, other):
    changes = fill_empty(kept, other, "preferred_print_form", "kind", "source_url", "changed_on")
    if other.verified_on and (not kept.verified_on or other.verified_on > kept.verified_on):
        changes |= {"verified_on": other.verified_on, "verified_by_id": other.verified_by_id}
    return changes


def _fold_language(kept, other):
    changes = {"level": other.level} if other.level > kept.level else {}
    return changes | ({"on_air": True} if other.on_air and not kept.on_air else {})


def _fold_topic(kept, other):
    return ({"level": other.level} if other.level > kept.level else {}) | fill_empty(kept, other, "evidence")


def _fold_window(kept, other):
    # An empty list means every format.
    both = sorted({*kept.formats, *other.formats}) if kept.formats and other.formats else []
    return ({"formats": both} if both != kept.formats else {}) | fill_empty(kept, other, "note")


def _fold_self_description(kept, other):
    newer = other.said_on > kept.said_on
    return {"answer": other.answer, "said_on": other.said_on} if newer else {}


def _strip_requests(rows):
    rows.update(words="", proposed={}, decision="Removed", ground="")


def _strip_import_rows(rows):
    rows.update(sealed="", before_sealed="", errors=[], made=[], status="suppressed")


RELATIONS = [
    Relation("experts.Affiliation", "expert", "roles", FOLD, fold=_fold_role,
             key=("title", "organisation_id", "start", "end", "is_former")),
    Relation("experts.Channel", "expert", "channels", FOLD, key=("kind", "normalized"), fold=_fold_channel),
    Relation("experts.PrivateChannel", "expert", "restricted channels", FOLD, key=("kind", "digest"),
             fold=_fold_channel),
    Relation("experts.PrivateNote", "expert", "restricted notes"),
    Relation("experts.ContactLog", "expert", "log entries"),
    Relation("experts.Verification", "expert", "checks of identity"),
    Relation("experts.Bar", "expert", "bars"),
    Relation("experts.Disclosure", "expert", "declared interests"),
    Relation("experts.LanguageSkill", "expert", "languages", FOLD, key=("tag",), fold=_fold_language),
    Relation("experts.ExpertTopic", "content_object", "topics", FOLD, key=("tag_id",), fold=_fold_topic),
    Relation("experts.AvailabilityWindow", "expert", "hours", FOLD, key=("weekday", "start", "end"), fold=_fold_window),
    Relation("experts.TimeOff", "expert", "days off", FOLD, key=("first", "last")),
    Relation("experts.NameVariant", "expert", "other names", FOLD, key=("normalized",)),
    Relation("experts.ExternalId", "expert", "identifiers"),
    Relation("experts.SelfDescription", "expert", "answers about themselves", FOLD, key=("dimension",),
             fold=_fold_self_description),
    Relation("experts.FormerExpertAddress", "of", "former addresses of its page", STAY),
    Relation("experts.CardChange", "expert", "changes"),
    Relation("experts.AccessLog", "expert", "readings of restricted details"),
    Relation("experts.DataRequest", "expert", "requests", removal=KEEP, minimise=_strip_requests,
             why="that a request was made, by when it was due and that it was met (Art. 5(2) GDPR); their words go"),
    Relation("experts.ImportRow", "expert", "import rows", removal=KEEP, minimise=_strip_import_rows,
             why="that a line of a file was taken back; what it said goes"),
    # Merging and removal each treat consent by a rule of their own.
    Relation("experts.PublicProfile", "expert", "consent", STAY, removal=KEEP, why="that there was a public page"),
    Relation("experts.MergeRecord", "survivor", "earlier merges", STAY),
    Relation("experts.MergeRecord", "absorbed", "its own merge", STAY),
    Relation("experts.Expert", "merged_into", "cards merged into it", removal=KEEP, why="emptied with it"),
    Relation("experts.Expert", "contact_via", "cards reached through it", removal=KEEP, why="they lose the way only"),
]  # fmt: skip


@dataclass(frozen=True)
class TextColumns:
    """Columns of free text, which may name anybody: a removal takes the person's names and numbers out of them."""

    model_name: str
    fields: tuple

    @property
    def rows(self):
        return apps.get_model(self.model_name)._base_manager.order_by()


TEXT_COLUMNS = [
    TextColumns("experts.ContactLog", ("purpose", "note", "override")),
    TextColumns("experts.AccessLog", ("why",)),
    TextColumns("experts.CardChange", ("what",)),
]


def all_relations():
    """The relations of this room and of those above, in a fixed order."""
    return [*RELATIONS, *hooks.card_relations]


def all_text_columns():
    """The free-text columns of this room and of those above."""
    return [*TEXT_COLUMNS, *hooks.card_texts]
