"""Ports, ships and the coast."""

from .brush import BRICK, CREAM, FOG, INK, MIST, NAVY, OCHRE, PAPER, RUST, SAND, SLATE, STRAW, TEAL, mix
from .scenery import (
    cloud_bank,
    figure,
    glitter,
    gull,
    hills,
    lattice,
    reflect,
    sky,
    smoke,
    water,
)

BOXES = (RUST, OCHRE, SLATE, TEAL, BRICK, "#6d7a72", "#8a6a4a", NAVY)


def containers(c, x, y, columns, rows, wide, high, fade=0.0, ragged=0.35):
    """Stack containers upwards from y, the top row uneven."""
    for column in range(columns):
        tall = rows - (c.rng.randint(0, 2) if c.rng.random() < ragged else 0)
        for row in range(max(1, tall)):
            colour = mix(c.rng.choice(BOXES), FOG, fade)
            left, top = x + column * wide, y - (row + 1) * high
            c.rect(left, top, wide - 1.5, high - 1.5, colour)
            c.rect(left, top, wide - 1.5, high * 0.14, mix(colour, CREAM, 0.3))
            for rib in range(1, 6):
                c.rect(left + wide * rib / 6, top + high * 0.2, 1.2, high * 0.7, mix(colour, INK, 0.3), 120)


def crane(c, x, base, h, colour, way=1, load=None):
    """A quay crane: legs, braced portal, boom, stays and a hanging load."""
    leg, beam, top = h * 0.2, base - h * 0.6, base - h
    for foot in (x - leg / 2, x + leg / 2):
        c.rect(foot - h * 0.014, beam, h * 0.028, base - beam, colour)
    for low, high in ((0.02, 0.3), (0.3, 0.58)):
        c.line([(x - leg / 2, base - h * low), (x + leg / 2, base - h * high)], colour, h * 0.01)
        c.line([(x + leg / 2, base - h * low), (x - leg / 2, base - h * high)], colour, h * 0.01)
        c.line([(x - leg / 2, base - h * high), (x + leg / 2, base - h * high)], colour, h * 0.014)
    nose, tail = x + way * h * 0.62, x - way * h * 0.34
    c.rect(min(nose, tail), beam - h * 0.015, abs(nose - tail), h * 0.03, colour)
    c.line([(x - leg / 2, beam), (x + way * leg * 0.2, top)], colour, h * 0.016)
    c.line([(x + leg / 2, beam), (x + way * leg * 0.2, top)], colour, h * 0.016)
    for end in (nose - way * h * 0.03, x + way * h * 0.36, tail + way * h * 0.02):
        c.line([(x + way * leg * 0.2, top), (end, beam)], colour, h * 0.007)
    c.rect(tail - h * 0.02 * way - h * 0.05, beam - h * 0.07, h * 0.13, h * 0.07, mix(colour, CREAM, 0.12))
    hook = x + way * h * 0.44
    c.rect(hook - h * 0.03, beam + h * 0.015, h * 0.06, h * 0.045, colour)
    if load:
        for side in (-h * 0.03, h * 0.03):
            c.line([(hook + side, beam), (hook + side, beam + h * 0.22)], colour, h * 0.005)
        c.rect(hook - h * 0.075, beam + h * 0.22, h * 0.15, h * 0.06, load)


def freighter(c, x, y, size, hull, rows=3):
    """A container ship lying along the water at y, bow to the right."""
    deep = size * 0.085
    containers(c, x + size * 0.17, y - deep, 14, rows, size * 0.052, size * 0.034)
    c.rect(x + size * 0.05, y - deep - size * 0.17, size * 0.09, size * 0.17, "#c9c6b8")
    c.rect(x + size * 0.038, y - deep - size * 0.165, size * 0.114, size * 0.026, "#b5b4a8")
    c.rect(x + size * 0.042, y - deep - size * 0.158, size * 0.106, size * 0.012, NAVY)
    for row in range(4):
        c.rect(x + size * 0.06, y - deep - size * (0.12 - row * 0.03), size * 0.07, size * 0.009, SLATE)
    c.rect(x + size * 0.025, y - deep - size * 0.1, size * 0.03, size * 0.1, RUST)
    side = [
        (x, y - deep * 1.1),
        (x + size * 0.9, y - deep),
        (x + size, y - deep * 1.5),
        (x + size * 0.955, y),
        (x + size * 0.02, y),
    ]
    c.poly(side, hull)
    c.carve(side, mix(hull, CREAM, 0.4), 60, size * 0.07, 2.5, 0, 0.02, 90)
    c.poly(
        [
            (x + size * 0.016, y - deep * 0.25),
            (x + size * 0.965, y - deep * 0.25),
            (x + size * 0.955, y),
            (x + size * 0.02, y),
        ],
        BRICK,
    )


