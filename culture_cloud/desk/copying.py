"""Last time's activity once more: the same, whole weeks later, when its place is free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import rules as ruled
from culture_cloud.activities import services
from culture_cloud.activities.models import (
    Activity,
    ActivitySession,
    ActivityState,
    SessionState,
    SignUpWay,
)
from culture_cloud.activities.services import ASSUMED_LENGTH

from .prefill import moved_rule
from .spans import Span, facts_of, scheduled, span_of

MOST_WEEKS_TRIED = 26
_HOLDING = (ActivityState.DRAFT, ActivityState.SUBMITTED, ActivityState.PUBLISHED)


def copy(session: Session, activity_id: int, *, by_account_id: int | None) -> int:
    """A draft that is like the activity, on its next free dates; its id. Raises NotFound."""
    activity = services.locked(session, activity_id)
    spans = next_dates(session, activity)
    facts = services.ActivityFacts(
        **{name: getattr(activity, name) for name in _KEPT},
        audience_codes=[audience.code for audience in activity.audiences],
        sessions=[facts_of(span) for span in spans],
        rrule=moved_rule(activity.rrule, spans),
        rules=ruled.of(session, activity.id),
        sign_up=SignUpWay.HERE if activity.sign_up == SignUpWay.DRAW else activity.sign_up,
    )
    return services.create(session, facts, by_account_id=by_account_id).id


_KEPT = (
    "title", "kind_code", "node_id", "description", "place_name", "place_node_id", "address",
    "latitude", "longitude", "is_free", "fee", "bring", "access", "organiser", "teacher",
    "co_organisers", "contact_phone", "poster", "poster_alt", "sign_up_url", "enrolment",
    "capacity", "max_party",
)  # fmt: skip
"""What is the same next time. The window of sign-up is not: it was about the old dates."""


def next_dates(session: Session, activity: Activity) -> list[Span]:
    """The activity's dates moved by the fewest whole weeks after which all lie ahead and nothing
    else is planned at its place; where every week tried is taken, the first that lies ahead."""
    spans = [span_of(s) for s in scheduled(activity.sessions) or activity.sessions]
    if not spans:
        return []
    # what lasts longer than a week begins anew after it has ended
    first = _weeks_until(spans[0].starts_at, clock.now())
    taken = _taken(session, activity, since=spans[0].moved(first).starts_at)
    for weeks in range(first, first + MOST_WEEKS_TRIED):
        moved = [span.moved(weeks) for span in spans]
        if not any(_overlap(span, other) for span in moved for other in taken):
            return moved
    return [span.moved(first) for span in spans]


def _weeks_until(start: datetime, now: datetime) -> int:
    """The fewest whole weeks, at least one, after which the start lies ahead."""
    return max(1, (now - start) // timedelta(weeks=1) + 1)


def _taken(
    session: Session, activity: Activity, *, since: datetime
) -> Sequence[tuple[datetime, datetime]]:
    """When the activity's place is held, from a moment on. Elsewhere nobody can know: nothing."""
    if activity.place_node_id is None:
        return []
    rows = session.execute(
        select(ActivitySession.starts_at, ActivitySession.ends_at)
        .join(Activity, Activity.id == ActivitySession.activity_id)
        .where(
            Activity.node_id == activity.node_id,
            Activity.place_node_id == activity.place_node_id,
            Activity.place_name == activity.place_name,
            Activity.state.in_(_HOLDING),
            ActivitySession.state == SessionState.SCHEDULED,
            ActivitySession.ends_at > since,
        )
    )
    return [(starts_at, ends_at) for starts_at, ends_at in rows]


def _overlap(span: Span, other: tuple[datetime, datetime]) -> bool:
    ends_at = span.ends_at or span.starts_at + ASSUMED_LENGTH
    return span.starts_at < other[1] and other[0] < ends_at
