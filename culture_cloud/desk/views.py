"""Pages of desk."""

from __future__ import annotations

from flask import Blueprint

from culture_cloud.web.policies import public

bp = Blueprint("desk", __name__)


@bp.get("/desk")
@public
def index() -> str:
    return ""
