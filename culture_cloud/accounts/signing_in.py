"""The HTTP side of signing in and out: proof, throttle, cookies."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, g, request, session
from werkzeug.wrappers import Response

from culture_cloud import db, i18n
from culture_cloud.web import display, modes, throttle

from . import passwords, queries, services
from .devices import device_of
from .logins import NotALogin, read_login
from .models import Account

PER_ACCOUNT = throttle.Limit("sign-in", 5, timedelta(minutes=1))
"""For one account from one address: so guessing is slow, and nobody can lock another out."""
PER_ADDRESS = throttle.Limit("sign-in-address", 20, timedelta(minutes=1))


def prove(login_text: str, password: str) -> Account | None:
    """The active account to which both belong; None where there is none, after the same time.

    Raises TooManyAttempts.
    """
    try:
        login = read_login(login_text)
    except NotALogin:
        return None
    subject = _subject(login.text)
    with db.transaction() as writing:
        throttle.check(writing, PER_ACCOUNT, subject)
        throttle.check(writing, PER_ADDRESS, throttle.caller_address())
        # counted before the slow look at the password, so that parallel guesses count too
        throttle.record(writing, PER_ACCOUNT, subject)
        throttle.record(writing, PER_ADDRESS, throttle.caller_address())
    account = queries.account_of(db.session(), login)
    known_hash = account.password_hash if account is not None and account.active else None
    if not passwords.matches(known_hash, password):
        return None
    with db.transaction() as writing:
        throttle.forgive(writing, PER_ACCOUNT, subject)
    return account


def prove_again(account_id: int, password: str) -> Account | None:
    """The signed-in person gives the password once more, under the same limits."""
    account = db.session().get_one(Account, account_id)
    return prove(account.phone or account.email or "", password)


def _subject(login: str) -> str:
    return f"{login}\0{throttle.caller_address()}"


def let_in(account: Account, password: str, response: Response) -> Response:
    """Sign this browser in: a new random token in its own cookie, and nothing of the old session.

    The person's display preferences come along (EL-02). Raises NotFound where the account has been
    disabled meanwhile.
    """
    account_id, old_hash = account.id, account.password_hash
    mode, locale, settings = account.mode, account.locale, account.display
    new_hash = passwords.hashed(password) if passwords.needs_rehash(old_hash) else None
    with db.transaction() as writing:
        device = device_of(request.headers.get("User-Agent", ""))
        token = services.open_sign_in(writing, account_id=account_id, device=device)
        if new_hash is not None:
            services.rehash(writing, account_id=account_id, old_hash=old_hash, new_hash=new_hash)
    forget_session()
    response.set_cookie(
        current_app.config["SIGN_IN_COOKIE_NAME"],
        token,
        max_age=services.LASTS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        path="/",
    )
    if mode is not None and mode in modes.MODES:
        modes.set_preference(response, modes.COOKIE, mode)
    if locale is not None and locale in i18n.LOCALES:
        modes.set_preference(response, i18n.COOKIE, locale)
    if settings is not None:
        display.keep(response, display.parse(settings))
    return response


def see_out(response: Response) -> Response:
    """Take the sign-in cookie away; the sign-in itself has been ended in the database."""
    forget_session()
    response.delete_cookie(
        current_app.config["SIGN_IN_COOKIE_NAME"],
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def forget_session() -> None:
    """Clear Flask's session, with it the CSRF secret: the next form gets a new one."""
    session.clear()
    g.pop("csrf_token", None)
    g.personal = True


def note_visit(sign_in_id: int) -> None:
    """Let the sign-in last on; written at most once an hour."""
    if services.is_seen_lately(db.session(), sign_in_id):
        return
    with db.transaction() as writing:
        services.see(writing, sign_in_id)
