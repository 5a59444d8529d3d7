"""The tokens of a story for the index, and its key there."""

from ..body import plain
from . import words

MOST_TOKENS = 60_000  # tokens of one body; PostgreSQL has a limit, and a story has fewer
FIELDS = ("head", "lead", "names", "body")  # by weight, the heaviest first

# A key's lower bits keep apart editions that were published in the same second.
KEY_BITS = 20


def search_key(edition):
    """An edition's key: ordered by it, editions stand as in every list, by first publication."""
    return search_key_at(edition.first_published_at) + edition.pk % (1 << KEY_BITS)


def search_key_at(moment):
    """The lowest key of a moment, to the second."""
    return int(moment.timestamp() // 1) << KEY_BITS


def edition_fields(edition, text):
    """{field: tokens} of an edition, from its frozen text."""
    heads = [text.headline, text.short_headline]
    return _tokens_by_field(heads, [text.standfirst], _names_in(text.data), [text.data.get("dateline", ""), text.plain])


def printed_pieces(text):
    """The pieces of an edition that its words for "did you mean" come from."""
    return [text.headline, text.short_headline, text.standfirst, *_names_in(text.data)]


def _names_in(data):
    names = [line["name"] for line in data.get("bylines", [])]
    names += [f"{person['name']}, {person.get('attribution', '')}" for person in data.get("people", [])]
    names += [topic["name"] for topic in data.get("topics", [])]
    return [*names, (data.get("credit") or {}).get("name", "")]


def article_fields(article):
    """{field: tokens} of a working copy, with the desk's own names for it, such as the catchline."""
    names = [line.contributor.name for line in article.bylines.select_related("contributor")]
    heads = [article.headline, article.short_headline, article.catchline, article.slug.replace("-", " ")]
    return _tokens_by_field(
        heads, [article.standfirst, article.budget_line], names, [plain.plain_text_of(article.body)]
    )


def filter_tags(edition):
    """Tokens for filtering by section, or the one that it is part of, and genre. They have a sign that no word has."""
    sections = filter(None, (edition.section_id, edition.section.parent_id))
    return [*map(section_tag, sections), genre_tag(edition.genre)]


def section_tag(pk):
    return f"¤s{int(pk)}"


def genre_tag(name):
    return "¤g" + "".join(c for c in str(name) if c.isalnum())[: words.LONGEST]


def _tokens_by_field(*fields):
    # A token that nobody can type ends each piece, so that no phrase runs from one into the next.
    return {
        name: [token for piece in pieces if piece for token in [*words.tokens(piece), "¤"]][:MOST_TOKENS]
        for name, pieces in zip(FIELDS, fields, strict=True)
    }
