"""Languages, hours, days off, declared interests and bars of an expert."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from newsroom.models import Topic

from .organisation import Organisation


class LanguageSkill(models.Model):
    """A language an expert speaks, how well, and whether on air."""

    LEVELS = [(1, "Basic"), (2, "Conversational"), (3, "Interview"), (4, "Native")]
    INTERVIEW = 3

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="languages")
    tag = models.CharField("language", max_length=20, help_text="A BCP 47 tag: ar, ar-JO.")
    level = models.PositiveSmallIntegerField(choices=LEVELS, default=INTERVIEW)
    on_air = models.BooleanField(default=False)

    class Meta:
        ordering = ["-level", "tag"]
        constraints = [models.UniqueConstraint(fields=["expert", "tag"], name="language_once")]

    def __str__(self):
        return self.tag


class AvailabilityWindow(models.Model):
    """Hours on a weekday in the expert's own zone. A window whose end is before its start runs past midnight."""

    DAYS = [(0, "Monday"), (1, "Tuesday"), (2, "Wednesday"), (3, "Thursday"), (4, "Friday"), (5, "Saturday"),
            (6, "Sunday")]  # fmt: skip

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(choices=DAYS)
    start = models.TimeField("from")
    end = models.TimeField("until")
    formats = models.JSONField(default=list, blank=True, help_text="None: whatever they do at all.")
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["weekday", "start", "pk"]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.start:%H:%M}–{self.end:%H:%M}"


class TimeOff(models.Model):
    """Days off, the first and last included."""

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="time_off")
    first = models.DateField("from")
    last = models.DateField("until")

    class Meta:
        ordering = ["first"]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="time_off_forward")]

    def clean(self):
        if self.first and self.last and self.last < self.first:
            raise ValidationError({"last": "It ends before it begins."})


class Disclosure(models.Model):
    """An interest that readers may have to be told of when the expert speaks."""

    KINDS = [("employer", "Employer"), ("funder", "Funder"), ("party", "Party"), ("lobbying", "Lobbying"),
             ("litigation", "Litigation"), ("equity", "Shares"), ("family", "Family"),
             ("newsroom", "Worked for us")]  # fmt: skip

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="disclosures")
    kind = models.CharField(max_length=10, choices=KINDS)
    counterpart = models.CharField("with whom", max_length=160, blank=True)
    print_text = models.CharField("as printed", max_length=300, help_text="A whole sentence, ready to print.")
    must_print = models.BooleanField("must be printed", default=False)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", help_text="None: whatever they speak on.")
    organisations = models.ManyToManyField(Organisation, blank=True, related_name="+")
    start = models.DateField("from", null=True, blank=True)
    end = models.DateField("until", null=True, blank=True)
    source_url = models.URLField("where this is said", max_length=300, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-must_print", "pk"]

    def __str__(self):
        return self.print_text

    def holds_on(self, day):
        """Whether the interest exists on a date."""
        return not (self.start and day < self.start) and not (self.end and day > self.end)


class BarQuerySet(models.QuerySet):
    def standing_on(self, day):
        """Bars that are in force on a date, as in `Bar.stands_on`."""
        return self.filter(Q(until=None) | Q(until__gte=day), lifted_at=None, since__lte=day)


class Bar(models.Model):
    """An expert is not to be contacted, or not to be quoted: why, since when, until when, and who set it."""

    CONTACT, QUOTE = "contact", "quote"
    KINDS = [(CONTACT, "Do not contact"), (QUOTE, "Do not quote")]

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="bars")
    kind = models.CharField(max_length=8, choices=KINDS)
    reason = models.CharField(max_length=300)
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Empty: on every topic."
    )
    medium = models.CharField(max_length=8, blank=True, help_text="Empty: in every format.")
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="Empty: until somebody lifts it.")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = BarQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-since", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="bar_says_why"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="bar_forward"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.reason}"

    def stands_on(self, day):
        """Whether it is in force on a date."""
        return self.lifted_at is None and self.since <= day and (self.until is None or day <= self.until)
