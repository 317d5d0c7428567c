"""GET /api/v1/…: read-only, open to other sites, described at /api/openapi.json."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from culture_cloud import db
from culture_cloud.activities import queries
from culture_cloud.activities.filters import parse
from culture_cloud.activities.models import EVERYWHERE
from culture_cloud.activities.presenter import absolute
from culture_cloud.activities.structured import event_json_ld
from culture_cloud.network.models import Node
from culture_cloud.web import words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from .documents import activity_document, card_document, node_document
from .openapi import description

bp = Blueprint("api", __name__, url_prefix="/api")

DEFAULT_SIZE = 50
MOST = 200


@bp.get("/openapi.json")
@public
@cacheable
def openapi() -> Response:
    """This API, in the words of OpenAPI 3.1."""
    return jsonify(description(absolute("")))


@bp.get("/v1/activities")
@public
@cacheable
def activities() -> Response:
    """Sessions in order of start; the questions are those of the list page."""
    session = db.session()
    asked = parse(request.args)
    ignored = list(asked.ignored)
    node = queries.node_by_code(session, asked.node) if asked.node else None
    if asked.node and node is None:
        ignored.append("node")
    size = DEFAULT_SIZE
    text = request.args.get("limit", "")
    if text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0:
        size = min(MOST, int(text))
    elif text:
        ignored.append("limit")
    page = queries.list_page(
        session,
        asked,
        ancestor_id=node.id if node else EVERYWHERE,
        zone=words.site_zone(),
        size=size,
    )
    kept: dict[str, Any] = {**asked.args(), "limit": str(size)}
    following = url_for(".activities", **kept, after=str(page.next)) if page.next else None
    return jsonify(
        items=[card_document(card) for card in page.cards],
        next=absolute(following) if following else None,
        ignored=ignored,
    )


@bp.get("/v1/activities/<int:activity_id>")
@public
@cacheable
def activity(activity_id: int) -> Response:
    """One activity, whole."""
    found = queries.public_activity(db.session(), activity_id)
    return jsonify(activity_document(found, queries.session_standings(found)))


@bp.get("/v1/activities/<int:activity_id>.jsonld")
@public
@cacheable
def activity_json_ld(activity_id: int) -> Response:
    """One activity as schema.org Event."""
    found = queries.public_activity(db.session(), activity_id)
    response = jsonify(event_json_ld(found, queries.session_standings(found)))
    response.mimetype = "application/ld+json"
    return response


@bp.get("/v1/nodes")
@public
@cacheable
def nodes() -> Response:
    """All nodes of the network, parents before children."""
    rows = db.session().scalars(
        select(Node)
        .options(selectinload(Node.hours))
        .where(Node.closed_down.is_(False))
        .order_by(Node.path)
    )
    found = list(rows)
    codes = {node.id: node.code for node in found}
    return jsonify(
        items=[
            node_document(node, codes.get(node.parent_id) if node.parent_id else None)
            for node in found
        ]
    )
