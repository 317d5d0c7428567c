"""The blueprint that the public pages of activities share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("activities", __name__)
