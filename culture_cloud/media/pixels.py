"""Pictures of any size as rows of pixels on disk, in little memory.

Pillow decodes into memory of its own: 400 MB for a scan of 100 megapixels. Here the memory is a
file that is mapped, and after each piece of the compressed picture the pages written so far are
given back to the system; TIFF goes strip by strip (`strips`). A scan of 390 megapixels took 184 MB
(docs/performance.md). What decoders can only open as a whole (progressive JPEG, WebP, GIF) is
refused above WHOLE_PIXELS.

This module, `strips` and `making` run in a process of their own, with limits on memory and time:
they open what strangers send. They import nothing else of the site.
"""

from __future__ import annotations

import mmap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from PIL import Image, ImageOps
from PIL.Image import core as pillow_core  # type: ignore[attr-defined]

from culture_cloud.media import strips

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
MOST_PIXELS = 400_000_000
MOST_SIDE = 60_000
WHOLE_PIXELS = 40_000_000
"""The most that a decoder may hold in memory at once: 160 MB."""

_BYTES = {"L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation → what turns the picture upright."""


class CannotBeRead(ValueError):
    """The file is no usable picture; `reason` is a word of media.wording."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Pixels:
    """RGB rows on disk, four bytes a pixel (the last one unused), from the top."""

    path: Path
    width: int
    height: int

    @property
    def stride(self) -> int:
        return self.width * 4

    def bands(self, rows: int) -> Iterator[tuple[int, Image.Image]]:
        """(first row, picture) of each band of at most `rows` rows, from the top."""
        with self.path.open("rb") as file:
            for top in range(0, self.height, rows):
                high = min(rows, self.height - top)
                data = file.read(self.stride * high)
                band = Image.frombytes("RGB", (self.width, high), data, "raw", "RGBX", 0, 1)
                yield top, band


def read_pixels(source: Path, folder: Path) -> Pixels:
    """Decode a picture upright onto white. `folder` takes files of four bytes a pixel.

    Raises CannotBeRead.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.MAX_IMAGE_PIXELS = MOST_PIXELS
            return _read(source, folder)
    except (CannotBeRead, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise CannotBeRead("too_many_pixels") from None
    except Exception:  # decoders raise many kinds; all of them mean: not a usable picture
        raise CannotBeRead("not_a_picture") from None


def _read(source: Path, folder: Path) -> Pixels:
    with source.open("rb") as plain:
        file = _GivingBack(plain)
        with Image.open(file, formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
                raise CannotBeRead("too_many_pixels")
            turn = _orientation(opened)
            if width * height <= WHOLE_PIXELS // 4 or not _is_streamed(opened):
                return _read_whole(opened, folder / "pixels.raw")
            rows = _read_strips(opened, plain, folder) or _read_in_pieces(opened, file, folder)
    return _turned(rows, turn, folder / "upright.raw") if turn in _UPRIGHT else rows


def _orientation(opened: Image.Image) -> int:
    # to look for EXIF behind the pixels, Pillow would decode a PNG as a whole
    has_none = opened.format == "PNG" and "exif" not in opened.info
    return 1 if has_none else int(opened.getexif().get(0x0112, 1))


def _is_streamed(opened: Image.Image) -> bool:
    """Whether the decoder needs no memory of its own for the whole picture."""
    if opened.width * opened.height <= WHOLE_PIXELS:
        return _is_row_by_row(opened)
    if not _is_row_by_row(opened):
        raise CannotBeRead("progressive" if opened.format == "JPEG" else "too_many_pixels")
    return True


def _is_row_by_row(opened: Image.Image) -> bool:
    if opened.format == "JPEG":
        return "progressive" not in opened.info
    if opened.format == "PNG":
        return not opened.info.get("interlace")
    return opened.format == "TIFF"


def _read_whole(opened: Image.Image, target: Path) -> Pixels:
    """A picture of ordinary size: Pillow's own memory will do."""
    flat = onto_white(ImageOps.exif_transpose(opened))
    with target.open("wb") as file:
        file.write(flat.tobytes("raw", "RGBX"))
    return Pixels(target, *flat.size)


def onto_white(picture: Image.Image) -> Image.Image:
    """Plain RGB: transparency lies on white, 16 bits become 8, CMYK and palettes are turned."""
    if picture.mode.startswith("I"):
        picture = _eight_bits(picture)
    if picture.mode == "F":
        picture = picture.convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
        return flat
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    import numpy

    values = numpy.asarray(picture)
    return Image.fromarray((values.astype(numpy.uint32) >> 8).clip(0, 255).astype(numpy.uint8))


# --- in pieces -----------------------------------------------------------------------------------


class _GivingBack:
    """The compressed file; each read gives the pages of the mapped picture back to the system."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.mapped: mmap.mmap | None = None

    def read(self, size: int = -1) -> bytes:
        if self.mapped is not None:
            self.mapped.madvise(mmap.MADV_DONTNEED)
        return self.file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def _read_in_pieces(opened: Image.Image, file: _GivingBack, folder: Path) -> Pixels:
    if opened.mode == "1":
        return _black_and_white(opened, folder / "pixels.raw")
    raw = _decode_into_file(opened, file, folder / "decoded.raw")
    rows = _as_rgb(opened, raw, folder / "pixels.raw")
    raw.unlink()
    return rows


def _read_strips(opened: Any, file: IO[bytes], folder: Path) -> Pixels | None:
    """A TIFF band by band; None for all else, and where it is not cut into bands."""
    found = strips.bands(opened, file) if opened.format == "TIFF" else None
    if found is None:
        return None
    target = folder / "pixels.raw"
    with target.open("wb") as out:
        for band in found:
            out.write(onto_white(band).tobytes("raw", "RGBX"))
    return Pixels(target, *opened.size)


def _black_and_white(opened: Image.Image, target: Path) -> Pixels:
    """Pillow keeps one byte a pixel of these and cannot map them; only the copy goes in bands."""
    if opened.width * opened.height > WHOLE_PIXELS * 4:
        raise CannotBeRead("too_many_pixels")
    with target.open("wb") as out:
        for top in range(0, opened.height, 512):
            bottom = min(top + 512, opened.height)
            band = opened.crop((0, top, opened.width, bottom)).convert("RGB")
            out.write(band.tobytes("raw", "RGBX"))
    return Pixels(target, *opened.size)


def _decode_into_file(opened: Image.Image, file: _GivingBack, target: Path) -> Path:
    stride = opened.width * _BYTES.get(opened.mode, 4)
    with target.open("w+b") as out:
        out.truncate(stride * opened.height)
        mapped = mmap.mmap(out.fileno(), stride * opened.height)
        # Pillow's own way to a picture whose memory is a map; its decoders write where it points
        core = pillow_core.map_buffer(mapped, opened.size, "raw", 0, (opened.mode, stride, 1))
        opened.im = core
        file.mapped = mapped
        opened.load()
        if opened.im is not core:  # a decoder that makes a picture of its own
            raise CannotBeRead("too_many_pixels")
        file.mapped = None
        mapped.flush()
    return target


def _as_rgb(opened: Image.Image, raw: Path, target: Path) -> Pixels:
    stride = opened.width * _BYTES.get(opened.mode, 4)
    rows = max(1, (8 << 20) // stride)
    with raw.open("rb") as source, target.open("wb") as out:
        for top in range(0, opened.height, rows):
            high = min(rows, opened.height - top)
            band = _band(opened, source.read(stride * high), high)
            out.write(onto_white(band).tobytes("raw", "RGBX"))
    return Pixels(target, *opened.size)


def _band(opened: Image.Image, data: bytes, high: int) -> Image.Image:
    mode, size = opened.mode, (opened.width, high)
    if mode in {"LA", "La", "PA"}:
        four = Image.frombytes("RGBA", size, data)  # kept as L L L A
        band = Image.merge("LA", (four.getchannel(0), four.getchannel(3)))
    else:
        # Pillow keeps RGB as four bytes
        band = Image.frombytes(mode, size, data, "raw", "RGBX" if mode == "RGB" else mode, 0, 1)
    if mode == "P" and opened.palette is not None:
        band.putpalette(opened.im.getpalette("RGB", "RGB"))
    if "transparency" in opened.info:
        band.info["transparency"] = opened.info["transparency"]
    return band


def _turned(rows: Pixels, turn: int, target: Path) -> Pixels:
    """The rows turned upright by their EXIF orientation, square by square."""
    import numpy

    swap = turn >= 5
    width, height = (rows.height, rows.width) if swap else (rows.width, rows.height)
    source = numpy.memmap(rows.path, numpy.uint32, "r", shape=(rows.height, rows.width))
    out = numpy.memmap(target, numpy.uint32, "w+", shape=(height, width))
    step = 512
    for top in range(0, height, step):
        piece: Any = source
        if turn in {2, 3}:
            piece = piece[:, ::-1]
        if turn in {3, 4}:
            piece = piece[::-1]
        if swap:
            piece = piece.T
        if turn in {6, 7}:
            piece = piece[:, ::-1]
        if turn in {7, 8}:
            piece = piece[::-1]
        out[top : top + step] = piece[top : top + step]
        for mapped in (source, out):
            mapped._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]  # noqa: SLF001
    rows.path.unlink()
    return Pixels(target, width, height)
