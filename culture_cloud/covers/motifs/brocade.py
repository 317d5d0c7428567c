"""织锦: bands of stepped diamonds, thread by thread, between plain cloth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from culture_cloud.covers.canvas import Canvas
from culture_cloud.covers.palettes import Colour, Palette, mix
from culture_cloud.covers.stream import Stream

ROWS = 40
THREAD = 100 / ROWS

#: The colour of one crossing, from its column and row counted from the band's middle.
Weave = Callable[[int, int], Colour | None]


@dataclass(frozen=True, slots=True)
class Yarn:
    """The colours of a cloth: the band's own ground, its figure, a second one, faint stripes."""

    band: Colour
    figure: Colour
    second: Colour
    edge: Colour
    faint: Colour


def draw(canvas: Canvas, palette: Palette, stream: Stream) -> None:
    yarn = Yarn(
        band=palette.deep if palette.is_dark else palette.main,
        figure=palette.main if palette.is_dark else palette.pale,
        second=palette.accent if palette.is_dark else mix(palette.accent, palette.pale, 0.25),
        edge=palette.main,
        faint=mix(palette.ground, palette.main, 0.15),
    )
    if stream.chance(0.5):
        canvas.box(0, 0, canvas.wide, 100 * stream.choice((0.3, 0.5, 0.7)), palette.soft)
    composition = stream.choice((_belt, _belt, _pair, _hem))
    composition(canvas, yarn, stream)


def _belt(canvas: Canvas, yarn: Yarn, stream: Stream) -> None:
    """One wide band of diamonds, and faint stripes on the cloth left plain."""
    half = stream.choice((8, 9, 10, 11))
    middle = stream.choice((half + 6, 20, 33 - half))
    _diamond_band(canvas, middle, half, yarn, stream)
    edging = _edging(stream, yarn)
    for side in (-1, 1):
        _weave(canvas, middle + side * (half + 4), 1, edging)
        for far in range(2, 5):
            _weave(canvas, middle + side * (half + 4 * far), 0, _stripe(stream, yarn.faint))


def _pair(canvas: Canvas, yarn: Yarn, stream: Stream) -> None:
    """Two slender bands with open cloth between them."""
    half = stream.choice((5, 6))
    edging = _edging(stream, yarn)
    diamonds = _diamonds(stream, half, yarn)
    for side in (-1, 1):
        middle = 20 + side * (19 - half)
        _weave(canvas, middle, half + 1, lambda _x, _y: yarn.band)
        _weave(canvas, middle, half, diamonds)
    _weave(canvas, 20, 1, edging)
    for side in (-1, 1):
        _weave(canvas, 20 + side * 4, 0, _stripe(stream, yarn.faint))


def _hem(canvas: Canvas, yarn: Yarn, stream: Stream) -> None:
    """The hem of a skirt: great half diamonds that rise from the lower edge."""
    half = stream.choice((16, 18, 20))
    _diamond_band(canvas, ROWS, half, yarn, stream)
    _weave(canvas, ROWS - half - 4, 1, _edging(stream, yarn))
    for far in range(2, 6):
        _weave(canvas, ROWS - half - 4 * far, 0, _stripe(stream, yarn.faint))


def _diamond_band(canvas: Canvas, middle: int, half: int, yarn: Yarn, stream: Stream) -> None:
    _weave(canvas, middle, half + 1, lambda _x, _y: yarn.band)
    _weave(canvas, middle, half, _diamonds(stream, half, yarn))


def _weave(canvas: Canvas, middle: int, half: int, weave: Weave) -> None:
    """Weaves `half` rows above and below the row `middle`, symmetric about the sheet's axis."""
    reach = int(canvas.wide / 2 / THREAD) + 2
    left = canvas.wide / 2 - THREAD / 2
    for row in range(-half, half + 1):
        top = (middle + row) * THREAD
        if not 0 <= top < 100:
            continue
        x = -reach
        while x <= reach:
            colour = weave(x, row)
            start = x
            while x <= reach and weave(x, row) == colour:
                x += 1
            if colour is not None:
                canvas.box(left + start * THREAD, top, (x - start) * THREAD, THREAD, colour)


def _diamonds(stream: Stream, half: int, yarn: Yarn) -> Weave:
    """Nested diamonds that touch, with smaller ones in the corners between them.

    Rings are two threads thick, so that their stepped edges hold together at every size.
    """
    period = 2 * half
    one, two = yarn.figure, yarn.second
    thick = 2 if half > 12 else 1
    rings = stream.choice(
        (
            (two, two, None, None, one, one),
            (one, None, two, two, None, None),
            (one, None, None, two, two, None),
            (two, two, one, one, None, None),
        )
    )
    corner = stream.choice(((one, None, two, two), (two, None, one, one), (one, one, two), ()))
    shift = half if stream.chance(0.5) else 0
    hooked = stream.chance(0.3)

    def weave(x: int, y: int) -> Colour | None:
        across = abs((x + shift + half) % period - half)
        distance = across + abs(y)
        if distance > half:
            return _at(corner, (period - distance) // thick)
        if half - distance < 2 * thick:
            return one
        if hooked and across == 0 and abs(y) > 2:
            return one
        if half - distance < 4 * thick:
            return None
        return _at(rings, distance // thick)

    return weave


def _at(colours: tuple[Colour | None, ...], step: int) -> Colour | None:
    return colours[step] if 0 <= step < len(colours) else None


def _edging(stream: Stream, yarn: Yarn) -> Weave:
    """A narrow band, three rows high: a wave, steps or crosses."""
    kind = stream.choice(("wave", "steps", "crosses"))

    def weave(x: int, y: int) -> Colour | None:
        away = abs(x % 6 - 3)
        if kind == "wave":
            return yarn.edge if away - 1 == y or (away == 3 and y == 1) else None
        if kind == "steps":
            return yarn.edge if away <= y + 1 else None
        return yarn.edge if away + abs(y) <= 1 else None

    return weave


def _stripe(stream: Stream, colour: Colour) -> Weave:
    """One row of thread: whole, or in stitches."""
    stitched = stream.chance(0.5)

    def weave(x: int, _y: int) -> Colour | None:
        return colour if not stitched or x % 4 else None

    return weave
