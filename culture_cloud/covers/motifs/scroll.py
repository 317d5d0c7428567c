"""书卷: bamboo slips, thread-bound books, opened pages and a painted hand scroll."""

from __future__ import annotations

import math

from culture_cloud.covers.canvas import TURN, Canvas, Point
from culture_cloud.covers.palettes import Colour, Palette, mix
from culture_cloud.covers.stream import Stream


def draw(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    composition = stream.choice((_slips, _books, _pages, _hand_scroll))
    composition(canvas, palette, stream)


def _sheet(palette: Palette) -> Colour:
    return palette.main if palette.is_dark else palette.pale


def _slips(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """竹简: slips side by side in a slow wave, tied with two cords."""
    count = stream.choice((15, 17, 19))
    pitch = canvas.wide * 0.8 / count
    left = canvas.wide * 0.1
    phase = stream.unit()
    rise = stream.between(4, 8)
    table = palette.ground if palette.is_dark else palette.main
    wood = _sheet(palette)
    cords: list[list[Point]] = [[], []]
    marked = {stream.whole(2, count - 3), stream.whole(2, count - 3)}
    canvas.box(0, 0, canvas.wide, 100, table)
    for i in range(count):
        share = i / count
        shift = rise * math.sin((share * 0.8 + phase) * TURN)
        shade = 0.5 + 0.5 * math.sin((share * 0.8 + phase + 0.25) * TURN)
        x = left + i * pitch
        tone = mix(wood, table, 0.26 * shade)
        if i in marked:
            tone = palette.accent
        canvas.box(x + pitch * 0.08, 17 + shift, pitch * 0.84, 66, tone)
        for cord, y in zip(cords, (32, 68), strict=True):
            cord.append((x, y + shift))
            cord.append((x + pitch, y + shift))
    for cord in cords:
        canvas.line(cord, 2.6, table)
        canvas.line(cord, 1.2, palette.accent)


def _books(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """线装书: books standing with stitched spines and their label slips."""
    count = stream.choice((4, 5, 6))
    wide = canvas.wide * 0.84 / count
    x = canvas.wide * 0.08
    covers = (
        palette.main,
        palette.deep,
        mix(palette.main, palette.accent, 0.5),
        mix(palette.ground, palette.main, 0.5),
    )
    canvas.box(0, 86, canvas.wide, 14, palette.soft)
    start = stream.whole(0, 3)
    for i in range(count):
        high = stream.between(54, 70)
        cover = covers[(start + i) % 4]
        if stream.chance(0.18):
            cover = palette.accent
        _book(canvas, (x + wide * 0.05, 86 - high), (wide * 0.9, high), cover, palette)
        x += wide


def _book(
    canvas: Canvas, at: Point, size: tuple[float, float], cover: Colour, palette: Palette
) -> None:
    x, y = at
    wide, high = size
    thread = mix(cover, palette.pale, 0.75) if sum(cover) < 450 else palette.deep
    canvas.box(x, y, wide, high, cover)
    seam = x + wide * 0.84
    canvas.line([(seam, y), (seam, y + high)], 0.7, thread)
    for share in (0.1, 0.37, 0.63, 0.9):
        canvas.line([(seam, y + high * share), (x + wide, y + high * share)], 0.7, thread)
    slip = palette.pale if sum(cover) < 450 else palette.deep
    canvas.box(x + wide * 0.12, y + high * 0.08, wide * 0.2, high * 0.5, slip)


def _pages(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """An open book whose leaves fan out like a flower."""
    x = canvas.wide / 2
    foot = stream.between(80, 88)
    leaves = stream.choice((5, 6, 7))
    reach = stream.between(0.36, 0.42) * canvas.wide
    canvas.disc(x, foot - 30, stream.between(46, 58), palette.soft)
    sheet = _sheet(palette)
    edge = mix(sheet, palette.deep, 0.45)
    ink = palette.main if not palette.is_dark else palette.deep
    for side in (-1, 1):
        for i in range(leaves):
            lean = 1 - i / leaves
            tone = mix(ink, sheet, (i + 1) / leaves)
            if i == leaves - 2 and side == 1:
                tone = palette.accent
            _page(
                canvas, (x, foot), side * reach * (0.16 + 0.84 * lean), 38 + 26 * (1 - lean), tone
            )
    canvas.line([(x, foot), (x, foot - 62)], 0.9, edge)


def _page(canvas: Canvas, at: Point, across: float, high: float, colour: Colour) -> None:
    """One leaf that curves away from the spine to `across` (negative: to the left)."""
    x, y = at
    lower: list[Point] = []
    upper: list[Point] = []
    for i in range(21):
        t = i / 20
        lower.append((x + across * t, y - 9 * math.sin(math.pi * t * 0.6)))
        upper.append((x + across * t * 0.98, y - high - 11 * math.sin(math.pi * t * 0.84)))
    canvas.polygon(lower + upper[::-1], colour)


def _hand_scroll(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """A scroll half unrolled, with ink mountains on it."""
    wide = canvas.wide
    left, right = wide * 0.09, wide * stream.between(0.86, 0.91)
    top, bottom = 24.0, 76.0
    silk = palette.main if not palette.is_dark else palette.deep
    sheet = _sheet(palette)
    canvas.box(left, top - 5, right - left, bottom - top + 10, silk)
    canvas.box(left, top, right - left, bottom - top, sheet)
    ink = palette.deep
    sun = left + (right - left) * stream.choice((0.24, 0.5, 0.76))
    canvas.disc(sun, top + 16, 6.5, palette.accent)
    for i in range(4):
        tone = mix(sheet, ink, (0.16, 0.34, 0.56, 0.85)[i])
        peaks = [(stream.unit(), stream.between(0.05, 0.12)) for _ in range(3)]
        points: list[Point] = [(right, bottom), (left, bottom)]
        for step in range(81):
            t = step / 80
            rise = max(math.exp(-(((t - at) / spread) ** 2)) for at, spread in peaks)
            points.append((left + (right - left) * t, bottom - 3 - rise * (32 - 8.2 * i)))
        canvas.polygon(points, tone)
    for x in (left, right):
        canvas.box(x - 4.2, top - 7, 8.4, bottom - top + 14, silk)
        canvas.box(x - 1.6, top - 7, 1.4, bottom - top + 14, mix(silk, palette.pale, 0.4))
        for y, high in ((top - 13, 6), (bottom + 7, 6)):
            canvas.box(x - 2.4, y, 4.8, high, palette.accent)
