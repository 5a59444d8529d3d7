"""What the form shows of a story that whoever looks may not change."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join

from newsroom.desk.display import thumbnail

from ... import genres
from ...rendering import text_direction
from .reading import readable_body


class ShownParts:
    """The read-only parts of a story's form, mixed into the article's admin."""

    @admin.display(description="text")
    def body_shown(self, article):
        return format_html(
            '<div class="readable" lang="{}" dir="{}">{}</div>',
            article.language,
            text_direction(article.language),
            readable_body(article.body, article.language) or "No text yet.",
        )

    @admin.display(description="also filed under")
    def sections_shown(self, article):
        return ", ".join(section.name for section in article.sections.all()) or "—"

    @admin.display(description="topics")
    def topics_shown(self, article):
        return ", ".join(topic.name for topic in article.topics.all()) or "—"

    @admin.display(description="what the genre asks")
    def facts_shown(self, article):
        facts = genres.GENRES[article.genre].facts
        rows = [(fact.label, article.genre_facts.get(fact.name) or "—") for fact in facts]
        return format_html_join("", "<p><b>{}</b> <bdi>{}</bdi></p>", rows)

    @admin.display(description="")
    def lead_shown(self, article):
        return thumbnail(article.lead_image) if article.lead_image_id else "None yet"
