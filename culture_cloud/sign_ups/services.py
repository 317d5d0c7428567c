"""Signing up, changing the party and cancelling, over every channel.

`examine` reads and refuses; `give_places` writes and trusts only the conditional statement and the
constraints. `intake.sign_up` runs the one before and the other inside a short transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import AllotmentKind
from culture_cloud.errors import NotFound

from . import changes, no_shows, places, proxies, queries, states, tickets, waiting
from .eligibility import is_meant_for, largest_party, may_wait, refusal_for, rooms_for
from .errors import (
    AlreadySignedUp,
    SessionFull,
    SessionOver,
    SignUpRefused,
    TooLateToCancel,
    TooManyInParty,
)
from .models import Channel, SignUp, SignUpState
from .offers import Offer, Room, offer
from .requests import SignUpRequest
from .states import By


@dataclass(frozen=True, slots=True)
class SignUpResult:
    """The sign-up that a request led to; `is_new` is False where it had been there already."""

    sign_up_id: int
    token: str
    code: str
    is_new: bool
    state: SignUpState = SignUpState.CONFIRMED


@dataclass(frozen=True, slots=True)
class Way:
    """What the rules allow a request: the shares it may take from, the first meant for it.

    `wait_until`: it waits first, whatever is free, until then (who often did not come).
    """

    offer: Offer
    rooms: tuple[Room, ...]
    wait_until: datetime | None = None

    def waits(self, number: int) -> bool:
        """Whether so many would stand on the waiting list, as it was read."""
        return self.wait_until is not None or not any(room.fits(number) for room in self.rooms)


def examine(session: Session, request: SignUpRequest) -> Way | SignUpResult:
    """What the request may have, or what it led to when it was sent before. Writes nothing.

    Raises NotFound, Gone, or the SignUpRefused that fits.
    """
    earlier = answered_before(session, request)
    if earlier is not None:
        return earlier
    found = offer(session, request.activity_id, request.session_id)
    present = queries.active_of(session, found, request.phone, request.name)
    if present is not None:
        mine = request.account_id is not None and present.account_id == request.account_id
        raise AlreadySignedUp(present.token if mine else None)
    return _way(session, request, found)


def expect_places(session: Session, request: SignUpRequest) -> Way | None:
    """The way where it is plain: one read instead of three, for the rush on a hot session.

    None where anything needs a closer look; the constraints keep what this does not ask.
    """
    found = offer(session, request.activity_id, request.session_id)
    if found.rules.no_show_limit is not None or request.acting is not None:
        return None
    if refusal_for(found, request) is not None:
        return None
    rooms = rooms_for(found, request)
    if not any(room.fits(request.party_size) for room in rooms):
        return None
    return Way(found, tuple(rooms))


def _way(session: Session, request: SignUpRequest, found: Offer) -> Way:
    refusal = refusal_for(found, request)
    if refusal is not None:
        raise refusal
    proxies.check_limit(session, request, found.rules)
    rooms = rooms_for(found, request)
    if not rooms:
        raise SessionFull(0, may_wait=False)
    way = Way(found, tuple(rooms), no_shows.waits_until(session, request, found, rooms))
    if way.waits(request.party_size) and not (request.may_wait and may_wait(found)):
        raise _full(found, rooms)
    return way


def _full(found: Offer, rooms: Sequence[Room]) -> SessionFull:
    left = max(room.left or 0 for room in rooms)
    return SessionFull(left, may_wait=may_wait(found), waiting=found.waiting)


def answered_before(session: Session, request: SignUpRequest) -> SignUpResult | None:
    """What the same request led to when it was sent before."""
    earlier = queries.by_key(session, request.idempotency_key)
    if earlier is None:
        return None
    state = SignUpState(earlier.state)
    return SignUpResult(earlier.id, earlier.token, earlier.code, is_new=False, state=state)


# --- giving places -------------------------------------------------------------------------------


def give_places(session: Session, request: SignUpRequest, way: Way) -> SignUpResult:
    """Take the places and write the sign-up, or put it on the waiting list, or raise the refusal
    that holds now.

    Three statements where places are left: the count, the sign-up, the job that tells. An
    IntegrityError means that the same key, person or number was written in the same moment:
    examine again.
    """
    if way.wait_until is not None:
        return _wait(session, request, way)
    ids = [room.id for room in way.rooms]
    taken = places.take_first(session, ids, request.party_size)
    if taken is None and request.may_wait and may_wait(way.offer):
        # on PostgreSQL a place may have come free since the statement looked: once more, locked
        places.lock_ids(session, [room.id for room in way.offer.rooms])
        taken = places.take_first(session, ids, request.party_size)
        if taken is None:
            return _wait(session, request, way)
    if taken is None:
        raise _refusal_now(session, request)
    state = SignUpState.PENDING if way.offer.rules.review else SignUpState.CONFIRMED
    return _write(session, request, way, state, allotment_id=taken)


def _wait(session: Session, request: SignUpRequest, way: Way, *, told: bool = True) -> SignUpResult:
    """At the end of the list, for the share that is meant for the person."""
    open_room = next(room for room in way.offer.rooms if room.kind == AllotmentKind.OPEN)
    return _write(
        session,
        request,
        way,
        SignUpState.WAITING,
        told=told,
        allotment_id=way.rooms[0].id,
        holds=False,
        wait_no=places.next_number(session, open_room.id),
        wait_until=way.wait_until,
    )


def _write(
    session: Session,
    request: SignUpRequest,
    way: Way,
    state: SignUpState,
    *,
    told: bool = True,
    **columns: Any,
) -> SignUpResult:
    code, token = new_code(), secrets.token_urlsafe(32)
    guardian = request.guardian
    sign_up_id = session.execute(
        insert(SignUp).returning(SignUp.id),
        {
            "activity_id": request.activity_id,
            "session_id": request.session_id,
            "once_for": way.offer.once_for,
            "state": state,
            "holds": True,
            "channel": request.channel,
            "account_id": request.account_id,
            "proxy_id": proxies.record(session, request),
            "taken_by_id": request.taken_by_id,
            "name": request.name,
            "phone": request.phone,
            "companions": list(request.companions),
            "party_size": request.party_size,
            "ages": list(request.ages),
            "residence_node_id": request.residence_node_id,
            "answers": dict(request.answers),
            "id_number": request.id_number,
            "guardian_name": guardian.name if guardian else "",
            "guardian_phone": guardian.phone if guardian else "",
            "guardian_consent": guardian.consent if guardian else "",
            "guardian_consented_at": clock.now() if guardian else None,
            "locale": request.locale,
            "code": code,
            "token": token,
            "idempotency_key": request.idempotency_key,
            "created_at": clock.now(),
            **columns,
        },
    ).scalar_one()
    by = _by(request)
    if request.taken_by_id is not None or request.acting is not None:
        states.made_for(session, sign_up_id, way.offer.node_id, request, state, by=by)
    if told:
        states.tell_of_new(session, sign_up_id, state)
    return SignUpResult(sign_up_id, token, code, is_new=True, state=state)


def _by(request: SignUpRequest) -> By:
    if request.taken_by_id is not None:
        return By(request.taken_by_id, is_staff=True)
    name = request.acting.name if request.acting else request.name
    return By(request.account_id, name)


def sign_up(session: Session, request: SignUpRequest) -> SignUpResult:
    """Sign up within the caller's own transaction (the demo, imports); see `intake.sign_up`."""
    found = examine(session, request)
    if isinstance(found, SignUpResult):
        return found
    return give_places(session, request, found)


