"""The part of identifiers: ORCID, Wikidata, their web site."""

from newsroom.desk.base import CleanForm

from ...models import ExternalId
from .base import FieldsPart
from .fields import rows_of


class IdentifierForm(CleanForm):
    class Meta:
        model = ExternalId
        fields = ["scheme", "value"]

    def has_changed(self):
        return bool(set(self.changed_data) - {"scheme"}) if not self.instance.pk else super().has_changed()


class IdentifiersPart(FieldsPart):
    title = "Identifiers"
    sets = {"identifiers": ("", rows_of(ExternalId, IdentifierForm))}
