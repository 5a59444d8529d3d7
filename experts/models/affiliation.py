import unicodedata
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format

from .organisation import Organisation

PARTIAL_DATE = RegexValidator(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$", "A year, 2021-03 or 2021-03-15.")


YEAR, MONTH = 4, 7  # characters of a date that is known to the year, and to the month


def partial_date_in_words(text):
    """A date as people read it, as far as it is known: “2021”, “March 2021”, “15 March 2021”."""
    if len(text) <= YEAR:
        return text
    day = date.fromisoformat(text if len(text) > MONTH else f"{text}-01")
    return date_format(day, "F Y" if len(text) <= MONTH else "j F Y")


class AffiliationManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("organisation")


class Affiliation(models.Model):
    """A role that an expert holds or held.

    `start` and `end` are text in ISO 8601, as precise as is known: "2021", "2021-03" or "2021-03-15". In a role that
    a story has printed only typing errors are corrected; for anything else it ends and a new one is added.
    """

    KINDS = [("employment", "Employment"), ("elected", "Elected office"), ("emeritus", "Emeritus"), ("board", "Board"),
             ("fellowship", "Fellowship"), ("party", "Party"), ("self", "As they describe themselves")]  # fmt: skip

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="affiliations")
    title = models.CharField(max_length=160, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="affiliations")
    preferred_print_form = models.CharField(
        "printed as", max_length=300, blank=True, help_text="If not “title, organisation”."
    )
    kind = models.CharField(max_length=12, choices=KINDS, blank=True)
    is_former = models.BooleanField("former", default=False, help_text="No longer held; the end may be unknown.")
    start = models.CharField("from", max_length=10, blank=True, validators=[PARTIAL_DATE])
    end = models.CharField("until", max_length=10, blank=True, validators=[PARTIAL_DATE])
    is_primary = models.BooleanField("main role", default=False)
    source_url = models.URLField("where this is said", max_length=300, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    changed_on = models.DateField(null=True, blank=True, editable=False, help_text="When the desk learned of its end.")

    objects = AffiliationManager()

    class Meta:
        ordering = ["-is_primary", "-start", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["expert"], condition=Q(is_primary=True, end=""), name="one_main_role"),
        ]

    def __str__(self):
        return self.as_printed

    def clean(self):
        if not self.title and not self.organisation_id:
            raise ValidationError({"title": "A role has a title, an organisation, or both."})
        # Dates may be typed in the digits of any script; they are stored as 0 to 9.
        self.start, self.end = (
            "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in day) for day in (self.start, self.end)
        )
        if self.start and self.end and self.end[: len(self.start)] < self.start[: len(self.end)]:
            raise ValidationError({"end": "A role cannot end before it begins."})

    @property
    def as_printed(self):
        """The role as a story would print it."""
        if self.preferred_print_form:
            return self.preferred_print_form
        plain = ", ".join(filter(None, [self.title, self.organisation.name if self.organisation_id else ""]))
        return f"former {plain}" if self.is_former and not plain.lower().startswith("former") else plain

    @property
    def span(self):
        """From when to when, in words and as far as both days are known: “2018–2026”, “March 2021 – November 2026”."""
        if not self.start or not self.end:
            return f"{partial_date_in_words(self.start)}–" if self.start else partial_date_in_words(self.end)
        size = min(len(self.start), len(self.end))
        first, last = (partial_date_in_words(day[:size]) for day in (self.start, self.end))
        if first == last:
            return first
        return f"{first}–{last}" if size == YEAR else f"{first} – {last}"

    @property
    def is_over(self):
        return bool(self.end)

    def held_on(self, day):
        """Whether the role was held on a date, as far as its dates are known."""
        iso = day.isoformat()
        return self.start <= iso and (not self.end or iso[: len(self.end)] <= self.end)
