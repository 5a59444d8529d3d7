"""Pictures for the demonstration newspaper, drawn in code and the same every time."""

from . import city, interiors, land, lines, people, sea, stages, streets, town, wild, works
from .brush import Canvas
from .captions import CAPTIONS

__all__ = ["CAPTIONS", "KEYS", "draw", "portrait"]

PAINTERS = {
    **sea.PAINTERS,
    **land.PAINTERS,
    **wild.PAINTERS,
    **works.PAINTERS,
    **lines.PAINTERS,
    **city.PAINTERS,
    **streets.PAINTERS,
    **town.PAINTERS,
    **interiors.PAINTERS,
    **stages.PAINTERS,
    **people.PAINTERS,
}
KEYS = tuple(PAINTERS)


def draw(key, width=1600):
    """Draw the picture of a key, three wide to two high."""
    canvas = Canvas(key, width, round(width * 2 / 3))
    PAINTERS[key](canvas)
    return canvas.print()


def portrait(key, size=800):
    """Draw the square portrait of a person; any key will do."""
    canvas = Canvas("portrait " + key, size, size, units=1000)
    people.paint_portrait(canvas, key)
    return canvas.print()
