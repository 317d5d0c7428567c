"""Display settings as Chromium shows them: sizes, schemes, ruler, caption bar (EL-06 to EL-09,
EL-22, EL-23, ST-31)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from culture_cloud.web.display import CHOICES
from tests.browser.conftest import Site, Visit
from tests.browser.eyes import Eyes, choose_scheme, contrast
from tests.browser.places import Place
from tests.browser.routes import examples

Visits = Callable[..., Visit]
MODES = ("standard", "elder")
USUAL_SIZE = {"standard": 18.0, "elder": 24.0}


@pytest.fixture(scope="session")
def paths(site: Site) -> list[str]:
    """Home, list, activity, sign-up form, and the settings themselves."""
    with site.app.test_request_context(base_url="http://127.0.0.1/"):
        activity = f"/activities/{examples()['activity_id']}"
    return ["/", "/activities", activity, f"{activity}/sign-up", "/display"]


def choose(visit: Visit, text: str) -> None:
    """Come with these settings in the cookie."""
    visit.context.add_cookies([{"name": "display", "value": text, "url": visit.base}])


def press(visit: Visit, name: str, value: str) -> None:
    with visit.page.expect_navigation():
        visit.page.locator(f"button[name={name}][value='{value}']").click()


def style(visit: Visit, selector: str, name: str, pseudo: str | None = None) -> str:
    script = "([s, n, p]) => getComputedStyle(document.querySelector(s), p)[n]"
    found: str = visit.page.evaluate(script, [selector, name, pseudo])
    return found


# --- what CSS does alone -------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_each_size_step_is_the_size_of_the_text_without_scripts(visits: Visits, mode: str) -> None:
    visit = visits(mode=mode, scripts=False)
    visit.open("/display")
    for size in CHOICES["size"]:
        press(visit, "size", size)
        assert style(visit, "main .panel p", "fontSize") == f"{size}px"
        visit.open("/activities")
        assert style(visit, "body", "fontSize") == f"{size}px"
        visit.open("/display")
    press(visit, "size", "")
    assert float(style(visit, "body", "fontSize").removesuffix("px")) == USUAL_SIZE[mode]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("text", ["size=36", "size=36&spacing=wide", "spacing=wide"])
def test_nothing_scrolls_sideways_at_320_px(
    visits: Visits, paths: list[str], mode: str, text: str
) -> None:
    visit = visits(width=320, mode=mode)
    choose(visit, text)
    faults = []
    for path in paths:
        visit.open(path)
        wide = visit.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if wide > 0:
            faults.append(f"{path}: {wide}px too wide")
    assert not faults


def test_wide_spacing_gives_letters_and_lines_the_room_of_wcag(visits: Visits) -> None:
    visit = visits()
    choose(visit, "spacing=wide")
    visit.open("/display")
    for selector in ("main .panel p", ".button-look"):
        size = float(style(visit, selector, "fontSize").removesuffix("px"))
        apart = float(style(visit, selector, "letterSpacing").removesuffix("px"))
        assert apart == pytest.approx(0.12 * size, abs=0.1)
    size = float(style(visit, "main .panel p", "fontSize").removesuffix("px"))
    line = float(style(visit, "main .panel p", "lineHeight").removesuffix("px"))
    assert line >= 2 * size - 0.1


@pytest.mark.parametrize("mode", MODES)
def test_each_scheme_can_be_read(eyes: Eyes, paths: list[str], mode: str) -> None:
    faults = []
    for path in paths:
        page = eyes.open(Place(path, path), mode, 360)
        assert page is not None
        for scheme in CHOICES["scheme"]:
            choose_scheme(page, scheme)
            faults += [f"{path}: {scheme}: {fault.text}" for fault in contrast(page, mode)]
    assert not faults, "\n".join(faults)


def test_each_scheme_is_shown_by_its_own_button(visits: Visits) -> None:
    visit = visits(scripts=False)
    visit.open("/display")
    shown = {}
    for scheme in CHOICES["scheme"]:
        button = f".look-{scheme}"
        shown[scheme] = (style(visit, button, "color"), style(visit, button, "backgroundColor"))
    for scheme, colours in shown.items():
        choose(visit, f"scheme={scheme}")
        visit.open("/display")
        assert colours[0] == style(visit, "body", "color"), scheme
        assert colours[1] == style(visit, ".panel", "backgroundColor"), scheme


def test_the_big_pointer_is_at_least_48_px_on_everything(visits: Visits) -> None:
    visit = visits(width=1280, scripts=False)
    visit.open("/sign-in")
    assert "url(" not in style(visit, "body", "cursor")
    choose(visit, "pointer=big")
    visit.open("/sign-in")
    seen = set()
    for selector in ("body", "main p, main h1", "main .button", "main label", ".field", "a"):
        cursor = style(visit, selector, "cursor")
        assert cursor.startswith("url("), (selector, cursor)
        seen.add(cursor.split('"')[1])
    assert len(seen) == 3
    for address in seen:
        answer = visit.page.request.get(address)
        assert answer.ok
        assert 'width="64" height="64"' in answer.text()
    assert not visit.faults


def test_motion_can_be_switched_off(visits: Visits) -> None:
    visit = visits()
    visit.open("/activities")
    assert style(visit, "a", "transitionDuration") != "0s"
    choose(visit, "motion=none")
    visit.open("/activities")
    assert style(visit, "a", "transitionDuration") == "0s"
    assert visit.page.evaluate("document.getAnimations().length") == 0


def test_the_device_s_wish_for_less_motion_is_met_without_asking(visits: Visits) -> None:
    visit = visits()
    visit.page.emulate_media(reduced_motion="reduce")
    visit.open("/activities")
    assert style(visit, "a", "transitionDuration") == "0s"


# --- what needs scripts --------------------------------------------------------------------------


def test_nothing_extra_is_there_by_default(visits: Visits) -> None:
    visit = visits(width=1280)
    visit.open("/activities")
    visit.page.mouse.move(300, 300)
    assert visit.page.locator(".ruler, .caption-bar").count() == 0


def test_without_scripts_ruler_and_caption_bar_take_no_room(visits: Visits) -> None:
    visit = visits(width=1280, scripts=False)
    visit.open("/activities")
    height = visit.page.locator("body").bounding_box()
    choose(visit, "ruler=row&caption=on")
    visit.open("/activities")
    assert visit.page.locator(".ruler, .caption-bar").count() == 0
    assert visit.page.locator("body").bounding_box() == height
    visit.open("/display")
    assert visit.page.locator("noscript p").count() == 2


@pytest.mark.parametrize(("kind", "lines"), [("row", 1), ("cross", 2)])
def test_the_ruler_follows_pointer_and_focus_and_is_never_in_the_way(
    visits: Visits, kind: str, lines: int
) -> None:
    visit = visits(width=1280)
    choose(visit, f"ruler={kind}")
    visit.open("/activities")
    rulers = visit.page.locator(".ruler")
    assert rulers.count() == lines
    assert not rulers.first.is_visible()
    for y in (200, 420):
        visit.page.mouse.move(500, y)
        box = rulers.first.bounding_box()
        assert box is not None
        assert box["y"] <= y <= box["y"] + box["height"]
    visit.page.keyboard.press("Tab")
    focused = visit.page.evaluate("document.activeElement.getBoundingClientRect().top")
    box = rulers.first.bounding_box()
    assert box is not None
    assert abs(box["y"] - focused) < 60
    link = visit.page.locator("footer a[href='/accessibility']")
    link.hover()
    link.click()  # would time out if a line lay over it
    assert visit.page.url != f"{visit.base}/activities"
    assert not visit.faults


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("mode", MODES)
def test_the_caption_bar_shows_what_is_pointed_at_in_huge_letters(
    visits: Visits, mode: str, width: int
) -> None:
    visit = visits(width=width, mode=mode)
    choose(visit, "caption=on")
    visit.open("/activities")
    bar = visit.page.locator(".caption-bar")
    assert bar.get_attribute("aria-hidden") == "true"
    assert float(style(visit, ".caption-bar", "fontSize").removesuffix("px")) >= 48
    visit.page.locator("main h1").hover()
    assert bar.inner_text() == visit.page.locator("main h1").inner_text()
    for path in ("/display", "/sign-in"):
        visit.open(path)
        for _ in range(70):
            visit.page.keyboard.press("Tab")
            hidden = visit.page.evaluate(
                """() => { const e = document.activeElement;
                const bar = document.querySelector('.caption-bar').getBoundingClientRect();
                const box = e.getBoundingClientRect();
                const tall = box.height > bar.top;
                return e !== document.body && !tall && box.bottom > bar.top + 1
                  ? e.outerHTML.slice(0, 120) : '' }"""
            )
            assert not hidden, hidden
    assert not visit.faults


def test_the_caption_bar_never_shows_a_password(visits: Visits) -> None:
    visit = visits(width=1280)
    choose(visit, "caption=on")
    visit.open("/sign-in")
    bar = visit.page.locator(".caption-bar")
    visit.page.locator("main input[name=login]").fill("13800000000")
    assert "13800000000" in bar.inner_text()
    visit.page.locator("main input[name=password]").fill("a secret of mine")
    assert "secret" not in bar.inner_text()
    shown = visit.page.locator("main label[for=password]").inner_text()
    assert bar.inner_text() == shown


def test_of_a_long_paragraph_the_caption_bar_shows_the_sentence_at_the_pointer(
    visits: Visits,
) -> None:
    visit = visits(width=1280)
    choose(visit, "caption=on")
    visit.open("/accessibility")
    paragraph = visit.page.locator("main .prose p").first
    whole = paragraph.inner_text()
    paragraph.hover(position={"x": 30, "y": 12})
    shown = visit.page.locator(".caption-bar").inner_text()
    assert shown
    assert whole.startswith(shown)


def test_with_ruler_and_caption_bar_on_axe_finds_nothing(visits: Visits) -> None:
    visit = visits(width=1280)
    choose(visit, "ruler=cross&caption=on&size=36&scheme=yellow-navy&pointer=big&spacing=wide")
    for path in ("/", "/activities", "/display"):
        visit.open(path)
        visit.page.mouse.move(400, 300)
        found = Axe().run(visit.page).response["violations"]
        assert not found, json.dumps(found, ensure_ascii=False)[:1500]


# --- the device's own wishes and paper -----------------------------------------------------------


def test_the_browser_s_own_colours_keep_buttons_and_choices_visible(visits: Visits) -> None:
    visit = visits()
    visit.page.emulate_media(forced_colors="active")
    visit.open("/display")
    for selector in (".button-look", ".button-main", ".button-quiet"):
        assert style(visit, selector, "borderTopStyle") != "none"
        assert style(visit, selector, "borderTopColor") != style(visit, "body", "backgroundColor")
    assert style(visit, ".button-look[aria-pressed=true]", "borderTopStyle") == "double"
    assert visit.page.locator(".button-look[aria-pressed=true] .icon").first.is_visible()


@pytest.mark.parametrize("scheme", ["dark", "yellow-navy", "white-black"])
def test_paper_is_black_on_white_and_without_aids_whatever_was_chosen(
    visits: Visits, scheme: str
) -> None:
    visit = visits(width=1280)
    choose(visit, f"scheme={scheme}&ruler=cross&caption=on&size=36")
    visit.open("/activities")
    visit.page.mouse.move(300, 300)
    visit.page.emulate_media(media="print")
    assert style(visit, "body", "color") == "rgb(0, 0, 0)"
    assert style(visit, "body", "backgroundColor") == "rgb(255, 255, 255)"
    assert style(visit, "html", "fontSize") == "24px"  # 18 pt
    for selector in (".ruler", ".caption-bar"):
        assert style(visit, selector, "display") == "none"
    assert float(style(visit, "body", "paddingBottom").removesuffix("px")) == 0
