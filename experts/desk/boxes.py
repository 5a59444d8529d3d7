"""Boxes on the page of a card that other modules fill."""

from collections.abc import Callable
from dataclasses import dataclass

from newsroom import hooks


@dataclass(frozen=True)
class CardBox:
    """A box with a title; `fill(expert, request)` returns the context of its template, or None to leave it out.

    `first` is for warnings: they stand above the other boxes.
    """

    title: str
    template: str
    fill: Callable
    first: bool = False


def filled_boxes(own, expert, request):
    """[(title, template, context)] of this room's boxes and those of `hooks.card_boxes`, without those left out."""
    boxes = [*own, *hooks.card_boxes]
    filled = ((box.title, box.template, box.fill(expert, request)) for box in sorted(boxes, key=lambda b: not b.first))
    return [box for box in filled if box[2] is not None]
