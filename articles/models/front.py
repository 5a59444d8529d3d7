from django.db import models
from django.db.models import Q

from newsroom import clock

from .section import Section


class FrontSlotQuerySet(models.QuerySet):
    def standing(self):
        """Pins whose time is not over, in order."""
        return self.filter(Q(until=None) | Q(until__gt=clock.now())).order_by("position")


class Front(models.Model):
    """The home page (no section) or a section's front: the stories that editors pin to its top.

    `launched` is what readers get, a list of {"article", "headline", "until"}; the slots are the draft.
    """

    section = models.OneToOneField(Section, models.CASCADE, null=True, blank=True, related_name="front")
    launched = models.JSONField(default=list, blank=True, editable=False)
    launched_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(section=None), name="one_home_front"),
        ]

    def __str__(self):
        return f"{self.section} front" if self.section_id else "Home"


class FrontSlot(models.Model):
    front = models.ForeignKey(Front, models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField(default=1)
    article = models.ForeignKey("Article", models.CASCADE, related_name="+")
    headline = models.CharField("headline override", max_length=160, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    objects = FrontSlotQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.position}. {self.article}"
