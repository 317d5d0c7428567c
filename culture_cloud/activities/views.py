"""Pages of activities."""

from __future__ import annotations

from flask import Blueprint

from culture_cloud.web.policies import public

bp = Blueprint("activities", __name__)


@bp.get("/activities")
@public
def listing() -> str:
    return ""
