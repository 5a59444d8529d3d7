"""Pieces many pictures share: skies, water, hills, buildings, people, trees, birds."""

import math

from PIL import Image, ImageChops

from .brush import CREAM, INK, PAPER, STRAW, colourise, mix, noise, posterise, soften

WIDE, TALL = 1500, 1000
HAIRS = (INK, "#2e2620", "#4b3a2c", "#6d5236", "#8b8880", "#a98a55", "#d0c9b8", "#7c4a30")


def sky(c, stops, horizon=640, drama=0.55, sun=None, steps=13):
    """Paint a banded sky; stops run from the top to the horizon, sun is (x, y, radius, colour)."""
    size = (1000, max(2, round(horizon / 1.5)))
    clouds = noise(c.rng, *size, [(4, 5, 3), (9, 12, 3), (22, 30, 2), (60, 70, 1)])
    field = ImageChops.add(Image.linear_gradient("L").resize(size), soften(clouds, drama), 1, -128)
    c.paste(colourise(posterise(field, steps), stops), 0, 0, WIDE, horizon + 2)
    c.rect(0, horizon, WIDE, TALL - horizon, mix(stops[-1], INK, 0.45))
    if sun:
        x, y, radius, colour = sun
        c.glow(x, y, radius * 7, colour, 150)
        c.glow(x, y, radius * 3, mix(colour, PAPER, 0.4), 170)
        c.disc(x, y, radius, mix(colour, PAPER, 0.75))


def cloud_bank(c, y, colour, count=7, alpha=120, size=150):
    """Lay long flat clouds, as cut from paper."""
    for _ in range(count):
        x, top = c.rng.uniform(-100, WIDE), y + c.rng.uniform(-90, 90)
        for _ in range(5):
            wide = c.rng.uniform(0.6, 1.6) * size
            c.disc(x + c.rng.uniform(-size, size), top + c.rng.uniform(-9, 9), wide, colour, size * 0.09, alpha)


def ridge(rng, y, amp, steps=70, jag=0.08, x0=-20, x1=WIDE + 20):
    """Return the outline of a ridge of hills."""
    waves = [(rng.uniform(0.6, 1.4) * n, rng.uniform(0, 6.3), 1 / n) for n in (1, 2.3, 4.6, 9)]
    points = []
    for step in range(steps + 1):
        t = step / steps
        rise = sum(math.sin(t * 6.3 * pace + phase) * size for pace, phase, size in waves) / 2
        points.append((x0 + (x1 - x0) * t, y - rise * amp - rng.uniform(-jag, jag) * amp))
    return points


def hills(c, y, amp, top, bottom=None, base=TALL, jag=0.08, marks=0):
    """Paint one ridge down to the base, with knife marks if asked; return its outline."""
    points = [*ridge(c.rng, y, amp, jag=jag), (WIDE + 20, base), (-20, base)]
    c.shade(points, top, bottom or mix(top, INK, 0.25))
    if marks:
        c.carve(points, mix(top, CREAM, 0.4), marks, 46, 3.5, 0.25, 0.35, 80)
        c.carve(points, mix(top, INK, 0.6), marks, 46, 3.5, -0.2, 0.35, 80)
    return points


def water(c, y0, top, bottom, light=CREAM, y1=TALL, strokes=420):
    """Paint open water with waves that lengthen towards the viewer."""
    c.wash(y0, y1, top, bottom)
    for _ in range(strokes):
        t = c.rng.random() ** 1.5
        y = y0 + 4 + (y1 - y0) * t
        colour = mix(top, light, 0.55) if c.rng.random() < 0.5 else mix(bottom, INK, 0.55)
        c.gouge(c.rng.uniform(0, WIDE), y, 16 + 120 * t, 1.6 + 5 * t, c.rng.gauss(0, 0.02), colour, 105)


def glitter(c, x, y0, y1, colour, spread=90, count=150):
    """Lay broken light on water below a sun or a lamp."""
    for _ in range(count):
        t = c.rng.random()
        y = y0 + 3 + (y1 - y0) * t
        place = x + c.rng.gauss(0, spread * (0.35 + 0.65 * t))
        c.gouge(place, y, 12 + 60 * t, 1.6 + 4.5 * t, 0, colour, 150)


