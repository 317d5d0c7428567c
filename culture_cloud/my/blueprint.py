"""The blueprint that a person's own pages share."""

from __future__ import annotations

from flask import Blueprint, Response, make_response
from flask_login import current_user

from culture_cloud import db
from culture_cloud.notifications import queries

bp = Blueprint("my", __name__)


@bp.app_context_processor
def unread() -> dict[str, object]:
    """How many messages wait: asked for by the head of every page of somebody signed in."""

    def unread_notices() -> int:
        if not current_user.is_authenticated:
            return 0
        return queries.unread(db.session(), current_user.account_id)

    return {"unread_notices": unread_notices}


def private(html: str, status: int = 200) -> Response:
    """A page that nobody keeps."""
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response
