"""How much of a story's words another version changes, and whether it changes what is quoted; in bounded time."""

from collections import Counter, defaultdict
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from newsroom.folding import bare

from . import plain, quotations, tree

COMPARED = 20_000  # words of either side that are compared one by one; beyond that, by pairs of neighbours


def texts_of(content):
    """All that readers read of a content of a story, a list of texts; first the body."""
    language = content["language"]
    lines = [content[name] for name in ("headline", "short_headline", "seo_title", "social_title", "label",
                                        "standfirst", "dateline")]  # fmt: skip
    lines.append((content.get("lead_image") or {}).get("caption", ""))
    for row in content.get("appearances", ()):
        lines += [row["attribution"], row.get("disclosure", "")]
    lines += [row["description"] for row in content.get("attributions", ())]
    lines += [value for value in (content.get("genre_facts") or {}).values() if isinstance(value, str)]
    for words in content.get("pictures", {}).values():
        lines += [words["alt"], words["caption"]]
    return [plain.plain_text_of(content["body"], language=language), *filter(None, lines)]


def count_words(content):
    """How many words readers read of a content."""
    return sum(len(plain.WORD.findall(text)) for text in texts_of(content))


def count_changed(old, new, *, most):
    """How many words of a content another has written anew, or cut out of its running text; exact up to `most`."""
    (old_body, *old_lines), (new_body, *new_lines) = texts_of(old), texts_of(new)
    old_body, new_body = (plain.WORD.findall(text) for text in (old_body, new_body))
    gone, written = _apart(old_body, new_body, most)
    changed = max(gone, written)
    if changed > most:
        return changed
    old_lines, new_lines = (plain.WORD.findall("\n".join(lines)) for lines in (old_lines, new_lines))
    return changed + _apart(old_lines, new_lines, most)[1]


def count_standing(old, new, last):
    """How many words that one content changed in another, as `count_changed` counts, stand so in a later one."""
    old, new, last = ([Counter(plain.WORD.findall(text)) for text in _body_and_lines(content)] for content in
                      (old, new, last))  # fmt: skip
    written = [(after - before) & (end - before) for before, after, end in zip(old, new, last, strict=True)]
    gone = (old[0] - new[0]) & (old[0] - last[0])
    return max(gone.total(), written[0].total()) + written[1].total()


def _body_and_lines(content):
    body, *lines = texts_of(content)
    return body, "\n".join(lines)


def changes_quotations_that_stand(old, new, last):
    """Whether one content added or cut quoted words of another, so that they stand or are missing in a later one."""
    old, new, last = (quoted_words_of(content) for content in (old, new, last))
    return bool((new - old) & (last - old) or (old - new) & (old - last))


def quoted_words_of(content):
    """The words that a content prints as somebody's own, in quotation marks or as a block: a Counter of them."""
    found = [words for text in texts_of(content) for words in quotations.quotations_in(text)]
    found += _blocks_of(content["body"])
    return Counter(filter(None, map(_as_compared, found)))


def speakers_of(content):
    """Whom a content says its quotations are by: {their words: a Counter of the cards that they are tied to}."""
    speakers = defaultdict(Counter)
    for quote in content.get("quotes", ()):
        speakers[_as_compared(quote["words"])][quote["expert"]] += 1
    return speakers


def _as_compared(words):
    return " ".join(plain.WORD.findall(bare(words)))


def _blocks_of(html):
    """The text of each outermost block quotation of a body."""
    depth, blocks = 0, []
    for event, el, said in tree.walk(tree.parse(html)):
        if event == "start" and el.tag == "blockquote":
            depth += 1
            blocks += [""] if depth == 1 else []
        elif event == "end" and el.tag == "blockquote":
            depth -= 1
        elif depth and said:
            blocks[-1] += said
    return blocks


def _apart(old, new, most):
    """(how many words of a list are gone in another, how many are new there); no fewer where either is over `most`."""
    apart = (Counter(old) - Counter(new)).total(), (Counter(new) - Counter(old)).total()
    if max(apart) > most:
        return apart
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(old), len(new)) <= COMPARED:
        same = LCSseq.similarity(old, new)
        return len(old) - same, len(new) - same
    pairs = [Counter(pairwise(words)) for words in (old, new)]
    return (pairs[0] - pairs[1]).total(), (pairs[1] - pairs[0]).total()
