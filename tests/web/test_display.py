"""Display settings: read without ever failing, one press each, kept in the account (EL-22)."""

from __future__ import annotations

import itertools
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account
from culture_cloud.web.display import CHOICES, COOKIE, DEFAULT, Display, normal, parse
from culture_cloud.web.modes import COOKIE_SECONDS
from tests import factories
from tests.client import XHTML, Browser, Page, words
from tests.signing_in import sign_in

EVERY_CHOICE = [(name, value) for name, values in CHOICES.items() for value in values]


# --- the value -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (None, DEFAULT),
        ("", DEFAULT),
        ("size=24", Display(size="24")),
        ("size=24&scheme=yellow-navy", Display(size="24", scheme="yellow-navy")),
        ("scheme=yellow-navy&size=24", Display(size="24", scheme="yellow-navy")),
        ("size=24&size=30", Display(size="30")),
        ("size=24&size=", DEFAULT),
        ("size=23", DEFAULT),
        ("size=２４", DEFAULT),
        ("size=24 ", DEFAULT),
        ("SIZE=24", DEFAULT),
        ("size", DEFAULT),
        ("=24", DEFAULT),
        ("mode=elder", DEFAULT),
        ("scheme=red&size=36", Display(size="36")),
        ('scheme=dark" onload="x', DEFAULT),
        ("scheme=<script>", DEFAULT),
        ("__class__=x&chosen=y&text=z", DEFAULT),
        ("&&&size=36&&", Display(size="36")),
        ("\x00size=36", DEFAULT),
        ("size=36&" + "x" * 300, DEFAULT),
        ("voice=0.75&motion=none", Display(voice="0.75", motion="none")),
        ("voice=1e9", DEFAULT),
        ("voice=nan", DEFAULT),
    ],
)
def test_reads_what_it_knows_and_passes_over_the_rest(text: str | None, meant: Display) -> None:
    assert parse(text) == meant


def test_every_combination_is_read_as_it_was_written() -> None:
    some = [("", *values[:2]) for values in CHOICES.values()]
    for values in itertools.product(*some):
        settings = Display(*values)
        assert parse(settings.text) == settings
        assert len(settings.text) <= 200


def test_the_same_settings_have_one_text_only() -> None:
    texts = ["scheme=dark&size=24", "size=24&scheme=dark", "size=24&scheme=dark&size=24&x=1"]
    assert {normal(text) for text in texts} == {"size=24&scheme=dark"}


def test_the_speed_of_the_voice_is_a_number() -> None:
    assert [Display(voice=v).voice_speed for v in ("0.75", "", "1.25")] == [0.75, 1.0, 1.25]


# --- pages ---------------------------------------------------------------------------------------


def attributes(page: Page) -> dict[str, str]:
    """The settings that the page's root carries."""
    root = {k.removeprefix("data-"): v for k, v in page.tree.attrib.items() if "data-" in k}
    return {name: value for name, value in root.items() if name in CHOICES}


def press(client: Browser, name: str, value: str, *, page: Page | None = None) -> Page:
    """Press one button of the page of settings."""
    return client.submit(page or client.get("/display"), form="stay", button=(name, value))


def pressed(page: Page) -> set[tuple[str, str]]:
    return {
        (b.get("name", ""), b.get("value", "")) for b in page.all("button", aria_pressed="true")
    }


# the search box with its names stands on every page
EVERYWHERE = ["site.js", "suggest.js"]


def scripts(page: Page) -> list[str]:
    return [script.get("src", "").rsplit("/", 1)[1] for script in page.all("script")]


def test_nothing_is_on_by_default(client: Browser) -> None:
    page = client.get("/activities")
    assert attributes(page) == {}
    assert scripts(page) == EVERYWHERE
    assert COOKIE not in page.response.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(("name", "value"), EVERY_CHOICE)
