"""Shops, the market and the hospital."""

from .brush import BRICK, CREAM, FOG, INK, MOSS, NAVY, OCHRE, PAPER, RUST, SLATE, STRAW, TEAL, UMBER, mix
from .scenery import block, cloud_bank, figure, reflect, sky, skyline, tree

COATS = (SLATE, NAVY, TEAL, BRICK, "#6b705c", UMBER, "#8a7a63", "#7d5a50")
SPINES = (BRICK, TEAL, OCHRE, NAVY, MOSS, "#8b6b52", CREAM, "#6b4a52", SLATE, RUST)


def hospital(c):
    """The hospital at dusk, an ambulance at the door."""
    sky(c, ["#566873", "#8b9c9f", "#c2c5b5", "#e4d3ab"], 690, 0.7)
    cloud_bank(c, 200, PAPER, 6, 70, 180)
    skyline(c, 700, 90, 190, "#8b928e", (60, 120), 0.08)
    block(c, 90, 770, 420, 330, "#c4bfae", (10, 6), "#4b5a62", 0.28)
    block(c, 470, 770, 560, 520, "#d5cfbc", (13, 10), "#4b5a62", 0.3)
    block(c, 1030, 770, 400, 280, "#bcb6a4", (10, 5), "#4b5a62", 0.28)
    c.rect(690, 170, 130, 84, "#e9e2ce")
    c.rect(741, 182, 28, 62, TEAL)
    c.rect(724, 199, 62, 28, TEAL)
    c.wash(766, 1000, "#8d8d86", "#474b4d")
    c.carve_box(0, 780, 1500, 220, PAPER, 150, length=90, width=5, spread=0.02, alpha=70)
    c.rect(560, 650, 350, 122, "#2e3a40")
    for x in (575, 660, 745, 830):
        c.rect(x, 668, 70, 102, "#e8cf93")
        c.rect(x + 33, 668, 4, 102, "#2e3a40")
    c.poly([(520, 640), (950, 640), (980, 668), (490, 668)], "#9b3b2c")
    for x in (510, 950):
        c.rect(x, 666, 12, 128, SLATE)
    for x in (40, 110, 1330, 1440):
        tree(c, x, 800, c.rng.uniform(130, 180), MOSS)
    ambulance(c, 980, 890, 330)
    for x, y, h, coat in (
        (620, 800, 110, PAPER),
        (700, 806, 112, TEAL),
        (420, 850, 130, NAVY),
        (340, 900, 150, BRICK),
    ):
        figure(c, x, y, h, coat)
    figure(c, 850, 822, 112, TEAL)
    c.rect(870, 776, 100, 10, PAPER)
    c.line([(880, 786), (955, 820)], INK, 4)
    c.line([(955, 786), (880, 820)], INK, 4)


def ambulance(c, x, y, size):
    """An ambulance, cab to the right."""
    c.shade(
        [
            (x, y - size * 0.56),
            (x + size * 0.68, y - size * 0.56),
            (x + size * 0.68, y - size * 0.08),
            (x, y - size * 0.08),
        ],
        PAPER,
        "#c9c2ae",
    )
    cab = [(0.68, -0.46), (0.82, -0.46), (0.92, -0.28), (1.02, -0.24), (1.02, -0.08), (0.68, -0.08)]
    c.poly([(x + size * px, y + size * py) for px, py in cab], "#e9e2ce")
    glass = [(0.72, -0.42), (0.81, -0.42), (0.88, -0.28), (0.72, -0.28)]
    c.poly([(x + size * px, y + size * py) for px, py in glass], NAVY)
    c.rect(x, y - size * 0.24, size * 1.02, size * 0.06, OCHRE)
    c.rect(x + size * 0.29, y - size * 0.5, size * 0.06, size * 0.2, TEAL)
    c.rect(x + size * 0.22, y - size * 0.43, size * 0.2, size * 0.06, TEAL)
    c.rect(x + size * 0.55, y - size * 0.6, size * 0.12, size * 0.04, "#3f6f8c")
    c.glow(x + size * 0.61, y - size * 0.58, size * 0.26, "#7fb0c9", 150)
    for wheel in (0.18, 0.82):
        c.disc(x + size * wheel, y - size * 0.07, size * 0.085, INK)
        c.disc(x + size * wheel, y - size * 0.07, size * 0.04, FOG)
    reflect(c, x + size * 0.5, y + 3, size, 46, "#d8d0bb", 60)


