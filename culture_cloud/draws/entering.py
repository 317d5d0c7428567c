"""From the draw to the places: winners and waiting people go through the one place engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from culture_cloud.activities.models import Activity, Allotment, AllotmentKind
from culture_cloud.sign_ups import services as sign_ups
from culture_cloud.sign_ups.errors import AlreadySignedUp
from culture_cloud.sign_ups.models import Channel, SignUpState
from culture_cloud.sign_ups.requests import SignUpRequest

from .models import Application, ApplicationState, Wish


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody has now; `reason` says why there is nothing."""

    state: ApplicationState
    sign_up_id: int | None = None
    reason: str = ""


def drawn_allotments(activity: Activity) -> Sequence[Allotment]:
    """The places that a draw gives: those that are open to all. Kept ones stay kept."""
    return [a for a in activity.allotments if a.kind == AllotmentKind.OPEN]


def enter(
    session: Session, application: Application, wish: Wish, *, allotment_id: int, given: bool
) -> Entered:
    """Give the drawn places, or the next number on the waiting list, in this transaction."""
    request = SignUpRequest(
        activity_id=wish.activity_id,
        session_id=wish.session_id,
        name=application.name,
        phone=application.phone,
        party_size=application.party_size,
        account_id=application.account_id,
        channel=Channel(application.channel),
        locale=application.locale,
        idempotency_key=f"draw-{application.id}",
    )
    state = SignUpState.CONFIRMED if given else SignUpState.WAITING
    try:
        result = sign_ups.enter(session, request, state, allotment_id=allotment_id)
    except AlreadySignedUp:
        return Entered(ApplicationState.NONE, reason="signed_up")
    got = ApplicationState.GIVEN if given else ApplicationState.WAITING
    return Entered(got, result.sign_up_id)
