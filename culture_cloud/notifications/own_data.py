"""What notices know of a person, told and forgotten on request."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account
from culture_cloud.accounts.personal import Holder
from culture_cloud.web.fields import lazy as _l

from . import rendering
from .choices import choices_of
from .models import Notice, NoticeChannel, NoticeChoice


def _notices(session: Session, account: Account) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Notice)
        .where(Notice.account_id == account.id, Notice.channel == NoticeChannel.INBOX)
        .order_by(Notice.id.desc())
        .limit(1000)
    )
    return [
        {"about": rendering.letter(row)[0], "sent_at": row.sent_at, "read_at": row.read_at}
        for row in rows
    ]


def _choices(session: Session, account: Account) -> list[dict[str, Any]]:
    return [
        {"kind": kind.value, "sms": choice.sms, "email": choice.email}
        for kind, choice in choices_of(session, account.id).items()
    ]


def _forget(session: Session, account: Account) -> None:
    addresses = [address for address in (account.proved_phone, account.email) if address]
    session.execute(
        delete(Notice).where(or_(Notice.account_id == account.id, Notice.recipient.in_(addresses)))
    )
    session.execute(
        update(Notice).where(Notice.called_by_id == account.id).values(called_by_id=None)
    )
    session.execute(delete(NoticeChoice).where(NoticeChoice.account_id == account.id))


def _nothing(_session: Session, _account: Account) -> None:
    return None


HOLDERS = (
    Holder("notices", _l("Messages"), ("notices",), _notices, _forget),
    Holder("notice_choices", _l("What I am told of"), ("notice_choices",), _choices, _nothing),
)
