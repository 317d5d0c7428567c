"""Reading the trail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from .models import AuditEntry

PAGE = 50


def of_subject(
    session: Session, kind: str, subject_id: int, *, before: int | None = None
) -> list[AuditEntry]:
    """A page of what was done to one thing, latest first, and one entry more where there are."""
    query = select(AuditEntry).where(
        AuditEntry.subject_kind == kind, AuditEntry.subject_id == subject_id
    )
    return _page(session, query, before)


def listed(
    session: Session,
    nodes: ColumnElement[bool] | None,
    *,
    kind: str = "",
    actor_id: int | None = None,
    before: int | None = None,
) -> list[AuditEntry]:
    """A page of everything; `nodes` is the condition on node_id that keeps what may be read."""
    query: Select[Any] = select(AuditEntry)
    if nodes is not None:
        query = query.where(nodes)
    if kind:
        query = query.where(AuditEntry.subject_kind == kind)
    if actor_id is not None:
        query = query.where(AuditEntry.actor_id == actor_id)
    return _page(session, query, before)


def _page(session: Session, query: Select[Any], before: int | None) -> list[AuditEntry]:
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(session.scalars(query.order_by(AuditEntry.id.desc()).limit(PAGE + 1)))