def enter(
    session: Session,
    request: SignUpRequest,
    state: SignUpState = SignUpState.CONFIRMED,
    *,
    allotment_id: int | None = None,
) -> SignUpResult:
    """Write a sign-up that was decided elsewhere (a draw), in the caller's transaction.

    Windows, guardians, review and eligibility are the caller's: it has asked already. CONFIRMED
    takes places (from `allotment_id`, else from what the person may have; SessionFull where there
    are none), WAITING goes to the end of the list. Nobody is told: the caller does. The same
    idempotency key is the same sign-up. Raises AlreadySignedUp, SessionFull.
    """
    earlier = answered_before(session, request)
    if earlier is not None:
        return earlier
    found = offer(session, request.activity_id, request.session_id)
    if queries.active_of(session, found, request.phone, request.name) is not None:
        raise AlreadySignedUp(None)
    rooms = [r for r in found.rooms if allotment_id in {None, r.id} and is_meant_for(r, request)]
    rooms.sort(key=lambda room: room.kind == AllotmentKind.OPEN)
    way = Way(found, tuple(rooms or found.rooms[:1]))
    if state == SignUpState.WAITING:
        return _wait(session, request, way, told=False)
    taken = places.take_first(session, [room.id for room in way.rooms], request.party_size)
    if taken is None:
        raise _full(found, way.rooms)
    return _write(session, request, way, state, told=False, allotment_id=taken)


def _refusal_now(session: Session, request: SignUpRequest) -> SignUpRefused:
    """Why the statement took nothing: the rules as they stand in this transaction."""
    found = offer(session, request.activity_id, request.session_id)
    refusal = refusal_for(found, request)
    # Places may have come free between the two statements; who asks again gets them.
    return refusal or _full(found, rooms_for(found, request) or found.rooms)


def new_code() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


# --- the party -----------------------------------------------------------------------------------


