"""Pictures for IIIF, cut from the tiles that the worker made: never from the scan itself.

At most two are drawn at once in a process and each from at most MOST_SOURCE pixels, so memory stays
bounded. What was drawn is kept on disk; the tiles themselves are sent as they lie there.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore

from PIL import Image

from culture_cloud.media.making import TILE, WIDTHS

from .image_request import ImageRequest, Region

MOST_SOURCE = 16_000_000
AT_ONCE = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture in the folder of its derivatives."""

    folder: Path
    width: int
    height: int
    tiled: bool

    @property
    def levels(self) -> int:
        """How many halvings there are tiles for."""
        if not self.tiled:
            return 1
        level, side = 1, max(self.width, self.height)
        while side > TILE:
            side, level = -(-side // 2), level + 1
        return level

    def size_at(self, level: int) -> tuple[int, int]:
        return -(-self.width // 2**level), -(-self.height // 2**level)


def tile_file(scan: Scan, request: ImageRequest) -> Path | None:
    """The tile that is exactly what was asked for, if there is one."""
    if not scan.tiled or request.degrees or request.mirrored:
        return None
    if request.quality != "default" or request.format != "jpg":
        return None
    part = request.region
    for level in range(scan.levels):
        span = TILE << level
        if part.x % span or part.y % span:
            continue
        width, height = min(span, scan.width - part.x), min(span, scan.height - part.y)
        wanted = (-(-width // 2**level), -(-height // 2**level))
        if (part.width, part.height) == (width, height) and _near(request, wanted):
            return scan.folder / str(level) / f"{part.x // span}-{part.y // span}.jpg"
    return None


def _near(request: ImageRequest, wanted: tuple[int, int]) -> bool:
    # viewers name one side and the other is rounded: half a pixel at the edge
    return (
        abs(request.width - wanted[0]) <= 1
        and abs(request.height - wanted[1]) <= 1
        and (request.width == wanted[0] or request.height == wanted[1])
    )


def drawn(scan: Scan, request: ImageRequest, cache: Path) -> Path:
    """The file of what was asked for, drawn now or before."""
    name = hashlib.blake2b(
        f"{scan.folder.name}/{request.canonical}/{request.width}x{request.height}".encode(),
        digest_size=16,
    ).hexdigest()
    kept = cache / name[:2] / f"{name}.{request.format}"
    if not kept.exists():
        with AT_ONCE:
            body = _encoded(_picture(scan, request), request.format)
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}.part")
        beside.write_bytes(body)
        beside.replace(kept)
    return kept


def _picture(scan: Scan, request: ImageRequest) -> Image.Image:
    part = request.region
    level = _level_for(scan, request)
    source, left, top = _source(scan, level, part)
    share = 2**level
    box = (
        min(part.x / share - left, source.width - 1),
        min(part.y / share - top, source.height - 1),
        min((part.x + part.width) / share - left, source.width),
        min((part.y + part.height) / share - top, source.height),
    )
    size = (request.width, request.height)
    picture = source.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=2.0)
    if request.mirrored:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if request.degrees:
        picture = picture.rotate(-request.degrees, expand=True)
    if request.quality == "gray":
        picture = picture.convert("L")
    elif request.quality == "bitonal":
        picture = picture.convert("1")
    return picture


def _level_for(scan: Scan, request: ImageRequest) -> int:
    """The smallest level that still holds all that is to be seen, and fits into memory."""
    part = request.region
    share = min(part.width / request.width, part.height / request.height)
    level = 0
    while level + 1 < scan.levels and (
        2 ** (level + 1) <= share or part.width * part.height / 4**level > MOST_SOURCE
    ):
        level += 1
    return level


def _source(scan: Scan, level: int, part: Region) -> tuple[Image.Image, int, int]:
    """The tiles of a level that cover the region, put together; and where they begin."""
    if not scan.tiled:
        with Image.open(scan.folder / f"{WIDTHS[0]}.jpg") as opened:
            return opened.convert("RGB"), 0, 0
    share = 2**level
    width, height = scan.size_at(level)
    first_column, first_row = part.x // share // TILE, part.y // share // TILE
    right = min(-(-(part.x + part.width) // share), width)
    bottom = min(-(-(part.y + part.height) // share), height)
    left, top = first_column * TILE, first_row * TILE
    put = Image.new("RGB", (right - left, bottom - top))
    for row in range(first_row, -(-bottom // TILE)):
        for column in range(first_column, -(-right // TILE)):
            with Image.open(scan.folder / str(level) / f"{column}-{row}.jpg") as tile:
                put.paste(tile, (column * TILE - left, row * TILE - top))
    return put, left, top


def _encoded(picture: Image.Image, format_: str) -> bytes:
    buffer = BytesIO()
    if format_ == "png":
        picture.save(buffer, "PNG", compress_level=3)
    elif format_ == "webp":
        picture.convert("RGB").save(buffer, "WEBP", quality=80, method=2)
    else:
        picture.convert("L" if picture.mode == "1" else picture.mode).save(
            buffer, "JPEG", quality=85
        )
    return buffer.getvalue()


def forget_old(cache: Path, most_bytes: int) -> int:
    """Remove the drawings that were made longest ago until the rest fits; how many went."""
    files = [p for p in cache.glob("*/*") if p.is_file()] if cache.is_dir() else []
    facts = sorted(((p.stat().st_mtime, p.stat().st_size, p) for p in files), reverse=True)
    kept, gone = 0, 0
    for _made, size, path in facts:
        kept += size
        if kept > most_bytes:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
