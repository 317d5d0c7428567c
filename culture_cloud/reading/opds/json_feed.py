"""OPDS 2.0: the same catalogue in JSON, with Readium Web Publication metadata."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import url_for

from culture_cloud.reading.models import Publication
from culture_cloud.reading.publications import presenter

from .catalogue import Line, Listing, absolute, cover_addresses, ways

FEED = "application/opds+json"
PUBLICATION = "application/opds-publication+json"
SHELF = "application/atom+xml;profile=opds-catalog;kind=acquisition"
_TYPES = {
    "audio": "http://schema.org/Audiobook",
    "video": "http://schema.org/VideoObject",
}


def _link(rel: str, href: str, media_type: str, **more: Any) -> dict[str, Any]:
    return {"rel": rel, "href": absolute(href), "type": media_type, **more}


def _common(path: str) -> list[dict[str, Any]]:
    search = url_for("opds.json_search") + "{?query}"
    return [
        _link("self", path, FEED),
        _link("start", url_for("opds.json_root"), FEED),
        _link("search", search, FEED, templated=True),
    ]


def navigation(title: str, path: str, lines: list[Line]) -> dict[str, Any]:
    """A navigation feed."""
    return {
        "metadata": {"title": title},
        "links": _common(path),
        "navigation": [
            {"title": x.title, "href": absolute(x.href), "type": FEED, "rel": x.rel} for x in lines
        ],
    }


def acquisition(listed: Listing, path: str, endpoint: str) -> dict[str, Any]:
    """A feed of titles."""
    links = _common(path)
    if listed.next:
        onward = url_for(endpoint, **{**listed.args, "after": listed.next})  # type: ignore[arg-type]
        links.append(_link("next", onward, FEED))
    groups: dict[str, list[dict[str, Any]]] = {}
    for facet in listed.facets:
        link: dict[str, Any] = {
            "title": facet.title,
            "href": absolute(url_for(endpoint, **facet.args)),  # type: ignore[arg-type]
            "type": FEED,
        }
        if facet.count:
            link["properties"] = {"numberOfItems": facet.count}
        if facet.is_active:
            link["rel"] = "self"
        groups.setdefault(facet.group, []).append(link)
    return {
        "metadata": {"title": listed.title, "numberOfItems": listed.total},
        "links": links,
        "facets": [
            {"metadata": {"title": group}, "links": found} for group, found in groups.items()
        ],
        "publications": [publication(p) for p in listed.publications],
    }


def publication(found: Publication) -> dict[str, Any]:
    """One title."""
    own = url_for("opds.json_entry", publication_id=found.id)
    links = [
        _link("self", own, PUBLICATION),
        _link("alternate", url_for("reading.page", publication_id=found.id), "text/html"),
    ]
    for way in ways(found):
        link: dict[str, Any] = {"rel": way.rel, "href": way.href, "type": way.media_type}
        if way.copies is not None:
            link["properties"] = {
                "availability": {"state": "available" if way.free else "unavailable"},
                "copies": {"total": way.copies, "available": way.free},
            }
        links.append(link)
    large, small = cover_addresses(found)
    return {
        "metadata": _metadata(found),
        "links": links,
        "images": [
            {"href": large, "type": "image/jpeg", "width": 480, "height": 640},
            {"href": small, "type": "image/jpeg", "width": 240, "height": 320},
        ],
    }


def _metadata(found: Publication) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": _TYPES.get(found.form, "http://schema.org/Book"),
        "identifier": found.urn,
        "title": found.title,
        "subtitle": found.subtitle,
        "author": found.authors,
        "contributor": found.contributors,
        "publisher": found.publisher,
        "language": found.language,
        "modified": found.updated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "published": found.published if _is_day(found.published) else "",
        "description": found.summary[:1000],
        "subject": found.keywords[:10],
        "rights": presenter.rights_name(found.rights),
    }
    if found.isbn:
        told["altIdentifier"] = f"urn:isbn:{found.isbn}"
    if found.seconds:
        told["duration"] = found.seconds
    if found.form == "pages" and found.chapters:
        told["numberOfPages"] = found.chapters
    return {name: value for name, value in told.items() if value}


def _is_day(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


def authentication(title: str) -> dict[str, Any]:
    """How a reading app signs a reader in, for their own loans (Authentication for OPDS 1.0)."""
    return {
        "id": absolute(url_for("opds.authentication")),
        "title": title,
        "links": [
            _link("register", url_for("accounts.register"), "text/html"),
            _link("help", url_for("home.help_page"), "text/html"),
            _link("http://opds-spec.org/shelf", url_for("opds.shelf"), SHELF),
        ],
        "authentication": [
            {
                "type": "http://opds-spec.org/auth/basic",
                "labels": {"login": "手机号或邮箱", "password": "密码"},
            }
        ],
    }
