"""Every answer carries the security headers; cookies and redirects keep to this host."""

from __future__ import annotations

import pytest
from flask import Flask

from culture_cloud import create_app
from culture_cloud.config import Config
from culture_cloud.web.security import HEADERS
from tests.client import Browser

PATHS = ["/", "/activities", "/nowhere", "/activities/99999", "/healthz", "/api/v1/nodes", "/desk"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(client: Browser, path: str) -> None:
    response = client.flask.get(path)
    missing = set(HEADERS) - set(response.headers.keys())
    assert not missing
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "Cookie" in response.headers["Vary"]
    assert response.headers["X-Request-ID"]


def test_a_fault_page_carries_them_too(app: Flask) -> None:
    @app.get("/fault")
    def fault() -> str:
        raise RuntimeError("planted")

    fault.__policy__ = type("P", (), {"name": "public", "permission": None})()  # type: ignore[attr-defined]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    page = Browser(app).get("/fault", status=500)
    assert set(HEADERS) <= set(page.response.headers.keys())
    assert page.response.headers["X-Request-ID"] in page.text


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example"]
)
def test_foreign_hosts_are_refused(client: Browser, host: str) -> None:
    response = client.flask.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.text


def test_cookies_are_tied_to_the_host_over_https(config: Config) -> None:
    from dataclasses import replace

    app = create_app(replace(config, https=True))
    config.data_folder.mkdir(exist_ok=True)
    response = app.test_client().get("/sign-in", base_url="https://localhost")
    cookies = response.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "SameSite=Lax" in cookie
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
    app.extensions["database"].dispose()


def test_an_oversized_request_is_answered_in_words(client: Browser) -> None:
    page = client.get("/sign-in")
    values = page.form().values | {"name": "x" * 13_000_000}
    answer = client.post("/sign-in", values, status=413)
    assert answer.heading
