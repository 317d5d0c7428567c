"""Whole stories in a real browser, without scripts, in both modes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from .conftest import Site, Visit
from .routes import pages, places

Visits = Callable[..., Visit]
MODES = pytest.mark.parametrize("mode", ["standard", "elder"])


def sign_up_path(site: Site) -> str:
    """The form of an activity that can be signed up for."""
    found = (p for p in pages(site.app, "public") if re.fullmatch(r"/activities/\d+/sign-up", p))
    return next(found)


def press(visit: Visit, words: str) -> None:
    """Press the link or button of the main part that says this."""
    main = visit.page.locator("main")
    main.locator("a, button", has_text=words).first.click()


@MODES
def test_a_resident_signs_up_and_comes_back(visits: Visits, site: Site, mode: str) -> None:
    visit = visits(mode=mode, scripts=False)
    path = sign_up_path(site)
    visit.open(path.removesuffix("/sign-up"))
    press(visit, "我要报名")
    while "核对" not in visit.page.locator("h1").inner_text():
        answer(visit)
    # the page to check: nothing is sent yet
    assert "/sign-ups/" not in visit.page.url
    visit.page.locator("main form .button-main").last.click()
    assert "/sign-ups/" in visit.page.url
    text = visit.page.locator("main").inner_text()
    code = "".join(c for c in visit.page.locator(".code").first.inner_text() if c.isdigit())
    assert len(code) == 6, text
    visit.open("/my/sign-ups")
    visit.page.locator("main input[type=tel]").fill("199 1234 5678")
    visit.page.locator("main input[inputmode=numeric], main input[name=code]").last.fill(code)
    visit.page.locator("main form button[type=submit]").last.click()
    assert "/sign-ups/" in visit.page.url
    press(visit, "来不了")
    visit.page.locator("main form button[type=submit]").last.click()
    assert "取消" in visit.page.locator("main").inner_text()
    assert visit.faults == []


def answer(visit: Visit) -> None:
    """Fill in whatever this page of the form asks and go on."""
    main = visit.page.locator("main")
    groups = {r.get_attribute("name") for r in main.locator("input[type=radio]").all()}
    for name in groups:
        chosen = main.locator(f"input[type=radio][name={name}]")
        if not main.locator(f"input[type=radio][name={name}]:checked").count():
            chosen.first.check(force=True)
    for name, value in (("name", "王秀兰"), ("phone", "１９９-1234 5678")):
        field = main.locator(f"input[name={name}]:not([type=hidden])")
        if field.count():
            field.first.fill(value)
    main.locator("form .button-main").last.click()


@MODES
def test_a_wrong_number_keeps_what_was_typed(visits: Visits, site: Site, mode: str) -> None:
    visit = visits(mode=mode, scripts=False)
    path = sign_up_path(site)
    visit.open(path)
    main = visit.page.locator("main")
    name = main.locator("input[name=name]:not([type=hidden])")
    for _ in range(5):
        phone = main.locator("input[name=phone]:not([type=hidden])")
        if phone.count():
            phone.fill("12")
            if name.count():
                name.fill("李大妈")
            main.locator("form .button-main").last.click()
            break
        answer(visit)
    assert visit.page.title().startswith("错误")
    assert main.locator("[role=alert]").count() == 1
    assert main.locator("input[name=phone]").input_value() == "12"


@MODES
def test_the_most_used_pages_are_whole_without_scripts(
    visits: Visits, site: Site, mode: str
) -> None:
    visit = visits(mode=mode, scripts=False)
    for path in [place.path for place in places(site.app, "public") if place.is_key]:
        status = visit.open(path)
        assert status < 500, path
        assert visit.page.locator("h1").count() == 1, path
        assert visit.page.locator("html").get_attribute("data-mode") == mode, path
    assert visit.faults == []


def test_back_keeps_the_answers(visits: Visits, site: Site) -> None:
    visit = visits(mode="standard", scripts=False)
    path = sign_up_path(site)
    visit.open(path)
    answer(visit)
    press(visit, "修改")
    assert visit.page.locator("main input[name=name]").input_value() == "王秀兰"
