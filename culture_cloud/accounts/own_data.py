"""What accounts know of a person, for the download."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from culture_cloud.web.fields import lazy as _l

from . import family, queries
from .models import Account
from .personal import Holder, keep_nothing


def _account(_session: Session, account: Account) -> list[dict[str, Any]]:
    return [
        {
            "name": account.name,
            "phone": account.phone,
            "email": account.email,
            "mode": account.mode,
            "language": account.locale,
            "display": account.display,
            "created_at": account.created_at,
        }
    ]


def _devices(session: Session, account: Account) -> list[dict[str, Any]]:
    return [
        {"device": row.device, "created_at": row.created_at, "seen_at": row.seen_at}
        for row in queries.sign_ins_of(session, account.id)
    ]


def _family(session: Session, account: Account) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "phone": row.phone,
            "relation": row.relation,
            "birth_year": row.birth_year,
            "consent": row.consent,
            "consented_at": row.consented_at,
        }
        for row in family.of(session, account.id)
    ]


HOLDERS = (
    Holder("account", _l("Account"), ("password_resets",), _account, keep_nothing),
    Holder("devices", _l("Devices on which I am signed in"), ("sign_ins",), _devices, keep_nothing),
    Holder(
        "family",
        _l("My family"),
        ("family_members", "calendar_links"),
        _family,
        keep_nothing,
    ),
)
"""Their rows are deleted by deletion.delete_account itself, after all others."""