def harbour(c):
    """A container port at first light."""
    sky(c, ["#3d4d58", "#6b7a80", "#a8a596", "#dcbf8c"], 610, sun=(960, 520, 46, "#f0cf93"))
    cloud_bank(c, 190, "#4a5a64", 6, 60)
    hills(c, 570, 40, "#7e8a8b", "#a2a196", 640)
    hills(c, 596, 22, "#66757a", "#7d8584", 640)
    water(c, 610, "#8f9490", "#2a3b45", PAPER)
    glitter(c, 960, 650, 990, "#ecd0a0", 110, 190)
    c.rect(0, 596, 1500, 22, "#3c4a50")
    containers(c, 20, 598, 23, 3, 62, 22, 0.35)
    for x, h, way, load in (
        (170, 450, 1, RUST),
        (520, 360, 1, None),
        (840, 320, -1, OCHRE),
        (1240, 430, -1, TEAL),
    ):
        crane(c, x, 612, h, "#26333a", way, load)
    freighter(c, 330, 716, 860, "#1f2d35", 4)
    reflect(c, 760, 718, 800, 130, "#1a262d", 150)
    for x, y, s in ((300, 250, 16), (350, 225, 12), (1060, 300, 14), (1110, 322, 10)):
        gull(c, x, y, s, "#2c3940")
    c.poly([(0, 1000), (0, 905), (420, 935), (520, 1000)], "#1a2429")
    c.carve([(0, 1000), (0, 905), (420, 935), (520, 1000)], FOG, 70, 60, 4, 0.07, 0.05, 90)
    for x in (90, 300):
        c.rect(x, 868 + x * 0.07, 36, 56, "#12191d")
        c.disc(x + 18, 868 + x * 0.07, 30, "#12191d", 12)


def cranes(c):
    """Quay cranes seen close, from below, over stacked boxes."""
    sky(c, ["#8fa0a3", "#b7bcb2", "#ddd1b3", "#e8d3a4"], 800, 0.7)
    cloud_bank(c, 300, PAPER, 8, 60)
    for x, h, tint in ((1330, 430, 0.55), (1080, 540, 0.4), (760, 700, 0.22), (330, 900, 0.0)):
        crane(c, x, 812, h, mix("#7d3427", MIST, tint), 1, mix(c.rng.choice(BOXES), MIST, tint))
    c.rect(0, 805, 1500, 200, "#4b5254")
    containers(c, 560, 815, 12, 4, 84, 32, 0.25)
    containers(c, -30, 930, 6, 4, 132, 50, 0.05)
    containers(c, 1010, 940, 4, 5, 140, 52, 0.05)
    c.wash(926, 1000, "#5b5e5a", "#31383a")
    c.carve_box(0, 930, 1500, 70, CREAM, 140, length=80, width=4, spread=0.03, alpha=70)
    for x, coat in ((830, OCHRE), (880, RUST)):
        figure(c, x, 962, 92, coat, hair=STRAW)


