import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from newsroom.models import Topic

from .. import genres, roles, workflow
from ..body.schema import sanitise
from ..workflow import State
from .section import Section

LANGUAGE_TAG = RegexValidator(r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$", "A language tag such as en, ar or pt-BR.")
SLUG = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Small letters, digits and single hyphens, such as six-ports.")

# Columns that only articles/actions/ writes, by conditional updates.
MOVED_BY_ACTIONS = frozenset(
    "id state spiked_from version approved approved_by submitted_by updated_by merge_conflict hold hold_by"
    " hold_reason word_count".split()
)
TOLD_OF = ("assignee_id", "legal_wanted")


class ArticleSection(ItemBase):
    """A further section that a story is filed under; the primary one is `Article.section`."""

    tag = models.ForeignKey(Section, models.PROTECT, related_name="article_items")
    content_object = models.ForeignKey("Article", models.CASCADE)


class ArticleTopic(ItemBase):
    tag = models.ForeignKey(Topic, models.PROTECT, related_name="article_items")
    content_object = models.ForeignKey("Article", models.CASCADE)


class ArticleQuerySet(models.QuerySet):
    def open(self):
        """Stories that somebody has still to do something about."""
        return self.exclude(state__in=[State.PUBLISHED, State.SPIKED])

    def owned_by(self, user):
        """Stories that are this person's own: assigned to, created by or bylined by them."""
        return self.filter(
            models.Q(assignee=user)
            | models.Q(created_by=user)
            | models.Exists(
                self.model.contributors.through.objects.filter(
                    article=models.OuterRef("pk"), contributor__user=user, role="writer"
                )
            )
        )

    def readable_by(self, user):
        """Stories whose copy this person may read; the source desk only where experts are linked."""
        if roles.may(user, "read copy"):
            return self
        if roles.Role.SOURCE not in roles.roles_of(user):
            return self.none()
        named = BodyReference.objects.filter(kind="expert", article=models.OuterRef("pk"))
        appears = self.model._meta.get_field("appearances").related_model.objects.filter(article=models.OuterRef("pk"))
        return self.filter(models.Exists(named) | models.Exists(appears))


class Article(models.Model):
    """The desk's working copy of a story. Nothing that readers reach ever reads it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    catchline = models.CharField(max_length=80, blank=True, help_text="The desk's name for it; never public.")
    headline = models.CharField(max_length=160, blank=True)
    short_headline = models.CharField(max_length=80, blank=True, help_text="For cards and lists, if shorter is better.")
    seo_title = models.CharField("search title", max_length=70, blank=True)
    social_title = models.CharField(max_length=100, blank=True)
    slug = models.CharField(
        max_length=80, blank=True, validators=[SLUG], help_text="The end of its address; made from the headline."
    )
    genre = models.CharField(max_length=20, choices=genres.GENRE_CHOICES, default="news")
    origin = models.CharField(max_length=20, choices=genres.ORIGIN_CHOICES, default="staff")
    label = models.CharField("label override", max_length=40, blank=True)
    standfirst = models.TextField(max_length=600, blank=True)
    body = models.TextField(blank=True)
    dateline = models.CharField(max_length=80, blank=True, help_text="Place the report comes from, such as ALDMERE.")
    credit = models.ForeignKey("Agency", models.PROTECT, null=True, blank=True, related_name="articles")
    contributors = models.ManyToManyField("Contributor", through="Byline", related_name="articles")
    lead_image = models.ForeignKey("Image", models.PROTECT, null=True, blank=True, related_name="leading")
    lead_caption = models.TextField("caption in this story", max_length=600, blank=True)
    language = models.CharField(max_length=20, default="en", validators=[LANGUAGE_TAG])
    translation_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="translations")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="articles")
    sections = TaggableManager("also filed under", through=ArticleSection, blank=True, related_name="filed_articles")
    topics = TaggableManager("topics", through=ArticleTopic, blank=True, related_name="articles")
    genre_facts = models.JSONField(default=dict, blank=True)
    ai_use = models.JSONField(
        default=dict, blank=True, help_text="For what AI tools were used: see desk/stories/ai.py."
    )
    discussion = models.CharField(
        max_length=10,
        choices=[
            ("off", "No discussion"),
            ("pre", "Read before printing"),
            ("closed", "Closed: what was said stands"),
        ],
        default="pre",
    )

    embargo_until = models.DateTimeField(null=True, blank=True, help_text="Nobody publishes it before.")
    embargo_terms = models.CharField(max_length=300, blank=True)
    hold = models.BooleanField(default=False, editable=False)
    hold_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    hold_reason = models.CharField(max_length=300, blank=True, editable=False)

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assignments"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    planned_for = models.DateField(null=True, blank=True, help_text="The diary's day; publishes nothing.")
    priority = models.PositiveSmallIntegerField(
        choices=[(1, "Lead"), (2, "High"), (3, "Normal"), (4, "Low")], default=3
    )
    budget_line = models.CharField(max_length=500, blank=True, help_text="One line for the conference.")
    planned_length = models.PositiveIntegerField(null=True, blank=True, help_text="Words.")
    picture_wanted = models.BooleanField(default=False)
    legal_wanted = models.BooleanField("legal sign-off wanted", default=False)
    word_count = models.PositiveIntegerField(
        default=0, editable=False, help_text="Of the running text, as last saved; for lists, which read no text."
    )

    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT, editable=False)
    spiked_from = models.CharField(max_length=20, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    approved = models.ForeignKey(
        "Revision", models.PROTECT, null=True, blank=True, editable=False, related_name="approved_for"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    merge_conflict = models.JSONField(default=dict, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="articles_created"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    imported_from = models.CharField(
        max_length=300, blank=True, editable=False, help_text="Its guid where it came from."
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-updated_at", "-id"], name="article_state"),
            models.Index(fields=["section", "-updated_at", "-id"], name="article_section"),
            models.Index(fields=["assignee", "-updated_at"], name="article_assignee"),
            models.Index(fields=["-updated_at", "-id"], name="article_newest"),
            models.Index(fields=["-updated_at", "-id"], condition=models.Q(hold=True), name="article_held"),
            models.Index(fields=["slug", "section"], name="article_slug"),
            # The news list and the calendar ask for days, the front pages for what is wanted.
            models.Index(
                fields=["planned_for", "state"], condition=models.Q(planned_for__isnull=False), name="article_planned"
            ),
            models.Index(
                fields=["due_at", "state"],
                condition=models.Q(planned_for__isnull=True, due_at__isnull=False),
                name="article_due",
            ),
            models.Index(fields=["state", "due_at"], condition=models.Q(legal_wanted=True), name="article_legal"),
            models.Index(
                fields=["state", "due_at"],
                condition=models.Q(picture_wanted=True, lead_image__isnull=True),
                name="article_picture",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["imported_from"], condition=~models.Q(imported_from=""), name="article_imported_once"
            ),
        ]

    def __str__(self):
        return self.headline or self.catchline or f"Untitled story {self.pk}"

    def save(self, *args, **kwargs):
        # Forms sanitise too; this is for every other way in.
        self.body = sanitise(self.body)
        if not self._state.adding and kwargs.get("update_fields") is None:
            # An old copy in memory must not put back a state that an action has changed meanwhile.
            kwargs["update_fields"] = [f.name for f in self._meta.concrete_fields if f.name not in MOVED_BY_ACTIONS]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("admin:articles_article_change", args=[self.pk])

    @classmethod
    def from_db(cls, db, field_names, values, **more):
        article = super().from_db(db, field_names, values, **more)
        # What colleagues are told of when a save has changed it: see actions/writing.py.
        article.as_read = {name: article.__dict__[name] for name in TOLD_OF if name in article.__dict__}
        return article

    @property
    def locked(self):
        """Whether the text is read-only for everybody: published with nothing in work, or spiked."""
        return self.state in workflow.LOCKED

    def situation(self):
        """What readers see of it now, one of `workflow.Situation`; one query, none where a page has asked already."""
        if (known := self.__dict__.get("situation_now")) is not None:
            return known
        return self.editions.situation()


class Revision(models.Model):
    """The whole of a story as somebody saved it, numbered from 1; never changed afterwards.

    `content` is the JSON that `actions/writing.py` describes; the gate freezes from it alone.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)
    words_added = models.PositiveIntegerField(default=0, help_text="Words that the version before did not have.")
    words_removed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="revision_number")]

    def __str__(self):
        return f"version {self.number}"


