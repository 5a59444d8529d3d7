"""Consent to a public profile, requests about data, and the hashes of people who were removed."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from .. import sealing
from .parts_for_readers import lines_of_part


def new_token():
    return secrets.token_urlsafe(24)


def _digest(line):
    return hashlib.sha256(line.encode()).hexdigest()[:32]


class PublicProfile(models.Model):
    """Consent to a public page, part by part, with its evidence and its end. Without it nothing is public."""

    REQUESTED, GRANTED, WITHDRAWN = "requested", "granted", "withdrawn"
    STATUS = [("", "Never asked"), (REQUESTED, "Asked"), (GRANTED, "Granted"), (WITHDRAWN, "Withdrawn")]
    # The parts that a person may consent to; the page always has their name.
    FIELDS = [("portrait", "Portrait"), ("bio", "Short biography"), ("roles", "Roles, with dates"),
              ("interests", "Declared interests"), ("languages", "Languages"), ("topics", "Topics"),
              ("native_name", "Name in its own script"), ("links", "Identifiers and web page"),
              ("channels", "Public channels")]  # fmt: skip

    expert = models.OneToOneField("Expert", models.CASCADE, related_name="profile")
    status = models.CharField(max_length=10, choices=STATUS, blank=True)
    scope = models.CharField(max_length=200, blank=True, editable=False, help_text="Of FIELDS, each between commas.")
    agreed = models.JSONField(default=dict, editable=False, help_text="{part: digests of the lines they agreed to}.")
    evidence = models.CharField(max_length=300, blank=True, help_text="Where their yes is kept.")
    granted_on = models.DateField(null=True, blank=True)
    public_until = models.DateTimeField("until", null=True, blank=True, help_text="Empty: until they withdraw it.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    was_public = models.BooleanField(default=False, editable=False)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    token_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(status="granted") | Q(granted_on__isnull=False), name="granted_when"),
        ]

    def __str__(self):
        refused = self.status == self.WITHDRAWN and not self.was_public
        return "Refused" if refused else self.get_status_display()

    def covers(self, field):
        """Whether the person agreed to this part."""
        return f",{field}," in self.scope

    def shows(self, field, line):
        """Whether readers may see this line of a part: they agreed to the part, with this line in it."""
        return self.covers(field) and (field not in self.agreed or _digest(line) in self.agreed[field])

    def agree_to(self, field, lines):
        """Take down what a part says, besides what it said before."""
        self.agreed[field] = sorted({*self.agreed.get(field, ()), *map(_digest, lines)})

    @property
    def held_back(self):
        """The names of the parts with something in them that came after their yes; a query for each part."""
        return [
            label for name, label in self.FIELDS
            if self.covers(name) and not all(self.shows(name, it) for it in lines_of_part(self.expert, name))
        ]  # fmt: skip

    @property
    def fields(self):
        """The parts the person agreed to, in the order of FIELDS."""
        return [name for name, _ in self.FIELDS if self.covers(name)]

    @fields.setter
    def fields(self, names):
        self.scope = "".join(f",{name}" for name, _ in self.FIELDS if name in names) + "," if names else ""

    def is_public(self, at):
        """Whether readers may see the page at a moment."""
        return self.status == self.GRANTED and (self.public_until is None or at < self.public_until)


class DataRequest(models.Model):
    """A request of a person about their data: what they ask, when it is due, and the decision."""

    KINDS = [("access", "To see what we hold"), ("rectify", "To correct it"), ("erase", "To be removed"),
             ("object", "To object"), ("restrict", "To restrict its use"),
             ("withdraw", "To withdraw consent")]  # fmt: skip

    expert = models.ForeignKey("Expert", models.SET_NULL, null=True, blank=True, related_name="requests")
    kind = models.CharField(max_length=10, choices=KINDS)
    received = models.DateField()
    due = models.DateField()
    words = models.TextField("what they wrote", max_length=4000, blank=True)
    proposed = models.JSONField(default=dict, blank=True, editable=False)
    decision = models.CharField(max_length=300, blank=True)
    ground = models.CharField(max_length=300, blank=True, help_text="The law or rule the decision rests on.")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()}, due {self.due:%d %b %Y}"


class SuppressionQuerySet(models.QuerySet):
    def holds_any(self, signs):
        """Whether any of these (kind, text) belongs to somebody who was removed. At most one query."""
        marks = {(kind, digest) for kind, text in signs for digest in sealing.digests(f"gone {kind}", text)}
        if not marks:
            return False
        rows = self.filter(digest__in={digest for _, digest in marks})
        return not marks.isdisjoint(rows.values_list("kind", "digest"))

    def had_page(self, slug):
        """Whether the public page of a removed person had this address. One query."""
        return self.holds_any([("slug", slug)])


class Suppression(models.Model):
    """The keyed hash of a name, number or address of somebody who was removed: imports are checked against it."""

    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    made_on = models.DateField()

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="suppressed_once")]

    def __str__(self):
        return self.kind

    @classmethod
    def of(cls, kind, text, day):
        """An unsaved row with the hash of a text, made on a day."""
        return cls(kind=kind, digest=sealing.digest(f"gone {kind}", text), made_on=day)


class SelfDescription(models.Model):
    """What a person said of themselves for the source audit; “declined” is an answer. Optional for each paper."""

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="self_descriptions")
    dimension = models.CharField(max_length=40)
    answer = models.CharField(max_length=80)
    said_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["expert", "dimension"], name="described_once")]

    def __str__(self):
        return self.dimension
