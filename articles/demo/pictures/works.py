"""Mills, silos, turbines, pylons and the railway."""

import math

from .brush import (
    BRICK,
    CREAM,
    FOG,
    INK,
    MOSS,
    NAVY,
    PAPER,
    RUST,
    SAND,
    SLATE,
    STRAW,
    TEAL,
    UMBER,
    mix,
)
from .scenery import (
    block,
    cloud_bank,
    figure,
    grass,
    hills,
    reflect,
    sky,
    smoke,
    tree,
    water,
)


def cylinder(c, x, y, wide, high, colour):
    """A round tower lit from the left, with seams."""
    c.shade(
        [(x, y - high), (x + wide, y - high), (x + wide, y), (x, y)],
        mix(colour, PAPER, 0.45),
        mix(colour, INK, 0.55),
        True,
    )
    for seam in range(1, 9):
        c.arc(x + wide / 2, y - high * seam / 9, wide / 2, wide * 0.05, 0, 180, mix(colour, INK, 0.35), 2, 140)
    c.poly(
        [(x - 3, y - high), (x + wide / 2, y - high - wide * 0.3), (x + wide + 3, y - high)],
        mix(colour, INK, 0.3),
    )
    c.poly(
        [(x - 3, y - high), (x + wide / 2, y - high - wide * 0.3), (x + wide * 0.55, y - high)],
        mix(colour, PAPER, 0.2),
    )


def lorry(c, x, y, size, colour):
    """A grain lorry, cab to the left."""
    c.rect(x + size * 0.24, y - size * 0.36, size * 0.76, size * 0.26, colour)
    c.carve_box(x + size * 0.24, y - size * 0.36, size * 0.76, size * 0.26, CREAM, 20, length=30, width=3, angle=1.57)
    c.poly(
        [
            (x, y - size * 0.08),
            (x + size * 0.02, y - size * 0.24),
            (x + size * 0.08, y - size * 0.38),
            (x + size * 0.22, y - size * 0.38),
            (x + size * 0.22, y - size * 0.08),
        ],
        RUST,
    )
    c.poly(
        [
            (x + size * 0.04, y - size * 0.24),
            (x + size * 0.09, y - size * 0.34),
            (x + size * 0.16, y - size * 0.34),
            (x + size * 0.16, y - size * 0.24),
        ],
        NAVY,
    )
    for wheel in (0.12, 0.4, 0.74, 0.88):
        c.disc(x + size * wheel, y - size * 0.05, size * 0.06, INK)


def silo(c):
    """Grain silos and their elevator over stubble, lorries waiting."""
    sky(c, ["#6a8492", "#9bb1b5", "#cdd2c0", "#ead6a6"], 680, 0.8)
    cloud_bank(c, 280, PAPER, 8, 80, 180)
    hills(c, 650, 26, "#7d8a6a", "#8f9068", 720)
    c.wash(676, 1000, "#c9a05a", "#7d5428")
    for x in (90, 180, 1330, 1420):
        tree(c, x, 690, 90, "#57663f")
    for x in (520, 700, 880, 1060):
        cylinder(c, x + 60, 690, 150, 330, "#b5b3a6")
    c.rect(420, 170, 110, 530, "#8d5a44")
    c.rect(500, 170, 30, 530, INK, 90)
    c.carve_box(420, 170, 110, 530, SAND, 90, length=30, width=3, angle=1.57, alpha=90)
    c.poly([(408, 172), (475, 118), (542, 172)], "#4e3028")
    for y in (220, 320, 420):
        c.rect(452, y, 26, 44, NAVY)
    for x in (470, 660, 850, 1040):
        cylinder(c, x + 30, 740, 180, 400, "#cfcabb")
    c.poly([(475, 214), (1290, 262), (1290, 290), (475, 240)], "#5b5c56")
    for x in (590, 780, 970, 1160):
        c.line([(x, 240), (x, 330)], "#5b5c56", 8)
    c.wash(738, 790, "#a98a5e", "#8f6d42")
    lorry(c, 150, 830, 240, "#3f5f66")
    lorry(c, 1220, 800, 190, "#6d4436")
    figure(c, 420, 830, 92, TEAL)
    grass(c, 860, 1010, "#a4743a", "#e7c27c", 620, 56, 0.05)


