"""What a page shows in Arabic letters, and whether it says in which direction and language that is read."""

import re

from lxml import html as lxml_html

ARABIC = re.compile("[\u0620-\u064a]")
NOT_SHOWN = {"script", "style", "title", "template"}


def arabic_words(page):
    """[(element, words)] of all that a page shows or has typed in Arabic letters."""
    for element in lxml_html.fromstring(page).iter():
        if not isinstance(element.tag, str) or element.tag in NOT_SHOWN:
            continue
        texts = [(element, element.text)] + [(element, child.tail) for child in element]
        if element.tag == "input" and element.get("type") in ("text", "search", None):
            texts.append((element, element.get("value")))
        for holder, text in texts:
            if text and ARABIC.search(text) and holder.get("class") != "monogram":  # two letters, said aloud to nobody
                yield holder, text.strip()


def undirected(page):
    """[(path, words)] of what a page shows or has typed in Arabic letters, in no element that gives a direction."""
    return [(place(one), text[:60]) for one, text in arabic_words(page) if not has_direction(one)]


def without_language(page, words):
    """[(path, words)] of where a page shows these Arabic words in an element that is not said to be Arabic."""
    found = []
    for element, text in arabic_words(page):
        said = [one.get("lang") for one in (element, *element.iterancestors()) if one.get("lang")]
        if words in text and not said[0].startswith("ar"):
            found.append((place(element), text[:60]))
    return found


def place(element):
    """Where an element stands, in a few words."""
    around = [one.tag for one in reversed(list(element.iterancestors()))][-3:]
    return " ".join([*around, element.tag, element.get("class", "")])


def has_direction(element):
    """Whether an element, or one around it within the page, says in which direction its words run."""
    for one in (element, *element.iterancestors()):
        if one.tag in ("body", "html"):
            return False
        if one.tag == "bdi" or one.get("dir") in ("rtl", "auto"):
            return True
    return False