def lighthouse(c):
    """A striped lighthouse on a headland, sea breaking below."""
    sky(c, ["#4b616b", "#7b8f94", "#aeb9b5", "#d8d0b8"], 600, 0.75)
    cloud_bank(c, 480, PAPER, 7, 70, 190)
    water(c, 598, "#5b7c82", "#1f3b44", PAPER, strokes=650)
    land = [
        (760, 1000),
        (800, 880),
        (770, 760),
        (850, 700),
        (880, 640),
        (1010, 590),
        (1220, 552),
        (1500, 560),
        (1500, 1000),
    ]
    c.shade(land, "#66704a", "#2b3129")
    cliff = [(760, 1000), (800, 880), (770, 760), (850, 700), (880, 640), (930, 700), (905, 800), (960, 1000)]
    c.poly(cliff, "#39382f")
    c.carve(cliff, SAND, 130, 60, 5, 1.4, 0.25, 110)
    c.carve(land[4:], "#8f935f", 260, 54, 5, -0.25, 0.3, 110)
    c.carve(land[4:], INK, 160, 54, 5, -0.25, 0.3, 80)
    c.rect(1155, 500, 130, 62, PAPER)
    c.poly([(1140, 502), (1220, 455), (1300, 502)], BRICK)
    c.rect(1180, 522, 18, 20, SLATE)
    c.rect(1240, 522, 18, 20, SLATE)
    tower = [(1050, 566), (1066, 210), (1124, 210), (1140, 566)]
    c.shade(tower, PAPER, "#cfc7b2")
    for low, high in ((0.2, 0.4), (0.6, 0.8)):
        y0, y1 = 566 - 356 * high, 566 - 356 * low
        w0, w1 = 29 + 16 * (1 - high), 29 + 16 * (1 - low)
        c.poly([(1095 - w0, y0), (1095 + w0, y0), (1095 + w1, y1), (1095 - w1, y1)], "#9b3b2c")
    c.poly([(1106, 210), (1124, 210), (1140, 566), (1112, 566)], INK, 70)
    for x in (1085, 1087):
        c.rect(x, 330, 12, 22, NAVY)
    c.rect(1052, 200, 86, 12, INK)
    c.rect(1072, 152, 46, 50, STRAW)
    for x in (1070, 1086, 1102, 1116):
        c.rect(x, 150, 4, 52, INK)
    c.poly([(1062, 154), (1095, 112), (1128, 154)], "#7c3327")
    c.glow(1095, 176, 150, "#f2dda6", 140)
    c.poly([(1072, 170), (0, 60), (0, 250), (1072, 184)], "#f2e6c0", 34)
    for _ in range(160):
        x = c.rng.gauss(770, 50)
        c.gouge(x, c.rng.uniform(880, 1000), 70, 7, c.rng.gauss(-0.15, 0.25), PAPER, 150)
    for x, y, s in ((420, 360, 24), (500, 330, 17), (360, 400, 14), (690, 440, 20)):
        gull(c, x, y, s, PAPER)


def ferry(c):
    """A car ferry crossing the estuary, wake behind it."""
    sky(c, ["#809aa4", "#a8bbbd", "#c8cfc6", "#e3dcc4"], 520, 0.7)
    hills(c, 480, 60, "#8fa09f", "#a7b0a8", 560)
    hills(c, 512, 34, "#66796f", "#7f8d7c", 560, marks=60)
    water(c, 530, "#8ea8a8", "#23464f", PAPER, strokes=600)
    hull = [(330, 640), (1190, 640), (1280, 590), (1220, 740), (380, 740)]
    c.rect(400, 520, 720, 124, "#ece5d3")
    c.rect(470, 440, 560, 84, "#e2dac6")
    c.rect(880, 384, 150, 60, "#ece5d3")
    c.rect(890, 398, 150, 22, NAVY)
    c.poly([(570, 440), (580, 340), (670, 340), (690, 440)], "#9b3b2c")
    c.rect(578, 350, 94, 20, INK)
    smoke(c, 620, 335, 120, "#6b7478", -1.2, 14, 60)
    for row, count, left, gap in ((466, 20, 490, 26), (556, 26, 420, 27), (600, 26, 420, 27)):
        for index in range(count):
            c.rect(left + index * gap, row, 15, 18, SLATE)
    c.poly(hull, "#21404b")
    c.carve(hull, MIST, 70, 80, 4, 0, 0.03, 90)
    c.poly([(360, 704), (1234, 704), (1220, 740), (380, 740)], "#8a3a2c")
    for x in range(480, 1000, 90):
        c.disc(x, 520, 26, OCHRE, 9)
    c.line([(960, 384), (960, 310)], INK, 5)
    c.poly([(960, 312), (1012, 324), (960, 338)], STRAW)
    reflect(c, 800, 742, 880, 120, "#18343d", 170)
    for _ in range(240):
        t = c.rng.random()
        x = 400 - 420 * t + c.rng.gauss(0, 30)
        c.gouge(x, 742 + 70 * t + c.rng.gauss(0, 8 + 24 * t), 60, 6, c.rng.gauss(0.1, 0.1), PAPER, 150)
    for _ in range(40):
        c.gouge(1230 + c.rng.gauss(20, 25), 738 + c.rng.gauss(0, 8), 50, 7, -0.3, PAPER, 170)
    for x, y, s in ((250, 300, 26), (330, 250, 18), (190, 360, 15), (1250, 330, 20)):
        gull(c, x, y, s, PAPER)


