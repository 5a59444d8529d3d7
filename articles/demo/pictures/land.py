"""Fields, rivers, marsh, ice and sand."""

import math

from .brush import (
    CREAM,
    INK,
    MIST,
    NAVY,
    OCHRE,
    PAPER,
    RUST,
    SAND,
    SLATE,
    STRAW,
    UMBER,
)
from .scenery import (
    cloud_bank,
    figure,
    grass,
    gull,
    hills,
    lattice,
    reflect,
    sky,
    tree,
    water,
)


def winding(y0, y1, x, sway, wide0, wide1, turns=1.5, drift=0, steps=60):
    """Outline of a river winding from the distance (y0) to the viewer (y1)."""
    left, right = [], []
    for step in range(steps + 1):
        t = step / steps
        depth = t**1.7
        middle = x + drift * depth + math.sin(t * turns * 6.3) * sway * (0.15 + 0.85 * t)
        half = (wide0 + (wide1 - wide0) * depth) / 2
        y = y0 + (y1 - y0) * depth
        left.append((middle - half, y))
        right.append((middle + half, y))
    return left + right[::-1]


def river_estuary(c):
    """The river winding through mudflats to the sea."""
    sky(c, ["#647984", "#94a5a8", "#c6c9bb", "#e4d6b2"], 400, 0.7)
    hills(c, 372, 70, "#8c9b9b", "#a4aca4", 430, jag=0.05)
    hills(c, 396, 34, "#71837f", "#869288", 440)
    c.wash(398, 440, "#c8cfc6", "#a9b6b2")
    hills(c, 436, 8, "#84805c", "#6d6d48", 1000, marks=0)
    c.wash(448, 1000, "#85805a", "#454a34")
    field = [(0, 450), (1500, 450), (1500, 1000), (0, 1000)]
    for _ in range(900):
        t = c.rng.random() ** 1.4
        shade = c.rng.choice(("#a08a58", "#59613c", "#3f4631", "#8d5f41", "#6f7346"))
        c.gouge(c.rng.uniform(0, 1500), 452 + 540 * t, 18 + 80 * t, 3 + 13 * t, c.rng.gauss(0, 0.06), shade, 210)
    for x, sway, w0, w1, turns, drift in (
        (960, 110, 10, 120, 1.7, 520),
        (480, 130, 8, 110, 1.4, -420),
        (760, 190, 26, 330, 1.15, -40),
    ):
        bank = winding(440, 1010, x, sway, w0 * 1.3, w1 * 1.22, turns, drift)
        c.poly(bank, "#5c4c38")
        stream = winding(438, 1010, x, sway, w0, w1, turns, drift)
        c.shade(stream, "#d9dccd", "#5d7d86")
        c.carve(stream, PAPER, 220, 70, 4, 0, 0.03, 150)
        c.carve(stream, NAVY, 90, 70, 4, 0, 0.03, 90)
    c.carve(field, STRAW, 60, 40, 3, -1.4, 0.2, 120)
    for x, y, s in ((420, 590, 30), (1130, 560, 22), (1180, 700, 40)):
        c.poly([(x - s, y - s * 0.3), (x + s * 1.2, y - s * 0.36), (x + s * 0.9, y), (x - s * 0.8, y)], UMBER)
        c.line([(x, y - s * 0.3), (x, y - s * 1.6)], UMBER, 3)
    for x, y, s in ((300, 250, 20), (350, 225, 15), (1010, 270, 16), (1240, 210, 22)):
        gull(c, x, y, s, "#39464a")


