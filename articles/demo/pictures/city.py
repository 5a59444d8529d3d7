"""Streets, squares and skylines."""

import math

from .brush import (
    BRICK,
    CREAM,
    INK,
    MOSS,
    NAVY,
    NIGHT,
    OCHRE,
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
    backs,
    block,
    crowd,
    figure,
    glitter,
    hills,
    reflect,
    sky,
    skyline,
    tree,
    water,
)

COATS = (SLATE, NAVY, TEAL, BRICK, "#6b705c", UMBER, "#8a7a63", "#4a5560", "#7d5a50")


def columns(c, x, y, wide, high, count, stone):
    """A row of fluted columns standing on y."""
    step = wide / count
    for index in range(count):
        left = x + step * (index + 0.22)
        c.shade(
            [
                (left, y - high),
                (left + step * 0.5, y - high),
                (left + step * 0.54, y),
                (left - step * 0.04, y),
            ],
            mix(stone, PAPER, 0.4),
            mix(stone, INK, 0.35),
            True,
        )
        c.rect(left - step * 0.08, y - high, step * 0.66, high * 0.05, stone)
        c.rect(left - step * 0.1, y - high * 0.05, step * 0.7, high * 0.05, stone)


def capitol(c):
    """The domed assembly at Castellan, seen up its steps."""
    sky(c, ["#46545e", "#78868a", "#b5b09c", "#e3cb9c"], 660, 0.7, sun=(340, 520, 42, "#f2d396"))
    skyline(c, 660, 60, 150, "#838780", (50, 110), 0.05)
    stone = "#c8bfa6"
    block(c, 150, 690, 420, 190, stone, (9, 3), "#5d5f5a")
    block(c, 930, 690, 420, 190, stone, (9, 3), "#5d5f5a")
    c.rect(540, 480, 420, 210, "#6c665a")
    columns(c, 545, 690, 410, 200, 8, stone)
    c.rect(520, 470, 460, 26, stone)
    c.poly([(505, 472), (750, 388), (995, 472)], mix(stone, PAPER, 0.25))
    c.poly([(580, 462), (750, 404), (920, 462)], mix(stone, INK, 0.3))
    c.rect(610, 310, 280, 96, mix(stone, INK, 0.2))
    columns(c, 615, 400, 270, 84, 11, stone)
    c.rect(598, 302, 304, 16, stone)
    dome(c, 750, 304, 136, 190, "#5f7d78")
    c.rect(732, 84, 36, 40, stone)
    dome(c, 750, 88, 20, 28, "#5f7d78")
    c.line([(750, 62), (750, 10)], INK, 4)
    c.poly([(752, 12), (812, 22), (752, 36)], RUST)
    for index in range(9):
        y, reach = 690 + index * 16, 250 + index * 46
        c.rect(750 - reach, y, reach * 2, 17, mix("#d6ccb2", INK, 0.05 + 0.05 * (index % 2) + index * 0.02))
    c.wash(834, 1000, "#9a917c", "#4d4a42")
    c.carve_box(0, 834, 1500, 166, CREAM, 160, length=90, width=5, spread=0.03, alpha=90)
    for x in (90, 190, 1300, 1410):
        tree(c, x, 800, 210, MOSS)
    for x in (330, 1170):
        c.rect(x, 690, 8, 180, INK)
        c.disc(x + 4, 684, 17, STRAW)
        c.glow(x + 4, 684, 70, STRAW, 120)
    for _ in range(26):
        t = c.rng.random()
        figure(c, c.rng.uniform(260, 1240), 760 + 200 * t, 58 + 62 * t, c.rng.choice(COATS))


def dome(c, x, y, wide, high, colour):
    """A ribbed dome resting on y."""
    outline = [(x - wide * math.cos(a), y - high * math.sin(a)) for a in (math.pi * n / 40 for n in range(41))]
    c.shade(outline, mix(colour, PAPER, 0.35), mix(colour, INK, 0.5), True)
    for rib in range(1, 8):
        edge = math.cos(math.pi * rib / 8)
        run = [
            (x - wide * edge * math.cos(a), y - high * math.sin(a)) for a in (math.pi / 2 * n / 12 for n in range(13))
        ]
        c.line(run, mix(colour, INK, 0.35), max(1.5, wide * 0.014), 170)


