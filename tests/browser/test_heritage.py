"""A picture looked at closely, a recording heard sentence by sentence; with and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.heritage.models import HeritageItem

from .conftest import Site, Visit

Visits = Callable[..., Visit]

COLOURS = """canvas => {
  const seen = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  for (let n = 0; n < seen.length; n += 4 * 997) {
    colours.add(`${seen[n]},${seen[n + 1]},${seen[n + 3]}`);
  }
  return colours.size;
}"""

DRAWN = "canvas => canvas.toDataURL()"


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait at most five seconds (the page's own rules forbid waiting by a script in it)."""
    for _n in range(100):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail("it never happened")


@pytest.fixture(scope="module")
def item_id(site: Site) -> int:
    with site.app.app_context():
        found = db.session().scalar(
            select(HeritageItem.id).where(HeritageItem.uid == "crawl-picture")
        )
    assert found is not None
    return found


@pytest.mark.parametrize(("width", "mode"), [(360, "elder"), (1280, "standard")])
def test_a_picture_is_moved_and_enlarged_where_it_stands(
    visits: Visits, item_id: int, width: int, mode: str
) -> None:
    visit = visits(width=width, mode=mode)
    visit.open(f"/heritage/{item_id}/view")
    page = visit.page
    canvas = page.locator("#picture canvas")
    told = page.locator("[data-zoom-state]")
    expect(told).to_contain_text("%")
    box = canvas.bounding_box()
    assert box is not None
    assert box["width"] > width * 0.55
    assert box["height"] > 300
    assert canvas.evaluate(COLOURS) > 20, "the picture is drawn"
    whole, address = told.inner_text(), page.url
    page.get_by_role("button", name="放大").click()
    expect(told).not_to_have_text(whole)
    near = told.inner_text()
    assert page.url == address
    expect(canvas).to_have_class("zoom-near")
    drawn = canvas.evaluate(DRAWN)
    canvas.focus()
    page.keyboard.press("ArrowRight")
    until(page, lambda: canvas.evaluate(DRAWN) != drawn)
    page.keyboard.press("+")
    expect(told).not_to_have_text(near)
    page.get_by_role("button", name="看全图").click()
    expect(told).to_have_text(whole)
    assert not visit.faults, visit.faults


def test_without_scripts_every_step_and_page_is_a_link(visits: Visits, item_id: int) -> None:
    visit = visits(scripts=False)
    visit.open(f"/heritage/{item_id}/view")
    page = visit.page
    whole = page.locator("#picture img").get_attribute("src")
    page.get_by_role("link", name="放大").click()
    near = page.locator("#picture img").get_attribute("src")
    page.get_by_role("link", name="向右").click()
    right = page.locator("#picture img").get_attribute("src")
    assert len({whole, near, right}) == 3
    page.get_by_role("link", name="下一张").click()
    assert "2" in page.locator("h1").inner_text()
    assert page.locator("#picture img").get_attribute("src") != whole
    page.get_by_role("link", name="上一张").click()
    assert page.locator("#picture img").get_attribute("src") == whole
    assert not visit.faults, visit.faults


def test_a_sentence_is_played_from_where_it_begins(visits: Visits, item_id: int) -> None:
    visit = visits()
    visit.open(f"/heritage/{item_id}")
    page = visit.page
    box = page.locator("[data-recording]")
    second = box.locator("a[data-seek]").nth(1)
    second.click()
    until(page, lambda: box.locator("audio").evaluate("player => player.currentTime") >= 2)
    expect(second).to_have_attribute("aria-current", "true")
    assert page.url.endswith(f"/heritage/{item_id}")
    assert not visit.faults, visit.faults
