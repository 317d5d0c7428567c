"""All public pages of draws."""

from __future__ import annotations

from flask import Flask

from culture_cloud import db

from . import apply_views, own_views, page_views, personal, queries
from .blueprint import bp
from .models import Draw


def init_app(app: Flask) -> None:
    """Pages of activities, which stand below and know no draws, ask for theirs by this name."""
    app.jinja_env.globals["draw_of"] = draw_of
    personal.init_app(app)


def draw_of(activity_id: int) -> Draw | None:
    return queries.of_activity(db.session(), activity_id)


__all__ = ["apply_views", "bp", "init_app", "own_views", "page_views"]
