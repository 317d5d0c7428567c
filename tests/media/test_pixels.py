"""Large pictures are decoded in pieces: the same pixels as Pillow's own, in little memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from culture_cloud.media import making, pixels

pytestmark = pytest.mark.one_database


def noise(mode: str, size: tuple[int, int] = (700, 500)) -> Image.Image:
    grey = Image.effect_noise(size, 60)
    if mode == "I;16":
        return Image.frombytes("I;16", size, bytes(2 * size[0] * size[1]))
    if mode in {"L", "1", "P"}:
        return grey.convert("RGB").quantize(64) if mode == "P" else grey.convert(mode)
    turned = [grey, ImageOps.mirror(grey), ImageOps.flip(grey), ImageOps.invert(grey)]
    return Image.merge(mode, turned[: len(Image.new(mode, (1, 1)).getbands())])


CASES = [
    *[("JPEG", mode) for mode in ("RGB", "L", "CMYK")],
    *[("PNG", mode) for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16")],
    *[("TIFF", mode) for mode in ("RGB", "L", "CMYK", "I;16", "1")],
]


@pytest.mark.parametrize(("form", "mode"), CASES)
def test_decoding_in_pieces_gives_the_same_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, mode: str
) -> None:
    source = tmp_path / "picture"
    noise(mode).save(source, form)
    whole = pixels.read_pixels(source, tmp_path).path.read_bytes()
    monkeypatch.setattr(pixels, "WHOLE_PIXELS", 100_000)
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    found = pixels.read_pixels(source, pieces)
    assert (found.width, found.height) == (700, 500)
    assert found.path.read_bytes() == whole


def in_tiles(picture: Image.Image, side: int = 256) -> bytes:
    """A TIFF in tiles, which Pillow reads and does not write."""
    width, height = picture.size
    tags = ImageFileDirectory_v2()
    corners = [(x, y) for y in range(0, height, side) for x in range(0, width, side)]
    parts = [picture.crop((x, y, x + side, y + side)).tobytes() for x, y in corners]
    offsets = tuple(8 + n * len(parts[0]) for n in range(len(parts)))
    facts = {256: width, 257: height, 258: (8, 8, 8), 259: 1, 262: 2, 277: 3, 284: 1}
    facts |= {322: side, 323: side, 324: offsets, 325: tuple(len(part) for part in parts)}
    for tag, value in facts.items():
        tags[tag] = value
    body = b"".join(parts)
    behind = 8 + len(body)
    return b"II*\x00" + behind.to_bytes(4, "little") + body + tags.tobytes(behind)


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {"compression": "tiff_lzw"}),
        ("RGB", {"compression": "tiff_adobe_deflate", "big_endian": True}),
        ("RGB", {"compression": "jpeg"}),
        ("L", {"compression": "packbits"}),
        ("P", {"compression": "tiff_lzw"}),
        ("RGBA", {"compression": "tiff_lzw"}),
        ("I;16", {"compression": "tiff_lzw", "big_endian": True}),
        ("CMYK", {"compression": "tiff_lzw"}),
        ("1", {"compression": "group4"}),
        ("tiles", {}),
    ],
)
def test_a_tiff_is_read_strip_by_strip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, options: dict[str, Any]
) -> None:
    source = tmp_path / "scan.tif"
    if mode == "tiles":
        source.write_bytes(in_tiles(noise("RGB")))
    else:
        noise(mode).save(source, "TIFF", tiffinfo={278: 64}, **options)
    whole = pixels.read_pixels(source, tmp_path).path.read_bytes()
    monkeypatch.setattr(pixels, "WHOLE_PIXELS", 100_000)
    monkeypatch.setattr(pixels, "_read_in_pieces", None)
    found = pixels.read_pixels(source, tmp_path)
    assert (found.width, found.height) == (700, 500)
    assert found.path.read_bytes() == whole


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_large_picture_is_turned_upright(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    source = tmp_path / "picture.png"
    noise("RGB").save(source, exif=exif)
    whole = pixels.read_pixels(source, tmp_path)
    upright = whole.path.read_bytes()
    monkeypatch.setattr(pixels, "WHOLE_PIXELS", 1000)
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    found = pixels.read_pixels(source, pieces)
    assert (found.width, found.height) == (whole.width, whole.height)
    assert found.path.read_bytes() == upright


@pytest.mark.parametrize(
    ("options", "form", "reason"),
    [
        ({"progressive": True}, "JPEG", "progressive"),
        ({}, "WEBP", "too_many_pixels"),
    ],
)
def test_what_needs_all_memory_at_once_is_refused_above_a_size(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    form: str,
    reason: str,
) -> None:
    source = tmp_path / "picture"
    noise("RGB").save(source, form, **options)
    monkeypatch.setattr(pixels, "WHOLE_PIXELS", 1000)
    with pytest.raises(pixels.CannotBeRead) as refused:
        pixels.read_pixels(source, tmp_path)
    assert refused.value.reason == reason


def test_tiles_put_together_are_the_picture(tmp_path: Path) -> None:
    source = tmp_path / "picture.png"
    picture = Image.linear_gradient("L").resize((1800, 1100)).convert("RGB")
    picture.save(source)
    facts = making.make(source, tmp_path / "made")
    assert facts == {"width": 1800, "height": 1100, "levels": 3}
    for level, size in enumerate([(1800, 1100), (900, 550), (450, 275)]):
        folder = tmp_path / "made" / str(level)
        put = Image.new("RGB", size)
        for tile in folder.iterdir():
            column, row = (int(part) for part in tile.stem.split("-"))
            put.paste(Image.open(tile), (column * 512, row * 512))
        wanted = picture.resize(size, Image.Resampling.BOX)
        difference = max(
            abs(a - b) for a, b in zip(put.tobytes()[::997], wanted.tobytes()[::997], strict=True)
        )
        assert difference < 12
    assert not list((tmp_path / "made").glob("*.raw"))
    assert not list(tmp_path.glob("making-*"))


def test_a_scan_of_forty_megapixels_takes_little_memory(tmp_path: Path) -> None:
    source = tmp_path / "scan.png"
    stripe = Image.effect_noise((6500, 100), 30).convert("RGB")
    scan = Image.new("RGB", (6500, 6200))
    for top in range(0, 6200, 100):
        scan.paste(stripe, (0, top))
    scan.save(source, compress_level=1)
    code = (
        "import sys; from pathlib import Path; from culture_cloud.media import making;"
        "making.make(Path(sys.argv[1]), Path(sys.argv[2]));"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(source), str(tmp_path / "made")],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert int(done.stdout) < 200 * 1024, f"{int(done.stdout) // 1024} MB"
