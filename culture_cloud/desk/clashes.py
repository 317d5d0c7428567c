"""Two things at one time: in one room, or with one teacher.

What lasts longer than half a day (an exhibition) holds no room against others, and where only the
hall is named nobody knows the room: neither counts as a clash. Drafts count, so that a clash is
seen before it is public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from culture_cloud.activities.models import (
    Activity,
    ActivitySession,
    ActivityState,
    SessionState,
)
from culture_cloud.network.models import Node

LONGEST = timedelta(hours=12)
MOST = 1000
HOLDING = (ActivityState.DRAFT, ActivityState.SUBMITTED, ActivityState.PUBLISHED)

VENUE, TEACHER = "venue", "teacher"


@dataclass(frozen=True, slots=True)
class Held:
    """A session that holds a room, perhaps a teacher, for a time."""

    session_id: int
    activity_id: int
    title: str
    state: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    end_known: bool
    node_path: str
    #: where it is, as far as the room is known: (hall or address, room)
    room: tuple[str, str] | None
    teacher: str

    def overlaps(self, other: Held) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sessions that want the same at the same time; `what` is the room or the teacher."""

    kind: str
    what: str
    first: Held
    second: Held


def of_node(session: Session, node: Node, start: datetime, end: datetime) -> list[Held]:
    """All that a node holds, or that is held there, in a span of time: by time, at most MOST."""
    here = or_(Activity.node_id == node.id, Activity.place_node_id == node.id)
    return _held(session, here, start, end)


def among(session: Session, held: Sequence[Held], start: datetime, end: datetime) -> list[Clash]:
    """The clashes in which these take part, also with what other halls hold."""
    return _clashes(session, held, {one.session_id for one in held}, start, end)


def of_spans(
    session: Session, activity: Activity, spans: Iterable[tuple[datetime, datetime]]
) -> list[Clash]:
    """What else is planned at an activity's place or with its teacher while it lasts; `spans` are
    where its sessions stand, or would stand."""
    mine = [_of(activity, number, *span) for number, span in enumerate(spans, start=1)]
    if not mine:
        return []
    start, end = min(h.starts_at for h in mine), max(h.ends_at for h in mine)
    own = {one.session_id for one in mine}
    return [
        clash
        for clash in _clashes(session, mine, own, start, end)
        if clash.first.activity_id != clash.second.activity_id
    ]


def _of(activity: Activity, number: int, starts_at: datetime, ends_at: datetime) -> Held:
    place = activity.place_node
    return Held(
        # its rows are not asked for again: the numbers stand for none that are kept
        session_id=-number,
        activity_id=activity.id,
        title=activity.title,
        state=activity.state,
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=False,
        end_known=True,
        node_path=activity.node.path,
        room=_room(
            activity.place_node_id,
            place.plate_name if place else "",
            activity.place_name,
            activity.address,
        ),
        teacher=activity.teacher,
    )


def _clashes(
    session: Session, mine: Sequence[Held], own: set[int], start: datetime, end: datetime
) -> list[Clash]:
    short = [one for one in mine if one.ends_at - one.starts_at <= LONGEST]
    ids = {one.activity_id for one in mine if one.session_id < 0}
    others = [one for one in _others(session, short, start, end) if one.activity_id not in ids]
    known = {one.session_id: one for one in [*others, *short]}
    rooms: dict[tuple[str, str], list[Held]] = defaultdict(list)
    teachers: dict[str, list[Held]] = defaultdict(list)
    for one in known.values():
        if one.room is not None:
            rooms[one.room].append(one)
        if one.teacher:
            teachers[one.teacher].append(one)
    found = [
        *(Clash(VENUE, room[1], *pair) for room, held in rooms.items() for pair in _pairs(held)),
        *(Clash(TEACHER, name, *pair) for name, held in teachers.items() for pair in _pairs(held)),
    ]
    concerned = [c for c in found if own & {c.first.session_id, c.second.session_id}]
    return sorted(concerned, key=lambda c: (c.first.starts_at, c.second.starts_at, c.kind))


def _pairs(held: list[Held]) -> Iterator[tuple[Held, Held]]:
    """Those that overlap, each pair once: a sweep by time."""
    running: list[Held] = []
    for one in sorted(held, key=lambda h: (h.starts_at, h.session_id)):
        running = [other for other in running if other.ends_at > one.starts_at]
        yield from ((other, one) for other in running)
        running.append(one)


def _others(session: Session, mine: Sequence[Held], start: datetime, end: datetime) -> list[Held]:
    """Who holds the same rooms or has the same teachers in this time, wherever in the network."""
    rooms = {one.room for one in mine if one.room is not None}
    teachers = {one.teacher for one in mine if one.teacher}
    wanted: list[ColumnElement[bool]] = []
    if rooms:
        wanted.append(Activity.place_name.in_({room for _where, room in rooms}))
    if teachers:
        wanted.append(Activity.teacher.in_(teachers))
    if not wanted:
        return []
    found = _held(session, or_(*wanted), start, end)
    return [
        one
        for one in found
        if one.ends_at - one.starts_at <= LONGEST
        and (one.room in rooms or (one.teacher and one.teacher in teachers))
    ]


def _held(
    session: Session, condition: ColumnElement[bool], start: datetime, end: datetime
) -> list[Held]:
    place = aliased(Node)
    rows = session.execute(
        select(
            ActivitySession.id,
            ActivitySession.starts_at,
            ActivitySession.ends_at,
            ActivitySession.all_day,
            ActivitySession.end_known,
            Activity.id.label("activity_id"),
            Activity.title,
            Activity.state,
            Activity.place_node_id,
            Activity.place_name,
            Activity.address,
            Activity.teacher,
            Node.path,
            place.plate_name,
        )
        .join(Activity, Activity.id == ActivitySession.activity_id)
        .join(Node, Node.id == Activity.node_id)
        .outerjoin(place, place.id == Activity.place_node_id)
        .where(
            and_(
                condition,
                ActivitySession.starts_at < end,
                ActivitySession.ends_at > start,
                ActivitySession.state == SessionState.SCHEDULED,
                Activity.state.in_(HOLDING),
            )
        )
        .order_by(ActivitySession.starts_at, ActivitySession.id)
        .limit(MOST)
    )
    return [
        Held(
            session_id=row.id,
            activity_id=row.activity_id,
            title=row.title,
            state=row.state,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            all_day=row.all_day,
            end_known=row.end_known,
            node_path=row.path,
            room=_room(row.place_node_id, row.plate_name or "", row.place_name, row.address),
            teacher=row.teacher,
        )
        for row in rows
    ]


def _room(
    place_node_id: int | None, plate_name: str, place_name: str, address: str
) -> tuple[str, str] | None:
    """The room, where one is named: in a hall, or at an address."""
    if not place_name or place_name == plate_name:
        return None
    if place_node_id is not None:
        return str(place_node_id), place_name
    return (address, place_name) if address else None