def test_one_press_sets_it_on_every_page_without_scripts(
    any_mode: Browser, name: str, value: str
) -> None:
    page = press(any_mode, name, value)
    assert attributes(page) == {name: value}
    assert (name, value) in pressed(page)
    for path in ("/", "/activities", "/sign-in", "/help"):
        assert attributes(any_mode.get(path)) == {name: value}
    assert attributes(any_mode.get("/nowhere", status=404)) == {name: value}


def test_settings_add_up_and_each_can_be_taken_back(client: Browser) -> None:
    press(client, "size", "30")
    press(client, "scheme", "yellow-black")
    page = press(client, "spacing", "wide")
    assert attributes(page) == {"size": "30", "scheme": "yellow-black", "spacing": "wide"}
    page = press(client, "scheme", "")
    assert attributes(page) == {"size": "30", "spacing": "wide"}
    press(client, "size", "")
    assert attributes(press(client, "spacing", "")) == {}
    assert client.flask.get_cookie(COOKIE) is None


def test_says_where_it_was_pressed_that_it_is_saved(any_mode: Browser) -> None:
    page = press(any_mode, "scheme", "dark")
    assert "saved=scheme" in page.url
    [group] = [e for e in page.all("div", role="group") if e.get("id") == "set-scheme"]
    assert any(e.get("role") == "status" for e in group.iter(XHTML + "div"))
    assert len(page.all("div", role="status")) == 1


def test_the_answer_leads_to_the_group_that_was_pressed(client: Browser) -> None:
    form = client.get("/display").form("stay")
    answer = client.flask.post(form.action, data={**form.values, "ruler": "row"})
    assert answer.status_code == 303
    assert urlsplit(answer.location).fragment == "set-ruler"


def test_every_choice_has_one_button_and_each_group_one_that_is_chosen(any_mode: Browser) -> None:
    page = any_mode.get("/display")
    offered = {(b.get("name"), b.get("value")) for b in page.all("button") if b.get("name")}
    assert set(EVERY_CHOICE) <= offered
    assert {(name, "") for name in CHOICES} <= offered
    groups = page.all("div", role="group")
    assert len(pressed(page)) == len(groups) == len(CHOICES) + 2


def test_version_and_language_are_chosen_here_too(client: Browser) -> None:
    page = press(client, "mode", "elder")
    assert page.tree.get("data-mode") == "elder"
    page = press(client, "lang", "en")
    assert page.tree.get("lang") == "en"
    assert page.heading == "Display settings"
    assert press(client, "mode", "standard").tree.get("data-mode") == "standard"


def test_reset_takes_all_settings_back_but_not_the_version(client: Browser) -> None:
    client.set_cookie("lang", "en")
    press(client, "mode", "elder")
    press(client, "size", "36")
    page = press(client, "caption", "on")
    page = client.submit(page, form="/display/reset")
    assert attributes(page) == {}
    assert page.tree.get("data-mode") == "elder"
    assert "Everything is as it was at first." in page.main
    assert client.flask.get_cookie(COOKIE) is None


@pytest.mark.parametrize(
    "sent",
    [
        {"size": "1000"},
        {"scheme": "javascript:alert(1)"},
        {"mode": "huge"},
        {"lang": "tlh"},
        {"size": "x", "nothing": "1"},
        {},
    ],
)
def test_an_unknown_choice_changes_nothing_and_is_no_error(
    client: Browser, sent: dict[str, str]
) -> None:
    form = client.get("/display").form("stay")
    page = client.post("/display", {**form.values, **sent})
    assert attributes(page) == {}
    assert page.tree.get("data-mode") == "standard"
    assert page.tree.get("lang") == "zh-CN"


@pytest.mark.parametrize(
    "value", ["size=1000", "\\", '"', "x" * 3000, "size=24%00", "%", "scheme=dark;", "老"]
)
def test_a_tampered_cookie_is_passed_over(client: Browser, value: str) -> None:
    raw = value.encode().decode("latin-1")
    answer = client.flask.get("/activities", headers={"Cookie": f"display={raw}"})
    assert answer.status_code == 200
    assert "data-size" not in answer.text


