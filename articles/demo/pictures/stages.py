"""Halls where people go to look and listen."""

import math

from .brush import BRICK, CREAM, INK, MIST, NAVY, OCHRE, PAPER, RUST, SLATE, STRAW, TEAL, UMBER, mix
from .scenery import backs, figure, person

SKINS = ("#b78d6c", "#8a6249", "#cfa987", "#70503c", "#d8b596")


def arch(c, x, y, wide, high, colour):
    """A round-headed opening standing on y, x its middle."""
    c.rect(x - wide / 2, y - high + wide / 2, wide, high - wide / 2, colour)
    c.pie(x, y - high + wide / 2, wide / 2, wide / 2, 180, 360, colour)


def museum_hall(c):
    """A long gallery: arches, glass cases, a whale hung above."""
    c.wash(0, 640, "#6d6253", "#a08d70")
    c.wash(640, 1000, "#8c7a60", "#453b31")
    for index in range(9):
        share = 0.76**index
        colour = mix("#57493b", "#ead6a8", (1 - share) * 0.95)
        top = 560 - 620 * share
        arch(c, 750, 560 + 420 * share, 1560 * share, 420 * share + 560 - top, colour)
        arch(c, 750, 560 + 420 * share, 1400 * share, 420 * share + 530 - top, mix(colour, CREAM, 0.08))
    arch(c, 750, 612, 150, 200, "#f3e6c2")
    c.glow(750, 520, 330, "#f6e6bb", 190)
    for index in range(1, 7):
        share = 0.76**index
        for tile in range(-5, 6):
            c.line(
                [
                    (750 + tile * 150 * share, 560 + 420 * share),
                    (750 + tile * 114 * share, 560 + 319 * share),
                ],
                "#3f362d",
                1 + 2 * share,
                110,
            )
        c.line(
            [(750 - 700 * share, 560 + 420 * share), (750 + 700 * share, 560 + 420 * share)],
            "#3f362d",
            1 + 2 * share,
            110,
        )
    for index in range(5):
        share = 1.02 * 0.74**index
        for side in (-1, 1):
            pillar(
                c,
                750 + side * 640 * share,
                560 + 430 * share,
                900 * share,
                74 * share,
                mix("#cbbd9f", "#ead6a8", 0.5 - share / 2),
            )
    whale(c)
    for x, y, size in ((500, 760, 120), (1010, 770, 124), (330, 890, 190), (1170, 900, 196)):
        vitrine(c, x, y, size)
    for x, y, h, coat in (
        (620, 720, 104, TEAL),
        (660, 724, 98, RUST),
        (890, 760, 130, NAVY),
        (815, 700, 84, UMBER),
        (540, 930, 220, SLATE),
        (610, 932, 138, OCHRE),
    ):
        figure(c, x, y, h, coat)


def pillar(c, x, y, high, wide, stone):
    """A column with base and capital."""
    shaft = [(x - wide * 0.4, y - high), (x + wide * 0.4, y - high), (x + wide * 0.5, y), (x - wide * 0.5, y)]
    c.shade(shaft, mix(stone, PAPER, 0.3), mix(stone, INK, 0.5), True)
    c.rect(x - wide * 0.65, y - wide * 0.3, wide * 1.3, wide * 0.3, mix(stone, INK, 0.2))
    c.rect(x - wide * 0.6, y - high - wide * 0.1, wide * 1.2, wide * 0.34, mix(stone, INK, 0.1))


def whale(c):
    """A whale skeleton hanging under the roof."""
    spine = [(400 + 34 * n, 250 - 46 * math.sin(n / 20 * 3.1) + n * 2.4) for n in range(21)]
    for x in (520, 980):
        c.line([(x, 0), (x, 220)], INK, 2)
    for index, (x, y) in enumerate(spine[5:15]):
        drop = 104 - abs(index - 3) * 11
        c.arc(x + 12, y + drop * 0.5, 26, drop * 0.62, 250, 80, "#efe5cb", 6)
    c.line(spine, "#f2e9d2", 11)
    for x, y in spine[4:]:
        c.gouge(x, y, 36, 9, -1.57, "#f2e9d2")
    skull = [(540, 216), (460, 226), (300, 310), (290, 322), (440, 300), (530, 262)]
    c.poly(skull, "#f2e9d2")
    c.poly([(296, 334), (440, 322), (540, 270), (520, 300), (440, 344)], "#dccfb0")
    c.disc(500, 246, 11, UMBER)
    c.poly([(1070, 300), (1170, 262), (1130, 306), (1176, 344)], "#efe5cb")
    c.line([(590, 260), (560, 350), (600, 384)], "#efe5cb", 9)