def stall(c, x, y, size, stripe):
    """A market stall: striped awning, crates of produce."""
    for post in (0.04, 0.94):
        c.rect(x + size * post, y - size * 0.72, size * 0.022, size * 0.72, UMBER)
    c.rect(x + size * 0.06, y - size * 0.66, size * 0.88, size * 0.4, "#4b4237")
    figure(c, x + size * 0.5, y - size * 0.1, size * 0.5, c.rng.choice(COATS), legs=False)
    c.rect(x, y - size * 0.26, size, size * 0.2, "#8a6a48")
    c.carve_box(x, y - size * 0.26, size, size * 0.2, CREAM, 26, length=50, width=3, alpha=90)
    produce = ("#a5462f", "#c99536", "#6c7a43", "#8d5a6a", "#d5b26a", "#7c8f56")
    for crate in range(4):
        colour = c.rng.choice(produce)
        left = x + size * (0.03 + crate * 0.245)
        for _ in range(26):
            spot = mix(colour, c.rng.choice((CREAM, INK)), c.rng.uniform(0, 0.3))
            c.disc(
                left + c.rng.uniform(0.02, 0.2) * size,
                y - size * c.rng.uniform(0.26, 0.32),
                size * 0.024,
                spot,
            )
        c.rect(left, y - size * 0.27, size * 0.22, size * 0.06, "#b58f5f")
    for part in range(8):
        left, wide = x - size * 0.06 + part * size * 0.14, size * 0.14
        colour = stripe if part % 2 else PAPER
        top = x + size * 0.06 + part * size * 0.11
        c.poly(
            [
                (top, y - size * 0.92),
                (top + size * 0.11, y - size * 0.92),
                (left + wide, y - size * 0.68),
                (left, y - size * 0.68),
            ],
            colour,
        )
        c.pie(left + wide / 2, y - size * 0.68, wide / 2, size * 0.045, 0, 180, mix(colour, INK, 0.12))


def market(c):
    """Market day: striped awnings under old gables."""
    sky(c, ["#7f98a4", "#aabbbb", "#cdd0c0", "#eadcb8"], 480, 0.7)
    x = -20
    while x < 1500:
        wide, high = c.rng.uniform(120, 190), c.rng.uniform(230, 310)
        colour = c.rng.choice(("#b89a72", "#a8745a", "#c4b592", "#8e9690", "#a88a78", "#c2a05f"))
        block(c, x, 560, wide, high, colour, (4, 4), "#4a4c4a", 0.05, side=0.06)
        c.poly(
            [(x - 4, 562 - high), (x + wide * 0.5, 470 - high), (x + wide + 4, 562 - high)],
            mix(BRICK, INK, 0.2),
        )
        c.disc(x + wide * 0.5, 530 - high, 12, INK)
        x += wide + 2
    for start in (0, 750):
        for flag in range(15):
            x, y = start + flag * 50, 250 + 60 * (1 - ((flag - 7) / 7) ** 2)
            c.poly([(x, y), (x + 34, y + 2), (x + 18, y + 38)], (RUST, PAPER, OCHRE, TEAL)[flag % 4])
    c.wash(555, 1000, "#a79c86", "#5f574b")
    for _ in range(330):
        t = c.rng.random()
        c.disc(
            c.rng.uniform(0, 1500),
            565 + 430 * t,
            8 + 22 * t,
            mix("#a79c86", INK, c.rng.uniform(0.1, 0.35)),
            2 + 7 * t,
        )
    for index in range(7):
        stall(c, -40 + index * 225, 660, 190, (RUST, TEAL, OCHRE, MOSS)[index % 4])
    for index in range(44):
        t = index / 44
        figure(c, c.rng.uniform(-10, 1510), 690 + 90 * t, 108 + 40 * t, c.rng.choice(COATS))
    for index, stripe in enumerate((TEAL, RUST, MOSS)):
        stall(c, -60 + index * 560, 950, 440, stripe)
    for x, y, h, coat in ((455, 985, 260, NAVY), (1000, 985, 250, "#7d5a50"), (1065, 990, 170, OCHRE)):
        figure(c, x, y, h, coat)


