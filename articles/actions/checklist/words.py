"""What the checklist asks of a story's words and filing: headline, section, text, address, length, what they name."""

from ...body import leftovers, plain, references
from ...models import Article, Edition, Section
from .. import addresses
from .findings import error, warning


def check_words_and_filing(story):
    """It has all that an edition is made of."""
    content = story.content
    if not content["headline"].strip():
        yield error("headline", "It has no headline.", "headline", overridable=False)
    section = Section.objects.filter(pk=content["section"]).first() if content["section"] else None
    if section is None:
        yield error("section", "It has no section.", "section", overridable=False)
    if not story.text.strip():
        yield error("body", "It has no text.", "body", overridable=False)
    for shortcode in leftovers.shortcodes_in(story.text):
        yield error(
            "shortcode", f"“{shortcode}” is an instruction of another system: readers would get it as it stands.",
            "body", about=shortcode,
        )  # fmt: skip
    if not content["slug"]:
        yield error("slug", "It has no slug: the end of its address.", "slug", overridable=False)
    elif section and (taken := addresses.path_of_another(story.article, section, content["slug"], story.at)):
        yield error(
            "slug", f"The address {taken} belongs to another story. Choose another slug.", "slug", overridable=False
        )
    if not content["standfirst"].strip():
        yield warning("standfirst", "It has no standfirst.", "standfirst")
    if not content["topics"]:
        yield warning("topic", "It is filed under no topic.", "topics")
    planned = story.article.planned_length
    if planned and plain.word_count(content["body"]) > planned * 1.2:
        yield warning("length", f"It is over its planned length of {planned} words by more than a fifth.", "body")


def check_references(story):
    """What the text names is there, and readers can see the stories that it leads to."""
    try:
        references.validate_references(story.content["body"])
    except references.ValidationError as problem:
        for message in dict.fromkeys(problem.messages):
            yield error("references", message, "body", overridable=False, about=message[:120])
    if story.references.articles:
        live = Edition.objects.live(story.at).filter(article__in=story.references.articles)
        missing = story.references.articles - set(live.values_list("article_id", flat=True))
        for other in Article.objects.filter(pk__in=missing).only("headline", "catchline").order_by("pk"):
            yield warning("related", f"Readers cannot see the related story “{other}” yet.", "body", about=other.pk)
