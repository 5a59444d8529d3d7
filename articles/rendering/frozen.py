"""What a rendering is made of: the paper's own facts, and an edition's frozen text with the names of today."""

from dataclasses import dataclass

from newsroom.models import Publication, Pulse, Topic

from ..models import Contributor, EditionText
from . import pictures


@dataclass(frozen=True)
class PaperFacts:
    """What a rendering takes from the paper itself; changing it must raise the pulse's rendering_version."""

    publication: Publication
    version: int

    @classmethod
    def current(cls):
        """The paper's name and zone and the rendering version as they are now; two queries."""
        publication = Publication.objects.current() or Publication(name="")
        return cls(publication, Pulse.objects.filter(pk=1).values_list("rendering_version", flat=True).first() or 1)


@dataclass(frozen=True)
class FrozenStory:
    """An edition's frozen text and data, with the present names of its section, topics and contributors.

    They may be renamed after it was frozen, and their pages answer under the new slug only.
    """

    text: EditionText
    data: dict

    @classmethod
    def of_edition(cls, edition):
        """Three queries at the most: for topics, contributors and the lead picture's focal point."""
        text, data = edition.text, edition.text.data
        section = edition.section
        topics = Topic.objects.select_related("merged_into").in_bulk([topic["id"] for topic in data.get("topics", [])])
        people = Contributor.objects.in_bulk([line["contributor"] for line in data.get("bylines", [])])
        now = {}
        for topic in topics.values():
            topic = topic.merged_into or topic
            now[topic.pk] = {"id": topic.pk, "name": topic.name, "slug": topic.slug}
        label = data["labels"]["label"]
        return cls(
            text,
            data
            | {
                "section": {"id": section.pk, "name": section.name},
                "above": visible_sections(section),
                "topics": sorted(now.values(), key=lambda topic: topic["name"]),
                "bylines": [
                    line | {"slug": people[line["contributor"]].slug if line["contributor"] in people else line["slug"]}
                    for line in data.get("bylines", [])
                ],
                "labels": data["labels"] | {"card_label": label or section.name},
                "lead_image": pictures.with_crops(data.get("lead_image")),
            },
        )


def visible_sections(section):
    """The section and what it is part of, from the top down, without those that readers do not see."""
    return [
        {"name": one.name, "url": one.get_absolute_url()} for one in (section.parent, section) if one and one.visible
    ]