def trawler(c, x, y, size, hull, trim):
    """A small fishing boat, bow to the right, mast and derrick up."""
    for end in (x + size * 0.05, x + size * 0.98):
        c.line([(x + size * 0.55, y - size * 0.86), (end, y - size * 0.24)], INK, 2)
    c.rect(x + size * 0.54, y - size * 0.88, size * 0.018, size * 0.7, UMBER_MAST)
    c.line([(x + size * 0.55, y - size * 0.34), (x + size * 0.2, y - size * 0.7)], UMBER_MAST, size * 0.014)
    c.line([(x + size * 0.2, y - size * 0.7), (x + size * 0.2, y - size * 0.26)], INK, 2)
    c.rect(x + size * 0.56, y - size * 0.46, size * 0.22, size * 0.26, "#ddd3bb")
    c.rect(x + size * 0.55, y - size * 0.48, size * 0.25, size * 0.035, trim)
    for index in range(3):
        c.rect(x + size * (0.585 + index * 0.065), y - size * 0.41, size * 0.045, size * 0.075, NAVY)
    body = [
        (x, y - size * 0.22),
        (x + size * 0.5, y - size * 0.19),
        (x + size * 0.82, y - size * 0.23),
        (x + size * 1.05, y - size * 0.33),
        (x + size * 0.94, y),
        (x + size * 0.06, y),
    ]
    c.poly(body, hull)
    c.carve(body, mix(hull, CREAM, 0.5), 46, size * 0.16, 4, 0.02, 0.05, 100)
    c.line([body[0], body[1], body[2], body[3]], trim, size * 0.024)
    for index in range(5):
        c.disc(x + size * (0.1 + index * 0.07), y - size * 0.25, size * 0.035, OCHRE if index % 2 else RUST)
    reflect(c, x + size * 0.5, y + 2, size * 0.9, size * 0.36, mix(hull, INK, 0.35), 170)


UMBER_MAST = "#4a3a2c"


def fishing_boats(c):
    """Three trawlers moored in a small harbour."""
    sky(c, ["#5d7078", "#8e9c9c", "#c3bfa9", "#e0c698"], 500, 0.6, sun=(330, 400, 34, "#efd39b"))
    hills(c, 470, 40, "#7f8c88", "#969c90", 540)
    colours = ("#a56a4c", "#c8b68f", "#7d8580", "#93533f", "#b59a68", "#8b9390", "#d2c5a5")
    x = 0
    while x < 1500:
        wide, high = c.rng.uniform(80, 130), c.rng.uniform(90, 150)
        colour = c.rng.choice(colours)
        c.rect(x, 540 - high, wide, high, colour)
        c.poly(
            [(x - 4, 542 - high), (x + wide / 2, 500 - high), (x + wide + 4, 542 - high)],
            mix(BRICK, INK, 0.35),
        )
        for dx in (0.18, 0.6):
            for dy in (0.25, 0.6):
                c.rect(x + wide * dx, 540 - high * (1 - dy), wide * 0.18, high * 0.2, mix(colour, INK, 0.6))
        x += wide + 2
    c.rect(0, 536, 1500, 52, "#4a4d48")
    c.carve_box(0, 540, 1500, 46, SAND, 90, length=50, width=4, spread=0.02, alpha=90)
    water(c, 586, "#7f8f8c", "#1d3a42", CREAM, strokes=520)
    glitter(c, 330, 600, 960, "#ecd2a0", 70, 90)
    trawler(c, 90, 690, 360, "#2f5660", STRAW)
    trawler(c, 960, 710, 400, "#8a3a2b", PAPER)
    trawler(c, 420, 890, 600, "#24404a", RUST)
    for px, py, s in ((760, 190, 24), (830, 160, 17), (1120, 220, 20), (640, 250, 14)):
        gull(c, px, py, s, PAPER)


