"""What changes accounts and sign-ins. Passwords come hashed: hashing is slow on purpose, and a
write transaction on SQLite keeps everybody else waiting."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.errors import NotFound
from culture_cloud.i18n import DEFAULT_LOCALE
from culture_cloud.jobs import queue

from .errors import AlreadyRegistered
from .logins import Login
from .models import Account, PasswordReset, SignIn
from .tokens import new_token, token_hash

LASTS = timedelta(days=30)
IDLE = timedelta(days=14)
SEEN_EVERY = timedelta(hours=1)


def register(
    session: Session, *, name: str, login: Login, password_hash: str, locale: str | None = None
) -> int:
    """Make an account and return its id. Raises AlreadyRegistered."""
    account = Account(
        name=name,
        phone=login.phone,
        email=login.email,
        password_hash=password_hash,
        locale=locale,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise AlreadyRegistered from None
    return account.id


def open_sign_in(session: Session, *, account_id: int, device: str) -> str:
    """Sign a device in; returns the token that only its browser keeps. Raises NotFound where the
    account has been disabled meanwhile."""
    account = session.get(Account, account_id)
    if account is None or not account.active:
        raise NotFound
    token, now = new_token(), clock.now()
    session.add(
        SignIn(
            account_id=account_id,
            token_hash=token_hash(token),
            device=device,
            created_at=now,
            seen_at=now,
            expires_at=now + IDLE,
        )
    )
    return token


def is_seen_lately(session: Session, sign_in_id: int) -> bool:
    """Whether a visit was noted less than an hour ago, so that reading pages does not write."""
    seen_at = session.scalar(select(SignIn.seen_at).where(SignIn.id == sign_in_id))
    return seen_at is None or seen_at > clock.now() - SEEN_EVERY


def see(session: Session, sign_in_id: int) -> None:
    """Note a visit: the sign-in lasts on, but never longer than LASTS after it began."""
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is not None:
        sign_in.seen_at = clock.now()
        sign_in.expires_at = min(clock.now() + IDLE, sign_in.created_at + LASTS)


def end_sign_in(session: Session, *, account_id: int, sign_in_id: int) -> None:
    """Sign one device of the account out. Raises NotFound where it is none of its own."""
    ended = session.execute(
        delete(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.account_id == account_id)
        .returning(SignIn.id)
    )
    if ended.scalar() is None:
        raise NotFound


def end_all_sign_ins(session: Session, account_id: int, *, but: int | None = None) -> None:
    """Sign all devices of the account out (but one, where given)."""
    kept = SignIn.id != but if but is not None else SignIn.id.is_not(None)
    session.execute(delete(SignIn).where(SignIn.account_id == account_id, kept))


def change_password(
    session: Session, *, account_id: int, password_hash: str, link: str, keep: int | None = None
) -> None:
    """Set a password, sign the account's (other) devices out, and tell the person.

    `keep` is the sign-in from which it was changed; `link` is where a stranger's change is undone.
    """
    account = session.get_one(Account, account_id)
    account.password_hash = password_hash
    end_all_sign_ins(session, account_id, but=keep)
    session.execute(delete(PasswordReset).where(PasswordReset.account_id == account_id))
    now = clock.now()
    tell(
        session,
        account,
        key=f"password-changed:{account_id}:{now.isoformat()}",
        template="accounts/password_changed",
        facts={"changed_at": now.isoformat(), "link": link},
        phone=account.phone,
        email=account.email,
    )


def rehash(session: Session, *, account_id: int, old_hash: str, new_hash: str) -> None:
    """Keep the same password at today's cost, unless it was changed meanwhile."""
    session.execute(
        update(Account)
        .where(Account.id == account_id, Account.password_hash == old_hash)
        .values(password_hash=new_hash)
    )


def set_display(
    session: Session,
    *,
    account_id: int,
    mode: str | None = None,
    locale: str | None = None,
    display: str | None = None,
) -> None:
    """Keep the display preferences that are given, so that they follow the person to other devices
    (EL-02); `display` as culture_cloud.web.display writes it."""
    account = session.get_one(Account, account_id)
    account.mode = account.mode if mode is None else mode
    account.locale = account.locale if locale is None else locale
    account.display = account.display if display is None else display


def set_details(
    session: Session, *, account_id: int, name: str, phone: str | None, email: str | None
) -> None:
    """Correct name and addresses. Raises AlreadyRegistered where another account has one."""
    account = session.get_one(Account, account_id)
    try:
        with session.begin_nested():
            if account.phone != phone:
                account.phone_proved_at = None
            account.name, account.phone, account.email = name, phone, email
    except IntegrityError:
        raise AlreadyRegistered from None


def disable(session: Session, account_id: int) -> None:
    """Nobody signs in with the account any more; who is signed in is signed out at once."""
    session.get_one(Account, account_id).active = False
    end_all_sign_ins(session, account_id)
    session.execute(delete(PasswordReset).where(PasswordReset.account_id == account_id))


def enable(session: Session, account_id: int) -> None:
    """The account can be signed in with again."""
    session.get_one(Account, account_id).active = True


def forget_ended(session: Session) -> None:
    """Delete sign-ins and resets that have ended."""
    now = clock.now()
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    session.execute(delete(PasswordReset).where(PasswordReset.expires_at < now))


def tell(
    session: Session,
    account: Account,
    *,
    key: str,
    template: str,
    facts: dict[str, object],
    phone: str | None = None,
    email: str | None = None,
    send_until: datetime | None = None,
) -> None:
    """Ask the notices, which stand above this package, to tell the account's person."""
    queue.enqueue(
        session,
        "notices.write",
        {
            "key": key,
            "template": template,
            "facts": facts,
            "locale": account.locale or DEFAULT_LOCALE,
            "phone": phone,
            "email": email,
            "account_id": account.id,
            "send_until": send_until.isoformat() if send_until else None,
        },
    )
