"""Which of an activity's sessions a reader is shown, and which one the page is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from .models import Activity, ActivitySession
from .standing import Standing

PAST_SHOWN = 3


def coming(activity: Activity, now: datetime) -> list[ActivitySession]:
    """What has not ended yet."""
    return [s for s in activity.sessions if s.ends_at > now]


def shown(activity: Activity, now: datetime) -> list[ActivitySession]:
    """What is to come; where all is over, the last few."""
    return coming(activity, now) or list(activity.sessions[-PAST_SHOWN:])


def main(
    sessions: Sequence[ActivitySession], standings: Mapping[int, Standing]
) -> ActivitySession | None:
    """The first one can sign up for, else the first."""
    return next((s for s in sessions if standings[s.id].is_open), sessions[0] if sessions else None)
