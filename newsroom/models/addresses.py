"""Addresses that last: a slug that something had before leads to it for ever, and is nobody else's.

The addresses of a site that was imported are kept apart from these (`articles.models.OldAddress`). They are whole paths
of any shape, files among them, for things of several kinds; they take no slug from anybody, they may lead to what has
no slug, and undoing an import takes them away again. A slug that was had before is its kind's alone, and stays.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction


class FormerAddress(models.Model):
    """A slug that something had before. Each kind of thing has a table of its own, with a key `of` to what it was."""

    slug = models.CharField(max_length=120, unique=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.slug


class HasAddress(models.Model):
    """What has a page under its `slug`; `former` are the slugs that it had before."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        fields = kwargs.get("update_fields")
        before = getattr(self, "_slug_read", None)
        if not before or before == self.slug or (fields is not None and "slug" not in fields):
            super().save(*args, **kwargs)
        else:
            with transaction.atomic():
                super().save(*args, **kwargs)
                self.former.get_or_create(slug=before)
        self._slug_read = self.slug

    def clean(self):
        super().clean()
        if other := self.formerly(self.slug, but=self.pk):
            raise ValidationError(
                {"slug": f"“{self.slug}” was the address of “{other}” and leads there. Choose another."}
            )

    @classmethod
    def from_db(cls, db, field_names, values):
        made = super().from_db(db, field_names, values)
        made._slug_read = made.__dict__.get("slug")  # None where it was not asked for
        return made

    @classmethod
    def at(cls, slug):
        """What has this slug, or had it before; or None."""
        return cls._base_manager.filter(slug=slug).first() or cls.formerly(slug)

    @classmethod
    def formerly(cls, slug, *, but=None):
        """What had this slug before, or None; one thing, given by its key, does not count."""
        return cls._base_manager.filter(former__slug=slug).exclude(pk=but).first() if slug else None

    @classmethod
    def is_free(cls, slug, *, but=None):
        """Whether nothing has this slug or had it before; one thing, given by its key, does not count."""
        others = cls._base_manager.exclude(pk=but)  # asked twice, since no index serves both at once
        return not (others.filter(slug=slug).exists() or others.filter(former__slug=slug).exists())

    @classmethod
    def free_slug(cls, base, *, but=None):
        """This slug, or the first free one of those with a number behind it."""
        slug, n = base, 2
        while not cls.is_free(slug, but=but):
            slug, n = f"{base}-{n}", n + 1
        return slug
