"""A clerk publishes from a phone: five answers and a poster from the camera, without scripts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image

from .conftest import Site, Visit, accounts_of

Visits = Callable[..., Visit]


def held_upright() -> bytes:
    """What a phone held upright gives: a picture lying on its side that says so, and where it was
    taken. Upright, its upper half is red and its lower half blue."""
    picture = Image.new("RGB", (1600, 1200), "red")
    picture.paste("blue", (800, 0, 1600, 1200))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Canary"
    exif[0x8825] = {1: "N", 2: (23.0, 21.0, 9.0), 3: "E", 4: (101.0, 44.0, 1.0)}
    kept = io.BytesIO()
    picture.save(kept, "JPEG", exif=exif)
    return kept.getvalue()


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_a_clerk_publishes_from_a_phone_with_a_poster(
    visits: Visits, site: Site, mode: str
) -> None:
    visit = visits(width=360, mode=mode, scripts=False)
    visit.sign_in(accounts_of(site)["manager"])
    visit.open("/desk/activities/new")
    main = visit.page.locator("main")
    title = f"坝子唱灯{mode}"
    main.locator("input[name=title]").fill(title)
    main.locator("select[name=kind]").select_option(index=1)
    main.locator("input[name=day]").fill("2099-09-20")
    main.locator("input[name=starts]").fill("19:30")
    main.locator("input[name=place]").fill("村口戏台")
    main.locator("summary", has_text="海报").click()
    photo = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": held_upright()}
    camera = main.locator("input[name=picture]")
    assert camera.get_attribute("accept") == "image/*"  # so that a phone offers its camera
    camera.set_input_files(photo)  # type: ignore[arg-type]
    main.locator("input[name=poster_alt]").fill("唱灯的海报")
    main.locator("button[name=do][value=publish]").click()
    number = re.search(r"/desk/activities/(\d+)", visit.page.url)
    assert number, main.inner_text()
    # residents see it at once, in a window of their own
    resident = visits(width=360, mode=mode, scripts=False)
    resident.open(f"/activities/{number[1]}")
    assert title in resident.page.locator("h1").inner_text()
    shown = resident.page.locator("main img[alt*=唱灯的海报]").first
    source = shown.get_attribute("src") or ""
    data = resident.context.request.get(site.base + source).body()
    picture = Image.open(io.BytesIO(data))
    assert shown.is_visible()
    middle = picture.width // 2
    upper, lower = (picture.convert("RGB").getpixel((middle, y)) for y in (9, picture.height - 9))
    assert upper[0] > 200 > 60 > upper[2], upper  # type: ignore[index]
    assert lower[2] > 200 > 60 > lower[0], lower  # type: ignore[index]
    assert not picture.getexif()
    assert b"Canary" not in data
    assert visit.faults == resident.faults == []
