"""What readers get of a picture: JPEG and AVIF at fixed widths, made from its pixels alone.

Two JPEGs are made while a picture is taken in. The rest is made when somebody who may see it
first asks for it, one at a time, and kept in the storage as renditions/<token>/<width>.<ext>.
"""

import contextlib
import logging
import os
import threading
import time
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

from .. import services
from .storage import sync
from .widths import FIRST_WIDTHS, WIDTHS

log = logging.getLogger(__name__)

TYPES = {"jpg": "image/jpeg", "avif": "image/avif"}
ADDRESS = r"(?P<token>[0-9a-f]{32})-(?P<width>[1-9][0-9]{1,3})\.(?P<extension>jpg|avif)"  # the end of its URL
VERSION = 1  # part of every ETag: raise it when the same picture would come out otherwise
ORIENTATION = 0x0112

# Decoding takes memory by the hundred megabytes, so each process does it for one picture at a time.
_one_at_a_time = threading.Lock()


def name(token, width, extension):
    """Where a rendition is kept in the storage."""
    return f"renditions/{token}/{width}.{extension}"


def at_upload(kind, width):
    """The widths of the JPEGs made while a picture of a format is taken in, narrowest first.

    A JPEG can be decoded small, so the rest is made later from the original. Anything else has to
    be decoded whole, which we do once: all its JPEGs are made, and its AVIFs later from the widest.
    """
    usual = [w for w in WIDTHS if w <= width] or [WIDTHS[0]]
    if kind != "JPEG":
        return usual
    return [w for w in usual if w in FIRST_WIDTHS] or usual[-1:]


def pixels(image, width):
    """An opened picture as it is seen, in sRGB, about as wide as wanted (never wider than it is).

    Orientation and colour profile are applied and transparency is laid on white; nothing else
    that the file says comes along.
    """
    with _one_at_a_time:
        profile = image.info.get("icc_profile")
        # For a JPEG, the decoder itself halves the picture while that leaves enough.
        tall = orientation(image) in (5, 6, 7, 8)
        if image.format in ("JPEG", "MPO"):
            scale = width / (image.height if tall else image.width)
            if scale < 1:
                image.draft(None, (max(1, round(image.width * scale)), max(1, round(image.height * scale))))
        image.load()
        image = _upright(image)
        image = _on_white(image)
        if image.width > width:
            image = image.resize((width, _height(image, width)), Image.Resampling.LANCZOS, reducing_gap=2)
        image = _in_srgb(image, profile)
    image.info.clear()
    return image


def orientation(image):
    """How a camera held the picture: the EXIF tag, 1 (upright) where there is none that can be read."""
    try:
        return image.getexif().get(ORIENTATION, 1)
    except Exception:
        # A camera's broken notes raise whatever the reader stumbles over (struct.error, SyntaxError, ValueError …);
        # a picture whose notes say nothing is upright.
        return 1


def _upright(image):
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    turn = turns.get(orientation(image))
    return image if turn is None else image.transpose(turn)


def _on_white(image):
    """Palettes, transparency and odd depths resolved: RGB, L or CMYK."""
    if image.mode in ("RGB", "L", "CMYK"):
        return image
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in ("I", "F"):
        return ImageOps.autocontrast(image.convert("L"))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image.convert("RGB")


def _in_srgb(image, profile):
    """The same colours in the one space that every screen assumes; small by now, so it costs little."""
    if profile:
        # A profile that is broken, or made for another mode, is ignored like one that is missing.
        with contextlib.suppress(Exception):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image.convert("RGB")


def _height(image, width):
    return max(1, round(image.height * width / image.width))


def encode_all(image, widths):
    """JPEGs of pixels at several widths, {width: bytes}; each is made from the next larger one."""
    made = {}
    for width in sorted(widths, reverse=True):
        if image.width > width:
            image = image.resize((width, _height(image, width)), Image.Resampling.LANCZOS, reducing_gap=2)
        made[width] = encode(image, "jpg")
    return made


def encode(image, extension):
    """Pixels as a file of one of TYPES, with no metadata."""
    out = BytesIO()
    if extension == "avif":
        image.save(out, "AVIF", quality=58, speed=8, max_threads=1, exif=b"", xmp=b"", icc_profile=b"")
    else:
        image.save(out, "JPEG", quality=82, progressive=True, optimize=True)
    return out.getvalue()


