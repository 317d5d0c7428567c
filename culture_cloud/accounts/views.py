"""Pages of accounts."""

from __future__ import annotations

from flask import Blueprint

from culture_cloud.web.policies import public

bp = Blueprint("accounts", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> str:
    return ""
