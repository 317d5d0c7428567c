"""What befalls sign-ups: who did it, the row locked, told and recorded in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import audit, clock
from culture_cloud.activities.models import Activity
from culture_cloud.errors import NotFound
from culture_cloud.jobs.queue import enqueue

from . import places
from .models import SignUp, SignUpState
from .requests import SignUpRequest


@dataclass(frozen=True, slots=True)
class By:
    """Who does it: an account of staff or of the person, or nobody but the clock (all empty)."""

    account_id: int | None = None
    name: str = ""
    is_staff: bool = False


NOBODY = By()
STAFF = By(is_staff=True)


def locked(session: Session, sign_up_id: int) -> SignUp:
    """The sign-up as it is now, locked together with the places of its session: the places first,
    so that nobody waits in a circle. Raises NotFound."""
    found = session.execute(
        select(SignUp.activity_id, SignUp.session_id).where(SignUp.id == sign_up_id)
    ).first()
    if found is None:
        raise NotFound
    places.lock(session, *places.of_session(found.activity_id, found.session_id))
    return session.scalars(
        select(SignUp)
        .where(SignUp.id == sign_up_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def happened(
    session: Session,
    sign_up: SignUp,
    action: str,
    *,
    by: By,
    told: str | None,
    reason: str = "",
    changes: Mapping[str, Sequence[Any]] | None = None,
) -> None:
    """Everything that befalls a sign-up passes here once: it goes into the audit trail, and is told
    once the transaction holds. `action` has its words in `recorded`, `changes` say from what to
    what."""
    node_id = session.scalar(select(Activity.node_id).where(Activity.id == sign_up.activity_id))
    audit.record(
        session,
        actor=by.account_id,
        action=action,
        subject_kind="sign_up",
        subject_id=sign_up.id,
        node_id=node_id,
        changes=changes or {},
        reason=reason,
    )
    if told is not None:
        # a party may be changed more than once, and each time is told
        tell(session, sign_up.id, told, clock.now().isoformat() if told == "party_changed" else "")


_TOLD_OF_NEW = {
    SignUpState.CONFIRMED: "confirmed",
    SignUpState.PENDING: "pending",
    SignUpState.WAITING: "waiting",
}


def made_for(
    session: Session,
    sign_up_id: int,
    node_id: int,
    request: SignUpRequest,
    state: SignUpState,
    *,
    by: By,
) -> None:
    """Somebody made a sign-up for somebody else, which is recorded. What residents do themselves
    is its own record, so that the rush on a hot session writes no more than it must."""
    audit.record(
        session,
        actor=by.account_id,
        action="made",
        subject_kind="sign_up",
        subject_id=sign_up_id,
        node_id=node_id,
        changes={"channel": [None, str(request.channel)], "state": [None, str(state)]},
    )


def tell_of_new(session: Session, sign_up_id: int, state: SignUpState) -> None:
    """What the person hears of a sign-up that was just written."""
    if state in _TOLD_OF_NEW:
        tell(session, sign_up_id, _TOLD_OF_NEW[state])


def tell(session: Session, sign_up_id: int, what: str, event: str = "") -> None:
    """Have the person told `what` (a template of notices/sign_ups), once this transaction holds.

    The notice itself is written by the job (sign_ups.jobs.tell), so that the moment in which the
    places are held reads nothing more.
    """
    arguments: dict[str, Any] = {"sign_up_id": sign_up_id, "what": what}
    enqueue(session, "sign_ups.tell", arguments | ({"event": event} if event else {}))
