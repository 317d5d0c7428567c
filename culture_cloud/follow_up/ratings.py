"""Two questions on how it was."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.sign_ups.models import SignUp

from .models import Rating

FEWEST = 3
"""Below so many answers one could tell whose they are."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What people said of an activity: means from 1 to 5."""

    answers: int
    liked: float
    easy: float


def rate(session: Session, sign_up: SignUp, *, liked: int, easy: int) -> None:
    """Keep two answers; a second visit corrects the first."""
    session.merge(
        Rating(
            sign_up_id=sign_up.id,
            activity_id=sign_up.activity_id,
            liked=liked,
            easy=easy,
            given_at=clock.now(),
        )
    )


def summary(session: Session, activity_id: int) -> Summary | None:
    """None while there are fewer than FEWEST answers."""
    count, liked, easy = session.execute(
        select(func.count(), func.avg(Rating.liked), func.avg(Rating.easy)).where(
            Rating.activity_id == activity_id
        )
    ).one()
    return Summary(count, float(liked), float(easy)) if count >= FEWEST else None
