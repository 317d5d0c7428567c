"""How sending went, whom staff have to call, and what lies in an inbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.scope import Scope
from culture_cloud.network.models import Node

from .models import Notice, NoticeChannel, NoticeState

PAGE = 50


def failed(session: Session, scope: Scope | None = None, *, limit: int = 100) -> list[Notice]:
    """Notices that finally failed, latest first: those in the name of the scope's nodes.

    Without a scope (the operator) all of them, also those about accounts, which belong to no node.
    """
    query: Select[Any] = select(Notice).where(Notice.state == NoticeState.FAILED)
    if scope is not None:
        query = _within(query, scope)
    return list(session.scalars(query.order_by(Notice.created_at.desc(), Notice.id).limit(limit)))


def _within(query: Select[Any], scope: Scope) -> Select[Any]:
    return query.join(Node, Node.id == Notice.node_id).where(scope.rows(Node.path))


def to_call() -> ColumnElement[bool]:
    """The condition of a notice that staff have to tell on the phone: there is no other way, or the
    text message did not arrive and it is not too late."""
    return or_(
        and_(Notice.channel == NoticeChannel.CALL, Notice.state == NoticeState.QUEUED),
        and_(
            Notice.channel == NoticeChannel.SMS,
            Notice.state == NoticeState.FAILED,
        ),
    )


def calls(session: Session, scope: Scope, *, limit: int = 200) -> list[Notice]:
    """Whom staff of the scope have to call, the most urgent first."""
    query = _within(select(Notice).where(to_call(), Notice.send_until > clock.now()), scope)
    return list(session.scalars(query.order_by(Notice.send_until, Notice.id).limit(limit)))


def listed(
    session: Session,
    scope: Scope,
    *,
    state: str = "",
    channel: str = "",
    before: int | None = None,
) -> list[Notice]:
    """A page of what was sent in the name of the scope's nodes, latest first; inboxes left out.
    `before` is the last id of the page before."""
    query = _within(select(Notice).where(Notice.channel != NoticeChannel.INBOX), scope)
    if state:
        query = query.where(Notice.state == state)
    if channel:
        query = query.where(Notice.channel == channel)
    if before is not None:
        query = query.where(Notice.id < before)
    return list(session.scalars(query.order_by(Notice.id.desc()).limit(PAGE + 1)))


def inbox(session: Session, account_id: int, *, before: int | None = None) -> Sequence[Notice]:
    """A page of the person's inbox, latest first."""
    query = _inbox(account_id)
    if before is not None:
        query = query.where(Notice.id < before)
    return session.scalars(query.order_by(Notice.id.desc()).limit(PAGE + 1)).all()


def in_inbox(session: Session, account_id: int, notice_id: int) -> Notice | None:
    """One message of the person's own inbox."""
    return session.scalar(_inbox(account_id).where(Notice.id == notice_id))


def unread(session: Session, account_id: int) -> int:
    """How many messages of the inbox the person has not opened."""
    query = select(func.count(Notice.id)).where(
        Notice.account_id == account_id,
        Notice.channel == NoticeChannel.INBOX,
        Notice.read_at.is_(None),
    )
    return session.scalar(query) or 0


def _inbox(account_id: int) -> Select[Notice]:
    return select(Notice).where(
        Notice.account_id == account_id, Notice.channel == NoticeChannel.INBOX
    )
