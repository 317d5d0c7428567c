"""灯笼: lanterns on strings, near ones bright and far ones faint."""

from __future__ import annotations

import math
from dataclasses import dataclass

from culture_cloud.covers.canvas import TURN, Canvas, Point
from culture_cloud.covers.palettes import Colour, Palette, mix
from culture_cloud.covers.stream import Stream

SHAPES = ("round", "melon", "tall", "palace")


@dataclass(frozen=True, slots=True)
class Look:
    """The shape and the colours of a lantern."""

    shape: str
    body: Colour
    ribs: Colour
    caps: Colour


def draw(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    composition = stream.choice((_street, _cluster, _tiers))
    composition(canvas, palette, stream)


def _bright(palette: Palette, shape: str) -> Look:
    if palette.is_dark:
        body = palette.accent
        return Look(shape, body, mix(body, palette.deep, 0.32), palette.main)
    body = palette.main
    return Look(shape, body, mix(body, palette.pale, 0.3), palette.accent)


def _faint(palette: Palette, shape: str, share: float = 0.18) -> Look:
    body = mix(palette.ground, palette.main, share)
    return Look(shape, body, mix(palette.ground, palette.main, share * 0.5), body)


def _street(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """A string of lanterns before the moon and the hills."""
    count = stream.choice((3, 4, 5))
    moon = canvas.wide * stream.choice((0.25, 0.5, 0.75))
    canvas.disc(moon, stream.between(44, 56), stream.between(32, 40), palette.soft)
    for i in range(2):
        phase, beat = stream.unit(), stream.between(0.7, 1.3)
        crest: list[Point] = [
            (canvas.wide * t, 76 + 9 * i + 6 * math.sin((t * beat + phase) * TURN))
            for t in (step / 48 for step in range(49))
        ]
        hill = mix(palette.ground, palette.main, 0.13 + 0.09 * i)
        canvas.polygon([*crest, (canvas.wide, 100), (0, 100)], hill)
    look = _bright(palette, stream.choice(SHAPES))
    size = min(23.0, canvas.wide / count * 0.4)
    top, sag = stream.between(7, 11), stream.choice((-8, 8))
    _string(canvas, stream, look, size, count=count, top=top, sag=sag, loose=12)


def _tiers(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """Two strings, the upper faint and the lower bright, lantern between lantern."""
    count = stream.choice((4, 5))
    size = min(17.0, canvas.wide / count * 0.4)
    shape = stream.choice(SHAPES)
    sag = stream.choice((-7, 7))
    faint, bright = _faint(palette, shape, 0.22), _bright(palette, shape)
    _string(canvas, stream, faint, size * 0.62, count=count + 1, top=2, sag=sag, loose=0)
    _string(canvas, stream, bright, size, count=count, top=43, sag=-sag, loose=2.4)


def _cluster(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """Three lanterns on long cords, near and nearer, with faint ones between them."""
    shape = stream.choice(SHAPES)
    for i in range(4):
        size = stream.between(7, 10)
        x = canvas.wide * (0.03 + 0.313 * i)
        _hang(canvas, (x, -2), stream.between(14, 66), size, _faint(palette, shape))
    first = stream.whole(0, 2)
    step = stream.choice((1, 2))
    for i, most in enumerate((15.0, 19.0, 24.0)):
        size = min(most, canvas.wide * 0.13)
        column = (first + step * i) % 3
        x = canvas.wide * (0.19 + 0.31 * column)
        _hang(canvas, (x, -2), stream.between(8, 80 - size * 2.4), size, _bright(palette, shape))


def _string(
    canvas: Canvas,
    stream: Stream,
    look: Look,
    size: float,
    *,
    count: int,
    top: float,
    sag: float,
    loose: float,
) -> None:
    """`count` lanterns of half-height `size` under a string at `top` that sags by `sag`.

    `loose` is how much the lengths of their cords may differ.
    """

    def string(share: float) -> float:
        return top + sag * (4 * share * (1 - share) - 0.5)

    canvas.line([(canvas.wide * i / 48, string(i / 48)) for i in range(49)], 0.8, look.caps)
    for i in range(count):
        share = (i + 0.5) / count
        cord = 4 + stream.between(0, loose)
        _hang(canvas, (canvas.wide * share, string(share)), cord, size, look)


def _hang(canvas: Canvas, at: Point, cord: float, size: float, look: Look) -> None:
    x, y = at
    canvas.line([(x, y), (x, y + cord + size * 0.2)], 0.8, look.caps)
    _lantern(canvas, (x, y + cord + size), size, look)


def _lantern(canvas: Canvas, at: Point, size: float, look: Look) -> None:
    x, y = at
    shape, body, ribs, caps = look.shape, look.body, look.ribs, look.caps
    high = size * 0.8
    across = {"round": 0.98, "melon": 1.12, "tall": 0.62, "palace": 0.84}[shape] * size
    if shape in ("round", "melon"):
        for i, share in enumerate((1.0, 0.7, 0.36)):
            canvas.oval(x, y, across * share + 0.9 * (i > 0), high, ribs if i else body)
            canvas.oval(x, y, across * share, high, body)
    elif shape == "tall":
        canvas.oval(x, y - high * 0.8, across, high * 0.22, body)
        canvas.oval(x, y + high * 0.8, across, high * 0.22, body)
        canvas.box(x - across, y - high * 0.8, across * 2, high * 1.6, body)
        for i in range(-2, 3):
            level = y + i * high * 0.36
            canvas.box(x - across, level - size * 0.02, across * 2, size * 0.045, ribs)
    else:
        outline = [
            (x - across * 0.62, y - high), (x + across * 0.62, y - high), (x + across, y),
            (x + across * 0.62, y + high), (x - across * 0.62, y + high), (x - across, y),
        ]  # fmt: skip
        canvas.polygon(outline, body)
        for side in (-1, 0, 1):
            canvas.line(
                [
                    (x + side * across * 0.3, y - high),
                    (x + side * across * 0.45, y),
                    (x + side * across * 0.3, y + high),
                ],
                size * 0.05,
                ribs,
            )
    cap = across * (0.5 if shape != "tall" else 0.72)
    canvas.box(x - cap, y - high - size * 0.1, cap * 2, size * 0.16, caps)
    canvas.box(x - cap, y + high - size * 0.06, cap * 2, size * 0.16, caps)
    _tassel(canvas, (x, y + high + size * 0.1), size, caps)


def _tassel(canvas: Canvas, at: Point, size: float, colour: Colour) -> None:
    x, y = at
    canvas.line([(x, y), (x, y + size * 0.25)], size * 0.05, colour)
    canvas.disc(x, y + size * 0.26, size * 0.075, colour)
    spread = size * 0.15
    canvas.polygon(
        [
            (x - spread * 0.4, y + size * 0.3),
            (x + spread * 0.4, y + size * 0.3),
            (x + spread, y + size * 0.72),
            (x - spread, y + size * 0.72),
        ],
        colour,
    )