def vitrine(c, x, y, size):
    """A glass case on a wooden plinth with a few finds inside."""
    c.shade(
        [
            (x - size * 0.5, y - size * 0.5),
            (x + size * 0.5, y - size * 0.5),
            (x + size * 0.46, y),
            (x - size * 0.46, y),
        ],
        "#7a5a3e",
        "#47342a",
    )
    for index, colour in enumerate((TEAL, BRICK, OCHRE)):
        c.disc(x + (index - 1) * size * 0.28, y - size * 0.6, size * 0.09, colour, size * 0.12)
        c.rect(x + (index - 1) * size * 0.28 - size * 0.04, y - size * 0.76, size * 0.08, size * 0.1, colour)
    c.rect(x - size * 0.48, y - size, size * 0.96, size * 0.5, MIST, 80)
    c.poly(
        [
            (x - size * 0.4, y - size * 0.5),
            (x - size * 0.16, y - size),
            (x, y - size),
            (x - size * 0.24, y - size * 0.5),
        ],
        PAPER,
        90,
    )
    c.line(
        [
            (x - size * 0.48, y - size * 0.5),
            (x - size * 0.48, y - size),
            (x + size * 0.48, y - size),
            (x + size * 0.48, y - size * 0.5),
        ],
        UMBER,
        4,
    )


def player(c, x, y, size, instrument):
    """One seated musician with an instrument."""
    person(c, x, y, size, "#1c2023", c.rng.choice(SKINS))
    hair = c.rng.choice((INK, "#4b3a2c", "#8b8880", "#7a5a38"))
    c.pie(x, y - size * 0.04, size * 0.21, size * 0.24, 170, 370, hair)
    c.poly([(x - size * 0.07, y + size * 0.24), (x + size * 0.07, y + size * 0.24), (x, y + size * 0.42)], PAPER)
    wood = c.rng.choice(("#9a5a30", "#85452a", "#a8692f"))
    if instrument == "violin":
        c.disc(x - size * 0.24, y + size * 0.36, size * 0.17, wood, size * 0.11)
        c.line([(x - size * 0.3, y + size * 0.36), (x - size * 0.58, y + size * 0.44)], UMBER, size * 0.05)
        c.line([(x + size * 0.3, y + size * 0.62), (x - size * 0.5, y + size * 0.1)], STRAW, size * 0.025)
    elif instrument == "cello":
        c.disc(x, y + size * 0.98, size * 0.27, wood, size * 0.3)
        c.disc(x, y + size * 0.66, size * 0.2, wood, size * 0.2)
        c.line([(x, y + size * 0.9), (x - size * 0.12, y)], UMBER, size * 0.06)
        c.line([(x + size * 0.5, y + size * 0.7), (x - size * 0.4, y + size * 0.86)], STRAW, size * 0.03)
    else:
        c.line([(x, y + size * 0.2), (x + size * 0.34, y + size * 0.62)], STRAW, size * 0.08)
        c.disc(x + size * 0.38, y + size * 0.66, size * 0.15, "#c9983f")


def orchestra(c):
    """The orchestra under the organ, the conductor from behind."""
    c.wash(0, 620, "#5b3f2f", "#7e583c")
    for side in (-1, 1):
        for index in range(11):
            x = 750 + side * (26 + index * 30)
            high = 330 - abs(index - 5) * 24
            c.shade(
                [(x - 11, 400 - high), (x + 11, 400 - high), (x + 11, 400), (x - 11, 400)],
                "#e0cd9d",
                "#8d7a55",
                True,
            )
            c.poly([(x - 11, 372), (x + 11, 372), (x, 400)], "#5a4733")
            c.rect(x - 8, 350, 16, 8, INK)
    c.rect(380, 398, 740, 30, "#a5774a")
    for index in range(10):
        for side in (0, 1140):
            x = side + index * 36
            c.shade([(x, 40), (x + 28, 40), (x + 28, 420), (x, 420)], "#8a6142", "#5a3d2b")
    for x in (180, 1320):
        for row in (110, 250):
            c.rect(x - 170, row + 70, 340, 40, "#a5774a")
            for seat in range(6):
                person(
                    c,
                    x - 140 + seat * 56,
                    row + 42,
                    50,
                    c.rng.choice((SLATE, TEAL, "#6b705c", BRICK)),
                    c.rng.choice(SKINS),
                )
            c.rect(x - 170, row + 70, 340, 12, "#c9995f")
            c.rect(x - 170, row + 82, 340, 44, "#80583a")
    c.wash(428, 1000, "#b98950", "#5d3e29")
    c.carve_box(0, 430, 1500, 570, CREAM, 160, length=120, width=4, spread=0.02, alpha=70)
    c.glow(750, 620, 760, "#f3d79c", 120, ry=330)
    for x in (560, 680, 820, 940):
        c.disc(x, 462, 42, "#8a4a2f", 34)
        c.disc(x, 438, 42, PAPER, 13)
    for ring in range(4):
        count, reach, rise, size = (17, 14, 13, 10)[ring], 660 - ring * 82, 390 - ring * 42, 66 + ring * 14
        for seat in range(count):
            angle = math.pi * (1.02 + 0.96 * seat / (count - 1))
            x, y = 750 + reach * math.cos(angle), 862 + rise * math.sin(angle) + ring * 6
            kind = "horn" if ring < 2 else ("cello" if angle > 5.3 else "violin")
            player(c, x, y, size, kind)
            if seat % 2 and ring > 0:
                c.poly(
                    [
                        (x - size * 0.3, y + size * 0.9),
                        (x + size * 0.3, y + size * 0.9),
                        (x + size * 0.24, y + size * 1.2),
                        (x - size * 0.24, y + size * 1.2),
                    ],
                    PAPER,
                )
    c.disc(750, 990, 150, "#7a5236", 40)
    c.rect(600, 985, 300, 40, "#5d3e29")
    figure(c, 750, 992, 262, "#14181b", "#8b8880", hair="#8b8880", light=False)
    c.line([(720, 800), (640, 770), (612, 716)], "#14181b", 20)
    c.line([(780, 800), (862, 776), (896, 712)], "#14181b", 20)
    c.line([(896, 712), (944, 660)], PAPER, 4)
    backs(c, 960, 130, "#17191b", 1.1)


