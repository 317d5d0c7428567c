"""Every page, for everyone who may open it, in every way it can look (`make a11y`).

Roles: visitor, resident, clerk, manager. Modes: standard, elder. Schemes: all of EL-09 and dark.
States: the demo's own, those that features name, none found, empty site, wrong forms, texts of
10,000 characters, the biggest size, the spacing of WCAG 1.4.12, text at 250 %, zoom at 400 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from culture_cloud.web.display import CHOICES
from tests.browser.conftest import Site
from tests.browser.eyes import Eyes, Fault, choose_scheme, contrast, measured, reflow
from tests.browser.places import MODES, Place
from tests.browser.routes import all_places, places

from .conftest import Record

PARTS = 6
MODE = pytest.mark.parametrize("mode", MODES)
PART = pytest.mark.parametrize("part", range(PARTS))


@MODE
@PART
def test_every_page_in_every_way(
    site: Site, eyes: Eyes, record: Record, mode: str, part: int
) -> None:
    for place in all_places(site.app)[part::PARTS]:
        _look_in_every_way(eyes, record, place, mode)
    record.check()


def _look_in_every_way(eyes: Eyes, record: Record, place: Place, mode: str) -> None:
    """Opened once on the phone; then its colours, its biggest size, and the desk's width."""
    record.note("pages", place, mode, "360 px, reflow", eyes.look(place, mode, 360))
    page = eyes.page(place, mode)
    if page is None:
        return
    for scheme in CHOICES["scheme"]:
        choose_scheme(page, scheme)
        record.note("pages", place, mode, f"scheme {scheme}", contrast(page, mode))
    page.evaluate("document.documentElement.removeAttribute('data-scheme')")
    page.evaluate("document.documentElement.setAttribute('data-size', '36')")
    record.note("pages", place, mode, "size 36", measured(page, mode))
    page.evaluate("document.documentElement.removeAttribute('data-size')")
    page.set_viewport_size({"width": 1280, "height": 800})
    record.note("pages", place, mode, "1280 px", measured(page, mode))


@MODE
@pytest.mark.parametrize("role", ["resident", "clerk", "manager"])
def test_the_pages_as_each_role_sees_them(
    site: Site, eyes: Eyes, record: Record, mode: str, role: str
) -> None:
    """The same page differs with who opens it: names filled in, links to the desk, refusals."""
    policies = ("public", "signed_in", "staff") if role != "resident" else ("public", "signed_in")
    for policy in policies:
        for place in places(site.app, policy):
            if place.role != role:
                seen = replace(place, role=role)
                record.note("roles", seen, mode, "360 px, reflow", eyes.look(seen, mode, 360))
    record.check()


@MODE
@pytest.mark.parametrize("language", ["en", "zh_Hant"])
def test_every_public_page_in_the_other_languages(
    site: Site, eyes: Eyes, record: Record, mode: str, language: str
) -> None:
    for place in places(site.app, "public"):
        seen = replace(place, language=language)
        view = f"360 px, reflow, {language}"
        record.note("languages", seen, mode, view, eyes.look(seen, mode, 360))
    record.check()


@MODE
def test_the_longest_texts(long_site: Site, long_eyes: Eyes, record: Record, mode: str) -> None:
    for place in all_places(long_site.app):
        record.note("long text", place, mode, "360 px, reflow", long_eyes.look(place, mode, 360))
    record.check()


@MODE
def test_a_site_on_its_first_day(
    empty_site: Site, empty_eyes: Eyes, record: Record, mode: str
) -> None:
    for place in whole_addresses(empty_site):
        record.note("empty", place, mode, "360 px, reflow", empty_eyes.look(place, mode, 360))
    record.check()


def whole_addresses(site: Site) -> Iterator[Place]:
    """The public pages whose address has no part to fill in: there is nothing to fill in with."""
    from culture_cloud.web.policies import policy_of
    from tests.browser.routes import page_rules

    for rule in page_rules(site.app):
        policy = policy_of(site.app.view_functions[rule.endpoint])
        if not rule.arguments and policy is not None and policy.name == "public":
            yield Place(rule.rule, rule.rule)


