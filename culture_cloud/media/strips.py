"""Large TIFF files strip by strip, or tile by tile, each decoded as a small TIFF of its own.

libtiff maps a compressed file as a whole and keeps what it has read: a scan of 400 megapixels would
stand in memory with all its bytes. Strips and tiles are compressed one by one (TIFF 6.0 sections 7
and 15), so the tags of the scan, with another height and one offset, decode each of them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

MOST_IN_MEMORY = 64 << 20
"""Bytes of one band of rows, decoded; what is cut larger is read another way."""

_WIDTH, _HEIGHT, _OFFSETS, _ROWS, _COUNTS, _PLANES = 256, 257, 273, 278, 279, 284
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_COUNTS = 322, 323, 324, 325
_KEPT = (258, 259, 262, 266, 277, 284, 292, 293, 317, 320, 338, 339, 347, 529, 530, 531, 532)
"""What says how pixels are stored and packed."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """How a scan is cut: pieces of this size, across and down, and where each lies."""

    width: int
    height: int
    across: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]


def bands(opened: Any, file: IO[bytes]) -> Iterator[Image.Image] | None:
    """The picture in bands of rows from the top, or None where it is not cut finely enough.

    `opened` is a TIFF that Pillow has opened and not loaded. Decoders' errors come through.
    """
    cut = _cut(opened)
    if cut is None or cut.width * cut.across * cut.height * 4 > MOST_IN_MEMORY:
        return None
    return _bands(opened, file, cut)


def _cut(opened: Any) -> _Cut | None:
    tags = opened.tag_v2
    width, height = opened.size
    if tags.get(_PLANES, 1) != 1 or len(opened.tile) < 1:
        return None
    if _TILE_OFFSETS in tags:
        wide, high = int(tags[_TILE_WIDTH]), int(tags[_TILE_HEIGHT])
        offsets, counts = tags[_TILE_OFFSETS], tags.get(_TILE_COUNTS, ())
    else:
        wide, high = width, min(int(tags.get(_ROWS, height)), height)
        offsets, counts = tags.get(_OFFSETS, ()), tags.get(_COUNTS, ())
    if wide < 1 or high < 1:
        return None
    across, down = -(-width // wide), -(-height // high)
    if not len(offsets) == len(counts) == across * down:
        return None
    return _Cut(wide, high, across, tuple(offsets), tuple(counts))


def _bands(opened: Any, file: IO[bytes], cut: _Cut) -> Iterator[Image.Image]:
    width, height = opened.size
    for number, top in enumerate(range(0, height, cut.height)):
        rows = min(cut.height, height - top)
        pieces = range(number * cut.across, (number + 1) * cut.across)
        if cut.across == 1 and cut.width == width:
            yield _piece(opened, file, cut, pieces[0], rows)
            continue
        first, *others = (_piece(opened, file, cut, one, cut.height) for one in pieces)
        band = _like(first, (width, rows))
        for column, part in enumerate((first, *others)):
            band.paste(part, (column * cut.width, 0))
        yield band


def _like(part: Image.Image, size: tuple[int, int]) -> Image.Image:
    band = Image.new(part.mode, size)
    if part.mode == "P":
        band.putpalette(part.getpalette() or [])
    return band


def _piece(opened: Any, file: IO[bytes], cut: _Cut, number: int, rows: int) -> Image.Image:
    if cut.counts[number] > 2 * MOST_IN_MEMORY:
        raise ValueError("a piece of a TIFF is larger than its pixels")
    file.seek(cut.offsets[number])
    data = file.read(cut.counts[number])
    with Image.open(BytesIO(_small(opened, data, (cut.width, rows))), formats=["TIFF"]) as piece:
        piece.load()
        return piece.copy()


def _small(opened: Any, data: bytes, size: tuple[int, int]) -> bytes:
    """A TIFF of one strip: the header, the tags, the data as it lay in the scan."""
    prefix = opened.tag_v2.prefix
    tags = ImageFileDirectory_v2(prefix=prefix)
    for tag in _KEPT:
        if tag in opened.tag_v2:
            tags.tagtype[tag] = opened.tag_v2.tagtype[tag]
            tags[tag] = opened.tag_v2[tag]
    tags[_WIDTH], tags[_HEIGHT], tags[_ROWS] = size[0], size[1], size[1]
    # Pillow counts this offset from the end of the tags
    tags[_OFFSETS], tags[_COUNTS] = 0, len(data)
    head = prefix + struct.pack("<HI" if prefix == b"II" else ">HI", 42, 8)
    return bytes(head + tags.tobytes(8) + data)
