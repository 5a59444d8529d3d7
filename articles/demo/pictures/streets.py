"""Streets and the places people live."""

from .brush import CREAM, INK, MIST, MOSS, NAVY, OCHRE, PAPER, ROSE, RUST, SLATE, STRAW, TEAL, UMBER, mix
from .scenery import cloud_bank, figure, reflect, sky, skyline, tree


def tram(c):
    """A tram coming down a rainy street."""
    sky(c, ["#5f6b72", "#8d9695", "#bfbba9", "#ddcba6"], 560, 0.9)
    for side in (-1, 1):
        for index in range(6):
            near, far = 0.62**index, 0.62 ** (index + 1)
            x0, x1 = 750 + side * 860 * near, 750 + side * 860 * far
            colour = ("#a08267", "#8b8f88", "#b39a76", "#8e6a58", "#9d9582", "#7f868a")[(index + side) % 6]
            front(c, x0, x1, near, far, mix(colour, MIST, 0.09 * index))
    c.wash(620, 1000, "#8c8c86", "#454a4d")
    c.poly([(0, 780), (600, 624), (620, 624), (0, 860)], "#b3aa98")
    c.poly([(1500, 780), (900, 624), (880, 624), (1500, 860)], "#b3aa98")
    c.carve_box(0, 640, 1500, 360, PAPER, 180, length=80, width=5, spread=0.02, alpha=80)
    for x0, x1 in ((690, 360), (740, 590), (770, 1000), (815, 1230)):
        c.poly([(x0, 640), (x0 + 2, 640), (x1 + 12, 1000), (x1 - 8, 1000)], "#2f3538")
    c.line([(750, 560), (760, 250), (1500, -80)], INK, 3)
    c.line([(750, 560), (700, 250), (0, -60)], INK, 3)
    for x, base, h in ((280, 770, 600), (1230, 770, 600)):
        c.rect(x, base - h, 10, h, INK)
        c.line([(x + 5, base - h + 70), (750, base - h + 100)], INK, 3)
        c.glow(x + 5, base - h + 20, 70, STRAW, 130)
        c.disc(x + 5, base - h + 14, 17, STRAW)
    tram_car(c, 610, 880, 360)
    for x, y, h, coat in (
        (190, 900, 220, NAVY),
        (120, 880, 205, UMBER),
        (1330, 880, 210, RUST),
        (1410, 920, 230, SLATE),
        (1120, 760, 120, TEAL),
    ):
        figure(c, x, y, h, coat)
        reflect(c, x, y + 3, h * 0.3, h * 0.3, INK, 80)
    c.pie(155, 706, 105, 62, 180, 360, INK)
    c.line([(155, 700), (155, 800)], INK, 5)


def front(c, x0, x1, near, far, colour):
    """One house front of a street running away from the viewer."""

    def at(u, v):
        share = near + (far - near) * u
        return (x0 + (x1 - x0) * u, 620 - (651 * share + 20) * v + 190 * share**1.6 * (1 - v))

    c.poly([at(0, 0), at(1, 0), at(1, 1), at(0, 1)], colour)
    c.poly([at(0, 1), at(1, 1), at(1, 1.05), at(0, 1.05)], mix(colour, INK, 0.5))
    for row in range(4):
        for column in range(4):
            u, v = 0.1 + column * 0.23, 0.3 + row * 0.17
            pane = STRAW if c.rng.random() < 0.14 else mix(colour, INK, 0.5)
            c.poly([at(u, v), at(u + 0.13, v), at(u + 0.13, v + 0.11), at(u, v + 0.11)], pane)
    c.poly([at(0.06, 0.02), at(0.94, 0.02), at(0.94, 0.2), at(0.06, 0.2)], mix(colour, INK, 0.55))
    c.poly(
        [at(0.02, 0.2), at(0.98, 0.2), at(0.98, 0.25), at(0.02, 0.25)],
        c.rng.choice((RUST, TEAL, OCHRE, NAVY)),
    )


