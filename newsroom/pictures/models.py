import secrets

from django.db import models

from .widths import WIDTHS


def make_token():
    """128 bits that nobody can guess: the public name of a picture."""
    return secrets.token_hex(16)


class StoredPicture(models.Model):
    """A picture as `newsroom/pictures/uploads.py` took it in: verified, re-encoded, in private storage.

    `original` is the file as sent, which nobody outside the desk may fetch; readers get
    renditions at the fixed WIDTHS, never wider than the original, made from its pixels alone.
    """

    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    original = models.FileField(upload_to="originals/", editable=False)
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    format = models.CharField(max_length=8, editable=False, default="", blank=True)
    sha256 = models.CharField(max_length=64, editable=False, default="", blank=True)
    # Which renditions the storage has, such as "640.jpg": no request asks a storage over the network for that.
    made = models.JSONField(editable=False, default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def widths(self):
        """The widths in pixels at which readers may ask for it, narrowest first."""
        return [w for w in WIDTHS if w <= self.width] or [WIDTHS[0]]

    def url(self, width, extension="jpg"):
        """Where readers find it at one of its `widths`."""
        return f"/media/{self.token}-{width}.{extension}"


class LogoQuerySet(models.QuerySet):
    def public(self):
        """Logos that readers may fetch: the one that the paper has now."""
        return self.filter(publication__isnull=False)


class Logo(StoredPicture):
    """The paper's own mark; readers may see it from the moment that it is chosen."""

    objects = LogoQuerySet.as_manager()

    def __str__(self):
        return f"Logo, {self.width} × {self.height} pixels"
