"""Cookies that were tampered with, and floods of text: a page, never a fault."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Browser

NONSENSE = (
    "",
    "x" * 4000,
    "长者版",
    "elder; path=/",
    "\"'><script>",
    "zh_Hant\x00",
    "%00%ff",
    "1e309",
)
SWITCHES = ("/?mode=", "/?mode=x", "/?lang=%00", "/?lang=../../etc", "/?mode=elder&mode=x")


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("name", ["mode", "lang", "display", "session", "sign_in"])
def test_a_cookie_with_any_value_gives_the_usual_page(
    client: Browser, session: Session, name: str, value: str
) -> None:
    factories.make_network(session)
    session.commit()
    client.set_cookie(name, value)
    page = client.get("/activities")
    assert page.one("html").get("data-mode") == "standard"


@pytest.mark.parametrize("address", SWITCHES)
def test_a_switch_with_any_value_leads_back_to_the_page(
    client: Browser, session: Session, address: str
) -> None:
    factories.make_network(session)
    session.commit()
    assert client.get(address).url.startswith("http://localhost/")


@pytest.mark.parametrize("address", ["/activities?q=", "/nodes?q=", "/search?q="])
def test_ten_thousand_characters_are_answered(
    client: Browser, session: Session, address: str
) -> None:
    factories.make_network(session)
    session.commit()
    assert client.get(address + "很长" * 5000, status=None).status < 500


def test_pages_differ_by_cookie_and_say_so(client: Browser, session: Session) -> None:
    factories.make_network(session)
    account = factories.make_account(session)
    session.commit()
    page = client.get("/")
    varies = {value.strip() for value in page.response.headers["Vary"].split(",")}
    assert varies >= {"Cookie", "Accept-Encoding"}
    assert "private" in page.response.headers["Cache-Control"]
    style = page.all("link", rel="stylesheet")[0].get("href") or ""
    assert client.flask.get(style).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    from tests.signing_in import sign_in

    sign_in(client, account)
    assert client.get("/account").response.headers["Cache-Control"].startswith("private")
