"""What was asked only because of a law is forgotten when its reason is over (PIPL art. 19)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, exists, or_, update
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import Activity, ActivitySession

from .models import SignUp, SignUpState

KEPT = timedelta(days=1)
"""After the end: the list of the evening may still be asked for in the morning."""


def forget_id_numbers(session: Session) -> int:
    """Take the ID numbers out of sign-ups whose date (or course) is over, or that were given up.
    Returns how many."""
    before = clock.now() - KEPT
    date_over = exists().where(
        ActivitySession.id == SignUp.session_id, ActivitySession.ends_at < before
    )
    course_over = exists().where(
        Activity.id == SignUp.activity_id,
        SignUp.session_id.is_(None),
        Activity.last_ends_at < before,
    )
    given_up = SignUp.state.in_((SignUpState.CANCELLED, SignUpState.DECLINED))
    done = session.execute(
        update(SignUp)
        .where(and_(SignUp.id_number != "", or_(date_over, course_over, given_up)))
        .values(id_number="")
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
