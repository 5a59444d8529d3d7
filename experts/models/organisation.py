from django.core.validators import RegexValidator
from django.db import models

from .. import names

ROR = RegexValidator(r"^https://ror\.org/0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$", "A ROR id: https://ror.org/0…")
WIKIDATA = RegexValidator(r"^Q[1-9][0-9]*$", "A Wikidata id: Q and a number.")
COUNTRY_CODE = RegexValidator(r"^[A-Z]{2}$", "Two capital letters (ISO 3166-1): JO.")


class OrganisationQuerySet(models.QuerySet):
    def called(self, name):
        """The organisation of this name, created where it is new; None for an empty name."""
        name = " ".join((name or "").split())
        if not name:
            return None
        return self.goes_by(name) or self.create(name=name[:160])

    def goes_by(self, name):
        """The organisation that goes by a name, its own or another, in any spelling; None where there is none."""
        folded = names.fold(name)[:200] or name.casefold()[:200]
        found = self.filter(folded=folded).first()
        if found is None:
            variant = OrganisationName.objects.filter(folded=folded).select_related("organisation").first()
            found = variant.organisation if variant else None
        return found


class Organisation(models.Model):
    """A place where experts work, or for which they speak. No two have the same folded name."""

    KINDS = [("university", "University or institute"), ("government", "Government or parliament"),
             ("company", "Company"), ("ngo", "Charity or campaign"), ("party", "Party"), ("media", "Media"),
             ("agency", "Press office or agency"), ("other", "Other")]  # fmt: skip

    name = models.CharField(max_length=160)
    native_name = models.CharField("name in its own script", max_length=160, blank=True)
    folded = models.CharField(max_length=200, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS, blank=True)
    country = models.CharField(max_length=2, blank=True, validators=[COUNTRY_CODE])
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="parts")
    ror = models.CharField("ROR", max_length=40, blank=True, validators=[ROR])
    wikidata = models.CharField(max_length=20, blank=True, validators=[WIKIDATA])
    disclosure_label = models.CharField(
        max_length=80, blank=True, help_text="What readers should know of it, as printed: “state-funded”."
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded = names.fold(self.name)[:200] or self.name.casefold()[:200]
        super().save(*args, **kwargs)


class OrganisationName(models.Model):
    """Another name of an organisation: an abbreviation, a former or translated one."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    text = models.CharField(max_length=160)
    folded = models.CharField(max_length=200, unique=True, editable=False)

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.folded = names.fold(self.text)[:200] or self.text.casefold()[:200]
        super().save(*args, **kwargs)
