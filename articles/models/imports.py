from django.db import models


class ImportRun(models.Model):
    """One run of an import that was kept: what `--undo` takes back."""

    file = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"import {self.pk} of {self.file}"


class ImportedRow(models.Model):
    """A row that an import made, and the number that it had in the export."""

    KINDS = [("article", "story"), ("page", "policy page"), ("image", "picture"),
             ("contributor", "contributor"), ("section", "section"), ("topic", "topic")]  # fmt: skip

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=12, choices=KINDS)
    target = models.PositiveBigIntegerField()
    item = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "target"], name="imported_row_target")]


class OldAddress(models.Model):
    """An address of an old site that was no story's: where it leads, as long as there is a page.

    The slugs that something had here before are FormerAddress (`newsroom/models/addresses.py`, where it says why).
    """

    path = models.CharField(max_length=300, unique=True)
    section = models.ForeignKey("Section", models.CASCADE, null=True, blank=True, related_name="+")
    topic = models.ForeignKey("newsroom.Topic", models.CASCADE, null=True, blank=True, related_name="+")
    contributor = models.ForeignKey("Contributor", models.CASCADE, null=True, blank=True, related_name="+")
    page = models.ForeignKey("newsroom.PolicyPage", models.CASCADE, null=True, blank=True, related_name="+")
    image = models.ForeignKey("Image", models.CASCADE, null=True, blank=True, related_name="+")
    run = models.ForeignKey(ImportRun, models.CASCADE, null=True, blank=True, related_name="addresses")

    def __str__(self):
        return self.path
