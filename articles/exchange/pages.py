"""Pages of an export as policy pages, not public until somebody has looked at them."""

from urllib.parse import unquote

from django.utils.text import slugify

from newsroom.models import PolicyPage

from . import words
from .convert import plain_text
from .report import Outcome
from .shortcodes import without_shortcodes


class Pages:
    """Imports the pages of one run. `work` is the import that it belongs to."""

    def __init__(self, work):
        self.work, self._taken = work, set()

    def plan(self, item, keys):
        """(the page that is here or None, the slug of one to make)."""
        if here := keys.find(PolicyPage, "page", lambda page: page.title):
            return here, here.slug
        title = " ".join(plain_text(item.title).split())
        base = (slugify(unquote(item.name)) or slugify(title))[:50].strip("-") or f"page-{item.id}"
        slug, number = base, 2
        while slug in self._taken or PolicyPage.objects.filter(slug=slug).exists():
            slug, number = f"{base[:46].rstrip('-')}-{number}", number + 1
        self._taken.add(slug)
        return None, slug

    def bring(self, item, entry, keys, plan):
        """Import a page as it was planned, or say that it is here."""
        here, slug = plan
        if here:
            entry.became(Outcome.HERE, "left as it is")
            return
        excerpt = " ".join(plain_text(without_shortcodes(item.excerpt, self.work.rules)).split())
        above = f"<p>{words.html.escape(excerpt, quote=False)}</p>" if excerpt else ""
        page = PolicyPage.objects.create(
            slug=slug,
            title=words.headline_of(item, entry, 120),
            body=words.whole_title_of(item, 120) + above + self.work.stories.text(item, entry),
            public=False,
            order=PolicyPage.objects.count() + 1,
            imported_from=keys.to_store,
        )
        self.work.made("page", page.pk, item.id)
        self.work.addresses.keep_other(item.link, entry, page=page)
        if item.password:
            entry.say("was protected by a password, which is dropped")
        if item.comments:
            entry.say(f"{len(item.comments)} comments skipped: pages have no discussion here")
        if item.parent not in ("", "0"):
            entry.say("stood under another page; pages have no levels here")
        entry.became(Outcome.PAGE)
