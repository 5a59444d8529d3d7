"""Chambers, classrooms, laboratories and machine halls."""

import math

from .brush import (
    BRICK,
    CREAM,
    FOG,
    INK,
    MIST,
    NAVY,
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
from .scenery import backs, block, figure, person

COATS = (SLATE, NAVY, TEAL, BRICK, "#6b705c", UMBER, "#54585a")
SKINS = ("#b78d6c", "#8a6249", "#cfa987", "#70503c")


def panelling(c, y0, y1, wood, count=15):
    """A wall of upright wooden panels."""
    c.wash(y0, y1, mix(wood, CREAM, 0.08), mix(wood, INK, 0.3))
    wide = 1500 / count
    for index in range(count):
        x = index * wide
        c.rect(x, y0, 5, y1 - y0, mix(wood, INK, 0.5))
        c.rect(x + wide * 0.16, y0 + 24, wide * 0.7, (y1 - y0) * 0.58, mix(wood, INK, 0.16))
        c.rect(x + wide * 0.16, y0 + 24, wide * 0.7, 4, mix(wood, INK, 0.5))
        c.rect(x + wide * 0.16, y0 + (y1 - y0) * 0.68, wide * 0.7, (y1 - y0) * 0.24, mix(wood, INK, 0.16))
    c.carve_box(0, y0, 1500, y1 - y0, CREAM, 260, length=70, width=3, angle=1.57, spread=0.03, alpha=50)


def sitter(c, x, y, size, coat, skin, hair=INK):
    """A seated person facing us: head, shoulders, a white collar."""
    person(c, x, y, size, coat, skin)
    c.poly([(x - size * 0.09, y + size * 0.24), (x + size * 0.09, y + size * 0.24), (x, y + size * 0.48)], PAPER)
    c.pie(x, y - size * 0.03, size * 0.22, size * 0.25, 180, 360, hair)


def assembly_hall(c):
    """The chamber in session: a hemicycle around the rostrum."""
    panelling(c, 0, 520, "#6f5039", 17)
    for x in (210, 460, 1040, 1290):
        c.shade([(x - 60, 40), (x + 60, 40), (x + 60, 340), (x - 60, 340)], "#d9d6c2", "#b7b9ab")
        c.pie(x, 60, 60, 56, 180, 360, "#d9d6c2")
        for bar in (-22, 18):
            c.rect(x + bar, 10, 4, 330, UMBER)
    c.rect(640, 60, 220, 300, "#35504e")
    c.arc(750, 190, 74, 74, 0, 360, STRAW, 9)
    for ray in range(12):
        angle = ray * math.pi / 6
        c.line(
            [
                (750 + 34 * math.cos(angle), 190 + 34 * math.sin(angle)),
                (750 + 60 * math.cos(angle), 190 + 60 * math.sin(angle)),
            ],
            STRAW,
            6,
        )
    c.wash(500, 1000, "#7d4636", "#472a24")
    c.rect(540, 400, 420, 70, "#8a6242")
    for x in (620, 750, 880):
        sitter(c, x, 340, 96, INK, c.rng.choice(SKINS))
    c.rect(520, 410, 460, 74, "#94693f")
    c.carve_box(520, 410, 460, 74, CREAM, 40, length=60, width=3, alpha=80)
    figure(c, 750, 560, 170, NAVY)
    c.poly([(690, 486), (810, 486), (796, 600), (704, 600)], "#5b3d2a")
    c.line([(770, 486), (764, 456)], INK, 4)
    for ring in range(6):
        tier(c, ring)
    c.glow(750, 360, 420, "#f3dcaa", 60)


def tier(c, ring):
    """One curved bench of members, seen from behind, wrapping round the floor."""
    reach, drop = 330 + ring * 150, 160 + ring * 92
    size = 46 + ring * 16
    seats = 13 + ring * 2
    outer = []
    for step in range(41):
        angle = math.pi * (0.02 + 0.96 * step / 40)
        outer.append((750 + reach * math.cos(angle), 520 + drop * math.sin(angle)))
    for seat in range(seats):
        angle = math.pi * (0.04 + 0.92 * seat / (seats - 1))
        x, y = 750 + reach * math.cos(angle), 520 + drop * math.sin(angle)
        if c.rng.random() < 0.9:
            hair = c.rng.choice(("#2a2522", "#4b3a2c", "#8b8880", "#6d5236", "#1d1f20"))
            person(c, x, y - size * 0.95, size, c.rng.choice(COATS), hair)
    desk = [*outer, *[(x, y + size * 0.5) for x, y in outer[::-1]]]
    c.poly(desk, mix("#8d6440", INK, 0.07 * ring))
    c.line(outer, mix("#c9a06a", INK, 0.05 * ring), 5)


def courtroom(c):
    """Three judges at the bench, counsel standing below."""
    panelling(c, 0, 720, "#744f35", 13)
    c.shade([(560, 40), (940, 40), (940, 420), (560, 420)], "#35484c", "#23343a")
    c.disc(750, 170, 82, STRAW)
    c.disc(750, 170, 68, "#5c4a32")
    c.line([(750, 112), (750, 218)], STRAW, 7)
    c.line([(700, 136), (800, 136)], STRAW, 6)
    for x in (700, 800):
        c.line([(x, 136), (x - 20, 184)], STRAW, 3)
        c.line([(x, 136), (x + 20, 184)], STRAW, 3)
        c.pie(x, 184, 24, 18, 0, 180, STRAW)
    for x in (150, 1350):
        c.shade([(x - 80, 40), (x + 80, 40), (x + 80, 460), (x - 80, 460)], "#dcdccb", "#c2bfa6")
        c.pie(x, 60, 80, 60, 180, 360, "#dcdccb")
        c.rect(x - 3, 0, 6, 460, UMBER)
        c.rect(x - 80, 230, 160, 6, UMBER)
    for x in (470, 750, 1030):
        c.rect(x - 84, 280, 168, 260, "#522f27")
        c.pie(x, 290, 84, 50, 180, 360, "#522f27")
        sitter(c, x, 372, 170, "#1c1f22", c.rng.choice(SKINS), c.rng.choice(("#d5cfc0", "#8b8880", "#3b2f28")))
        c.rect(x - 12, 426, 24, 50, PAPER)
    c.rect(270, 520, 960, 34, "#a97a4c")
    c.shade([(290, 554), (1210, 554), (1210, 720), (290, 720)], "#7a5133", "#4b3223")
    for x in range(310, 1200, 150):
        c.rect(x, 576, 120, 120, "#5d3e29")
        c.rect(x, 576, 120, 4, "#a97a4c")
    c.carve_box(290, 554, 920, 166, CREAM, 90, length=50, width=3, angle=1.57, alpha=70)
    for x in (400, 690, 960):
        c.rect(x, 502, 70, 20, PAPER)
    c.wash(716, 1000, "#76523a", "#35271f")
    c.carve_box(0, 720, 1500, 280, CREAM, 140, length=140, width=4, spread=0.01, alpha=50)
    c.rect(60, 600, 190, 210, "#5d3e29")
    sitter(c, 155, 520, 140, TEAL, "#b78d6c")
    c.rect(50, 610, 210, 200, "#84593a")
    for x in (80, 120, 160, 200):
        c.rect(x, 640, 18, 150, "#5d3e29")
    figure(c, 960, 930, 330, "#1c1f22", "#8a6249", legs=False)
    figure(c, 500, 920, 320, "#1c1f22", "#cfa987", legs=False)
    for x in (600, 1070):
        c.rect(x, 830, 230, 20, "#a97a4c")
        c.rect(x + 12, 850, 206, 110, "#5d3e29")
        c.rect(x + 30, 812, 80, 18, PAPER)
        c.rect(x + 130, 800, 60, 30, BRICK)
    backs(c, 930, 150, "#191c1f", 1.15)


def flask(c, x, y, size, liquid):
    """A conical flask."""
    body = [
        (x - size * 0.08, y - size),
        (x + size * 0.08, y - size),
        (x + size * 0.08, y - size * 0.6),
        (x + size * 0.36, y),
        (x - size * 0.36, y),
        (x - size * 0.08, y - size * 0.6),
    ]
    c.poly(body, "#d6dcd4", 150)
    c.poly(
        [
            (x - size * 0.22, y - size * 0.32),
            (x + size * 0.22, y - size * 0.32),
            (x + size * 0.36, y),
            (x - size * 0.36, y),
        ],
        liquid,
    )
    c.line([*body, body[0]], PAPER, 3)


def microscope(c, x, y, size):
    """A microscope standing on y."""
    c.rect(x - size * 0.3, y - size * 0.08, size * 0.6, size * 0.08, INK)
    c.arc(x + size * 0.02, y - size * 0.4, size * 0.3, size * 0.36, 290, 90, INK, size * 0.09)
    c.rect(x - size * 0.26, y - size * 0.34, size * 0.4, size * 0.05, INK)
    c.line([(x - size * 0.06, y - size * 0.42), (x + size * 0.06, y - size * 0.98)], INK, size * 0.13)
    c.line([(x + size * 0.045, y - size * 0.9), (x + size * 0.075, y - size * 1.05)], SLATE, size * 0.09)


def laboratory(c):
    """A long bench with glassware, two researchers at work."""
    c.wash(0, 1000, "#b3bdb6", "#7f8d8a")
    for x in (60, 400):
        c.shade([(x, 70), (x + 290, 70), (x + 290, 470), (x, 470)], "#dfe6dd", "#e9dcb4")
        for column in range(4):
            block(c, x + column * 74, 470, 72, c.rng.uniform(70, 190), "#b3b9ac", (3, 4), "#98a29b")
        for bar in (x - 6, x + 140, x + 286):
            c.rect(bar, 64, 11, 412, "#55656a")
        c.rect(x - 6, 64, 302, 11, "#55656a")
        c.rect(x - 6, 466, 302, 11, "#55656a")
    for y in (180, 330, 480):
        c.rect(780, y, 660, 14, "#6a5a48")
        x = 800
        while x < 1400:
            wide, tall = c.rng.uniform(24, 48), c.rng.uniform(50, 104)
            colour = c.rng.choice((TEAL, OCHRE, "#7a8f8c", RUST, SLATE, "#c9bf9f", "#5d4a3c"))
            c.rect(x, y - tall, wide, tall, colour)
            c.rect(x + wide * 0.3, y - tall - 11, wide * 0.4, 12, INK)
            c.rect(x + 3, y - tall * 0.62, wide - 6, tall * 0.3, PAPER)
            x += wide + c.rng.uniform(5, 24)
    c.carve_box(0, 0, 1500, 600, PAPER, 200, length=80, width=4, angle=1.57, spread=0.05, alpha=45)
    for x, coat, skin, h in ((520, "#ece7d8", "#8a6249", 560), (1060, "#e2ddcc", "#cfa987", 540)):
        figure(c, x, 1000, h + 120, coat, skin, legs=False)
        c.rect(x - 4, 560, 7, 160, "#b9b6a6")
    c.rect(470, 640, 190, 34, "#ece7d8")
    c.rect(0, 716, 1500, 34, "#d9d3c0")
    c.rect(0, 750, 1500, 250, "#4f6064")
    for x in range(20, 1500, 250):
        c.rect(x, 780, 220, 180, "#425257")
        c.rect(x + 90, 796, 40, 8, MIST)
    c.carve_box(0, 750, 1500, 250, MIST, 110, length=70, width=4, spread=0.03, alpha=70)
    microscope(c, 700, 718, 250)
    for x, size, liquid in (
        (120, 150, TEAL),
        (240, 110, OCHRE),
        (330, 170, RUST),
        (890, 130, OCHRE),
        (1290, 190, TEAL),
        (1410, 130, "#7c8f56"),
    ):
        flask(c, x, 716, size, liquid)
    c.rect(1140, 700, 120, 14, UMBER)
    for tube in range(6):
        c.rect(1148 + tube * 18, 630, 11, 74, PAPER)
        c.rect(1148 + tube * 18, 668, 11, 36, (RUST, TEAL, OCHRE)[tube % 3])


def rack(c, side, near, far):
    """One server cabinet along the aisle; near and far are depth shares."""
    x0, x1 = 750 + side * 760 * near, 750 + side * 760 * far

    def at(u, v):
        share = near + (far - near) * u
        return (x0 + (x1 - x0) * u, 470 - 500 * share + v * 1030 * share)

    shade = mix("#17262c", "#2d5560", 1 - near)
    c.poly([at(0, 0), at(1, 0), at(1, 1), at(0, 1)], shade)
    c.poly([at(0.06, 0.03), at(0.94, 0.03), at(0.94, 0.97), at(0.06, 0.97)], mix(shade, INK, 0.5))
    for row in range(26):
        v = 0.05 + row * 0.0355
        c.poly(
            [at(0.1, v), at(0.9, v), at(0.9, v + 0.024), at(0.1, v + 0.024)],
            mix(shade, "#5d8b93", c.rng.uniform(0.05, 0.3)),
        )
        for lamp in range(5):
            if c.rng.random() < 0.4:
                x, y = at(0.16 + lamp * 0.08, v + 0.012)
                colour = c.rng.choice(("#8fd0c0", "#8fd0c0", "#7fb9b5", "#d5e6c8", "#8fd0c0", "#e0b45c"))
                c.disc(x, y, 1.4 + 4.6 * near, colour, 1.2 + 3.6 * near)
    c.line([at(0, 0), at(0, 1)], INK, 2 + 5 * near)


def server_hall(c):
    """An aisle of racks, lamps blinking, one technician."""
    c.wash(0, 480, "#101a1e", "#35626b")
    c.wash(470, 1000, "#3f6f76", "#0f191d")
    for index in range(9):
        near, far = 0.7**index, 0.7 ** (index + 1)
        light = mix("#35626b", "#9cc4c2", 0.25 + 0.6 * (1 - near))
        c.poly(
            [
                (750 - 180 * near, 470 - 470 * near),
                (750 + 180 * near, 470 - 470 * near),
                (750 + 180 * far * 1.2, 470 - 470 * far * 1.1),
                (750 - 180 * far * 1.2, 470 - 470 * far * 1.1),
            ],
            light,
            150,
        )
        for tile in (-1, -0.33, 0.33, 1):
            c.line(
                [(750 + tile * 760 * near, 470 + 530 * near), (750 + tile * 760 * far, 470 + 530 * far)],
                INK,
                1 + 4 * near,
                140,
            )
        c.line(
            [(750 - 760 * near, 470 + 530 * near), (750 + 760 * near, 470 + 530 * near)],
            INK,
            1 + 3 * near,
            140,
        )
    for index in range(8):
        for side in (-1, 1):
            rack(c, side, 1.28 * 0.74**index, 1.28 * 0.74 ** (index + 1))
    c.glow(750, 470, 330, "#a9d3cf", 170)
    c.glow(750, 760, 360, "#7fb3b3", 70, ry=230)
    figure(c, 765, 640, 230, "#a98f5c", "#8a6249")
    c.rect(776, 520, 44, 30, "#a9d3cf")


def classroom(c):
    """A lesson: the board, the teacher, the backs of heads."""
    c.wash(0, 760, "#c7bb9d", "#a8987b")
    c.rect(0, 540, 1500, 220, "#8b9684")
    c.rect(0, 540, 1500, 8, "#6b7566")
    c.rect(330, 110, 720, 370, "#7b5a3c")
    c.shade([(348, 128), (1032, 128), (1032, 462), (348, 462)], "#2d4640", "#25393a")
    c.carve_box(348, 128, 684, 334, PAPER, 70, length=120, width=10, spread=0.1, alpha=26)
    for row, widths in enumerate(((210, 90, 150), (130, 190), (240, 70, 110), (160, 120))):
        x = 400
        for wide in widths:
            points = [(x + n * 9, 190 + row * 66 + c.rng.uniform(-11, 11)) for n in range(int(wide / 9))]
            c.line(points, PAPER, 4, 210)
            x += wide + 22
    c.rect(330, 480, 720, 14, "#8d6a47")
    for x in (1140, 1330):
        c.shade([(x, 90), (x + 150, 90), (x + 150, 450), (x, 450)], "#d3dfdb", "#efe2bb")
        tree_x = x + 90
        c.disc(tree_x, 330, 50, "#8d9a72")
        c.disc(tree_x - 34, 370, 40, "#7b8a64")
        c.rect(x + 70, 90, 8, 360, PAPER)
        c.rect(x, 260, 150, 8, PAPER)
        c.line([(x, 90), (x + 150, 90), (x + 150, 450), (x, 450), (x, 90)], PAPER, 12)
    c.rect(70, 130, 200, 150, PAPER)
    c.disc(130, 200, 40, TEAL)
    c.disc(210, 210, 40, OCHRE)
    c.rect(84, 320, 170, 120, "#d9b77c")
    c.poly([(100, 430), (160, 340), (240, 430)], "#6f7f58")
    figure(c, 280, 760, 400, "#7c4033", "#8a6249")
    c.line([(330, 470), (420, 400)], "#7c4033", 32)
    c.disc(430, 392, 17, "#8a6249")
    c.wash(756, 1000, "#a98a62", "#5c4632")
    for row in range(3):
        y, size, gap = 640 + row * 110, 104 + row * 40, 220 + row * 70
        for column in range(-4, 5):
            x = 800 + column * gap + (row % 2) * gap * 0.4
            hair = c.rng.choice(("#2a2522", "#4b3a2c", "#1d1f20", "#8a6a42", "#5d3b28", "#a5522f"))
            coat = c.rng.choice((TEAL, OCHRE, SLATE, RUST, "#6b705c", NAVY, CREAM))
            person(c, x, y, size, coat, hair)
            if c.rng.random() < 0.4:
                c.disc(x - size * 0.2, y + size * 0.14, size * 0.07, hair)
                c.disc(x + size * 0.2, y + size * 0.14, size * 0.07, hair)
            if c.rng.random() < 0.16:
                c.line([(x + size * 0.34, y + size * 0.5), (x + size * 0.44, y - size * 0.5)], coat, size * 0.17)
                c.disc(x + size * 0.45, y - size * 0.55, size * 0.08, c.rng.choice(SKINS))
            c.rect(x - gap * 0.4, y + size * 0.92, gap * 0.8, size * 0.12, mix("#c9a06a", FOG, 0.1))
            c.rect(x - gap * 0.38, y + size * 1.04, gap * 0.76, size * 0.4, mix("#7d5f40", SAND, 0.05))


PAINTERS = {
    "assembly-hall": assembly_hall,
    "courtroom": courtroom,
    "laboratory": laboratory,
    "server-hall": server_hall,
    "classroom": classroom,
}
