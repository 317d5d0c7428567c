"""Heritage by place: a map of the townships, and what each place and village has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.network import queries as network_queries
from culture_cloud.network.models import Node
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import lists, presenter, queries
from .addresses import absolute
from .blueprint import bp
from .kinds import kinds
from .lists import ItemFilter
from .models import HeritageItem
from .reading import reader
from .search import ITEM
from .visibility import Reader

OF_EACH_KIND = 6
OF_EACH_PERIOD = 6
PEOPLE_SHOWN = 12
VILLAGE_FILE = "village_file"


@bp.get("/places")
@public
@cacheable
def places() -> str:
    """A map of the townships with how many items each has, and the same as a list with villages."""
    session = db.session()
    nodes, below = _with_items(session, reader())
    branches = [node for node in nodes if node.path.count("/") == 3]
    return render_template(
        "heritage/places.html", points=_points(branches, below), tree=_tree(nodes, below)
    )


def _with_items(session: Session, who: Reader) -> tuple[list[Node], Mapping[int, int]]:
    """The nodes that have items, themselves or below, from the top; and how many.

    A point that was closed down keeps its village's heritage.
    """
    own = lists.place_counts(session, who)
    nodes = session.scalars(select(Node).order_by(Node.path)).all()
    by_id = {node.id: node for node in nodes}
    below: dict[int, int] = {}
    for node_id, count in own.items():
        for part in by_id[node_id].path.split("/"):
            if part:
                below[int(part)] = below.get(int(part), 0) + count
    return [node for node in nodes if below.get(node.id)], below


def _how_many(count: int) -> str:
    return str(ngettext("%(num)d item", "%(num)d items", count))


def _points(nodes: Sequence[Node], below: Mapping[int, int]) -> list[dict[str, Any]]:
    """Places where they lie to each other, in percent of the paper."""
    placed = [
        (node, node.latitude, node.longitude)
        for node in nodes
        if node.latitude is not None and node.longitude is not None
    ]
    if not placed:
        return []
    north, east = [p[1] for p in placed], [p[2] for p in placed]
    wide, high = max(east) - min(east) or 1, max(north) - min(north) or 1
    return [
        {
            "title": node.name or node.plate_name,
            "href": url_for("heritage.place", code=node.code),
            "note": _how_many(below[node.id]),
            "x": round(100 * (longitude - min(east)) / wide, 1),
            "y": round(100 * (max(north) - latitude) / high, 1),
        }
        for node, latitude, longitude in placed
    ]


def _tree(nodes: Sequence[Node], below: Mapping[int, int]) -> list[dict[str, Any]]:
    entries: dict[int, dict[str, Any]] = {}
    top: list[dict[str, Any]] = []
    for node in nodes:
        entry = {
            "title": node.name or node.plate_name,
            "href": url_for("heritage.place", code=node.code),
            "note": _how_many(below[node.id]),
            "children": [],
        }
        entries[node.id] = entry
        above = entries.get(node.parent_id) if node.parent_id else None
        (above["children"] if above else top).append(entry)
    return top


@bp.get("/places/<code>")
@public
@cacheable
def place(code: str) -> str:
    """The file of a place: what it tells of itself, its things by kind, its time, its people."""
    session, who = db.session(), reader()
    node = network_queries.node_by_code(session, code)
    asked = ItemFilter(node_path=node.path)
    counts = lists.counts(session, who, asked, "kind")
    nodes, below = _with_items(session, who)
    return render_template(
        "heritage/place.html",
        node=node,
        name=node.name or node.plate_name,
        above=network_queries.way_up(session, node),
        total=sum(counts.values()),
        kinds=_kinds(node, counts, lists.samples(session, who, asked, of_each=OF_EACH_KIND), who),
        periods=_timeline(session, who, asked),
        people=people_rows(lists.people(session, who, asked, limit=PEOPLE_SHOWN)),
        collections=queries.collections_about(session, node.path),
        places=_tree([one for one in nodes if one.parent_id == node.id], below),
        search=[("kind", ITEM), ("node", node.code)],
        page_url=absolute(f"/heritage/places/{node.code}"),
    )


def _kinds(
    node: Node,
    counts: Mapping[str, int],
    samples: Mapping[str, Sequence[HeritageItem]],
    who: Reader,
) -> list[dict[str, Any]]:
    """Each kind that is there with its newest items; what the village tells of itself first."""
    order = sorted(samples, key=lambda code: (code != VILLAGE_FILE, list(kinds()).index(code)))
    return [
        {
            "code": code,
            "name": kinds()[code].name,
            "cards": presenter.cards(samples[code], who),
            "all": url_for("heritage.items", node=node.code, kind=code)
            if counts[code] > len(samples[code])
            else None,
            "count": _how_many(counts[code]),
        }
        for code in order
    ]


def _timeline(session: Session, who: Reader, asked: ItemFilter) -> list[dict[str, str]]:
    found = lists.timeline(session, who, asked, of_each=OF_EACH_PERIOD)
    return timeline_entries([item for items in found.values() for item in items])


def timeline_entries(items: Sequence[HeritageItem]) -> list[dict[str, str]]:
    """Items as the entries of the macro `timeline`."""
    return [
        {
            "when": presenter.date_words(item),
            "title": item.title,
            "href": url_for("heritage.page", item_id=item.id),
            "text": item.summary,
        }
        for item in items
    ]


def people_rows(found: Sequence[tuple[str, int, int | None]]) -> list[dict[str, str]]:
    """People as rows: to their own page, or to what names them."""
    return [
        {
            "title": name,
            "href": url_for("heritage.page", item_id=person_id)
            if person_id
            else url_for("heritage.items", person=name),
            "note": _("Has a page of their own") if person_id else "",
            "end": _how_many(count),
            "picture": "person",
        }
        for name, count, person_id in found
    ]
