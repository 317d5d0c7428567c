from __future__ import annotations

import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from culture_cloud.covers import emblem

FOLDER = Path(__file__).resolve().parents[2] / "static" / "img"


def test_the_files_in_static_are_those_of_the_present_drawing() -> None:
    """Another release of Pillow may pack an image otherwise: what is compared is what is seen."""
    for name, body in emblem.files().items():
        kept = (FOLDER / name).read_bytes()
        if name.endswith(".svg"):
            assert kept == body, name
            continue
        with Image.open(BytesIO(kept)) as old, Image.open(BytesIO(body)) as new:
            assert old.size == new.size, name
            pairs = zip(old.convert("RGB").tobytes(), new.convert("RGB").tobytes(), strict=True)
            assert sum(abs(a - b) for a, b in pairs) / (old.width * old.height * 3) < 2, name


def test_the_favicon_holds_every_small_size() -> None:
    with Image.open(FOLDER / "favicon.ico") as icon:
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}


@pytest.mark.parametrize(
    ("name", "side"), [("icon-192.png", 192), ("icon-512.png", 512), ("apple-touch-icon.png", 180)]
)
def test_icons_are_square_opaque_and_small(name: str, side: int) -> None:
    path = FOLDER / name
    with Image.open(path) as icon:
        assert icon.size == (side, side)
        assert "transparency" not in icon.info
    assert path.stat().st_size < 16_000


def test_the_emblem_takes_the_colour_of_the_text_around_it() -> None:
    root = ET.fromstring(emblem.svg())
    assert root.get("viewBox") == "0 0 48 48"
    paths = list(root)
    assert 1 <= len(paths) <= 4
    for path in paths:
        assert "currentColor" in (path.get("fill"), path.get("stroke"))
        assert path.get("style") is None


def test_the_emblem_is_hidden_from_those_who_listen() -> None:
    """The site's name stands beside it in words."""
    root = ET.fromstring(emblem.svg())
    assert root.get("aria-hidden") == "true"


def test_the_whole_emblem_stays_in_its_square() -> None:
    reach = emblem.WEIGHT / 2
    for x, y in emblem.CLOUD:
        assert reach <= x <= emblem.SIDE - reach
        assert reach <= y <= emblem.SIDE - reach
    for x, y in emblem.ROOF:
        assert 0 <= x <= emblem.SIDE
        assert 0 <= y <= emblem.SIDE


def test_the_command_writes_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["emblem", str(tmp_path / "img")])
    emblem.main()
    written = {path.name for path in (tmp_path / "img").iterdir()}
    assert written == {
        "emblem.svg", "favicon.ico", "icon-192.png", "icon-512.png", "apple-touch-icon.png",
    }  # fmt: skip
