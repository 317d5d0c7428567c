"""The publication a request is about, and whether its reader may open it."""

from __future__ import annotations

from flask import g, request
from flask_login import current_user

from culture_cloud import db
from culture_cloud.errors import Refusal

from .models import Publication
from .publications import access, queries
from .publications.access import Reader, Way


class NotOpen(Refusal):
    """Something stands between the reader and the text; the page of the title says what."""

    status = 403

    def __init__(self, publication_id: int, way: Way) -> None:
        super().__init__(way)
        self.publication_id = publication_id
        self.way = way


def reader() -> Reader:
    """Who asks, once per request."""
    if "reading_reader" not in g:
        g.reading_reader = access.reader_of(
            db.session(), current_user.account_id, request.remote_addr or ""
        )
    found: Reader = g.reading_reader
    return found


def open_publication(publication_id: int) -> Publication:
    """A published title that this reader may read now. Raises NotFound and NotOpen."""
    found = queries.publication(db.session(), publication_id)
    if not access.is_same_for_all(found):
        g.personal = True  # never kept for another reader
    way = access.way(db.session(), found, reader())
    if way is not Way.OPEN:
        raise NotOpen(publication_id, way)
    return found
