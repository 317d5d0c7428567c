"""The blueprint that all pages of sign-ups share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sign_ups", __name__)
