"""Signing up and cancelling, over every channel.

`examine` reads and refuses; `give_places` writes and trusts only the conditional statement and the
constraints. `intake.sign_up` runs the one before and the other inside a short transaction.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.standing import Stand
from culture_cloud.errors import NotFound
from culture_cloud.i18n import DEFAULT_LOCALE
from culture_cloud.jobs.queue import enqueue

from . import places, queries, tickets
from .errors import (
    AlreadySignedUp,
    NotOnline,
    SessionCancelled,
    SessionFull,
    SessionOver,
    SignUpClosed,
    SignUpNotOpenYet,
    SignUpRefused,
    TooLateToCancel,
    TooManyInParty,
)
from .models import Channel, SignUp, SignUpState

MOST_COMPANIONS = 4
"""One sign-up brings at most five people, the person included."""

_DOTS = re.compile(r"[·•‧∙⋅・]")


@dataclass(frozen=True, slots=True)
class SignUpRequest:
    """A wish for places, as any channel brings it.

    `session_id` is None for a course. `phone` is in its normal form (web.phones). `party_size`
    counts the person; `companions` names those who come along, as far as they are known.
    The same `idempotency_key` is the same wish, however often it is sent.
    """

    activity_id: int
    session_id: int | None
    name: str
    phone: str
    idempotency_key: str
    party_size: int = 1
    companions: tuple[str, ...] = ()
    channel: Channel = Channel.WEB
    account_id: int | None = None
    locale: str = DEFAULT_LOCALE

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", normal_name(self.name))
        if self.party_size <= len(self.companions):
            raise ValueError("the party counts the person and everybody who is named")


@dataclass(frozen=True, slots=True)
class SignUpResult:
    """The sign-up that a request led to; `is_new` is False where it had been there already."""

    sign_up_id: int
    token: str
    code: str
    is_new: bool


def normal_name(text: str) -> str:
    """A name by which the same person is known again: single blanks, one kind of middle dot."""
    return _DOTS.sub("·", " ".join(unicodedata.normalize("NFC", text).split()))


def examine(session: Session, request: SignUpRequest) -> queries.Offer | SignUpResult:
    """What the request asks for, or what it led to when it was sent before. Writes nothing.

    Raises NotFound, Gone, or the SignUpRefused that fits.
    """
    earlier = answered_before(session, request)
    if earlier is not None:
        return earlier
    offer = queries.offer(session, request.activity_id, request.session_id)
    if offer.allotment_id is not None:
        present = queries.confirmed_of(session, offer.allotment_id, request.phone, request.name)
        if present is not None:
            mine = request.account_id is not None and present.account_id == request.account_id
            raise AlreadySignedUp(present.token if mine else None)
    refusal = refusal_of(offer, party_size=request.party_size, channel=request.channel)
    if refusal is not None:
        raise refusal
    return offer


def answered_before(session: Session, request: SignUpRequest) -> SignUpResult | None:
    """What the same request led to when it was sent before."""
    earlier = queries.by_key(session, request.idempotency_key)
    return None if earlier is None else _result(earlier, is_new=False)


def refusal_of(
    offer: queries.Offer, *, party_size: int = 1, channel: Channel = Channel.WEB
) -> SignUpRefused | None:
    """Why so many cannot be signed up here now; None where they can.

    All channels open at the same moment. Staff may add callers and visitors after the close, until
    it is over.
    """
    standing = offer.standing
    if standing.stand in {Stand.COME, Stand.ELSEWHERE} or offer.allotment_id is None:
        return NotOnline()
    if standing.stand is Stand.CANCELLED:
        return SessionCancelled()
    if standing.stand is Stand.OVER:
        return SessionOver()
    if standing.stand is Stand.NOT_YET and standing.opens_at is not None:
        return SignUpNotOpenYet(standing.opens_at)
    if standing.stand is Stand.CLOSED and channel is Channel.WEB:
        return SignUpClosed()
    most = largest_party(offer)
    if party_size > most:
        return TooManyInParty(most)
    if standing.left is not None and party_size > standing.left:
        return SessionFull(standing.left)
    return None


def largest_party(offer: queries.Offer) -> int:
    return min(MOST_COMPANIONS + 1, offer.max_party)


def give_places(session: Session, request: SignUpRequest, offer: queries.Offer) -> SignUpResult:
    """Take the places and write the sign-up, or raise the refusal that holds now.

    Three statements: the count, the sign-up, the job that tells. An IntegrityError means that the
    same key, person or number was written in the same moment: examine again.
    """
    allotment_id = offer.allotment_id
    if allotment_id is None or not places.take(session, allotment_id, request.party_size):
        raise _refusal_now(session, request)
    sign_up = SignUp(
        activity_id=request.activity_id,
        session_id=request.session_id,
        allotment_id=allotment_id,
        channel=request.channel,
        account_id=request.account_id,
        name=request.name,
        phone=request.phone,
        companions=list(request.companions),
        party_size=request.party_size,
        locale=request.locale,
        code=_new_code(),
        token=secrets.token_urlsafe(32),
        idempotency_key=request.idempotency_key,
        created_at=clock.now(),
    )
    session.add(sign_up)
    session.flush()
    tell(session, sign_up.id, "confirmed")
    return _result(sign_up, is_new=True)


def sign_up(session: Session, request: SignUpRequest) -> SignUpResult:
    """Sign up within the caller's own transaction (the demo, imports); see `intake.sign_up`."""
    found = examine(session, request)
    if isinstance(found, SignUpResult):
        return found
    return give_places(session, request, found)


