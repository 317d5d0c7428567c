"""Other ways to heritage: by place, through time, by person."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.network.models import Node
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import presenter, queries
from .blueprint import bp
from .periods import period_words
from .queries import ItemFilter
from .reading import reader


def _how_many(count: int) -> str:
    return str(ngettext("%(num)d item", "%(num)d items", count))


@bp.get("/places")
@public
@cacheable
def places() -> str:
    """A map of the townships with how many items each has, and the same as a list with villages."""
    session = db.session()
    own = queries.place_counts(session, reader(), ItemFilter())
    nodes = session.scalars(
        select(Node).where(Node.closed_down.is_(False)).order_by(Node.path)
    ).all()
    by_id = {node.id: node for node in nodes}
    below: dict[int, int] = {}
    for node_id, count in own.items():
        if node_id in by_id:
            for part in by_id[node_id].path.split("/"):
                if part:
                    below[int(part)] = below.get(int(part), 0) + count
    shown = [node for node in nodes if below.get(node.id)]
    branches = [node for node in shown if _depth(node) == 2]
    return render_template(
        "heritage/places.html",
        points=_points(branches, below),
        tree=_tree(shown, below),
    )


def _depth(node: Node) -> int:
    return node.path.count("/") - 1


def _points(nodes: list[Node], below: dict[int, int]) -> list[dict[str, Any]]:
    """Townships where they lie to each other, in percent of the paper."""
    placed = [node for node in nodes if node.latitude is not None and node.longitude is not None]
    if not placed:
        return []
    east = [node.longitude or 0 for node in placed]
    north = [node.latitude or 0 for node in placed]
    wide, high = max(east) - min(east) or 1, max(north) - min(north) or 1
    return [
        {
            "title": node.name,
            "href": url_for("heritage.items", node=node.code),
            "note": _how_many(below[node.id]),
            "x": round(100 * ((node.longitude or 0) - min(east)) / wide, 1),
            "y": round(100 * (max(north) - (node.latitude or 0)) / high, 1),
        }
        for node in placed
    ]


def _tree(nodes: list[Node], below: dict[int, int]) -> list[dict[str, Any]]:
    entries: dict[int, dict[str, Any]] = {}
    top: list[dict[str, Any]] = []
    for node in nodes:
        entry = {
            "title": node.name or node.plate_name,
            "href": url_for("heritage.items", node=node.code),
            "note": _how_many(below[node.id]),
            "children": [],
        }
        entries[node.id] = entry
        above = entries.get(node.parent_id) if node.parent_id else None
        (above["children"] if above else top).append(entry)
    return top


@bp.get("/time")
@public
@cacheable
def time() -> str:
    """Items from the oldest matter to the newest, by period."""
    names = period_words()
    groups: dict[str, list[dict[str, str]]] = {}
    for item in queries.dated(db.session(), reader()):
        groups.setdefault(item.period, []).append(
            {
                "when": presenter.date_words(item),
                "title": item.title,
                "href": url_for("heritage.page", item_id=item.id),
                "text": item.summary,
            }
        )
    ordered = [
        {"code": code, "name": names[code], "entries": groups[code]}
        for code in names
        if code in groups
    ]
    return render_template("heritage/time.html", groups=ordered)


@bp.get("/people")
@public
@cacheable
def people() -> str:
    """Everybody who is named, with how many items name them."""
    rows = [
        {
            "title": name,
            "href": url_for("heritage.page", item_id=person_id)
            if person_id
            else url_for("heritage.items", person=name),
            "note": _("Has a page of their own") if person_id else "",
            "end": _how_many(count),
            "picture": "person",
        }
        for name, count, person_id in queries.people(db.session(), reader())
    ]
    return render_template("heritage/people.html", rows=rows)
