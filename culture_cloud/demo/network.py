"""The demo's network as rows: the site's facts, levels, nodes, hours, closings."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from culture_cloud.demo import content
from culture_cloud.demo.content import network as told
from culture_cloud.network.models import Closing, Level, Network, Node, OpeningHours

SITE_NAME = "木棉渡文化云"
SMS_PHONE = "19900000101"
PHONE_HOURS = "周二到周日 8:30—11:30，14:00—17:30"

Nodes = dict[str, Node]
"""The written nodes by their code."""


def add(session: Session, demo: content.DemoContent, now: datetime) -> Nodes:
    """Write the network. `now` is local; closings are told relative to its day."""
    county, nodes = demo.network.county, demo.network.nodes
    first = next(iter(nodes.values()))
    session.add(
        Network(
            region_code=county.code,
            name=county.name,
            site_name=SITE_NAME,
            phone=first.phone or "",
            sms_phone=SMS_PHONE,
            phone_hours=PHONE_HOURS,
        )
    )
    session.add_all(
        Level(
            code=level.code,
            name=level.zh,
            name_en=level.en,
            position=level.position,
            plate_rule=level.plate,
        )
        for level in demo.network.levels.values()
    )
    session.flush()
    return _add_nodes(session, demo, now)


def _add_nodes(session: Session, demo: content.DemoContent, now: datetime) -> Nodes:
    """Level by level, because a path is made of the ids above."""
    reviewed = {a.node for a in demo.programme.activities.values() if a.status == "submitted"}
    written: Nodes = {}
    for level in sorted(demo.network.levels.values(), key=lambda level: level.position):
        of_level = [n for n in demo.network.nodes.values() if n.level == level.code]
        for position, node in enumerate(of_level):
            parent = written[node.parent] if node.parent else None
            row = _node(node, demo.network.plate_name(node.code), parent, now)
            row.position = position
            row.review_required = node.code in reviewed
            row.hours = _hours(demo.network.hours[node.hours])
            row.closings = [_closing(closing, now) for closing in node.closings]
            written[node.code] = row
            session.add(row)
        session.flush()
        for node in of_level:
            above = written[node.parent].path if node.parent else "/"
            written[node.code].path = f"{above}{written[node.code].id}/"
    session.flush()
    return written


def _node(node: told.Node, plate_name: str, parent: Node | None, now: datetime) -> Node:
    return Node(
        code=node.code,
        parent_id=parent.id if parent else None,
        level_code=node.level,
        path=f"/{node.code}/",  # stands in until the id is known
        name=node.name,
        plate_name=plate_name,
        lines=list(node.lines),
        about="\n\n".join(filter(None, (node.about, node.access_note))),
        address=node.address,
        latitude=node.latitude,
        longitude=node.longitude,
        phone=node.phone or node.liaison_phone or "",
        sms_phone=node.sms_phone or "",
        liaison=node.liaison,
        access=list(node.access),
        updated_at=now,
    )


def _hours(hours: told.Hours) -> list[OpeningHours]:
    return [
        OpeningHours(weekday=weekday, opens=opens, closes=closes)
        for weekday, spans in hours.week.items()
        for opens, closes in spans
    ]


def _closing(closing: told.Closing, now: datetime) -> Closing:
    first = closing.first.on(now.date())
    return Closing(
        starts_on=first,
        ends_on=first + timedelta(days=closing.days - 1),
        reason=closing.reason,
    )
