"""Collections and exhibitions as pages to read, on screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, url_for

from culture_cloud import db
from culture_cloud.heritage import presenter, queries
from culture_cloud.heritage.addresses import absolute, collection_url, picture_of
from culture_cloud.heritage.blueprint import bp
from culture_cloud.heritage.models import Collection, HeritageItem
from culture_cloud.heritage.page_views import recording_facts
from culture_cloud.heritage.reading import reader
from culture_cloud.heritage.visibility import Reader
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from .blocks import Block, blocks_of, item_ids


@bp.get("/collections/<slug>")
@public
@cacheable
def collection(slug: str) -> str:
    """A collection or an exhibition."""
    session = db.session()
    found = queries.collection_by_code(session, slug)
    return render_template("heritage/collection.html", **collection_facts(found, reader()))


def collection_facts(found: Collection, who: Reader) -> dict[str, Any]:
    """What the page shows; the desk's preview is drawn with the same."""
    session = db.session()
    items = queries.collection_items(session, found.id, who)
    blocks = blocks_of(found.blocks)
    by_id = queries.items_by_id(session, item_ids(blocks), who)
    in_essay = set(by_id)
    return {
        "collection": found,
        "blocks": [b for b in (_shown(block, by_id, who) for block in blocks) if b],
        "rest": presenter.cards([i for i in items if i.id not in in_essay], who),
        "count": len(items),
        "page_url": collection_url(found.code),
        "manifest_url": absolute(f"/iiif/presentation/3/collections/{found.code}.json"),
        "search": [("in", f"collection:{found.id}")],
    }


def _shown(block: Block, by_id: Mapping[int, HeritageItem], who: Reader) -> dict[str, Any] | None:
    """A block with what it needs; None where nothing of it may be seen."""
    facts: dict[str, Any] = {"kind": block.kind, "text": block.text, "by": block.by}
    if block.kind in {"heading", "text", "quote"}:
        return facts
    items = [by_id[n] for n in block.items if n in by_id]
    if not items:
        return None
    facts["cards"] = presenter.cards(items, who)
    if block.kind == "picture":
        facts["pictures"] = _pictures(items, who)
    if block.kind == "recording":
        facts["recordings"] = [
            (item, recording_facts(m))
            for item in items
            for m in item.media
            if m.family in {"audio", "video"} and who.sees_media(m, item)
        ]
    return facts


def _pictures(items: Sequence[HeritageItem], who: Reader) -> list[dict[str, Any]]:
    found = []
    for item in items:
        for media in item.media:
            picture = picture_of(media) if who.sees_media(media, item) else None
            if picture is not None:
                href = url_for("heritage.page", item_id=item.id)
                found.append({"picture": picture, "title": item.title, "href": href})
                break
    return found
