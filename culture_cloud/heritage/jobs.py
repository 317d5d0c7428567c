"""The worker's part of heritage."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.jobs.worker import Handlers
from culture_cloud.media.derivatives import run_apart
from culture_cloud.media.serving import store

from .iiif.image_views import forget_drawings
from .models import ItemMedia

log = logging.getLogger(__name__)


def read_pages(item_id: int) -> None:
    """Read the text of an item's PDFs, page by page, so that it can be read and found."""
    rows = db.session().scalars(
        select(ItemMedia).where(ItemMedia.item_id == item_id, ItemMedia.family == "pdf")
    )
    found = {
        media.id: run_apart(
            "culture_cloud.media.pdf_text", str(store().path(media.original.checksum))
        )
        for media in rows
        if not media.pages
    }
    with db.transaction() as session:
        for media_id, facts in found.items():
            media = session.get(ItemMedia, media_id)
            if media is not None and "pages" in facts:
                media.pages = facts["pages"]


def init_app(app: Flask) -> None:
    handlers: Handlers = app.extensions["handlers"]
    handlers.add({"heritage.read_pages": read_pages, "heritage.forget_drawings": forget_drawings})
    handlers.every("heritage.forget_drawings", timedelta(hours=6))
