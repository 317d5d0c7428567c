"""放映: a film in the open air, a strip of film, and reels."""

from __future__ import annotations

import math

from culture_cloud.covers.canvas import TURN, Canvas, Point, polar
from culture_cloud.covers.palettes import Colour, Palette, mix
from culture_cloud.covers.stream import Stream


def draw(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    composition = stream.choice((_open_air, _open_air, _strip, _reels))
    composition(canvas, palette, stream)


def _open_air(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """露天电影: a white sheet between poles, hills behind it and heads in front."""
    wide = canvas.wide
    night = palette.ground if palette.is_dark else mix(palette.main, palette.deep, 0.4)
    canvas.box(0, 0, wide, 100, night)
    for _ in range(stream.whole(7, 12)):
        canvas.disc(
            stream.between(2, wide - 2), stream.between(3, 17), stream.between(0.4, 0.8),
            mix(night, palette.pale, 0.7),
        )  # fmt: skip
    flip = stream.chance(0.5)
    moon = wide * (0.86 if flip else 0.14)
    canvas.disc(moon, 20, 7, palette.accent)
    if stream.chance(0.5):
        canvas.disc(moon + 3, 18.6, 6, night)
    for i in range(2):
        tone = mix(night, palette.deep, 0.4 + 0.4 * i)
        phase, beat = stream.unit(), stream.between(0.8, 1.4)
        crest: list[Point] = [
            (wide * t, 52 + 10 * i + 9 * math.sin((t * beat + phase) * TURN))
            for t in (step / 48 for step in range(49))
        ]
        canvas.polygon([*crest, (wide, 100), (0, 100)], tone)
    _sheet_and_beam(canvas, palette, stream, flip)
    _audience(canvas, palette, stream)


def _sheet_and_beam(canvas: Canvas, palette: Palette, stream: Stream, flip: bool) -> None:
    half, top, high = stream.between(30, 36), 24.0, 38.0
    x = canvas.wide * (0.42 if flip else 0.58)
    source = (canvas.wide * (0.95 if flip else 0.05), 84.0)
    beam = mix(palette.ground if palette.is_dark else palette.main, palette.pale, 0.2)
    corners = [(x + side * half, y) for side in (-1, 1) for y in (top, top + high)]
    for one in corners:
        for other in corners:
            canvas.polygon([source, one, other], beam)
    for side in (-1, 1):
        canvas.box(x + side * (half + 2.4) - 0.8, top - 6, 1.6, 70, palette.deep)
    canvas.box(x - half - 3.2, top - 3, half * 2 + 6.4, 1.4, palette.deep)
    sheet = palette.pale
    canvas.box(x - half, top, half * 2, high, sheet)
    sun = x + stream.between(-0.4, 0.4) * half
    canvas.disc(sun, top + high * 0.46, high * 0.2, palette.accent)
    tone = mix(sheet, palette.deep, 0.35)
    for i in range(2):
        phase = stream.unit()
        crest = [
            (
                x - half + 2 * half * t,
                top + high * (0.66 + 0.12 * i + 0.08 * math.sin((t + phase) * TURN)),
            )
            for t in (step / 24 for step in range(25))
        ]
        canvas.polygon(
            [*crest, (x + half, top + high), (x - half, top + high)],
            mix(tone, palette.deep, 0.4 * i),
        )


def _audience(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    for row in range(2):
        tone = mix(palette.deep, (0, 0, 0), 0.15 + 0.25 * row)
        pitch = 9.0 + 3.5 * row
        base = 86 + 9 * row
        x = stream.between(-pitch, 0)
        canvas.box(0, base + 4, canvas.wide, 20, tone)
        while x < canvas.wide + pitch:
            size = pitch * stream.between(0.24, 0.31)
            canvas.disc(x, base - size * 0.6, size, tone)
            canvas.oval(x, base + size * 2.4, size * 1.75, size * 2.2, tone)
            x += pitch * stream.between(0.92, 1.2)


def _strip(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """A strip of film that waves across the sheet, a small scene in every frame."""
    wide = canvas.wide
    film = palette.deep
    swing, phase = stream.between(6, 12), stream.unit()
    high = 27.0
    pitch = wide / stream.choice((4, 5))

    def bend(x: float) -> float:
        return 50 + swing * math.sin((x / wide * 0.9 + phase) * TURN)

    def piece(start: float, end: float, upper: float, lower: float, colour: Colour) -> None:
        xs = [start + (end - start) * i / 16 for i in range(17)]
        canvas.polygon(
            [(x, bend(x) + upper) for x in xs] + [(x, bend(x) + lower) for x in xs[::-1]], colour
        )

    canvas.disc(wide * stream.choice((0.25, 0.75)), 50, 44, palette.soft)
    piece(-2, wide + 2, -high, high, film)
    hole = mix(film, palette.main, 0.45) if palette.is_dark else palette.ground
    holes = int(wide / 6.5)
    for i in range(holes + 1):
        x = (i + 0.5) * wide / holes
        for level in (-high + 4, high - 4):
            piece(x - 1.5, x + 1.5, level - 1.3, level + 1.3, hole)
    scenes = (palette.pale, palette.main if not palette.is_dark else palette.soft, palette.accent)
    first = stream.whole(0, 2)
    offset = stream.between(-0.6, 0)
    for i in range(7):
        start = (i + offset) * pitch
        sky = scenes[(first + i) % 3]
        piece(start + 1.6, start + pitch - 1.6, -high + 8.5, high - 8.5, sky)
        hill = mix(sky, film, 0.4)
        middle = start + pitch * (0.3 + 0.14 * (i % 3))
        canvas.disc(middle, bend(middle) - 4, 5.5, scenes[(first + i + 1) % 3])
        piece(start + 1.6, start + pitch - 1.6, 9, high - 8.5, hill)


def _reels(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """Two reels and the film that runs between them."""
    wide = canvas.wide
    flip = stream.chance(0.5)

    def at(share: float) -> float:
        return wide * (1 - share if flip else share)

    metal = palette.main
    big, small = stream.between(36, 42), stream.between(20, 26)
    canvas.disc(at(0.36), 46, big + 10, palette.soft)
    canvas.line([(at(0.36), 46 + big - 1), (at(0.78), 62 + small - 1)], 2.2, metal)
    holes = stream.choice((5, 6))
    _reel(canvas, (at(0.36), 46), big, holes, palette)
    _reel(canvas, (at(0.78), 62), small, holes, palette)
    canvas.line([(at(0.78), 62 + small - 1), (at(1.04), 84)], 2.2, metal)


def _reel(canvas: Canvas, at: Point, radius: float, holes: int, palette: Palette) -> None:
    canvas.disc(*at, radius, palette.main)
    canvas.ring(*at, radius * 0.93, radius * 0.03, palette.ground)
    for i in range(holes):
        hole = polar(*at, radius * 0.55, i / holes)
        canvas.disc(*hole, radius * (1.28 / holes), palette.ground)
    canvas.disc(*at, radius * 0.17, palette.accent)
    canvas.disc(*at, radius * 0.05, palette.ground)
