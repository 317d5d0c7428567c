"""Counts beside the filters, capped at ENOUGH: nobody needs to know that it is 4,523.

A capped count reads at most ENOUGH index entries per choice, so that a list page costs the same in
a county of any size. All counts come in one statement and are kept until a topic's version moves.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from culture_cloud import clock

from .filters import WHEN, ActivityFilter
from .models import EVERYWHERE, AgendaEntry
from .queries import NodeChoice, conditions

ENOUGH = 100

Counts = dict[tuple[str, str], int]
"""(question, choice) → count; ENOUGH stands for that many or more."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What each question offers."""

    kinds: tuple[str, ...]
    audiences: tuple[str, ...]
    nodes: tuple[NodeChoice, ...]


def counts(
    session: Session,
    asked: ActivityFilter,
    choices: Choices,
    *,
    ancestor_id: int,
    zone: ZoneInfo,
) -> Counts:
    """How many sessions each choice would show, the other questions staying as they are."""
    now = clock.now()
    parts = []
    for question, choice, where in _variants(asked, choices, ancestor_id, now, zone):
        some = select(AgendaEntry.session_id).where(*where).limit(ENOUGH).subquery()
        parts.append(
            select(
                literal(question).label("question"),
                literal(choice).label("choice"),
                select(func.count()).select_from(some).scalar_subquery().label("n"),
            )
        )
    return {(q, c): n for q, c, n in session.execute(union_all(*parts))}


def _variants(
    asked: ActivityFilter,
    choices: Choices,
    ancestor_id: int,
    now: datetime,
    zone: ZoneInfo,
) -> Iterable[tuple[str, str, list[ColumnElement[bool]]]]:
    def narrowed(at: int = ancestor_id, **change: str | bool) -> list[ColumnElement[bool]]:
        return conditions(replace(asked, after=None, before=None, **change), at, now, zone)  # type: ignore[arg-type]

    any_day = asked.without("when", "from", "to")
    yield "when", "", conditions(any_day, ancestor_id, now, zone)
    for when in WHEN:
        yield "when", when, conditions(replace(any_day, when=when), ancestor_id, now, zone)
    yield "kind", "", narrowed(kind="")
    for kind in choices.kinds:
        yield "kind", kind, narrowed(kind=kind)
    yield "audience", "", narrowed(audience="")
    for audience in choices.audiences:
        yield "audience", audience, narrowed(audience=audience)
    yield "node", "", narrowed(at=EVERYWHERE)
    for node in choices.nodes:
        yield "node", node.code, narrowed(at=node.id)
    yield "free", "1", narrowed(free=True)
    yield "open", "1", narrowed(open=True)
    yield "all", "", narrowed()


class CountCache:
    """Counts by filter, good for one version of the data and one minute."""

    def __init__(self, most: int = 500) -> None:
        self.kept: OrderedDict[tuple[object, ...], tuple[object, Counts]] = OrderedDict()
        self.most = most
        self.lock = Lock()

    def get(self, key: tuple[object, ...], version: object) -> Counts | None:
        found = self.kept.get(key)
        return found[1] if found is not None and found[0] == version else None

    def keep(self, key: tuple[object, ...], version: object, counted: Counts) -> None:
        with self.lock:
            self.kept[key] = (version, counted)
            self.kept.move_to_end(key)
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)
