"""The canvas every picture is drawn on, and the printing that finishes it."""

import math
import random
from functools import cache

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageEnhance

INK, NIGHT, NAVY, SLATE = "#1b2327", "#141c24", "#26353f", "#51626b"
FOG, MIST, PAPER, CREAM = "#8d9a9d", "#b3bcba", "#efe6d2", "#e2d4b4"
OCHRE, STRAW, SAND, RUST = "#bd8c42", "#d8b36a", "#c9ab7c", "#a04f33"
BRICK, ROSE, MOSS, OLIVE = "#7c4033", "#b78672", "#566040", "#3c4733"
TEAL, SEA, EARTH, UMBER = "#2d545a", "#3f6470", "#5a4534", "#3a2d26"


@cache
def rgb(colour):
    """Turn a colour name or hex string into a tuple."""
    return ImageColor.getrgb(colour)[:3]


def tone(colour):
    """Accept either a tuple or a string as a colour."""
    return rgb(colour) if isinstance(colour, str) else tuple(colour)


def mix(first, second, share):
    """Blend two colours; share 0 is the first, 1 the second."""
    return tuple(round(a + (b - a) * share) for a, b in zip(tone(first), tone(second), strict=True))


def noise(rng, width, height, octaves):
    """Build a smooth grey noise picture from (columns, rows, weight) octaves."""
    total, field = 0, None
    for columns, rows, weight in octaves:
        layer = Image.frombytes("L", (columns, rows), rng.randbytes(columns * rows))
        layer = layer.resize((width, height), Image.Resampling.BICUBIC)
        total += weight
        field = layer if field is None else Image.blend(field, layer, weight / total)
    return field


def soften(field, amount):
    """Scale a grey noise around its middle, 128."""
    return field.point([round(128 + (v - 128) * amount) for v in range(256)])


def posterise(field, steps, hardness=0.7):
    """Pull a grey picture towards a few flat tones, as gouache would."""
    step = 255 / steps
    return field.point([round(v * (1 - hardness) + round(v / step) * step * hardness) for v in range(256)])


def colourise(field, stops):
    """Map greys 0..255 onto a row of colours."""
    last = len(stops) - 1
    ramp = []
    for value in range(256):
        place = value / 255 * last
        index = min(int(place), last - 1)
        ramp.append(mix(stops[index], stops[index + 1], place - index))
    return Image.merge("RGB", [field.point([colour[band] for colour in ramp]) for band in range(3)])


