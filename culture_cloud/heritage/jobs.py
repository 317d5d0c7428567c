"""The worker's part of heritage."""

from __future__ import annotations

from sqlalchemy import select

from culture_cloud import db
from culture_cloud.media.derivatives import run_apart
from culture_cloud.media.serving import store

from .models import ItemMedia


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
