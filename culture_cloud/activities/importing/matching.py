"""Which activity of a hall a row is: by its UID, else by name and first start."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from culture_cloud.activities.importing.carrying import cut
from culture_cloud.activities.importing.occurrences import Occurrence
from culture_cloud.activities.importing.rows import ImportRow
from culture_cloud.activities.models import Activity
from culture_cloud.network.models import Node

_LONGEST_UID = 255
_GLOBAL_FROM = 16
_AT_ONCE = 400

_Item = TypeVar("_Item")


class Known:
    """The activities of one hall that the rows of a file may be, loaded at once.

    Another hall's activities are never matched: a file changes nothing outside the hall that it
    is for, whatever UIDs it names.
    """

    def __init__(self, session: Session, node: Node, rows: Sequence[ImportRow]) -> None:
        self._node = node
        uids = {uid for row in rows if row.uid for uid in self._candidates(row.uid)}
        titles = {cut("title", row.title) for row in rows}
        self._by_uid: dict[str, Activity] = {}
        self._by_title: dict[str, list[Activity]] = {}
        self._foreign: set[str] = set()
        of_node = _whole().where(Activity.node_id == node.id)
        for some in _chunks(uids):
            for activity in session.scalars(of_node.where(Activity.uid.in_(some))):
                self._by_uid[activity.uid] = activity
            others = select(Activity.uid).where(Activity.uid.in_(some), Activity.node_id != node.id)
            self._foreign.update(session.scalars(others))
        for some in _chunks(titles):
            for activity in session.scalars(of_node.where(Activity.title.in_(some))):
                self._by_title.setdefault(activity.title, []).append(activity)

    def by_uid(self, uid: str) -> Activity | None:
        """The hall's activity with the UID of a source."""
        return next(
            (self._by_uid[name] for name in self._candidates(uid) if name in self._by_uid), None
        )

    def by_start(
        self, title: str, sessions: Sequence[Occurrence], *, is_series: bool
    ) -> list[Activity]:
        """The hall's activities of that name that begin with the same session.

        Of a series without end only the dates around today are kept, and they move on: there, one
        date in common is enough.
        """
        starts = {o.starts_at for o in sessions}
        first = min(starts)
        found = []
        for activity in self._by_title.get(cut("title", title), ()):
            kept = {s.starts_at for s in activity.sessions}
            was = {s.recurrence_id or s.starts_at for s in activity.sessions}
            begins = bool(kept) and first in (min(kept), min(was))
            if begins or (is_series and starts & kept):
                found.append(activity)
        return found

    def new_uid(self, uid: str) -> str:
        """The UID under which a new activity is kept: the source's own, or, where that is only a
        number of the hall's (or another hall has it already), with the hall's code behind it."""
        own, with_code = self._candidates(uid)
        is_global = "@" in own or len(own) >= _GLOBAL_FROM
        return own if is_global and own == uid and own not in self._foreign else with_code

    def _candidates(self, uid: str) -> tuple[str, str]:
        with_code = f"{uid}@{self._node.code}"
        if len(with_code) <= _LONGEST_UID:
            return uid, with_code
        digest = hashlib.sha256(uid.encode()).hexdigest()
        return f"{digest}@{self._node.code}", f"{digest}@{self._node.code}"


def first_start(sessions: Sequence[Occurrence]) -> datetime:
    return min(o.starts_at for o in sessions)


def _whole() -> Select[Activity]:
    return select(Activity).options(
        selectinload(Activity.sessions),
        selectinload(Activity.allotments),
        selectinload(Activity.audiences),
    )


def _chunks(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    listed = sorted(items)  # type: ignore[type-var]
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
