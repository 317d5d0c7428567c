"""Pages of sign_ups."""

from __future__ import annotations

from flask import Blueprint

from culture_cloud.web.policies import public

bp = Blueprint("sign_ups", __name__)


@bp.get("/my/sign-ups")
@public
def find() -> str:
    return ""
