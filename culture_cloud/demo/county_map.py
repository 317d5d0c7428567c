"""A made-up old map of 10,000 × 10,000 pixels, as a PNG of few colours: 100 MB of memory, which is
why it runs as a program of its own. Arguments: the file, and places as "east,north,depth;…"."""

from __future__ import annotations

import math
import random
import sys

from PIL import Image, ImageDraw

SIDE = 10_000
PAPER, LINE, INK, WATER, RED, WOOD = range(6)
PALETTE = (240, 228, 200, 190, 160, 110, 60, 45, 30, 120, 160, 175, 170, 50, 40, 110, 80, 50)


def draw(places: list[tuple[float, float, int]]) -> Image.Image:
    """Contours, the river with its fourteen boats, townships and villages."""
    dice = random.Random("mumiandu")  # noqa: S311  (draws a map, guards nothing)
    picture = Image.new("P", (SIDE, SIDE), PAPER)
    picture.putpalette(PALETTE)
    pen = ImageDraw.Draw(picture)
    for _hill in range(60):
        x, y, size = dice.randrange(SIDE), dice.randrange(SIDE), dice.randint(200, 900)
        for ring in range(6):
            pen.polygon(_ring(dice, x, y, size * (6 - ring) / 6), outline=LINE, width=5)
    river = [(n * SIDE // 60, _river(n / 60)) for n in range(61)]
    pen.line(river, fill=WATER, width=210, joint="curve")
    for n in range(14):
        x = 500 + n * 660
        _boat(pen, x, _river(x / SIDE))
    _put_places(pen, places)
    pen.rectangle((90, 90, SIDE - 91, SIDE - 91), outline=INK, width=24)
    pen.rectangle((150, 150, SIDE - 151, SIDE - 151), outline=INK, width=6)
    return picture


def _ring(dice: random.Random, x: int, y: int, size: float) -> list[tuple[float, float]]:
    turns = [n / 40 * math.tau for n in range(40)]
    lengths = [size * dice.uniform(0.92, 1.08) for _n in turns]
    return [
        (x + math.cos(turn) * far, y + math.sin(turn) * far * 0.7)
        for turn, far in zip(turns, lengths, strict=True)
    ]


def _river(share: float) -> int:
    return int(1800 + share * 6000 + 700 * math.sin(share * 9))


def _boat(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.polygon([(x, y), (x + 120, y), (x + 96, y + 34), (x + 24, y + 34)], fill=WOOD)
    pen.line((x + 60, y, x + 60, y - 80), fill=INK, width=6)
    pen.polygon([(x + 64, y - 78), (x + 110, y - 20), (x + 64, y - 20)], fill=PAPER, outline=INK)


def _put_places(pen: ImageDraw.ImageDraw, places: list[tuple[float, float, int]]) -> None:
    if not places:
        return
    east, north = [p[0] for p in places], [p[1] for p in places]
    wide, high = max(east) - min(east) or 1, max(north) - min(north) or 1
    for longitude, latitude, depth in places:
        x = int(900 + (longitude - min(east)) / wide * (SIDE - 1800))
        y = int(900 + (max(north) - latitude) / high * (SIDE - 1800))
        size = 60 if depth <= 3 else 30
        shape = pen.rectangle if depth <= 3 else pen.ellipse
        shape((x - size, y - size, x + size, y + size), fill=RED, outline=INK, width=8)


if __name__ == "__main__":
    told = [part.split(",") for part in sys.argv[2].split(";") if part]
    found = [(float(east), float(north), int(depth)) for east, north, depth in told]
    draw(found).save(sys.argv[1], "PNG", compress_level=4)
    sys.stdout.write("{}")
