"""Telling people: notices are written in the transaction of the fact they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.jobs import queue

from .errors import NoticeNotFailed
from .models import Notice, NoticeChannel, NoticeState

TRIED_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=180)
SECRET = "secret"  # noqa: S105  (the name of a fact)
"""The fact that holds what opens something (a reset's link or code): {"secret": {"code": …}}.
It is forgotten as soon as the notice is sent or given up."""


def notify(
    session: Session,
    *,
    key: str,
    template: str,
    facts: Mapping[str, Any],
    locale: str,
    phone: str | None = None,
    email: str | None = None,
    account_id: int | None = None,
    node_id: int | None = None,
    send_until: datetime | None = None,
) -> None:
    """Tell a person by text message (phone) and by e-mail, as far as an address is given.

    `key` names event and person: the same key again does nothing. `template` is such as
    "sign_ups/confirmed"; `facts` are what it needs, plain values and datetimes (their names end in
    `_at`); `locale` is the reader's. Tried until `send_until`, else for a day.
    """
    channels = ((NoticeChannel.SMS, phone), (NoticeChannel.EMAIL, email))
    for channel, recipient in channels:
        if not recipient:
            continue
        notice_id = _insert(
            session,
            key=f"{key}:{channel}",
            template=template,
            facts={name: _plain(value) for name, value in facts.items()},
            channel=channel,
            recipient=recipient,
            locale=locale,
            account_id=account_id,
            node_id=node_id,
            state=NoticeState.QUEUED,
            attempts=0,
            last_error="",
            created_at=clock.now(),
            send_until=send_until or clock.now() + TRIED_FOR,
        )
        if notice_id is not None:
            queue.enqueue(session, "notices.send", {"notice_id": notice_id})


def _insert(session: Session, **values: Any) -> int | None:
    """The new notice's id; None where the key is there already, also in a transaction beside."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    found: int | None = session.scalar(
        dialect.insert(Notice)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Notice.id)
    )
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def begin(session: Session, notice_id: int) -> Notice | None:
    """Claim a notice for sending. None where there is nothing (more) to do.

    A notice found in SENDING was handed over by a worker that died before it could say how it
    went: whether it arrived is unknown. It is not sent again, but shown to staff as failed.
    """
    notice = session.get(Notice, notice_id, with_for_update=True)
    if notice is None or notice.state in {NoticeState.SENT, NoticeState.FAILED}:
        return None
    if notice.state == NoticeState.SENDING:
        _give_up(notice, "interrupted while sending: it may or may not have arrived")
        return None
    if clock.now() >= notice.send_until:
        _give_up(notice, notice.last_error or "too late to be of use")
        return None
    notice.state = NoticeState.SENDING
    notice.attempts += 1
    return notice


def sent(session: Session, notice_id: int) -> None:
    """Note that the gateway took it."""
    notice = session.get_one(Notice, notice_id)
    notice.state = NoticeState.SENT
    notice.sent_at = clock.now()
    notice.last_error = ""
    _forget_secrets(notice)


def not_sent(session: Session, notice_id: int, why: str, *, again: bool) -> None:
    """Note that it was not sent: to be tried later, each time after a longer wait, or given up."""
    notice = session.get_one(Notice, notice_id)
    due_at = clock.now() + queue.retry_delay(notice.attempts)
    if not again or due_at >= notice.send_until:
        _give_up(notice, why)
        return
    notice.state = NoticeState.QUEUED
    notice.last_error = why[:500]
    queue.enqueue(session, "notices.send", {"notice_id": notice_id}, due_at=due_at)


def send_again(session: Session, notice_id: int) -> None:
    """Staff let a failed notice be sent once more. Raises NoticeNotFailed."""
    changed = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.state == NoticeState.FAILED)
        .values(state=NoticeState.QUEUED, attempts=0, send_until=clock.now() + TRIED_FOR)
        .returning(Notice.id)
    )
    if changed.scalar() is None:
        raise NoticeNotFailed
    queue.enqueue(session, "notices.send", {"notice_id": notice_id})


def forget_old(session: Session) -> None:
    """Delete notices that nobody waits for any more."""
    session.execute(
        delete(Notice).where(
            Notice.state.in_((NoticeState.SENT, NoticeState.FAILED)),
            Notice.created_at < clock.now() - KEPT_FOR,
        )
    )


def _give_up(notice: Notice, why: str) -> None:
    notice.state = NoticeState.FAILED
    notice.last_error = why[:500]
    _forget_secrets(notice)


def _forget_secrets(notice: Notice) -> None:
    notice.facts = {name: value for name, value in notice.facts.items() if name != SECRET}
