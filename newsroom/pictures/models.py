import secrets

from django.db import models

from . import crops
from .widths import WIDTHS


def make_token():
    """128 bits that nobody can guess: the public name of a picture."""
    return secrets.token_hex(16)


class StoredPicture(crops.Sources, models.Model):
    """A picture as `newsroom/pictures/uploads.py` took it in: verified, re-encoded, in private storage.

    `original` is the file as sent, which nobody outside the desk may fetch; readers get
    renditions at the fixed WIDTHS, and crops of the SHAPES in `crops`, never wider than the original, made from its
    pixels alone.
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
        return crops.widths_up_to(self.width, WIDTHS)

    @property
    def stem(self):
        """What its addresses begin with."""
        return self.token

    @property
    def focal_point(self):
        """The point that stays in every crop: its distance from the left and from the top, in percent."""
        return 50, 50

    def crop(self, shape):
        """Its Crop of one of the SHAPES, around the present focal point."""
        width, height = self.width, self.height
        if self.format and self.format != "JPEG" and width > self.widths[-1]:
            # What readers get of a drawing is made from its widest rendition.
            width, height = self.widths[-1], max(1, round(height * self.widths[-1] / width))
        return crops.Crop.of(self.token, shape, self.focal_point, (width, height))

    @property
    def face_url(self):
        """Where readers find the face of whom it shows, small and square."""
        crop = self.crop("1x1")
        return crop.url(crop.widths[0])


class LogoQuerySet(models.QuerySet):
    def public(self):
        """Logos that readers may fetch: the one that the paper has now."""
        return self.filter(publication__isnull=False)


class Logo(StoredPicture):
    """The paper's own mark; readers may see it from the moment that it is chosen."""

    objects = LogoQuerySet.as_manager()

    def __str__(self):
        return f"Logo, {self.width} × {self.height} pixels"
