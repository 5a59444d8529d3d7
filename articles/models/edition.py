import re
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from experts.models import Expert
from newsroom import clock
from newsroom.models import Topic

from ..workflow import UNKNOWN_REASON, WITHDRAWAL_REASONS, Situation
from .section import Section

# What a query says of where a reader came from, not of which page they want.
CAMPAIGN = re.compile(r"utm_|fbclid$|gclid$|mc_[ce]id$|amp$")
NUMBER = re.compile(r"[1-9][0-9]{0,11}")


class Kind(models.TextChoices):
    FIRST = "first", "First edition"
    UPDATE = "update", "Update"
    MINOR = "minor", "Minor edit"
    CORRECTION = "correction", "Correction"
    CLARIFICATION = "clarification", "Clarification"
    EDITORS_NOTE = "editors_note", "Editor's note"
    REFRESH = "refresh", "Redrawn: legal notes or pictures"
    WITHDRAWAL = "withdrawal", "Withdrawal"
    REINSTATEMENT = "reinstatement", "Reinstatement"


class EditionQuerySet(models.QuerySet):
    def in_force(self, at=None):
        """The editions that count at a moment, tombstones included; by default now."""
        at = clock.now() if at is None else at
        return self.filter(Q(live_until=None) | Q(live_until__gt=at), live_from__lte=at)

    def live(self, at=None):
        """Editions a reader may see listed at a moment, by default now."""
        return self.in_force(at).filter(listed=True, sealed_at=None)

    def tombstones(self, at=None):
        """What stands in the place of withdrawn stories, newest first."""
        # "listed" is for the index: the database knows that no tombstone is.
        return self.in_force(at).filter(kind=Kind.WITHDRAWAL, listed=False).order_by("-live_from", "-pk")

    def waiting(self, at=None):
        """Editions whose moment is still ahead."""
        at = clock.now() if at is None else at
        return self.filter(Q(live_until=None) | Q(live_until__gt=F("live_from")), live_from__gt=at)

    def begun(self, at=None):
        """Editions that were or are in force: everything but plans, kept or cancelled."""
        at = clock.now() if at is None else at
        return self.filter(Q(live_until=None) | Q(live_until__gt=F("live_from")), live_from__lte=at)

    def closing_withdrawal(self):
        """Of one article's editions: the newest withdrawal from before which readers may compare nothing, or None.

        Only where the very same words came back, and neither law nor safety was the reason, is the past open again.
        """
        begun = self.begun().select_related("text").defer("text__plain", "text__data")
        worded = begun.exclude(kind=Kind.WITHDRAWAL)
        for gone in begun.filter(kind=Kind.WITHDRAWAL).order_by("-number"):
            last = worded.filter(number__lt=gone.number).order_by("-number").first()
            again = worded.filter(number__gt=gone.number).order_by("number").first()
            hides = WITHDRAWAL_REASONS.get(gone.reason, UNKNOWN_REASON).hides_earlier_words
            if hides or last is None or again is None or last.text.words != again.text.words:
                return gone
        return None

    def situation(self, at=None):
        """What readers see of one article's editions now, as a Situation; one query."""
        at = clock.now() if at is None else at
        spans = (Q(live_until=None) | Q(live_until__gt=at)) & (Q(live_until=None) | Q(live_until__gt=F("live_from")))
        begun = models.ExpressionWrapper(Q(live_from__lte=at), output_field=models.BooleanField())
        rows = list(self.filter(spans).annotate(begun=begun).values_list("kind", "begun").order_by())
        waiting = any(not begun for _, begun in rows)
        force = [kind for kind, begun in rows if begun]
        if force and force[0] == Kind.WITHDRAWAL:
            return Situation.WITHDRAWN
        if force:
            return Situation.LIVE_WAITING if waiting else Situation.LIVE
        return Situation.WAITING if waiting else Situation.NONE

    def newest_first(self):
        return self.order_by("-first_published_at", "-article_id")

    def page_after(self, key):
        """The next page of a list, newest first, after the key (instant, article id) of the last one seen."""
        at, article = key
        # Written so that the index on (first_published_at, article_id) serves it on both engines.
        return self.filter(Q(first_published_at__lt=at) | Q(article_id__lt=article), first_published_at__lte=at)

    def filed_under(self, kind, before=None, **which):
        """The list of a section, topic, contributor or expert, newest first, after a key: filed_under("topic", slug=…).

        It sorts by the link's copy of the key, whose index carries what the list is of.
        """
        link = f"edition{kind}__"
        wanted = {f"{link}{kind}__{name}": value for name, value in which.items()} | {f"{link}listed": True}
        after = Q()
        if before:
            at, article = before
            after = Q(**{f"{link}first_published_at__lt": at}) | Q(**{f"{link}article_id__lt": article})
            wanted[f"{link}first_published_at__lte"] = at
        return self.filter(after, **wanted).order_by(f"-{link}first_published_at", f"-{link}article_id")


