"""Names under the search box while one types: by keyboard, by ear, and without a script none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from culture_cloud.search import keeping

from .conftest import Site, Visit

Visits = Callable[..., Visit]


@pytest.fixture(scope="module")
def indexed(site: Site) -> None:
    with site.app.app_context():
        keeping.rebuild()


@pytest.mark.parametrize("mode", ["standard", "elder"])
@pytest.mark.usefixtures("indexed")
def test_suggestions_are_reached_by_keyboard_and_told(visits: Visits, mode: str) -> None:
    visit = visits(mode=mode)
    visit.open("/search")
    page, box = visit.page, visit.page.get_by_role("combobox")
    rows = page.get_by_role("option")

    box.type("文化")
    rows.first.wait_for()
    shown = rows.all_inner_texts()
    assert 2 <= len(shown) <= 8
    assert box.get_attribute("aria-expanded") == "true"
    told = page.locator("form.search [role=status]").inner_text()
    assert str(len(shown)) in told and len(told) > 2
    height = rows.first.bounding_box()
    assert height is not None and height["height"] >= 44

    # down to the first, up from it to the last, on to the first again
    page.keyboard.press("ArrowDown")
    first = rows.first.get_attribute("id")
    assert box.get_attribute("aria-activedescendant") == first
    assert rows.first.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") == rows.last.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == first

    # Escape closes and keeps what was typed; the focus never left the box
    page.keyboard.press("Escape")
    assert rows.count() == 0 and box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "文化"
    assert page.evaluate("document.activeElement.id") == "site-search"

    # by ear, taken with Enter: the search for the name
    box.fill("wenhua")
    rows.first.wait_for()
    page.keyboard.press("ArrowDown")
    words = rows.first.get_attribute("data-words")
    assert words and "文化" in words
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("combobox").input_value() == words
    assert page.locator("[role=status]", has_text="1").count() or words in page.inner_text("main")
    assert visit.faults == []


@pytest.mark.usefixtures("indexed")
def test_without_scripts_the_form_alone_searches(visits: Visits) -> None:
    visit = visits(scripts=False)
    visit.open("/")
    box = visit.page.locator("#site-search")
    assert box.get_attribute("role") is None
    box.fill("文化馆")
    box.press("Enter")
    visit.page.wait_for_url("**/search?q=*")
    assert visit.page.locator(".result-title").count() > 0
    assert visit.faults == []
