"""The open catalogue, held to what OPDS 1.2 and 2.0 ask, and walked as a reading app walks it."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import jsonschema
import pytest
from flask import Flask

from culture_cloud import db
from culture_cloud.accounts.models import Account
from culture_cloud.reading.lending import services as lending
from culture_cloud.reading.models import Publication
from tests import factories
from tests.client import Browser

from . import books
from .test_pages import change

ATOM = "{http://www.w3.org/2005/Atom}"
ACQUISITION = "http://opds-spec.org/acquisition"
BASE = "http://127.0.0.1:8000"

_LINK = {
    "type": "object",
    "required": ["href"],
    "properties": {
        "href": {"type": "string", "pattern": "^https?://"},
        "type": {"type": "string"},
        "rel": {"type": ["string", "array"]},
        "title": {"type": "string", "minLength": 1},
        "templated": {"type": "boolean"},
        "properties": {
            "type": "object",
            "properties": {
                "numberOfItems": {"type": "integer", "minimum": 0},
                "availability": {
                    "type": "object",
                    "required": ["state"],
                    "properties": {
                        "state": {"enum": ["available", "unavailable", "reserved", "ready"]}
                    },
                },
                "copies": {"type": "object"},
            },
        },
    },
}
_SELF = {"contains": {"properties": {"rel": {"const": "self"}}, "required": ["rel"]}}
_PUBLICATION = {
    "type": "object",
    "required": ["metadata", "links", "images"],
    "properties": {
        "metadata": {
            "type": "object",
            "required": ["title", "@type", "identifier"],
            "properties": {
                "@type": {"type": "string", "format": "uri"},
                "title": {"type": "string", "minLength": 1},
                "identifier": {"type": "string", "format": "uri"},
                "language": {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
                "modified": {"type": "string", "format": "date-time"},
                "published": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
                "numberOfPages": {"type": "integer", "exclusiveMinimum": 0},
                "duration": {"type": "number", "exclusiveMinimum": 0},
            },
        },
        "links": {
            "type": "array",
            "items": _LINK,
            "allOf": [
                _SELF,
                {
                    "contains": {
                        "required": ["rel"],
                        "properties": {"rel": {"type": "string", "pattern": f"^{ACQUISITION}"}},
                    }
                },
            ],
        },
        "images": {
            "type": "array",
            "minItems": 1,
            "items": _LINK,
            "contains": {"properties": {"type": {"enum": ["image/jpeg", "image/png"]}}},
        },
    },
}
FEED = {
    "type": "object",
    "required": ["metadata", "links"],
    "anyOf": [{"required": ["publications"]}, {"required": ["navigation"]}],
    "properties": {
        "metadata": {"type": "object", "required": ["title"]},
        "links": {"type": "array", "items": _LINK, "allOf": [_SELF]},
        "navigation": {
            "type": "array",
            "minItems": 1,
            "items": {"allOf": [_LINK, {"required": ["title"]}]},
        },
        "publications": {"type": "array", "items": _PUBLICATION},
        "facets": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["metadata", "links"],
                "properties": {"links": {"type": "array", "minItems": 1, "items": _LINK}},
            },
        },
    },
}
"""What the OPDS 2.0 drafts and the Readium manifest ask, in our own words."""


def path_of(address: str) -> str:
    assert address.startswith(BASE), address
    return address.removeprefix(BASE)


def fetched(client: Browser, path: str, kind: str) -> bytes:
    answer = client.flask.get(path, buffered=True)
    assert answer.status_code == 200, path
    assert str(answer.content_type).startswith(kind), answer.content_type
    return answer.get_data()


def checked_atom(body: bytes) -> Xml.Element:
    """A feed as RFC 4287 and OPDS 1.2 ask for it."""
    feed = Xml.fromstring(body)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1, name
    rels = [link.get("rel") for link in feed.findall(f"{ATOM}link")]
    assert {"self", "start", "search"} <= set(rels)
    for link in feed.iter(f"{ATOM}link"):
        assert (link.get("href") or "").startswith(BASE)
        assert link.get("type")
        if link.get("rel") == "http://opds-spec.org/facet":
            assert link.get("title")
            assert link.get("{http://opds-spec.org/2010/catalog}facetGroup")
    for entry in feed.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated"):
            assert (entry.findtext(f"{ATOM}{name}") or "").strip(), name
        links = entry.findall(f"{ATOM}link")
        assert links
        if entry.find(f"{ATOM}content") is None:  # a title: it can be had, and has a cover
            kinds = [str(link.get("rel")) for link in links]
            assert any(kind.startswith(ACQUISITION) for kind in kinds)
            assert "http://opds-spec.org/image" in kinds
            assert entry.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [e.findtext(f"{ATOM}id") for e in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return feed


@pytest.fixture
def catalogue(app: Flask, book: int, bring: Callable[..., int], tmp_path: Path) -> int:
    """A book, and sixty further titles, so that the feed has a second page."""
    with app.app_context(), db.transaction() as session:
        first = session.get_one(Publication, book)
        for number in range(60):
            session.add(
                Publication(
                    urn=f"urn:test:{number}",
                    node_id=first.node_id,
                    state="published",
                    title=f"读物 & <{number:02d}>",
                    sort_key=f"du wu {number:02d}",
                    audience_code="elders" if number % 2 else "everyone",
                    subject_code="I",
                    published="2020-05-01",
                    rights="on_site" if number == 5 else "public_domain",
                    created_at=first.created_at,
                    updated_at=first.updated_at,
                    published_at=first.published_at,
                )
            )
    return book


def entries(client: Browser, path: str) -> Iterator[Xml.Element]:
    """All entries of a feed, over its pages."""
    seen = set()
    while path and path not in seen:
        seen.add(path)
        feed = checked_atom(fetched(client, path, "application/atom+xml"))
        yield from feed.findall(f"{ATOM}entry")
        onward = [
            x.get("href") or "" for x in feed.findall(f"{ATOM}link") if x.get("rel") == "next"
        ]
        path = path_of(onward[0]) if onward else ""


def test_a_reading_app_walks_the_whole_catalogue_and_loads_a_book(
    client: Browser, catalogue: int
) -> None:
    found: dict[str, Xml.Element] = {}
    for line in entries(client, "/opds"):
        link = line.find(f"{ATOM}link")
        assert link is not None
        assert "kind=acquisition" in (link.get("type") or "")
        for entry in entries(client, path_of(link.get("href") or "")):
            found[entry.findtext(f"{ATOM}id") or ""] = entry
    assert len(found) == 61
    titles = {e.findtext(f"{ATOM}title") for e in found.values()}
    assert "读物 & <07>" in titles
    book = next(e for e in found.values() if e.findtext(f"{ATOM}title") == "木棉渡的早晨")
    links = {x.get("rel"): x for x in book.findall(f"{ATOM}link")}
    file = links[f"{ACQUISITION}/open-access"]
    assert file.get("type") == "application/epub+zip"
    body = fetched(client, path_of(file.get("href") or ""), "application/epub+zip")
    assert zipfile.ZipFile(io.BytesIO(body)).read("mimetype") == b"application/epub+zip"
    image = path_of(links["http://opds-spec.org/image"].get("href") or "")
    assert fetched(client, image, "image/jpeg")[:2] == b"\xff\xd8"
    single = Xml.fromstring(
        fetched(client, path_of(links["self"].get("href") or ""), "application/atom+xml")
    )
    assert single.tag == f"{ATOM}entry"


def test_a_client_of_others_walks_the_whole_catalogue_and_loads_a_book(
    client: Browser, catalogue: int
) -> None:
    """feedparser reads feeds as reading apps do: by what is in them, from link to link."""
    import feedparser

    def read(path: str) -> Any:
        feed = feedparser.parse(fetched(client, path, "application/atom+xml"))
        assert not feed.bozo, feed.bozo_exception
        assert feed.version == "atom10"
        return feed

    waiting, seen, titles, files = ["/opds"], set[str](), set[str](), set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        feed = read(path)
        waiting += [path_of(x.href) for x in feed.feed.links if x.rel in {"next", "start"}]
        for entry in feed.entries:
            for link in entry.links:
                if link.rel in {"subsection"} or link.rel.startswith("http://opds-spec.org/sort/"):
                    waiting.append(path_of(link.href))
                elif link.rel.startswith(ACQUISITION):
                    titles.add(entry.id)
                    files |= {link.href} if link.type == "application/epub+zip" else set()
    assert len(titles) == 61
    body = fetched(client, path_of(files.pop()), "application/epub+zip")
    assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None


def test_the_json_catalogue_keeps_to_the_rules_and_has_the_same_titles(
    client: Browser, catalogue: int
) -> None:
    root = json.loads(fetched(client, "/opds/v2", "application/opds+json"))
    jsonschema.validate(root, FEED)
    titles: set[str] = set()
    path = path_of(root["navigation"][0]["href"])
    while path:
        feed = json.loads(fetched(client, path, "application/opds+json"))
        jsonschema.validate(feed, FEED)
        titles |= {p["metadata"]["identifier"] for p in feed["publications"]}
        onward = [link["href"] for link in feed["links"] if link["rel"] == "next"]
        path = path_of(onward[0]) if onward else ""
    assert len(titles) == 61
    assert feed["metadata"]["numberOfItems"] == 61
    one = json.loads(
        fetched(client, f"/opds/v2/titles/{catalogue}", "application/opds-publication+json")
    )
    jsonschema.validate(one, _PUBLICATION)


def test_facets_narrow_the_feed_to_what_they_count(client: Browser, catalogue: int) -> None:
    feed = json.loads(fetched(client, "/opds/v2/titles", "application/opds+json"))
    links = [link for group in feed["facets"] for link in group["links"]]
    elders = next(link for link in links if "audience=elders" in link["href"])
    narrowed = json.loads(fetched(client, path_of(elders["href"]), "application/opds+json"))
    assert narrowed["metadata"]["numberOfItems"] == elders["properties"]["numberOfItems"] == 30


def test_search_is_described_and_finds(client: Browser, catalogue: int) -> None:
    body = fetched(client, "/opds/search.xml", "application/opensearchdescription+xml")
    url = Xml.fromstring(body).find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    template = path_of(url.get("template") or "")
    found = list(entries(client, template.replace("{searchTerms}", "木棉渡")))
    assert len(found) == 1
    assert len(list(entries(client, template.replace("{searchTerms}", "佚名")))) == 1
    assert not list(entries(client, template.replace("{searchTerms}", "%"))), "a wildcard"
    told = json.loads(fetched(client, "/opds/v2/search?query=木棉渡", "application/opds+json"))
    jsonschema.validate(told, FEED)
    assert told["metadata"]["numberOfItems"] == 1


def basic(login: str, password: str) -> dict[str, str]:
    word = base64.b64encode(f"{login}:{password}".encode()).decode()
    return {"Authorization": f"Basic {word}"}


def test_loans_are_reached_by_signing_in_from_the_app(
    client: Browser, app: Flask, book: int, resident: int
) -> None:
    change(app, book, rights="licensed")
    with app.app_context(), db.transaction() as session:
        lending.set_licence(session, book, number=1, days=21)
    refused = client.flask.get("/opds/loans.atom")
    assert refused.status_code == 401
    assert refused.content_type == "application/opds-authentication+json"
    told: dict[str, Any] = json.loads(refused.data)
    assert {"id", "title", "authentication"} <= set(told)
    assert told["authentication"][0]["type"] == "http://opds-spec.org/auth/basic"
    with app.app_context():
        phone = db.session().get_one(Account, resident).phone or ""
    signed = basic(phone, factories.PASSWORD)
    assert client.flask.get("/opds/loans.atom", headers=basic(phone, "wrong")).status_code == 401
    empty = checked_atom(client.flask.get("/opds/loans.atom", headers=signed).data)
    assert not empty.findall(f"{ATOM}entry")
    assert client.flask.get(f"/opds/loans/{book}/file", headers=signed).status_code == 404
    with app.app_context(), db.transaction() as session:
        lending.borrow(session, book, resident)
    feed = checked_atom(client.flask.get("/opds/loans.atom", headers=signed).data)
    link = next(x for x in feed.iter(f"{ATOM}link") if x.get("rel") == ACQUISITION)
    path = path_of(link.get("href") or "")
    answer = client.flask.get(path, headers=signed, buffered=True)
    assert answer.status_code == 200
    assert client.flask.get(path).status_code == 401
    assert client.flask.get(f"/read/{book}/file", buffered=True).status_code == 403


def test_what_is_not_in_the_room_is_not_in_the_catalogue(
    client: Browser, bring: Callable[..., int], tmp_path: Path
) -> None:
    hidden = bring(
        books.make_epub(tmp_path / "d.epub", {"one": "<p>草稿</p>"}, title="草稿"), publish=False
    )
    assert client.flask.get(f"/opds/titles/{hidden}").status_code == 404
    assert "草稿" not in client.flask.get("/opds/titles").get_data(as_text=True)
    assert "草稿" not in client.flask.get("/opds/v2/titles").get_data(as_text=True)
