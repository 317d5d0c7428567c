"""The blueprint that the public pages of heritage share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("heritage", __name__, url_prefix="/heritage")
