"""OPDS 1.2: Atom (RFC 4287) with acquisition links, facets, OpenSearch, covers, paging."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

from flask import url_for

from culture_cloud import clock
from culture_cloud.reading.models import Publication
from culture_cloud.reading.publications import presenter

from .catalogue import HTML, Line, Listing, absolute, cover_addresses, ways

ATOM = "http://www.w3.org/2005/Atom"
OPDS = "http://opds-spec.org/2010/catalog"
DC = "http://purl.org/dc/terms/"
THR = "http://purl.org/syndication/thread/1.0"
SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION_FEED = "application/atom+xml;profile=opds-catalog;kind=acquisition"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
for _prefix, _uri in (("opds", OPDS), ("dc", DC), ("thr", THR), ("opensearch", SEARCH)):
    Xml.register_namespace(_prefix, _uri)
Xml.register_namespace("", ATOM)


def _add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    made = Xml.SubElement(parent, name if name.startswith("{") else f"{{{ATOM}}}{name}")
    for key, value in attributes.items():
        made.set(key.replace("__", ":"), value)
    made.text = _plain(text) or None
    return made


_NOT_IN_XML = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (2.2)."""


def _plain(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def _moment(moment: datetime | None) -> str:
    return (moment or clock.now()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _feed(title: str, path: str, kind: str, author: str, updated: datetime | None) -> Xml.Element:
    feed = Xml.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", absolute(path))
    _add(feed, "title", title)
    _add(feed, "updated", _moment(updated))
    maker = _add(feed, "author")
    _add(maker, "name", author)
    _add(feed, "link", rel="self", href=absolute(path), type=kind)
    _add(feed, "link", rel="start", href=absolute(url_for("opds.root")), type=NAVIGATION)
    _add(
        feed,
        "link",
        rel="search",
        href=absolute(url_for("opds.search_description")),
        type="application/opensearchdescription+xml",
    )
    return feed


def navigation(title: str, path: str, lines: list[Line], author: str) -> bytes:
    """A navigation feed."""
    feed = _feed(title, path, NAVIGATION, author, None)
    for line in lines:
        entry = _add(feed, "entry")
        _add(entry, "title", line.title)
        _add(entry, "id", absolute(line.href))
        _add(entry, "updated", _moment(None))
        _add(entry, "content", line.note or line.title, type="text")
        kind = ACQUISITION_FEED if line.is_acquisition else NAVIGATION
        _add(entry, "link", rel=line.rel, href=absolute(line.href), type=kind)
    return _bytes(feed)


def acquisition(listed: Listing, path: str, endpoint: str, author: str) -> bytes:
    """An acquisition feed: titles with what leads to them."""
    moments = [p.updated_at for p in listed.publications]
    feed = _feed(listed.title, path, ACQUISITION_FEED, author, max(moments, default=None))
    if listed.next:
        onward = url_for(endpoint, **{**listed.args, "after": listed.next})  # type: ignore[arg-type]
        _add(feed, "link", rel="next", href=absolute(onward), type=ACQUISITION_FEED)
    first = url_for(endpoint, **listed.args)  # type: ignore[arg-type]
    _add(feed, "link", rel="first", href=absolute(first), type=ACQUISITION_FEED)
    _add(feed, f"{{{SEARCH}}}totalResults", str(listed.total))
    for facet in listed.facets:
        link = _add(
            feed,
            "link",
            rel="http://opds-spec.org/facet",
            href=absolute(url_for(endpoint, **facet.args)),  # type: ignore[arg-type]
            type=ACQUISITION_FEED,
            title=facet.title,
        )
        link.set(f"{{{OPDS}}}facetGroup", facet.group)
        if facet.count:
            link.set(f"{{{THR}}}count", str(facet.count))
        if facet.is_active:
            link.set(f"{{{OPDS}}}activeFacet", "true")
    for publication in listed.publications:
        feed.append(_entry(publication))
    return _bytes(feed)


def single(publication: Publication) -> bytes:
    """One complete entry."""
    return _bytes(_entry(publication))


def _entry(publication: Publication) -> Xml.Element:
    entry = Xml.Element(f"{{{ATOM}}}entry")
    _add(entry, "title", publication.title)
    _add(entry, "id", publication.urn)
    _add(entry, "updated", _moment(publication.updated_at))
    for name in publication.authors or ["—"]:
        author = _add(entry, "author")
        _add(author, "name", name)
    for name in publication.contributors:
        contributor = _add(entry, "contributor")
        _add(contributor, "name", name)
    if publication.published_at:
        _add(entry, "published", _moment(publication.published_at))
    _add(entry, f"{{{DC}}}language", publication.language)
    for name, value in (("publisher", publication.publisher), ("issued", publication.published)):
        if value:
            _add(entry, f"{{{DC}}}{name}", value)
    if publication.isbn:
        _add(entry, f"{{{DC}}}identifier", f"urn:ISBN:{publication.isbn}")
    if publication.subject_code:
        _add(
            entry,
            "category",
            scheme="urn:clc",
            term=publication.class_mark or publication.subject_code,
            label=publication.class_mark or publication.subject_code,
        )
    for word in publication.keywords[:10]:
        _add(entry, "category", term=word, label=word)
    rights = presenter.rights_name(publication.rights)
    _add(entry, "rights", f"{rights} {publication.rights_note}".strip())
    _add(entry, "summary", publication.summary[:1000] or publication.title, type="text")
    _links(entry, publication)
    return entry


def _links(entry: Xml.Element, publication: Publication) -> None:
    page = absolute(url_for("reading.page", publication_id=publication.id))
    _add(entry, "link", rel="alternate", href=page, type=HTML)
    own = absolute(url_for("opds.entry", publication_id=publication.id))
    _add(entry, "link", rel="self", href=own, type=ENTRY)
    image = "http://opds-spec.org/image"
    large, small = cover_addresses(publication)
    _add(entry, "link", rel=image, href=large, type="image/jpeg")
    _add(entry, "link", rel=f"{image}/thumbnail", href=small, type="image/jpeg")
    for way in ways(publication):
        link = _add(entry, "link", rel=way.rel, href=way.href, type=way.media_type)
        if way.copies is not None:
            _add(link, f"{{{OPDS}}}availability", status="available" if way.free else "unavailable")
            _add(link, f"{{{OPDS}}}copies", total=str(way.copies), available=str(way.free))


def search_description(name: str) -> bytes:
    """How a reading app asks for words (OpenSearch 1.1)."""
    root = Xml.Element("OpenSearchDescription", {"xmlns": SEARCH})
    Xml.SubElement(root, "ShortName").text = name[:16]
    Xml.SubElement(root, "Description").text = name
    Xml.SubElement(root, "InputEncoding").text = "UTF-8"
    Xml.SubElement(root, "OutputEncoding").text = "UTF-8"
    template = absolute(url_for("opds.search")) + "?q={searchTerms}"
    Xml.SubElement(root, "Url", {"type": ACQUISITION_FEED, "template": template})
    return _bytes(root)


def _bytes(root: Xml.Element) -> bytes:
    body: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return body
