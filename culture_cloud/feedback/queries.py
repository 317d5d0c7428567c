"""Reading what people told us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from culture_cloud import clock
from culture_cloud.access.scope import Scope
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node

from .models import Feedback, State

COUNTED_OVER = timedelta(days=365)


def by_token(session: Session, token: str) -> Feedback:
    """A person's own message. Raises NotFound."""
    found = session.scalar(
        select(Feedback).options(joinedload(Feedback.node)).where(Feedback.token == token)
    )
    if found is None:
        raise NotFound
    return found


def own(session: Session, scope: Scope, feedback_id: int) -> Feedback:
    """A message that these staff answer. Raises NotFound, also for others'."""
    found = session.scalar(
        select(Feedback)
        .options(joinedload(Feedback.node), joinedload(Feedback.voice))
        .where(Feedback.id == feedback_id, Feedback.state != State.WITHDRAWN)
    )
    if found is None:
        raise NotFound
    if found.node is not None:
        scope.require(found.node.path)
    return found


def listed(
    session: Session, scope: Scope, *, answered: bool, first: int = 0, limit: int = 50
) -> Sequence[Feedback]:
    """Messages of the halls in scope: those that wait by the day of our promise, those answered
    the latest first."""
    order = (
        (Feedback.answered_at.desc(), Feedback.id.desc())
        if answered
        else (Feedback.due_on, Feedback.id)
    )
    return session.scalars(
        select(Feedback)
        .outerjoin(Feedback.node)
        .options(joinedload(Feedback.node), joinedload(Feedback.voice))
        .where(_in(scope), Feedback.state == (State.ANSWERED if answered else State.OPEN))
        .order_by(*order)
        .offset(first)
        .limit(limit)
    ).all()


def waiting_count(session: Session, scope: Scope) -> int:
    """How many messages still wait for an answer."""
    query = select(func.count(Feedback.id)).outerjoin(Feedback.node)
    return session.scalar(query.where(_in(scope), Feedback.state == State.OPEN)) or 0


def _in(scope: Scope) -> ColumnElement[bool]:
    return or_(scope.rows(Node.path), Feedback.node_id.is_(None))


def shown(session: Session, *, first: int = 0, limit: int = 20) -> Sequence[Feedback]:
    """Questions and answers that people let us show, the latest first."""
    return session.scalars(
        select(Feedback)
        .where(Feedback.state == State.ANSWERED, Feedback.shown_words != "")
        .order_by(Feedback.answered_at.desc(), Feedback.id.desc())
        .offset(first)
        .limit(limit)
    ).all()


@dataclass(frozen=True, slots=True)
class Promise:
    """How we kept our promise over the last year."""

    answered: int
    in_time: int
    late_and_open: int


def promise(session: Session, today: date) -> Promise:
    """Counted over all that was said, shown or not."""
    since = clock.now() - COUNTED_OVER
    rows = session.execute(
        select(Feedback.answered_at, Feedback.due_on).where(
            Feedback.state == State.ANSWERED, Feedback.created_at > since
        )
    ).all()
    late = session.scalar(
        select(func.count(Feedback.id)).where(Feedback.state == State.OPEN, Feedback.due_on < today)
    )
    in_time = sum(answered.date() <= due for answered, due in rows if answered is not None)
    return Promise(len(rows), in_time, late or 0)
