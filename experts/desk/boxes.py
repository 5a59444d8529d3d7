"""A box on the page of a card that another module fills."""

from collections.abc import Callable
from dataclasses import dataclass

from newsroom import hooks


@dataclass(frozen=True)
class CardBox:
    """A box with a title, shown where `fill(expert, request)` gives its template a context and not None.

    `first`: a warning, above the other boxes.
    """

    title: str
    template: str
    fill: Callable
    first: bool = False


def filled_boxes(own, expert, request):
    """[(title, template, context)] of this room's boxes and of those that rooms above add, for a card and a person."""
    boxes = [*own, *hooks.card_boxes]
    filled = ((box.title, box.template, box.fill(expert, request)) for box in sorted(boxes, key=lambda b: not b.first))
    return [box for box in filled if box[2] is not None]
