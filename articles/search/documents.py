"""What of a story goes into the index, as tokens, and under which key."""

from ..body import plain
from . import words

MOST_TOKENS = 60_000  # tokens of one body; PostgreSQL has a limit, and a story has fewer
FIELDS = ("head", "lead", "names", "body")  # by weight, the heaviest first

# A key's lower bits tell apart what was published in the same second.
KEY_BITS = 20


def search_key(edition):
    """An edition's search_key: in its order, editions stand as in every list, by first publication."""
    return search_key_at(edition.first_published_at) + edition.pk % (1 << KEY_BITS)


def search_key_at(moment):
    """The lowest key of a moment, to the second."""
    return int(moment.timestamp() // 1) << KEY_BITS


def edition_fields(edition, text):
    """{field: tokens} of an edition, from its frozen words."""
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
    """{field: tokens} of a working copy, with the names that only the desk uses for it."""
    names = [line.contributor.name for line in article.bylines.select_related("contributor")]
    heads = [article.headline, article.short_headline, article.catchline, article.slug.replace("-", " ")]
    return _tokens_by_field(
        heads, [article.standfirst, article.budget_line], names, [plain.plain_text_of(article.body)]
    )


def filter_tags(edition):
    """Tokens that filter: no word can be one, for no word has this sign."""
    return [section_tag(edition.section_id), genre_tag(edition.genre)]


def section_tag(pk):
    return f"¤s{int(pk)}"


def genre_tag(name):
    return "¤g" + "".join(c for c in str(name) if c.isalnum())[: words.LONGEST]


def _tokens_by_field(*fields):
    # What stands in two pieces is no phrase, so a token that nobody can type keeps them apart.
    return {
        name: [token for piece in pieces if piece for token in [*words.tokens(piece), "¤"]][:MOST_TOKENS]
        for name, pieces in zip(FIELDS, fields, strict=True)
    }
