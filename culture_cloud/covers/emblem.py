"""The emblem: a swept roof over the curl of a cloud (云纹), in one colour.

Its outline is kept here once; the SVG of the page's header and the icons of browsers and phones
are made from it. To write them anew:

    python -m culture_cloud.covers.emblem [folder]
"""

from __future__ import annotations

import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from .palettes import PALETTES, Colour

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

Point = tuple[float, float]

#: The drawing stands in a square of this many units.
SIDE = 48

#: The roof, filled: start, then cubic curves (two handles and an end).
ROOF: tuple[Point, ...] = (
    (24, 2.6),
    (26, 8.4), (33.6, 12.6), (46, 12.8),
    (45, 16.4), (42, 18.6), (38, 18.6),
    (33, 18.6), (15, 18.6), (10, 18.6),
    (6, 18.6), (3, 16.4), (2, 12.8),
    (14.4, 12.6), (22, 8.4), (24, 2.6),
)  # fmt: skip

#: The cloud, one stroke of WEIGHT with round ends: its trail, a small billow and the great curl.
CLOUD: tuple[Point, ...] = (
    (44, 43.6),
    (36, 43.6), (20, 43.6), (11.6, 43.6),
    (7, 43.6), (3.8, 40.6), (3.8, 36.8),
    (3.8, 33), (6.8, 30.2), (10.6, 30.2),
    (12.4, 30.2), (14, 30.8), (15.4, 32),
    (16, 28), (19.6, 24.8), (24.8, 24.8),
    (30.4, 24.8), (34.4, 28), (34.4, 32.2),
    (34.4, 35.8), (31.6, 38), (28.4, 38),
    (25.4, 38), (23.2, 36.2), (23.2, 33.8),
    (23.2, 31.9), (24.8, 30.8), (26.6, 31.2),
)  # fmt: skip
WEIGHT = 3.2

FAVICON_SIDES = (16, 32, 48)
ICONS = {"icon-192.png": 192, "icon-512.png": 512, "apple-touch-icon.png": 180}


def svg() -> str:
    """The emblem as an SVG that takes the colour of the text around it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" fill="none"'
        ' aria-hidden="true" focusable="false">\n'
        f'  <path fill="currentColor" d="{_path(ROOF)}Z"/>\n'
        f'  <path stroke="currentColor" stroke-width="{WEIGHT}" stroke-linecap="round"'
        f' stroke-linejoin="round" d="{_path(CLOUD)}"/>\n'
        "</svg>\n"
    )


def _path(points: tuple[Point, ...]) -> str:
    start, *rest = (f"{x:g} {y:g}" for x, y in points)
    return f"M{start}C{' '.join(rest)}"


def icon(side: int, *, rounded: bool) -> Image.Image:
    """The emblem in paper white on a cinnabar seal of `side` pixels.

    `rounded` cuts the corners, with nothing behind them; phones that cut corners themselves
    want the whole square.
    """
    from PIL import Image, ImageDraw

    palette = PALETTES["cinnabar"]
    factor = 8 if side < 100 else 4
    full = side * factor
    image = Image.new("RGBA", (full, full), (*palette.ground, 0 if rounded else 255))
    pen = ImageDraw.Draw(image)
    if rounded:
        pen.rounded_rectangle((0, 0, full - 1, full - 1), full * 0.2, fill=palette.ground)
    # Phones may cut a circle out of the square: the emblem stays inside it.
    margin = 0.09 if side < 100 else 0.16
    corner = full * margin
    paint(pen, (corner, corner), full - 2 * corner, palette.pale)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def paint(pen: ImageDraw.ImageDraw, at: tuple[float, float], side: float, colour: Colour) -> None:
    """Draws the emblem `side` pixels wide with its upper left corner at `at`."""
    scale = side / SIDE

    def place(points: list[Point]) -> list[Point]:
        return [(at[0] + x * scale, at[1] + y * scale) for x, y in points]

    pen.polygon(place(_flatten(ROOF)), fill=colour)
    half = WEIGHT * scale / 2
    # A row of discs is a stroke with round ends and no gaps at its bends.
    for (x, y), (next_x, next_y) in pairwise(place(_flatten(CLOUD))):
        for step in range(8):
            at_x, at_y = x + (next_x - x) * step / 8, y + (next_y - y) * step / 8
            pen.ellipse((at_x - half, at_y - half, at_x + half, at_y + half), fill=colour)


def _flatten(curve: tuple[Point, ...]) -> list[Point]:
    """Points along a row of cubic curves."""
    points = [curve[0]]
    for i in range(1, len(curve), 3):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve[i - 1 : i + 3]
        for step in range(1, 17):
            t = step / 16
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points


def files() -> dict[str, bytes]:
    """Every file of the emblem, by its name in static/img."""
    result = {"emblem.svg": svg().encode()}
    for name, side in ICONS.items():
        result[name] = _png(icon(side, rounded=False))
    small = [icon(side, rounded=True) for side in FAVICON_SIDES]
    file = BytesIO()
    small[-1].save(
        file, "ICO", sizes=[(side, side) for side in FAVICON_SIDES], append_images=small[:-1]
    )
    result["favicon.ico"] = file.getvalue()
    return result


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.convert("RGB").quantize(32).save(file, "PNG", optimize=True)
    return file.getvalue()


def main() -> None:
    root = Path(__file__).resolve().parents[2]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "static" / "img"
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files().items():
        (folder / name).write_bytes(body)


if __name__ == "__main__":
    main()
