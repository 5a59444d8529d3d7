"""Authors of an export as contributors."""

from ..models import Contributor
from .convert import plain_text
from .identity import key_that_fits
from .wxr_items import Author

LONGEST_BIO = 1500


class Authors:
    """Finds and makes the contributors of one import."""

    def __init__(self, header, report, made=None, keep_front=None):
        self._keep_front = keep_front or (lambda login, person: None)
        self.header, self.report, self._known = header, report, {}
        self._guests = {}  # login → Author, of a plugin's guests
        self._made = made or (lambda *row: None)

    def add_guest(self, item):
        """Remember a guest author, who is an item of the export."""
        login = (item.meta.get("cap-user_login") or item.name).removeprefix("cap-")
        names = [item.meta.get(f"cap-{which}_name", "") for which in ("first", "last")]
        name = item.meta.get("cap-display_name") or item.title or " ".join(filter(None, names))
        self._guests[login] = Author(login, name, item.meta.get("cap-description", "") or item.content)

    def forget(self):
        """Look everybody up anew."""
        self._known.clear()

    def contributors_of(self, item, entry):
        """The contributors of an item in order: its co-authors where a plugin names them, else its author."""
        names = {term.slug.removeprefix("cap-"): term.name for term in item.terms if term.domain == "author"}
        logins = list(names) or [item.creator]
        found = [self._contributor(login, names.get(login, "")) for login in logins if login]
        if not found:
            entry.say("the export names no author")
        return list(dict.fromkeys(found))

    def _contributor(self, login, name):
        if login not in self._known:
            self._known[login] = self._find(login, name)
            self._keep_front(login, self._known[login])
        return self._known[login]

    def _find(self, login, name):
        author = self._guests.get(login) or self.header.authors.get(login)
        name = " ".join(plain_text((author.name if author else "") or name).split())[:120] or login[:120]
        if "@" in name:
            self.report.general.append(
                "An author is named by an e-mail address: only what stands before the @ is taken"
            )
            name = name.partition("@")[0] or "Unnamed"
        key = key_that_fits(f"{self.header.site}#author-{login}")
        found = Contributor.objects.filter(imported_from=key).first() or Contributor.objects.filter(name=name).first()
        if found:
            return found
        about = plain_text(author.about) if author else ""
        if len(about) > LONGEST_BIO:
            self.report.general.append(f"The biography of {name} is longer than 1,500 characters and was cut: {about}")
        self.report.general.append(f"Contributor made: {name} (the export's e-mail address is not taken over)")
        made = Contributor.objects.create(name=name, bio=about[:LONGEST_BIO], imported_from=key)
        self._made("contributor", made.pk)
        return made