def test_goes_back_to_the_page_one_came_from(client: Browser) -> None:
    page = client.get("/display", headers={"Referer": "http://localhost/activities?when=week"})
    hrefs = [a.get("href") for a in page.one("main").iter(XHTML + "a")]
    assert hrefs == ["/activities?when=week"] * 2
    page = press(client, "size", "24", page=page)
    assert [a.get("href") for a in page.one("main").iter(XHTML + "a")] == hrefs


@pytest.mark.parametrize(
    "referrer",
    ["https://example.org/evil", "http://localhost/display?saved=size", "http://localhost.evil/x"],
)
def test_any_other_origin_leads_to_the_front_page(client: Browser, referrer: str) -> None:
    page = client.get("/display", headers={"Referer": referrer})
    assert {a.get("href") for a in page.one("main").iter(XHTML + "a")} == {"/"}


def test_a_form_elsewhere_goes_where_it_says(client: Browser) -> None:
    token = client.get("/display").form("stay").values["csrf_token"]
    sent = {"csrf_token": token, "size": "24", "next": "/activities?when=week"}
    answer = client.flask.post("/display", data=sent)
    assert answer.location == "/activities?when=week"


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "/\\example.org"])
def test_never_leads_to_another_site(client: Browser, target: str) -> None:
    token = client.get("/display").form("stay").values["csrf_token"]
    for more in ({}, {"stay": "1"}):
        sent = {"csrf_token": token, "size": "24", "next": target, **more}
        answer = client.flask.post("/display", data=sent)
        assert urlsplit(answer.location).path == "/display"
        assert "example.org" not in answer.location
    page = client.get("/display", query_string={"next": target})
    assert page.form("stay").values["next"] == "/"
    assert {a.get("href") for a in page.one("main").iter(XHTML + "a")} == {"/"}


def test_the_cookie_lasts_and_scripts_cannot_read_it(client: Browser) -> None:
    form = client.get("/display").form("stay")
    answer = client.flask.post("/display", data={**form.values, "size": "24"})
    [cookie] = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("display=")]
    assert cookie.startswith("display=size=24;")
    for part in (f"Max-Age={COOKIE_SECONDS}", "SameSite=Lax", "HttpOnly", "Path=/"):
        assert part in cookie


def test_scripts_are_only_there_where_a_setting_needs_them(client: Browser) -> None:
    assert scripts(press(client, "scheme", "dark")) == EVERYWHERE
    assert scripts(press(client, "ruler", "cross")) == [*EVERYWHERE, "ruler.js"]
    assert scripts(press(client, "caption", "on")) == [*EVERYWHERE, "ruler.js", "caption.js"]


def test_every_page_leads_to_the_settings(any_mode: Browser) -> None:
    for path in ("/", "/activities", "/help"):
        page = any_mode.get(path)
        assert "/display" in {a.get("href") for a in page.one("footer").iter(XHTML + "a")}
        navigation = next(nav for nav in page.all("nav") if nav.get("id") == "nav")
        in_navigation = "/display" in {a.get("href") for a in navigation.iter(XHTML + "a")}
        assert in_navigation == (page.tree.get("data-mode") == "elder")


def test_the_form_needs_its_token(client: Browser) -> None:
    client.post("/display", {"size": "24"}, status=400)
    assert attributes(client.get("/")) == {}


# --- the page cache ------------------------------------------------------------------------------


def kept_pages(app: Flask) -> int:
    return len(app.wsgi_app.pages)  # type: ignore[attr-defined]


def test_pages_of_different_settings_do_not_mix(client: Browser) -> None:
    plain = client.get("/activities")
    client.set_cookie(COOKIE, "size=24")
    assert attributes(client.get("/activities")) == {"size": "24"}
    client.set_cookie(COOKIE, "size=30")
    assert attributes(client.get("/activities")) == {"size": "30"}
    client.set_cookie(COOKIE, "")
    assert client.get("/activities").text == plain.text


