"""What is made of a picture: sizes for pages, and tiles for deep zoom where it is large.

Run as a program in a process of its own with limits on memory and time (see `derivatives`), for it
opens what strangers sent. Copying pixels leaves behind all that a camera adds: EXIF, GPS, comments.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image

from culture_cloud.media.pixels import CannotBeRead, Pixels, read_pixels

WIDTHS = (1600, 960, 480, 240)
"""Widths of the sizes for pages, in pixels; a picture is never made larger than it is."""
TILE = 512
TILED_ABOVE = 1600
"""Pictures with a longer side than this have tiles."""
QUALITY = 82


def make(source: Path, target: Path) -> dict[str, int]:
    """Make everything into the folder `target`, which appears whole or not at all.

    Returns width, height and how many levels of tiles there are. Raises CannotBeRead.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix="making-", dir=target.parent))
    try:
        pixels = read_pixels(source, beside)
        facts = {"width": pixels.width, "height": pixels.height, "levels": 0}
        if max(pixels.width, pixels.height) > TILED_ABOVE:
            facts["levels"] = _tiles(pixels, beside)
            small: Image.Image = Image.open(beside / "small.png")
        else:
            small = next(iter(pixels.bands(pixels.height)))[1]
        _sizes(small, pixels.width, beside)
        for left in (*beside.glob("*.raw"), beside / "small.png"):
            left.unlink(missing_ok=True)
        (beside / "facts.json").write_text(json.dumps(facts))
        if target.exists():
            shutil.rmtree(target)
        beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return facts


def _sizes(picture: Image.Image, full_width: int, folder: Path) -> None:
    # from large to small, each from the one before: a third of the work
    for width in WIDTHS:
        wanted = min(width, full_width)
        height = max(1, round(picture.height * wanted / picture.width))
        if (wanted, height) != picture.size:
            picture = picture.resize((wanted, height), Image.Resampling.LANCZOS)
        picture.save(folder / f"{width}.webp", "WEBP", quality=80, method=4)
        picture.save(folder / f"{width}.jpg", "JPEG", quality=QUALITY, progressive=True)


def _tiles(pixels: Pixels, folder: Path) -> int:
    """Tiles of 512 pixels for every halving down to one tile; level 0 is the full size.

    The first level that both is no larger than it need be and covers the sizes becomes small.png.
    """
    level, small_made = 0, False
    while True:
        (folder / str(level)).mkdir()
        if not small_made and max(pixels.width, pixels.height) <= 2 * max(WIDTHS):
            whole = next(iter(pixels.bands(pixels.height)))[1]
            whole.save(folder / "small.png", compress_level=1)
            small_made = True
        last = max(pixels.width, pixels.height) <= TILE
        pixels = _level(pixels, folder, level, last=last)
        level += 1
        if last:
            return level


def _level(pixels: Pixels, folder: Path, level: int, *, last: bool) -> Pixels:
    """Cut the tiles of a level and halve its rows into those of the next."""
    half = Pixels(folder / f"level-{level + 1}.raw", -(-pixels.width // 2), -(-pixels.height // 2))
    with half.path.open("wb") as rows:
        for top, band in pixels.bands(TILE):
            for left in range(0, pixels.width, TILE):
                tile = band.crop((left, 0, min(left + TILE, pixels.width), band.height))
                name = f"{left // TILE}-{top // TILE}.jpg"
                tile.save(folder / str(level) / name, "JPEG", quality=QUALITY)
            if not last:
                rows.write(band.reduce(2).tobytes("raw", "RGBX"))
    pixels.path.unlink()
    return half


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(make(Path(sys.argv[1]), Path(sys.argv[2]))))
    except (CannotBeRead, MemoryError) as error:
        sys.stdout.write(json.dumps({"fault": getattr(error, "reason", "too_many_pixels")}))