def shelf(c, x, y, wide, high, spines=SPINES):
    """One shelf of books standing on y."""
    left = x
    while left < x + wide - 6:
        thick = min(c.rng.uniform(7, 20), x + wide - left)
        tall = high * c.rng.uniform(0.66, 0.96)
        colour = mix(c.rng.choice(spines), UMBER, c.rng.uniform(0, 0.35))
        c.rect(left, y - tall, thick - 1.5, tall, colour)
        if thick > 11:
            c.rect(left + 2, y - tall * 0.8, thick - 5.5, 3, mix(colour, CREAM, 0.6))
            c.rect(left + 2, y - tall * 0.2, thick - 5.5, 2, mix(colour, CREAM, 0.5))
        left += thick


def bookshop(c):
    """Inside the bookshop, its shelves, ladder and reading lamp."""
    c.wash(0, 1000, "#6f5a45", "#3e3127")
    for x, wide in ((20, 430), (1050, 430)):
        c.rect(x, 60, wide, 760, "#4a3628")
        for row in range(6):
            y = 176 + row * 124
            c.rect(x + 12, y - 108, wide - 24, 108, "#2b211b")
            shelf(c, x + 18, y, wide - 36, 104)
            c.rect(x, y, wide, 14, "#7b5b40")
    c.rect(490, 90, 520, 560, "#2b3236")
    c.shade([(506, 106), (994, 106), (994, 634), (506, 634)], "#c9d2cc", "#ead9ae")
    for x in range(540, 960, 90):
        high = c.rng.uniform(190, 330)
        block(c, x - 30, 634, 92, high, mix("#a5a394", CREAM, c.rng.uniform(0, 0.4)), (3, 6), "#838a86")
    c.rect(744, 90, 12, 560, "#2b3236")
    c.rect(490, 300, 520, 12, "#2b3236")
    c.rect(470, 640, 560, 26, "#8a6746")
    shelf(c, 500, 640, 200, 84)
    shelf(c, 800, 640, 190, 84)
    c.wash(818, 1000, "#7e6349", "#33281f")
    c.carve_box(0, 820, 1500, 180, CREAM, 160, length=150, width=4, spread=0.01, alpha=60)
    for side in (0, 74):
        c.line([(1110 + side, 840), (1190 + side, 70)], "#b58a57", 11)
    for step in range(9):
        y = 800 - step * 80
        c.line([(1114 + step * 8.4, y), (1190 + step * 8.4, y)], "#b58a57", 8)
    c.rect(420, 810, 660, 22, "#a57c50")
    c.shade([(440, 832), (1060, 832), (1040, 1000), (460, 1000)], "#6b4c33", "#3b2a20")
    for x, count in ((470, 6), (640, 4), (930, 7)):
        for row in range(count):
            colour = c.rng.choice(SPINES)
            c.rect(x + c.rng.uniform(-8, 8), 810 - (row + 1) * 17, 108, 15, mix(colour, UMBER, 0.15))
    figure(c, 830, 990, 400, TEAL, legs=False)
    c.poly([(770, 800), (830, 814), (890, 800), (890, 770), (830, 784), (770, 770)], PAPER)
    figure(c, 330, 960, 400, "#9a5a3c")
    figure(c, 210, 930, 250, OCHRE)
    c.glow(750, 230, 520, "#f2d69a", 70)
    for x in (250, 1290):
        c.line([(x, 0), (x, 40)], INK, 4)
        c.poly([(x - 46, 84), (x - 16, 36), (x + 16, 36), (x + 46, 84)], "#35504e")
        c.glow(x, 100, 190, STRAW, 130)


PAINTERS = {"hospital": hospital, "market": market, "bookshop": bookshop}
