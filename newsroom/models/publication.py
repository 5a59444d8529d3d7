import datetime as dt
import uuid
import zoneinfo
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property

from .addresses import FormerAddress, HasAddress


def validate_zone(name):
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(f"“{name}” is no time zone. Use a name such as Europe/London.") from error


_held = ContextVar("the paper, while a page only reads it", default=None)


@contextmanager
def held_publication(publication):
    """Within it, `Publication.objects.current()` is this one, and nothing asks the database for it."""
    token = _held.set(publication)
    try:
        yield
    finally:
        _held.reset(token)


class PublicationManager(models.Manager):
    def current(self):
        """The one publication, or None before the first-run page has been filled in."""
        return _held.get() or self.filter(pk=1).first()


class Publication(models.Model):
    """The newspaper itself: one row, with what every page prints and the house rules."""

    IDENTITY = [("off", "Do not ask"), ("warn", "Warn"), ("block", "Block")]
    ORIGINS = [("off", "Do not ask"), ("warn", "Warn"), ("block", "Block: no origin, no quote")]

    uid = models.UUIDField(default=uuid.uuid4, editable=False, help_text="The ids of feeds are made of it.")
    name = models.CharField(max_length=80)
    tagline = models.CharField(max_length=160, blank=True)
    logo = models.OneToOneField("newsroom.Logo", models.SET_NULL, null=True, blank=True)
    time_zone = models.CharField(
        max_length=64, default="Europe/London", validators=[validate_zone], help_text="Dates in addresses follow it."
    )
    language = models.CharField(max_length=20, default="en", help_text="BCP 47, such as en or en-GB.")
    contact_email = models.EmailField(blank=True, help_text="Printed on withdrawn stories and on the contact line.")
    contact_address = models.TextField(blank=True)
    digest_at = models.TimeField(
        "daily mail at", default=dt.time(7), help_text="Colleagues who want their notices once a day get them then."
    )
    four_eyes = models.BooleanField(
        "four eyes",
        default=True,
        help_text="Nobody approves what they wrote or submitted themselves, or gives a role with power alone.",
    )
    identity_checks = models.CharField(
        "quoting people nobody has verified", max_length=5, choices=IDENTITY, default="warn",
        help_text="Somebody whose identity check failed blocks a story either way, unless nobody is to ask.",
    )  # fmt: skip
    quote_origins = models.CharField(
        "where quotations come from", max_length=5, choices=ORIGINS, default="off",
        help_text="Whether each quotation of a person with a card needs its recording, transcript, mail or the like.",
    )  # fmt: skip
    ai_genres = models.JSONField("kinds of story that say how AI was used", default=list, blank=True)
    ai_policy = models.JSONField(default=dict, blank=True)  # see newsroom/ai_use.py
    self_descriptions = models.BooleanField(
        "count self-descriptions", default=False,
        help_text="The source audit adds up what experts chose to say of themselves: for the whole paper and a quarter"
        " that is over, and never fewer than ten people. Ask your data protection officer first.",
    )  # fmt: skip

    objects = PublicationManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_publication")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    @cached_property
    def zone(self):
        return zoneinfo.ZoneInfo(self.time_zone)


class PolicyPage(HasAddress):
    """A page about how the paper works: standards, corrections, ownership, privacy."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    public = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    imported_from = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["order", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("site:policy", args=[self.slug])


class FormerPolicyAddress(FormerAddress):
    of = models.ForeignKey(PolicyPage, models.CASCADE, related_name="former")
