"""All public pages of heritage."""

from __future__ import annotations

from . import browse_views, list_views, page_views, place_views, viewer_views
from .blueprint import bp
from .exhibitions import views as exhibition_views

__all__ = [
    "bp",
    "browse_views",
    "exhibition_views",
    "list_views",
    "page_views",
    "place_views",
    "viewer_views",
]
