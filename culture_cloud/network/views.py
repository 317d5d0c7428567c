"""Pages of network."""

from __future__ import annotations

from flask import Blueprint

from culture_cloud.web.policies import public

bp = Blueprint("network", __name__)


@bp.get("/nodes")
@public
def tree() -> str:
    return ""
