"""Wires and rails."""

from .brush import BRICK, CREAM, INK, MIST, OCHRE, PAPER, RUST, SEA, SLATE, STRAW, TEAL, mix
from .scenery import block, cloud_bank, figure, gull, hills, lattice, sky, tree


def pylon(c, x, y, h, colour):
    """A lattice pylon with three cross-arms; returns where the wires hang."""
    pen = max(1.5, h * 0.008)
    lattice(c, x, y, x, y - h * 0.58, h * 0.26, h * 0.085, colour, 5, pen)
    lattice(c, x, y - h * 0.58, x, y - h, h * 0.085, h * 0.012, colour, 5, pen)
    ends = []
    for high, arm in ((0.62, 0.2), (0.76, 0.24), (0.9, 0.16)):
        for side in (-1, 1):
            tip = (x + side * h * arm, y - h * high)
            c.line(
                [(x + side * h * 0.03, y - h * (high + 0.045)), tip, (x + side * h * 0.03, y - h * high)],
                colour,
                pen,
            )
            c.line([tip, (tip[0], tip[1] + h * 0.04)], colour, pen * 1.6)
            ends.append((tip[0], tip[1] + h * 0.04))
    return ends


def wire(c, start, end, sag, colour, pen):
    """A wire hanging between two points."""
    points = []
    for step in range(17):
        t = step / 16
        drop = 4 * sag * t * (1 - t)
        points.append((start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t + drop))
    c.line(points, colour, pen)


def power_lines(c):
    """Pylons marching over the hills at dusk."""
    sky(c, ["#3f4d5a", "#75797c", "#b99a80", "#e7b981"], 640, 0.7, sun=(420, 545, 48, "#f3cb8c"))
    cloud_bank(c, 300, "#5b6068", 7, 70, 190)
    hills(c, 600, 50, "#8c7a6c", "#a58a6e", 700)
    hills(c, 660, 60, "#786a54", "#5d5540", 800, marks=80)
    hills(c, 760, 60, "#66603f", "#45452f", 1000, marks=160)
    previous = None
    for x, y, h in ((330, 625, 110), (450, 650, 160), (610, 690, 250), (850, 760, 400), (1240, 900, 740)):
        ends = pylon(c, x, y, h, mix("#20282c", "#8c7a6c", max(0, 0.5 - h / 700)))
        if previous:
            for start, end in zip(previous, ends, strict=True):
                wire(c, start, end, h * 0.09, "#20282c", max(1.2, h * 0.004))
        previous = ends
    for start in previous:
        wire(c, start, (1700, start[1] - 130), 80, "#20282c", 3.4)
    front = hills(c, 890, 40, "#4d4c34", "#262a21", 1000, marks=160)
    c.carve(front, STRAW, 60, 60, 5, -0.1, 0.3, 90)
    for x in (90, 170, 230, 1450):
        tree(c, x, 905, c.rng.uniform(80, 150), "#3d4630")
    for index in range(8):
        gull(c, 690 + index * 40, 330 + c.rng.uniform(-40, 40), c.rng.uniform(8, 15), INK)


def wagon(c, x, y, size, colour, kind):
    """A goods wagon seen from the side."""
    if kind == "tank":
        c.rect(x + size * 0.07, y - size * 0.4, size * 0.84, size * 0.28, mix(colour, PAPER, 0.2))
        c.disc(x + size * 0.08, y - size * 0.26, size * 0.05, mix(colour, PAPER, 0.2), size * 0.14)
        c.disc(x + size * 0.9, y - size * 0.26, size * 0.05, mix(colour, INK, 0.3), size * 0.14)
        c.rect(x + size * 0.07, y - size * 0.2, size * 0.84, size * 0.08, INK, 70)
        c.rect(x + size * 0.44, y - size * 0.46, size * 0.1, size * 0.07, colour)
    else:
        c.rect(x + size * 0.03, y - size * 0.44, size * 0.92, size * 0.34, colour)
        for rib in range(1, 9):
            c.rect(
                x + size * (0.03 + rib * 0.102),
                y - size * 0.44,
                size * 0.012,
                size * 0.34,
                mix(colour, INK, 0.4),
            )
        c.rect(x + size * 0.4, y - size * 0.4, size * 0.2, size * 0.28, mix(colour, CREAM, 0.15))
    c.rect(x, y - size * 0.12, size * 0.98, size * 0.035, INK)
    for wheel in (0.14, 0.27, 0.72, 0.85):
        c.disc(x + size * wheel, y - size * 0.045, size * 0.05, "#12181b")


def rail_yard(c):
    """Sidings running to a signal gantry, wagons either side."""
    sky(c, ["#5c6b73", "#929c98", "#c7bfa4", "#e3c692"], 480, 0.7)
    hills(c, 470, 30, "#7f8580", "#8a887a", 520)
    for x in (30, 190, 1240, 1380):
        block(c, x, 500, 130, c.rng.uniform(90, 170), "#7a6f63", (5, 5), "#3a3f40")
    c.wash(494, 1000, "#8a8070", "#473f36")
    c.carve_box(0, 500, 1500, 500, CREAM, 420, length=26, width=4, spread=0.4, alpha=60)
    c.carve_box(0, 500, 1500, 500, INK, 420, length=26, width=4, spread=0.4, alpha=70)
    for lane in range(-3, 4):
        foot = 750 + lane * 330
        for step in range(34):
            t = (step / 34) ** 2.2
            x, y = 760 + lane * 26 + (foot - 760 - lane * 26) * t, 496 + 520 * t
            half = 9 + 96 * t
            c.rect(x - half, y, half * 2, 2 + 13 * t, "#3d3129")
        for side in (-1, 1):
            top, end = 760 + lane * 26 + side * 5, foot + side * 62
            c.poly([(top, 496), (top + 1.5, 496), (end + 7, 1000), (end - 7, 1000)], "#d9d2bd")
    for x, base in ((420, 540), (1080, 540)):
        lattice(c, x, base, x, 250, 26, 22, "#262d30", 9, 3)
    lattice(c, 400, 262, 1100, 262, 34, 34, "#262d30", 18, 3)
    for x, lamp in ((520, RUST), (640, OCHRE), (760, "#5f8a6a"), (880, RUST), (1000, RUST)):
        c.rect(x - 16, 280, 32, 74, INK)
        c.disc(x, 298, 9, lamp)
        c.disc(x, 320, 9, "#33383a")
        c.glow(x, 298, 46, lamp, 110)
    colours = (BRICK, SLATE, OCHRE, TEAL, "#6d6a5c", RUST)
    for index, kind in enumerate(("box", "tank", "box")):
        wagon(c, -130 + index * 172, 600, 166, colours[index], kind)
        wagon(c, 1040 + index * 172, 606, 166, colours[index + 2], kind)
    wagon(c, -220, 800, 400, BRICK, "box")
    wagon(c, 1250, 800, 400, SEA, "tank")
    figure(c, 575, 760, 150, OCHRE, hair=RUST)
    figure(c, 960, 640, 84, OCHRE, hair=MIST)


PAINTERS = {
    "power-lines": power_lines,
    "rail-yard": rail_yard,
}
