from django.conf import settings
from django.core.validators import validate_slug
from django.db import models
from django.urls import reverse

from experts.models import Expert
from newsroom.folding import slug_of
from newsroom.models import FormerAddress, HasAddress

from .edition import Edition

GROUND_RULES = [
    ("on_record", "On the record"),
    ("background", "On background: not by name"),
    ("deep_background", "On deep background: no source at all"),
    ("off_record", "Off the record"),
    ("embargoed", "Embargoed by the speaker"),
    ("withdrawn", "Withdrawn by the speaker"),
]

# What the paper has of the words themselves, to go back to when somebody doubts them.
ORIGINS = [("", "No origin yet"), ("recording", "Our recording"), ("transcript", "A transcript"),
           ("mail", "Their mail"), ("statement", "A statement"), ("notes", "Our notes"), ("social", "Their own post"),
           ("outlet", "Another outlet")]  # fmt: skip


class Contributor(HasAddress):
    """Someone whose name stands over stories, with a page of their own; staff have a user too."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True, blank=True, allow_unicode=True, validators=[validate_slug])
    line = models.CharField(max_length=200, blank=True, help_text="Who they are and their interest, in one line.")
    bio = models.TextField(max_length=1500, blank=True)
    email = models.EmailField("public e-mail", blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="contributor"
    )
    portrait = models.ForeignKey("Image", models.SET_NULL, null=True, blank=True, related_name="+")
    imported_from = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.slug:
            self.slug = self.free_slug(slug_of(self.name, 70) or "contributor", but=self.pk)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("site:person", args=[self.slug])


class FormerContributorAddress(FormerAddress):
    of = models.ForeignKey(Contributor, models.CASCADE, related_name="former")


class Byline(models.Model):
    """A name over one story, in order. Only a writer's byline makes its user an author."""

    ROLES = [("writer", "Writer"), ("photographer", "Photographer"), ("illustrator", "Illustrator"),
             ("translator", "Translator"), ("additional", "Additional reporting")]  # fmt: skip

    article = models.ForeignKey("Article", models.CASCADE, related_name="bylines")
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="bylines")
    role = models.CharField(max_length=20, choices=ROLES, default="writer")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "contributor", "role"], name="byline_once")]

    def __str__(self):
        return str(self.contributor)


class Agency(models.Model):
    """An agency or other source of copy, with the terms under which the paper may print it."""

    name = models.CharField(max_length=120, unique=True)
    usage_terms = models.TextField(max_length=1000, blank=True)
    terms_from = models.DateField(null=True, blank=True)
    terms_until = models.DateField(null=True, blank=True, help_text="Nothing of theirs is published afterwards.")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self):
        return self.name

    def in_terms_on(self, day):
        """Whether the paper may publish their copy on a date."""
        return not (self.terms_from and day < self.terms_from) and not (self.terms_until and day > self.terms_until)


class Appearance(models.Model):
    """That a person appears in a story, under the title which that story prints.

    The title belongs to this person in this story: proposed from the roles of the day, typed by people, and never
    changed by what becomes of the person afterwards.
    """

    ROLES = [("expert", "Expert"), ("official", "Official"), ("witness", "Witness"), ("subject", "Whom it is about")]

    article = models.ForeignKey("Article", models.CASCADE, related_name="appearances")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="appearances")
    role = models.CharField("speaks as", max_length=10, choices=ROLES, default="expert")
    attribution_as_printed = models.CharField(
        "title as printed", max_length=300, blank=True, help_text="Several parts: a semicolon between."
    )
    affiliation = models.ForeignKey(
        "experts.Affiliation", models.SET_NULL, null=True, blank=True, editable=False, related_name="appearances"
    )
    affiliation_snapshot = models.JSONField(default=dict, blank=True, editable=False)
    disclosure_printed = models.CharField("interest as printed", max_length=1000, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "expert"], name="appearance_once")]

    def __str__(self):
        return str(self.expert)