def difference_hash(image):
    """Sixteen hex digits that pictures of the same scene share: which neighbour of each point is brighter."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = "".join("01"[grey[9 * row + column] > grey[9 * row + column + 1]] for row in range(8) for column in range(8))
    return f"{int(bits, 2):016x}"


def crop_box(width, height, ratio, focal_x=0.5, focal_y=0.5):
    """The largest box (left, top, right, bottom) of a ratio, width to height; the focal point as central as can be."""
    if width / height > ratio:
        wide, high = max(1, round(height * ratio)), height
    else:
        wide, high = width, max(1, round(width / ratio))
    left = min(max(round(width * focal_x - wide / 2), 0), width - wide)
    top = min(max(round(height * focal_y - high / 2), 0), height - high)
    return left, top, left + wide, top + high


# --- kept in the storage -----------------------------------------------------------------------


def keep(token, made):
    """Store the JPEGs of a picture that was just taken in, {width: bytes}."""
    for width, data in made.items():
        _put(name(token, width, "jpg"), data, "jpg")


def short_name(width, extension):
    """What a rendition is called among those that a picture's row says were made."""
    return f"{width}.{extension}"


class Busy(Exception):
    """The storage does not answer, or too many are waiting for it: it can be asked again in a moment."""


class Waiting:
    """Who waits for the storage or for a rendition to be made: six of a server's eight threads at most.

    The others answer whoever needs none. After a failure nobody is let in for a while.
    """

    ROOM, PATIENCE, PAUSE = 6, 0.5, 10  # threads; seconds until one more gives up; seconds after a failure

    def __init__(self):
        self._room = threading.BoundedSemaphore(self.ROOM)
        self._closed_until = 0.0

    @contextlib.contextmanager
    def turn(self):
        if time.monotonic() < self._closed_until or not self._room.acquire(timeout=self.PATIENCE):
            raise Busy
        try:
            yield
        finally:
            self._room.release()

    @contextlib.contextmanager
    def storage(self):
        """What asks the storage, and nothing else: a damaged picture raises an OSError, too."""
        try:
            yield
        except FileNotFoundError:
            raise
        except services.storage_errors() as error:
            log.error("the storage of pictures does not answer: %s", type(error).__name__)
            self._closed_until = time.monotonic() + self.PAUSE
            raise Busy from error


_waiting = Waiting()


def ready(picture, width, extension):
    """The storage name of a rendition of a StoredPicture, made now if nobody asked for it before.

    None where this picture has no such rendition. Ask only for somebody who may see it. Raises Busy where the
    storage does not answer, and FileNotFoundError where it lacks the picture.
    """
    if extension not in TYPES or width not in picture.widths or not picture.original:
        return None
    wanted, short, local = name(picture.token, width, extension), short_name(width, extension), _is_local()
    # A file of this machine is looked for. Over the network that would be a call for every picture of every page, so
    # there the row says what was made, and nobody waits for long.
    if default_storage.exists(wanted) if local else short in picture.made:
        return wanted
    with contextlib.nullcontext() if local else _waiting.turn():
        with _waiting.storage():
            source = _open_source(picture)
            source.read(1)  # a storage over the network brings the whole file now
            source.seek(0)
        with source as file:
            image = Image.open(file, formats=("JPEG", "PNG", "WEBP", "GIF"))
            data = encode(pixels(image, width), extension)
        with _waiting.storage():
            _put(wanted, data, extension)
    if not local:
        # Two that are made at once may lose one of them here, which is then made again.
        row = type(picture).objects.filter(pk=picture.pk)
        row.update(made=sorted({short, *row.values_list("made", flat=True)[0]}))
    return wanted


def _is_local():
    """Whether the storage's files lie on this machine."""
    try:
        default_storage.path("")
    except NotImplementedError:
        return False
    return True


def _open_source(picture):
    """The file to make renditions from; for what cannot be decoded small, its widest JPEG."""
    if picture.format != "JPEG":
        with contextlib.suppress(FileNotFoundError):
            return default_storage.open(name(picture.token, picture.widths[-1], "jpg"))
    return picture.original.open()


def _put(wanted, data, extension):
    """Store a file whole: nobody may find half of it under its name."""
    content = ContentFile(data)
    content.content_type = TYPES[extension]  # what S3 answers with
    try:
        target = default_storage.path(wanted)
    except NotImplementedError:
        if not default_storage.exists(wanted):
            default_storage.save(wanted, content)
        return
    os.replace(default_storage.path(default_storage.save(f"{wanted}.part", content)), target)
    sync(target)


def forget(token, original=""):
    """Remove every rendition of a picture from the storage, and its original where one is named.

    Where the storage does not answer, the log says what is left; nobody waits for the other files.
    """
    names = [name(token, width, extension) for extension in TYPES for width in WIDTHS]
    try:
        for one in [*filter(None, [original]), *names]:
            default_storage.delete(one)
    except services.storage_errors() as error:
        log.error("files of the picture %s are left in the storage: %s", token, type(error).__name__)