class Canvas:
    """A picture in its own units (1500 across by default), drawn larger than printed."""

    def __init__(self, key, width, height, units=1500, over=2):
        self.rng = random.Random(key)
        self.size = (width, height)
        big = (round(width * over), round(height * over))
        self.k = big[0] / units
        self.units = (units, units * height / width)
        self.image = Image.new("RGB", big, tone(PAPER))
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def _at(self, points):
        return [(x * self.k, y * self.k) for x, y in points]

    def poly(self, points, colour, alpha=255):
        """Fill a polygon."""
        self.draw.polygon(self._at(points), fill=(*tone(colour), alpha))

    def rect(self, x, y, width, height, colour, alpha=255):
        """Fill a rectangle given its top left corner and size."""
        self.poly([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour, alpha)

    def disc(self, x, y, rx, colour, ry=None, alpha=255):
        """Fill an ellipse around a middle."""
        ry = rx if ry is None else ry
        box = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self.draw.ellipse([*box[0], *box[1]], fill=(*tone(colour), alpha))

    def pie(self, x, y, rx, ry, start, end, colour, alpha=255):
        """Fill a slice of an ellipse; degrees run clockwise from three o'clock."""
        box = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self.draw.pieslice([*box[0], *box[1]], start, end, fill=(*tone(colour), alpha))

    def arc(self, x, y, rx, ry, start, end, colour, width=3, alpha=255):
        """Draw part of an ellipse's outline."""
        box = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        pen = max(1, round(width * self.k))
        self.draw.arc([*box[0], *box[1]], start, end, fill=(*tone(colour), alpha), width=pen)

    def line(self, points, colour, width=3, alpha=255):
        """Draw a line through points."""
        pen = max(1, round(width * self.k))
        self.draw.line(self._at(points), fill=(*tone(colour), alpha), width=pen, joint="curve")

    def paste(self, picture, x, y, width, height, mask=None):
        """Stretch a picture over an area."""
        left, top = round(x * self.k), round(y * self.k)
        size = (max(1, math.ceil(width * self.k)), max(1, math.ceil(height * self.k)))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
        if mask is not None and mask.size != size:
            mask = mask.resize(size, Image.Resampling.BICUBIC)
        self.image.paste(picture, (left, top), mask)

    def shade(self, points, top, bottom, sideways=False):
        """Fill a polygon with a soft gradient, top to bottom or left to right."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        x0, y0 = max(0, min(xs)), max(0, min(ys))
        x1, y1 = min(self.units[0], max(xs)), min(self.units[1], max(ys))
        if x1 <= x0 or y1 <= y0:
            return
        size = (math.ceil((x1 - x0) * self.k), math.ceil((y1 - y0) * self.k))
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon([((x - x0) * self.k, (y - y0) * self.k) for x, y in points], fill=255)
        ramp = Image.linear_gradient("L").resize((16, 256))
        if sideways:
            ramp = ramp.transpose(Image.Transpose.ROTATE_90)
        self.paste(colourise(ramp, [top, bottom]), x0, y0, x1 - x0, y1 - y0, mask)

    def wash(self, y0, y1, top, bottom):
        """Fill the full width between two heights with a gradient."""
        wide = self.units[0]
        self.shade([(0, y0), (wide, y0), (wide, y1), (0, y1)], top, bottom)

    def glow(self, x, y, radius, colour, strength=200, steps=9, ry=None):
        """Lay a round light, stepped like the tones of a print."""
        ry = radius if ry is None else ry
        side = 256
        mask = Image.radial_gradient("L").point([max(0, 255 - round(v * 1.44)) for v in range(256)])
        rough = soften(noise(self.rng, side, side, [(9, 9, 2), (24, 24, 1)]), 0.16)
        mask = ImageChops.add(mask, rough, 1, -128 - 22)
        mask = posterise(mask.resize((512, 512), Image.Resampling.BICUBIC), steps, 0.6)
        mask = mask.point([round(v * strength / 255) for v in range(256)])
        self.paste(Image.new("RGB", (2, 2), tone(colour)), x - radius, y - ry, radius * 2, ry * 2, mask)

    def gouge(self, x, y, length, width, angle, colour, alpha=255):
        """Cut one tapered mark, the stroke of a lino knife."""
        dx, dy = math.cos(angle), math.sin(angle)
        a, b, w = length * 0.5, length * 0.12, width * 0.5
        self.poly(
            [
                (x - dx * a, y - dy * a),
                (x - dx * b - dy * w, y - dy * b + dx * w),
                (x + dx * a, y + dy * a),
                (x + dx * b + dy * w, y + dy * b - dx * w),
            ],
            colour,
            alpha,
        )

    def carve(self, points, colour, count, length=40, width=4, angle=0.0, spread=0.15, alpha=90):
        """Scatter gouge marks inside a polygon."""
        rng = self.rng
        xs, ys = [x for x, _ in points], [y for _, y in points]
        for _ in range(count):
            x, y = rng.uniform(min(xs), max(xs)), rng.uniform(min(ys), max(ys))
            if inside(x, y, points):
                size = rng.uniform(0.4, 1.2)
                turn = angle + rng.gauss(0, spread)
                self.gouge(x, y, length * size, width * size, turn, colour, alpha)

    def carve_box(self, x, y, wide, high, colour, count, **marks):
        """Scatter gouge marks inside a rectangle."""
        self.carve([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], colour, count, **marks)

    def print(self, grain=0.30, wobble=1.5):
        """Finish the picture: hand-cut wobble, mottled ink, paper grain, darker corners."""
        width, height = self.size
        picture = self._wobbled(wobble)
        seed = self.rng
        mottle = soften(noise(seed, width, height, [(18, 12, 2), (70, 46, 2), (260, 170, 1)]), 0.26)
        speck = soften(noise(seed, width, height, [(width, height, 2), (width // 2, height // 2, 2)]), grain)
        texture = ImageChops.add(mottle, speck, 1, -128)
        picture = ImageChops.soft_light(picture, Image.merge("RGB", [texture] * 3))
        corner = Image.radial_gradient("L").point([255 - max(0, v - 110) // 4 for v in range(256)])
        corner = corner.resize(self.size, Image.Resampling.BICUBIC)
        picture = ImageChops.multiply(picture, Image.merge("RGB", [corner] * 3))
        return ImageEnhance.Color(ImageEnhance.Brightness(picture).enhance(1.07)).enhance(0.86)

    def _wobbled(self, amount):
        """Shrink to the printed size while nudging a grid of points, so no edge is ruler-straight."""
        width, height = self.size
        over = self.image.width / width
        columns, rows = 50, max(2, round(50 * height / width))
        reach = amount * width / 1600
        grid = []
        for row in range(rows + 1):
            for column in range(columns + 1):
                edge = row in (0, rows) or column in (0, columns)
                sway = 0 if edge else reach
                x = column * width / columns + self.rng.uniform(-sway, sway)
                y = row * height / rows + self.rng.uniform(-sway, sway)
                grid.append((x * over, y * over))
        mesh = []
        for row in range(rows):
            for column in range(columns):
                box = (column * width // columns, row * height // rows)
                box += ((column + 1) * width // columns, (row + 1) * height // rows)
                first = row * (columns + 1) + column
                corners = (first, first + columns + 1, first + columns + 2, first + 1)
                mesh.append((box, [value for index in corners for value in grid[index]]))
        return self.image.transform(self.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def inside(x, y, points):
    """Tell whether a point lies within a polygon."""
    found = False
    px, py = points[-1]
    for qx, qy in points:
        if (qy > y) != (py > y) and x < (px - qx) * (y - qy) / (py - qy) + qx:
            found = not found
        px, py = qx, qy
    return found
