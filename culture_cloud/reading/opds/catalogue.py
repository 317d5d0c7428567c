"""What a catalogue holds, apart from how it is written: OPDS 1.2 and 2.0 say the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from culture_cloud import db
from culture_cloud.network.site import current_site
from culture_cloud.reading import room_views
from culture_cloud.reading.models import Publication, Rights
from culture_cloud.reading.publications import queries
from culture_cloud.reading.publications.filters import QUESTIONS, RoomFilter

PAGE_SIZE = 50
ACQUISITION = "http://opds-spec.org/acquisition"
OPEN_ACCESS = f"{ACQUISITION}/open-access"
BORROW = f"{ACQUISITION}/borrow"
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Way:
    """How a title is had: relation, address, media type; copies where they are counted."""

    rel: str
    href: str
    media_type: str
    copies: int | None = None
    free: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a navigation feed."""

    title: str
    href: str
    note: str = ""
    rel: str = "subsection"
    is_acquisition: bool = True


@dataclass(frozen=True, slots=True)
class Facet:
    """A choice by which a feed is narrowed."""

    group: str
    title: str
    args: dict[str, str]
    count: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of titles."""

    title: str
    publications: list[Publication]
    total: int
    facets: list[Facet]
    args: dict[str, str] = field(default_factory=dict)
    next: str | None = None
    updated: datetime | None = None


def absolute(path: str) -> str:
    return str(current_app.config["PUBLIC_URL"]) + path


def listing(asked: RoomFilter, *, title: str = "") -> Listing:
    """The titles of a filter, with facets and the place where the next page begins."""
    page = queries.room_page(db.session(), asked, size=PAGE_SIZE, licences=True)
    counted = queries.counts(room_views.combined_counts(None), asked)
    return Listing(
        title=title or _("All titles"),
        publications=page.publications,
        total=counted.get(("all", ""), 0),
        facets=_facets(asked, counted),
        args=asked.args(),
        next=str(page.next) if page.next else None,
    )


def _facets(asked: RoomFilter, counted: dict[tuple[str, str], int]) -> list[Facet]:
    names, legends = room_views.choice_names(), room_views.question_names()
    found = [
        Facet(_("Order"), words, replace(asked, order=order).args(), 0, asked.order == order)
        for order, words in (
            ("new", _("Newest first")),
            ("read", _("Most read")),
            ("title", _("By title")),
        )
    ]
    for question in QUESTIONS:
        legend, any_words = legends[question]
        chosen = getattr(asked, question)
        rest = asked.without(question)
        found.append(
            Facet(legend, any_words, rest.args(), counted.get((question, ""), 0), not chosen)
        )
        codes = sorted(c for q, c in counted if q == question and c and counted[q, c])
        found += [
            Facet(
                legend,
                room_views.name_of(names, question, code),
                {**rest.args(), question: code},
                counted[question, code],
                code == chosen,
            )
            for code in codes
        ]
    return found


def ways(publication: Publication) -> list[Way]:
    """How a title can be had. What cannot be taken along is read on its page."""
    page = absolute(url_for("reading.page", publication_id=publication.id))
    licence = publication.licence
    if publication.rights == Rights.LICENSED and licence is not None:
        free = max(0, licence.copies - licence.taken)
        return [Way(BORROW, page, HTML, licence.copies, free)]
    is_open = publication.rights in {Rights.PUBLIC_DOMAIN, Rights.OPEN_LICENCE, Rights.LICENSED}
    if is_open and publication.downloadable and publication.original:
        rel = ACQUISITION if publication.rights == Rights.LICENSED else OPEN_ACCESS
        file = absolute(url_for("reading_files.original", publication_id=publication.id))
        return [Way(rel, file, publication.original_type)]
    return [Way(ACQUISITION, page, HTML)]


def cover_addresses(publication: Publication) -> tuple[str, str]:
    """The cover, and a small one for lists."""
    small = absolute(
        url_for(
            "reading_files.cover_jpeg",
            publication_id=publication.id,
            width=240,
            v=(publication.book_key or f"t{publication.version}")[:8],
        )
    )
    return small.replace("cover-240.", "cover-480."), small


def front_lines(endpoint: str) -> list[Line]:
    """The ways into the catalogue."""
    lines = [
        Line(
            _("Newest titles"), url_for(f"{endpoint}_titles"), rel="http://opds-spec.org/sort/new"
        ),
        Line(
            _("Most read"),
            url_for(f"{endpoint}_titles", order="read"),
            rel="http://opds-spec.org/sort/popular",
        ),
        Line(_("All titles"), url_for(f"{endpoint}_titles", order="title")),
    ]
    names = room_views.choice_names()
    counted = queries.counts(room_views.combined_counts(None), RoomFilter())
    for question in ("kind", "subject", "audience"):
        lines += [
            Line(words, url_for(f"{endpoint}_titles", **_args(question, code)))
            for code, words in names[question].items()
            if counted.get((question, code))
        ]
    return lines


def _args(question: str, code: str) -> dict[str, Any]:
    return {question: code}


def site_title() -> str:
    return _("Reading room of %(site)s", site=current_site().name)
