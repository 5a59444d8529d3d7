"""Boxes on the page of a card that other modules fill."""

from collections.abc import Callable
from dataclasses import dataclass

from newsroom import hooks


@dataclass(frozen=True)
class CardBox:
    """A box with a title; `fill(expert, request)` returns the context of its template, or None to leave it out.

    `first` is for warnings: they stand above the other boxes.
    `first`: a warning, above the other boxes. `parts`: it stands on the forms of these parts of the card instead.
    """

    title: str
    template: str
    fill: Callable
    first: bool = False
    parts: tuple = ()


def filled_boxes(own, expert, request):
    """[(title, template, context)] of this room's boxes and of those that rooms above add, for a card and a person."""
    boxes = [box for box in [*own, *hooks.card_boxes] if not box.parts]
    filled = ((box.title, box.template, box.fill(expert, request)) for box in sorted(boxes, key=lambda b: not b.first))
    return [box for box in filled if box[2] is not None]


def boxes_beside(part, expert, request):
    """[(title, template, context)] of the boxes for the form of one part of a card."""
    boxes = [box for box in hooks.card_boxes if part in box.parts]
    filled = ((box.title, box.template, box.fill(expert, request)) for box in boxes)
    return [box for box in filled if box[2] is not None]