def crowd_square(c):
    """A full square under long apartment fronts, banners up."""
    sky(c, ["#6f7d84", "#9aa5a5", "#c5c5b5", "#ddd3b8"], 560, 0.9)
    x = -20
    while x < 1500:
        wide, high = c.rng.uniform(110, 190), c.rng.uniform(230, 330)
        colour = c.rng.choice(("#a79c86", "#8f9089", "#b3a084", "#94836f", "#a58b76"))
        block(c, x, 560, wide, high, colour, (max(3, round(wide / 30)), 6), "#4c5153", 0.04)
        c.poly(
            [(x, 562 - high), (x + 14, 530 - high), (x + wide - 14, 530 - high), (x + wide, 562 - high)],
            "#4d4a48",
        )
        x += wide
    c.rect(716, 190, 68, 380, "#8a7c69")
    c.poly([(704, 194), (750, 90), (796, 194)], "#4f6b68")
    c.disc(750, 250, 25, PAPER)
    c.line([(750, 250), (750, 232)], INK, 4)
    c.line([(750, 250), (763, 257)], INK, 4)
    c.wash(556, 1000, "#a39c8c", "#5c5a55")
    crowd(c, 566, 800, 62, 150, 520, COATS, "#a6a397")
    for _ in range(20):
        t = c.rng.random()
        x, y = c.rng.uniform(40, 1450), 540 + 190 * t
        size = 60 + 60 * t
        c.line([(x, y + 90), (x, y - size)], INK, 4)
        if c.rng.random() < 0.55:
            flag = c.rng.choice((RUST, OCHRE, PAPER, TEAL))
            c.poly(
                [
                    (x, y - size),
                    (x + size, y - size * 0.88),
                    (x + size * 0.8, y - size * 0.6),
                    (x, y - size * 0.48),
                ],
                flag,
            )
        else:
            c.rect(x - size * 0.55, y - size, size * 1.1, size * 0.55, PAPER)
            for row in (0.14, 0.3):
                c.gouge(x, y - size * (1 - row - 0.05), size * 0.9, 9, 0, c.rng.choice((INK, RUST)))
    crowd(c, 820, 960, 165, 230, 60, COATS, "#8a877d")
    backs(c, 940, 150, "#252b30", 0.95)


def palm(c, x, y, h, colour):
    """A date palm."""
    c.poly(
        [(x - h * 0.03, y), (x + h * 0.03, y), (x + h * 0.06, y - h * 0.8), (x + h * 0.03, y - h * 0.8)],
        colour,
    )
    for frond in range(9):
        angle = math.pi * (0.95 + frond * 1.1 / 8)
        tip = (x + h * 0.045 + math.cos(angle) * h * 0.3, y - h * 0.8 + math.sin(angle) * h * 0.2 + h * 0.07)
        mid = (x + h * 0.045 + math.cos(angle) * h * 0.16, y - h * 0.86 + math.sin(angle) * h * 0.17)
        c.poly([(x + h * 0.045, y - h * 0.8), mid, tip, (mid[0], mid[1] + h * 0.05)], colour)


def minaret(c, x, y, h, colour):
    """A slim tower with two galleries and a pointed cap."""
    for low, high, wide in ((0, 0.5, 0.05), (0.5, 0.76, 0.038), (0.76, 0.88, 0.028)):
        c.shade(
            [
                (x - h * wide, y - h * high),
                (x + h * wide, y - h * high),
                (x + h * wide, y - h * low),
                (x - h * wide, y - h * low),
            ],
            mix(colour, PAPER, 0.3),
            mix(colour, INK, 0.4),
            True,
        )
    for level in (0.5, 0.76):
        c.rect(x - h * 0.066, y - h * (level + 0.02), h * 0.132, h * 0.026, mix(colour, INK, 0.15))
    c.poly([(x - h * 0.032, y - h * 0.88), (x, y - h), (x + h * 0.032, y - h * 0.88)], "#4f7570")