def tank(c, x, y, wide, high, colour):
    """An oil storage tank, lit from the left."""
    c.shade(
        [(x, y - high), (x + wide, y - high), (x + wide, y), (x, y)],
        mix(colour, PAPER, 0.25),
        mix(colour, INK, 0.5),
        True,
    )
    c.disc(x + wide / 2, y, wide / 2, mix(colour, INK, 0.3), wide * 0.05)
    c.disc(x + wide / 2, y - high, wide / 2, mix(colour, PAPER, 0.35), wide * 0.07)
    steps = [(x + wide * (0.2 + 0.05 * n), y - high * n / 12) for n in range(13)]
    c.line(steps, mix(colour, INK, 0.6), 3)
    c.line([(x, y - high * 0.55), (x + wide, y - high * 0.55)], mix(colour, INK, 0.3), 2)


def oil_terminal(c):
    """Storage tanks, a flare and a tanker at the jetty."""
    sky(c, ["#5a4a4a", "#96705a", "#cf9a64", "#ecc98a"], 590, 0.6, sun=(420, 470, 50, "#f6d896"))
    hills(c, 570, 26, "#8a6a54", "#9a7658", 700)
    smoke(c, 1180, 170, 220, "#4a3d3c", 0.7, 18, 70)
    lattice(c, 1180, 600, 1180, 220, 46, 16, "#352c2b", 10, 3)
    c.glow(1184, 180, 150, "#f4b35c", 190)
    c.poly([(1172, 222), (1160, 180), (1186, 120), (1206, 170), (1190, 222)], "#f3c879")
    for x, wide, high in ((760, 150, 95), (930, 150, 95), (1230, 170, 105), (1400, 160, 100)):
        tank(c, x, 606, wide, high, "#b9a488")
    for x, wide, high in ((640, 240, 150), (910, 250, 155), (1200, 260, 160)):
        tank(c, x, 660, wide, high, "#cbb897")
    for y in (640, 652):
        c.line([(560, y), (1500, y + 10)], "#5a4334", 7)
    c.poly([(560, 664), (1500, 655), (1500, 720), (480, 700)], "#5b4839")
    water(c, 690, "#a5805e", "#2f2d33", "#f2d7a0", strokes=420)
    glitter(c, 420, 700, 990, "#f4d79a", 100, 170)
    c.rect(0, 700, 700, 10, INK)
    for x in range(20, 700, 62):
        c.rect(x, 706, 8, 60, INK)
    hull = [(40, 770), (660, 770), (740, 745), (690, 860), (70, 860)]
    c.rect(90, 660, 110, 112, "#d8c8a6")
    c.rect(82, 676, 126, 20, UMBER_MAST)
    c.rect(60, 690, 34, 82, RUST)
    for x in range(260, 640, 62):
        c.line([(x, 770), (x, 735), (x + 44, 735), (x + 44, 770)], "#3a2d2a", 5)
    c.line([(220, 756), (650, 756)], "#3a2d2a", 6)
    c.poly(hull, "#2a272c")
    c.carve(hull, SAND, 60, 80, 4, 0, 0.03, 80)
    c.poly([(62, 836), (700, 836), (690, 860), (70, 860)], "#8f402c")
    reflect(c, 380, 862, 620, 110, "#1d1b20", 160)


PAINTERS = {
    "harbour": harbour,
    "cranes": cranes,
    "lighthouse": lighthouse,
    "ferry": ferry,
    "fishing-boats": fishing_boats,
    "oil-terminal": oil_terminal,
}