def curtain(c, x0, x1, y0, y1, colour, folds):
    """A curtain hanging in folds."""
    wide = (x1 - x0) / folds
    for fold in range(folds):
        left = x0 + fold * wide
        c.shade(
            [(left, y0), (left + wide * 0.6, y0), (left + wide * 0.6, y1), (left, y1)],
            mix(colour, CREAM, 0.12),
            mix(colour, INK, 0.2),
            True,
        )
        c.shade(
            [(left + wide * 0.6, y0), (left + wide, y0), (left + wide, y1), (left + wide * 0.6, y1)],
            mix(colour, INK, 0.25),
            mix(colour, INK, 0.6),
            True,
        )


def theatre(c):
    """The curtain up on two players, the stalls full."""
    c.wash(0, 1000, "#38241f", "#1d1614")
    c.rect(250, 110, 1000, 620, "#2d464c")
    c.shade([(270, 120), (1230, 120), (1230, 640), (270, 640)], "#35535a", "#a9a385")
    c.disc(980, 270, 62, "#efe2bb")
    c.glow(980, 270, 190, "#e9dbb0", 120)
    for x, wide, high in ((330, 110, 250), (470, 90, 180), (900, 120, 150), (1060, 130, 280)):
        c.rect(x, 640 - high, wide, high, "#27383c")
        c.poly([(x - 8, 642 - high), (x + wide / 2, 580 - high), (x + wide + 8, 642 - high)], "#1f2c30")
        c.rect(x + wide * 0.35, 690 - high, wide * 0.26, 34, STRAW)
    c.shade([(250, 640), (1250, 640), (1330, 745), (170, 745)], "#b58e58", "#7a5735")
    for x in range(250, 1251, 77):
        c.line([(x, 640), (750 + (x - 750) * 1.16, 745)], "#4b3524", 3)
    for top, foot in ((470, 600), (1010, 860)):
        c.poly([(top - 30, 112), (top + 30, 112), (foot + 130, 720), (foot - 130, 720)], "#f6e6b8", 46)
        c.disc(foot, 706, 130, "#f6e6b8", 24, 90)
    figure(c, 610, 712, 250, "#8d3b2c", "#cfa987")
    figure(c, 850, 714, 262, "#e2d9c0", "#8a6249")
    c.line([(640, 530), (730, 480)], "#8d3b2c", 24)
    c.line([(816, 540), (750, 580)], "#e2d9c0", 24)
    curtain(c, 190, 380, 100, 735, "#8f2f28", 5)
    curtain(c, 1120, 1310, 100, 735, "#8f2f28", 5)
    curtain(c, 250, 1250, 60, 160, "#8f2f28", 20)
    for swag in range(8):
        c.pie(312 + swag * 125, 158, 64, 46, 0, 180, "#7d2a25")
        c.arc(312 + swag * 125, 158, 64, 46, 0, 180, STRAW, 6)
    for x, wide in ((140, 60), (1300, 60)):
        c.shade([(x, 40), (x + wide, 40), (x + wide, 760), (x, 760)], "#d2ab66", "#7a5a32", True)
    c.rect(120, 30, 1260, 46, "#b98f4e")
    c.rect(120, 70, 1260, 7, "#6b4c2b")
    c.disc(750, 52, 52, "#d2ab66", 40)
    c.disc(750, 52, 32, "#7a5a32", 24)
    for x in (60, 1440):
        for y in (190, 400, 610):
            c.pie(x, y, 86, 76, 0, 180, "#a67d43")
            c.rect(x - 86, y - 12, 172, 16, "#d2ab66")
            for dx in (-44, 4, 46):
                person(c, x + dx, y - 46, 48, c.rng.choice((NAVY, UMBER, TEAL)), c.rng.choice(SKINS))
            c.pie(x, y + 2, 86, 72, 0, 180, "#8f6937")
            c.glow(x + (80 if x < 750 else -80), y - 20, 60, STRAW, 140)
    c.rect(0, 742, 1500, 26, "#3a2820")
    for x in range(220, 1300, 90):
        c.pie(x, 748, 22, 16, 180, 360, STRAW)
    for row in range(4):
        c.rect(0, 846 + row * 62, 1500, 70, mix("#5f2520", INK, 0.15 * row))
        backs(c, 812 + row * 60, 84 + row * 24, mix("#332522", INK, 0.2 * row), 1.04)


PAINTERS = {"museum-hall": museum_hall, "orchestra": orchestra, "theatre": theatre}