def reflect(c, x, y, width, height, colour, alpha=120):
    """Suggest a reflection with broken bars under an object."""
    for row in range(int(height / 7)):
        t = row * 7 / height
        wide = width * (1 - 0.25 * t) * c.rng.uniform(0.7, 1.05)
        shift = c.rng.uniform(-0.06, 0.06) * width
        c.gouge(x + shift, y + row * 7 + 3, wide, 7, 0, colour, round(alpha * (1 - t * 0.7)))


def block(c, x, y, width, height, colour, grid=(5, 7), pane=None, lit=0.0, lamp=STRAW, side=0.12):
    """Stand a building on y, windows in a grid, a darker side to the right."""
    c.rect(x, y - height, width, height, colour)
    c.rect(x + width * (1 - side), y - height, width * side, height, mix(colour, INK, 0.35))
    c.rect(x, y - height, width, max(3, height * 0.012), mix(colour, CREAM, 0.35))
    columns, rows = grid
    pane = pane or mix(colour, INK, 0.5)
    cell_w, cell_h = width * (1 - side) / columns, height * 0.94 / rows
    for column in range(columns):
        for row in range(rows):
            shade = lamp if c.rng.random() < lit else mix(pane, colour, c.rng.uniform(0, 0.3))
            left, top = x + cell_w * (column + 0.25), y - height * 0.96 + cell_h * (row + 0.22)
            c.rect(left, top, cell_w * 0.5, cell_h * 0.52, shade)


def skyline(c, y, low, high, colour, wide=(40, 110), lit=0.0, pane=None, grid=22):
    """Run a row of plain buildings across the picture."""
    x = -30
    while x < WIDE:
        width, height = c.rng.uniform(*wide), c.rng.uniform(low, high)
        shape = (max(2, round(width / grid)), max(2, round(height / grid)))
        block(c, x, y, width, height, mix(colour, INK, c.rng.uniform(0, 0.16)), shape, pane, lit)
        if c.rng.random() < 0.3:
            c.rect(x + width * 0.4, y - height - 18, 4, 18, mix(colour, INK, 0.2))
        x += width + c.rng.uniform(-4, 8)


def figure(c, x, y, h, coat, skin="#b08868", legs=True, light=True, hair=None):
    """Stand a person with the feet on y."""
    top = y - h
    dark = mix(coat, INK, 0.45)
    if legs:
        c.poly(
            [
                (x - h * 0.09, y - h * 0.45),
                (x - h * 0.01, y - h * 0.45),
                (x - h * 0.03, y),
                (x - h * 0.09, y),
            ],
            dark,
        )
        c.poly(
            [(x + h * 0.01, y - h * 0.45), (x + h * 0.09, y - h * 0.45), (x + h * 0.1, y), (x + h * 0.04, y)],
            dark,
        )
    hem = y - h * (0.32 if legs else 0)
    c.poly(
        [
            (x - h * 0.05, top + h * 0.15),
            (x + h * 0.05, top + h * 0.15),
            (x + h * 0.13, top + h * 0.22),
            (x + h * 0.15, top + h * 0.55),
            (x + h * 0.11, hem),
            (x - h * 0.11, hem),
            (x - h * 0.15, top + h * 0.55),
            (x - h * 0.13, top + h * 0.22),
        ],
        coat,
    )
    if light:
        c.gouge(x - h * 0.08, top + h * 0.42, h * 0.4, h * 0.045, 1.62, mix(coat, CREAM, 0.45), 170)
    c.rect(x - h * 0.028, top + h * 0.11, h * 0.056, h * 0.06, mix(skin, INK, 0.3))
    hair = hair or c.rng.choice(HAIRS)
    c.disc(x, top + h * 0.068, h * 0.068, hair, h * 0.074)
    c.disc(x, top + h * 0.09, h * 0.054, skin, h * 0.062)
    c.pie(x, top + h * 0.064, h * 0.066, h * 0.07, 190, 350, hair)


def crowd(c, y0, y1, small, large, count, coats, edge=None):
    """Fill a square with people, the far ones first."""
    for index in range(count):
        t = (index + c.rng.random()) / count
        height = small + (large - small) * t**1.2
        x = c.rng.uniform(-20, WIDE + 20)
        coat = mix(c.rng.choice(coats), edge or "#9aa3a4", 0.5 * (1 - t))
        skin = c.rng.choice(["#c9a284", "#a97c5c", "#7d5a44", "#d6b596"])
        figure(c, x, y0 + (y1 - y0) * t, height, coat, mix(skin, edge or "#9aa3a4", 0.4 * (1 - t)), light=t > 0.3)


