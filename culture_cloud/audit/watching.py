"""Rows whose every change is recorded by itself.

    class Node(Base):
        __audit__ = Watch("node", ("name", "phone", …), node=lambda row: row.id)

Each change that goes through the ORM becomes an entry in the same transaction, whoever wrote the
code that made it. What is changed by a statement of its own (UPDATE … WHERE) calls `record`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from .recording import record


@dataclass(frozen=True, slots=True)
class Watch:
    """What of a row is recorded, and as a change of what.

    `fields` are attributes. `subject` leads to the id of the thing the entry is about, `node` to
    the node whose staff may read it; `part` names the actions of a row that is a part of the
    thing: "date" makes date_added, date_changed, date_removed. `shown` are fields that an entry
    always names, so that one knows which part it was.
    """

    kind: str
    fields: tuple[str, ...]
    subject: Callable[[Any], int] = lambda row: row.id
    node: Callable[[Any], int | None] = lambda _row: None
    part: str = ""
    shown: tuple[str, ...] = ()

    def action(self, verb: str) -> str:
        if not self.part:
            return verb
        return f"{self.part}_{ {'created': 'added', 'deleted': 'removed'}.get(verb, verb) }"


@dataclass(slots=True)
class _Change:
    """What befell one row so far in this transaction."""

    watch: Watch
    row: Any
    verb: str
    changes: dict[str, list[Any]]


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, *_: Any) -> None:
    """One transaction flushes a row more than once; the entry says it once."""
    noted: dict[int, _Change] = session.info.setdefault("audit", {})
    for verb, rows in (
        ("created", session.new),
        ("changed", session.dirty),
        ("deleted", session.deleted),
    ):
        for row in rows:
            watch: Watch | None = getattr(type(row), "__audit__", None)
            if watch is not None:
                _note(noted, _Change(watch, row, verb, _changes(watch, verb, row)))


def _note(noted: dict[int, _Change], change: _Change) -> None:
    before = noted.get(id(change.row))
    if before is None:
        if change.changes or change.verb != "changed":
            noted[id(change.row)] = change
        return
    if change.verb == "deleted":
        before.verb = "deleted"
    for field, (was, now) in change.changes.items():
        before.changes[field] = [before.changes.get(field, [was])[0], now]


@event.listens_for(Session, "before_commit")
def _write_entries(session: Session) -> None:
    session.flush()
    for change in session.info.pop("audit", {}).values():
        watch, row = change.watch, change.row
        changes = {f: pair for f, pair in change.changes.items() if pair[0] != pair[1]}
        if change.verb == "changed" and not changes:
            continue
        for field in watch.shown:
            changes.setdefault(field, [getattr(row, field)] * 2)
        record(
            session,
            action=watch.action(change.verb),
            subject_kind=watch.kind,
            subject_id=watch.subject(row),
            node_id=watch.node(row),
            changes=changes,
        )


@event.listens_for(Session, "after_rollback")
def _forget_changes(session: Session) -> None:
    session.info.pop("audit", None)


def _changes(watch: Watch, verb: str, row: Any) -> dict[str, list[Any]]:
    state = inspect(row)
    changes: dict[str, list[Any]] = {}
    for field in watch.fields:
        if verb == "deleted":
            changes[field] = [state.dict.get(field), None]
            continue
        history = (
            state.attrs[field].load_history()
            if verb == "created"
            else (state.get_history(field, PASSIVE_NO_INITIALIZE))
        )
        if not history.has_changes():
            continue
        before = history.deleted[0] if history.deleted else None
        after = history.added[0] if history.added else None
        if before != after and not (verb == "created" and after in (None, "", [], {}, False)):
            changes[field] = [before, after]
    return changes
