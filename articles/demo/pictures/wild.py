"""Ice, dunes and marsh, with few people in them."""

import math

from .brush import (
    INK,
    MIST,
    MOSS,
    OCHRE,
    PAPER,
    RUST,
    STRAW,
    mix,
)
from .land import winding
from .scenery import (
    figure,
    glitter,
    grass,
    gull,
    hills,
    lattice,
    reflect,
    ridge,
    sky,
    water,
)


def desert(c):
    """Dunes in low sun, a small convoy between them."""
    sky(c, ["#6f7f88", "#a5a59a", "#dcbd8b", "#efc98a"], 520, 0.35, sun=(1090, 380, 58, "#f6da9d"))
    hills(c, 490, 40, "#b08d6c", "#c49d72", 640, jag=0.03)
    c.wash(520, 1000, "#d8ad72", "#9c5f38")
    for x, y, wide, high, lean in (
        (300, 440, 520, 170, 0.2),
        (1240, 450, 480, 170, -0.3),
        (760, 500, 460, 150, 0.3),
    ):
        dune(c, x, y, wide, high, lean, "#d3a56c")
    crest = ridge(c.rng, 640, 16, jag=0.0)
    c.shade([*crest, (1520, 1000), (-20, 1000)], "#d2a063", "#a86a3d")
    convoy(c, crest)
    for x, y, wide, high, lean, tint in (
        (1340, 610, 640, 330, -0.35, "#c98f55"),
        (140, 650, 640, 360, 0.3, "#c08049"),
        (820, 740, 820, 330, 0.25, "#b3713f"),
    ):
        dune(c, x, y, wide, high, lean, tint)


def dune(c, x, y, wide, high, lean, colour):
    """One dune: a lit flank, a shadowed flank, and a winding crest between them."""
    lit, spine, dark = [], [], []
    for step in range(31):
        t = step / 30
        fall = y + high * t
        lit.append((x - wide * t**1.6, y + high * t))
        spine.append((x + wide * (lean * t + 0.13 * math.sin(t * 6.0)), fall))
        dark.append((x + wide * t**1.45, y + high * t))
    shadow = mix(colour, "#53302a", 0.6)
    c.shade(lit + spine[::-1], mix(colour, PAPER, 0.3), mix(colour, "#8a5230", 0.4))
    c.shade(spine + dark[::-1], shadow, mix(shadow, colour, 0.55))
    c.carve(lit + spine[::-1], mix(colour, PAPER, 0.6), 70, high * 0.4, 4, -0.35, 0.1, 120)
    c.carve(spine + dark[::-1], mix(colour, PAPER, 0.2), 60, high * 0.4, 4, 0.4, 0.1, 80)


def convoy(c, crest):
    """Three small lorries following a ridge."""
    for index in (22, 25, 28):
        x, y = crest[index]
        c.rect(x, y - 26, 44, 22, "#4a3a30")
        c.rect(x - 14, y - 20, 15, 17, "#5b4638")
        for wheel in (-6, 12, 34):
            c.disc(x + wheel, y - 2, 6, INK)


def glacier(c):
    """A glacier tongue between dark ridges, a meltwater lake below."""
    sky(c, ["#7390a0", "#a2b7bf", "#c9d2d0", "#e9e4d4"], 420, 0.6)
    for x, y, s in ((280, 110, 300), (720, 60, 330), (1180, 130, 310), (1480, 200, 230), (20, 220, 210)):
        peak(c, x, y, s)
    c.wash(430, 770, "#525a5c", "#2b3234")
    snowfield = [(420, 330), (560, 290), (760, 270), (900, 300), (1080, 340), (1000, 470), (500, 470)]
    c.shade(snowfield, "#f4f3ec", "#cfdde0")
    tongue = winding(300, 760, 770, 60, 420, 760, 0.55, -60)
    c.shade(tongue, "#f2f3ee", "#7fa7b5")
    for index in range(34):
        t = (index / 34) ** 1.2
        y = 320 + 430 * t
        wide = (200 + 180 * t) * 0.92
        middle = 770 - 60 * t**1.7 + math.sin(t * 3.4) * 50
        c.arc(middle, y - 60, wide, 60 + 50 * t, 25, 155, "#4d7e92", 2 + 4 * t, 150)
    c.carve(tongue, "#3f7187", 230, 70, 6, 0.25, 0.5, 140)
    c.carve(tongue, PAPER, 200, 70, 6, -0.2, 0.5, 170)
    for shift in (-0.12, 0.16):
        moraine = winding(310, 740, 770 + shift * 400, 60, 4, 26, 0.55, -60 + shift * 500)
        c.poly(moraine, "#4a4a48", 190)
    for side in (-1, 1):
        flank = [
            (770 + side * 190, 420),
            (770 + side * 330, 380),
            (750 + side * 560, 330),
            (750 + side * 900, 420),
            (750 + side * 900, 800),
            (720 + side * 330, 800),
            (760 + side * 330, 640),
            (780 + side * 250, 520),
        ]
        c.shade(flank, "#525a5c", "#2b3234")
        c.carve(flank, MIST, 170, 80, 6, -0.7 * side, 0.25, 120)
        c.carve(flank, INK, 120, 80, 6, -0.7 * side, 0.25, 120)
    water(c, 760, "#9dbfc4", "#2d5a68", PAPER, strokes=240)
    face = [(390, 762)] + [(390 + n * 34, 700 + c.rng.uniform(-16, 14)) for n in range(22)] + [(1120, 762)]
    c.shade(face, "#d5e6e8", "#5f93a6")
    c.carve(face, "#2f6178", 90, 50, 6, 1.5, 0.1, 170)
    for x, y, s in ((300, 830, 70), (560, 880, 110), (980, 830, 80), (1260, 910, 130), (820, 930, 60)):
        berg = [
            (x - s, y),
            (x - s * 0.6, y - s * 0.5),
            (x - s * 0.1, y - s * 0.7),
            (x + s * 0.4, y - s * 0.35),
            (x + s, y),
        ]
        c.shade(berg, "#f6f6f0", "#9cc1ca")
        c.poly(
            [(x - s * 0.1, y - s * 0.7), (x + s * 0.4, y - s * 0.35), (x + s, y), (x + s * 0.1, y)],
            "#5c93a6",
            120,
        )
        reflect(c, x, y + 2, s * 1.8, s * 0.5, "#cfe0e0", 130)
    c.poly([(0, 1000), (0, 920), (200, 905), (380, 960), (430, 1000)], "#23292b")
    figure(c, 150, 914, 92, RUST, hair=OCHRE)
    figure(c, 218, 918, 88, OCHRE, hair=RUST)
    lattice(c, 270, 940, 270, 850, 40, 2, INK, 1, 3)


