"""The list of own activities: filters, pages that hang on a row, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from culture_cloud import clock
from culture_cloud.access.scope import Scope
from culture_cloud.activities.models import (
    Activity,
    ActivitySession,
    ActivityState,
    Allotment,
    SessionState,
)
from culture_cloud.network.models import Node

PAGE_SIZE = 20
MOST_EXPORTED = 5_000
WHEN = ("coming", "past")


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What staff ask the list for; values that make no sense are left out."""

    state: str = ""
    when: str = ""
    node: str = ""
    text: str = ""
    #: the page begins below this activity
    after: int | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> ListFilter:
        state, when = args.get("state", ""), args.get("when", "")
        after = args.get("after", "")
        return cls(
            state=state if state in set(ActivityState) else "",
            when=when if when in WHEN else "",
            node=args.get("node", "")[:40],
            text=" ".join(args.get("q", "").split())[:100],
            after=int(after) if after.isascii() and after.isdigit() and len(after) < 18 else None,
        )

    def args(self, **change: str | None) -> dict[str, str]:
        """The query values of this filter, with some changed, on the first page."""
        values = {"state": self.state, "when": self.when, "node": self.node, "q": self.text}
        return {name: value for name, value in {**values, **change}.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.args())


@dataclass(frozen=True, slots=True)
class Row:
    """An activity, its next session (or its last, where all are over), and its places."""

    activity: Activity
    session: ActivitySession | None
    capacity: int | None
    taken: int


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: list[Row]
    #: id of the last row, where more follow
    next: int | None


def list_page(
    session: Session, scope: Scope, asked: ListFilter, *, size: int = PAGE_SIZE
) -> ListPage:
    """What was made last comes first."""
    query = _query(scope, asked).order_by(Activity.id.desc()).limit(size + 1)
    found = session.scalars(query).all()
    rows = _rows(session, found[:size])
    return ListPage(rows, rows[-1].activity.id if len(found) > size else None)


def all_rows(session: Session, scope: Scope, asked: ListFilter) -> Iterator[Row]:
    """All that the filter asks for, at most MOST_EXPORTED, in batches."""
    left, asked = MOST_EXPORTED, replace(asked, after=None)
    while left > 0:
        page = list_page(session, scope, asked, size=min(left, 500))
        yield from page.rows
        if page.next is None:
            return
        left -= len(page.rows)
        asked = replace(asked, after=page.next)


def _query(scope: Scope, asked: ListFilter) -> Select[Activity]:
    now = clock.now()
    conditions: list[ColumnElement[bool]] = [scope.rows(Node.path)]
    if asked.state:
        conditions.append(Activity.state == asked.state)
    if asked.when == "coming":
        conditions.append(Activity.last_ends_at > now)
    if asked.when == "past":
        conditions.append(Activity.last_ends_at <= now)
    if asked.node:
        conditions.append(Node.code == asked.node)
    if asked.text:
        conditions.append(Activity.title.icontains(asked.text, autoescape=True))
    if asked.after is not None:
        conditions.append(Activity.id < asked.after)
    return (
        select(Activity)
        .join(Node, Node.id == Activity.node_id)
        .options(joinedload(Activity.node), joinedload(Activity.kind))
        .where(*conditions)
    )


def _rows(session: Session, activities: Sequence[Activity]) -> list[Row]:
    ids = [activity.id for activity in activities]
    shown = _shown_sessions(session, ids)
    places = _places(session, ids, [s.id for s in shown.values()])
    return [
        Row(activity, shown.get(activity.id), *places.get(activity.id, (None, 0)))
        for activity in activities
    ]


def _shown_sessions(session: Session, ids: Sequence[int]) -> dict[int, ActivitySession]:
    """Of each activity the session that is next, else the last one."""
    coming = _one_each(session, ids, func.min(ActivitySession.starts_at), clock.now())
    return _one_each(session, ids, func.max(ActivitySession.starts_at), None) | coming


def _one_each(
    session: Session,
    ids: Sequence[int],
    which: ColumnElement[datetime],
    ending_after: datetime | None,
) -> dict[int, ActivitySession]:
    if not ids:
        return {}
    conditions: list[ColumnElement[bool]] = [ActivitySession.activity_id.in_(ids)]
    if ending_after is not None:
        conditions.append(ActivitySession.ends_at > ending_after)
        conditions.append(ActivitySession.state == SessionState.SCHEDULED)
    picked = (
        select(ActivitySession.activity_id, which.label("starts_at"))
        .where(*conditions)
        .group_by(ActivitySession.activity_id)
        .subquery()
    )
    query = select(ActivitySession).join(
        picked,
        and_(
            ActivitySession.activity_id == picked.c.activity_id,
            ActivitySession.starts_at == picked.c.starts_at,
        ),
    )
    return {found.activity_id: found for found in session.scalars(query)}


def _places(
    session: Session, ids: Sequence[int], session_ids: Sequence[int]
) -> dict[int, tuple[int | None, int]]:
    """Capacity and taken of the shown session, or of the course: by activity."""
    if not ids:
        return {}
    rows = session.execute(
        select(Allotment.activity_id, Allotment.capacity, Allotment.taken).where(
            Allotment.activity_id.in_(ids),
            or_(Allotment.session_id.is_(None), Allotment.session_id.in_(session_ids)),
        )
    )
    return {activity_id: (capacity, taken) for activity_id, capacity, taken in rows}
