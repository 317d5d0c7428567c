"""Feeds are fetched from the public internet only, and never for long."""

from __future__ import annotations

import gzip
import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from culture_cloud.activities.fetching import (
    Fetcher,
    NotFetched,
    check_address,
    is_public,
)

from .web_server import WebServer, serving

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture
def site() -> Iterator[WebServer]:
    with serving() as server:
        yield server


def at_home(*_names: object) -> list[str]:
    return ["127.0.0.1"]


def near(**facts: object) -> Fetcher:
    """A fetcher that may also reach this machine."""
    return Fetcher(**{"allowed": LOOPBACK, "seconds": 2.0, **facts})  # type: ignore[arg-type]


# --- which addresses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.254",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.1",
        "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "ff0e::1",
        "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::",
        "2002:a00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "114.114.114.114", "2606:4700::1111", "2400:3200::1", "::ffff:8.8.8.8"]
)
def test_an_address_of_the_internet_is_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a.ics", "file:///etc/passwd", "gopher://example.org/", "example.org",
        "https://", "https:///a", "https://user:secret@example.org/", "http://example.org:0/",
        "http://example.org:99999/", "http://a b/", "http://example.org/\nX-A: 1", "",
        "javascript:alert(1)", "http://[::1/", "http://\u0000/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(NotFetched):
        check_address(url)


def test_by_default_nothing_on_this_machine_is_reached(site: WebServer) -> None:
    site.answers["/feed"] = (200, {}, b"secret")
    numbers = (site.url(), site.url(host="localhost"), site.url(host="2130706433"))
    for url in (*numbers, site.url(host="[::ffff:127.0.0.1]"), site.url(host="0")):
        with pytest.raises(NotFetched):
            Fetcher().fetch(url)
    assert site.asked == []


def test_where_it_is_allowed_this_machine_is_reached(site: WebServer) -> None:
    site.answers["/feed?a=1"] = (200, {}, b"BEGIN:VCALENDAR")
    assert near().fetch(site.url("/feed?a=1")).body == b"BEGIN:VCALENDAR"
    (asked,) = site.asked
    assert asked["host"] == f"127.0.0.1:{site.port}"


def test_a_name_that_leads_inside_is_refused(site: WebServer) -> None:
    with pytest.raises(NotFetched, match="public internet"):
        Fetcher(resolver=at_home).fetch(site.url(host="feeds.example"))
    assert site.asked == []


def test_a_name_with_one_address_inside_is_refused() -> None:
    def both(_host: str, _port: int) -> list[str]:
        return ["8.8.8.8", "10.0.0.1"]

    with pytest.raises(NotFetched, match="public internet"):
        Fetcher(resolver=both).fetch("http://feeds.example/")


