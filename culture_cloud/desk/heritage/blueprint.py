"""The blueprint that the desk's pages of heritage share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk_heritage", __name__, url_prefix="/desk/heritage")
