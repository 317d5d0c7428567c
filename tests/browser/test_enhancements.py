"""What scripts add, each run once for real: names under the search box, a picture that moves,
sentences of a recording that play where they stand. Without scripts the same are links and forms
(tests/browser/test_every_page.py opens them; `make a11y` without scripts)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.heritage.models import HeritageItem

from .conftest import Site, Visit

Visits = Callable[..., Visit]


@pytest.fixture(scope="module")
def item(site: Site) -> str:
    """The address of an item with two pictures and a recording (examples/heritage.py)."""
    with site.app.app_context():
        wanted = select(HeritageItem.id).where(HeritageItem.uid == "crawl-picture")
        return f"/heritage/{db.session().scalars(wanted).one()}"


def test_names_stand_under_the_search_box_and_keys_choose_one(visits: Visits) -> None:
    """A combobox as in the WAI-ARIA practices: announced, moved by arrows, closed by Escape."""
    visit = visits()
    visit.page.route(
        "**/search/suggestions?*",
        lambda route: route.fulfill(
            json=[{"words": "文化馆", "kind": "馆"}, {"words": "文化站", "kind": "馆"}]
        ),
    )
    visit.open("/search")
    box = visit.page.locator("#site-search")
    box.press_sequentially("文化")
    visit.page.locator("[role=option]").nth(1).wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert "2" in visit.page.locator(".has-suggestions [role=status]").inner_text()
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = visit.page.locator("[role=option][aria-selected=true]")
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert visit.page.locator("[role=option]:visible").count() == 0
    box.press_sequentially("站")
    visit.page.locator("[role=option]").nth(1).wait_for()
    box.press("ArrowUp")
    box.press("Enter")
    visit.page.wait_for_url("**/search?*")
    assert visit.page.locator("#site-search").input_value() == "文化站"
    assert visit.faults == []


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_a_picture_is_enlarged_where_it_stands(visits: Visits, item: str, mode: str) -> None:
    visit = visits(mode=mode)
    visit.open(f"{item}/view")
    canvas = visit.page.locator(".zoom canvas[role=img]")
    canvas.wait_for()
    assert canvas.get_attribute("aria-label")
    told = visit.page.locator("[data-zoom-state]")
    expect(told).not_to_have_text("")
    before, address = told.inner_text(), visit.page.url
    canvas.focus()
    canvas.press("+")
    expect(told).not_to_have_text(before)
    canvas.press("Home")
    expect(told).to_have_text(before)
    size = visit.page.locator("[data-way=larger] button").bounding_box()
    assert size is not None
    assert min(size["width"], size["height"]) >= 44
    assert visit.page.url == address
    assert visit.faults == []


def test_a_sentence_plays_where_it_stands(visits: Visits, item: str) -> None:
    visit = visits()
    visit.open(item)
    visit.page.locator("[data-recording] audio").evaluate("player => { player.muted = true }")
    address = visit.page.url
    sentence = visit.page.locator("[data-recording] a[data-seek]").nth(1)
    sentence.click()
    visit.page.locator("a[data-seek][aria-current=true]").wait_for()
    assert sentence.get_attribute("aria-current") == "true"
    assert visit.page.locator("a[data-seek][aria-current=true]").count() == 1
    assert visit.page.url == address
    assert visit.faults == []
