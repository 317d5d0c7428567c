"""鼓: a drum-head with its studs or the star of a bronze drum, and the rings of its sound."""

from __future__ import annotations

from culture_cloud.covers.canvas import Canvas, Point, leaf, polar
from culture_cloud.covers.palettes import Palette, mix
from culture_cloud.covers.stream import Stream


def draw(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    wide = canvas.wide
    x, y, radius = stream.choice(
        (
            (wide * 0.7, 50.0, 44.0),
            (wide * 0.3, 50.0, 44.0),
            (wide * 0.5, 100.0, 70.0),
            (wide * 0.86, 62.0, 62.0),
            (wide * 0.14, 62.0, 62.0),
            (wide * 0.5, 50.0, 38.0),
        )
    )
    _sound(canvas, (x, y), radius, palette, stream)
    if stream.chance(0.5):
        _bronze(canvas, (x, y), radius, palette, stream)
    else:
        _hide(canvas, (x, y), radius, palette, stream)


def _sound(canvas: Canvas, centre: Point, radius: float, palette: Palette, stream: Stream) -> None:
    """Rings that spread over the sheet and grow faint."""
    step = stream.between(10, 15)
    rings = 9
    tone = mix(palette.soft, palette.main, 0.12)
    for i in range(rings, 0, -1):
        outer = radius + step * i
        share = 1 - i / rings
        if i % 2:
            canvas.disc(*centre, outer, mix(palette.ground, tone, share))
        else:
            canvas.disc(*centre, outer, palette.ground)


def _hide(canvas: Canvas, centre: Point, radius: float, palette: Palette, stream: Stream) -> None:
    """A lacquered rim with its studs around a painted skin."""
    skin = palette.main if palette.is_dark else palette.pale
    rim = palette.deep if palette.is_dark else palette.main
    tone = mix(skin, rim, 0.3)
    canvas.disc(*centre, radius, rim)
    canvas.ring(*centre, radius * 0.985, radius * 0.025, mix(rim, palette.accent, 0.7))
    studs = stream.choice((24, 28, 32))
    for i in range(studs):
        canvas.disc(*polar(*centre, radius * 0.9, i / studs), radius * 0.036, palette.accent)
    canvas.disc(*centre, radius * 0.8, skin)
    canvas.ring(*centre, radius * 0.76, radius * 0.02, tone)
    petals = stream.choice((8, 12))
    for i in range(petals):
        angle = (i + 0.5) / petals
        half = radius * 1.25 / petals
        canvas.polygon(leaf(centre, angle, radius * 0.3, radius * 0.68, half, belly=0.6), tone)
    canvas.disc(*centre, radius * 0.25, rim)
    canvas.ring(*centre, radius * 0.21, radius * 0.02, skin)
    canvas.disc(*centre, radius * 0.08, palette.accent)


def _bronze(canvas: Canvas, centre: Point, radius: float, palette: Palette, stream: Stream) -> None:
    """铜鼓: a star of rays and bands of beads, teeth and feathers around it."""
    face = palette.main
    relief = palette.ground
    rays = stream.choice((8, 10, 12))
    canvas.disc(*centre, radius, face)
    canvas.ring(*centre, radius * 0.955, radius * 0.02, relief)
    for inner, outer in ((0.74, 0.9), (0.52, 0.68)):
        kind = stream.choice(("teeth", "beads", "feathers"))
        _belt(canvas, centre, (radius * inner, radius * outer), kind, rays=rays, palette=palette)
    canvas.ring(*centre, radius * 0.71, radius * 0.018, relief)
    canvas.disc(*centre, radius * 0.47, palette.deep if palette.is_dark else relief)
    for i in range(rays):
        canvas.polygon(
            leaf(centre, i / rays, 0, radius * 0.43, radius * 0.42 / rays, belly=0.34),
            palette.accent if palette.is_dark else face,
        )
    canvas.disc(*centre, radius * 0.13, palette.accent)


def _belt(
    canvas: Canvas,
    centre: Point,
    between: tuple[float, float],
    kind: str,
    *,
    rays: int,
    palette: Palette,
) -> None:
    inner, outer = between
    middle = (inner + outer) / 2
    count = rays * (3 if kind == "teeth" else 2)
    for i in range(count):
        angle = i / count
        if kind == "teeth":
            half = 0.36 / count
            canvas.polygon(
                [
                    polar(*centre, inner, angle - half),
                    polar(*centre, outer, angle),
                    polar(*centre, inner, angle + half),
                ],
                palette.ground,
            )
        elif kind == "beads":
            canvas.disc(*polar(*centre, middle, angle), (outer - inner) * 0.3, palette.ground)
        else:
            canvas.polygon(
                leaf(centre, angle, inner, outer, (outer - inner) * 0.24), palette.ground
            )