class Transition(models.Model):
    """One move of the workflow: who took a story from where to where, when, with which note."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="transitions")
    move = models.CharField(max_length=30)
    start = models.CharField(max_length=20, blank=True)
    end = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["article", "-at"], name="transition_article")]

    def __str__(self):
        return f"{self.move}: {self.start} to {self.end}"

    @property
    def label(self):
        """What the move is called, for people."""
        known = workflow.MOVES.get(self.move)
        return known.label if known else self.move.replace("-", " ").capitalize()


class SignOff(models.Model):
    """That somebody who is no author has checked one revision for one thing."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="signoffs")
    kind = models.CharField(max_length=10, choices=workflow.SIGNOFF_CHOICES)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="signoffs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    guest = models.CharField(
        max_length=120, blank=True, editable=False, help_text="Somebody outside who gave it, asked by that colleague."
    )

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return f"{self.get_kind_display()} by {self.who}"

    @property
    def who(self):
        """Whose word it is: somebody outside, else the colleague."""
        return self.guest or self.by


class DeskNote(models.Model):
    """A remark among colleagues about words of a story, or about all of it; or an answer to one. It stays on the desk.

    Words are marked in the body by its uid alone, or found again by themselves and what stands around them (see
    `body/anchors.py`), so that whoever may only read the story can leave one.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="notes")
    thread = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    uid = models.CharField(max_length=40, unique=True)
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    quoted = models.CharField(max_length=300, blank=True, help_text="The words that it is about, as they were.")
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    paragraph = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Which of the text's, from 0.")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_task = models.BooleanField(default=False, help_text="About the story, not about a place in its text.")
    guest = models.CharField(
        max_length=120, blank=True, editable=False, help_text="Somebody outside who wrote it, asked by that colleague."
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return self.text[:60]

    @property
    def who(self):
        """Whose words they are: those of somebody outside, else the colleague's."""
        return self.guest or self.by


class BodyReference(models.Model):
    """Where a body names a picture, an expert or another story: the index behind "where used"."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="references")
    kind = models.CharField(max_length=10, choices=[("image", "picture"), ("expert", "expert"), ("article", "story")])
    target = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "kind", "target"], name="reference_once")]
        indexes = [models.Index(fields=["kind", "target"], name="reference_target")]
