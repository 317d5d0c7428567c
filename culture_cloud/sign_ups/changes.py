"""How a sign-up goes from one state to another: the one way, whoever wants it.

Review, check-in, the waiting list and the draw call `change`, so that the count of places, the
people who wait, what is told and what is recorded always follow.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from . import places, states, waiting
from .models import HOLDING, SignUp, SignUpState


def change(
    session: Session,
    sign_up_id: int,
    to: SignUpState,
    *,
    was: Collection[SignUpState],
    by: states.By,
    told: str | None,
    reason: str = "",
    **values: Any,
) -> SignUp | None:
    """Bring a sign-up into a state if it is in one of `was`. None where it is not: done before.

    Places that it held and holds no longer are given back, and go to who waits, in the same
    transaction; it never takes places by this way. `told` is the notice that the person gets (a
    template of notices/sign_ups), `values` are further columns. Raises NotFound.
    """
    sign_up = states.locked(session, sign_up_id)
    if sign_up.state not in was:
        return None
    before = sign_up.state
    held = sign_up.holds
    holds = to in HOLDING
    if holds and not held:
        raise ValueError(f"a sign-up that is {before} holds no places and cannot become {to}")
    session.execute(
        update(SignUp)
        .where(SignUp.id == sign_up_id)
        .values(state=to, holds=holds, offered_until=None, state_reason=reason, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(sign_up)
    if held and not holds:
        places.give_back(session, sign_up.allotment_id, sign_up.party_size)
        waiting.fill_session(session, sign_up.activity_id, sign_up.session_id)
    states.happened(
        session,
        sign_up,
        str(to),
        by=by,
        told=told,
        reason=reason,
        changes={"state": [before, str(to)]},
    )
    return sign_up
