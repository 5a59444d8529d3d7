from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from taggit.models import TagBase

from .. import folding
from .addresses import FormerAddress, HasAddress


class TopicQuerySet(models.QuerySet):
    def in_use(self):
        """Topics that a story may be filed under: those not merged into another."""
        return self.filter(merged_into=None)

    def called(self, words):
        """Topics that go by a name, their own or another, as somebody typed it."""
        words = " ".join((words or "").replace("\0", " ").split())
        return self.in_use().filter(Q(name__iexact=words) | Q(slug=words) | Q(pk__in=TopicName.named(words)))

    def having(self, words):
        """Topics with a name, their own or another, that has these words; the last of them may be only begun."""
        words = " ".join((words or "").replace("\0", " ").split())
        folded, slug = folding.fold(words), folding.slug_of(words)
        if not folded:
            return self.none()
        others = TopicName.objects.filter(Q(folded__startswith=folded) | Q(folded__contains=f" {folded}"))
        own = Q(name__istartswith=words) | Q(name__icontains=f" {words}")
        own |= Q(slug__startswith=slug) | Q(slug__contains=f"-{slug}")  # without accents, in Latin letters
        return self.in_use().filter(own | Q(pk__in=others.values("topic")))

    def meant_by(self, words):
        """Topics that go by a name as somebody typed it or, where none does, those `having` it."""
        named = self.called(words)
        return self.in_use().filter(
            Q(pk__in=named.values("pk")) | Q(pk__in=self.having(words).values("pk")) & ~models.Exists(named)
        )


class Topic(HasAddress, TagBase):
    """A subject that stories and experts share. Articles and experts each tag through a model of their own."""

    description = models.CharField(
        "what this is", max_length=600, blank=True, help_text="Up to sixty words for a reader who comes to it cold."
    )
    wikidata = models.CharField(max_length=20, blank=True, validators=[RegexValidator(r"^Q\d+$", "Like Q42.")])
    iptc = models.CharField(
        "IPTC Media Topic", max_length=20, blank=True, validators=[RegexValidator(r"^\d{8}$", "Eight digits.")]
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def slugify(self, tag, i=None):
        """What taggit asks for at the first save, and once more with a number while the slug is taken."""
        slug = folding.slug_of(tag, 90) or "topic"
        return slug if i is None else f"{slug}-{i}"

    def save(self, *args, **kwargs):
        if not self.slug and not self.is_free(slug := self.slugify(self.name)):
            self.slug = self.free_slug(slug)
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        words = [self.name, (self.slug or "").replace("-", " ")]
        other = Topic.objects.filter(names__folded__in=[_folded(w) for w in words if w]).exclude(pk=self.pk).first()
        if other and not self.merged_into_id:  # the one that it was merged into goes by its name, too
            raise ValidationError(f"“{other}” goes by that name already. Use it, or take the name from it first.")

    def get_absolute_url(self):
        return reverse("site:topic", args=[self.slug])


class FormerTopicAddress(FormerAddress):
    of = models.ForeignKey(Topic, models.CASCADE, related_name="former")


class TopicName(models.Model):
    """Another name of a topic, in any language: what it is found by, and never printed."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="names")
    text = models.CharField("other name", max_length=100)
    folded = models.CharField(max_length=200, unique=True, editable=False)

    class Meta:
        ordering = ["text"]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.folded = _folded(self.text)
        super().save(*args, **kwargs)

    @classmethod
    def add(cls, topic, text):
        """Another name for a topic, unless one goes by it already."""
        cls.objects.get_or_create(folded=_folded(text[:100]), defaults={"topic": topic, "text": text[:100]})

    @classmethod
    def of_address(cls, slug):
        """The topic that goes by the name of which this slug is made, as a query of one id or none."""
        return cls.named(slug.replace("-", " "))

    @classmethod
    def named(cls, words):
        """The ids of the topics that another name fits, as a query."""
        return cls.objects.filter(folded=_folded(words)).values("topic")

    def clean(self):
        self.text = " ".join(self.text.split())
        folded = _folded(self.text)
        if not any(sign.isalnum() for sign in self.text):
            raise ValidationError({"text": "There is no letter or digit in that."})
        other = TopicName.objects.filter(folded=folded).exclude(pk=self.pk).select_related("topic").first()
        if other:
            raise ValidationError({"text": f"“{other.topic}” goes by that name already."})
        topic = Topic.objects.in_use().filter(name__iexact=self.text).first()
        if topic:
            raise ValidationError({"text": f"There is a topic “{topic}”. Merge the two, or take another name."})


def _folded(text):
    return folding.fold(text)[:200] or text.casefold()[:200]
