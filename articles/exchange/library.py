"""The pictures of an import: attachments become Image rows, with files from a local folder, never from the net.

A picture whose file is not there yet is a row without one: texts name it all the same, readers see nothing of it, and
a later run that finds the file puts it in.
"""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.files import File

from newsroom.errors import Refused
from newsroom.pictures import renditions

from ..actions import images
from ..models import Image
from . import late_pictures
from .convert import plain_text
from .figures import PICTURE_FILE, Picture
from .identity import key_that_fits
from .report import Outcome
from .shortcodes import without_shortcodes

RESIZED = re.compile(r"-\d+x\d+(?=\.\w+$)|-(?:scaled|rotated)(?=\.\w+$)")
FOLDERS = ("", "wp-content/uploads", "uploads")


class Library:
    """Knows every attachment of the export by number and address. `media` is the folder of files, or None."""

    def __init__(self, media=None, *, made=None, is_of_old_site=None, keep_address=None, rules=None):
        self.media = Path(media).resolve() if media else None
        self._made_row, self._rules = made or (lambda *row: None), rules
        self._keep_address = keep_address or (lambda address, **target: None)
        self._is_of_old_site = is_of_old_site or (lambda address: False)
        self.made = []  # Images whose files were stored, for `discard`
        self._items, self._keys, self._addresses, self._children = {}, {}, {}, {}
        self._images = {}  # imported_from → Image
        self._new = set()

    def register(self, item, key):
        """Remember an attachment, before anything asks for it."""
        self._items[item.id], self._keys[item.id] = item, key
        for address in filter(None, (item.attachment, item.guid)):
            self._addresses.setdefault(_path_of(address), item.id)
        if is_picture(item):
            self._children.setdefault(item.parent, []).append(item.id)

    def attached_to(self, post):
        """The numbers of the pictures that hang on a post, in the export's order."""
        return self._children.get(post, [])

    def import_picture(self, item, entry):
        """Record an attachment as an Image, with its file where the folder has it."""
        if not is_picture(item):
            entry.became(Outcome.SKIPPED, f"not a picture; it stays where it is: {item.attachment or item.guid}")
            return
        key, address = self._keys[item.id], item.attachment or item.guid
        image = Image.objects.filter(imported_from=key).first()
        if image:
            entry.became(Outcome.ARRIVED if self._bring_file(image, address, entry) else Outcome.HERE)
        else:
            image = self._make(key, address, _image_fields(item, entry, self._rules), entry, item.id)
            self._keep_address(address, image=image)
            entry.became(Outcome.PICTURE if image.original else Outcome.RECORDED)
        if not image.original:
            entry.missing.append(_file_name(address))

    def bring_other_files(self, report):
        """Bring the files of pictures that no attachment stands for, such as those of an earlier export."""
        if self.media is None:
            return
        known = set(self._keys.values())
        waiting = Image.objects.filter(original="").exclude(imported_from="").order_by("pk")
        for image in waiting.iterator():
            address = image.metadata.get("imported", {}).get("address", "")
            if image.imported_from not in known and self._bring_file(image, address, None):
                report.general.append(f"The file of picture {image.pk} came: {_file_name(address)}")

    def picture(self, number, address, alt=""):
        """What a text may print for an attachment's number or a picture's address; None for no picture of ours."""
        number = number if number in self._items else self._number(address)
        if number is not None:
            item = self._items[number]
            if not is_picture(item):
                return None
            image = self._image(self._keys[number])
            caption = plain_text(without_shortcodes(item.excerpt, self._rules))
            return self._as_picture(image, item.attachment or item.guid, alt, caption)
        if not address or not address.startswith(("http://", "https://")):
            return None
        return self._as_picture(self._outside(address, alt), address, alt, "")

    def discard(self, since=0):
        """Delete the files stored since then: their rows were rolled back, files have no transactions."""
        for name, token in self.made[since:]:
            renditions.forget(token, name)
        del self.made[since:]

    def forget(self):
        """Look every picture up anew."""
        self._images.clear()

    def _as_picture(self, image, address, alt, caption):
        here = image is not None and bool(image.original)
        if image is not None and alt and not image.alt and image.pk in self._new:
            image.alt = alt[:300]
            image.save(update_fields=["alt"])
        return Picture(
            pk=image.pk if image is not None else None,
            name=_file_name(address),
            here=here,
            sha256=image.sha256 if image is not None else "",
            alt=image.alt if image else alt,
            caption=caption or (image.caption if image else ""),
        )

    def _image(self, key):
        if key not in self._images:
            self._images[key] = Image.objects.filter(imported_from=key).first()
        return self._images[key]

    def _outside(self, address, alt):
        """A picture that no attachment stands for: ours if the folder has its file, or could have it one day."""
        key = key_that_fits(address)
        image = self._image(key)
        if image is None and (self._is_of_old_site(address) or self._file(address)):
            words = {"title": _file_name(address)[:160], "alt": alt[:300]}
            words["metadata"] = {"imported": {"address": address}}
            image = self._make(key, address, words, None)
        return image

    def _number(self, address):
        """The attachment of an address, of the picture itself or of one of its smaller sizes."""
        path = _path_of(address)
        return self._addresses.get(path) or self._addresses.get(RESIZED.sub("", path))

    def _make(self, key, address, words, entry, item=""):
        words["imported_from"] = key
        path = self._file(address)
        image = path and self._stored(path, words, entry)
        if not image:
            image = Image.objects.create(**words)
        self._images[key] = image
        self._new.add(image.pk)
        self._made_row("image", image.pk, item)
        return image

    def _bring_file(self, image, address, entry):
        """Put the file of a picture that was recorded without one; True if it came."""
        path = not image.original and self._file(address)
        if not path:
            return False
        try:
            with path.open("rb") as file:
                images.bring_file(image, File(file, name=path.name))
        except (Refused, OSError) as problem:
            if entry:
                entry.say(f"its file was not taken: {problem}")
            return False
        self.made.append((image.original.name, image.token))
        late_pictures.mark_as_late(image)
        return True

    def _stored(self, path, words, entry):
        """The Image of a file, or None where it is no picture that we take."""
        said = {name: value for name, value in words.items() if value and name != "metadata"}
        try:
            with path.open("rb") as file:
                image = images.take_in(File(file, name=path.name), by=None, first_alone=True, **said)
        except (Refused, OSError) as problem:
            if entry:
                entry.say(f"its file was not taken: {problem}")
            return None
        if image.moves and entry:
            entry.say("it moves; readers get its first frame alone")
        self.made.append((image.original.name, image.token))
        image.metadata = {**image.metadata, **words.get("metadata", {})}
        image.save(update_fields=["metadata"])
        return image

    def _file(self, address):
        """The file of an address below the folder, the largest there is of it; never one outside of the folder."""
        if self.media is None:
            return None
        path = _path_of(address).split("wp-content/uploads/")[-1].lstrip("/")
        for wanted in dict.fromkeys([RESIZED.sub("", path), path]):
            places = [f"{folder}/{wanted}".lstrip("/") for folder in FOLDERS] + [wanted.rsplit("/", 1)[-1]]
            for place in places:
                found = (self.media / place).resolve()
                if found.is_file() and found.is_relative_to(self.media):
                    return found
        return None


def is_picture(item):
    return bool(PICTURE_FILE.search(_path_of(item.attachment or item.guid)))


def _image_fields(item, entry, rules=None):
    """The words of an attachment as an Image keeps them."""
    words = {
        "title": plain_text(item.title)[:160],
        "alt": plain_text(item.meta.get("_wp_attachment_image_alt", "")),
        "caption": plain_text(without_shortcodes(item.excerpt, rules)),
        "metadata": {"imported": {"address": item.attachment or item.guid, "description": plain_text(item.content)}},
    }
    for name, most in (("alt", 300), ("caption", 600)):
        if len(words[name]) > most:
            words["metadata"]["imported"][name] = words[name]
            words[name] = words[name][: most - 1].rsplit(" ", 1)[0] + "…"
            entry.say(f"its {name} was longer than {most} characters and is shortened; the whole is in its metadata")
    return words


def _path_of(address):
    """An address without scheme, host and query, decoded."""
    try:
        return unquote(urlsplit(address or "").path).replace("\0", "")
    except ValueError:
        return ""


def _file_name(address):
    return _path_of(address).rsplit("/", 1)[-1] or address
