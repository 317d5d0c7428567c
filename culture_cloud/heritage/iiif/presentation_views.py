"""IIIF Presentation 3.0 and Content Search 2.0."""

from __future__ import annotations

from flask import Blueprint, Response, request

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.heritage import queries
from culture_cloud.heritage.addresses import absolute
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.heritage.reading import reader
from culture_cloud.heritage.rights import Visibility
from culture_cloud.heritage.visibility import ANYBODY
from culture_cloud.network.site import current_site
from culture_cloud.web.policies import public

from . import presentation, transcripts
from .image_views import ld_json
from .naming import CONTEXT, SEARCH_CONTEXT

bp = Blueprint("iiif_presentation", __name__, url_prefix="/iiif")

LONGEST_QUERY = 500
_IGNORED = ("motivation", "date", "user")


def _item(item_id: int) -> HeritageItem:
    return queries.shown_item(db.session(), item_id, reader())


@bp.get("/presentation/3/<int:item_id>/manifest.json")
@public
def manifest(item_id: int) -> Response:
    """One item."""
    item = _item(item_id)
    facts = presentation.manifest(item, reader(), current_site())
    is_public = item.visibility == Visibility.PUBLIC
    return ld_json(facts, CONTEXT, is_public=is_public)


@bp.get("/presentation/3/<int:item_id>/transcript/<int:media_id>.json")
@public
def transcript(item_id: int, media_id: int) -> Response:
    """What is said on a recording, sentence by sentence."""
    media, _original = queries.shown_media(db.session(), media_id, reader())
    if media.item_id != item_id:
        raise NotFound
    return ld_json(transcripts.transcript(media), CONTEXT, is_public=False)


@bp.get("/presentation/3/collections/<slug>.json")
@public
def collection(slug: str) -> Response:
    """A collection; `all` holds every one and, of items, those that are in none."""
    session = db.session()
    if slug == "all":
        every = queries.collections(session)
        facts = presentation.collection(None, (), every, current_site())
        return ld_json(dict(facts), CONTEXT)
    found = queries.collection_by_code(session, slug)
    items = queries.collection_items(session, found.id, ANYBODY)
    facts = presentation.collection(found, items, (), current_site())
    return ld_json(dict(facts), CONTEXT)


@bp.get("/search/2/<int:item_id>")
@public
def search(item_id: int) -> Response:
    """Search inside the transcripts of an item."""
    item = _item(item_id)
    query = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    shown = [m for m in item.media if reader().sees_media(m, item)]
    ignored = [name for name in _IGNORED if name in request.args]
    url = absolute(request.full_path.rstrip("?"))
    facts = transcripts.search(shown, query, url, ignored)
    return ld_json(facts, SEARCH_CONTEXT, is_public=False)
