"""Every page, in both modes, on a phone and a desk: axe, sizes, reflow, no other host.

Each page is seen in both modes, on the phone in one and on the desk in the other; the most used
ones in all four ways. `make a11y` looks at the whole matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Site, Visit
from .eyes import Eyes, told
from .routes import all_places, without_example

Visits = Callable[..., Visit]
PARTS = 8
"""So many tests share the pages, so that several processes can look at them."""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_can_be_used_by_everyone(site: Site, eyes: Eyes, part: int) -> None:
    faults = []
    for place in all_places(site.app)[part::PARTS]:
        for mode, width in place.looks:
            faults += told(place, mode, width, eyes.look(place, mode, width))
    assert not faults, "\n".join(faults)


def test_every_route_is_looked_at(site: Site) -> None:
    missing = without_example(site.app)
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_the_skip_link_is_first_and_works(visits: Visits, mode: str) -> None:
    visit = visits(mode=mode)
    visit.open("/activities")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"


def test_the_mode_switch_is_seen_at_once(visits: Visits) -> None:
    """In the first view at 320 px, as text, within three tabs (EL-04)."""
    visit = visits(width=320)
    visit.open("/activities")
    box = visit.page.locator("text=长者版").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 740
    names = []
    for _ in range(3):
        visit.page.keyboard.press("Tab")
        names.append(visit.page.evaluate("document.activeElement.innerText"))
    assert any("长者版" in name for name in names), names


def test_focus_can_be_seen_on_every_stop(visits: Visits) -> None:
    visit = visits(width=1280)
    visit.open("/activities")
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        width = visit.page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
            const card = document.activeElement.closest('.card, .row, .option');
            const c = card ? getComputedStyle(card) : s;
            const width = x => x.outlineStyle === 'none' ? 0 : parseFloat(x.outlineWidth);
            const a = getComputedStyle(document.activeElement, '::after');
            return Math.max(width(s), width(c), width(a)) }"""
        )
        name = visit.page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert width >= 3 or name.startswith("<body"), name


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_light_enough_for_a_weak_signal(site: Site, visits: Visits, mode: str) -> None:
    """At most 45 KB of HTML and CSS and 15 KB of JS as sent, at most 4 requests before pictures."""
    visit = visits(mode=mode)
    sizes: dict[str, dict[str, int]] = {"document": {}, "stylesheet": {}, "script": {}}

    def note(response: Any) -> None:
        kind = response.request.resource_type
        if kind in sizes:
            sizes[kind][response.url] = response.request.sizes()["responseBodySize"]

    visit.page.on("requestfinished", lambda request: note(request.response()))
    for path in ("/", "/activities"):
        for kind in sizes.values():
            kind.clear()
        visit.open(path)
        visit.page.wait_for_load_state("networkidle")
        assert sum(map(len, sizes.values())) <= 4, sizes
        pages = [*sizes["document"].values(), *sizes["stylesheet"].values()]
        assert sum(pages) <= 45_000, sizes
        assert sum(sizes["script"].values()) <= 15_000, sizes
