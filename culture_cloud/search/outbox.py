"""A change is noted in the transaction that makes it, so that neither is ever without the other.

Models say of themselves what is found of them: `__search__ = ("activity", "id")` on the class names
the kind and the column that holds the document's id (for a row that belongs to another one, the
column that points to it). Rows changed past the ORM are told by `touch`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from culture_cloud import clock

from .models import SearchChange

_WAITING = "search_changes"


def touch(session: Session, kind: str, *ids: int) -> None:
    """Say that these documents are to be indexed anew, or to go, once this transaction is done."""
    session.info.setdefault(_WAITING, set()).update((kind, id_) for id_ in ids)


@event.listens_for(Session, "after_flush")
def _touch_changed_rows(session: Session, *_: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        declared = getattr(type(row), "__search__", None)
        if declared is not None:
            kind, column = declared
            document_id = getattr(row, column)
            if document_id is not None:
                touch(session, kind, document_id)


@event.listens_for(Session, "before_commit")
def _write_changes(session: Session) -> None:
    session.flush()
    waiting: Iterable[tuple[str, int]] = session.info.pop(_WAITING, ())
    rows = [
        {"kind": kind, "document_id": document_id, "created_at": clock.now()}
        for kind, document_id in sorted(waiting)
    ]
    if rows:
        session.execute(insert(SearchChange), rows)


@event.listens_for(Session, "after_rollback")
def _forget_changes(session: Session) -> None:
    session.info.pop(_WAITING, None)
