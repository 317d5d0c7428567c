"""Who signed up and did not come: data, a rule that an activity may set, and excuses.

The rule says for example "2 in 120 days": whoever did not come so often waits first and gets what
is left a day before the start. It never bars anybody from places that are kept for elders.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import Activity, ActivitySession, AllotmentKind

from . import states
from .errors import WrongState
from .models import SignUp, SignUpState
from .offers import Offer, Room
from .requests import SignUpRequest
from .states import By
from .waiting import LATE_ARRIVALS_WAIT


def count(session: Session, phone: str, name: str, days: int) -> int:
    """How often this person did not come within so many days, excused ones left out. The day of
    the date counts (of a course its last), not the day of the sign-up."""
    missed_at = func.coalesce(ActivitySession.ends_at, Activity.last_ends_at)
    return (
        session.scalar(
            select(func.count(SignUp.id))
            .join(Activity, Activity.id == SignUp.activity_id)
            .outerjoin(ActivitySession, ActivitySession.id == SignUp.session_id)
            .where(
                SignUp.phone == phone,
                SignUp.name == name,
                SignUp.state == SignUpState.NO_SHOW,
                SignUp.excused_at.is_(None),
                missed_at >= clock.now() - timedelta(days=days),
            )
        )
        or 0
    )


def waits_until(
    session: Session, request: SignUpRequest, offer: Offer, rooms: Sequence[Room]
) -> datetime | None:
    """Until when this person waits first, whatever is free; None where no rule asks it."""
    rules = offer.rules
    if rules.no_show_limit is None or not request.phone:
        return None
    if any(r.kind == AllotmentKind.ELDERS and r.fits(request.party_size) for r in rooms):
        return None
    until = offer.starts_at - LATE_ARRIVALS_WAIT
    if clock.now() >= until:
        return None
    missed = count(session, request.phone, request.name, rules.no_show_days)
    return until if missed >= rules.no_show_limit else None


def excuse(session: Session, sign_up_id: int, words: str, by: By) -> None:
    """A no-show that does not count any more, and why. Raises NotFound, WrongState."""
    sign_up = states.locked(session, sign_up_id)
    if sign_up.state != SignUpState.NO_SHOW:
        raise WrongState
    sign_up.excused_at, sign_up.excuse = clock.now(), words
    session.flush()
    states.happened(session, sign_up, "excused", by=by, told=None, reason=words)
