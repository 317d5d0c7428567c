"""A county of any size, to measure on: `flask demo --scale 100000`.

Written in batches of plain rows, because a hundred thousand activities through the services would
take an hour. The agenda comes from the same function as on a living site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from sqlalchemy import Table, insert, text
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.access.models import RoleGrant
from culture_cloud.access.permissions import Role
from culture_cloud.accounts import passwords
from culture_cloud.accounts.models import Account
from culture_cloud.activities.models import EVERYWHERE, PLACES_TOPIC, TOPIC
from culture_cloud.network.models import Level, Network, Node, OpeningHours
from culture_cloud.web.words import site_zone

from . import content
from .county import CountyNotEmpty, is_empty
from .scale_rows import TABLES, CountyRows, Place
from .welcome import PASSWORD

BATCH = 5000
"""Activities per transaction."""

ACTIVITIES_PER_NODE = 250
MOST_NODES = 400
NODES_PER_BRANCH = 20
COUNTY = "百乡县"


@dataclass(frozen=True, slots=True)
class Made:
    """How much was written."""

    nodes: int
    activities: int
    sessions: int
    agenda: int
    sign_ups: int


def make_county(
    activities: int, *, seed: int = 1, on_progress: Callable[[int], None] = lambda _: None
) -> Made:
    """Fill an empty site. `on_progress` hears how many activities are written.

    The same number, seed and day make the same county. Raises CountyNotEmpty.
    """
    demo, now = content.load(), clock.now().astimezone(site_zone())
    with db.transaction() as session:
        if not is_empty(session):
            raise CountyNotEmpty
        places = _add_network(session, demo, _nodes_for(activities))
        _add_administrator(session, demo, places[0].id, now)
    models = [a for a in demo.programme.activities.values() if a.status == "published"]
    rows = CountyRows(places, models, now, seed)
    agenda = 0
    for done in range(0, activities, BATCH):
        made = rows.batch(min(BATCH, activities - done))
        agenda += len(made.rows["agenda"])
        with db.transaction() as session:
            for table in TABLES:
                if made.rows[table.name]:
                    session.execute(insert(table), made.rows[table.name])
            db.touch(session, TOPIC)
            db.touch(session, PLACES_TOPIC)
        on_progress(done + len(made.rows["activities"]))
    _settle()
    return Made(len(places), rows.last_activity, rows.last_session, agenda, rows.last_sign_up)


# --- the network ---------------------------------------------------------------------------------


def _nodes_for(activities: int) -> int:
    """A main hall, a branch and a service point at least."""
    return max(3, min(MOST_NODES, activities // ACTIVITIES_PER_NODE))


def _add_network(session: Session, demo: content.DemoContent, nodes: int) -> list[Place]:
    phone = "0877-5550101"
    session.add(
        Network(
            region_code="539900",
            name=COUNTY,
            site_name="百乡文化云",
            phone=phone,
            sms_phone="19900000101",
            phone_hours="每天 8:30—18:00",
        )
    )
    session.add_all(
        Level(code=x.code, name=x.zh, name_en=x.en, position=x.position, plate_rule=x.plate)
        for x in demo.network.levels.values()
    )
    session.flush()
    names = _names()
    main = _add_node(session, demo, level="main", name="文化馆", parent=None)
    branches = [
        _add_node(session, demo, level="branch", name=f"{next(names)}镇", parent=main)
        for _ in range(max(1, nodes // NODES_PER_BRANCH))
    ]
    points = [
        _add_node(session, demo, level="service_point", name=f"{next(names)}村", parent=above)
        for above, _ in zip(_round(branches), range(nodes - 1 - len(branches)), strict=False)
    ]
    return [
        Place(node.id, node.phone, [EVERYWHERE, *map(int, node.path.strip("/").split("/"))])
        for node in (main, *branches, *points)
    ]


def _add_node(
    session: Session, demo: content.DemoContent, *, level: str, name: str, parent: Node | None
) -> Node:
    main = f"{COUNTY}文化馆"
    node = Node(
        code=name,  # stands in, as the path does, until the id is known
        level_code=level,
        parent_id=parent.id if parent else None,
        path=f"/{name}/",
        name=name,
        plate_name=demo.network.levels[level].plate.format(name=name, county=COUNTY, main=main),
        lines=["culture_hall", "library"],
        about="一楼是阅览室和活动室，二楼是排练厅。",
        address=f"{COUNTY}{name}文化路1号",
        phone="0877-5550101",
        liaison="值班员",
        access=["ramp", "seats"],
        updated_at=clock.now(),
        hours=[
            OpeningHours(weekday=day, opens=opens, closes=closes)
            for day, spans in demo.network.hours["branch"].week.items()
            for opens, closes in spans
        ],
    )
    session.add(node)
    session.flush()
    node.code = f"C{node.id:04d}"
    node.path = f"{parent.path if parent else '/'}{node.id}/"
    session.flush()
    return node


def _names() -> Iterator[str]:
    """Names of places that no map knows: 云坪, 云坝 …"""
    return (
        first + second + third
        for second, first, third in product(
            "木竹石泉岭", "云江榕盐陶雾棕古那松柏桃柳梅兰", "坪坝箐寨坡甸塘湾"
        )
    )


def _round(branches: list[Node]) -> Iterator[Node]:
    while True:
        yield from branches


def _add_administrator(
    session: Session, demo: content.DemoContent, node_id: int, now: datetime
) -> None:
    """Somebody who can open the desk of so large a county."""
    told = next(a for a in demo.people.accounts.values() if a.role == Role.SYSTEM_ADMINISTRATOR)
    account = Account(
        name=told.name,
        phone=told.phone,
        password_hash=passwords.hashed(PASSWORD),
        created_at=now - timedelta(days=600),
    )
    session.add(account)
    session.flush()
    session.add(
        RoleGrant(
            account_id=account.id, node_id=node_id, role=Role.SYSTEM_ADMINISTRATOR, granted_at=now
        )
    )


# --- afterwards ----------------------------------------------------------------------------------


def _settle() -> None:
    """Let ids count on from those that were given, and let the planner know the tables."""
    is_sqlite = db.database().is_sqlite
    for table in TABLES:
        with db.transaction() as session:
            if not is_sqlite:
                _count_on(session, table)
            session.execute(text(f"ANALYZE {table.name}"))


def _count_on(session: Session, table: Table) -> None:
    if "id" in table.c:
        session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"  # noqa: S608
                f" (SELECT max(id) FROM {table.name}))"
            )
        )
