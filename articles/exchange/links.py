"""Links of a text to its own old site: to stories that come along, to their new places; others are named."""

from urllib.parse import unquote, urlsplit

from .old_addresses import key_of_link

UPLOADS = "wp-content/uploads/"


class Links:
    """Knows where the items of an export stand here. `site` is the old site's address."""

    def __init__(self):
        self._hosts, self.base, self._places = set(), "", {}

    def set_site(self, address):
        """Say what the old site's address was."""
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = (parts.hostname or "").removeprefix("www.")
        self._hosts, self.base = {host} - {""}, parts.path.rstrip("/")

    def place(self, item, path):
        """Say where an item stands here."""
        for key in (key_of_link(item.link), f"{self.base}/?p={item.id}"):
            if key not in ("", "/"):
                # Two items with one address: a link to it could mean either.
                self._places[_bare(key)] = path if self._places.get(_bare(key), path) == path else ""

    def place_address(self, address, path):
        """Say where an address of the old site leads here."""
        self._places.setdefault(_bare(address), path)

    def is_of_old_site(self, address):
        """Whether an address is one of the old site's, as far as the export tells."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        if parts.scheme not in ("", "http", "https"):
            return False
        if parts.netloc:
            return (parts.hostname or "").removeprefix("www.") in self._hosts
        return bool(self._hosts) and address.startswith(("/", "?"))

    def leads_to(self, address):
        """(where a link leads here, what to say of it). Both "" for a link that is not the old site's."""
        if not self.is_of_old_site(address):
            return "", ""
        parts = urlsplit(address)
        key = key_of_link(address) or (parts.path or "/")
        if key.startswith("?"):
            key = f"{self.base}/{key}"
        if found := self._places.get(_bare(key)):
            return found + (f"#{parts.fragment}" if parts.fragment else ""), ""
        if UPLOADS in parts.path:
            name = unquote(parts.path.rsplit("/", 1)[-1])
            return "", f"links to a file of the old site, {name}, which stays there: {address}"
        if _bare(key) in ("", self.base):
            return "/", ""
        return "", f"links to a page of the old site that has no place here: {address}"


def _bare(key):
    """An address without the slash at its end, which readers leave out."""
    path, mark, number = key.partition("?p=")
    return f"{path.rstrip('/')}{mark}{number}"
