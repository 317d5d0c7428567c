"""Staff look at a sign-up before it is confirmed, and say why where they do not take it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from culture_cloud import clock

from . import changes
from .models import SignUpState
from .states import By


def confirm(session: Session, sign_up_id: int, by: By) -> bool:
    """Take it: its places were held already. Returns whether this call did it."""
    return _decide(session, sign_up_id, SignUpState.CONFIRMED, by)


def decline(session: Session, sign_up_id: int, reason: str, by: By) -> bool:
    """Do not take it, with a reason that the person is told; its places go to who waits."""
    return _decide(session, sign_up_id, SignUpState.DECLINED, by, reason)


def _decide(session: Session, sign_up_id: int, to: SignUpState, by: By, reason: str = "") -> bool:
    changed = changes.change(
        session,
        sign_up_id,
        to,
        was=(SignUpState.PENDING,),
        by=by,
        told=str(to),
        reason=reason,
        reviewed_by_id=by.account_id,
        reviewed_at=clock.now(),
    )
    return changed is not None
