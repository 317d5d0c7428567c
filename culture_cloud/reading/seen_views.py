"""A page says that it is read: counted without a name, a cookie or an address."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

from culture_cloud import db
from culture_cloud.errors import NotPermitted
from culture_cloud.web import throttle
from culture_cloud.web.policies import public
from culture_cloud.web.security import csrf

from . import asking, statistics
from .blueprint import own_bp as bp

SEEN = throttle.Limit("reading.seen", 120, timedelta(minutes=10))


@bp.post("/<int:publication_id>/seen")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
def seen(publication_id: int) -> Response:
    """Count a read and its seconds. It changes nothing of anybody's, so it carries no token; pages
    of other sites may not call it all the same (Fetch Metadata)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise NotPermitted
    publication = asking.open_publication(publication_id)
    text = request.form.get("seconds", "0")
    seconds = int(text) if text.isdigit() and len(text) < 6 else 0
    with db.transaction() as session:
        address = throttle.caller_address()
        throttle.check(session, SEEN, address)
        throttle.record(session, SEEN, address)
        statistics.note(
            session,
            publication.id,
            reads=1 if request.form.get("first") == "1" else 0,
            seconds=seconds,
        )
    return Response(status=204)
