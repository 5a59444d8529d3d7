"""Head and shoulders, cut in two tones from the traits in sitters.py."""

import math
import random

from .brush import (
    CREAM,
    INK,
    OCHRE,
    PAPER,
    mix,
)
from .sitters import CLOTHS, HAIRLINES, HAIRS, SITTERS, SKINS, STYLES


def traits_for(key):
    """The traits of a person; somebody unknown gets some by chance, always the same."""
    if key in SITTERS:
        return SITTERS[key]
    rng = random.Random("traits " + key)
    wear = rng.choice(("suit", "jumper", "shirt"))
    return rng.choice(STYLES), rng.choice(list(HAIRS)), rng.choice(list(SKINS)), wear, ""


class Bust:
    """Head and shoulders around a middle, in units of the square portrait."""

    def __init__(self, canvas, x, y, scale, key):
        self.c, self.x, self.y, self.s = canvas, x, y, scale
        self.rng = random.Random("face " + key)
        self.style, hair, skin, self.wear, self.extras = traits_for(key)
        self.hair, self.skin = HAIRS[hair], SKINS[skin]
        self.cloth = self.rng.choice(CLOTHS)
        self.dusk = mix(self.skin, "#2d1d1c", 0.42)
        self.jaw = self.rng.uniform(0.8, 0.97)
        self.wide = self.rng.uniform(140, 156)

    def at(self, points):
        """Move points of the bust onto the canvas."""
        return [(self.x + x * self.s, self.y + y * self.s) for x, y in points]

    def poly(self, points, colour, alpha=255):
        """Fill a polygon."""
        self.c.poly(self.at(points), colour, alpha)

    def disc(self, x, y, rx, colour, ry=None, alpha=255):
        """Fill an ellipse."""
        self.c.disc(self.x + x * self.s, self.y + y * self.s, rx * self.s, colour, (ry or rx) * self.s, alpha)

    def line(self, points, colour, width):
        """Draw a line."""
        self.c.line(self.at(points), colour, width * self.s)

    def gouge(self, x, y, length, width, angle, colour, alpha=255):
        """Cut one mark."""
        self.c.gouge(self.x + x * self.s, self.y + y * self.s, length * self.s, width * self.s, angle, colour, alpha)

    def carve(self, points, colour, count, length, width, angle, spread=0.15, alpha=120):
        """Scatter marks inside a polygon."""
        marks = (length * self.s, width * self.s, angle, spread, alpha)
        self.c.carve(self.at(points), colour, count, *marks)

    def face_line(self, grow=1.0, start=0, end=360):
        """Points round the face, clockwise from the crown."""
        points = []
        for degree in range(start, end + 1, 6):
            angle = math.radians(degree)
            x, y = math.sin(angle) * self.wide * grow, -math.cos(angle) * 196 * grow
            if y > 0:
                x *= 1 - (1 - self.jaw) * (y / 196) * 1.1
                x = math.copysign(abs(x) ** 0.985, x)
            points.append((x, y))
        return points

    def draw(self):
        """Cut the whole bust, from the back forwards."""
        self.back_hair()
        self.shoulders()
        self.head()
        self.features()
        self.beard()
        self.front_hair()
        self.glasses()

    def back_hair(self):
        """Hair that falls behind the head."""
        dark = mix(self.hair, INK, 0.35)
        if self.style not in ("bald", "scarf"):
            self.poly(self.crown(), dark)
        if self.style == "long":
            lock = [
                (-140, -120),
                (-186, 40),
                (-206, 330),
                (-90, 370),
                (90, 370),
                (206, 330),
                (186, 40),
                (140, -120),
            ]
            self.poly(lock, dark)
            self.carve(lock, mix(self.hair, CREAM, 0.3), 70, 120, 7, 1.57, 0.1, 150)
        elif self.style == "bob":
            lock = [
                (-140, -120),
                (-188, 40),
                (-200, 210),
                (-110, 236),
                (110, 236),
                (200, 210),
                (188, 40),
                (140, -120),
            ]
            self.poly(lock, dark)
            self.carve(lock, mix(self.hair, CREAM, 0.3), 50, 100, 7, 1.57, 0.12, 150)
        elif self.style == "curly":
            for step in range(26):
                angle = math.pi * (0.8 + 1.4 * step / 25)
                self.disc(math.cos(angle) * 178, math.sin(angle) * 200 - 10, 62, dark)
        elif self.style == "bun":
            self.disc(0, -236, 76, dark, 64)
            self.c.arc(
                self.x,
                self.y - 236 * self.s,
                44 * self.s,
                36 * self.s,
                160,
                330,
                mix(self.hair, CREAM, 0.4),
                7 * self.s,
            )
        elif self.style == "scarf":
            self.poly(
                [(-150, -90), (-200, 160), (-240, 420), (240, 420), (200, 160), (150, -90)],
                mix(self.cloth, INK, 0.35),
            )

    def shoulders(self):
        """Neck and clothing."""
        self.poly([(-76, 90), (76, 90), (92, 330), (-92, 330)], self.dusk)
        self.poly([(-76, 90), (10, 90), (-10, 330), (-92, 330)], mix(self.skin, self.dusk, 0.35))
        body = [
            (-96, 262),
            (96, 262),
            (250, 318),
            (352, 390),
            (420, 620),
            (-420, 620),
            (-352, 390),
            (-250, 318),
        ]
        cloth = self.cloth if self.wear != "suit" else mix(self.cloth, INK, 0.45)
        self.poly(body, cloth)
        self.poly([(96, 262), (250, 318), (352, 390), (420, 620), (150, 620)], mix(cloth, INK, 0.3))
        self.carve(body, mix(cloth, CREAM, 0.45), 90, 72, 7, 1.2, 0.25, 120)
        self.carve(body, mix(cloth, INK, 0.55), 60, 72, 7, 1.9, 0.25, 120)
        collar = {"suit": self.suit, "shirt": self.shirt, "jumper": self.jumper, "coat": self.coat}
        collar[self.wear](cloth)

    def suit(self, cloth):
        """Lapels, a shirt front, perhaps a tie."""
        self.poly([(-96, 256), (96, 256), (0, 560)], PAPER)
        self.poly([(-76, 232), (-104, 262), (-44, 330), (0, 290)], mix(PAPER, INK, 0.06))
        self.poly([(76, 232), (104, 262), (44, 330), (0, 290)], mix(PAPER, INK, 0.16))
        if "tie" in self.extras:
            self.poly(
                [(-22, 292), (22, 292), (14, 326), (30, 560), (-30, 560), (-14, 326)],
                self.rng.choice(("#8d3b2c", "#2d545a", "#a67d36")),
            )
        self.poly([(-98, 254), (-150, 300), (-120, 420), (-10, 600), (-6, 560)], mix(cloth, CREAM, 0.1))
        self.poly([(98, 254), (150, 300), (120, 420), (10, 600), (6, 560)], mix(cloth, INK, 0.25))

    def shirt(self, cloth):
        """An open collar."""
        self.poly([(-80, 250), (80, 250), (0, 372)], self.dusk)
        self.poly([(-82, 236), (-130, 276), (-66, 366), (0, 372)], mix(cloth, CREAM, 0.4))
        self.poly([(82, 236), (130, 276), (66, 366), (0, 372)], mix(cloth, CREAM, 0.2))
        self.line([(0, 372), (0, 620)], mix(cloth, INK, 0.4), 5)

    def jumper(self, cloth):
        """A round knitted collar."""
        for grow, shade in ((1.0, mix(cloth, CREAM, 0.22)), (0.82, mix(cloth, INK, 0.3))):
            self.disc(0, 268, 112 * grow, shade, 46 * grow)
        self.disc(0, 254, 86, mix(self.skin, self.dusk, 0.7), 32)
        for step in range(15):
            angle = math.pi * (0.05 + 0.9 * step / 14)
            self.gouge(math.cos(angle) * 102, 268 + math.sin(angle) * 42, 22, 4, angle, mix(cloth, INK, 0.4))

    def coat(self, cloth):
        """A turned-up collar over a scarf."""
        self.poly([(-104, 236), (104, 236), (120, 330), (0, 372), (-120, 330)], OCHRE)
        for y in (262, 292, 322):
            self.gouge(0, y + 12, 190, 7, 0.03, mix(OCHRE, INK, 0.35))
        self.poly([(-104, 222), (-190, 286), (-150, 420), (-30, 620), (-40, 360)], mix(cloth, CREAM, 0.16))
        self.poly([(104, 222), (190, 286), (150, 420), (30, 620), (40, 360)], mix(cloth, INK, 0.35))

    def head(self):
        """Ears and the face in two tones, light from the left."""
        if self.style not in ("scarf", "long", "bob"):
            self.disc(-self.wide + 2, 16, 25, self.skin, 42)
            self.disc(self.wide - 2, 16, 25, self.dusk, 42)
        outline = self.face_line()
        self.poly(outline, self.skin)
        self.carve(outline, mix(self.skin, PAPER, 0.45), 26, 60, 6, 1.9, 0.3, 90)
        shade = [(34, -196), (30, -60), (22, -30), (46, 50), (24, 74), (30, 110), (18, 150), (36, 196)]
        right = [(x, y) for x, y in self.face_line(1, 12, 168)]
        self.poly([*shade[1:-1], *right[::-1]], self.dusk)
        self.carve([*shade[1:-1], *right[::-1]], mix(self.skin, PAPER, 0.1), 22, 56, 6, 1.2, 0.3, 120)

    def features(self):
        """Eyes, brows, nose and mouth."""
        dark = mix(self.skin, "#1a1214", 0.82)
        brow = mix(self.hair, INK, 0.35) if self.style != "bald" else dark
        tilt = self.rng.uniform(-0.05, 0.04)
        for side in (-1, 1):
            white = mix(self.skin if side < 0 else self.dusk, PAPER, 0.6)
            self.gouge(side * 62, -18, 66, 27, 0, white)
            self.disc(side * 62 + 4, -18, 12, dark)
            self.gouge(side * 62, -31, 74, 10, side * 0.06, dark)
            self.gouge(side * 64, -62, 92, 17, side * tilt, brow)
            self.disc(side * 62 + 8, -22, 3.5, PAPER)
        self.line([(20, -26), (44, 50)], dark, 5)
        self.line([(44, 50), (36, 62), (2, 66)], dark, 6)
        smile = self.rng.uniform(2, 13)
        self.poly(
            [(-52, 110 - smile), (-14, 105), (4, 109), (22, 105), (54, 110 - smile), (4, 120)],
            mix(dark, "#7c2f2c", 0.35),
        )
        self.gouge(3, 134, 62, 13, 0, mix(self.dusk, "#8a3f38", 0.35))
        self.gouge(-92, 74, 74, 6, 1.15, mix(self.skin, dark, 0.35))
        if "lined" in self.extras:
            for y in (-112, -132):
                self.gouge(-16, y, 120, 5, 0.03, mix(self.skin, dark, 0.4))
            self.gouge(-110, 2, 40, 5, 0.5, mix(self.skin, dark, 0.4))

    def beard(self):
        """Beard or moustache, where the sitter has one."""
        if "beard" in self.extras:
            edge = self.face_line(1.03, 102, 258)
            inner = [
                (-112, 60),
                (-70, 84),
                (-58, 100),
                (-56, 134),
                (0, 146),
                (58, 134),
                (60, 100),
                (72, 84),
                (112, 60),
            ]
            self.poly([*edge, *inner], self.hair)
            self.carve([*edge, *inner], mix(self.hair, CREAM, 0.4), 70, 46, 6, 1.57, 0.3, 150)
        if "beard" in self.extras or "moustache" in self.extras:
            self.poly(
                [(-66, 104), (-30, 78), (4, 84), (38, 78), (68, 104), (30, 102), (4, 98), (-26, 102)],
                self.hair,
            )

    def front_hair(self):
        """Hair, or a headscarf, over the forehead."""
        if self.style == "bald":
            for side in (-1, 1):
                tuft = [(side * 132, -96), (side * 166, -60), (side * 160, 20), (side * 142, 10)]
                self.poly(tuft, self.hair)
            self.gouge(-60, -150, 90, 16, -0.7, mix(self.skin, PAPER, 0.6), 170)
            return
        if self.style == "scarf":
            self.headscarf()
            return
        cap = self.hair_cap()
        self.poly(cap, self.hair)
        if self.style == "curly":
            for step in range(15):
                angle = math.pi * (1.0 + step / 14)
                self.disc(
                    math.cos(angle) * 136,
                    math.sin(angle) * 158 - 14,
                    46,
                    mix(self.hair, INK, self.rng.uniform(0, 0.3)),
                )
                self.c.arc(
                    self.x + math.cos(angle) * 140 * self.s,
                    self.y + (math.sin(angle) * 165 - 14) * self.s,
                    26 * self.s,
                    26 * self.s,
                    150,
                    330,
                    mix(self.hair, CREAM, 0.4),
                    5 * self.s,
                )
        else:
            self.carve(cap, mix(self.hair, CREAM, 0.42), 80, 52, 6, -0.6, 0.3, 170)
            self.carve(cap, mix(self.hair, INK, 0.6), 40, 52, 6, -0.6, 0.3, 150)

    def crown(self):
        """Points over the top of the hair, left to right."""
        lift = 1.14 if self.style in ("bob", "long", "parted") else 1.1
        return self.face_line(lift, 276, 360) + self.face_line(lift, 0, 84)

    def hair_cap(self):
        """Outline of the hair on top."""
        top = self.crown()
        return top + HAIRLINES[self.style]

    def headscarf(self):
        """A headscarf framing the face."""
        ring = self.face_line(1.2, 246, 360) + self.face_line(1.2, 0, 114)
        inner = self.face_line(0.97, 0, 108)[::-1] + self.face_line(0.97, 252, 360)[::-1]
        self.poly(ring + inner, self.cloth)
        self.carve(ring + inner, mix(self.cloth, CREAM, 0.5), 50, 90, 7, 1.3, 0.5, 150)
        wrap = [
            (-176, 70),
            (-120, 120),
            (-60, 186),
            (0, 204),
            (60, 186),
            (120, 120),
            (176, 70),
            (200, 300),
            (60, 350),
            (-130, 330),
            (-200, 280),
        ]
        self.poly(wrap, self.cloth)
        self.poly([(60, 186), (120, 120), (176, 70), (200, 300), (60, 350)], mix(self.cloth, INK, 0.3))
        self.carve(wrap, mix(self.cloth, CREAM, 0.5), 40, 110, 8, 0.5, 0.3, 150)

    def glasses(self):
        """Spectacles, round or square."""
        if "glasses" not in self.extras:
            return
        for side in (-1, 1):
            x = self.x + side * 64 * self.s
            self.disc(side * 64, -14, 50, PAPER, 42, 40)
            self.c.arc(x, self.y - 14 * self.s, 52 * self.s, 44 * self.s, 0, 360, INK, 8 * self.s)
            self.line([(side * 114, -20), (side * 150, -26)], INK, 7)
        self.line([(-14, -22), (14, -22)], INK, 7)
