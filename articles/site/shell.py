"""The shell around every page: the paper's name, its sections and policies, and today's date."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from articles import rendering
from articles.models import Section
from articles.rendering import structured
from newsroom import clock, paper
from newsroom.models import PolicyPage, Publication
from newsroom.web import pages

_kept_shells = pages.Kept()
_kept_pages = pages.Kept(size=128)


@dataclass(frozen=True)
class Shell:
    """What templates call `shell`."""

    publication: Publication
    sections: list  # those at the top, each with its sub-sections as `children`
    policies: list
    today: object = None
    until: object = None  # when today ends

    @property
    def zone(self):
        return self.publication.zone

    def policy_url(self, word):
        """The address of the policy page whose slug holds a word, or ""."""
        return next((one["url"] for one in self.policies if word in one["url"]), "")

    def with_current_section(self, section):
        """A copy with one section, given by id, marked as the current one; or the one that it is part of."""
        return replace(
            self,
            sections=[
                one | {"current": section in (one["id"], *(child["id"] for child in one["children"]))}
                for one in self.sections
            ],
        )

    @property
    def all_sections(self):
        """Every section that readers see, each sub-section after the one that it is part of."""
        return [section for one in self.sections for section in (one, *one["children"])]

    def children_of(self, section):
        """The sub-sections of a section, given by id."""
        return next((one["children"] for one in self.sections if one["id"] == section), [])

    def parent_of(self, section):
        """The section that this one, given by id, is part of, or None."""
        return next((one for one in self.sections if any(child["id"] == section for child in one["children"])), None)


def shell_for_beat(beat):
    """The Shell at this beat; three queries if something has changed since the last one, else none."""
    shell = _kept_shells.get(beat.key, "shell", _load_shell)
    today = paper.day_of(clock.process_time(), shell.zone)

    def begun():
        return replace(shell, today=today, until=datetime.combine(today + timedelta(days=1), time(), shell.zone))

    return _kept_shells.get(beat.key, today, begun)


def _load_shell():
    publication = Publication.objects.current() or Publication(name="A new paper", time_zone="UTC")
    sections = {
        section.pk: {
            "id": section.pk, "name": section.name, "slug": section.slug, "url": section.get_absolute_url(),
            "parent": section.parent_id, "children": [],
        }
        for section in Section.objects.visible()
    }  # fmt: skip
    top = []
    for one in sections.values():
        # Where its parent is hidden, nothing else would lead to it.
        (sections[one["parent"]]["children"] if one["parent"] in sections else top).append(one)
    policies = [
        {"title": policy.title, "url": policy.get_absolute_url()}
        for policy in PolicyPage.objects.filter(public=True).only("slug", "title")
    ]
    return Shell(publication, top, policies)


def page_context(
    shell, title, path, *, description="", kind="page", robots="", feeds=(), json_ld=None, og_type="website"
):
    """The data that templates call `page`, for the head of a page."""
    publication = shell.publication
    return {
        "title": title if kind == "home" else f"{title} · {publication.name}",
        "description": description,
        "canonical": structured.absolute_url(path),
        "language": publication.language,
        "direction": rendering.text_direction(publication.language),
        "robots": robots,
        "kind": kind,
        "og": {
            "type": og_type,
            "site_name": publication.name,
            "title": title,
            **({"description": description} if description else {}),
            "url": structured.absolute_url(path),
        },
        "feeds": list(feeds),
        "json_ld": structured.json_ld_text(json_ld) if json_ld else "",
    }


def feed_links(title, *, of="", **which):
    """The links to a page's feeds in its head: RSS, Atom and JSON."""
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
    """Answer with a page inside the shell; `context(shell)` returns the template's data, `page` included.

    `keep` names everything that the page depends on besides the beat; with it, the HTML is kept and used again
    until something changes or the day ends.
    """
    shell = shell_for_beat(beat)

    def body():
        around = shell.with_current_section(section) if section else shell
        with timezone.override(shell.zone):
            return render_to_string(template, {"shell": around} | context(around)).encode()

    mark = f"{shell.today}{mark}"
    kept = (_kept_pages, beat.key, (template, keep, shell.today)) if keep else None
    return pages.reply(request, body, pulse=beat, status=status, mark=mark, kept=kept, until=shell.until)