class QuoteRecord(models.Model):
    """The desk's row behind a quotation marked in the body: whose words, on what terms."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="quote_records")
    KINDS = [("full", "Whole"), ("partial", "In part"), ("paraphrase", "Paraphrase")]
    OBTAINED = [("", "—"), ("phone", "By telephone"), ("video", "By video"), ("in person", "In person"),
                ("email", "By e-mail"), ("press conference", "At a press conference"),
                ("outlet", "From another outlet"), ("social", "From social media"),
                ("statement", "From a statement")]  # fmt: skip
    APPROVAL = [("", "None"), ("read back", "Read back"), ("approved", "Approved"), ("changed", "Changed by them")]

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="quote_records")
    uid = models.CharField(max_length=40)
    words = models.TextField(help_text="As they stand in the body.")
    ground_rule = models.CharField(max_length=16, choices=GROUND_RULES, default="on_record")
    kind = models.CharField(max_length=10, choices=KINDS, default="full")
    words_as_spoken = models.TextField("as spoken", max_length=4000, blank=True)
    spoken_language = models.CharField("spoken in", max_length=20, blank=True)
    translator = models.CharField(max_length=120, blank=True)
    descriptor = models.CharField(
        "called in the story", max_length=200, blank=True, help_text="For background: “an official at the ministry”."
    )
    terms = models.CharField("terms agreed", max_length=300, blank=True)
    embargo_until = models.DateTimeField("not before", null=True, blank=True)
    obtained = models.CharField(max_length=16, choices=OBTAINED, blank=True)
    said_on = models.DateField(null=True, blank=True)
    interviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    origin = models.CharField("taken from", max_length=12, choices=ORIGINS, blank=True)
    recording_ref = models.CharField(
        "where that is", max_length=300, blank=True, help_text="A folder, a link, or the name of the other outlet."
    )
    approval = models.CharField("read back", max_length=10, choices=APPROVAL, blank=True)
    checked_words = models.TextField(blank=True, editable=False, help_text="The words as a person last agreed to them.")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "uid"], name="quote_record_uid")]

    def __str__(self):
        return self.words[:60]


class QuoteQuerySet(models.QuerySet):
    def live(self, at=None):
        """Quotes that stand in an edition which readers can see, newest story first."""
        # EXISTS and not IN: SQLite would list every live edition of the paper first.
        editions = Edition.objects.live(at).filter(pk=models.OuterRef("edition_id"))
        return self.filter(models.Exists(editions)).order_by(
            "-edition__first_published_at", "-edition__article_id", "place"
        )


class Quote(models.Model):
    """Words as an edition printed them, and whose they are; frozen with the edition."""

    edition = models.ForeignKey("Edition", models.PROTECT, related_name="quotes")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="quotes")
    uid = models.CharField(max_length=40)
    words = models.TextField()
    ground_rule = models.CharField(max_length=16, choices=GROUND_RULES)
    kind = models.CharField(max_length=10, choices=QuoteRecord.KINDS, default="full")
    origin = models.CharField(max_length=12, choices=ORIGINS, blank=True, help_text="For the desk; never printed.")
    place = models.PositiveSmallIntegerField(help_text="Which quotation of the story, from 0.")

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "place"]
        indexes = [models.Index(fields=["expert", "edition"], name="quote_expert")]

    def __str__(self):
        return self.words[:60]


class Attribution(models.Model):
    """A source that the story does not name, or knows at second hand. Never who it is."""

    KINDS = [("unnamed", "Unnamed"), ("second_hand", "Second-hand: another outlet reports it")]

    article = models.ForeignKey("Article", models.CASCADE, related_name="attributions")
    kind = models.CharField(max_length=12, choices=KINDS, default="unnamed")
    description = models.CharField(
        max_length=200, help_text="As printed: “an official at the ports ministry”. Never a name."
    )
    outlet = models.CharField(max_length=120, blank=True, help_text="The other outlet, if it is theirs.")
    reason = models.CharField("why unnamed", max_length=300, blank=True)
    known_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Who on staff knows the identity. The identity itself is never written down here.",
    )  # fmt: skip
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.description
