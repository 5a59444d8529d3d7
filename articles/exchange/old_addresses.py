"""The addresses of an old site: what of them is kept, and where each of them leads here."""

from collections import Counter
from urllib.parse import unquote, urlsplit

from django.utils.text import slugify

from ..models import OldAddress, Path, Section
from ..models.section import RESERVED

LONGEST = 300
# A word that the site may need as a page of its own may still begin an address of an old site in another language.
LANGUAGES = frozenset("ar de es fr zh".split())
NO_ADDRESS = frozenset({"", "/", "/index.php"})


def key_of_link(link):
    """An address of the old site as we keep it, or ""."""
    try:
        parts = urlsplit(link)
        return Path.legacy_key(unquote(parts.path) or "/", parts.query) if link else ""
    except ValueError:
        return ""


def _is_the_sites(path):
    """Whether an address belongs to the pages that the site itself has or may have."""
    first, *more = path.strip("/").split("/")
    return first in RESERVED and not (more and first in LANGUAGES)


def _former_addresses(item):
    """The addresses that an item had under its former slugs, as WordPress goes on to answer them."""
    before, slash, last = key_of_link(item.link).rstrip("/").rpartition("/")
    if not slash or last != unquote(item.name) or last == "":
        return set()
    return {f"{before}/{unquote(slug)}/" for slug in item.former_slugs} - {f"{before}/{last}/"}


def _still_there(rows):
    """Those of {name: row or None} that the database has."""
    return {name: row for name, row in rows.items() if row and type(row).objects.filter(pk=row.pk).exists()}


def _target(became):
    return {"section": became} if isinstance(became, Section) else {"topic": became}


class OldAddresses:
    """Keeps the old addresses of one import. `claim` every item of the file before the first is kept."""

    def __init__(self, run=None):
        self._claims, self._former, self._kept, self.run = Counter(), Counter(), [], run
        self.fronts = Counter()  # how many of which kind lead to a new front

    def claim(self, item):
        """Count whose address it is: one that two items of a file have is nobody's."""
        self._claims[key_of_link(item.link)] += 1
        self._former.update(_former_addresses(item))

    def is_shared(self, key):
        """Whether more than one item of the file has this address."""
        return self._claims[key] > 1

    def keep(self, article, item, entry):
        """Redirect an item's old address to its article, for good; its entry says why not, where not."""
        path = key_of_link(item.link)
        if path in NO_ADDRESS:
            entry.say("had no address of its own, so none is redirected")
        elif self.is_shared(path):
            entry.say(f"its old address {path} is another story's in this file too and is not redirected")
        elif len(path) > LONGEST:
            entry.say(f"its old address is longer than {LONGEST} characters and is not redirected")
        elif _is_the_sites(path):
            entry.say(f"its old address {path} belongs to a page of the site now and is not redirected")
        else:
            row, _ = Path.objects.get_or_create(path=path, defaults={"article": article, "legacy": True})
            if row.article_id != article.pk:
                entry.say(f"its old address {path} is another story's here and is not redirected")
            self._kept.append((path, entry))

    def keep_former(self, article, item, entry):
        """Redirect the addresses that a story had under former slugs, where no other item has or had them."""
        for path in _former_addresses(item):
            free = not self._claims[path] and self._former[path] == 1 and len(path) <= LONGEST
            row = free and Path.objects.get_or_create(path=path, defaults={"article": article, "legacy": True})[0]
            if not row or row.article_id != article.pk:
                entry.say(f"its former address {path} is another's too and is not redirected")

    def keep_number(self, article, item, entry, base):
        """Redirect the short address of a story, such as /?p=12, which feeds and mails carried."""
        short = f"{base}/?p={item.id}"
        if key_of_link(item.guid) != short or self.is_shared(short):
            return
        row, _ = Path.objects.get_or_create(path=short, defaults={"article": article, "legacy": True})
        if row.article_id != article.pk:
            entry.say(f"its short address {short} is another story's here and is not redirected")

    def keep_other(self, address, entry=None, **target):
        """Redirect an old address to what is no story: a section, topic, contributor, page or image."""
        path = key_of_link(address)
        free = path not in NO_ADDRESS and len(path) <= LONGEST and not self.is_shared(path)
        if not free or _is_the_sites(path) or Path.objects.filter(path=path).exists():
            if entry and path not in NO_ADDRESS:
                entry.say(f"its old address {path} is not redirected: it is another's, or the site needs it")
            return False
        row, made = OldAddress.objects.get_or_create(path=path, defaults=target | {"run": self.run})
        return made

    def keep_archives(self, filing, header, base):
        """Redirect the fronts of categories and tags to what they became."""
        # What was made for an item that failed is not there any more.
        for slug, became in _still_there(filing.categories).items():
            for path in {f"{base}/category/{slug}/", f"{base}/category/{'/'.join(header.line_of(slug))}/"}:
                self.fronts["categories"] += self.keep_other(path, **_target(became))
        for slug, topic in _still_there(filing.tags).items():
            self.fronts["tags"] += self.keep_other(f"{base}/tag/{slug}/", topic=topic)

    def keep_author(self, login, person, base):
        """Redirect the front of an author to the contributor that they are here."""
        self.fronts["authors"] += self.keep_other(f"{base}/author/{slugify(login)}/", contributor=person)

    def report_sections(self):
        """Say of which addresses a section's front stands in the way, once all sections are made."""
        sections = set(Section.objects.values_list("slug", flat=True))
        for path, entry in self._kept:
            if path.strip("/") in sections:
                entry.say(f"its old address {path} is the front of a section now and is not redirected")
