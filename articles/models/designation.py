from django.db import models
from django.db.models import Q


class DesignationQuerySet(models.QuerySet):
    def valid_on(self, day):
        """Entries that hold on a date."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), Q(valid_from=None) | Q(valid_from__lte=day))


class Designation(models.Model):
    """An entry of the legal register: an organisation that the law tells the paper to mark when it is named."""

    name = models.CharField(max_length=160, unique=True)
    case_sensitive = models.BooleanField(default=True)
    mark = models.CharField(max_length=4, default="*")
    jurisdiction = models.CharField(max_length=120, blank=True)
    listing = models.CharField("list", max_length=200, blank=True, help_text="The list it stands on.")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    objects = DesignationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class DesignationAlias(models.Model):
    """Another name of it: matched in stories, or only listed in the note."""

    designation = models.ForeignKey(Designation, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=160)
    matched = models.BooleanField(default=True, help_text="Off: only listed in the note.")
    case_sensitive = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class DesignationNote(models.Model):
    """The note that readers get, per language."""

    designation = models.ForeignKey(Designation, models.CASCADE, related_name="notes")
    language = models.CharField(max_length=20, default="en")
    text = models.TextField(max_length=600)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["designation", "language"], name="designation_note_language")]

    def __str__(self):
        return self.text[:60]
