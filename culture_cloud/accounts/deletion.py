"""Deleting an account: counts stay, the person goes (PIPL art. 47)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.errors import NotFound

from .models import Account, CalendarLink, FamilyMember, PasswordReset, SignIn
from .personal import Holder
from .services import tell

NO_PASSWORD = "!"  # noqa: S105  (no hash looks like it, so nobody signs in)


def delete_account(session: Session, account_id: int, holders: Sequence[Holder]) -> None:
    """Forget the person everywhere, in one transaction. The row stays without anything that names
    them, because what others count on points at it. They are told a last time."""
    account = session.get(Account, account_id)
    if account is None or account.deleted_at is not None:
        raise NotFound
    phone, email = account.phone, account.email
    for holder in holders:
        holder.forget(session, account)
    for rows in (SignIn, PasswordReset, FamilyMember, CalendarLink):
        session.execute(delete(rows).where(rows.account_id == account_id))
    tell(
        session,
        account,
        key=f"account-deleted:{account_id}",
        template="accounts/deleted",
        facts={},
        phone=phone,
        email=email,
    )
    account.name, account.phone, account.email = "", None, None
    account.password_hash, account.active = NO_PASSWORD, False
    account.mode = account.locale = account.display = None
    account.deleted_at = clock.now()
