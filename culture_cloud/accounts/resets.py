"""Setting a new password without the old one.

The page answers the same, and as fast, whether or not there is such an account: asking only puts
down the wish, and a job does the rest. By e-mail a link is sent that works for an hour. By text
message a code is sent that works for 15 minutes, and only in the browser that asked, which holds
the attempt's token in its address.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.jobs import queue

from . import services
from .errors import ResetEnded
from .logins import Login
from .models import Account, PasswordReset
from .queries import account_of
from .tokens import new_code, new_token, token_hash

LINK_LASTS = timedelta(hours=1)
CODE_LASTS = timedelta(minutes=15)


def ask(session: Session, *, login: Login, attempt: str) -> None:
    """Put down that somebody wants a new password. `attempt` is a new token, kept by who asks."""
    arguments = {"phone": login.phone, "email": login.email, "attempt": attempt}
    queue.enqueue(session, "accounts.send_reset", arguments)


def send(session: Session, *, login: Login, attempt: str, link_base: str) -> None:
    """Send link or code, where there is such an account. Safe to run again."""
    account = account_of(session, login)
    if account is None or not account.active or _is_made(session, attempt):
        return
    key = f"reset:{token_hash(attempt)}"
    if login.phone:
        code = new_code()
        made = _make(session, account, token=attempt, code=code)
        secret = {"code": code}
    else:
        # the link must be unknown to who asked, so the attempt's own token will not do
        token = new_token()
        made = _make(session, account, token=token, code=None)
        secret = {"link": f"{link_base}/{token}"}
    services.tell(
        session,
        account,
        key=key,
        template="accounts/reset",
        facts={"secret": secret},
        phone=login.phone,
        email=login.email,
        send_until=made.expires_at,
    )


def _make(session: Session, account: Account, *, token: str, code: str | None) -> PasswordReset:
    reset = PasswordReset(
        account_id=account.id,
        token_hash=token_hash(token),
        code_hash=_code_hash(token, code) if code else None,
        expires_at=clock.now() + (CODE_LASTS if code else LINK_LASTS),
    )
    session.add(reset)
    return reset


def _code_hash(token: str, code: str) -> str:
    return token_hash(f"{token}:{code}")


def find(session: Session, *, token: str, code: str | None = None) -> Account:
    """The account whose password may be set anew. Raises ResetEnded, whatever is wrong."""
    reset = _living(session, token, code)
    return session.get_one(Account, reset.account_id)


def use(
    session: Session, *, token: str, code: str | None = None, password_hash: str, link: str
) -> None:
    """Set the new password: every sign-in of the account ends, and so do all its resets, this
    one too. Raises ResetEnded."""
    reset = _living(session, token, code, lock=True)
    if code is not None:  # it came by text message to the account's number
        session.get_one(Account, reset.account_id).phone_proved_at = clock.now()
    services.change_password(
        session, account_id=reset.account_id, password_hash=password_hash, link=link
    )


def _is_made(session: Session, attempt: str) -> bool:
    made = select(PasswordReset.id).where(PasswordReset.token_hash == token_hash(attempt))
    return session.scalar(made) is not None


def _living(session: Session, token: str, code: str | None, *, lock: bool = False) -> PasswordReset:
    query = (
        select(PasswordReset)
        .join(Account, Account.id == PasswordReset.account_id)
        .where(
            PasswordReset.token_hash == token_hash(token),
            PasswordReset.code_hash == (_code_hash(token, code) if code else None),
            PasswordReset.expires_at > clock.now(),
            Account.active,
        )
    )
    reset = session.scalar(query.with_for_update(of=PasswordReset) if lock else query)
    if reset is None:
        raise ResetEnded
    return reset
