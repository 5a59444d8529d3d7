"""Imported files with their rows, and records of merges."""

from django.conf import settings
from django.db import models

from newsroom import paper


class ImportBatch(models.Model):
    """One imported file: how it was read, and its results."""

    DRY, DONE, REVERTED = "dry", "done", "reverted"
    STATUS = [(DRY, "Dry run"), (DONE, "Imported"), (REVERTED, "Taken back")]

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    filename = models.CharField(max_length=200)
    format = models.CharField(max_length=8)
    signature = models.CharField(max_length=64, db_index=True, help_text="Hash of its header, for the mapping.")
    mapping = models.JSONField(default=dict)
    all_or_nothing = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=STATUS, default=DRY)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.filename


class ImportRow(models.Model):
    """One row of a file: its line, its content (sealed), its errors, and the rows that it made."""

    STATUS = [("good", "Good"), ("bad", "Faulty"), ("same", "Nothing new"), ("done", "Imported"),
              ("suppressed", "Removed at their own request"), ("reverted", "Taken back")]  # fmt: skip

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    sealed = models.TextField(blank=True, editable=False)
    status = models.CharField(max_length=12, choices=STATUS)
    errors = models.JSONField(default=list, help_text="[{column, message}]; no message repeats a number.")
    expert = models.ForeignKey("Expert", models.SET_NULL, null=True, blank=True, related_name="import_rows")
    made = models.JSONField(default=list, help_text="[[model, pk], …] made by this row, in order.")
    before_sealed = models.TextField(blank=True, editable=False, help_text="What it changed, as it was.")

    class Meta:
        ordering = ["batch", "line", "pk"]

    def __str__(self):
        return f"line {self.line}"


class MergeRecord(models.Model):
    """A merge of two cards, with everything that is needed to take it back."""

    survivor = models.ForeignKey("Expert", models.CASCADE, related_name="merges")
    absorbed = models.ForeignKey("Expert", models.CASCADE, related_name="absorbed_by_merges")
    sealed = models.TextField(editable=False, help_text="Both cards and their rows as they were.")
    choices_made = models.JSONField(default=dict, help_text="Field → whose: never a value.")
    moved = models.JSONField(default=dict, help_text="Model → ids of rows moved.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"merge of {paper.day_of(self.at):%d %b %Y}"
