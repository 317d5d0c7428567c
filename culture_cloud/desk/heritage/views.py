"""All desk pages of heritage."""

from __future__ import annotations

from . import (
    collection_views,
    edit_views,
    export_views,
    gift_views,
    group_views,
    import_views,
    list_views,
    original_views,
    quick_views,
    step_views,
    version_views,
)
from .blueprint import bp

__all__ = [
    "bp",
    "collection_views",
    "edit_views",
    "export_views",
    "gift_views",
    "group_views",
    "import_views",
    "list_views",
    "original_views",
    "quick_views",
    "step_views",
    "version_views",
]
