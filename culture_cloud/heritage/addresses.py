"""Addresses of heritage, as they hold outside the site too."""

from __future__ import annotations

from flask import current_app, url_for

from culture_cloud.media.addresses import Picture
from culture_cloud.media.making import WIDTHS

from .models import HeritageItem, ItemMedia
from .visibility import Reader


def absolute(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}{path}"


def item_url(item_id: int) -> str:
    """The address by which an item is cited; it never changes."""
    return absolute(url_for("heritage.page", item_id=item_id))


def collection_url(code: str) -> str:
    return absolute(url_for("heritage.collection", slug=code))


def size_url(media_id: int, width: int, ending: str = "webp") -> str:
    return url_for(f"heritage_media.{ending}", media_id=media_id, width=width)


def picture_of(media: ItemMedia, *, cover: bool = False) -> Picture | None:
    """What an <img> needs; None where there is no picture (yet). A cover says nothing of itself."""
    original = media.original
    if media.family != "picture" or original.state != "ready" or not original.width:
        return None
    widths = [width for width in sorted(WIDTHS) if width < original.width] or [min(WIDTHS)]
    if original.width >= max(WIDTHS):
        widths = sorted(WIDTHS)
    middle = next((width for width in widths if width >= 480), widths[-1])
    shown = min(middle, original.width)
    return Picture(
        src=size_url(media.id, middle),
        srcset=", ".join(f"{size_url(media.id, w)} {min(w, original.width)}w" for w in widths),
        width=shown,
        height=max(1, round(shown * (original.height or 1) / original.width)),
        alt="" if cover else media.alt,
        sizes="(min-width: 64em) 20rem, (min-width: 40em) 50vw, 100vw" if cover else "",
    )


def cover_of(item: HeritageItem, reader: Reader) -> Picture | None:
    """The first picture of an item that the reader may see."""
    for media in item.media:
        if reader.sees_media(media, item):
            found = picture_of(media, cover=True)
            if found is not None:
                return found
    return None
