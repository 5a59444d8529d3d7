"""Holes: places in a stored page that are filled when somebody reads it, since what they show may change or end.

    <!--hole card 45-->                              a story's card, if it is live
    <!--hole image 7-->…<!--/hole-->                 a picture, while its rights hold
    <!--hole expert 12-->Name<!--/hole-->            a name, linked while its profile is public

A body cannot forge one: the sanitiser drops comments and every printed word is escaped.
"""

import re

HOLE_START = re.compile(r"<!--hole (card|image|expert) ([0-9]{1,18})-->")
HOLE = re.compile(
    r"<!--hole card ([0-9]{1,18})-->|<!--hole (image|expert) ([0-9]{1,18})-->(.*?)<!--/hole-->", re.DOTALL
)


def card_hole(pk):
    """The hole for the card of the story with this id."""
    return f"<!--hole card {pk}-->"


def hole_around(kind, pk, html):
    """The hole around the HTML of a picture or a name; `kind` is "image" or "expert"."""
    return f"<!--hole {kind} {pk}-->{html}<!--/hole-->"


def ids_in_holes(html):
    """The ids in a page's holes: {"card": set, "image": set, "expert": set}, of article, image and expert ids."""
    found = {"card": set(), "image": set(), "expert": set()}
    for hole in HOLE_START.finditer(html):
        found[hole[1]].add(int(hole[2]))
    return found


def fill_holes(html, cards, images, experts):
    """The page with its holes filled.

    `cards` is {article id: card HTML}, `images` the ids of the pictures that may be shown, `experts`
    {expert id: address of the public profile}. A card or picture that is missing there leaves nothing, a name
    stays without a link.
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
