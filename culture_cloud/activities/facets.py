"""Counts beside the filters, capped at ENOUGH: nobody needs to know that it is 4,523.

A capped count reads at most ENOUGH index entries per choice, so that a list page costs the same in
a county of any size. All counts come in one statement and are kept until a topic's version moves.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from culture_cloud import clock
from culture_cloud.network.models import Node

from .filters import WHEN, ActivityFilter
from .models import EVERYWHERE, ActivityKind, AgendaEntry, Audience
from .queries import NodeChoice, conditions, is_for

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
    """How many sessions each choice would show, the other questions staying as they are.

    The choices of kind, audience and node are rows of their tables, each with its own count: one
    expression serves for all of them, which costs a fraction of one per choice.
    """
    now = clock.now()
    # what is open is asked of every choice and costs three look-ups a session: found out once
    is_open = _is_open(now, zone) if asked.open else ()
    rest = replace(asked, after=None, before=None, open=False)
    any_day = rest.without("when", "from", "to")

    def where(
        at: Any = ancestor_id, of: ActivityFilter = rest, **change: str | bool
    ) -> list[ColumnElement[bool]]:
        return [*conditions(replace(of, **change), at, now, zone), *is_open]  # type: ignore[arg-type]

    parts = [
        _one("when", "", where(of=any_day)),
        *(_one("when", when, where(of=any_day, when=when)) for when in WHEN),
        _one("kind", "", where(kind="")),
        _each(
            "kind", ActivityKind.code, [*where(kind=""), AgendaEntry.kind_code == ActivityKind.code]
        ),
        _one("audience", "", where(audience="")),
        _each("audience", Audience.code, [*where(audience=""), is_for(Audience.code)]),
        _one("node", "", where(at=EVERYWHERE)),
        _each("node", Node.code, where(at=Node.id), Node.id.in_([n.id for n in choices.nodes])),
        _one("free", "1", where(free=True)),
        _one("open", "1", where(open=not asked.open)),
        _one("all", "", where()),
    ]
    return {(q, c): n for q, c, n in session.execute(union_all(*parts))}


def _is_open(now: datetime, zone: ZoneInfo) -> tuple[ColumnElement[bool]]:
    """Whether an entry is among those open for sign-up, as a set that the statement makes once."""
    everywhere = conditions(ActivityFilter(open=True), EVERYWHERE, now, zone)
    found = select(AgendaEntry.session_id).where(*everywhere)
    # without the word SQLite makes the set anew for each choice
    open_now = found.cte("open_now").prefix_with("MATERIALIZED")
    return (AgendaEntry.session_id.in_(select(open_now.c.session_id)),)


def _number(where: list[ColumnElement[bool]], *outside: Any) -> ScalarSelect[int]:
    """At most ENOUGH; `outside` are tables of the statement around it."""
    some = select(AgendaEntry.session_id).where(*where).limit(ENOUGH).correlate(*outside)
    return select(func.count()).select_from(some.subquery()).correlate(*outside).scalar_subquery()


def _one(question: str, choice: str, where: list[ColumnElement[bool]]) -> Select[str, str, int]:
    return select(
        literal(question).label("question"),
        literal(choice).label("choice"),
        _number(where).label("n"),
    )


def _each(
    question: str,
    choice: InstrumentedAttribute[str],
    where: list[ColumnElement[bool]],
    *which: ColumnElement[bool],
) -> Select[str, str, int]:
    """A count for every row of the choice's table that `which` keeps."""
    found = _number(where, choice.class_)
    return select(literal(question).label("question"), choice, found).where(*which)


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
