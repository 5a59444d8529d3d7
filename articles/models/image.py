from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from newsroom import clock
from newsroom.models import StoredPicture

from .edition import Edition

SHARE = [MinValueValidator(0), MaxValueValidator(1)]


class ImageQuerySet(models.QuerySet):
    def within_rights(self, at=None):
        """Pictures whose rights have not run out at a moment, by default now."""
        at = clock.now() if at is None else at
        return self.filter(Q(rights_until=None) | Q(rights_until__gt=at), restricted=False)

    def public(self, at=None):
        """Pictures that readers may fetch: within rights, and in a live edition or over the name of a live story's
        contributor.

        Each carries `asked_at`, and `use_until`: the first known moment at which one of its uses ends.
        """
        live = Edition.objects.live(at)
        uses = live.filter(image_uses__image=OuterRef("pk"))
        written = live.filter(editioncontributor__contributor__portrait=OuterRef("pk"))
        ends = uses.filter(live_until__isnull=False).order_by("live_until").values("live_until")[:1]
        return (
            self.within_rights(at)
            .filter(Exists(uses) | Exists(written))
            .annotate(use_until=Subquery(ends), asked_at=clock.now())
        )


class Image(StoredPicture):
    """A picture of the paper's library, with the words and rights that travel with it."""

    title = models.CharField(max_length=160, blank=True, help_text="The desk's name for it.")
    alt = models.CharField("alternative text", max_length=300, blank=True, help_text="What a blind reader should know.")
    decorative = models.BooleanField(default=False, help_text="Says nothing that the text does not: no alt needed.")
    caption = models.TextField(max_length=600, blank=True)
    credit = models.CharField(max_length=160, blank=True)
    copyright = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    usage_terms = models.TextField(max_length=1000, blank=True)
    restricted = models.BooleanField(default=False, help_text="May not be published, whatever the dates.")
    rights_until = models.DateTimeField("rights end", null=True, blank=True)
    rights_mailed_for = models.DateTimeField(null=True, blank=True, editable=False)  # the end that a mail told of
    focal_x = models.FloatField(default=0.5, validators=SHARE)
    focal_y = models.FloatField(default=0.5, validators=SHARE)
    phash = models.CharField("perceptual hash", max_length=16, blank=True, editable=False, db_index=True)
    metadata = models.JSONField(default=dict, blank=True, editable=False, help_text="As read from IPTC and XMP.")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="images"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    imported_from = models.CharField(max_length=300, blank=True, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self):
        return self.title or self.caption[:60] or self.alt[:60] or f"Picture {self.pk}"

    def words(self):
        """What is printed with the picture: alternative text, caption and credit."""
        return {"alt": "" if self.decorative else self.alt, "caption": self.caption, "credit": self.credit}

    @property
    def focal_point(self):
        return round(self.focal_x * 100), round(self.focal_y * 100)


class ImageUseQuerySet(models.QuerySet):
    def barred(self, at=None):
        """Uses of a picture that may be shown no longer: restricted, or its rights have run out."""
        at = clock.now() if at is None else at
        return self.filter(Q(image__restricted=True) | Q(image__rights_until__lte=at))

    def live(self, at=None):
        """Uses in stories that readers see at a moment, by default now."""
        return self.filter(edition__in=Edition.objects.live(at).values("pk"))

    def ending(self, within):
        """Uses of a picture that may be shown now and whose rights end within a timedelta."""
        now = clock.process_time()
        return self.filter(image__restricted=False, image__rights_until__gt=now, image__rights_until__lte=now + within)


class ImageUse(models.Model):
    """That an edition, a launched front or a policy page shows a picture: why readers may fetch it."""

    image = models.ForeignKey(Image, models.PROTECT, related_name="uses")
    edition = models.ForeignKey("Edition", models.CASCADE, null=True, blank=True, related_name="image_uses")

    objects = ImageUseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "edition"], name="image_use_once")]
