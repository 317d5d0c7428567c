"""What the reading room knows of a person, told and forgotten on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from culture_cloud.accounts.models import Account
from culture_cloud.accounts.personal import Holder
from culture_cloud.web.fields import lazy as _l

from .lending import services as lending
from .lending.models import Hold, Loan
from .models import Intake, Mark, ReaderSettings, ReadingPosition
from .reader import marks


def _export(session: Session, account: Account) -> Sequence[Mapping[str, Any]]:
    """Places, marks, loans, waiting: everything but counters, which name nobody."""
    places = session.scalars(
        select(ReadingPosition)
        .options(joinedload(ReadingPosition.publication))
        .where(ReadingPosition.account_id == account.id)
        .order_by(ReadingPosition.moved_at.desc())
    )
    rows: list[Mapping[str, Any]] = [
        {
            "title": place.publication.title,
            "chapter": place.chapter,
            "share": round(place.share, 3),
            "moved_at": place.moved_at,
            "finished_at": place.finished_at,
        }
        for place in places
    ]
    rows += marks.as_json(marks.of_reader(session, account.id))
    loans = session.scalars(
        select(Loan)
        .options(joinedload(Loan.publication))
        .where(Loan.account_id == account.id)
        .order_by(Loan.id.desc())
    )
    rows += [
        {"title": x.publication.title, "taken_at": x.taken_at, "ended_at": x.ended_at}
        for x in loans
    ]
    holds = session.scalars(
        select(Hold)
        .options(joinedload(Hold.publication))
        .where(Hold.account_id == account.id)
        .order_by(Hold.id.desc())
    )
    rows += [
        {"title": x.publication.title, "state": x.state, "created_at": x.created_at} for x in holds
    ]
    return rows


def _forget(session: Session, account: Account) -> None:
    """Loans are returned and queues left first, so that no copy is lost with the person."""
    lending.leave_everything(session, account.id)
    for table in (ReadingPosition, Mark, ReaderSettings, Loan, Hold):
        session.execute(delete(table).where(table.account_id == account.id))
    session.execute(update(Intake).where(Intake.account_id == account.id).values(account_id=None))


HOLDER = Holder(
    name="reading",
    title=_l("My reading"),
    tables=(
        "reading_positions",
        "reading_marks",
        "reading_settings",
        "reading_loans",
        "reading_holds",
        "reading_intakes",
    ),
    export=_export,
    forget=_forget,
)
