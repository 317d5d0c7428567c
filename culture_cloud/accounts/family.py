"""Family members: whom a person signs up besides themselves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.errors import NotFound

from .errors import TooManyFamilyMembers
from .models import CalendarLink, FamilyMember

RELATIONS = ("child", "parent", "partner", "other")
MOST = 20


def of(session: Session, account_id: int) -> Sequence[FamilyMember]:
    """All whom the person wrote down, in that order."""
    query = select(FamilyMember).where(FamilyMember.account_id == account_id)
    return session.scalars(query.order_by(FamilyMember.id)).all()


def member(session: Session, account_id: int, member_id: int) -> FamilyMember:
    """One of the person's own. Raises NotFound."""
    found = session.get(FamilyMember, member_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    return found


def keep(
    session: Session,
    account_id: int,
    member_id: int | None,
    *,
    name: str,
    phone: str,
    relation: str,
    birth_year: int | None,
    consent: str,
) -> None:
    """Write somebody down, or correct it. `consent` are the words that the guardian of a child
    under fourteen agreed to. Raises NotFound, TooManyFamilyMembers."""
    if member_id is None:
        kept = session.scalar(select(func.count()).where(FamilyMember.account_id == account_id))
        if (kept or 0) >= MOST:
            raise TooManyFamilyMembers
        row = FamilyMember(account_id=account_id, created_at=clock.now())
        session.add(row)
    else:
        row = member(session, account_id, member_id)
    row.name, row.phone, row.relation, row.birth_year = name, phone, relation, birth_year
    if consent != row.consent:
        row.consent, row.consented_at = consent, clock.now() if consent else None


def forget(session: Session, account_id: int, member_id: int) -> None:
    """Take somebody off. Raises NotFound."""
    session.delete(member(session, account_id, member_id))


# --- the calendar's secret address ---------------------------------------------------------------


def calendar_token(session: Session, account_id: int) -> str | None:
    """The secret of the person's calendar, where there is one."""
    return session.scalar(select(CalendarLink.token).where(CalendarLink.account_id == account_id))


def account_of_calendar(session: Session, token: str) -> int:
    """Whose calendar it is. Raises NotFound."""
    found = session.scalar(select(CalendarLink.account_id).where(CalendarLink.token == token))
    if found is None:
        raise NotFound
    return found


def renew_calendar(session: Session, account_id: int) -> None:
    """A new secret address; the one before leads nowhere from now on."""
    end_calendar(session, account_id)
    session.add(
        CalendarLink(account_id=account_id, token=secrets.token_urlsafe(32), created_at=clock.now())
    )


def end_calendar(session: Session, account_id: int) -> None:
    """No address leads to the person's calendar."""
    session.execute(delete(CalendarLink).where(CalendarLink.account_id == account_id))
