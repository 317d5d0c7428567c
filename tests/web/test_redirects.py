"""Redirects lead to own paths only."""

from __future__ import annotations

import pytest
from flask import Flask

from culture_cloud.web.redirects import own_path, redirect_back

pytestmark = pytest.mark.one_database  # what is judged here never asks a database

FOREIGN = [
    "",
    "http://evil.example",
    "https://evil.example/sign-in",
    "HTTPS://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\x00/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/%09/evil.example",
    "/%2f/evil.example",
    "/%2Fevil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%0a/evil.example",
    "/%0d/evil.example",
    "/%0D%0ASet-Cookie:a=b",
    "evil.example",
    "evil.example/sign-in",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>",
    "vbscript:msgbox",
    "file:///etc/passwd",
    "ftp://evil.example",
    "http:/evil.example",
    "http:evil.example",
    "https:///evil.example",
    "@evil.example",
    "//user@evil.example",
    "//[::1]",
    "//evil.example\\@localhost",
    ".//evil.example",
    "../evil",
    "?next=/",
    "#evil",
    "/a\\b",
    "/ok\x7f",
    "/" + "a" * 3000,
]
"""Ways to slip past such a check, gathered from advisories' descriptions."""

OWN = ["/", "/account", "/activities?kind=opera&page=2", "/activities/12#when", "/搜索?q=花灯"]


@pytest.mark.parametrize("target", FOREIGN)
def test_a_foreign_target_is_no_own_path(target: str) -> None:
    assert own_path(target) is None


@pytest.mark.parametrize("target", OWN)
def test_an_own_path_is_kept_as_it_is(target: str) -> None:
    assert own_path(target) == target


@pytest.mark.parametrize("target", FOREIGN)
def test_goes_to_the_fallback_instead_of_a_foreign_place(app: Flask, target: str) -> None:
    with app.test_request_context("/sign-in", query_string={"next": target}):
        assert redirect_back("/account").location == "/account"


def test_goes_where_next_says() -> None:
    app = Flask(__name__)
    with app.test_request_context("/sign-in", query_string={"next": "/activities?q=a"}):
        answer = redirect_back("/")
        assert (answer.status_code, answer.location) == (303, "/activities?q=a")
