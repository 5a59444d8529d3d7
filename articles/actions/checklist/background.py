"""What the checklist asks where terms keep a speaker's name out: that the story does not say it all the same."""

from newsroom.folding import fold
from newsroom.models import Topic

from ...body import naming, passages
from ...models import Article, Edition
from ..people import terms
from .findings import error, warning

REPEATED = 3  # words of a quotation that make another place in the story a repetition of it
PART = 4  # words in a row of a quotation that make a headline or the like a repetition of it
IN_THE_TEXT = "the text"


def check_background(story):
    """No name of somebody on background beside their words, nor, without somebody's yes, elsewhere in the story."""
    quotes = {
        quote["uid"]: quote
        for quote in story.content["quotes"]
        if terms.rule_at(quote, story.at) in terms.UNNAMED and quote["expert"] in story.cards
    }
    if not quotes:
        return
    reader = naming.Reader(_known(story, {quote["expert"] for quote in quotes.values()}), story.content["language"])
    found = story.passages
    named = [_named_in_passage(story, passage, reader) for passage in found]
    told, elsewhere = set(), {}  # uids of quotations; {who: {where: [texts that name them]}}
    near_words = set()  # places of the passages that are read with words on background
    beside = {}  # {who: places of the passages that an error has named}
    for place, near in enumerate(passages.beside(found)):
        for uid in filter(quotes.get, found[place].quotes):
            speaker = quotes[uid]["expert"]
            near_words.update(near)
            if where := {other for other in near if speaker in named[other]}:
                told.add(uid)
                beside.setdefault(speaker, set()).update(where)
                yield _error(story, quotes[uid], "in the text")
    for place, people in enumerate(named):
        for pk in people:
            if place not in beside.get(pk, ()):
                elsewhere.setdefault(pk, {}).setdefault(IN_THE_TEXT, []).append(fold(found[place].words))
        for pk in _hinted_in_passage(found[place], reader, is_near=place in near_words) - people:
            elsewhere.setdefault(pk, {}).setdefault("small letters or an address in the text", [])
        for pk in reader.named_in(found[place].words, middle=True) - people:
            elsewhere.setdefault(pk, {}).setdefault("the middle of their name in the text", [])
    parts = {}  # {what a piece is called: what stands in it as PART words in a row}
    for name, text, options in _other_pieces(story):
        named_here = reader.named_in(text, **options)
        for pk in reader.named_in(text, middle=True, **options) - named_here:
            elsewhere.setdefault(pk, {}).setdefault(f"the middle of their name in {name}", [])
        for pk in named_here:
            elsewhere.setdefault(pk, {}).setdefault(name, []).append(fold(text))
            parts[name] = parts.get(name) or _parts_of(fold(text))
    for uid, quote in quotes.items():
        places = elsewhere.get(quote["expert"], {})
        if uid not in told and (where := _repeated_beside_name(quote, places, parts)):
            del places[where]
            yield _error(story, quote, f"in {where}")
        elif uid not in told and quote["expert"] in reader.named_in(quote.get("descriptor", "")):
            yield _error(story, quote, "in what the story calls the person")
    in_sight = {row["expert"] for row in terms.people_to_name(story.content, story.at)}
    for pk in dict.fromkeys(quote["expert"] for quote in quotes.values()):
        if places := [*elsewhere.get(pk, {}), *(["the people in it"] if pk in in_sight else [])]:
            message = f"{story.cards[pk]} speaks on background, and the story names them: {', '.join(places)}."
            yield warning("background name elsewhere", message, "body", about=pk)


def _error(story, quote, where):
    message = (
        f"“{quote['words'][:60]}” was said on background, and the name of {story.cards[quote['expert']]} stands beside"
        f" it {where}. Take the name out, or part the two."
    )
    return error("background name", message, "body", overridable=False, about=quote["uid"])


def _known(story, speakers):
    """The names of the speakers, and the whole names of the other people in the story."""
    known = naming.Known()
    for pk, card in story.cards.items():
        said = [card.display_name, card.native_name, *(variant.text for variant in card.variants.all())]
        if pk in speakers:
            known.add(pk, said, card.sort_name, is_person=card.kind != "desk")
        else:
            known.add_other(said)
    return known


def _named_in_passage(story, passage, reader):
    """The people whom a passage names: in its words, in those of its pictures, or by the address of a link."""
    said = story.content.get("pictures", {})
    pictures = [" · ".join(said[pk].values()) for pk in passage.images if pk in said]
    found = reader.named_in(" · ".join([passage.words, *pictures]))
    return found.union(*(reader.named_in(link, cased=False, whole=True) for link in passage.links))


def _hinted_in_passage(passage, reader, *, is_near):
    """The people whom a passage may name: by the address of a link and, near their words, in small letters."""
    return set().union(*map(reader.hinted_in, [*passage.links, *([passage.words] if is_near else [])]))


def _other_pieces(story):
    """(what it is called, text, how it is read) of all that readers and machines get of a story beside its text."""
    content = story.content
    for name, label in (
        ("headline", "the headline"), ("short_headline", "the short headline"), ("seo_title", "the search title"),
        ("social_title", "the social title"), ("label", "the label"), ("standfirst", "the standfirst"),
        ("dateline", "the dateline"),
    ):  # fmt: skip
        yield label, content[name], {}
    yield "the address", content["slug"], {"cased": False}
    lead = content.get("lead_image") or {}
    said = content.get("pictures", {}).get(str(lead.get("id")), {})
    yield "the picture", " · ".join([lead.get("caption", ""), *said.values()]), {}
    in_sight = terms.people_to_name(content, story.at)
    printed = [row["attribution"] for row in in_sight] + [row.get("disclosure", "") for row in in_sight]
    yield "a title as printed", " · ".join(printed), {}
    sources = [text for row in content["attributions"] for text in (row["description"], row["outlet"])]
    yield "a source", " · ".join(sources), {}
    yield "the facts", " · ".join(_texts_in(content["genre_facts"])), {}
    notes = [text for note in story.article.corrections.all() for text in (note.was, note.became, note.reader_text)]
    yield "a correction", " · ".join(notes), {}
    topics = Topic.objects.filter(pk__in=content["topics"]).values_list("name", flat=True)
    yield "a topic", " · ".join(topics), {}
    if related := story.references.articles:
        called = Article.objects.filter(pk__in=related).values_list("headline", "short_headline")
        printed = Edition.objects.live(story.at).filter(article__in=related)
        called = [*called, *printed.values_list("text__headline", "text__short_headline")]
        yield "a related story", " · ".join(text for texts in called for text in texts), {}


def _texts_in(value):
    """Every text in a JSON value, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(inner)


def _repeated_beside_name(quote, pieces, parts):
    """Where a piece that names the speaker repeats their words, or outside the text a part of them; "" if nowhere."""
    words = fold(quote["words"])
    said, long_enough = _parts_of(words), len(words.split()) >= REPEATED
    for where, texts in pieces.items():
        if said & parts.get(where, set()) or long_enough and any(f" {words} " in f" {text} " for text in texts):
            return where
    return ""


def _parts_of(folded):
    """All that stands in a folded text as PART words in a row."""
    words = folded.split()
    return set(zip(*(words[start:] for start in range(PART)), strict=False))
