"""What waits for a member of staff. Each question reads a short piece of one index, so that the
first page is as quick in a county of a hundred thousand activities as in a village."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from culture_cloud import clock
from culture_cloud.access.scope import Scope
from culture_cloud.activities.filters import day_start
from culture_cloud.activities.models import (
    Activity,
    ActivityFeed,
    ActivityState,
    AgendaEntry,
)
from culture_cloud.activities.queries import Card, cards_between
from culture_cloud.jobs.models import FAILED, Job
from culture_cloud.network.models import Node
from culture_cloud.sign_ups.models import SignUp, SignUpState

TODAY_SHOWN = 30
NEXT_SHOWN = 8
SHOWN = 5
COUNTED = 100
"""Counts go no further; beyond that it is "more than"."""
NEXT_DAYS = 60
STILL_ON = timedelta(hours=2)


def roots(scope: Scope) -> list[int]:
    """Ids of the topmost nodes of a scope, none below another."""
    tops: list[str] = []
    for path in sorted(scope.paths, key=len):
        if not any(path.startswith(top) for top in tops):
            tops.append(path)
    return [int(path.strip("/").rpartition("/")[2]) for path in tops]


def todays_sessions(session: Session, scope: Scope, zone: ZoneInfo) -> list[Card]:
    """Today's sessions by time; on a day with very many, those that are on or still come."""
    today = clock.now().astimezone(zone).date()
    start, end = day_start(today, zone), day_start(today + timedelta(days=1), zone)
    found: list[Card] = []
    for root in roots(scope):
        cards = cards_between(session, start, end, ancestor_id=root, limit=TODAY_SHOWN)
        if len(cards) == TODAY_SHOWN:
            since = max(start, clock.now() - STILL_ON)
            cards = cards_between(session, since, end, ancestor_id=root, limit=TODAY_SHOWN)
        found += cards
    return _by_time(found, TODAY_SHOWN)


def next_sessions(session: Session, scope: Scope, zone: ZoneInfo) -> list[Card]:
    """The first sessions from tomorrow on."""
    tomorrow = clock.now().astimezone(zone).date() + timedelta(days=1)
    start, end = day_start(tomorrow, zone), day_start(tomorrow + timedelta(days=NEXT_DAYS), zone)
    found: list[Card] = []
    for root in roots(scope):
        found += cards_between(session, start, end, ancestor_id=root, limit=NEXT_SHOWN)
    return _by_time(found, NEXT_SHOWN)


def _by_time(cards: list[Card], limit: int) -> list[Card]:
    return sorted(cards, key=lambda card: (card.starts_at, card.session_id))[:limit]


def sessions_this_week(session: Session, scope: Scope) -> int:
    """How many sessions start within seven days, at most COUNTED."""
    now = clock.now()
    within = (
        select(AgendaEntry.session_id)
        .where(
            AgendaEntry.ancestor_id.in_(roots(scope)),
            AgendaEntry.starts_at >= now,
            AgendaEntry.starts_at < now + timedelta(days=7),
        )
        .limit(COUNTED)
    )
    return _count(session, within)


def count_in_state(session: Session, scope: Scope, state: ActivityState) -> int:
    """How many own activities are in a state, at most COUNTED."""
    return _count(session, _in_state(select(Activity.id), scope, state).limit(COUNTED))


def in_state(session: Session, scope: Scope, state: ActivityState) -> Sequence[Activity]:
    """Own activities in a state, what was touched last first, at most SHOWN."""
    query = _in_state(select(Activity), scope, state).options(
        joinedload(Activity.node), joinedload(Activity.kind)
    )
    order = (Activity.updated_at.desc(), Activity.id.desc())
    return session.scalars(query.order_by(*order).limit(SHOWN)).all()


def _in_state(query: Select[Any], scope: Scope, state: ActivityState) -> Select[Any]:
    own_nodes = select(Node.id).where(scope.rows(Node.path))
    return query.where(Activity.state == state, Activity.node_id.in_(own_nodes))


def _count(session: Session, limited: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(limited.subquery())) or 0


def sign_ups_to_review(session: Session, scope: Scope) -> list[tuple[int, str, int]]:
    """Own activities with sign-ups that wait for review: (id, title, how many), at most SHOWN."""
    pending = (
        select(SignUp.activity_id, func.count().label("number"))
        .where(SignUp.state == SignUpState.PENDING)
        .group_by(SignUp.activity_id)
        .subquery()
    )
    rows = session.execute(
        select(Activity.id, Activity.title, pending.c.number)
        .join(pending, pending.c.activity_id == Activity.id)
        .join(Node, Node.id == Activity.node_id)
        .where(scope.rows(Node.path))
        .order_by(Activity.first_starts_at, Activity.id)
        .limit(SHOWN)
    )
    return [(number, title, count) for number, title, count in rows]


def failing_feeds(session: Session, scope: Scope) -> Sequence[ActivityFeed]:
    """Sources that could not be fetched the last time."""
    return session.scalars(
        select(ActivityFeed)
        .join(Node, Node.id == ActivityFeed.node_id)
        .options(joinedload(ActivityFeed.node))
        .where(ActivityFeed.active, ActivityFeed.failures > 0, scope.rows(Node.path))
        .order_by(ActivityFeed.failures.desc(), ActivityFeed.id)
        .limit(SHOWN)
    ).all()


def failed_jobs(session: Session) -> Sequence[Job]:
    """Work that was given up, the latest first."""
    query = select(Job).where(Job.state == FAILED).order_by(Job.due_at.desc()).limit(SHOWN)
    return session.scalars(query).all()
