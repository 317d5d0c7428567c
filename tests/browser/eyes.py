"""Looking at a page with everything a machine can measure, quickly enough for hundreds of pages.

One window for each role and mode is kept and reused; axe is put into a page once and asked only
for what is wrong; all measures of a width come back from one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response

from tests.browser.places import Place

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
METRICS = (Path(__file__).parent / "metrics.js").read_text()
LIMITS = {
    "standard": {"font": 14, "line": 1.5, "target": 44, "main": 44, "gap": 8, "elder": False},
    "elder": {"font": 20, "line": 1.75, "target": 48, "main": 60, "gap": 8, "elder": True},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

MEASURE = (Path(__file__).parent / "measure.js").read_text().replace("__METRICS__", METRICS)
REFLOW = (Path(__file__).parent / "reflow.js").read_text()


@dataclass(frozen=True)
class Fault:
    """Something wrong with a page: which rule, and what was seen."""

    rule: str
    text: str


@dataclass
class Window:
    """A visitor's window that is used again and again; notes what pages must not do."""

    context: BrowserContext
    page: Page
    base: str
    faults: list[Fault] = field(default_factory=list)
    last: str = ""

    def note_request(self, url: str) -> None:
        if not url.startswith((self.base, "blob:", "data:")):
            self.faults.append(Fault("outside request", url))

    def note_console(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.faults.append(Fault("console", text))


class Eyes:
    """Windows for every role and mode, and what is wrong with the pages opened in them."""

    def __init__(
        self, browser: Browser, base: str, accounts: dict[str, tuple[str, str]], **options: Any
    ) -> None:
        self.browser = browser
        self.base = base
        self.accounts = accounts
        self.options = options
        self.windows: dict[tuple[str, str], Window] = {}

    def window(self, role: str, mode: str) -> Window:
        if (role, mode) not in self.windows:
            self.windows[role, mode] = self._open_window(role, mode)
        return self.windows[role, mode]

    def _open_window(self, role: str, mode: str) -> Window:
        context = self.browser.new_context(
            viewport={"width": 360, "height": 740},
            locale="zh-CN",
            reduced_motion="reduce",  # colours are measured when they have settled
            **self.options,
        )
        page = context.new_page()
        window = Window(context, page, self.base)
        if role != "visitor":
            name, password = self.accounts[role]
            page.goto(f"{self.base}/sign-in")
            page.locator("main input[name=login]").fill(name)
            page.locator("main input[name=password]").fill(password)
            page.locator("main form:has(input[name=password]) button[type=submit]").click()
            page.wait_for_load_state()
        # what the account likes is not asked here
        context.add_cookies([{"name": "mode", "value": mode, "url": self.base}])
        page.on("request", lambda request: window.note_request(request.url))
        page.on("console", lambda message: window.note_console(message.type, message.text))
        page.on("pageerror", lambda error: window.faults.append(Fault("script", str(error))))
        return window

    def close(self) -> None:
        for window in self.windows.values():
            window.context.close()

    def open(self, place: Place, mode: str, width: int) -> Page | None:
        """The place in the window of its role; None where it is a file to keep, not a page.

        The manager's window is tried first for the desk; what it may not open, the
        administrator's shows.
        """
        window = self.window(place.role, mode)
        window.faults.clear()
        window.last = ""
        self._speak(window.context, place.language)
        window.page.set_viewport_size({"width": width, "height": 740 if width < 1000 else 800})
        response = _goto(window.page, self.base + place.path)
        if response is None:
            return None
        if response.status == 403 and place.role == "manager":
            return self.open(replace(place, role="administrator"), mode, width)
        if response.status >= 500:
            window.faults.append(Fault("status", str(response.status)))
        # not by the header: an answer "not modified" has none
        if window.page.evaluate("document.contentType") != "text/html":
            return None
        window.last = place.path
        if place.act is not None:
            place.act(window.page)
            window.page.wait_for_load_state()
        return window.page

    def _speak(self, context: BrowserContext, language: str) -> None:
        context.clear_cookies(name="lang")
        if language:
            context.add_cookies([{"name": "lang", "value": language, "url": self.base}])

    def look(self, place: Place, mode: str, width: int) -> Iterator[Fault]:
        """Everything that is wrong with the place in this mode at this width."""
        page = self.open(place, mode, width)
        if page is None:
            return
        if page.locator("html").get_attribute("data-mode") != mode:
            yield Fault("mode", "the mode was lost")
        yield from measured(page, mode)
        if width < 1000:
            yield from reflow(page)
        yield from self.noted(page)

    def page(self, place: Place, mode: str) -> Page | None:
        """The page that was last opened for this place, as it stands."""
        for role in (place.role, "administrator"):
            window = self.windows.get((role, mode))
            if window is not None and window.last == place.path:
                return window.page
        return None

    def noted(self, page: Page) -> Iterator[Fault]:
        """What the page did that it must not do: other hosts, errors."""
        for window in self.windows.values():
            if window.page is page:
                yield from window.faults


def _goto(page: Page, url: str) -> Response | None:
    try:
        return page.goto(url)
    except Error as error:
        if "Download is starting" in str(error):
            return None
        raise


def with_axe(page: Page) -> None:
    """Put axe into the page, once."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)


def measured(page: Page, mode: str) -> Iterator[Fault]:
    """axe and the project's own measures; elder mode must also meet enhanced contrast (EL-08)."""
    with_axe(page)
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
    }
    if mode == "elder":
        options["rules"] = {"color-contrast-enhanced": {"enabled": True}}
    for rule, text in page.evaluate(MEASURE, [LIMITS[mode], options]):
        yield Fault(rule, text)


def contrast(page: Page, mode: str) -> Iterator[Fault]:
    """Contrast alone: 4.5 to 1, in elder mode 7 to 1 (ST-06, EL-08)."""
    with_axe(page)
    rules = ["color-contrast"] + (["color-contrast-enhanced"] if mode == "elder" else [])
    options = {"runOnly": {"type": "rule", "values": rules}, "resultTypes": ["violations"]}
    for rule, text in page.evaluate(MEASURE, [None, options]):
        yield Fault(rule, text)


def choose_scheme(page: Page, scheme: str) -> None:
    """The page in other colours, as its reader's cookie would have it (EL-09)."""
    page.evaluate("scheme => document.documentElement.setAttribute('data-scheme', scheme)", scheme)


def reflow(page: Page) -> Iterator[Fault]:
    """Sideways scroll at 320 px, with wide spacing, with text at 250 % and at the biggest size."""
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 740})
    for text in page.evaluate(REFLOW):
        yield Fault("reflow", text)
    if size is not None:
        page.set_viewport_size(size)


def told(place: Place, mode: str, width: int, faults: Iterable[Fault]) -> list[str]:
    """One line for each fault, for the message of a failing test."""
    language = f"{place.language}, " if place.language else ""
    return [f"{place.path} ({language}{mode}, {width} px): {f.rule}: {f.text}" for f in faults]
