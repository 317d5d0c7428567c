"""剪纸: folded paper opened to a flower, cut with teeth, crescents and drops."""

from __future__ import annotations

import math
from dataclasses import dataclass

from culture_cloud.covers.canvas import TURN, Canvas, Point, arc, leaf, polar
from culture_cloud.covers.palettes import Colour, Palette, mix
from culture_cloud.covers.stream import Stream


@dataclass(frozen=True, slots=True)
class Sheet:
    """The colours of a flower: its paper, what shows through the cuts, and its middle."""

    paper: Colour
    ground: Colour
    spot: Colour


@dataclass(frozen=True, slots=True)
class Cut:
    """How one sheet is folded and cut."""

    folds: int
    edge: str
    petal: str
    ring: str
    heart: str


def _cut(stream: Stream) -> Cut:
    return Cut(
        folds=stream.choice((6, 8, 8, 10)),
        edge=stream.choice(("scallop", "petal", "cloud")),
        petal=stream.choice(("toothed", "nested", "twin")),
        ring=stream.choice(("drops", "arcs", "beads")),
        heart=stream.choice(("flower", "star", "coin")),
    )


def draw(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    composition = stream.choice((_aside, _centre, _rising, _windows))
    composition(canvas, palette, stream)


def _aside(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """One large flower, whole or well beyond the sheet, and a small one that answers it."""
    flip = stream.chance(0.5)
    radius, low = stream.choice(((43.0, 50.0), (66.0, 42.0), (66.0, 58.0)))
    place = 0.68 if radius < 50 else 0.74

    def at(share: float) -> float:
        return canvas.wide * (1 - share if flip else share)

    small = stream.between(24, 32)
    canvas.disc(at(place), low, radius + 14, palette.soft)
    _flower(
        canvas,
        (at(place), low),
        radius,
        _cut(stream),
        Sheet(palette.main, palette.soft, palette.accent),
    )
    _flower(
        canvas,
        (at(0.14), small),
        13,
        _cut(stream),
        Sheet(palette.accent, palette.ground, palette.main),
    )
    canvas.disc(at(0.22), small + 34, 2.4, palette.main)
    canvas.disc(at(0.1), small + 46, 1.6, palette.accent)


def _centre(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """A flower in the middle and a quarter of a quieter one in each corner."""
    middle = (canvas.wide / 2, 50.0)
    quiet = mix(palette.ground, palette.main, 0.24)
    corner = _cut(stream)
    for x in (0.0, canvas.wide):
        for y in (0.0, 100.0):
            _flower(canvas, (x, y), 40, corner, Sheet(quiet, palette.ground, palette.ground))
    _flower(canvas, middle, 42, _cut(stream), Sheet(palette.main, palette.ground, palette.accent))


def _rising(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """A great half flower that rises from the lower edge."""
    x = canvas.wide * stream.choice((0.38, 0.5, 0.62))
    quiet = mix(palette.ground, palette.main, 0.2)
    canvas.ring(x, 96, 88, 1.2, quiet)
    canvas.ring(x, 96, 84, 0.6, quiet)
    _flower(canvas, (x, 96), 76, _cut(stream), Sheet(palette.main, palette.ground, palette.accent))


def _windows(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    """窗花: flowers in the panes of a window, every other pane of the other colour."""
    cuts = _cut(stream), _cut(stream)
    panes = stream.choice((2, 3))
    filled = stream.whole(0, 1)
    pane = canvas.wide / panes
    radius = 42 if panes == 2 else 27
    for i in range(panes):
        paper, ground = palette.main, palette.ground
        if i % 2 == filled:
            canvas.box(pane * i, 0, pane, 100, palette.main)
            paper, ground = ground, paper
        _flower(
            canvas,
            (pane * (i + 0.5), 50),
            radius,
            cuts[i % 2],
            Sheet(paper, ground, palette.accent),
        )


def _flower(
    canvas: Canvas,
    centre: Point,
    radius: float,
    cut: Cut,
    sheet: Sheet,
) -> None:
    """An opened sheet, cut through."""
    x, y = centre
    canvas.polygon(_outline(centre, radius, cut), sheet.paper)
    for i in range(cut.folds):
        _petal(canvas, centre, radius, angle=i / cut.folds, cut=cut, sheet=sheet)
    _ring(canvas, centre, radius, cut, sheet)
    canvas.disc(x, y, radius * 0.27, sheet.ground)
    _heart(canvas, centre, radius * 0.24, cut, sheet)


def _outline(centre: Point, radius: float, cut: Cut) -> list[Point]:
    points = []
    steps = cut.folds * 24
    for i in range(steps):
        angle = i / steps
        wave = abs(math.cos(angle * TURN * cut.folds / 2))
        between = abs(math.sin(angle * TURN * cut.folds / 2))
        if cut.edge == "scallop":
            reach = 0.84 + 0.16 * wave**0.55
        elif cut.edge == "petal":
            reach = 0.74 + 0.26 * wave**1.1
        else:
            reach = 0.8 + 0.2 * max(wave**0.7, 0.55 * between**2.5)
        points.append(polar(*centre, radius * reach, angle))
    return points


def _petal(
    canvas: Canvas,
    centre: Point,
    radius: float,
    *,
    angle: float,
    cut: Cut,
    sheet: Sheet,
) -> None:
    room = radius * math.sin(math.pi / cut.folds) * 0.66
    half = 0.5 / cut.folds
    if cut.petal == "toothed":
        canvas.polygon(
            leaf(centre, angle, radius * 0.5, radius * 0.92, room * 0.62, belly=0.58, teeth=5),
            sheet.ground,
        )
    elif cut.petal == "nested":
        canvas.polygon(
            leaf(centre, angle, radius * 0.48, radius * 0.92, room * 0.74, belly=0.6), sheet.ground
        )
        canvas.polygon(
            leaf(centre, angle, radius * 0.46, radius * 0.84, room * 0.4, belly=0.58), sheet.paper
        )
    else:
        for side in (-1, 1):
            canvas.polygon(
                leaf(
                    polar(*centre, radius * 0.02, angle + side * 0.25),
                    angle + side * half * 0.42,
                    radius * 0.5,
                    radius * 0.88,
                    room * 0.3,
                    belly=0.62,
                ),
                sheet.ground,
            )
    canvas.polygon(
        leaf(centre, angle + half, radius * 0.5, radius * 0.72, room * 0.24, belly=0.6),
        sheet.ground,
    )


def _ring(canvas: Canvas, centre: Point, radius: float, cut: Cut, sheet: Sheet) -> None:
    half = 0.5 / cut.folds
    for i in range(cut.folds):
        angle = i / cut.folds
        if cut.ring == "drops":
            canvas.polygon(
                leaf(centre, angle + half, radius * 0.3, radius * 0.44, radius * 0.055, belly=0.65),
                sheet.ground,
            )
        elif cut.ring == "beads":
            canvas.disc(*polar(*centre, radius * 0.375, angle), radius * 0.042, sheet.ground)
        else:
            canvas.polygon(
                arc(*centre, radius * 0.41, angle - half * 0.78, angle + half * 0.78, steps=8)
                + arc(*centre, radius * 0.35, angle + half * 0.78, angle - half * 0.78, steps=8),
                sheet.ground,
            )


def _heart(
    canvas: Canvas,
    centre: Point,
    radius: float,
    cut: Cut,
    sheet: Sheet,
) -> None:
    x, y = centre
    if cut.heart == "flower":
        for i in range(cut.folds):
            canvas.polygon(
                leaf(
                    centre,
                    i / cut.folds,
                    0,
                    radius,
                    radius * math.sin(math.pi / cut.folds) * 0.66,
                    belly=0.62,
                ),
                sheet.paper,
            )
        canvas.disc(x, y, radius * 0.26, sheet.spot)
    elif cut.heart == "star":
        points = [
            polar(x, y, radius * (1 if i % 2 == 0 else 0.5), i / (2 * cut.folds))
            for i in range(2 * cut.folds)
        ]
        canvas.polygon(points, sheet.paper)
        canvas.disc(x, y, radius * 0.28, sheet.spot)
    else:
        canvas.disc(x, y, radius * 0.86, sheet.paper)
        side = radius * 0.4
        canvas.polygon([polar(x, y, side, i / 4) for i in range(4)], sheet.spot)
        for i in range(4):
            canvas.disc(*polar(x, y, radius * 0.6, i / 4 + 0.125), radius * 0.1, sheet.ground)