def test_the_connection_goes_to_the_very_address_that_was_checked(site: WebServer) -> None:
    """A name that answers otherwise a moment later (DNS rebinding) is never asked again."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def changing(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    site.answers["/feed"] = (200, {}, b"x")
    assert near(resolver=changing).fetch(site.url(host="feeds.example")).body == b"x"
    assert asked == ["feeds.example"]
    assert site.asked[0]["host"] == f"feeds.example:{site.port}"


def test_a_name_that_nobody_knows_is_said_so() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(NotFetched, match="is not found"):
        Fetcher(resolver=unknown).fetch("http://feeds.example/")


# --- redirects -----------------------------------------------------------------------------------


def test_a_redirect_is_followed(site: WebServer) -> None:
    site.answers["/feed"] = (301, {"Location": "/there"}, b"")
    site.answers["/there"] = (302, {"Location": site.url("/end")}, b"")
    site.answers["/end"] = (200, {}, b"found")
    assert near().fetch(site.url()).body == b"found"


def test_a_redirect_inside_is_refused(site: WebServer) -> None:
    site.answers["/feed"] = (302, {"Location": "http://10.0.0.1/admin"}, b"")
    with pytest.raises(NotFetched, match="public internet"):
        near().fetch(site.url())


def test_a_redirect_to_another_scheme_is_refused(site: WebServer) -> None:
    site.answers["/feed"] = (302, {"Location": "file:///etc/passwd"}, b"")
    with pytest.raises(NotFetched, match="not an address"):
        near().fetch(site.url())


def test_the_fourth_redirect_is_too_many(site: WebServer) -> None:
    for number in range(5):
        site.answers[f"/{number}"] = (302, {"Location": f"/{number + 1}"}, b"")
    site.answers["/5"] = (200, {}, b"x")
    assert near().fetch(site.url("/2")).body == b"x"
    with pytest.raises(NotFetched, match="on and on"):
        near().fetch(site.url("/1"))


# --- answers -------------------------------------------------------------------------------------


def test_what_was_answered_before_is_asked_for_only_if_it_changed(site: WebServer) -> None:
    marks = {"ETag": '"7"', "Last-Modified": "Mon, 02 Mar 2026 00:00:00 GMT"}
    site.answers["/feed"] = (200, marks, b"x")
    first = near().fetch(site.url())
    assert (first.etag, first.last_modified) == (marks["ETag"], marks["Last-Modified"])
    assert "if-none-match" not in site.asked[0]
    site.answers["/feed"] = (304, {}, b"")
    again = near().fetch(site.url(), etag=first.etag, last_modified=first.last_modified)
    assert again.body is None
    assert site.asked[1]["if-none-match"] == marks["ETag"]
    assert site.asked[1]["if-modified-since"] == marks["Last-Modified"]


@pytest.mark.parametrize(("status", "said"), [(404, "nothing"), (410, "nothing"), (500, "500")])
def test_an_error_of_the_site_is_said(site: WebServer, status: int, said: str) -> None:
    site.answers["/feed"] = (status, {}, b"")
    with pytest.raises(NotFetched, match=said):
        near().fetch(site.url())


def test_a_body_that_is_too_large_is_not_read(site: WebServer) -> None:
    site.answers["/feed"] = (200, {}, b"x" * 3_000_000)
    with pytest.raises(NotFetched, match="larger"):
        near(max_bytes=1_000_000).fetch(site.url())


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_read(site: WebServer) -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    assert len(packed) < 100_000
    site.answers["/feed"] = (200, {"Content-Encoding": "gzip"}, packed)
    with pytest.raises(NotFetched, match="larger"):
        near().fetch(site.url())


def test_a_packed_answer_is_unpacked(site: WebServer) -> None:
    site.answers["/feed"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 99))
    assert near().fetch(site.url()).body == b"x" * 99


def test_an_answer_that_breaks_off_is_no_answer(site: WebServer) -> None:
    site.answers["/feed"] = (200, {"Content-Length": "1000"}, b"x")
    with pytest.raises(NotFetched):
        near().fetch(site.url())


def test_a_site_that_stays_silent_is_left(site: WebServer) -> None:
    done = threading.Event()

    def silent(_connection: BaseHTTPRequestHandler) -> None:
        done.wait(5)

    site.answers["/feed"] = silent
    begun = time.monotonic()
    with pytest.raises(NotFetched, match="too slowly"):
        near(seconds=0.2).fetch(site.url())
    done.set()
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("before", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.0 200 OK\r\nX-A: "])
def test_a_site_that_sends_a_byte_now_and_then_is_left(site: WebServer, before: bytes) -> None:
    def dripping(connection: BaseHTTPRequestHandler) -> None:
        connection.wfile.write(before)
        for _byte in range(100):
            connection.wfile.write(b"x")
            connection.wfile.flush()
            time.sleep(0.05)

    site.answers["/feed"] = dripping
    begun = time.monotonic()
    with pytest.raises(NotFetched, match="too slowly"):
        near(whole_seconds=0.4).fetch(site.url())
    assert time.monotonic() - begun < 3


def test_nobody_listens_there(site: WebServer) -> None:
    with pytest.raises(NotFetched, match="could not be reached"):
        near().fetch("http://127.0.0.1:1/feed")


def test_what_is_not_http_is_not_understood(site: WebServer) -> None:
    site.answers["/feed"] = lambda connection: connection.wfile.write(b"220 mail ready\r\n\r\n")  # type: ignore[assignment]
    with pytest.raises(NotFetched):
        near().fetch(site.url())


def test_a_site_without_a_certificate_is_not_believed(site: WebServer) -> None:
    site.answers["/feed"] = (200, {}, b"x")
    with pytest.raises(NotFetched):
        near().fetch(site.url().replace("http:", "https:"))