def rasheen_skyline(c):
    """Rasheen across its bay: old domes in front of glass towers."""
    sky(c, ["#566a78", "#a09b90", "#ddb887", "#f0cd94"], 620, 0.4, sun=(1080, 500, 56, "#f7dca2"))
    hills(c, 590, 60, "#b79a7c", "#cba980", 660, jag=0.04)
    for x, wide, high in (
        (80, 80, 260),
        (180, 60, 360),
        (1120, 90, 330),
        (1230, 70, 250),
        (1330, 100, 390),
        (260, 90, 220),
        (960, 70, 290),
    ):
        tower = [
            (x, 640),
            (x, 640 - high),
            (x + wide * 0.4, 600 - high),
            (x + wide, 640 - high),
            (x + wide, 640),
        ]
        c.shade(tower, "#8c8f8a", "#b79c7a")
        for row in range(int(high / 16)):
            c.rect(x + 8, 640 - high + row * 16, wide - 16, 5, "#6a7478", 150)
    for x in range(-20, 1500, 62):
        high = c.rng.uniform(60, 150)
        colour = c.rng.choice(("#d9bd92", "#c8a578", "#e0c9a2", "#b8916a"))
        block(c, x, 660, 70, high, colour, (3, max(2, int(high / 32))), "#6b5240", 0.1)
        if c.rng.random() < 0.3:
            dome(c, x + 35, 660 - high, 26, 26, "#e6d3ac")
    c.rect(560, 500, 380, 162, "#e1cba3")
    for index in range(7):
        x = 580 + index * 50
        c.rect(x, 580, 32, 82, "#7a5d45")
        c.pie(x + 16, 582, 16, 26, 180, 360, "#7a5d45")
    c.rect(640, 440, 220, 62, "#d6bb8d")
    dome(c, 750, 442, 112, 150, "#4f7f7c")
    c.line([(750, 294), (750, 262)], OCHRE, 5)
    for x in (590, 910):
        dome(c, x, 502, 42, 50, "#4f7f7c")
    minaret(c, 530, 662, 470, "#e0c89c")
    minaret(c, 970, 662, 470, "#e0c89c")
    c.rect(0, 656, 1500, 18, "#9c7a56")
    for x in range(30, 1500, 118):
        palm(c, x + c.rng.uniform(-20, 20), 668, c.rng.uniform(100, 135), "#45523a")
    water(c, 672, "#b7a383", "#33525b", "#f7e3b4", strokes=420)
    glitter(c, 1080, 680, 990, "#f8dfa8", 100, 170)
    reflect(c, 750, 676, 380, 110, "#8e7f68", 110)
    for x, y, s in ((300, 830, 150), (1240, 890, 200)):
        dhow(c, x, y, s)


def dhow(c, x, y, s):
    """A lateen-rigged boat."""
    hull = [
        (x - s * 0.5, y - s * 0.16),
        (x + s * 0.4, y - s * 0.12),
        (x + s * 0.62, y - s * 0.28),
        (x + s * 0.42, y),
        (x - s * 0.4, y),
    ]
    c.poly(hull, "#5b3a2a")
    c.carve(hull, SAND, 16, s * 0.3, 4, 0, 0.05, 120)
    c.line([(x, y - s * 0.1), (x + s * 0.04, y - s * 0.8)], UMBER, s * 0.025)
    c.shade(
        [(x - s * 0.46, y - s * 0.22), (x + s * 0.3, y - s * 1.15), (x + s * 0.36, y - s * 0.24)],
        PAPER,
        "#cdb78f",
    )
    reflect(c, x, y + 2, s * 0.8, s * 0.4, "#3b3029", 150)


def night_city(c):
    """The city at night from the river, windows lit."""
    sky(c, ["#10181f", "#1d2b37", "#33434d", "#5d5a52"], 640, 0.5)
    c.disc(1180, 170, 46, "#e9dfc0")
    c.glow(1180, 170, 190, "#c8c4ac", 90)
    for _ in range(70):
        c.disc(c.rng.uniform(0, 1500), c.rng.uniform(0, 330), c.rng.uniform(0.8, 2), PAPER, alpha=160)
    skyline(c, 640, 150, 340, "#33414a", (50, 100), 0.1, "#2a363e")
    skyline(c, 650, 110, 270, "#24313a", (60, 120), 0.24, "#1d2931")
    c.poly([(690, 650), (704, 190), (740, 120), (776, 190), (790, 650)], "#1b262e")
    for row in range(26):
        for column in range(3):
            if c.rng.random() < 0.5:
                c.rect(712 + column * 22, 210 + row * 16, 11, 7, STRAW)
    c.line([(740, 124), (740, 50)], INK, 4)
    c.disc(740, 50, 5, RUST)
    skyline(c, 668, 50, 170, "#18222a", (70, 140), 0.34, "#111a21")
    c.rect(0, 662, 1500, 14, "#0f161b")
    water(c, 674, "#2a3942", "#0f181e", "#7d8b90", strokes=380)
    for x in range(20, 1500, 92):
        c.disc(x, 648, 7, "#f3d492")
        c.glow(x, 648, 42, STRAW, 150)
        glitter(c, x, 680, 860, "#dfb765", 9, 22)
    glitter(c, 1180, 690, 990, "#d9d3b8", 60, 90)
    for index in range(3):
        c.arc(150 + index * 330, 706, 170, 90, 180, 360, NIGHT, 16)
    c.rect(-20, 606, 1010, 18, NIGHT)
    for x in range(0, 980, 40):
        c.disc(x, 600, 4, STRAW)
    c.poly([(980, 850), (1260, 850), (1230, 890), (1010, 890)], "#0b1115")
    c.rect(1030, 812, 170, 38, "#1b262d")
    for x in range(1040, 1190, 28):
        c.rect(x, 822, 16, 14, STRAW)


PAINTERS = {
    "capitol": capitol,
    "crowd-square": crowd_square,
    "rasheen-skyline": rasheen_skyline,
    "night-city": night_city,
}