def mill(c):
    """A brick mill above its weir, the chimney cold."""
    sky(c, ["#5a656c", "#8b9391", "#bdb9a5", "#dccaa0"], 560, 0.8)
    hills(c, 520, 60, "#7f877f", "#8d8f7d", 640, marks=40)
    c.wash(560, 740, "#6b6d4e", "#4c4f3a")
    c.poly([(1090, 600), (1106, 90), (1154, 90), (1174, 600)], "#84452f")
    c.poly([(1136, 90), (1154, 90), (1174, 600), (1144, 600)], INK, 100)
    c.rect(1098, 84, 64, 26, "#5d2f25")
    c.carve([(1090, 600), (1106, 110), (1154, 110), (1174, 600)], SAND, 80, 26, 4, 0, 0.05, 80)
    block(c, 260, 680, 720, 400, "#93503a", (13, 5), "#2b2f31", 0.03)
    c.carve_box(260, 280, 630, 400, CREAM, 260, length=26, width=3, spread=0.03, alpha=60)
    c.poly([(244, 284), (330, 214), (906, 214), (994, 284)], "#40403d")
    c.carve([(244, 284), (330, 214), (906, 214), (994, 284)], FOG, 70, 44, 4, 1.3, 0.1, 90)
    block(c, 980, 680, 260, 230, "#7d4433", (5, 3), "#2b2f31")
    c.poly([(970, 452), (1110, 390), (1250, 452)], "#36373a")
    c.rect(150, 330, 120, 350, "#a15f45")
    c.poly([(140, 334), (210, 250), (280, 334)], "#40403d")
    c.disc(210, 390, 34, PAPER)
    c.line([(210, 390), (210, 366)], INK, 4)
    c.line([(210, 390), (226, 398)], INK, 4)
    for y in (460, 540):
        c.rect(194, y, 32, 50, INK)
    for x in (60, 120, 1300, 1380, 1460):
        tree(c, x, 690, c.rng.uniform(120, 190), MOSS)
    c.rect(0, 676, 1500, 40, "#55513f")
    c.carve_box(0, 680, 1500, 34, SAND, 90, length=40, width=4, spread=0.02, alpha=90)
    water(c, 714, "#75837c", "#1f3437", CREAM, strokes=260)
    reflect(c, 620, 718, 720, 150, "#4b2d26", 150)
    c.wash(830, 850, "#cfd2c2", "#7f928e")
    weir = [(0, 845), (1500, 845), (1500, 930), (0, 930)]
    c.shade(weir, "#8ea09a", "#5d7674")
    c.carve(weir, PAPER, 420, 70, 5, 1.57, 0.06, 170)
    c.wash(930, 1000, "#5f7774", "#1d3033")
    c.carve_box(0, 925, 1500, 75, PAPER, 240, length=80, width=7, spread=0.05, alpha=140)


