import uuid
import zoneinfo
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.text import slugify
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from newsroom import clock
from newsroom.models import FormerAddress, HasAddress, StoredPicture, Topic
from newsroom.paper import today

from .. import names
from .organisation import COUNTRY_CODE
from .privacy import PublicProfile
from .readiness import Bar
from .verification import VerifiedQuerySet

FORMATS = [("print", "Print"), ("phone", "Phone, radio"), ("remote", "Remote video"), ("studio", "Studio"),
           ("live", "Live")]  # fmt: skip


def in_a_year():
    """The day by which a card made today has to be reviewed, by the paper's days."""
    return today() + timedelta(days=365)


class PortraitQuerySet(models.QuerySet):
    def public(self, at=None):
        """Portraits that readers may see at a moment (default now): rights and the person's consent allow it.

        Each has `asked_at`, the database's time, and `use_until`, when the consent ends.
        """
        at = at or clock.now()
        shown = Expert.objects.public(at).filter(portrait=OuterRef("pk"), profile__scope__contains=",portrait,")
        return self.filter(Q(rights_until=None) | Q(rights_until__gt=at), Exists(shown)).annotate(
            use_until=Subquery(shown.order_by("profile__public_until").values("profile__public_until")[:1]),
            asked_at=clock.now(),
        )


class Portrait(StoredPicture):
    """The portrait of an expert; readers see it only with the person's consent."""

    alt = models.CharField(max_length=200, blank=True)
    credit = models.CharField(max_length=160, blank=True)
    rights_until = models.DateTimeField(null=True, blank=True)

    objects = PortraitQuerySet.as_manager()

    def __str__(self):
        return self.alt or self.token


class ExpertQuerySet(VerifiedQuerySet):
    def current(self):
        """Cards that are in use: neither merged into another nor removed."""
        return self.filter(merged_into=None, removed_at=None)

    def public(self, at=None):
        """Experts whose consent to a public page holds at a moment (default now)."""
        at = at or clock.now()
        return self.current().filter(
            Q(profile__public_until=None) | Q(profile__public_until__gt=at), profile__status=PublicProfile.GRANTED
        )

    def barred(self, kind, day=None):
        """Experts who are not to be contacted (Bar.CONTACT) or quoted (Bar.QUOTE) on a day, on any topic and medium."""
        day = day or today()
        bars = Bar.objects.standing_on(day).filter(expert=OuterRef("pk"), kind=kind, topic=None, medium="")
        return self.filter(Exists(bars))

    def survivors_of(self, ids):
        """{id: id of the card it was merged into} for the merged cards among these ids. At most one query."""
        ids = set(ids)
        merged = self.filter(pk__in=ids).exclude(merged_into=None).order_by()
        return dict(merged.values_list("pk", "merged_into_id")) if ids else {}

    def named(self, words):
        """Cards in use on which each word, folded, stands in a name, title, organisation or topic."""
        found = self.current()
        for word in words.split():
            found = found.filter(search_key__contains=names.fold(word))
        return found


class ExpertTopic(ItemBase):
    """An expert can speak on a topic: how well, and how we know."""

    LEVELS = [(3, "High"), (2, "Medium"), (1, "Low")]
    EVIDENCE = [("", "—"), ("quote", "Quoted on it"), ("publication", "Published on it"), ("self", "Says so")]

    tag = models.ForeignKey(Topic, models.CASCADE, related_name="expert_items")
    content_object = models.ForeignKey("Expert", models.CASCADE, related_name="topic_items")
    level = models.PositiveSmallIntegerField(choices=LEVELS, default=2)
    evidence = models.CharField(max_length=12, choices=EVIDENCE, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="expert_topic_once")]


