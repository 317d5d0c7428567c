"""梯田: fields in steps along the contours, some under water, with a sun or a moon."""

from __future__ import annotations

import math

from culture_cloud.covers.canvas import TURN, Canvas, Point
from culture_cloud.covers.palettes import Colour, Palette, mix
from culture_cloud.covers.stream import Stream


def draw(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    horizon = stream.between(34, 50)
    _light(canvas, palette, stream, horizon)
    _hills(canvas, palette, stream, horizon)
    _fields(canvas, palette, stream, horizon)


def _light(canvas: Canvas, palette: Palette, stream: Stream, horizon: float) -> None:
    """A sun with its halo, or a new moon."""
    x = canvas.wide * stream.choice((0.18, 0.3, 0.7, 0.82))
    y = horizon - stream.between(12, 20)
    radius = stream.between(7, 11)
    if stream.chance(0.35):
        y = 18  # clear of the hills, which would leave a mere splinter of it
        canvas.disc(x, y, radius, palette.accent)
        canvas.disc(x + radius * 0.42, y - radius * 0.2, radius * 0.86, palette.ground)
        return
    canvas.disc(x, y, radius * 2.3, mix(palette.ground, palette.accent, 0.1))
    canvas.disc(x, y, radius * 1.6, mix(palette.ground, palette.accent, 0.2))
    canvas.disc(x, y, radius, palette.accent)


def _mist(palette: Palette) -> Colour:
    return mix(palette.ground, palette.main, 0.22 if palette.is_dark else 0.2)


def _hills(canvas: Canvas, palette: Palette, stream: Stream, horizon: float) -> None:
    for i in range(2):
        tone = mix(palette.ground, _mist(palette), 0.5 + 0.5 * i)
        peak = stream.between(0.1, 0.9)
        phase = stream.unit()
        points: list[Point] = [(canvas.wide, 100), (0, 100)]
        for step in range(61):
            t = step / 60
            rise = 15 * math.exp(-(((t - peak) / 0.22) ** 2))
            wave = 3.5 * math.sin((t * 2.3 + phase) * TURN)
            points.append((canvas.wide * t, horizon + 2 + 4 * i - rise + wave))
        canvas.polygon(points, tone)


def _fields(canvas: Canvas, palette: Palette, stream: Stream, horizon: float) -> None:
    """Steps that widen toward the viewer; each bends a little further than the one behind."""
    count = stream.whole(8, 11)
    bends = [(stream.between(0.5, 0.9), stream.unit()), (stream.between(1.1, 1.7), stream.unit())]
    turn = stream.between(-0.05, 0.05)
    flooded = {stream.whole(1, 3), stream.whole(4, count - 2)}
    first = mix(palette.ground, palette.main, 0.42 if palette.is_dark else 0.5)
    for i in range(count):
        near = i / (count - 1)
        base = horizon + 6 + (98 - horizon) * near**1.35
        sway = 3 + 8 * near
        crest: list[Point] = []
        for step in range(73):
            t = step / 72
            y = base
            for part, (frequency, phase) in enumerate(bends):
                y += sway / (1 + part) * math.sin((t * frequency + phase + turn * i) * TURN)
            crest.append((canvas.wide * t, y))
        colour = mix(first, palette.deep, near**0.8)
        if i in flooded:
            colour = mix(colour, palette.accent if i > 3 else palette.pale, 0.72)
        canvas.polygon([*crest, (canvas.wide, 130), (0, 130)], colour)
        canvas.line(crest, 0.5 + 0.5 * near, mix(colour, palette.pale, 0.42))
