"""What a ticket is good for, and until when it can be given back."""

from __future__ import annotations

from datetime import datetime

from culture_cloud import clock
from culture_cloud.activities.models import ActivitySession, ActivityState, SessionState

from .models import ENDED, SignUp, SignUpState


def occurrences(sign_up: SignUp) -> list[ActivitySession]:
    """Its session, or all lessons of the course, by time."""
    if sign_up.session is not None:
        return [sign_up.session]
    return sorted(sign_up.activity.sessions, key=lambda s: (s.starts_at, s.id))


def cancellable_until(sign_up: SignUp) -> datetime:
    """The start of the session; for a course, of the last lesson that takes place (ST-21).

    The places always go back to the count, so that it equals the confirmed sign-ups at every
    moment. Whether somebody else may still take them is for the sign-up time to say, which for a
    course ends with its first lesson unless staff set a later end.
    """
    lessons = occurrences(sign_up)
    live = [s.starts_at for s in lessons if s.state == SessionState.SCHEDULED]
    return max(live or [s.starts_at for s in lessons])


def can_be_cancelled(sign_up: SignUp) -> bool:
    return stands(sign_up) and clock.now() < cancellable_until(sign_up)


def can_change_party(sign_up: SignUp) -> bool:
    """Until check-in, and until it begins."""
    return can_be_cancelled(sign_up) and sign_up.checked_in_at is None


def stands(sign_up: SignUp) -> bool:
    """Whether the person has places, waits for them or has asked for them, and has not come yet."""
    return sign_up.state in {SignUpState.PENDING, SignUpState.WAITING, SignUpState.CONFIRMED}


def is_confirmed(sign_up: SignUp) -> bool:
    """Whether the person has places, or had them."""
    return sign_up.state in {SignUpState.CONFIRMED, SignUpState.ATTENDED, SignUpState.NO_SHOW}


def is_ended(sign_up: SignUp) -> bool:
    return sign_up.state in ENDED


def is_over(sign_up: SignUp) -> bool:
    return max(s.ends_at for s in occurrences(sign_up)) <= clock.now()


def takes_place(sign_up: SignUp) -> bool:
    """Whether the organiser has not cancelled what was signed up for."""
    return sign_up.activity.state == ActivityState.PUBLISHED and any(
        s.state == SessionState.SCHEDULED for s in occurrences(sign_up)
    )