def change_party(
    session: Session,
    sign_up_id: int,
    *,
    size: int,
    companions: Sequence[str],
    ages: Sequence[int] = (),
    by: By,
) -> bool:
    """Bring more or fewer people, until check-in. Returns whether anything changed.

    More people need places that are free now; fewer give theirs to who waits. Who waits keeps the
    number. Raises NotFound, SessionFull, TooManyInParty, TooLateToCancel, or what the rules of the
    activity refuse.
    """
    sign_up = states.locked(session, sign_up_id)
    if not tickets.can_change_party(sign_up):
        raise TooLateToCancel
    found = offer(session, sign_up.activity_id, sign_up.session_id)
    most = largest_party(found)
    if size > max(most, sign_up.party_size):
        raise TooManyInParty(most)
    before = sign_up.party_size
    if (size, list(companions), list(ages)) == (before, sign_up.companions, sign_up.ages):
        return False
    more = size - before
    if sign_up.holds and more > 0 and not places.take(session, sign_up.allotment_id, more):
        left = next((r.left or 0 for r in found.rooms if r.id == sign_up.allotment_id), 0)
        raise SessionFull(left, may_wait=False)
    session.execute(
        update(SignUp)
        .where(SignUp.id == sign_up_id)
        .values(party_size=size, companions=list(companions), ages=list(ages))
        .execution_options(synchronize_session=False)
    )
    if sign_up.holds and more < 0:
        places.give_back(session, sign_up.allotment_id, -more)
    session.refresh(sign_up)
    waiting.fill_session(session, sign_up.activity_id, sign_up.session_id)
    states.happened(
        session,
        sign_up,
        "party_changed",
        by=by,
        told="party_changed",
        changes={"party_size": [before, size]},
    )
    return True


# --- cancelling ----------------------------------------------------------------------------------

CANCELLABLE = (SignUpState.PENDING, SignUpState.WAITING, SignUpState.CONFIRMED)


def cancel(session: Session, token: str, by: By | None = None) -> bool:
    """The person gives the places back, until the start (see tickets.cancellable_until).

    Returns whether this call did it: a second one does nothing. Raises NotFound, TooLateToCancel.
    """
    sign_up = queries.ticket(session, token)
    if sign_up.state not in CANCELLABLE:
        return False
    if clock.now() >= tickets.cancellable_until(sign_up):
        raise TooLateToCancel
    by = by or By(sign_up.account_id, sign_up.name)
    return _cancel(session, sign_up.id, reason="", told="cancelled_by_person", by=by)


def cancel_by_staff(session: Session, sign_up_id: int, reason: str, by: By = states.STAFF) -> bool:
    """Staff cancel with a reason that the person is told, until it is over.

    Returns whether this call did it. Raises NotFound, SessionOver.
    """
    found = queries.with_activity(session, [sign_up_id])
    if not found:
        raise NotFound
    if found[0].state not in CANCELLABLE:
        return False
    if tickets.is_over(found[0]):
        raise SessionOver
    return _cancel(session, sign_up_id, reason=reason, told="cancelled_by_staff", by=by)


def _cancel(session: Session, sign_up_id: int, *, reason: str, told: str, by: By) -> bool:
    changed = changes.change(
        session,
        sign_up_id,
        SignUpState.CANCELLED,
        was=CANCELLABLE,
        by=by,
        told=told,
        reason=reason,
        cancelled_at=clock.now(),
    )
    return changed is not None


# --- at the door ---------------------------------------------------------------------------------


def walk_in(
    session: Session,
    *,
    activity_id: int,
    session_id: int | None,
    idempotency_key: str,
    party_size: int = 1,
    name: str = "",
    phone: str = "",
    by: By,
) -> SignUpResult:
    """Somebody who comes without having signed up: places kept for walk-ins first, then open ones;
    checked in at once. Who sits down cannot be asked for a name. Raises the SignUpRefused that
    fits."""
    request = SignUpRequest(
        activity_id=activity_id,
        session_id=session_id,
        name=name,
        phone=phone,
        party_size=party_size,
        channel=Channel.WALK_IN,
        idempotency_key=idempotency_key,
        taken_by_id=by.account_id,
    )
    earlier = answered_before(session, request)
    if earlier is not None:
        return earlier
    found = offer(session, activity_id, session_id)
    if phone:
        present = queries.active_of(session, found, phone, request.name)
        if present is not None:
            raise AlreadySignedUp(present.token)
    refusal = refusal_for(found, request)
    if refusal is not None:
        raise refusal
    rooms = sorted(rooms_for(found, request), key=lambda room: room.kind == AllotmentKind.OPEN)
    taken = places.take_first(session, [room.id for room in rooms], party_size)
    if taken is None:
        raise _full(found, rooms or found.rooms)
    return _write(
        session,
        request,
        Way(found, tuple(rooms)),
        SignUpState.ATTENDED,
        allotment_id=taken,
        attended_count=party_size,
        checked_in_at=clock.now(),
        checked_in_by_id=by.account_id,
    )
