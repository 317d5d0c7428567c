"""What befalls sign-ups: who did it, the row locked, told and recorded in one place."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.errors import NotFound
from culture_cloud.jobs.queue import enqueue

from . import places
from .models import SignUp, SignUpState


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
    what: str,
    *,
    by: By,
    told: str | None,
    reason: str = "",
) -> None:
    """Everything that befalls a sign-up passes here once: it is told, once the transaction holds.

    `what` says it for the record: "new", "confirmed>cancelled", "party 2>3" …
    """
    del what, by, reason
    if told is not None:
        tell(session, sign_up.id, told)


def tell(session: Session, sign_up_id: int, what: str) -> None:
    """Have the person told `what` (a template of notices), once this transaction holds.

    The notice itself is written by the job (sign_ups.jobs.tell), so that the moment in which the
    places are held reads nothing more.
    """
    enqueue(session, "sign_ups.tell", {"sign_up_id": sign_up_id, "what": what})


_TOLD_OF_NEW = {
    SignUpState.CONFIRMED: "confirmed",
    SignUpState.PENDING: "pending",
    SignUpState.WAITING: "waiting",
}


def is_new(session: Session, sign_up_id: int, state: SignUpState, *, by: By) -> None:
    """A sign-up was written. Kept apart from `happened`, so that the rush on a hot session reads
    nothing while it holds the places."""
    del by
    told = _TOLD_OF_NEW.get(state)
    if told is not None:
        tell(session, sign_up_id, told)
