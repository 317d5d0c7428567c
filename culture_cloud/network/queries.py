"""Reading the network: the whole tree for lists, one node with what its page shows."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud.errors import NotFound

from .hours import Timetable, timetable
from .models import Closing, Level, Node, OpeningHours
from .names import short_plate


@dataclass(frozen=True, slots=True)
class Place:
    """A node as lists show it."""

    id: int
    code: str
    parent_id: int | None
    path: str
    level_code: str
    name: str
    plate_name: str
    lines: list[str]
    address: str
    phone: str
    sms_phone: str
    access: list[str]
    timetable: Timetable

    @property
    def title(self) -> str:
        """The plate name, without the main hall's where the node lies below one."""
        if self.parent_id is None:
            return self.plate_name
        return short_plate(self.plate_name, self.name)


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """What a list of places is narrowed to: words of the name or address, a line, access facts."""

    words: str = ""
    line: str = ""
    access: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.line or self.access)

    def matches(self, place: Place) -> bool:
        text = _folded(f"{place.name} {place.plate_name} {place.address}")
        return (
            all(word in text for word in _folded(self.words).split())
            and (not self.line or self.line in place.lines)
            and set(self.access) <= set(place.access)
        )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


_COLUMNS: tuple[Any, ...] = (
    Node.id, Node.code, Node.parent_id, Node.path, Node.level_code, Node.name, Node.plate_name,
    Node.lines, Node.address, Node.phone, Node.sms_phone, Node.access,
)  # fmt: skip


def places(session: Session) -> list[Place]:
    """All nodes that have not closed down, each before the ones below it, siblings in their order.

    Three statements, whatever the size of the network.
    """
    tables = _timetables(session)
    rows = session.execute(
        select(*_COLUMNS).where(Node.closed_down.is_(False)).order_by(Node.position, Node.id)
    )
    found = [Place(**row, timetable=tables.get(row["id"], Timetable())) for row in rows.mappings()]
    return list(_from_the_top(found))


def _timetables(session: Session) -> dict[int, Timetable]:
    weekly: dict[int, list[Any]] = defaultdict(list)
    for node_id, *span in session.execute(
        select(OpeningHours.node_id, OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes)
    ):
        weekly[node_id].append(span)
    closings: dict[int, list[Any]] = defaultdict(list)
    for node_id, *days in session.execute(
        select(
            Closing.node_id,
            Closing.starts_on,
            Closing.ends_on,
            Closing.opens,
            Closing.closes,
            Closing.reason,
        )
    ):
        closings[node_id].append(days)
    return {
        node_id: timetable(weekly[node_id], closings[node_id]) for node_id in {*weekly, *closings}
    }


def _from_the_top(found: Iterable[Place]) -> Iterator[Place]:
    """Depth first. What hangs below a node that has closed down comes at the top."""
    found = list(found)
    shown = {place.id for place in found}
    below: dict[int | None, list[Place]] = defaultdict(list)
    for place in found:
        below[place.parent_id if place.parent_id in shown else None].append(place)
    waiting = below[None][::-1]
    while waiting:
        place = waiting.pop()
        yield place
        waiting.extend(below[place.id][::-1])


def levels(session: Session) -> dict[str, Level]:
    """Levels by code, from the top down."""
    return {level.code: level for level in session.scalars(select(Level).order_by(Level.position))}


def node_by_code(session: Session, code: str) -> Node:
    """The node with its level, hours and closings, even if closed down. Raises NotFound."""
    node = session.scalar(
        select(Node)
        .where(Node.code == code)
        .options(joinedload(Node.level), selectinload(Node.hours), selectinload(Node.closings))
    )
    if node is None:
        raise NotFound
    return node


def timetable_of(node: Node) -> Timetable:
    """The timetable of a loaded node."""
    return timetable(
        [(row.weekday, row.opens, row.closes) for row in node.hours],
        [(c.starts_on, c.ends_on, c.opens, c.closes, c.reason) for c in node.closings],
    )


def way_up(session: Session, node: Node) -> list[Node]:
    """The nodes above, from the top down."""
    ids = [int(part) for part in node.path.split("/") if part][:-1]
    found = {above.id: above for above in session.scalars(select(Node).where(Node.id.in_(ids)))}
    return [found[node_id] for node_id in ids if node_id in found]


def children(session: Session, node: Node) -> list[Node]:
    """The open nodes one step below, in their order."""
    return list(
        session.scalars(
            select(Node)
            .where(Node.parent_id == node.id, Node.closed_down.is_(False))
            .order_by(Node.position, Node.id)
        )
    )
