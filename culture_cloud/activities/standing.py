"""How things stand with signing up: open, not yet, full, closed, over, cancelled.

The one place of this rule; lists, pages, the API and the sign-up itself all ask it. Whether a
place is really got is decided by the conditional statement alone (sign_ups.places).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .models import ActivityState, SessionState, SignUpWay


class Stand(StrEnum):
    """One state a resident can meet."""

    #: nothing to sign up for: just come
    COME = "come"
    #: sign-up is somewhere else
    ELSEWHERE = "elsewhere"
    #: places are given by lot; nobody takes one before it is held
    DRAW = "draw"
    NOT_YET = "not_yet"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Standing:
    """A state with what people ask next. `left` is None where places are without limit."""

    stand: Stand
    left: int | None
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.stand is Stand.OPEN


def standing(
    now: datetime,
    *,
    activity_state: str,
    session_state: str,
    sign_up: str,
    starts_at: datetime,
    ends_at: datetime,
    opens_at: datetime | None,
    closes_at: datetime | None,
    capacity: int | None,
    taken: int,
) -> Standing:
    """How it stands at `now` with one session (for a course: its first lesson).

    Sign-up is open from `opens_at` inclusive to `closes_at` exclusive, and never after the start.
    """
    last = min(closes_at, starts_at) if closes_at else starts_at
    left = None if capacity is None else max(0, capacity - taken)
    if activity_state == ActivityState.CANCELLED or session_state == SessionState.CANCELLED:
        stand = Stand.CANCELLED
    elif ends_at <= now:
        stand = Stand.OVER
    elif sign_up == SignUpWay.NONE:
        stand = Stand.COME
    elif sign_up == SignUpWay.ELSEWHERE:
        stand = Stand.ELSEWHERE
    elif sign_up == SignUpWay.DRAW:
        stand = Stand.DRAW
    elif opens_at is not None and now < opens_at:
        stand = Stand.NOT_YET
    elif now >= last:
        stand = Stand.CLOSED
    elif left == 0:
        stand = Stand.FULL
    else:
        stand = Stand.OPEN
    return Standing(stand, left, opens_at, last)
