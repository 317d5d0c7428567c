"""Finding accounts and their sign-ins."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock

from .logins import Login
from .models import Account, SignIn


def account_of(session: Session, login: Login) -> Account | None:
    """The account with this phone number or e-mail address."""
    known = Account.phone == login.phone if login.phone else Account.email == login.email
    return session.scalar(select(Account).where(known))


def sign_ins_of(session: Session, account_id: int) -> list[SignIn]:
    """The devices on which the account is signed in, last used first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.account_id == account_id, SignIn.expires_at > clock.now())
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        )
    )