def _refusal_now(session: Session, request: SignUpRequest) -> SignUpRefused:
    """Why the statement took nothing: the rules as they stand in this transaction."""
    offer = queries.offer(session, request.activity_id, request.session_id)
    refusal = refusal_of(offer, party_size=request.party_size, channel=request.channel)
    # Places may have come free between the two statements; who asks again gets them.
    return refusal or SessionFull(offer.left or 0)


def _new_code() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


def _result(sign_up: SignUp, *, is_new: bool) -> SignUpResult:
    return SignUpResult(sign_up.id, sign_up.token, sign_up.code, is_new)


# --- cancelling ----------------------------------------------------------------------------------


def cancel(session: Session, token: str) -> bool:
    """The person gives the places back, until the start (see tickets.cancellable_until).

    Returns whether this call did it: a second one does nothing. Raises NotFound, TooLateToCancel.
    """
    sign_up = queries.ticket(session, token)
    if not tickets.is_confirmed(sign_up):
        return False
    if clock.now() >= tickets.cancellable_until(sign_up):
        raise TooLateToCancel
    return _cancel(session, sign_up, reason="", told="cancelled_by_person")


def cancel_by_staff(session: Session, sign_up_id: int, reason: str) -> bool:
    """Staff cancel with a reason that the person is told, until it is over.

    Returns whether this call did it. Raises NotFound, SessionOver.
    """
    found = queries.with_activity(session, [sign_up_id])
    if not found:
        raise NotFound
    if not tickets.is_confirmed(found[0]):
        return False
    if tickets.is_over(found[0]):
        raise SessionOver
    return _cancel(session, found[0], reason=reason, told="cancelled_by_staff")


def _cancel(session: Session, sign_up: SignUp, *, reason: str, told: str) -> bool:
    places.lock(session, [sign_up.allotment_id])
    cancelled = session.execute(
        update(SignUp)
        .where(SignUp.id == sign_up.id, SignUp.state == SignUpState.CONFIRMED)
        .values(state=SignUpState.CANCELLED, cancelled_at=clock.now(), cancel_reason=reason)
        .returning(SignUp.party_size)
        .execution_options(synchronize_session=False)
    ).first()
    if cancelled is None:
        return False
    places.give_back(session, sign_up.allotment_id, cancelled.party_size)
    tell(session, sign_up.id, told)
    return True


# --- telling -------------------------------------------------------------------------------------


def tell(session: Session, sign_up_id: int, what: str) -> None:
    """Have the person told `what` (a template of notices), once this transaction holds.

    The notice itself is written by the job (sign_ups.jobs.tell), so that the moment in which the
    places are held reads nothing more.
    """
    enqueue(session, "sign_ups.tell", {"sign_up_id": sign_up_id, "what": what})
