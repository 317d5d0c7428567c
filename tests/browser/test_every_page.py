"""Every page, in both modes, on a phone and a desk: axe, sizes, reflow, no other host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import Site, Visit
from .routes import pages, without_example

METRICS = (Path(__file__).parent / "metrics.js").read_text()
LIMITS = {
    "standard": {"font": 14, "line": 1.5, "target": 44, "main": 44, "gap": 8, "elder": False},
    "elder": {"font": 20, "line": 1.75, "target": 48, "main": 60, "gap": 8, "elder": True},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Visits = Callable[..., Visit]


def axe_faults(visit: Visit, mode: str) -> list[str]:
    """axe's violations; elder mode must also meet enhanced contrast (EL-08)."""
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": RULES}}
    if mode == "elder":
        options["rules"] = {"color-contrast-enhanced": {"enabled": True}}
    found = Axe().run(visit.page, options=options).response["violations"]
    return [
        f"axe {v['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for v in found
        for node in v["nodes"][:3]
    ]


def look(visit: Visit, path: str, mode: str) -> list[str]:
    """Open a page and list everything that is wrong with it."""
    visit.faults.clear()
    status = visit.open(path)
    faults = [] if status < 500 else [f"status {status}"]
    if visit.page.locator("html").get_attribute("data-mode") != mode:
        faults.append("the mode was lost")
    faults += axe_faults(visit, mode)
    faults += visit.page.evaluate(f"({METRICS})({_json(LIMITS[mode])})")
    faults += visit.faults
    return [f"{path}: {fault}" for fault in faults]


def _json(limits: dict[str, Any]) -> str:
    import json

    return json.dumps(limits)


EXTRA = [
    "/nowhere",
    "/activities/999999",
    "/activities?when=today&kind=contest&audience=disabled",
    "/activities?after=nonsense",
    "/?lang=en",
    *(f"/styleguide/{name}" for name in ("home", "list", "activity", "desk", "ticket")),
]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_public_pages(site: Site, visits: Visits, mode: str, width: int) -> None:
    visit = visits(width=width, mode=mode)
    faults = []
    for path in [*pages(site.app, "public"), *EXTRA]:
        faults += look(visit, path, mode)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_pages_of_staff(
    site: Site, visits: Visits, mode: str, staff_account: tuple[str, str]
) -> None:
    visit = visits(width=360, mode=mode)
    visit.sign_in(staff_account)
    faults = []
    for path in [*pages(site.app, "signed_in"), *pages(site.app, "staff")]:
        faults += look(visit, path, mode)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_nothing_scrolls_sideways_when_small_or_enlarged(
    site: Site, visits: Visits, mode: str
) -> None:
    """400 % zoom is 320 px wide; text alone at 250 %; the spacing override of WCAG 1.4.12."""
    visit = visits(width=320, mode=mode)
    faults = []
    for path in pages(site.app, "public"):
        visit.open(path)
        for name, change in CHANGES.items():
            visit.page.evaluate(change)
            wide = visit.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
            if wide > 0:
                faults.append(f"{path}: {name}: {wide}px too wide")
    assert not faults, "\n".join(faults)


CHANGES = {
    "320 px": "() => {}",
    "text spacing": """() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important;"
          + " word-spacing: .16em !important } p { margin-bottom: 2em !important }");
        document.adoptedStyleSheets = [sheet];
    }""",
    "text 250 %": """() => {
        document.adoptedStyleSheets = [];
        document.documentElement.style.fontSize = "250%";
    }""",
}


def test_every_route_is_looked_at(site: Site) -> None:
    assert without_example(site.app) == []


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
    """At most 60 KB of HTML, CSS and JS as sent, at most 3 requests before pictures."""
    visit = visits(mode=mode)
    sizes: dict[str, int] = {}

    def note(response: Any) -> None:
        kind = response.request.resource_type
        if kind in {"document", "stylesheet", "script"}:
            sizes[response.url] = response.request.sizes()["responseBodySize"]

    visit.page.on("requestfinished", lambda request: note(request.response()))
    for path in ("/", "/activities"):
        sizes.clear()
        visit.open(path)
        visit.page.wait_for_load_state("networkidle")
        assert len(sizes) <= 3, sizes
        assert sum(sizes.values()) <= 60_000, sizes
