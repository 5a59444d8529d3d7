"""The places in a stored page that are filled when somebody reads it, since what they show may change or end.

    <!--hole card 45-->                              a story's card, if it is live
    <!--hole image 7-->…<!--/hole-->                 a picture, while its rights hold
    <!--hole expert 12-->Name<!--/hole-->            a name, linked while its profile is public

A body cannot forge one: the sanitiser drops comments and every printed word is escaped.
"""

import re

NAMED = re.compile(r"<!--hole (card|image|expert) ([0-9]{1,18})-->")
HOLE = re.compile(
    r"<!--hole card ([0-9]{1,18})-->|<!--hole (image|expert) ([0-9]{1,18})-->(.*?)<!--/hole-->", re.DOTALL
)


def card(pk):
    """The hole for a story's card."""
    return f"<!--hole card {pk}-->"


def around(kind, pk, html):
    """The hole around what a picture or a name prints."""
    return f"<!--hole {kind} {pk}-->{html}<!--/hole-->"


def find(html):
    """The ids that a page's holes name: {"card": set, "image": set, "expert": set}."""
    found = {"card": set(), "image": set(), "expert": set()}
    for hole in NAMED.finditer(html):
        found[hole[1]].add(int(hole[2]))
    return found


def fill(html, cards, images, experts):
    """The page with its holes filled.

    `cards` are the cards to print by story, `images` the pictures that may be shown, `experts` the
    addresses of public profiles. What is in none of them leaves nothing, or a name without a link.
    """

    def filled(hole):
        card, kind, pk, inside = hole.groups()
        if card:
            return f'<aside class="related">{cards[int(card)]}</aside>' if int(card) in cards else ""
        if kind == "image":
            return inside if int(pk) in images else ""
        return f'<a href="{_attribute(experts[int(pk)])}">{inside}</a>' if int(pk) in experts else inside

    return HOLE.sub(filled, html)


def _attribute(url):
    return str(url).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
