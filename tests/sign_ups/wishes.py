"""Requests for places, filled in sensibly, for tests."""

from __future__ import annotations

import secrets
from itertools import count
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from culture_cloud.activities.models import Activity
from culture_cloud.sign_ups.requests import SignUpRequest

_number = count(1)


def wish(activity: Activity, **facts: Any) -> SignUpRequest:
    """A new person's wish for one place at the activity's first session, or in the course."""
    session_id = None if activity.enrolment == "course" else activity.sessions[0].id
    number = next(_number)
    return SignUpRequest(
        **{
            "activity_id": activity.id,
            "session_id": session_id,
            "name": f"居民{number}",
            "phone": f"1380000{number % 10_000:04d}",
            "idempotency_key": secrets.token_urlsafe(24),
            **facts,
        }
    )


def fresh(session: Session, query: Select[Any]) -> list[Any]:
    """Rows as they are now; the write lock is let go at once."""
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    session.commit()
    return found