def backs(c, y, size, colour, gap=1.0, jitter=0.1):
    """Seat a row of people seen from behind: heads and shoulders."""
    step = size * gap
    x = -size * c.rng.random()
    while x < WIDE + size:
        place = x + c.rng.uniform(-jitter, jitter) * size
        rise = y + c.rng.uniform(-jitter, jitter) * size
        person(c, place, rise, size, mix(colour, CREAM, c.rng.uniform(0, 0.08)))
        x += step


def person(c, x, y, size, colour, head=None):
    """One head with shoulders, plain, as seen from behind or far off."""
    c.disc(x, y + size * 0.62, size * 0.43, colour, size * 0.4)
    c.rect(x - size * 0.43, y + size * 0.6, size * 0.86, size * 0.6, colour)
    c.disc(x, y, size * 0.2, head or colour, size * 0.25)


def tree(c, x, y, h, colour):
    """A round-headed tree."""
    c.poly(
        [(x - h * 0.03, y), (x + h * 0.03, y), (x + h * 0.012, y - h * 0.6), (x - h * 0.012, y - h * 0.6)],
        INK,
    )
    for _ in range(14):
        dx, dy = c.rng.gauss(0, h * 0.13), c.rng.gauss(0, h * 0.12)
        shade = mix(colour, CREAM, 0.18) if dx + dy < -h * 0.05 else mix(colour, INK, c.rng.uniform(0, 0.25))
        c.disc(x + dx, y - h * 0.68 + dy, h * 0.14, shade, h * 0.12)


def gull(c, x, y, size, colour, lift=0.35):
    """A bird in flight, two cut wings."""
    c.poly(
        [
            (x, y),
            (x - size * 0.55, y - size * lift),
            (x - size * 1.1, y - size * 0.1),
            (x - size * 0.5, y - size * lift * 0.55),
            (x, y + size * 0.14),
        ],
        colour,
    )
    c.poly(
        [
            (x, y),
            (x + size * 0.55, y - size * lift),
            (x + size * 1.1, y - size * 0.1),
            (x + size * 0.5, y - size * lift * 0.55),
            (x, y + size * 0.14),
        ],
        colour,
    )


def smoke(c, x, y, size, colour, drift=1.0, puffs=16, alpha=70):
    """Smoke leaving a chimney."""
    for index in range(puffs):
        t = index / puffs
        px = x + drift * size * 2.6 * t**1.3 + c.rng.gauss(0, size * 0.07)
        py = y - size * 1.5 * t + c.rng.gauss(0, size * 0.05)
        c.disc(px, py, size * (0.1 + 0.42 * t), colour, size * (0.09 + 0.3 * t), round(alpha * (1.15 - t)))


def lattice(c, x0, y0, x1, y1, wide0, wide1, colour, bays=7, pen=3):
    """A braced mast between two points, wide0 at the foot and wide1 at the head."""
    rows = []
    for bay in range(bays + 1):
        t = bay / bays
        half = (wide0 + (wide1 - wide0) * t) / 2
        x, y = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
        rows.append(((x - half, y), (x + half, y)))
    c.line([row[0] for row in rows], colour, pen * 1.5)
    c.line([row[1] for row in rows], colour, pen * 1.5)
    for below, above in zip(rows, rows[1:], strict=False):
        c.line([below[0], above[1]], colour, pen * 0.7)
        c.line([below[1], above[0]], colour, pen * 0.7)
        c.line([above[0], above[1]], colour, pen * 0.7)


def grass(c, y0, y1, colour, light, count=700, height=60, lean=0.15):
    """Blades of grass or grain, taller in front."""
    for index in range(count):
        t = index / count
        x, y = c.rng.uniform(0, WIDE), y0 + (y1 - y0) * t
        size = height * (0.25 + 0.75 * t) * c.rng.uniform(0.6, 1.3)
        shade = light if c.rng.random() < 0.4 else mix(colour, INK, c.rng.uniform(0, 0.4))
        c.gouge(x, y, size, 2 + 4 * t, -1.57 + c.rng.gauss(lean, 0.12), shade, 190)
