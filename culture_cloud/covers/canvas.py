"""A sheet to draw on in units of its height, smoothed when it is finished."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

from .palettes import Colour

Point = tuple[float, float]
TURN = math.tau


class Canvas:
    """A sheet that is 100 units high and `wide` units wide, whatever its size in pixels.

    Everything is drawn several times too large and reduced at the end, which gives smooth
    edges; the composition is the same at every size.
    """

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        self.size = (width, height)
        self.wide = 100 * width / height
        factor = 3 if max(width, height) <= 640 else 2
        self._scale = factor * height / 100
        self._image = Image.new("RGB", (width * factor, height * factor), ground)
        self._pen = ImageDraw.Draw(self._image)

    def finish(self) -> Image.Image:
        return self._image.resize(self.size, Image.Resampling.LANCZOS)

    def _pixels(self, points: Iterable[Point]) -> list[Point]:
        scale = self._scale
        return [(round(x * scale), round(y * scale)) for x, y in points]

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self._pen.polygon(self._pixels(points), fill=colour)

    def box(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """A filled rectangle; boxes that share an edge leave no gap."""
        (left, top), (right, bottom) = self._pixels([(x, y), (x + wide, y + high)])
        if right > left and bottom > top:
            self._pen.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        """A filled ellipse; `across` and `down` are its half axes."""
        (left, top), (right, bottom) = self._pixels(
            [(x - across, y - down), (x + across, y + down)]
        )
        self._pen.ellipse((left, top, right, bottom), fill=colour)

    def ring(self, x: float, y: float, radius: float, weight: float, colour: Colour) -> None:
        """A circle line of `weight`, inside `radius`."""
        (left, top), (right, bottom) = self._pixels(
            [(x - radius, y - radius), (x + radius, y + radius)]
        )
        line = max(1, round(weight * self._scale))
        self._pen.ellipse((left, top, right, bottom), outline=colour, width=line)

    def line(self, points: Sequence[Point], weight: float, colour: Colour) -> None:
        """A line through `points`, with round joints."""
        line = max(1, round(weight * self._scale))
        self._pen.line(self._pixels(points), fill=colour, width=line, joint="curve")


def polar(x: float, y: float, radius: float, angle: float) -> Point:
    """The point at `angle` (in turns, clockwise from the top) and `radius` around (x, y)."""
    return x + radius * math.sin(angle * TURN), y - radius * math.cos(angle * TURN)


def arc(
    x: float, y: float, radius: float, start: float, end: float, *, steps: int = 12
) -> list[Point]:
    """Points along a circle from `start` to `end`, in turns clockwise from the top."""
    return [polar(x, y, radius, start + (end - start) * i / steps) for i in range(steps + 1)]


def leaf(
    centre: Point,
    angle: float,
    inner: float,
    outer: float,
    half: float,
    *,
    belly: float = 0.5,
    teeth: int = 0,
) -> list[Point]:
    """A leaf that points outward from `centre`, between two radii, `half` wide on each side.

    `belly` says where along its length it is widest; `teeth` nicks its edges as scissors do.
    """
    power = math.log(0.5) / math.log(belly)
    direction = (math.sin(angle * TURN), -math.cos(angle * TURN))
    steps = 8 * teeth if teeth else 18
    left: list[Point] = []
    right: list[Point] = []
    for i in range(steps + 1):
        along = i / steps
        side = half * math.sin(math.pi * along**power)
        if teeth:
            side *= 1 - 0.5 * (along * teeth % 1)
        reach = inner + (outer - inner) * along
        x, y = centre[0] + direction[0] * reach, centre[1] + direction[1] * reach
        left.append((x + direction[1] * side, y - direction[0] * side))
        right.append((x - direction[1] * side, y + direction[0] * side))
    return left + right[::-1]
