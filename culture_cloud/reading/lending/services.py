"""Loans and the queue for them. Whoever waits longest is served first, whatever else happens.

Everything that moves copies locks the licence first and rows of loans and holds second, so nobody
waits in a circle. On SQLite the write transaction itself is the lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.db import touch
from culture_cloud.jobs import queue
from culture_cloud.reading.lending.models import LOANS_TOPIC, Hold, HoldState, Licence, Loan
from culture_cloud.reading.models import Publication, Rights

from . import copies
from .errors import NotLent, TooManyHolds, TooManyLoans

MOST_LOANS = 10
MOST_HOLDS = 10
KEPT_FOR = timedelta(days=3)
"""How long a copy is kept for whoever is next."""

OPEN_HOLDS = (HoldState.WAITING, HoldState.READY)


class Outcome(StrEnum):
    """What came of asking for a loan."""

    LENT = "lent"
    #: it was lent to this reader already
    HAD = "had"
    #: no copy is left: the reader may queue
    NONE_LEFT = "none_left"


@dataclass(frozen=True, slots=True)
class Standing:
    """How lending stands for a title and a reader."""

    copies: int
    free: int
    waiting: int
    loan_days: int
    loan: Loan | None = None
    hold: Hold | None = None
    #: the reader's place in the queue, from 1
    position: int = 0


def standing(session: Session, publication: Publication, account_id: int | None) -> Standing | None:
    """How lending stands; None where the title needs no loan."""
    licence = publication.licence
    if publication.rights != Rights.LICENSED or licence is None:
        return None
    waiting = _waiting_count(session, publication.id)
    loan = hold = None
    position = 0
    if account_id is not None:
        loan = _running(session, publication.id, account_id)
        hold = _open_hold(session, publication.id, account_id)
        if hold is not None and hold.state == HoldState.WAITING:
            position = place_in_queue(session, hold)
    free = max(0, licence.copies - licence.taken) if not waiting else 0
    return Standing(licence.copies, free, waiting, licence.loan_days, loan, hold, position)


def borrow(session: Session, publication_id: int, account_id: int) -> Outcome:
    """Lend a copy, or the one kept for this reader. Safe to ask twice.

    Raises NotLent, TooManyLoans.
    """
    licence = _locked(session, publication_id)
    if _running(session, publication_id, account_id) is not None:
        return Outcome.HAD
    if _loans_of(session, account_id) >= MOST_LOANS:
        raise TooManyLoans(MOST_LOANS)
    hold = _open_hold(session, publication_id, account_id)
    if hold is not None and hold.state == HoldState.READY:
        hold.state = HoldState.DONE  # its copy is taken already
    elif _waiting_count(session, publication_id) or not copies.take(session, publication_id):
        return Outcome.NONE_LEFT
    now = clock.now()
    session.add(
        Loan(
            publication_id=publication_id,
            account_id=account_id,
            taken_at=now,
            due_at=now + timedelta(days=licence.loan_days),
        )
    )
    session.flush()
    return Outcome.LENT


def hold(session: Session, publication_id: int, account_id: int) -> Hold | None:
    """Queue for a title. None where the reader has it already. Safe to ask twice.

    Raises NotLent, TooManyHolds.
    """
    _locked(session, publication_id)
    if _running(session, publication_id, account_id) is not None:
        return None
    found = _open_hold(session, publication_id, account_id)
    if found is not None:
        return found
    open_holds = select(func.count()).where(
        Hold.account_id == account_id, Hold.state.in_(OPEN_HOLDS)
    )
    if (session.scalar(open_holds) or 0) >= MOST_HOLDS:
        raise TooManyHolds(MOST_HOLDS)
    found = Hold(publication_id=publication_id, account_id=account_id, created_at=clock.now())
    session.add(found)
    session.flush()
    _serve_next(session, publication_id)
    touch(session, LOANS_TOPIC)
    return found


def give_back(session: Session, publication_id: int, account_id: int) -> bool:
    """Return a loan, early or not. Returns whether there was one."""
    _locked(session, publication_id)
    loan = _running(session, publication_id, account_id)
    if loan is None:
        return False
    _end(session, loan, clock.now())
    return True


def cancel_hold(session: Session, publication_id: int, account_id: int) -> bool:
    """Leave the queue. Returns whether the reader was in it."""
    _locked(session, publication_id)
    found = _open_hold(session, publication_id, account_id)
    if found is None:
        return False
    had_copy = found.state == HoldState.READY
    found.state = HoldState.CANCELLED
    session.flush()
    if had_copy:
        copies.give_back(session, publication_id)
        _serve_next(session, publication_id)
    touch(session, LOANS_TOPIC)
    return True


def leave_everything(session: Session, account_id: int) -> None:
    """Return every loan and leave every queue of an account."""
    held = select(Loan.publication_id).where(Loan.account_id == account_id, Loan.ended_at.is_(None))
    queued = select(Hold.publication_id).where(
        Hold.account_id == account_id, Hold.state.in_(OPEN_HOLDS)
    )
    for publication_id in sorted(session.scalars(held.union(queued))):
        give_back(session, publication_id, account_id)
        cancel_hold(session, publication_id, account_id)


def set_licence(session: Session, publication_id: int, *, number: int | None, days: int) -> bool:
    """How many copies there are; None: no limit any more. Returns False where more are lent.

    More copies serve those who wait at once.
    """
    licence = session.scalar(
        select(Licence).where(Licence.publication_id == publication_id).with_for_update()
    )
    if number is None:
        if licence is not None:
            _end_all(session, publication_id)
            session.delete(licence)
        touch(session, LOANS_TOPIC)
        return True
    if licence is None:
        session.add(Licence(publication_id=publication_id, copies=number, loan_days=days))
        session.flush()
        return True
    if licence.taken > number:
        return False
    licence.copies, licence.loan_days = number, days
    session.flush()
    _serve_next(session, publication_id)
    return True


# --- the worker's part ---------------------------------------------------------------------------


def end_what_is_over(session: Session, *, limit: int = 200) -> int:
    """Loans past their day end by themselves, copies kept too long go on. Returns how many."""
    now = clock.now()
    over = session.execute(
        select(Loan.id, Loan.publication_id)
        .where(Loan.ended_at.is_(None), Loan.due_at <= now)
        .order_by(Loan.due_at)
        .limit(limit)
    ).all()
    for loan_id, publication_id in over:
        _locked(session, publication_id)
        loan = session.get(Loan, loan_id, populate_existing=True)
        if loan is not None and loan.ended_at is None:
            _end(session, loan, loan.due_at)
    lapsed = session.execute(
        select(Hold.id, Hold.publication_id)
        .where(Hold.state == HoldState.READY, Hold.ready_until <= now)
        .limit(limit)
    ).all()
    for hold_id, publication_id in lapsed:
        _locked(session, publication_id)
        found = session.get(Hold, hold_id, populate_existing=True)
        if found is not None and found.state == HoldState.READY:
            found.state = HoldState.LAPSED
            session.flush()
            copies.give_back(session, publication_id)
            _serve_next(session, publication_id)
    return len(over) + len(lapsed)


def differences(session: Session) -> list[tuple[int, int, int]]:
    """Count all copies anew: (publication, counted, had) where the two do not agree."""
    found = []
    for licence in session.scalars(select(Licence)):
        had = (
            session.scalar(
                select(func.count()).where(
                    Loan.publication_id == licence.publication_id, Loan.ended_at.is_(None)
                )
            )
            or 0
        )
        kept = (
            session.scalar(
                select(func.count()).where(
                    Hold.publication_id == licence.publication_id, Hold.state == HoldState.READY
                )
            )
            or 0
        )
        if had + kept != licence.taken:
            found.append((licence.publication_id, licence.taken, had + kept))
    return found


def place_in_queue(session: Session, found: Hold) -> int:
    """The reader's place among those who wait, from 1."""
    before = select(func.count()).where(
        Hold.publication_id == found.publication_id,
        Hold.state == HoldState.WAITING,
        Hold.id <= found.id,
    )
    return session.scalar(before) or 1


