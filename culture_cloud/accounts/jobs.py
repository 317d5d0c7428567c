"""Jobs of accounts."""

from __future__ import annotations

from culture_cloud import db

from . import resets, services
from .logins import Login
from .reset_views import link_base


def send_reset(*, phone: str | None, email: str | None, attempt: str) -> None:
    """Send the link or code that somebody asked for, where there is such an account."""
    with db.transaction() as session:
        login = Login(phone=phone, email=email)
        resets.send(session, login=login, attempt=attempt, link_base=link_base())


def forget_ended() -> None:
    """Delete sign-ins and resets that have ended."""
    with db.transaction() as session:
        services.forget_ended(session)
