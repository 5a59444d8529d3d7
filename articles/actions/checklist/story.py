"""What the checks read of a story, loaded once."""

from django.utils.functional import cached_property

from newsroom.models import Publication
from newsroom.paper import day_of

from ... import genres
from ...body import passages, plain, references
from ...models import Contributor, Image, PictureRuling
from ..people import merged_cards
from . import signoffs
from .people import cards_of


class CheckedStory:
    """A content of a story as the checks read it, for a publication at a moment.

    Its words and references are the content's; hold, embargo, sign-offs and notes are the article's own.
    """

    def __init__(self, article, content, at):
        # Before merges are looked at: a sign-off names the cards that stood when it was given, and so does its version.
        self.signed = set(signoffs.signoffs_that_count([(None, article.pk, content)])[None])
        content = merged_cards.content_with_standing_cards(content)
        self.article, self.content, self.at = article, content, at
        self.genre = genres.GENRES[content["genre"]]
        self.references = references.references_of(content["body"])
        self.text = plain.plain_text_of(content["body"])
        lead = content.get("lead_image") or {}
        self.lead = lead.get("id")
        self.images = Image.objects.in_bulk(self.references.images | ({self.lead} if self.lead else set()))
        self.rulings = PictureRuling.objects.in_force([image for image in self.images.values() if image.ai])
        self.writers = [line for line in content["bylines"] if line["role"] == "writer"]
        self.contributors = Contributor.objects.in_bulk([line["contributor"] for line in content["bylines"]])
        self.today = day_of(at)
        self.cards = cards_of(content)

    @cached_property
    def publication(self):
        """The paper with its house rules, or None before it has been set up."""
        return Publication.objects.current()

    @cached_property
    def passages(self):
        """The passages of its text (body/passages.py)."""
        return passages.passages_of(self.content["body"])
