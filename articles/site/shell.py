"""What stands around every page: the paper's name, its sections and policies, and today's date."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from articles import rendering
from articles.models import Section
from newsroom import clock, paper
from newsroom.models import PolicyPage, Publication
from newsroom.web import pages

from . import structured

_kept = pages.Kept()
_pages = pages.Kept(size=128)


@dataclass(frozen=True)
class Shell:
    """What templates call `shell`."""

    publication: Publication
    sections: list
    policies: list
    today: object = None
    until: object = None  # when today ends

    @property
    def zone(self):
        return self.publication.zone

    def policy(self, word):
        """The address of the policy page whose slug holds a word, or ""."""
        return next((one["url"] for one in self.policies if word in one["url"]), "")

    def at(self, section):
        """The same with one section marked as the reader's place, by its id."""
        return replace(self, sections=[one | {"current": one["id"] == section} for one in self.sections])


def of(beat):
    """The shell as it stands at this beat; three queries when something has changed, none otherwise."""
    shell = _kept.get(beat.key, "shell", _load)
    today = paper.day_of(clock.process_time(), shell.zone)

    def begun():
        return replace(shell, today=today, until=datetime.combine(today + timedelta(days=1), time(), shell.zone))

    return _kept.get(beat.key, today, begun)


def _load():
    publication = Publication.objects.current() or Publication(name="A new paper", time_zone="UTC")
    sections = [
        {"id": section.pk, "name": section.name, "slug": section.slug, "url": section.get_absolute_url()}
        for section in Section.objects.visible().top()
    ]
    policies = [
        {"title": policy.title, "url": policy.get_absolute_url()}
        for policy in PolicyPage.objects.filter(public=True).only("slug", "title")
    ]
    return Shell(publication, sections, policies)


def page(shell, title, path, *, description="", kind="page", robots="", feeds=(), json_ld=None, og_type="website"):
    """What templates call `page`: what a page says of itself in its head."""
    publication = shell.publication
    return {
        "title": title if kind == "home" else f"{title} · {publication.name}",
        "description": description,
        "canonical": structured.absolute(path),
        "language": publication.language,
        "direction": rendering.direction(publication.language),
        "robots": robots,
        "kind": kind,
        "og": {
            "type": og_type,
            "site_name": publication.name,
            "title": title,
            **({"description": description} if description else {}),
            "url": structured.absolute(path),
        },
        "feeds": list(feeds),
        "json_ld": structured.dumps(json_ld) if json_ld else "",
    }


def feeds(title, *, of="", **which):
    """The feeds of a page as its head lists them: RSS, Atom and JSON."""
    kinds = (("rss", "application/rss+xml"), ("atom", "application/atom+xml"), ("json", "application/feed+json"))
    return [
        {
            "title": title if name == "rss" else f"{title} ({name.upper() if name == 'json' else 'Atom'})",
            "url": reverse(f"site:feed_{of}{name}", kwargs=which),
            "type": kind,
        }
        for name, kind in kinds
    ]


def answer(request, template, context, *, beat, status=200, mark="", section=None, keep=None):
    """Answer with a page inside the shell. `context(shell)` makes what the template needs, `page` among it.

    With `keep`, a name for everything that the page depends on beside the beat, its HTML is made
    once while nothing changes, until the day ends.
    """
    shell = of(beat)

    def body():
        around = shell.at(section) if section else shell
        with timezone.override(shell.zone):
            return render_to_string(template, {"shell": around} | context(around)).encode()

    mark = f"{shell.today}{mark}"
    kept = (_pages, beat.key, (template, keep, shell.today)) if keep else None
    return pages.reply(request, body, pulse=beat, status=status, mark=mark, kept=kept, until=shell.until)
