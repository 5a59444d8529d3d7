"""Portraits on their grounds, and the reporter on the quay."""

import math
import random

from .brush import INK, NAVY, OCHRE, PAPER, SLATE, STRAW, UMBER, mix
from .bust import Bust
from .scenery import gull, hills, sky, water
from .sea import crane, trawler
from .sitters import GROUNDS, SKINS


def paint_portrait(c, key):
    """The square portrait: a quiet ground with cut rays, then the bust."""
    light, deep = GROUNDS[random.Random("ground " + key).randrange(len(GROUNDS))]
    c.wash(0, 1000, light, deep)
    c.glow(430, 400, 560, mix(light, PAPER, 0.4), 170)
    for _ in range(190):
        angle, reach = c.rng.uniform(0, math.tau), c.rng.uniform(330, 720)
        x, y = 500 + reach * math.cos(angle), 440 + reach * math.sin(angle)
        c.gouge(x, y, c.rng.uniform(40, 120), 7, angle + 1.57, mix(deep, INK, 0.3), 60)
    Bust(c, 500, 478, 1.24, key).draw()


def reporter(c):
    """A reporter with a notebook on the quay."""
    sky(c, ["#5b6d76", "#8f9d9e", "#c4c2ae", "#e2cfa4"], 600, 0.8)
    hills(c, 575, 40, "#8a9796", "#9ba39a", 650)
    for x, h, way in ((170, 330, 1), (1230, 420, -1), (1420, 300, -1)):
        crane(c, x, 612, h, "#5b6a6e", way)
    c.rect(0, 600, 1500, 16, SLATE)
    water(c, 614, "#8b9a99", "#33505a", PAPER, strokes=360)
    trawler(c, 70, 740, 300, "#2f5660", STRAW)
    for x, y, s in ((300, 250, 22), (370, 220, 15), (1130, 190, 18)):
        gull(c, x, y, s, PAPER)
    c.poly([(0, 1000), (0, 900), (1500, 870), (1500, 1000)], UMBER)
    sitter = Bust(c, 790, 420, 1.12, "portrait-reporter")
    sitter.draw()
    hand = mix(SKINS["tan"], INK, 0.1)
    c.poly([(930, 800), (1120, 770), (1150, 960), (960, 1000)], PAPER)
    c.poly([(930, 800), (1120, 770), (1124, 796), (934, 826)], NAVY)
    for row in range(4):
        c.gouge(1040, 850 + row * 30, 130, 6, -0.15, SLATE, 200)
    c.disc(960, 940, 46, hand, 34)
    c.line([(1190, 760), (1070, 880)], OCHRE, 13)
    c.disc(1170, 800, 44, hand, 38)
    c.poly([(1140, 830), (1210, 790), (1330, 1000), (1170, 1000)], mix(sitter.cloth, INK, 0.42))


PAINTERS = {"portrait-reporter": reporter}
