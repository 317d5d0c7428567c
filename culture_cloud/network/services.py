"""Writing the network: imports, the facts of the site, what staff change at a node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.jobs.queue import enqueue

from .errors import ClosingNotUnderstood
from .hours import Span, Week
from .importing import NetworkFile, Plan, plan
from .importing.rows import LevelRow
from .models import Closing, Level, Network, Node, OpeningHours
from .snapshots import PLAIN, load_snapshot

REFRESH_AGENDA = "activities.refresh_agenda"
"""The job that puts activities below the nodes to which their own node has moved."""


def plan_import(session: Session, file: NetworkFile) -> Plan:
    """What importing the file would do. Writes nothing. Raises ImportRefused."""
    return plan(load_snapshot(session), file)


def import_network(session: Session, file: NetworkFile) -> Plan:
    """Bring the network to what the file says: all of it, or with ImportRefused nothing.

    Nodes are known by their code and those outside the file stay. A node under another parent
    takes all below it along; the agenda of their activities follows by a job.
    """
    planned = plan_import(session, file)
    if planned.network_changes:
        _write_network(session, planned.after.network)
    if planned.levels_changed:
        _write_levels(session, planned.after.levels)
    if planned.created or planned.changed:
        _write_nodes(session, planned)
    return planned


def describe_site(session: Session, facts: Mapping[str, str]) -> None:
    """Set facts of the site (columns of Network); what is not named stays."""
    network = session.scalar(select(Network).order_by(Network.id).limit(1))
    present = {key: getattr(network, key) for key in ("name", "site_name")} if network else {}
    _write_network(session, {**present, **facts})


def site_facts(session: Session) -> dict[str, str]:
    """The facts of the site by column of Network; empty before there is a network."""
    return dict(load_snapshot(session).network)


def _write_network(session: Session, facts: Mapping[str, str]) -> None:
    network = session.scalar(select(Network).order_by(Network.id).limit(1))
    if network is None:
        network = Network(region_code="", name="", site_name="")
        session.add(network)
    for key, value in facts.items():
        setattr(network, key, value)
    network.site_name = network.site_name or f"{network.name}文化云"


def _write_levels(session: Session, levels: tuple[LevelRow, ...]) -> None:
    present = {level.code: level for level in session.scalars(select(Level))}
    # positions are unique: all step aside before each takes its new one
    for number, level in enumerate(present.values(), start=1):
        level.position = -number
    session.flush()
    for position, row in enumerate(levels):
        kept = present.pop(row.code, None)
        if kept is None:
            kept = Level(code=row.code)
            session.add(kept)
        kept.name, kept.name_en, kept.plate_rule = row.name, row.name_en, row.plate_rule
        kept.position = position
    session.flush()
    for unused in present.values():
        session.delete(unused)


def _write_nodes(session: Session, planned: Plan) -> None:
    """New nodes first, all at once, so that every parent has its id; then facts and paths."""
    now = clock.now()
    nodes = {node.code: node for node in session.scalars(select(Node))}
    former_paths = {node.id: node.path for node in nodes.values()}
    after = planned.after.nodes
    for code in planned.created:
        node = Node(code=code, path=f"new:{code}", updated_at=now, lines=[], access=[])
        _set_facts(node, after[code])
        nodes[code] = node
    session.add_all(nodes[code] for code in planned.created)
    session.flush()
    for change in planned.changed:
        names = {fact.name for fact in change.changes}
        _set_facts(nodes[change.code], {name: after[change.code][name] for name in names})
        nodes[change.code].updated_at = now
    for code, facts in after.items():
        parent = facts["parent"]
        nodes[code].parent_id = nodes[parent].id if parent is not None else None
        path = _path(code, nodes, after)
        if nodes[code].path != path:
            nodes[code].path = path
    session.flush()
    moved = [
        node.id for node in nodes.values() if node.path != former_paths.get(node.id, node.path)
    ]
    if moved:
        enqueue(session, REFRESH_AGENDA, {"node_ids": sorted(moved)})


def _path(code: str, nodes: Mapping[str, Node], after: Mapping[str, Mapping[str, Any]]) -> str:
    ids = []
    above: str | None = code
    while above is not None:
        ids.append(str(nodes[above].id))
        above = after[above]["parent"]
    return "/" + "/".join(reversed(ids)) + "/"


def _set_facts(node: Node, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name in PLAIN:
            setattr(node, name, value)
    if "level" in facts:
        node.level_code = facts["level"]
    if "hours" in facts:
        _set_hours(node, facts["hours"])
    if "closings" in facts:
        node.closings = [_closing(*row) for row in facts["closings"]]


def _set_hours(node: Node, wanted: Iterable[tuple[int, Span]]) -> None:
    """Spans that begin as before keep their row: rows are inserted before others are deleted, and
    a node has one span for each beginning."""
    present = {(row.weekday, row.opens): row for row in node.hours}
    rows = []
    for weekday, (opens, closes) in wanted:
        row = present.get((weekday, opens)) or OpeningHours(weekday=weekday, opens=opens)
        row.closes = closes
        rows.append(row)
    node.hours = rows


def _closing(starts_on: date, ends_on: date, span: Span | None, reason: str) -> Closing:
    opens, closes = span or (None, None)
    return Closing(starts_on=starts_on, ends_on=ends_on, opens=opens, closes=closes, reason=reason)


# --- staff at a node -----------------------------------------------------------------------------

EDITABLE = (
    "about", "address", "phone", "sms_phone", "liaison", "access", "photo_alt", "photo",
    "review_required",
)  # fmt: skip
"""What staff of a node may change; its name, level and place in the tree come by import."""


def edit_node(session: Session, node_id: int, facts: Mapping[str, Any], week: Week) -> None:
    """Set facts (of EDITABLE) and the weekly hours of a node."""
    node = session.get_one(Node, node_id)
    for name in EDITABLE:
        if name in facts:
            setattr(node, name, facts[name])
    _set_hours(node, [(weekday, span) for weekday in sorted(week) for span in week[weekday]])
    node.updated_at = clock.now()


def add_closing(
    session: Session,
    node_id: int,
    *,
    starts_on: date,
    ends_on: date,
    spans: Iterable[Span],
    reason: str,
) -> None:
    """Close the node on these days, or with spans let it open at other hours. Saying the same
    twice changes nothing. Raises ClosingNotUnderstood where the days are the wrong way round."""
    if ends_on < starts_on:
        raise ClosingNotUnderstood
    node = session.get_one(Node, node_id)
    present = {(c.starts_on, c.ends_on, c.opens, c.closes) for c in node.closings}
    for span in tuple(spans) or (None,):
        closing = _closing(starts_on, ends_on, span, reason)
        if (starts_on, ends_on, closing.opens, closing.closes) not in present:
            node.closings.append(closing)
    node.updated_at = clock.now()


def remove_closing(session: Session, node_id: int, closing_id: int) -> None:
    """Take a closing back; nothing happens where it is gone already."""
    node = session.get_one(Node, node_id)
    node.closings = [closing for closing in node.closings if closing.id != closing_id]
    node.updated_at = clock.now()