def test_invented_cookies_do_not_fill_the_cache(app: Flask, client: Browser) -> None:
    client.get("/activities")
    before = kept_pages(app)
    for n in range(50):
        for name in ("display", "mode", "lang"):
            client.flask.get("/activities", headers={"Cookie": f"{name}=invented{n}"})
        cookie = f"display=x{n}=1&size={n + 100}"
        client.flask.get("/activities", headers={"Cookie": cookie})
    assert kept_pages(app) == before


def test_of_a_cookie_sent_twice_page_and_cache_take_the_same(client: Browser) -> None:
    for cookie in ("display=size=24; display=size=36", "mode=elder; mode=standard"):
        client.flask.get("/activities", headers={"Cookie": cookie})
    for plain, attribute in (("display=size=36", b'data-size="24"'), ("mode=standard", b'elder"')):
        answer = client.flask.get("/activities", headers={"Cookie": plain})
        assert attribute not in answer.data.partition(b">")[2].partition(b">")[0]


# --- accounts ------------------------------------------------------------------------------------


@pytest.fixture
def account(session: Session) -> Account:
    factories.make_network(session)
    made = factories.make_account(session, phone="13800000000")
    session.commit()
    return made


def read_again(session: Session, account: Account) -> None:
    """The account as it is now; the session then lets others write."""
    session.refresh(account)
    session.commit()


def test_the_account_s_settings_win_at_sign_in_and_follow_to_other_devices(
    app: Flask, client: Browser, session: Session, account: Account
) -> None:
    sign_in(client, account)
    press(client, "size", "30")
    press(client, "scheme", "white-black")
    read_again(session, account)
    assert account.display == "size=30&scheme=white-black"
    elsewhere = Browser(app)
    press(elsewhere, "size", "18")
    press(elsewhere, "caption", "on")
    sign_in(elsewhere, account)
    assert attributes(elsewhere.get("/")) == {"size": "30", "scheme": "white-black"}


def test_the_account_remembers_a_reset_too(
    app: Flask, client: Browser, session: Session, account: Account
) -> None:
    sign_in(client, account)
    page = press(client, "size", "30")
    client.submit(page, form="/display/reset")
    read_again(session, account)
    assert account.display == ""
    elsewhere = Browser(app)
    press(elsewhere, "size", "18")
    sign_in(elsewhere, account)
    assert attributes(elsewhere.get("/")) == {}


def test_an_account_without_settings_leaves_the_device_s_alone(
    client: Browser, session: Session, account: Account
) -> None:
    press(client, "size", "24")
    sign_in(client, account)
    assert attributes(client.get("/")) == {"size": "24"}
    read_again(session, account)
    assert account.display is None


def test_version_and_language_chosen_here_are_the_account_s_too(
    client: Browser, session: Session, account: Account
) -> None:
    sign_in(client, account)
    press(client, "mode", "elder")
    read_again(session, account)
    assert (account.mode, account.locale) == ("elder", None)
    press(client, "lang", "en")
    read_again(session, account)
    assert (account.mode, account.locale) == ("elder", "en")


def test_a_text_in_the_account_that_nobody_knows_any_more_is_passed_over(
    client: Browser, session: Session, account: Account
) -> None:
    account.display = "size=24&scheme=sepia"
    session.commit()
    sign_in(client, account)
    assert attributes(client.get("/")) == {"size": "24"}


def test_the_own_display_page_leads_to_all_settings(client: Browser, account: Account) -> None:
    sign_in(client, account)
    page = client.get("/account/display")
    assert "/display" in {a.get("href") for a in page.one("main").iter(XHTML + "a")}


def test_the_sample_and_the_keys_are_on_the_page(client: Browser) -> None:
    client.set_cookie("lang", "en")
    page = client.get("/display")
    assert "This is how text looks now" in page.main
    assert "The site has no keys of its own." in page.main
    assert {"Tab", "Enter", "Esc"} <= {words(e) for e in page.all("dt")}
    assert parse_qs(urlsplit(page.url).query) == {}
