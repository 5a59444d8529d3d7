"""Taking in a picture: the only way in checks that it is one, of a size we can handle, and reads its words.

Nothing that a camera or an agency wrote into a file reaches readers: they get renditions made
from the pixels alone (`newsroom/pictures/renditions.py`). The file as sent is kept, privately.
"""

import hashlib
import logging
import secrets
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, UnidentifiedImageError

from .. import services
from ..errors import Unavailable
from . import picturewords, renditions

log = logging.getLogger(__name__)

MEGABYTES = 40
MEGAPIXELS = 60
SIDE = 30_000  # pixels along one edge: a strip a million pixels long and a few wide is refused, too
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
DAMAGED = "The file is damaged: it begins like a picture and cannot be read to its end."
MOVES = (
    "This picture moves, and readers would get its first frame alone. Send a still; or send it on the library's own "
    "page, and say there that the first frame is wanted."
)
FLAT = ("0" * 16, "f" * 16)  # the hashes of a picture without any contrast: they say nothing

# Pillow warns from 89 megapixels on; we refuse earlier, by the same header.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class Unfit(ValueError):
    """A file that we do not take; str() says why and what to do, for the form."""


@dataclass(frozen=True)
class Taken:
    """A file that passed: the bytes as sent, under a name nobody can guess, and what was found in it.

    `width` and `height` are as the picture is seen, after its orientation is applied. `metadata`
    has only the keys of `picturewords.words_inside`. `renditions` are its first JPEGs, {width: bytes}. Of a picture
    that `moves` they show the first frame.
    """

    data: bytes
    name: str
    width: int
    height: int
    format: str
    sha256: str
    phash: str
    metadata: dict
    renditions: dict
    moves: bool = False

    def fields(self):
        """What a StoredPicture keeps of it, but for the file itself."""
        return {"width": self.width, "height": self.height, "format": self.format, "sha256": self.sha256}


def keep(model, taken, **words):
    """Store a file that passed as a row of a StoredPicture model, with its first renditions; call in a transaction.

    Raises Unavailable where the storage does not answer or is full; then neither row nor files are left.
    """
    return fill(model(**words), taken)


def fill(picture, taken):
    """Give a row of a StoredPicture model the file that passed, with its first renditions, as `keep` does."""
    for name, value in taken.fields().items():
        setattr(picture, name, value)
    picture.original = ContentFile(taken.data, name=taken.name)
    picture.made = [renditions.short_name(width, "jpg") for width in taken.renditions]
    try:
        with transaction.atomic():
            picture.save()
            renditions.keep(picture.token, taken.renditions)
    except services.storage_errors() as error:
        log.error("a picture was not stored: %s", type(error).__name__)
        renditions.forget(picture.token, picture.original.name or "")
        raise Unavailable(
            "The picture could not be stored just now; nothing was saved. What you typed is still here: choose the"
            " file again and try once more in a minute.", field="file",
        ) from error  # fmt: skip
    return picture


def discard(picture):
    """Delete a picture's row, and its files once that is certain."""
    token, original = picture.token, picture.original.name
    picture.delete()
    transaction.on_commit(lambda: renditions.forget(token, original))


def take(file, *, first_alone=False):
    """Let a file in, or raise Unfit. It is read once and decoded once; the form's file name is not used.

    Readers get still pictures. One that moves is refused, unless `first_alone` says that its first frame is wanted.
    """
    data = _read(file)
    image = _open(data)
    moves = _moves(image)
    if moves and not first_alone:
        raise Unfit(MOVES)
    kind = "JPEG" if image.format == "MPO" else image.format  # a phone's JPEG with a second picture inside
    width, height = _seen_size(image)
    metadata = picturewords.words_inside(image)
    try:
        pixels = renditions.pixels(image, renditions.at_upload(kind, width)[-1])
        made = renditions.encode_all(pixels, renditions.at_upload(kind, width))
    except Exception as error:  # a decoder fed with rubbish may raise anything at all
        raise Unfit(DAMAGED) from error
    return Taken(
        data=data,
        name=f"{secrets.token_hex(16)}.{FORMATS[kind]}",
        width=width,
        height=height,
        format=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        phash=renditions.difference_hash(pixels),
        metadata=metadata,
        renditions=made,
        moves=moves,
    )


def _read(file):
    limit = MEGABYTES * 1024 * 1024
    if (getattr(file, "size", 0) or 0) <= limit:
        file.seek(0)
        data = file.read(limit + 1)
        if not data:
            raise Unfit("The file is empty.")
        if len(data) <= limit:
            return data
    raise Unfit(f"The file is larger than {MEGABYTES} megabytes. Export a smaller one.")


def _open(data):
    """The picture with only its header read, of a size that may be decoded."""
    try:
        image = Image.open(BytesIO(data), formats=tuple(FORMATS))
    except Image.DecompressionBombError as error:
        raise Unfit(_too_large()) from error
    except UnidentifiedImageError as error:
        raise Unfit(_no_picture(data)) from error
    except Exception as error:
        raise Unfit("The file is damaged: it begins like a picture and cannot be read.") from error
    width, height = image.size
    if width * height > MEGAPIXELS * 1_000_000:
        raise Unfit(_too_large(f"{width} × {height}, "))
    if max(width, height) > SIDE:
        raise Unfit(f"The picture is {width} × {height} pixels: no side may be longer than {SIDE:,}.")
    if min(width, height) < 8:
        raise Unfit(f"The picture is {width} × {height} pixels: too small to print.")
    return image


def _moves(image):
    """Whether an opened picture is an animation; a phone's JPEG with a second picture inside is none."""
    try:
        return image.format != "MPO" and bool(getattr(image, "is_animated", False))
    except Exception as error:
        raise Unfit(DAMAGED) from error


def _too_large(size=""):
    return f"The picture is too large ({size}more than {MEGAPIXELS} megapixels). Export a smaller one."


def _no_picture(data):
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml")) or b"<svg" in head:
        return "SVG drawings can carry programs, so we do not take them. Export it as PNG."
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "This is an HEIC photo. Export it as JPEG, or set the phone's camera to “Most compatible”."
    return "This is not a picture that we can use. Send a JPEG, PNG, WebP or GIF."


def _seen_size(image):
    """Width and height as the picture is seen: a camera held upright says so in a tag."""
    width, height = image.size
    return (height, width) if renditions.orientation(image) in (5, 6, 7, 8) else (width, height)


def name_of(file):
    """The name a person's file had, for the desk to know it by: no folders, no extension."""
    return PurePath(str(getattr(file, "name", "") or "").replace("\\", "/")).stem
