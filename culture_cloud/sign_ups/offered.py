"""Places that are offered to somebody who waited, for as long as the activity allows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import rules as ruled

from . import changes, states
from .errors import OfferEnded
from .models import SignUp, SignUpState
from .states import NOBODY, By


def accept(session: Session, sign_up_id: int, by: By) -> bool:
    """The person takes the offered places. Returns whether this call did it.

    Raises NotFound, or OfferEnded where the time to answer has passed.
    """
    sign_up = states.locked(session, sign_up_id)
    if sign_up.state != SignUpState.WAITING or not sign_up.holds:
        if sign_up.state == SignUpState.CONFIRMED:
            return False
        raise OfferEnded
    if sign_up.offered_until is not None and sign_up.offered_until <= clock.now():
        raise OfferEnded
    rules = ruled.of(session, sign_up.activity_id)
    review = rules.review and sign_up.reviewed_at is None
    to = SignUpState.PENDING if review else SignUpState.CONFIRMED
    told = "pending" if review else "confirmed"
    return (
        changes.change(session, sign_up_id, to, was=(SignUpState.WAITING,), by=by, told=told)
        is not None
    )


def expire_offers(session: Session) -> int:
    """End the offers that nobody answered in time: the places go to the next at once, and who did
    not answer may sign up again, at the end."""
    ended = session.scalars(
        select(SignUp.id)
        .where(SignUp.offered_until <= clock.now(), SignUp.state == SignUpState.WAITING)
        .order_by(SignUp.id)
        .limit(200)
    ).all()
    done = 0
    for sign_up_id in ended:
        sign_up = states.locked(session, sign_up_id)
        if sign_up.offered_until is None or sign_up.offered_until > clock.now():
            continue  # answered meanwhile
        changes.change(
            session,
            sign_up_id,
            SignUpState.CANCELLED,
            was=(SignUpState.WAITING,),
            by=NOBODY,
            told="offer_ended",
            cancelled_at=clock.now(),
        )
        done += 1
    return done
