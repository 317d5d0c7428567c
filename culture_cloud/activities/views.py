"""All public pages of activities."""

from __future__ import annotations

from . import calendar_views, list_views, page_views
from .blueprint import bp

__all__ = ["bp", "calendar_views", "list_views", "page_views"]