class Expert(HasAddress):
    """The card of somebody whom stories quote or may quote. A name is enough to make one.

    `display_name` is typed as the paper prints it; it is not made from the parts of the name.
    """

    KINDS = [("person", "Person"), ("desk", "An organisation or its press desk"), ("spokesperson", "Spokesperson")]
    STATUS = [("active", "Active"), ("dormant", "Dormant"), ("retired", "Retired"), ("deceased", "Deceased")]
    CONSENT = [("journalism", "Journalism"), ("consent", "Consent"), ("both", "Both")]
    TRAINED = [("", "Not known"), ("yes", "Yes"), ("no", "No")]

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS, default="person")
    display_name = models.CharField("name", max_length=160, help_text="As the paper prints it.")
    sort_name = models.CharField(max_length=160, blank=True, help_text="Surname first; made from the name if empty.")
    honorific_prefix = models.CharField("before the name", max_length=40, blank=True, help_text="Dr, Sir.")
    given = models.CharField("given name", max_length=80, blank=True)
    additional = models.CharField("middle names", max_length=80, blank=True)
    family = models.CharField("family name", max_length=80, blank=True)
    second_family = models.CharField("second family name", max_length=80, blank=True)
    generation = models.CharField(max_length=20, blank=True, help_text="Jr, III.")
    honorific_suffix = models.CharField("after the name", max_length=40, blank=True, help_text="KC, MP.")
    native_name = models.CharField("name in its own script", max_length=160, blank=True)
    native_language = models.CharField("language of that script", max_length=20, blank=True, help_text="ar, uk, zh.")
    pronunciation = models.CharField(max_length=160, blank=True, help_text="Respelt: mo-HAN-nad al-AZ-zeh.")
    pronouns = models.CharField(max_length=40, blank=True, help_text="Only as they state them.")
    slug = models.SlugField(max_length=120, unique=True, blank=True, allow_unicode=True)

    status = models.CharField(max_length=10, choices=STATUS, default="active")
    deceased_on = models.DateField(null=True, blank=True)
    time_zone = models.CharField(max_length=40, blank=True, help_text="Asia/Amman")
    country = models.CharField(max_length=2, blank=True, validators=[COUNTRY_CODE], help_text="ISO 3166-1: JO.")
    city = models.CharField(max_length=80, blank=True)
    formats = models.JSONField(default=list, blank=True)
    media_trained = models.CharField(max_length=3, choices=TRAINED, blank=True)
    lead_time = models.PositiveIntegerField("notice they need, in minutes", null=True, blank=True)
    contact_via = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="contact_for")
    tv_note = models.CharField("for the studio", max_length=200, blank=True)
    sample_clip_url = models.URLField("a clip of them", max_length=300, blank=True)
    paid_to_appear = models.BooleanField(default=False)
    is_official = models.BooleanField("speaks for a government or office", default=False)

    short_bio = models.CharField(max_length=140, blank=True)
    bio = models.TextField(max_length=2500, blank=True)
    portrait = models.ForeignKey(Portrait, models.SET_NULL, null=True, blank=True, related_name="experts")
    topics = TaggableManager(through=ExpertTopic, blank=True, related_name="experts")

    legal_basis = models.CharField(max_length=10, choices=CONSENT, default="journalism")
    source_of_data = models.CharField("where we have this from", max_length=200, blank=True)
    review_due = models.DateField("review by", default=in_a_year)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed",
                                    editable=False)  # fmt: skip
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    # Search columns, made from the whole card by `cards.index_card`.
    search_key = models.TextField(blank=True, editable=False)
    name_skeleton = models.CharField(max_length=800, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["review_due"], name="expert_review"),
                   models.Index(fields=["sort_name", "id"], name="expert_sorted")]  # fmt: skip

    def __str__(self):
        return self.display_name

    def save(self, *args, **kwargs):
        if self.pk and self.merged_into_id and "merged_into" not in (kwargs.get("update_fields") or ["merged_into"]):
            raise ValueError("This card was merged into another and takes no changes.")
        if not self.sort_name:
            is_person = self.kind != "desk"
            self.sort_name = names.guess_sort_name(self.display_name) if is_person else self.display_name
        if not self.slug:
            self.slug = self.free_slug(slugify(self.display_name, allow_unicode=True)[:100] or "expert", but=self.pk)
        if not self.search_key:
            # A new card is found by its name; `cards.index_card` adds the rest.
            self.search_key = names.make_search_key([self.display_name, self.native_name])
            self.name_skeleton = names.skeletons([self.display_name, self.native_name])[:800]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("site:expert", args=[self.slug])

    def clean(self):
        super().clean()
        if self.time_zone and self.time_zone not in zoneinfo.available_timezones():
            raise ValidationError({"time_zone": "No such zone. Zones are named like Asia/Amman."})
        if self.deceased_on and self.status != "deceased":
            raise ValidationError({"status": "With a date of death the status is “deceased”."})

    @property
    def in_use(self):
        """Whether the card is neither merged into another nor removed."""
        return self.merged_into_id is None and self.removed_at is None

    def bar(self, kind, day=None, *, topics=(), medium=""):
        """The Bar of a kind on a day (default today), or None.

        A bar for one topic or medium counts only where that is among `topics`, or is `medium`.
        """
        day = day or today()
        for bar in self.bars.all():
            meets = (bar.topic_id is None or bar.topic_id in topics) and (not bar.medium or bar.medium == medium)
            if bar.kind == kind and bar.stands_on(day) and meets:
                return bar
        return None

    def quote_bar(self, day, topics=()):
        """The Bar on quoting them in a story about these topics on a day, or None; the medium is print."""
        return self.bar(Bar.QUOTE, day, topics=topics, medium="print")

    def title_on(self, day):
        """The title to print on a day: of the main role, else of the newest; "" where no role was held."""
        held = [role for role in self.affiliations.all() if role.held_on(day)]
        return held[0].as_printed if held else ""

    def titles_on(self, day):
        """The titles of all roles held on a day, the main role's first, then the newest."""
        return [role.as_printed for role in self.affiliations.all() if role.held_on(day)]


