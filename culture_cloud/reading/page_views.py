"""The page of one publication: what it is, for whom, how it can be had."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from culture_cloud import db, i18n
from culture_cloud.errors import NotFound
from culture_cloud.media import serving
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import asking
from .blueprint import bp
from .braille.making import path_of
from .lending import services as lending
from .models import Publication, ReadingPosition
from .publications import access, presenter, queries
from .publications.access import Way


@bp.get("/<int:publication_id>")
@public
@cacheable
def page(publication_id: int) -> str:
    """Cover, summary, contents, availability, rights, accessibility, what to take along."""
    session = db.session()
    publication = queries.publication(session, publication_id)
    if not access.is_same_for_all(publication):
        g.personal = True
    way = access.way(session, publication, asking.reader())
    if way is Way.TOO_YOUNG:
        raise NotFound
    return render_template("reading/publication.html", **page_facts(publication, way))


def page_facts(publication: Publication, way: Way) -> dict[str, Any]:
    """What the page of a publication shows."""
    session, account_id = db.session(), current_user.account_id
    place = None
    if account_id is not None:
        place = session.get(ReadingPosition, (account_id, publication.id))
    return {
        "publication": publication,
        "way": way,
        "kind": presenter.kind_name(publication.kind),
        "facts": _facts(publication),
        "cover": presenter.cover(publication),
        "access_words": presenter.access_words(publication),
        "contents": _contents(publication),
        "more_contents": _more_contents(publication),
        "place": place,
        "lending": lending.standing(session, publication, account_id),
        "along": _along(publication, way),
        "shares": f"{round(place.share * 100)} %" if place else "",
        "read_url": _read_url(publication),
        "page_url": request.base_url,
    }


CONTENTS_SHOWN = 30


def _contents(publication: Publication) -> list[dict[str, Any]]:
    """The first lines of the contents, each with its address."""
    try:
        manifest = presenter.book(publication).manifest
    except NotFound:
        return []
    return [
        {
            "title": entry.title,
            "level": min(entry.level, 4),
            "href": entry_url(publication, entry.chapter, entry.page, entry.anchor),
        }
        for entry in manifest.contents[:CONTENTS_SHOWN]
        if entry.title
    ]


def _more_contents(publication: Publication) -> bool:
    try:
        return len(presenter.book(publication).manifest.contents) > CONTENTS_SHOWN
    except NotFound:
        return False


def entry_url(publication: Publication, chapter: int, page: int = 1, anchor: str = "") -> str:
    """The address of a place in a book."""
    values: dict[str, Any] = {"publication_id": publication.id, "chapter": chapter}
    endpoint = "reading.chapter"
    if page > 1:
        endpoint, values["page"] = "reading.chapter_page", page
    return url_for(endpoint, **values) + (f"#{anchor}" if anchor else "")


def _read_url(publication: Publication) -> str:
    return entry_url(publication, 1)


def _facts(publication: Publication) -> list[tuple[str, str]]:
    audience = i18n.named(publication.audience)
    rights = presenter.rights_name(publication.rights)
    if publication.rights_note:
        rights = (
            f"{rights}（{publication.rights_note}）"
            if i18n.is_chinese()
            else f"{rights} ({publication.rights_note})"
        )
    rows = [
        (_("By"), presenter.people(publication.authors)),
        (_("With"), presenter.people(publication.contributors)),
        (_("Publisher"), publication.publisher),
        (_("Came out"), publication.published),
        (_("Series"), publication.series),
        (_("Issue"), publication.issue),
        (_("Language"), presenter.language_name(publication.language)),
        (_("Length"), presenter.length_words(publication)),
        (_("Subject"), _subject(publication)),
        (_("Keywords"), presenter.people(publication.keywords)),
        (_("For"), audience),
        ("ISBN", publication.isbn),
        ("ISSN", publication.issn),
        (_("Terms"), rights),
        (_("Kept by"), publication.node.plate_name),
    ]
    return [(term, value) for term, value in rows if value]


def _subject(publication: Publication) -> str:
    if publication.subject is None:
        return publication.class_mark
    name = i18n.named(publication.subject)
    return f"{publication.class_mark or publication.subject.code} {name}"


def _along(publication: Publication, way: Way) -> list[dict[str, str]]:
    """What can be taken along: the file, the library record."""
    rows = []
    file = _file(publication, way)
    if file is not None:
        rows.append(
            {
                "title": _("The file itself"),
                "note": file["words"],
                "href": file["href"],
                "picture": "download",
            }
        )
    if path_of(current_app.config["DATA_FOLDER"], publication.id, publication.book_key).exists():
        rows.append(
            {
                "title": _("In Braille (BRF)"),
                "note": _("Made by a machine, nobody has read it over"),
                "href": url_for("reading_files.braille", publication_id=publication.id),
                "picture": "download",
            }
        )
    for title, endpoint in (
        (_("Library record, MARC 21"), "reading.marc21"),
        (_("Library record, CNMARC"), "reading.cnmarc"),
    ):
        href = url_for(endpoint, publication_id=publication.id)
        rows.append({"title": title, "note": "", "href": href, "picture": "download"})
    return rows


def _file(publication: Publication, way: Way) -> dict[str, str] | None:
    """The original to take along: where that is allowed and the file is there."""
    if way is not Way.OPEN or not publication.downloadable or not publication.original:
        return None
    try:
        serving.store().path(publication.original)
    except NotFound:
        return None
    names = {
        "application/epub+zip": "EPUB",
        "application/pdf": "PDF",
        "application/zip": "ZIP",
        "audio/mpeg": "MP3",
        "audio/mp4": "M4A",
        "audio/ogg": "OGG",
        "video/mp4": "MP4",
        "video/webm": "WebM",
    }
    return {
        "href": url_for("reading_files.original", publication_id=publication.id),
        "words": f"{names.get(publication.original_type, '')} · "
        f"{presenter.size_words(publication.original_bytes)}",
    }
