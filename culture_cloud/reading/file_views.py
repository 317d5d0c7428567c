"""Files of publications: covers, pictures, style, sound, originals. Each asks who may have it."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from flask import Response, current_app
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.media import serving
from culture_cloud.web.policies import public

from . import asking
from .blueprint import files_bp as bp
from .books import COVER_WIDTHS
from .models import Publication
from .publications import access, presenter, queries
from .publications.text_cover import draw_cover

FOR_EVER = "public, max-age=31536000, immutable"
FOR_ITS_READER = "private, max-age=3600"


@bp.get("/<int:publication_id>/cover-<int:width>.webp")
@public
def cover(publication_id: int, width: int) -> Response:
    """The cover; where a title has none, one is drawn from its title and kept."""
    if width not in COVER_WIDTHS:
        raise NotFound
    publication = queries.publication(db.session(), publication_id)
    if publication.has_cover:
        body = presenter.book(publication).cover(width)
    else:
        body = _drawn_cover(publication, width)
    return _kept(body, "image/webp", public=True)


@bp.get("/<int:publication_id>/cover-<int:width>.jpg")
@public
def cover_jpeg(publication_id: int, width: int) -> Response:
    """The cover for reading apps, many of which know no WebP (OPDS asks for JPEG or PNG)."""
    from PIL import Image

    webp = cover(publication_id, width).get_data()
    file = io.BytesIO()
    with Image.open(io.BytesIO(webp), formats=("WEBP",)) as picture:
        picture.convert("RGB").save(file, "JPEG", quality=82)
    return _kept(file.getvalue(), "image/jpeg", public=True)


def _drawn_cover(publication: Publication, width: int) -> bytes:
    by = presenter.people(publication.authors[:2])
    facts = f"{publication.title}\n{by}\n{publication.kind}".encode()
    name = hashlib.blake2b(facts, digest_size=12).hexdigest()
    folder = Path(str(current_app.config["DATA_FOLDER"])) / "reading" / "covers"
    path = folder / f"{name}-{width}.webp"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file = io.BytesIO()
        draw_cover(publication.title, by, publication.kind, width).save(file, "WEBP", quality=80)
        beside = path.with_suffix(".part")
        beside.write_bytes(file.getvalue())
        beside.replace(path)
    return path.read_bytes()


@bp.get("/<int:publication_id>/pictures/<name>")
@public
def picture(publication_id: int, name: str) -> Response:
    """A picture of a book."""
    publication = asking.open_publication(publication_id)
    body = presenter.book(publication).picture(name)
    return _kept(body, "image/webp", public=access.is_same_for_all(publication))


@bp.get("/<int:publication_id>/page-pictures/<int:number>-<int:width>.webp")
@public
def page_picture(publication_id: int, number: int, width: int) -> Response:
    """The picture of a page of a PDF or picture book, once the worker has drawn it."""
    publication = asking.open_publication(publication_id)
    body = presenter.book(publication).page_picture(number, width)
    return _kept(body, "image/webp", public=access.is_same_for_all(publication))


@bp.get("/<int:publication_id>/book.css")
@public
def styles(publication_id: int) -> Response:
    """The allowed part of the book's own style."""
    publication = asking.open_publication(publication_id)
    return _kept(presenter.book(publication).styles(), "text/css", public=True)


@bp.get("/<int:publication_id>/media/<name>")
@public
def media(publication_id: int, name: str) -> BaseResponse:
    """Sound or film, in the range asked for."""
    publication = asking.open_publication(publication_id)
    book = presenter.book(publication)
    path = book.media_path(name)
    return serving.send(
        path,
        book.manifest.media[name],
        etag=f"{publication.book_key}-{name}",
        public=access.is_same_for_all(publication),
    )


@bp.get("/<int:publication_id>/file")
@public
def original(publication_id: int) -> BaseResponse:
    """The file itself, to take along."""
    publication = asking.open_publication(publication_id)
    if not publication.downloadable or not publication.original:
        raise NotFound
    return serving.send_original(
        publication.original,
        publication.original_type,
        name=publication.title,
        download=True,
        public=access.is_same_for_all(publication),
    )


def _kept(body: bytes, media_type: str, *, public: bool) -> Response:
    response = Response(body, mimetype=media_type)
    response.headers["Cache-Control"] = FOR_EVER if public else FOR_ITS_READER
    return response