class FormerExpertAddress(FormerAddress):
    of = models.ForeignKey(Expert, models.CASCADE, related_name="former")


class NameVariant(models.Model):
    """Another name or spelling of an expert. Stories with a misspelling that is kept here are flagged."""

    KINDS = [("alias", "Also known as"), ("former", "Former name"), ("transliteration", "Transliteration"),
             ("misspelling", "Misspelling seen")]  # fmt: skip

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="variants")
    text = models.CharField("name", max_length=160)
    language = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=16, choices=KINDS, default="alias")
    normalized = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["expert", "normalized"], name="variant_once")]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.normalized = names.fold(self.text)[:200]
        super().save(*args, **kwargs)


class ExternalId(models.Model):
    """A person's identifier in a public register: the surest sign that two cards are of one person."""

    SCHEMES = [("orcid", "ORCID"), ("wikidata", "Wikidata"), ("isni", "ISNI"), ("viaf", "VIAF"), ("scopus", "Scopus"),
               ("bioguide", "Bioguide"), ("website", "Web site")]  # fmt: skip

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="external_ids")
    scheme = models.CharField(max_length=10, choices=SCHEMES)
    value = models.CharField(max_length=200)

    class Meta:
        ordering = ["scheme", "pk"]
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="external_id_once")]

    def __str__(self):
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self):
        if self.scheme == "orcid":
            self.value = normalise_orcid(self.value)
        elif self.scheme == "wikidata" and not (self.value[:1] == "Q" and self.value[1:].isdecimal()):
            raise ValidationError({"value": "A Wikidata id is Q and a number."})


def normalise_orcid(value):
    """An ORCID in the form 0000-0002-1825-0097. Raises ValidationError for a wrong check digit (ISO 7064 mod 11-2)."""
    digits = value.strip().upper().rstrip("/").rpartition("/")[2].replace("-", "")
    if len(digits) != 16 or not digits[:15].isdecimal() or not digits.isascii():
        raise ValidationError({"value": "An ORCID has sixteen digits: 0000-0002-1825-0097."})
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[15] != ("X" if check == 10 else str(check)):
        raise ValidationError({"value": "That ORCID has a slip in it: its last digit does not fit."})
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4))