def flood_gate(c):
    """The tidal barrier, its gates half raised."""
    sky(c, ["#434f57", "#6d7b80", "#a2a9a2", "#cfc8ae"], 600, 0.9)
    cloud_bank(c, 230, "#39454d", 8, 70, 190)
    hills(c, 590, 18, "#5f6e6e", "#6d7872", 640)
    water(c, 600, "#7c8e8e", "#1e3840", PAPER, strokes=420)
    for index in range(5):
        x, wide = 60 + index * 330, 96
        gate_y = 510 if index in (1, 2) else 600
        if index < 4:
            panel = [(x + wide, gate_y), (x + 332, gate_y), (x + 332, gate_y + 150), (x + wide, gate_y + 150)]
            c.shade(panel, "#a05a3c", "#6f3a2c")
            for rib in range(1, 6):
                c.rect(x + wide + rib * 39, gate_y, 6, 150, "#4b2b24")
            for bar in (gate_y + 4, gate_y + 70, gate_y + 138):
                c.rect(x + wide, bar, 236, 9, "#55302a")
            c.carve(panel, SAND, 26, 40, 3, 1.57, 0.05, 90)
            c.line([(x + wide + 60, 380), (x + wide + 60, gate_y)], INK, 5)
            c.line([(x + wide + 176, 380), (x + wide + 176, gate_y)], INK, 5)
    c.rect(0, 352, 1500, 34, "#5b6362")
    c.rect(0, 352, 1500, 7, "#aeb0a3")
    for x in range(0, 1500, 26):
        c.rect(x, 328, 3, 26, INK)
    c.rect(0, 326, 1500, 4, INK)
    for index in range(5):
        x, wide = 60 + index * 330, 96
        pier = [(x, 300), (x + wide, 300), (x + wide + 14, 790), (x - 14, 790)]
        c.shade(pier, "#c9c5b3", "#6d716a")
        c.poly([(x + wide * 0.68, 300), (x + wide, 300), (x + wide + 14, 790), (x + wide * 0.72, 790)], INK, 90)
        c.carve(pier, "#4c524f", 40, 60, 4, 1.5, 0.1, 90)
        c.poly([(x - 14, 700), (x + wide + 14, 700), (x + wide + 14, 790), (x - 14, 790)], "#3c4a3c", 170)
        c.rect(x - 12, 232, wide + 24, 72, "#8b9490")
        c.pie(x + wide / 2, 234, wide / 2 + 16, 60, 180, 360, "#4a5a60")
        c.rect(x + 12, 256, 26, 26, NAVY)
        c.rect(x + 58, 256, 26, 26, STRAW if index == 2 else NAVY)
        reflect(c, x + wide / 2, 792, wide + 20, 130, "#4f5957", 150)
    for index in (1, 2):
        x = 60 + index * 330 + 96
        for _ in range(150):
            fall = c.rng.random()
            c.gouge(x + c.rng.uniform(4, 228), 664 + 110 * fall, 70, 6, 1.57 + c.rng.gauss(0, 0.04), PAPER, 140)
        for _ in range(90):
            c.gouge(x + c.rng.gauss(116, 90), 790 + c.rng.gauss(0, 16), 60, 9, c.rng.gauss(0, 0.15), PAPER, 150)
    figure(c, 900, 353, 62, RUST, hair=STRAW)
    figure(c, 930, 353, 60, SLATE)


def grain_fields(c):
    """Ripe wheat in rows, a combine at work."""
    sky(c, ["#728e9b", "#a2b7b8", "#cbd0bd", "#ead9ac"], 470, 0.8)
    cloud_bank(c, 300, PAPER, 9, 90, 170)
    hills(c, 440, 40, "#8a9a86", "#9aa37f", 520)
    hills(c, 466, 26, "#6f7f58", "#8b8a55", 540)
    c.wash(478, 1000, "#dcb469", "#9a6a30")
    for index in range(-16, 17):
        foot = 750 + index * 165
        shade = "#8a5c2b" if index % 2 else "#c99a4c"
        c.poly(
            [(880 + index * 13, 480), (883 + index * 13, 480), (foot + 70, 1000), (foot - 20, 1000)],
            shade,
            120,
        )
    for _ in range(14):
        x = c.rng.uniform(0, 1500)
        tree(c, x, 482, c.rng.uniform(36, 66), "#5b6a42")
    for x in (150, 196, 242):
        c.shade([(x, 372), (x + 42, 372), (x + 42, 486), (x, 486)], PAPER, "#6f736e", True)
        c.pie(x + 21, 374, 21, 18, 180, 360, "#8b918c")
    grass(c, 500, 1010, "#a87531", "#edcb84", 1900, 92, 0.12)
    combine(c, 900, 660, 330)


