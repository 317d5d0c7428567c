"""What recordings say of the person who put them up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account
from culture_cloud.accounts.personal import Holder
from culture_cloud.web.fields import lazy as _l

from .models import Recording


def _own(session: Session, account: Account) -> list[Recording]:
    query = select(Recording).where(Recording.added_by_id == account.id)
    return list(session.scalars(query.order_by(Recording.added_at.desc())))


def export(session: Session, account: Account) -> list[dict[str, Any]]:
    """The pages that the person read, latest first."""
    return [
        {
            "page": f"{one.subject_kind} {one.subject_id}",
            "spoken_by": one.spoken_by,
            "added_at": one.added_at,
        }
        for one in _own(session, account)
    ]


def forget(session: Session, account: Account) -> None:
    """The page keeps its sound, which the hall put up; whose voice it is, is no longer said."""
    for one in _own(session, account):
        one.spoken_by = ""
        one.added_by_id = None


HOLDER = Holder("recordings", _l("Recordings of pages"), ("recordings",), export, forget)
