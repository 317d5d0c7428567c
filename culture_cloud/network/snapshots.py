"""The network that is there, as plain facts that a file can be compared with."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from .hours import Span
from .importing import LevelRow, Snapshot
from .importing.documents import NETWORK_KEYS
from .models import Closing, Level, Network, Node, OpeningHours

PLAIN = (
    "name", "plate_name", "position", "lines", "address", "phone", "sms_phone", "liaison",
    "access", "about", "latitude", "longitude", "photo_alt", "review_required", "closed_down",
)  # fmt: skip
"""Facts of a node that are columns of the same name."""


def load_snapshot(session: Session) -> Snapshot:
    """All of it in five statements, however large the county."""
    network = session.scalar(select(Network).order_by(Network.id).limit(1))
    levels = session.scalars(select(Level).order_by(Level.position))
    return Snapshot(
        network={key: getattr(network, key) for key in NETWORK_KEYS} if network else {},
        levels=tuple(LevelRow(v.code, v.name, v.name_en, v.plate_rule) for v in levels),
        nodes=_nodes(session),
    )


def _nodes(session: Session) -> dict[str, dict[str, Any]]:
    hours: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(
            OpeningHours.node_id, OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes
        ).order_by(OpeningHours.weekday, OpeningHours.opens)
    ):
        hours[row.node_id].append((row.weekday, Span(row.opens, row.closes)))
    closings: dict[int, list[Any]] = defaultdict(list)
    for closing in session.scalars(select(Closing)):
        closings[closing.node_id].append(closing_row(closing))
    columns = [getattr(Node, name) for name in PLAIN]
    rows = session.execute(
        select(Node.id, Node.code, Node.parent_id, Node.level_code, *columns).order_by(Node.id)
    ).all()
    codes = {row.id: row.code for row in rows}
    return {
        row.code: {
            **{name: getattr(row, name) for name in PLAIN},
            "level": row.level_code,
            "parent": codes.get(row.parent_id),
            "hours": tuple(hours[row.id]),
            "closings": tuple(sorted(closings[row.id], key=str)),
        }
        for row in rows
    }


def closing_row(closing: Closing) -> tuple[Any, ...]:
    """A closing as importing.values gives it."""
    span = None
    if closing.opens is not None and closing.closes is not None:
        span = Span(closing.opens, closing.closes)
    return closing.starts_on, closing.ends_on, span, closing.reason