def combine(c, x, y, size):
    """A combine harvester, reel to the left, dust behind."""
    for index in range(18):
        c.disc(
            x + size * (0.9 + 0.1 * index),
            y - size * 0.12 - 5 * index + c.rng.gauss(0, 14),
            34 + index * 7,
            "#e3c78f",
            alpha=38,
        )
    body = [(0.12, -0.42), (0.34, -0.5), (0.9, -0.5), (0.98, -0.3), (0.92, -0.12), (0.14, -0.12)]
    c.poly([(x + size * px, y + size * py) for px, py in body], "#9b3f2b")
    c.carve([(x + size * px, y + size * py) for px, py in body], CREAM, 26, 50, 3, 0, 0.1, 110)
    c.poly(
        [(x + size * px, y + size * py) for px, py in ((0.1, -0.66), (0.32, -0.66), (0.34, -0.36), (0.06, -0.36))],
        NAVY,
    )
    c.poly(
        [(x + size * px, y + size * py) for px, py in ((0.13, -0.62), (0.24, -0.62), (0.24, -0.42), (0.1, -0.42))],
        MIST,
    )
    c.rect(x + size * 0.07, y - size * 0.7, size * 0.28, size * 0.045, "#7d3022")
    c.line([(x + size * 0.7, y - size * 0.5), (x + size * 1.02, y - size * 0.66)], "#7d3022", size * 0.05)
    c.poly(
        [(x + size * px, y + size * py) for px, py in ((0.14, -0.3), (-0.14, -0.08), (-0.14, -0.02), (0.16, -0.14))],
        "#6e2e22",
    )
    for turn in range(6):
        angle = turn * math.pi / 3
        end = (
            x - size * 0.2 + math.cos(angle) * size * 0.13,
            y - size * 0.12 + math.sin(angle) * size * 0.13,
        )
        c.line([(x - size * 0.2, y - size * 0.12), end], INK, 6)
    c.arc(x - size * 0.2, y - size * 0.12, size * 0.13, size * 0.13, 0, 360, STRAW, 6)
    for wx, radius in ((0.26, 0.15), (0.8, 0.1)):
        c.disc(x + size * wx, y - radius * size * 0.7, radius * size, INK)
        c.disc(x + size * wx, y - radius * size * 0.7, radius * size * 0.45, OCHRE)


def border_fence(c):
    """A wire fence running over dry hills, a watchtower beyond."""
    sky(c, ["#55646c", "#8c9796", "#c8bd9f", "#e3c795"], 520, 0.7)
    cloud_bank(c, 240, "#6f7b7f", 7, 60)
    hills(c, 470, 90, "#8f8f80", "#a59c80", 700, jag=0.05)
    hills(c, 520, 50, "#a08a62", "#8d7850", 1000, marks=160)
    land = hills(c, 640, 30, "#b3935c", "#6b5236", 1000)
    c.carve(land, "#d8bb84", 300, 60, 5, 0.1, 0.3, 110)
    c.carve(land, "#4c3b29", 240, 60, 5, -0.1, 0.3, 110)
    track = [(640, 600), (660, 600), (900, 1000), (420, 1000)]
    c.shade(track, "#d5bd8c", "#a8895a")
    lattice(c, 330, 640, 330, 400, 90, 60, "#3a3129", 5, 4)
    c.rect(280, 330, 100, 74, "#4d4438")
    c.rect(290, 348, 80, 28, STRAW)
    c.poly([(266, 334), (330, 292), (394, 334)], "#332b25")
    posts = []
    for index in range(15):
        t = 0.74**index
        posts.append((700 + 860 * t, 596 + 420 * t, 560 * t))
    for (x0, y0, h0), (x1, y1, h1) in zip(posts, posts[1:], strict=False):
        for row in range(9):
            t = row / 8
            c.line([(x0, y0 - h0 * t), (x1, y1 - h1 * t)], "#4a4d4a", 1 + h0 * 0.005)
        for bar in range(1, 9):
            t = bar / 9
            x, y, h = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, h0 + (h1 - h0) * t
            c.line([(x, y), (x, y - h)], "#4a4d4a", 1 + h0 * 0.003, 150)
        coils = max(3, int(9 * (x0 - x1) / max(h1, 1) * 0.55))
        for coil in range(coils):
            t = coil / coils
            x, y, h = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, h0 + (h1 - h0) * t
            c.arc(x, y - h * 1.06, h * 0.06, h * 0.075, 0, 360, "#2f3434", 1 + h * 0.006)
    for x, y, h in posts[::-1]:
        c.rect(x - h * 0.018, y - h * 1.03, h * 0.036, h * 1.04, INK)
        c.line([(x, y - h), (x - h * 0.09, y - h * 1.13)], INK, 1 + h * 0.02)


PAINTERS = {
    "river-estuary": river_estuary,
    "flood-gate": flood_gate,
    "grain-fields": grain_fields,
    "border-fence": border_fence,
}
