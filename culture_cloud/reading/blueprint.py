"""The blueprints of the reading room: pages, files, what is a reader's own, the desk."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("reading", __name__, url_prefix="/read")
files_bp = Blueprint("reading_files", __name__, url_prefix="/read")
own_bp = Blueprint("reading_own", __name__, url_prefix="/read")
desk_bp = Blueprint("desk_reading", __name__, url_prefix="/desk/reading")