@MODE
def test_every_form_with_wrong_answers(
    spoilt_site: Site, spoilt_eyes: Eyes, record: Record, mode: str
) -> None:
    """Each form is sent with nothing in it, and with 10,000 characters in every field."""
    for place in all_places(spoilt_site.app):
        for name, words in (("nothing filled in", ""), ("10,000 characters", "很长" * 5000)):
            wrong = replace(place, name=f"{place.name}: {name}", act=_Answer(words))
            page = spoilt_eyes.open(place, mode, 360)
            if page is not None and has_questions(page):
                record.note("wrong answers", wrong, mode, "360 px, reflow",
                            spoilt_eyes.look(wrong, mode, 360))  # fmt: skip
    record.check()


TEXTS = ":is(input[type=text], input[type=tel], textarea):not([readonly], [disabled]):visible"
QUESTIONS = f"main form[method=post] {TEXTS}"


def has_questions(page: Page) -> bool:
    return page.locator(QUESTIONS).count() > 0


class _Answer:
    """Fills every text of the form in with the same words and sends it."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, page: Page) -> None:
        form = page.locator(QUESTIONS).last.locator("xpath=ancestor::form")
        # each as it stood before: an answer may show or hide the questions after it
        for question in form.locator(TEXTS).element_handles():
            if question.is_visible():
                question.fill(self.words)
        form.locator("button:is([type=submit], :not([type])):visible").first.click()


@MODE
def test_every_public_page_is_whole_without_scripts(
    site: Site, chromium: object, record: Record, mode: str
) -> None:
    from playwright.sync_api import Browser

    assert isinstance(chromium, Browser)
    blind = Eyes(chromium, site.base, {}, java_script_enabled=False)
    for place in all_places(site.app):
        if place.role == "visitor" and place.act is None:
            page = blind.open(place, mode, 360)
            if page is not None:
                faults = [*_is_whole(page, mode), *blind.noted(page)]
                record.note("without scripts", place, mode, "360 px", faults)
    blind.close()
    record.check()


def _is_whole(page: Page, mode: str) -> Iterator[Fault]:
    if page.locator("h1").count() != 1:
        yield Fault("without scripts", "no heading")
    if page.locator("html").get_attribute("data-mode") != mode:
        yield Fault("mode", "the mode was lost")
    if page.locator("main").inner_text().strip() == "":
        yield Fault("without scripts", "nothing in the main part")


@MODE
def test_the_most_used_pages_on_paper_and_in_the_readers_own_colours(
    site: Site, eyes: Eyes, record: Record, mode: str
) -> None:
    """Print is black on white and not wider than the paper; forced colours keep every button."""
    for place in [place for place in all_places(site.app) if place.is_key]:
        page = eyes.open(place, mode, 1280)
        if page is None:
            continue
        page.emulate_media(media="print")
        record.note("print", place, mode, "A5", _on_paper(page))
        page.emulate_media(media="screen", forced_colors="active")
        record.note("forced colours", place, mode, "1280 px", _with_own_colours(page))
        page.emulate_media(media="screen", forced_colors="none", reduced_motion="reduce")
    record.check()


def _on_paper(page: Page) -> Iterator[Fault]:
    page.set_viewport_size({"width": 560, "height": 794})  # A5 at 96 dpi
    if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
        yield Fault("print", "wider than the paper")
    colour = page.evaluate("getComputedStyle(document.body).color")
    if colour != "rgb(0, 0, 0)":
        yield Fault("print", f"text is {colour}")


def _with_own_colours(page: Page) -> Iterator[Fault]:
    bare = page.evaluate(
        """() => [...document.querySelectorAll(
          ".button, .field, [aria-current], [aria-pressed=true]")]
        .filter((e) => e.offsetWidth && getComputedStyle(e).borderTopStyle === "none"
          && getComputedStyle(e).borderBottomStyle === "none"
          && getComputedStyle(e).textDecorationLine === "none"
          && !e.querySelector("svg, .icon") && getComputedStyle(e).fontWeight < 600)
        .map((e) => e.outerHTML.slice(0, 120))"""
    )
    for what in bare:
        yield Fault("forced colours", f"cannot be told from text: {what}")


def test_reflow_is_measured_at_all(eyes: Eyes, site: Site) -> None:
    """A page that is too wide is found: the measure can fail."""
    page = eyes.open(Place("home", "/"), "standard", 360)
    assert page is not None
    page.evaluate("document.querySelector('main').style.width = '500px'")
    assert list(reflow(page))
