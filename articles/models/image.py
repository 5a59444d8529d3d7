from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from newsroom import clock, folding
from newsroom.models import StoredPicture
from newsroom.pictures import source_types

from .edition import Edition

SHARE = [MinValueValidator(0), MaxValueValidator(1)]


# What the library finds a picture by.
SEARCHED = ("title", "alt", "caption", "credit", "copyright", "source", "keywords", "people", "place")


class ImageQuerySet(models.QuerySet):
    def found_by(self, words):
        """Pictures whose words hold all of some words, each from its beginning on, in any script and spelling."""
        found = self
        for word in folding.fold(words).split():
            found = found.filter(folded__contains=f" {word}")
        return found

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
        uses = live.filter(image_uses__image=OuterRef("pk"), image_uses__file=None)
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
    instructions = models.TextField(max_length=1000, blank=True, help_text="What the agency or photographer asks for.")
    keywords = models.TextField(max_length=1000, blank=True, help_text="Commas between them.")
    people = models.TextField("who is in it", max_length=1000, blank=True, help_text="Commas between them.")
    place = models.CharField(max_length=200, blank=True, help_text="For the desk; readers do not see it.")
    made_on = models.DateField("made on", null=True, blank=True)
    source_type = models.CharField(
        "how it was made", max_length=40, choices=source_types.CHOICES, blank=True,
        help_text="What the file itself says of AI counts in any case.",
    )  # fmt: skip
    restricted = models.BooleanField(default=False, help_text="May not be published, whatever the dates.")
    rights_until = models.DateTimeField("rights end", null=True, blank=True)
    rights_mailed_for = models.DateTimeField(null=True, blank=True, editable=False)  # the end that a mail told of
    focal_x = models.FloatField(default=0.5, validators=SHARE)
    focal_y = models.FloatField(default=0.5, validators=SHARE)
    phash = models.CharField("perceptual hash", max_length=16, blank=True, editable=False, db_index=True)
    metadata = models.JSONField(default=dict, blank=True, editable=False, help_text="As read from IPTC and XMP.")
    credentials = models.JSONField(default=dict, blank=True, editable=False)  # newsroom/pictures/credentials.py
    file_number = models.PositiveSmallIntegerField(default=1, editable=False)  # raised as the file is replaced
    folded = models.TextField(blank=True, editable=False)  # its words as a search compares them
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="images"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    imported_from = models.CharField(max_length=300, blank=True, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = "picture"
        indexes = [models.Index(fields=["sha256"], name="image_file")]

    def __str__(self):
        return self.title or self.caption[:60] or self.alt[:60] or f"Picture {self.pk}"

    def save(self, *args, update_fields=None, **kwargs):
        self.folded = f" {folding.fold(' '.join(getattr(self, name) for name in SEARCHED))}"
        if update_fields is not None and set(update_fields) & set(SEARCHED):
            update_fields = {*update_fields, "folded"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def words(self):
        """What is printed with it: alternative text, caption, credit; what AI did, and which file, if not the first."""
        words = {"alt": "" if self.decorative else self.alt, "caption": self.caption, "credit": self.credit}
        if self.ai:
            words["ai"] = str(self.ai)
        if self.file_number > 1:
            words["file"] = self.file_number
        return words

    @property
    def ai(self):
        """What AI did to it. The desk may know more than the file says of itself, and cannot unsay what that says."""
        said = (self.source_type, (self.metadata or {}).get("source_type"))
        return source_types.strongest(*map(source_types.ai_of, said), (self.credentials or {}).get("ai"))

    @property
    def focal_point(self):
        return round(self.focal_x * 100), round(self.focal_y * 100)


class FormerFileQuerySet(models.QuerySet):
    def public(self, at=None):
        """Former files that readers may fetch: their picture is within rights, and a live edition was published with
        them. Each carries `asked_at`, `rights_until` and `use_until`, as those of pictures do.
        """
        uses = Edition.objects.live(at).filter(image_uses__file=OuterRef("pk"))
        ends = uses.filter(live_until__isnull=False).order_by("live_until").values("live_until")[:1]
        within = Image.objects.within_rights(at).values("pk")
        return self.filter(Exists(uses), image__in=within).annotate(
            use_until=Subquery(ends), rights_until=F("image__rights_until"), asked_at=clock.now()
        )


class FormerFile(StoredPicture):
    """The file that a picture had before another took its place: editions published with it show it still."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="former_files")
    number = models.PositiveSmallIntegerField()
    focal_x = models.FloatField(default=0.5)
    focal_y = models.FloatField(default=0.5)
    phash = models.CharField(max_length=16, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    credentials = models.JSONField(default=dict, blank=True)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)

    objects = FormerFileQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["image", "number"], name="former_file_once")]

    def __str__(self):
        return f"File {self.number} of {self.image}"

    @property
    def focal_point(self):
        return round(self.focal_x * 100), round(self.focal_y * 100)


class RunsAs(models.TextChoices):
    """As what a picture that AI made or altered may run."""

    PHOTOGRAPH = "photograph", "It may run as a photograph"
    ILLUSTRATION = "illustration", "It may run as an illustration"
    NOTHING = "nothing", "It may not run"


class PictureRulingQuerySet(models.QuerySet):
    def in_force(self, images):
        """{image id: the newest ruling about the file that it has now} of some pictures; one query, or none."""
        files = {image.pk: image.sha256 for image in images}
        rows = self.filter(image__in=files).select_related("by").order_by("at", "pk") if files else ()
        return {row.image_id: row for row in rows if row.sha256 == files[row.image_id]}


class PictureRuling(models.Model):
    """The picture desk's word on a picture that AI made or altered: as what its file may run, by whom said, and why.

    It is about one file: another file of the same picture wants a word of its own.
    """

    image = models.ForeignKey(Image, models.SET_NULL, null=True, related_name="rulings")
    sha256 = models.CharField(max_length=64)
    runs_as = models.CharField(max_length=12, choices=RunsAs)
    why = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PictureRulingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.get_runs_as_display()

    @property
    def lets_it_run(self):
        return self.runs_as != RunsAs.NOTHING


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
    # The file that it was published with, where the picture has another by now.
    file = models.ForeignKey(FormerFile, models.PROTECT, null=True, blank=True, related_name="uses")

    objects = ImageUseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "edition"], name="image_use_once")]
