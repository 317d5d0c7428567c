"""Elder mode has every form and every task of the standard mode (EL-25)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.browser.conftest import Site
from tests.browser.eyes import Eyes, Fault
from tests.browser.places import MODES, Place
from tests.browser.routes import all_places

from .conftest import Record

TASKS = """() => ({
  forms: [...document.querySelectorAll("main form")].map((f) => f.method + " " + f.action),
  links: [...document.querySelectorAll("a[href]")].map((a) => a.href),
})"""


@pytest.mark.parametrize("role", ["visitor", "resident", "manager"])
def test_elder_mode_leaves_nothing_out(site: Site, eyes: Eyes, record: Record, role: str) -> None:
    """Same forms on each page; whatever kind of page one mode leads to, the other does too."""
    here = [p for p in all_places(site.app) if p.role == role and p.act is None and not p.language]
    led_to: dict[str, set[str]] = {mode: set() for mode in MODES}
    for place in here:
        forms: dict[str, set[str]] = {}
        for mode in MODES:
            page = eyes.open(place, mode, 360)
            if page is None:
                break
            found = page.evaluate(TASKS)
            forms[mode] = {kind(site, form.split(" ", 1)[1]) for form in found["forms"]}
            led_to[mode] |= {kind(site, link) for link in found["links"]}
        if len(forms) == 2:
            missing = forms["standard"] - forms["elder"]
            faults = [Fault("parity", f"no form for {form}") for form in sorted(missing)]
            record.note("parity", place, "elder", "forms", faults)
    missing = led_to["standard"] - led_to["elder"]
    whole = Place(f"all pages as {role}", "/", role)
    faults = [Fault("parity", f"nothing leads to {task}") for task in sorted(missing)]
    record.note("parity", whole, "elder", "tasks", faults)
    record.check()


def kind(site: Site, address: str) -> str:
    """The endpoint that an address leads to; other hosts and tel: as they are."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"}:
        return f"{parts.scheme}:"
    adapter = site.app.url_map.bind("127.0.0.1")
    for method in ("GET", "POST"):
        try:
            endpoint: str = adapter.match(parts.path, method=method)[0]
        except RequestRedirect as redirect:
            return redirect.new_url
        except HTTPException:
            continue
        return endpoint
    return parts.path


def test_parity_is_measured_at_all(site: Site, eyes: Eyes) -> None:
    page: Page | None = eyes.open(Place("list", "/activities"), "standard", 360)
    assert page is not None
    assert page.evaluate(TASKS)["links"]
    assert kind(site, f"{site.base}/activities/1") == "activities.page"
