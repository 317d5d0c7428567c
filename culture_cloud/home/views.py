"""Pages of home."""

from __future__ import annotations

from flask import Blueprint

from culture_cloud.web.policies import public

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> str:
    return ""
