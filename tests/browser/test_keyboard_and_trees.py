"""The site by keyboard alone and as a screen reader is told of it (ST-04, ST-11, ST-29)."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from culture_cloud.web import drafts

from .conftest import Site, Visit
from .eyes import Eyes
from .places import Place
from .routes import all_places, pages

TREES = Path(__file__).parent / "trees"
GOLDEN = {
    "home": "/",
    "list": "/activities",
    "calendar": "/activities/calendar",
    "activity": "/activities/<int:activity_id>",
    "sign-up": "/activities/<int:activity_id>/sign-up",
    "ticket": "/sign-ups/<token>",
    "my-sign-ups": "/my/sign-ups",
    "nodes": "/nodes",
    "node": "/nodes/<code>",
    "help": "/help",
    "display": "/display",
    "sign-in": "/sign-in",
    "register": "/register",
    "statement": "/accessibility",
    "nowhere": "nowhere",
}
"""Name of the file → name of the place, of 15 key pages."""

Visits = Callable[..., Visit]


def shape(tree: str) -> str:
    """A tree without what the day, the demo's dice and the length of lists change: roles, levels
    and names of landmarks, headings and controls, neighbours that are alike only once."""
    kept: list[str] = []
    for line in tree.splitlines():
        if re.match(r"\s*- /url:|\s*- text:", line):
            continue
        bare = re.sub(r"\d+", "0", line.rstrip())
        is_control = re.match(
            r"\s*- (banner|main|contentinfo|navigation|search|region|form|textbox|combobox|"
            r"searchbox|radio|checkbox|button|group)\b",
            bare,
        )
        if not is_control:
            bare = re.sub(r'^(\s*- [a-z]+) ?("[^"]*"|/[^/]*/)?', r"\1", bare)
            bare = re.sub(r"(- [a-z]+)(?: \[[^\]]*\])*: .*", r"\1", bare)
        if bare not in kept[-12:]:
            kept.append(bare)
    return "\n".join(kept) + "\n"


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_screen_readers_are_told_the_same_as_when_it_was_last_reviewed(
    site: Site, eyes: Eyes, mode: str
) -> None:
    """Review a change, then write the trees anew: WRITE_TREES=1 pytest tests/browser -k told."""
    known = {place.name: place for place in all_places(site.app)}
    changed: list[str] = []
    for name, place in GOLDEN.items():
        # nothing that another test left half-way is offered again
        window = eyes.window(known[place].role, mode)
        window.context.clear_cookies(name=drafts.COOKIE)
        page = eyes.open(known[place], mode, 1280)
        assert page is not None, name
        found = shape(page.locator("body").aria_snapshot())
        path = TREES / f"{name}-{mode}.txt"
        if os.environ.get("WRITE_TREES"):
            path.write_text(found, encoding="utf-8")
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        changed += difflib.unified_diff(before.split("\n"), found.split("\n"), name, mode, n=1)
    assert not changed, "\n".join(changed)


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_a_resident_signs_up_by_keyboard_alone(visits: Visits, site: Site, mode: str) -> None:
    visit = visits(mode=mode, scripts=False)
    path = next(p for p in pages(site.app, "public") if re.fullmatch(r"/activities/\d+/sign-up", p))
    visit.open(path)
    for _step in range(8):
        if "/sign-ups/" in visit.page.url:
            break
        fill_in_by_keyboard(visit, {"standard": "19912345679", "elder": "19912345681"}[mode])
    assert "/sign-ups/" in visit.page.url, visit.page.locator("main").inner_text()
    assert visit.page.locator(".code").count() >= 1
    assert visit.faults == []


def fill_in_by_keyboard(visit: Visit, phone: str) -> None:
    """Go through the page with the Tab key, answer what has no answer, press the main button."""
    keyboard = visit.page.keyboard
    for _stop in range(300):
        keyboard.press("Tab")
        kind, name, value = visit.page.evaluate(
            "() => { const e = document.activeElement; if (!e.closest('main')) return ['', '', ''];"
            " return [e.matches('.button-main') ? 'main' : e.type || '', e.name || '',"
            " e.type !== 'radio' ? e.value || ''"
            " : document.querySelector(`[name='${e.name}']:checked`) ? 'x' : ''] }"
        )
        if kind in {"text", "tel"} and not value:
            keyboard.type({"name": "王秀兰", "phone": phone}.get(name, ""))
        elif kind == "radio" and not value:
            keyboard.press("Space")
        elif kind == "main":
            with visit.page.expect_navigation():
                keyboard.press("Enter")
            return
    words = visit.page.locator("main").inner_text()
    raise AssertionError(f"no main button can be reached: {visit.page.url}: {words}")


@pytest.mark.parametrize("path", ["/", "/activities", "/sign-in", "/display"])
def test_tab_goes_through_the_page_in_the_order_of_the_page(visits: Visits, path: str) -> None:
    """The order of stops is the order of the document, none is hidden, and the page is left."""
    visit = visits(width=1280)
    visit.open(path)
    stops: list[int] = []
    for _stop in range(400):
        visit.page.keyboard.press("Tab")
        place = visit.page.evaluate(
            "() => document.activeElement === document.body ? -1"
            " : [...document.querySelectorAll('*')].indexOf(document.activeElement)"
        )
        if place < 0 or (stops and place == stops[0]):
            break
        stops.append(place)
    assert len(stops) > 10
    assert stops == sorted(stops)


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_the_ticket_s_page_says_where_one_is_without_the_eyes(
    eyes: Eyes, site: Site, mode: str
) -> None:
    known = {place.name: place for place in all_places(site.app)}
    place: Place = known["/sign-ups/<token>"]
    page = eyes.open(place, mode, 360)
    assert page is not None
    tree = page.locator("body").aria_snapshot()
    for landmark in ("banner", "main", "contentinfo"):
        assert f"- {landmark}" in tree