class Edition(models.Model):
    """What readers get: a copy of the article as published, never edited.

    Only `live_until`, `listed` (true to false) and `sealed_at` ever change; the database
    refuses the rest. A span is from `live_from` until just before `live_until`.
    """

    article = models.ForeignKey("Article", models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    path = models.CharField(max_length=300)
    revision = models.ForeignKey("Revision", models.PROTECT, related_name="editions")
    section = models.ForeignKey(Section, models.PROTECT, related_name="editions")
    genre = models.CharField(max_length=20)
    language = models.CharField(max_length=20)
    live_from = models.DateTimeField()
    live_until = models.DateTimeField(null=True, blank=True)
    listed = models.BooleanField(default=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    first_published_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True, help_text="Inside only.")
    line = models.CharField(max_length=300, blank=True, help_text="The reader's line in the history.")
    passed = models.JSONField(
        default=dict, blank=True, help_text="Keys of the checklist's findings in spite of which it runs, by level."
    )
    imported = models.BooleanField(default=False)
    feed_id = models.CharField(max_length=300, help_text="Its id in every feed, fixed with the first edition.")
    reason = models.CharField(max_length=20, blank=True, help_text="A withdrawal's reason class.")
    show_headline = models.BooleanField(default=False, help_text="A withdrawal's: whether its headline is printed.")
    list_publicly = models.BooleanField(default=True, help_text="A withdrawal's: whether /corrections/ names it.")
    replacement = models.ForeignKey("Article", models.PROTECT, null=True, blank=True, related_name="+")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="edition_number"),
            models.UniqueConstraint(fields=["article"], condition=Q(live_until=None), name="one_open_edition"),
            models.CheckConstraint(
                condition=Q(live_until=None) | Q(live_until__gte=F("live_from")), name="edition_span_forward"
            ),
            models.CheckConstraint(condition=~Q(kind="withdrawal", listed=True), name="tombstones_unlisted"),
        ]
        indexes = [
            models.Index(fields=["path", "live_from"], name="edition_path"),
            models.Index(fields=["live_from"], name="edition_begins"),
            models.Index(
                fields=["-first_published_at", "-article_id"], condition=Q(listed=True), name="edition_newest"
            ),
            models.Index(
                fields=["section", "-first_published_at", "-article_id"],
                condition=Q(listed=True),
                name="edition_section",
            ),
            models.Index(
                fields=["genre", "-first_published_at", "-article_id"], condition=Q(listed=True), name="edition_genre"
            ),
            models.Index(fields=["changed_at"], condition=Q(listed=True), name="edition_changed"),
            models.Index(fields=["kind", "-live_from"], condition=Q(listed=False), name="edition_withdrawn"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} no. {self.number}"

    def get_absolute_url(self):
        return self.path

    @property
    def key(self):
        """Its place in every list, as the URL writes it: microseconds of first publication, article id."""
        return f"{int(self.first_published_at.timestamp() * 1_000_000)}-{self.article_id}"

    @property
    def is_tombstone(self):
        return self.kind == Kind.WITHDRAWAL

    @property
    def was_planned_only(self):
        """Whether it was cancelled before its moment: an empty span."""
        return self.live_until == self.live_from


class EditionText(models.Model):
    """The frozen words of an edition. Append-only."""

    edition = models.OneToOneField(Edition, models.PROTECT, primary_key=True, related_name="text")
    headline = models.CharField(max_length=160)
    short_headline = models.CharField(max_length=80, blank=True)
    standfirst = models.TextField(blank=True)
    body = models.TextField(blank=True, help_text="The body in the desk's vocabulary, desk notes removed.")
    plain = models.TextField(blank=True, help_text="Its words alone, for search.")
    label = models.CharField(max_length=40, blank=True)
    data = models.JSONField(help_text="The rest: bylines, credit, lead image, attributions, legal notes, topics.")

    @property
    def words(self):
        """What two editions have in common if they say the very same."""
        return self.headline, self.short_headline, self.standfirst, self.label, self.body


class Rendering(models.Model):
    """What can be made again from the frozen words: an edition's stored card and page."""

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True, related_name="rendering")
    template_version = models.PositiveIntegerField()
    rendering_version = models.PositiveBigIntegerField()
    card_html = models.TextField()
    main_html = models.TextField()


class EditionLink(models.Model):
    """Ties an edition to something with a page, carrying the sort key of that page's list."""

    edition = models.ForeignKey(Edition, models.CASCADE)
    first_published_at = models.DateTimeField()
    article_id = models.PositiveBigIntegerField()
    listed = models.BooleanField(default=True)

    class Meta:
        abstract = True

    @classmethod
    def key_index(cls, to):
        return models.Index(
            fields=[to, "-first_published_at", "-article_id"], condition=Q(listed=True), name=f"edition_of_{to}"
        )


class EditionSection(EditionLink):
    section = models.ForeignKey(Section, models.PROTECT, related_name="edition_links")

    class Meta:
        indexes = [EditionLink.key_index("section")]


class EditionTopic(EditionLink):
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="edition_links")

    class Meta:
        indexes = [EditionLink.key_index("topic")]


class EditionContributor(EditionLink):
    contributor = models.ForeignKey("Contributor", models.PROTECT, related_name="edition_links")
    role = models.CharField(max_length=20, default="writer")

    class Meta:
        indexes = [EditionLink.key_index("contributor")]


class EditionExpert(EditionLink):
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="edition_links")
    role = models.CharField(max_length=10, default="expert", help_text="As what they spoke, of Appearance.ROLES.")

    class Meta:
        indexes = [EditionLink.key_index("expert")]


class Path(models.Model):
    """Which article an address belongs to; from its first moment in force, for ever."""

    path = models.CharField(max_length=300, unique=True)
    article = models.ForeignKey("Article", models.PROTECT, related_name="paths")
    legacy = models.BooleanField(default=False, help_text="An address of an imported site.")

    def __str__(self):
        return self.path

    @staticmethod
    def legacy_key(path, query):
        """An address of an old site as it is kept here: its path with the number in its query.

        Without a number the whole query stays, since its path alone may be many stories'.
        """
        said = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not CAMPAIGN.match(name)]
        numbers = (value for name, value in said if name in ("p", "page_id") and NUMBER.fullmatch(value))
        if number := next(numbers, ""):
            return f"{path.removesuffix('index.php')}?p={number}"
        return f"{path}?{urlencode(sorted(said))}" if said else path
