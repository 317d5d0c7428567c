"""Elder mode: entered by a link, an address, a printed code; kept on every page (EL-01 to 05)."""

from __future__ import annotations

import pytest
from flask import Flask

from culture_cloud.web.modes import ALIASES, COOKIE_SECONDS, names_elder_mode
from tests.client import XHTML, Browser


def mode_of(page: object) -> str | None:
    return page.tree.get("data-mode")  # type: ignore[attr-defined,no-any-return]


def test_the_switch_stays_on_the_page_and_keeps_its_questions(client: Browser) -> None:
    page = client.get("/activities?kind=training&free=1")
    assert mode_of(page) == "standard"
    elder = client.get(page.link("长者版"))
    assert mode_of(elder) == "elder"
    assert elder.url.endswith("/activities?kind=training&free=1")
    back = client.get(elder.link("回到标准版"))
    assert mode_of(back) == "standard"
    assert back.url.endswith("/activities?kind=training&free=1")


@pytest.mark.parametrize("alias", ALIASES)
def test_short_addresses_enter_elder_mode(client: Browser, alias: str) -> None:
    page = client.get(alias)
    assert mode_of(page) == "elder"
    assert mode_of(client.get("/activities")) == "elder"


def test_a_printed_code_may_name_the_mode(client: Browser) -> None:
    page = client.get("/activities?mode=elder&when=week")
    assert mode_of(page) == "elder"
    assert page.url.endswith("/activities?when=week")


def test_the_cookie_lasts_and_holds_nothing_personal(client: Browser) -> None:
    cookie = client.flask.get("/?mode=elder").headers["Set-Cookie"]
    assert cookie.startswith("mode=elder;")
    assert f"Max-Age={COOKIE_SECONDS}" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("value", ["", "ELDER", "elder'; drop", "老", "0", "standard elder"])
def test_any_other_value_is_standard(client: Browser, value: str) -> None:
    client.get("/", query_string={"mode": value})
    assert mode_of(client.get("/")) == "standard"


def test_mode_holds_on_error_pages(client: Browser) -> None:
    client.set_cookie("mode", "elder")
    assert mode_of(client.get("/nowhere", status=404)) == "elder"
    assert mode_of(client.get("/activities/999", status=404)) == "elder"


def test_elder_front_page_has_at_most_six_tasks(client: Browser) -> None:
    client.set_cookie("mode", "elder")
    page = client.get("/")
    main = page.one("main")
    links = list(main.iter(XHTML + "a"))
    assert 4 <= len(links) <= 6


def test_language_switch_stays_on_the_page(client: Browser) -> None:
    page = client.get("/activities?when=week")
    assert page.tree.get("lang") == "zh-CN"
    english = client.get(page.link("English"))
    assert english.tree.get("lang") == "en"
    assert english.url.endswith("/activities?when=week")
    assert english.heading == "Activities"


def test_every_public_page_knows_the_mode(app: Flask, client: Browser) -> None:
    client.set_cookie("mode", "elder")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.arguments:
            continue
        page = client.get(rule.rule, status=None)
        if page.is_html and page.text:
            assert mode_of(page) == "elder", rule.rule


@pytest.mark.one_database
@pytest.mark.parametrize(
    "text",
    [
        "长者版",
        "长辈版",
        "关怀版",
        "关爱版",
        "亲情版",
        "大字版",
        "老年版",
        " 大字 模式 ",
        "打开长辈版",
        "關懷版",
    ],
)
def test_the_names_of_other_sites_mean_the_elder_version(text: str) -> None:
    assert names_elder_mode(text)


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["", "长者", "老年大学", "大字报", "版"])
def test_other_words_do_not(text: str) -> None:
    assert not names_elder_mode(text)
