"""What of a story's content counts as its words, and whether two contents differ in them."""

from ..body.strip import without_desk_notes
from .people import terms

# What an edition freezes, WORKFLOW's Words: a change of these after approval needs another pair of eyes.
WORDS = ("headline", "short_headline", "seo_title", "social_title", "slug", "genre", "origin", "section", "language",
         "label", "standfirst", "body", "dateline", "credit", "bylines", "lead_image", "pictures", "attributions",
         "appearances", "quotes", "genre_facts", "ai_use")  # fmt: skip


def words_differ(old, new):
    """Whether two contents differ in words that readers would read."""
    printed = ("quotes", "appearances")
    if any(terms.parts_readers_read(old, name) != terms.parts_readers_read(new, name) for name in printed):
        return True
    # A note among colleagues marks words and changes none.
    old, new = ({**content, "body": without_desk_notes(content.get("body"))} for content in (old, new))
    return any(old.get(name) != new.get(name) for name in WORDS if name not in printed)
