"""The contact log and the changes of a card: rows that are only ever added."""

from django.conf import settings
from django.db import models

from newsroom import paper

from ..channels import kind_choices


class ContactLog(models.Model):
    """One attempt to reach an expert, or a call from them. Append-only; it can have a sealed PrivateNote."""

    OUTCOMES = [("reached", "Reached"), ("no answer", "No answer"), ("declined", "Declined"), ("bounced", "Bounced"),
                ("later", "Asked to call later")]  # fmt: skip
    RULES = [("", "Not agreed"), ("on_record", "On the record"), ("background", "Background"),
             ("deep_background", "Deep background"), ("off_record", "Off the record")]  # fmt: skip

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="log")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    incoming = models.BooleanField("they contacted us", default=False)
    channel = models.CharField(max_length=10, choices=kind_choices, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    article = models.PositiveBigIntegerField(null=True, blank=True, help_text="The story it was for.")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    ground_rule = models.CharField(max_length=16, choices=RULES, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    override = models.CharField("why despite do-not-contact", max_length=300, blank=True)
    follow_up_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["expert", "-at"], name="log_newest")]

    def __str__(self):
        return f"{self.get_outcome_display()}, {paper.day_of(self.at):%d %b %Y}"


class CardChange(models.Model):
    """A change of a part of a card. `what` says it in words, without any restricted detail."""

    # Parts that imports write.
    IMPORT, IMPORT_CHANNELS = "import", "import channels"
    ABOUT_CHANNELS = ("channels", IMPORT_CHANNELS)

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    part = models.CharField(max_length=20)
    what = models.CharField(max_length=500)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.what
