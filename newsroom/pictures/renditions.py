"""What readers get of a picture: JPEG and AVIF at fixed widths, made from its pixels alone.

Two JPEGs are made while a picture is taken in. The rest, and every crop, is made when somebody who may
see it first asks for it, one at a time, and kept in the storage as renditions/<token>/<width>.<ext> or
renditions/<token>/<crop>-<width>.<ext>. Crops around an earlier focal point are thrown away.
"""

import contextlib
import logging
import os
import threading
import time
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageChops, ImageCms, ImageOps

from .. import services
from . import crops
from .storage import sync
from .widths import FIRST_WIDTHS, WIDTHS

log = logging.getLogger(__name__)

TYPES = {"jpg": "image/jpeg", "avif": "image/avif"}
_TOKEN = "(?P<token>[0-9a-f]{32})"
_ENDS = r"-(?P<width>[1-9][0-9]{1,3})\.(?P<extension>jpg|avif)"
ADDRESS = _TOKEN + _ENDS  # the end of a whole picture's URL
CROP_ADDRESS = f"{_TOKEN}-{crops.ADDRESS}{_ENDS}"  # and of a crop's
VERSION = 2  # part of every ETag: raise it when the same picture would come out otherwise
ORIENTATION = 0x0112

# Decoding takes memory by the hundred megabytes, so each process does it for one picture at a time.
_one_at_a_time = threading.Lock()


def name(token, width, extension, crop=None):
    """Where a rendition of a picture, or of a Crop of it, is kept in the storage."""
    return f"renditions/{token}/{short_name(width, extension, crop)}"


def at_upload(kind, width):
    """The widths of the JPEGs made while a picture of a format is taken in, narrowest first.

    A JPEG can be decoded small, so the rest is made later from the original. Anything else has to
    be decoded whole, which we do once: all its JPEGs are made, and its AVIFs later from the widest.
    """
    usual = crops.widths_up_to(width, WIDTHS)
    if kind != "JPEG":
        return usual
    return [w for w in usual if w in FIRST_WIDTHS] or usual[-1:]


def pixels(image, width, crop=None):
    """An opened picture, or a Crop of it, as it is seen, in sRGB, about as wide as wanted (never wider than it is).

    Orientation and colour profile are applied and transparency is laid on white; nothing else
    that the file says comes along.
    """
    with _one_at_a_time:
        profile = image.info.get("icc_profile")
        # For a JPEG, the decoder itself halves the picture while that leaves enough.
        tall = orientation(image) in (5, 6, 7, 8)
        if image.format in ("JPEG", "MPO"):
            seen = (image.height, image.width) if tall else image.size
            scale = width / (_box_width(crop, seen) if crop else seen[0])
            if scale < 1:
                image.draft(None, (max(1, round(image.width * scale)), max(1, round(image.height * scale))))
        image.load()
        image = _upright(image)
        image = _on_white(image)
        if crop:
            image = image.crop(crop.box_in(*image.size))
        if image.width > width:
            height = crop.size_at(width)[1] if crop else _height(image, width)
            image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)
        image = _in_srgb(image, profile)
    image.info.clear()
    return image


def _box_width(crop, size):
    left, _, right, _ = crop.box_in(*size)
    return right - left


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
    clear = image.info.get("transparency")  # in a PNG or GIF, the colour that stands for nothing
    if image.mode.startswith("I;16"):
        return _grey_of_16_bits(image, clear)
    if image.mode in ("I", "F"):
        return ImageOps.autocontrast(image.convert("L"))
    if image.mode == "RGB" and isinstance(clear, tuple) and max(clear) > 255:
        image.info["transparency"] = tuple(value >> 8 for value in clear)  # of 16 bits, Pillow keeps the upper eight
    if clear is not None or image.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _grey_of_16_bits(image, clear):
    grey = image.point(lambda value: value / 256).convert("L")
    if isinstance(clear, int):
        data = image.tobytes("raw", "I;16")
        low, high = (Image.frombytes("L", image.size, data[place::2]) for place in (0, 1))
        is_clear = [half.point([255 * (value == wanted) for value in range(256)])
                    for half, wanted in ((low, clear & 255), (high, clear >> 8))]  # fmt: skip
        grey.paste(255, mask=ImageChops.darker(*is_clear))
    return grey


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


# --- kept in the storage -----------------------------------------------------------------------


def keep(token, made):
    """Store the JPEGs of a picture that was just taken in, {width: bytes}."""
    for width, data in made.items():
        _put(name(token, width, "jpg"), data, "jpg")


def short_name(width, extension, crop=None):
    """What a rendition is called among those that a picture's row says were made, and in its folder."""
    return f"{f'{crop.name}-' if crop else ''}{width}.{extension}"


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


def ready(picture, width, extension, crop=None):
    """The storage name of a rendition of a StoredPicture, or of a Crop of it, made now if nobody asked for it before.

    None where this picture has no such rendition. Ask only for somebody who may see it. Raises Busy where the
    storage does not answer, and FileNotFoundError where it lacks the picture.
    """
    if extension not in TYPES or width not in (crop or picture).widths or not picture.original:
        return None
    wanted, short, local = name(picture.token, width, extension, crop), short_name(width, extension, crop), _is_local()
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
            data = encode(pixels(image, width, crop), extension)
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
    try:
        whole = [name(token, width, extension) for extension in TYPES for width in WIDTHS]
        for one in [*filter(None, [original]), *whole]:
            default_storage.delete(one)
        for kept in _kept(token):
            default_storage.delete(f"renditions/{token}/{kept}")
    except services.storage_errors() as error:
        log.error("files of the picture %s are left in the storage: %s", token, type(error).__name__)


def forget_old_crops(picture):
    """Remove the crops of a StoredPicture around points that are no longer its focal point."""
    present = tuple(f"{picture.crop(shape).name}-" for shape in crops.SHAPES)
    old = [kept for kept in picture.made if kept.startswith(tuple(crops.SHAPES)) and not kept.startswith(present)]
    type(picture).objects.filter(pk=picture.pk).update(made=[kept for kept in picture.made if kept not in old])
    try:
        for kept in _kept(picture.token):
            if kept.startswith(tuple(crops.SHAPES)) and not kept.startswith(present):
                default_storage.delete(f"renditions/{picture.token}/{kept}")
    except services.storage_errors() as error:
        log.error("old crops of the picture %s are left in the storage: %s", picture.token, type(error).__name__)


def _kept(token):
    """The names of the files that are kept of a picture."""
    try:
        return default_storage.listdir(f"renditions/{token}")[1]
    except FileNotFoundError:
        return []
