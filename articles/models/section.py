from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from taggit.models import TagBase

from newsroom import clock, paper
from newsroom.models import FormerAddress, HasAddress

RESERVED = frozenset(
    "admin archive ar api corrections discuss experts feed healthz media news-sitemap people policies preview readyz"
    " robots search sitemap static topics your-card zh fr de es".split()
)


def validate_section_slug(slug):
    if slug in RESERVED:
        raise ValidationError(f"“{slug}” is taken by a page of the site. Choose another slug.")


class SectionQuerySet(models.QuerySet):
    def visible(self):
        """Sections that readers see."""
        return self.filter(visible=True)

    def top(self):
        return self.filter(parent=None)


class Section(HasAddress, TagBase):
    """A part of the paper with a front of its own; a story has one primary section and may run in more."""

    remit = models.CharField(max_length=200, blank=True, help_text="One line under its name on the front.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    order = models.PositiveSmallIntegerField(default=0)
    visible = models.BooleanField(default=True, help_text="In the navigation and with a front.")
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="sections_edited")
    required_signoffs = models.JSONField(
        default=list, blank=True, help_text="Sign-offs every story here needs: copy, facts, legal, pictures."
    )

    ai_asked = models.BooleanField(
        "asks how AI was used", default=False, help_text="Every story here says for what AI tools were used, if at all."
    )

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]

    def save(self, *args, **kwargs):
        if not self.slug and not self.is_free(slug := self.slugify(self.name)):
            self.slug = self.free_slug(slug)
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        validate_section_slug(self.slug)
        if self.parent_id and (self.parent_id == self.pk or self.parent.parent_id):
            raise ValidationError({"parent": "Sections nest one level deep."})

    def get_absolute_url(self):
        return reverse("site:section", args=[self.slug])


class FormerSectionAddress(FormerAddress):
    of = models.ForeignKey(Section, models.CASCADE, related_name="former")


class DutyTurnQuerySet(models.QuerySet):
    def running(self):
        """Turns that are running now."""
        return self.filter(Q(turn_until=None) | Q(turn_until__gt=clock.now()), turn_from__lte=clock.now())


class DutyTurn(models.Model):
    """A dated turn as duty editor: for its length, an editor of every section."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="duty_turns")
    turn_from = models.DateTimeField("from")
    turn_until = models.DateTimeField("until", null=True, blank=True)

    objects = DutyTurnQuerySet.as_manager()

    class Meta:
        ordering = ["-turn_from"]

    def __str__(self):
        return f"{self.user} from {paper.local(self.turn_from):%d %b %H:%M}"

    def clean(self):
        if self.turn_until and self.turn_from and self.turn_until <= self.turn_from:
            raise ValidationError({"turn_until": "A turn cannot end before it begins."})