def tram_car(c, x, y, size):
    """The front of a tram with a side running back."""
    side = [
        (x + size * 0.78, y - size * 1.1),
        (x + size * 1.0, y - size * 0.86),
        (x + size * 1.0, y - size * 0.28),
        (x + size * 0.78, y - size * 0.06),
    ]
    c.poly(side, "#6f2c22")
    c.poly(
        [
            (x + size * 0.8, y - size * 0.94),
            (x + size * 0.98, y - size * 0.76),
            (x + size * 0.98, y - size * 0.52),
            (x + size * 0.8, y - size * 0.54),
        ],
        NAVY,
    )
    c.line(
        [
            (x + size * 0.4, y - size * 1.1),
            (x + size * 0.24, y - size * 1.3),
            (x + size * 0.42, y - size * 1.5),
        ],
        INK,
        6,
    )
    c.line([(x + size * 0.28, y - size * 1.5), (x + size * 0.56, y - size * 1.5)], INK, 6)
    body = [
        (x, y - size * 0.06),
        (x + size * 0.02, y - size),
        (x + size * 0.1, y - size * 1.12),
        (x + size * 0.68, y - size * 1.12),
        (x + size * 0.76, y - size),
        (x + size * 0.78, y - size * 0.06),
    ]
    c.shade(body, "#b4513a", "#8f3b2b")
    c.rect(x + size * 0.01, y - size * 0.44, size * 0.77, size * 0.09, CREAM)
    c.poly(
        [
            (x + size * 0.07, y - size * 0.5),
            (x + size * 0.08, y - size * 0.92),
            (x + size * 0.7, y - size * 0.92),
            (x + size * 0.71, y - size * 0.5),
        ],
        "#27363f",
    )
    c.poly(
        [
            (x + size * 0.1, y - size * 0.5),
            (x + size * 0.3, y - size * 0.92),
            (x + size * 0.42, y - size * 0.92),
            (x + size * 0.22, y - size * 0.5),
        ],
        MIST,
        70,
    )
    figure(c, x + size * 0.5, y - size * 0.5, size * 0.34, SLATE, legs=False)
    c.rect(x + size * 0.22, y - size * 1.06, size * 0.34, size * 0.1, INK)
    c.rect(x + size * 0.25, y - size * 1.04, size * 0.28, size * 0.06, STRAW)
    for lamp in (0.13, 0.65):
        c.glow(x + size * lamp, y - size * 0.24, size * 0.3, STRAW, 170)
        c.disc(x + size * lamp, y - size * 0.24, size * 0.06, PAPER)
    c.rect(x + size * 0.06, y - size * 0.1, size * 0.66, size * 0.1, INK)
    reflect(c, x + size * 0.39, y + 2, size * 0.8, 110, "#7a3528", 130)


def housing_blocks(c):
    """Panel-built flats with washing on the balconies."""
    sky(c, ["#7a8f98", "#a5b2b0", "#c6c5b2", "#e1d2ac"], 660, 0.8)
    cloud_bank(c, 220, PAPER, 7, 70, 180)
    skyline(c, 700, 120, 260, "#9aa09a", (80, 130), 0.05)
    for x, wide, high, colour in (
        (40, 330, 520, "#b1a48c"),
        (1120, 360, 560, "#a3937d"),
        (420, 300, 400, "#9aa19b"),
        (770, 300, 470, "#b89f83"),
    ):
        flats(c, x, 780, wide, high, colour)
    c.wash(776, 1000, "#87875f", "#474b38")
    c.carve_box(0, 780, 1500, 220, STRAW, 240, length=40, width=4, angle=-0.2, spread=0.4, alpha=90)
    c.poly([(640, 780), (760, 780), (980, 1000), (330, 1000)], "#b0a68f")
    for x in (370, 420, 1090, 1470):
        tree(c, x, 810, c.rng.uniform(130, 190), MOSS)
    c.line([(160, 930), (160, 820), (330, 820), (330, 930)], INK, 6)
    for x in (210, 280):
        c.line([(x, 820), (x, 900)], INK, 2)
        c.rect(x - 16, 898, 32, 7, RUST)
    for x, y, h, coat in (
        (700, 880, 120, RUST),
        (745, 884, 76, OCHRE),
        (560, 940, 150, NAVY),
        (860, 850, 96, SLATE),
        (1240, 900, 130, TEAL),
        (1290, 902, 126, UMBER),
    ):
        figure(c, x, y, h, coat)


def flats(c, x, y, wide, high, colour):
    """One slab of flats: windows, balconies, a little washing."""
    c.rect(x, y - high, wide, high, colour)
    c.rect(x + wide * 0.9, y - high, wide * 0.1, high, mix(colour, INK, 0.4))
    c.rect(x - 4, y - high - 8, wide + 8, 12, mix(colour, INK, 0.45))
    floors, bays = round(high / 52), 5
    for floor in range(floors):
        top = y - high + 14 + floor * (high - 14) / floors
        c.rect(x, top + 44, wide * 0.9, 3, mix(colour, INK, 0.25))
        for bay in range(bays):
            left = x + 12 + bay * (wide * 0.9 - 12) / bays
            pane = STRAW if c.rng.random() < 0.1 else mix("#39464d", colour, c.rng.uniform(0, 0.25))
            c.rect(left, top, 24, 26, pane)
            if bay % 2:
                c.rect(
                    left - 4,
                    top + 22,
                    46,
                    20,
                    c.rng.choice((mix(colour, PAPER, 0.4), mix(colour, ROSE, 0.4), mix(colour, TEAL, 0.35))),
                )
                if c.rng.random() < 0.35:
                    for item in range(3):
                        c.rect(left - 2 + item * 14, top + 20, 10, 15, c.rng.choice((PAPER, RUST, OCHRE, SLATE)))
    c.rect(x + wide * 0.4, y - 44, 40, 44, INK)


PAINTERS = {
    "tram": tram,
    "housing-blocks": housing_blocks,
}