def peak(c, x, y, s):
    """A snow mountain with a lit and a dark side."""
    foot = y + s * 1.3
    c.poly(
        [(x - s, foot), (x - s * 0.4, y + s * 0.4), (x, y), (x + s * 0.35, y + s * 0.5), (x + s, foot)],
        "#e9ebe6",
    )
    dark = [
        (x, y),
        (x + s * 0.35, y + s * 0.5),
        (x + s, foot),
        (x + s * 0.3, foot),
        (x + s * 0.02, y + s * 0.55),
        (x + s * 0.08, y + s * 0.3),
    ]
    c.poly(dark, "#6f8794")
    rock = [
        (x - s * 0.75, y + s * 0.9),
        (x - s * 0.4, y + s * 0.5),
        (x - s * 0.28, y + s * 0.8),
        (x - s * 0.1, y + s * 0.5),
        (x, foot),
        (x - s, foot),
    ]
    c.poly(rock, "#74848a", 160)
    c.carve([(x - s * 0.7, foot), (x, y), (x + s * 0.7, foot)], "#3f4e56", 60, 60, 7, 1.1, 0.5, 130)


def wader(c, x, y, size, colour, way=1):
    """A heron standing in shallow water."""
    for leg in (-0.05, 0.06):
        c.line([(x + size * leg, y - size * 0.42), (x + size * leg, y)], INK, size * 0.018)
    body = [(-0.34, -0.36), (-0.1, -0.56), (0.14, -0.56), (0.2, -0.46), (0.02, -0.38)]
    c.poly([(x + way * size * px, y + size * py) for px, py in body], colour)
    neck = [(0.14, -0.5), (0.24, -0.62), (0.14, -0.76), (0.2, -0.9), (0.28, -0.92)]
    c.line([(x + way * size * px, y + size * py) for px, py in neck], colour, size * 0.055)
    c.disc(x + way * size * 0.25, y - size * 0.92, size * 0.055, colour, size * 0.045)
    c.poly([(x + way * size * px, y + size * py) for px, py in ((0.28, -0.95), (0.5, -0.9), (0.28, -0.9))], OCHRE)
    c.line([(x + way * size * px, y + size * py) for px, py in ((0.26, -0.955), (0.08, -1.0))], INK, size * 0.02)
    c.gouge(x - way * size * 0.08, y - size * 0.46, size * 0.34, size * 0.05, -0.5 * way, PAPER, 150)


def marsh_birds(c):
    """Herons and a rising flock over the saltmarsh."""
    sky(c, ["#74878b", "#a9aea2", "#dcc9a0", "#e6bf87"], 560, 0.6, sun=(1120, 440, 44, "#f5d79a"))
    hills(c, 545, 18, "#87887a", "#9a937c", 600)
    water(c, 560, "#c9b58f", "#56686a", PAPER, strokes=260)
    glitter(c, 1120, 570, 900, "#f5e0af", 70, 100)
    for index in range(16):
        y = 585 + index * 24
        bank = ridge(c.rng, y, 5 + index, 20)
        left = c.rng.uniform(-300, 1300)
        part = [(px * 0.3 + left, py) for px, py in bank]
        c.poly(
            [*part, (part[-1][0] + 60, y + 12 + index), (left - 60, y + 12 + index)],
            mix("#8b7f56", "#4b4a37", index / 16),
        )
    for index in range(46):
        t = index / 46
        x, y = 240 + 620 * t + c.rng.gauss(0, 40), 420 - 300 * math.sin(t * 2.4) + c.rng.gauss(0, 34)
        gull(c, x, y, 10 + 16 * t, "#2e3a3c", c.rng.uniform(-0.15, 0.55))
    wader(c, 470, 800, 250, "#56666b")
    reflect(c, 470, 804, 110, 80, "#4a5759", 120)
    wader(c, 820, 735, 165, "#6b7a7c", -1)
    reflect(c, 820, 738, 70, 50, "#5a686a", 120)
    grass(c, 900, 1040, MOSS, STRAW, 520, 190, 0.1)
    for _ in range(46):
        x = c.rng.choice((c.rng.uniform(0, 330), c.rng.uniform(1120, 1500)))
        top = c.rng.uniform(600, 780)
        c.line([(x, 1000), (x + 18, top)], "#4a4a30", 4)
        c.gouge(x + 20, top + 6, 76, 15, 1.4, "#5e3f2a", 255)


PAINTERS = {
    "desert": desert,
    "glacier": glacier,
    "marsh-birds": marsh_birds,
}
