"""屋瓦 and 瓦当: roofs of scale-shaped tiles, and eaves with their round end tiles."""

from __future__ import annotations

import math

from culture_cloud.covers.canvas import Canvas, Point, arc, polar
from culture_cloud.covers.palettes import Colour, Palette, mix
from culture_cloud.covers.stream import Stream


def draw(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    composition = stream.choice((_scales, _eaves, _roofs))
    composition(canvas, palette, stream)


def _tones(palette: Palette) -> tuple[Colour, Colour]:
    """The far and the near tone of a roof."""
    if palette.is_dark:
        return mix(palette.ground, palette.main, 0.5), palette.deep
    return mix(palette.ground, palette.main, 0.3), palette.deep


def _scales(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """Rows of tiles that come nearer and darker, under an open sky."""
    across = stream.choice((9, 11))
    wide = canvas.wide / across
    top = stream.between(26, 46)
    rows = math.ceil((100 - top) / (wide * 0.5)) + 1
    far, near = _tones(palette)
    _sun(canvas, palette, stream, top)
    special = stream.whole(2, 6), stream.whole(1, across - 2)
    for row in range(rows):
        colour = mix(far, near, row / rows)
        y = top + row * wide * 0.5
        for i in range(-1, across + 1):
            x = (i + (0.5 if row % 2 else 1)) * wide
            fill = palette.accent if (row, i) == special else colour
            _scale(canvas, (x, y), wide / 2, fill, mix(colour, palette.pale, 0.3))


def _scale(canvas: Canvas, at: Point, radius: float, colour: Colour, edge: Colour) -> None:
    x, y = at
    canvas.disc(x, y + radius, radius, edge)
    canvas.disc(x, y + radius, radius * 0.9, colour)
    canvas.disc(x, y + radius, radius * 0.56, edge)
    canvas.disc(x, y + radius, radius * 0.48, colour)


def _sun(canvas: Canvas, palette: Palette, stream: Stream, horizon: float) -> None:
    x = canvas.wide * stream.choice((0.2, 0.32, 0.68, 0.8))
    canvas.disc(x, horizon * stream.between(0.5, 0.9), stream.between(9, 13), palette.accent)


def _eaves(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """The edge of a roof: ridges in courses, round end tiles, and drip tiles between them."""
    count = stream.choice((5, 6, 7))
    pitch = canvas.wide / count
    radius = pitch * 0.33
    line = stream.between(42, 58)
    far, near = _tones(palette)
    roof = mix(far, near, 0.62)
    ridge = mix(far, near, 0.3)
    moon = canvas.wide * stream.choice((0.22, 0.5, 0.78))
    canvas.disc(moon, 92, stream.between(20, 28), palette.soft)
    canvas.box(0, 0, canvas.wide, line, roof)
    course = pitch * 0.62
    for i in range(count):
        middle = (i + 0.5) * pitch
        half = pitch * 0.27
        for step in range(math.ceil(line / course), -1, -1):
            foot = line - step * course
            canvas.box(middle - half, foot - course, half * 2, course, ridge)
        for step in range(math.ceil(line / course)):
            foot = line - step * course
            joint = [(x, y * 0.5 + foot * 0.5) for x, y in arc(middle, foot, half, 0.25, 0.75)]
            canvas.line(joint, pitch * 0.03, roof)
    for i in range(-1, count + 1):
        _drip(canvas, ((i + 1) * pitch, line), pitch, palette, near)
    canvas.box(0, line - 1.4, canvas.wide, 2.8, near)
    seal = stream.choice(("rings", "quarters", "flower"))
    for i in range(count):
        _end_tile(canvas, ((i + 0.5) * pitch, line), radius, seal, palette=palette, near=near)


def _drip(canvas: Canvas, at: Point, pitch: float, palette: Palette, near: Colour) -> None:
    x, y = at
    half = pitch * 0.38
    steps = 16
    outline: list[Point] = [(x - half, y)]
    for i in range(steps + 1):
        across = i / steps * 2 - 1
        drop = (1 - abs(across)) ** 1.6 * 0.2 + (1 - across * across) * 0.26
        outline.append((x + across * half, y + pitch * drop))
    outline.append((x + half, y))
    canvas.polygon(outline, mix(near, palette.main, 0.35))


def _end_tile(
    canvas: Canvas, at: Point, radius: float, seal: str, *, palette: Palette, near: Colour
) -> None:
    x, y = at
    face = palette.pale if not palette.is_dark else palette.main
    canvas.disc(x, y, radius * 1.12, near)
    canvas.disc(x, y, radius, face)
    canvas.ring(x, y, radius * 0.84, radius * 0.1, near)
    if seal == "quarters":
        for i in range(4):
            canvas.line(
                [polar(x, y, radius * 0.3, i / 4), polar(x, y, radius * 0.76, i / 4)],
                radius * 0.1,
                near,
            )
            spot = polar(x, y, radius * 0.5, i / 4 + 0.125)
            canvas.ring(*spot, radius * 0.17, radius * 0.08, near)
    elif seal == "flower":
        for i in range(6):
            canvas.disc(*polar(x, y, radius * 0.42, i / 6), radius * 0.17, near)
    else:
        canvas.ring(x, y, radius * 0.58, radius * 0.1, near)
    canvas.disc(x, y, radius * 0.22, palette.accent)


def _roofs(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """Roofs of a village behind one another, with swept ends."""
    far, near = _tones(palette)
    _sun(canvas, palette, stream, 34)
    count = stream.choice((3, 4))
    for i in range(count):
        share = i / (count - 1)
        colour = mix(far, near, share)
        x = canvas.wide * (stream.between(0.1, 0.3) if i % 2 else stream.between(0.62, 0.9))
        ridge = 30 + 50 * share + stream.between(-3, 3)
        _roof(canvas, (x, ridge), 44 + 18 * share, colour, mix(colour, palette.pale, 0.22))


def _roof(canvas: Canvas, at: Point, half: float, colour: Colour, edge: Colour) -> None:
    """A gabled roof with the middle of its ridge at `at`; its tiles run down in even courses."""
    x, ridge = at
    drop = 30.0
    slope = [(t, ridge + drop * (t**1.7)) for t in (i / 12 for i in range(13))]
    right = [(x + half * (0.5 + 0.62 * t), y) for t, y in slope]
    left = [(x - half * (0.5 + 0.62 * t), y) for t, y in slope]
    canvas.polygon(left + right[::-1], colour)
    canvas.box(x - half * 0.9, ridge + drop, half * 1.8, 100, mix(colour, edge, 0.35))
    for i in range(-6, 7):
        share = i / 7
        canvas.line(
            [(x + half * (0.5 + 0.62 * t) * share, y) for t, y in slope[1:]], half * 0.022, edge
        )
    horn = arc(x - half * 0.56, ridge - half * 0.1, half * 0.1, 0.5, 0.75, steps=8)
    horn2 = arc(x + half * 0.56, ridge - half * 0.1, half * 0.1, 0.5, 0.25, steps=8)
    canvas.line(horn[::-1] + horn2, half * 0.06, colour)
    canvas.line([left[-1], right[-1]], half * 0.05, edge)
