"""Which item of an export is which row here: by its guid, and by its number where items share a guid."""

import hashlib
from collections import defaultdict

from . import runs
from .convert import plain_text

LONGEST_KEY = 300  # characters that a guid may have in our columns


def key_that_fits(key):
    """A key that fits its column; a longer one ends in a fingerprint of the whole."""
    return key if len(key) <= LONGEST_KEY else f"{key[: LONGEST_KEY - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"


class Keys:
    """The two keys of one item: the guid, if it is the first of the file to have it, and one that is its own."""

    def __init__(self, guid, own, item):
        self.guid, self.own, self.item = guid, own, item

    def find(self, model, kind, title_of):
        """The row that was made of this item before, or None.

        A row with its guid was made of another item where both its number and its title are others.
        """
        if found := model.objects.filter(imported_from=self.own).first():
            return found
        found = self.guid and model.objects.filter(imported_from=self.guid).first()
        if not found:
            return None
        number = runs.item_number(kind, found.pk)
        if number in ("", self.item.id) or title_of(found) == " ".join(plain_text(self.item.title).split()):
            return found
        self.guid = ""
        return None

    @property
    def to_store(self):
        """The key under which a new row is stored; ask `find` first."""
        return self.guid or self.own


class Identities:
    """Gives the items of one file their keys, in the file's order."""

    def __init__(self):
        self._items = defaultdict(list)  # (kind, guid) → what is known of each item with it

    def keys_of(self, item, site):
        """(Keys of the next item, what to say of it); no Keys for one that stands in the file a second time."""
        guid = item.guid or f"{site}/?p={item.id}"
        said = (item.title, item.link, item.status, item.content, item.excerpt, item.attachment, item.creator)
        words = "\0".join((*said, repr(item.meta), repr(item.at)))
        seen = self._items[item.type, guid]
        this = (item.id, hashlib.sha256(words.encode("utf-8", "replace")).digest())
        if this in seen:
            return None, "stands in the file twice, word for word"
        same = sum(number == item.id for number, _ in seen)
        first = not seen
        seen.append(this)
        own = key_that_fits(f"{guid}#{item.id}" + (f"-{same + 1}" if same else ""))
        note = "" if first else f"the export repeats a guid, {guid}: each item with it is taken by itself"
        return Keys(key_that_fits(guid) if first else "", own, item), note
