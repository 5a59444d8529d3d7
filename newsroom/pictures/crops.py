"""The crops in which readers get a picture: a few shapes at a few widths, each around the picture's focal point.

The focal point is part of a crop's address, so that nothing kept anywhere is stale once the picture desk moves it.
"""

from dataclasses import dataclass

from .widths import WIDTHS

# Shape: width to height, and the widths in pixels at which it is made.
SHAPES = {
    "3x2": (3 / 2, WIDTHS),  # the main picture of a story, and cards
    "1x1": (1, (240, 480, 960, 1280)),  # thumbnails, faces, machines
    "4x3": (4 / 3, (640, 960, 1280)),  # machines
    "16x9": (16 / 9, (640, 960, 1280)),  # machines
    "40x21": (40 / 21, (600, 1200)),  # where a story is shared
}
JPEG_WIDTHS = (320, 640, 1280)  # the few browsers without AVIF choose among fewer
PERCENT = "(?:100|[1-9]?[0-9])"
ADDRESS = f"(?P<shape>{'|'.join(SHAPES)})-(?P<x>{PERCENT})-(?P<y>{PERCENT})"  # the middle part of a crop's URL


def widths_up_to(width, widths):
    """Those widths that a picture this wide fills, narrowest first; for a very narrow picture the least of them."""
    return [w for w in widths if w <= width] or [widths[0]]


class Sources:
    """What a page prints of a picture, or of a crop, that has a `stem` and `widths`."""

    def url(self, width, extension="jpg"):
        """Where readers find it at one of its `widths`."""
        return f"/media/{self.stem}-{width}.{extension}"

    @property
    def avif_srcset(self):
        return self._srcset(self.widths, "avif")

    @property
    def jpeg_srcset(self):
        return self._srcset([w for w in self.widths if w in JPEG_WIDTHS] or self.widths, "jpg")

    @property
    def fallback_url(self):
        """The JPEG for a program that reads no srcset."""
        return self.url(max((w for w in self.widths if w <= 640), default=self.widths[0]))

    def _srcset(self, widths, extension):
        return ", ".join(f"{self.url(width, extension)} {width}w" for width in widths)


@dataclass(frozen=True)
class Crop(Sources):
    """A picture cut to a shape around a point, x and y in percent; `width` and `height` are its size in pixels."""

    token: str
    shape: str
    x: int
    y: int
    width: int
    height: int
    widths: tuple

    @classmethod
    def of(cls, token, shape, focal, size):
        """The crop of a picture of this size, width and height."""
        ratio, widths = SHAPES[shape]
        left, top, right, bottom = crop_box(*size, ratio)
        width, height = right - left, bottom - top
        return cls(token, shape, *focal, width, height, tuple(widths_up_to(width, widths)))

    @property
    def name(self):
        """What it is called in addresses and in the storage."""
        return f"{self.shape}-{self.x}-{self.y}"

    @property
    def stem(self):
        return f"{self.token}-{self.name}"

    @property
    def ratio(self):
        return SHAPES[self.shape][0]

    def at_most(self, width):
        """The same crop without its greater widths."""
        return Crop(self.token, self.shape, self.x, self.y, self.width, self.height,
                    tuple(widths_up_to(width, self.widths)))  # fmt: skip

    def size_at(self, width):
        """Width and height in pixels of what its address at one of its widths answers with."""
        width = min(width, self.width)
        return width, max(1, round(width / self.ratio))

    def box_in(self, width, height):
        """Its box (left, top, right, bottom) in the picture at another size."""
        return crop_box(width, height, self.ratio, self.x / 100, self.y / 100)


def crop_box(width, height, ratio, focal_x=0.5, focal_y=0.5):
    """The largest box (left, top, right, bottom) of a ratio, width to height; the focal point as central as can be."""
    if width > ratio * height:
        wide, high = max(1, round(height * ratio)), height
    else:
        wide, high = width, max(1, round(width / ratio))
    left = min(max(round(width * focal_x - wide / 2), 0), width - wide)
    top = min(max(round(height * focal_y - high / 2), 0), height - high)
    return left, top, left + wide, top + high
