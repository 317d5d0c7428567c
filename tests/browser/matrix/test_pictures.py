"""Pictures of the most used pages, for the report: both modes side by side, phone and desk."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.browser.conftest import Site
from tests.browser.eyes import Eyes
from tests.browser.places import MODES, WIDTHS
from tests.browser.routes import all_places

from .conftest import REPORTS


@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_side_by_side(site: Site, eyes: Eyes, width: int) -> None:
    folder = REPORTS / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for place in [place for place in all_places(site.app) if place.is_key]:
        taken = []
        for mode in MODES:
            page = eyes.open(place, mode, width)
            if page is not None:
                taken.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        if taken:
            side_by_side(taken).save(folder / f"{file_name(place.name)}-{width}.webp", quality=70)


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    gap = 24
    whole = Image.new(
        "RGB",
        (
            sum(p.width for p in pictures) + gap * (len(pictures) - 1),
            max(p.height for p in pictures),
        ),
        "#777777",
    )
    left = 0
    for picture in pictures:
        whole.paste(picture, (left, 0))
        left += picture.width + gap
    return whole


def file_name(name: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in name).split()) or "home"
