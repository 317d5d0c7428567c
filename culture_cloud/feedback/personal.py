"""What the site keeps of a person's messages, told on request and forgotten on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account
from culture_cloud.accounts.personal import Holder
from culture_cloud.web.fields import lazy as _l

from .models import Feedback
from .services import take_back


def export(session: Session, account: Account) -> Sequence[Mapping[str, Any]]:
    """What somebody said while signed in, and what was answered; the latest first."""
    found = session.scalars(
        select(Feedback).where(Feedback.account_id == account.id).order_by(Feedback.id.desc())
    )
    return [
        {
            "words": one.words,
            "page": one.page,
            "said_at": one.created_at,
            "answer": one.answer,
            "answered_at": one.answered_at,
        }
        for one in found
    ]


def forget(session: Session, account: Account) -> None:
    """What still waits is taken back; of what was answered, who said it is forgotten. Answers that
    the person gave as staff stay, without the name."""
    for one in session.scalars(select(Feedback).where(Feedback.account_id == account.id)):
        if not one.answer:
            take_back(one)
        one.phone, one.account_id, one.voice = "", None, None
    for one in session.scalars(select(Feedback).where(Feedback.answered_by == account.id)):
        one.answered_by = None


HOLDER = Holder(
    name="feedback",
    title=_l("What you told us"),
    tables=("feedback",),
    export=export,
    forget=forget,
)