# --- inside --------------------------------------------------------------------------------------


def _locked(session: Session, publication_id: int) -> Licence:
    licence = session.scalar(
        select(Licence)
        .where(Licence.publication_id == publication_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if licence is None:
        raise NotLent
    return licence


def _running(session: Session, publication_id: int, account_id: int) -> Loan | None:
    return session.scalar(
        select(Loan).where(
            Loan.publication_id == publication_id,
            Loan.account_id == account_id,
            Loan.ended_at.is_(None),
        )
    )


def _open_hold(session: Session, publication_id: int, account_id: int) -> Hold | None:
    return session.scalar(
        select(Hold).where(
            Hold.publication_id == publication_id,
            Hold.account_id == account_id,
            Hold.state.in_(OPEN_HOLDS),
        )
    )


def _loans_of(session: Session, account_id: int) -> int:
    return (
        session.scalar(
            select(func.count()).where(Loan.account_id == account_id, Loan.ended_at.is_(None))
        )
        or 0
    )


def _waiting_count(session: Session, publication_id: int) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                Hold.publication_id == publication_id, Hold.state == HoldState.WAITING
            )
        )
        or 0
    )


def _end(session: Session, loan: Loan, moment: datetime) -> None:
    loan.ended_at = moment
    session.flush()
    copies.give_back(session, loan.publication_id)
    _serve_next(session, loan.publication_id)


def _end_all(session: Session, publication_id: int) -> None:
    session.execute(
        update(Hold)
        .where(Hold.publication_id == publication_id, Hold.state.in_(OPEN_HOLDS))
        .values(state=HoldState.CANCELLED)
    )
    session.execute(
        update(Loan)
        .where(Loan.publication_id == publication_id, Loan.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def _serve_next(session: Session, publication_id: int) -> None:
    """Keep every free copy for whoever waits longest, and have them told."""
    while True:
        waiting = session.scalar(
            select(Hold)
            .where(Hold.publication_id == publication_id, Hold.state == HoldState.WAITING)
            .order_by(Hold.id)
            .limit(1)
        )
        if waiting is None or not copies.take(session, publication_id):
            return
        waiting.state = HoldState.READY
        waiting.ready_until = clock.now() + KEPT_FOR
        session.flush()
        queue.enqueue(
            session, "reading.tell_ready", {"hold_id": waiting.id}, key=f"ready:{waiting.id}"
        )