def factory(c):
    """A saw-tooth roofed works at the change of shift."""
    sky(c, ["#545b60", "#86847c", "#c0a987", "#e0b981"], 640, 0.8, sun=(270, 500, 40, "#f1cb8e"))
    for x, h, s in ((930, 470, 230), (1110, 540, 260), (1270, 430, 210)):
        smoke(c, x + 24, 650 - h, s, "#d9cdb6", -0.9, 22, 80)
        c.poly([(x, 660), (x + 10, 650 - h), (x + 42, 650 - h), (x + 52, 660)], "#6b3c30")
        c.poly([(x + 30, 650 - h), (x + 42, 650 - h), (x + 52, 660), (x + 36, 660)], INK, 110)
        c.rect(x + 8, 690 - h, 36, 16, CREAM, 150)
    block(c, 820, 700, 620, 210, "#6d6a60", (14, 3), "#34393a", 0.3)
    for index in range(7):
        x = 20 + index * 124
        c.poly([(x, 520), (x + 90, 430), (x + 124, 520)], "#40464a")
        c.poly([(x + 90, 430), (x + 124, 520), (x + 104, 520), (x + 84, 446)], STRAW, 190)
    c.rect(20, 518, 868, 190, "#87523d")
    c.carve_box(20, 518, 868, 190, CREAM, 190, length=30, width=3, spread=0.03, alpha=60)
    for index in range(8):
        x = 56 + index * 104
        c.rect(x, 566, 60, 96, "#2c3234")
        c.pie(x + 30, 568, 30, 26, 180, 360, "#2c3234")
        for bar in (20, 40):
            c.rect(x + bar - 1, 545, 3, 116, mix("#87523d", INK, 0.2))
        if index in (2, 5, 6):
            c.rect(x + 4, 570, 52, 88, STRAW, 150)
    c.wash(690, 1000, "#9d9078", "#4d453b")
    c.carve_box(0, 710, 1500, 290, CREAM, 160, length=90, width=5, spread=0.04, alpha=70)
    for x in range(0, 1500, 34):
        if not 640 < x < 860:
            c.rect(x, 680, 4, 74, INK)
    for x in (0, 860):
        c.rect(x, 690, 640, 6, INK)
    for x in (630, 860):
        c.rect(x, 640, 30, 122, "#5d4034")
        c.disc(x + 15, 634, 20, STRAW)
    coats = (SLATE, NAVY, UMBER, "#6b705c", TEAL, BRICK, "#54585a")
    for index in range(54):
        t = index / 54
        x = 750 + c.rng.gauss(0, 70 + 330 * t)
        figure(
            c,
            x,
            752 + 235 * t,
            84 + 130 * t,
            c.rng.choice(coats),
            c.rng.choice(("#b78d6c", "#8a6249", "#cfa987")),
        )


def turbine(c, x, y, h, colour, turn):
    """A wind turbine with its foot on y."""
    c.poly([(x - h * 0.017, y), (x - h * 0.008, y - h), (x + h * 0.008, y - h), (x + h * 0.017, y)], colour)
    for blade in range(3):
        angle = turn + blade * math.tau / 3
        dx, dy = math.cos(angle) * h * 0.56, math.sin(angle) * h * 0.56
        nx, ny = -dy * 0.055, dx * 0.055
        root = (x + dx * 0.22 + nx, y - h + dy * 0.22 + ny)
        c.poly(
            [(x - nx * 0.3, y - h - ny * 0.3), root, (x + dx, y - h + dy), (x + nx * 0.1, y - h + ny * 0.1)],
            colour,
        )
    c.disc(x, y - h, h * 0.02, mix(colour, INK, 0.2))


def wind_farm(c):
    """Turbines standing off a low green coast."""
    sky(c, ["#6d8a98", "#9db5b9", "#c2cdc4", "#ecdcb6"], 600, 0.7)
    cloud_bank(c, 330, PAPER, 8, 90, 200)
    water(c, 596, "#8fabab", "#2b5560", PAPER, y1=860, strokes=420)
    for index in range(11):
        turbine(c, 40 + index * 142 + c.rng.uniform(-20, 20), 604, 150, "#c3ccc6", c.rng.uniform(0, 2))
    for x, y, h in ((180, 650, 300), (560, 660, 330), (900, 648, 290), (1330, 655, 310)):
        turbine(c, x, y, h, "#e3e3d8", c.rng.uniform(0, 2))
        reflect(c, x, y + 2, 26, 110, "#e3e3d8", 120)
    land = hills(c, 830, 50, "#7b8455", "#38422f", 1000, marks=220)
    c.carve(land, STRAW, 160, 50, 4, -0.2, 0.3, 110)
    turbine(c, 1080, 860, 690, PAPER, 0.35)
    turbine(c, 330, 830, 500, "#efe9da", 1.2)
    for index in range(9):
        x, y = 560 + index * 44 + c.rng.uniform(-12, 12), 872 + c.rng.uniform(-14, 40)
        c.disc(x, y, 17, PAPER, 11)
        c.disc(x - 17, y - 5, 6, INK, 5)
        c.line([(x - 8, y + 8), (x - 8, y + 17)], INK, 3)
        c.line([(x + 8, y + 8), (x + 8, y + 17)], INK, 3)
    grass(c, 950, 1020, MOSS, STRAW, 260, 60)


PAINTERS = {
    "silo": silo,
    "mill": mill,
    "factory": factory,
    "wind-farm": wind_farm,
}
