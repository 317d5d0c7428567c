"""Telling people: notices are written in the transaction of the fact they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.jobs import queue
from culture_cloud.web.phones import is_mobile

from .choices import Choice, choice_for
from .errors import NoticeNotFailed
from .kinds import Rules, rules_of
from .models import Notice, NoticeChannel, NoticeState
from .queries import to_call
from .settings import loud_again, settings_of, spend, tomorrow_morning

GATEWAYS = frozenset({NoticeChannel.EMAIL, NoticeChannel.SMS})
"""Channels over which a message leaves the house by itself."""
BUDGET_SPENT = "the day's text messages are spent"
TRIED_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=180)
LATE = timedelta(minutes=30)
"""So long after its time a notice that has not been tried has lost its job."""
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
    """Tell a person in every way that reaches them and that they want.

    A mobile number gets a text message, an address an e-mail, an account a copy in its inbox. Who
    has only a landline is put on the list of those whom staff call, for what matters. `key` names
    event and person: the same key again does nothing. `template` is such as "sign_ups/confirmed"
    and decides the kind (see kinds.py); `facts` are what it needs, plain values and datetimes
    (their names end in `_at`); `locale` is the reader's. Tried until `send_until`, else for a day.
    """
    rules = rules_of(template)
    wanted = choice_for(session, account_id, rules)
    now = clock.now()
    until = send_until or now + TRIED_FOR
    for channel, recipient in _ways(rules, wanted, phone, email, account_id):
        at_once = channel == NoticeChannel.INBOX
        due_at = _due_at(session, rules, channel, node_id, until)
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
            state=NoticeState.SENT if at_once else NoticeState.QUEUED,
            sent_at=now if at_once else None,
            attempts=0,
            last_error="",
            created_at=now,
            due_at=due_at,
            send_until=until,
        )
        if notice_id is not None and channel in GATEWAYS:
            queue.enqueue(session, "notices.send", {"notice_id": notice_id}, due_at=due_at)


def _ways(
    rules: Rules, wanted: Choice, phone: str | None, email: str | None, account_id: int | None
) -> list[tuple[NoticeChannel, str]]:
    """The channels that reach the person, each with its address."""
    ways = []
    if phone and is_mobile(phone) and wanted.sms:
        ways.append((NoticeChannel.SMS, phone))
    if email and wanted.email:
        ways.append((NoticeChannel.EMAIL, email))
    if phone and not is_mobile(phone) and not email and rules.call:
        ways.append((NoticeChannel.CALL, phone))
    if account_id is not None and rules.inbox:
        ways.append((NoticeChannel.INBOX, ""))
    return ways


def _due_at(
    session: Session, rules: Rules, channel: NoticeChannel, node_id: int | None, until: datetime
) -> datetime:
    """Now; for what makes a phone ring, not in quiet hours, unless it would come too late then."""
    now = clock.now()
    if channel != NoticeChannel.SMS or not rules.quiet:
        return now
    loud = loud_again(settings_of(session, node_id), now)
    return loud if loud < until else now


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
    if notice is None or notice.state not in {NoticeState.QUEUED, NoticeState.SENDING}:
        return None
    if notice.state == NoticeState.SENDING:
        _give_up(notice, "interrupted while sending: it may or may not have arrived")
        return None
    if clock.now() >= notice.send_until:
        _give_up(notice, notice.last_error or "too late to be of use")
        return None
    if notice.channel == NoticeChannel.SMS and not _may_ring(session, notice):
        return None
    notice.state = NoticeState.SENDING
    notice.attempts += 1
    return notice


def _may_ring(session: Session, notice: Notice) -> bool:
    """Whether a text message may go out now; else it waits for the morning, or goes to the list of
    those whom staff call."""
    rules = rules_of(notice.template)
    settings = settings_of(session, notice.node_id)
    loud = loud_again(settings, clock.now())
    if rules.quiet and clock.now() < loud < notice.send_until:
        _postpone(session, notice, loud, notice.last_error)
        return False
    # a second try of the same message is not a second message
    if notice.attempts or spend(session, settings, share=rules.share):
        return True
    morning = tomorrow_morning(settings)
    if rules.call or morning >= notice.send_until:
        _give_up(notice, BUDGET_SPENT)
    else:
        _postpone(session, notice, morning, BUDGET_SPENT)
    return False


def _postpone(session: Session, notice: Notice, due_at: datetime, why: str) -> None:
    notice.due_at, notice.last_error = due_at, why
    queue.enqueue(session, "notices.send", {"notice_id": notice.id}, due_at=due_at)


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
    _postpone(session, notice, due_at, why[:500])


def send_again(session: Session, notice_id: int) -> None:
    """Staff let a failed notice be sent once more. Raises NoticeNotFailed."""
    changed = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.state == NoticeState.FAILED)
        .values(
            state=NoticeState.QUEUED,
            attempts=0,
            due_at=clock.now(),
            send_until=clock.now() + TRIED_FOR,
        )
        .returning(Notice.id)
    )
    if changed.scalar() is None:
        raise NoticeNotFailed
    queue.enqueue(session, "notices.send", {"notice_id": notice_id})


def take_up_again(session: Session) -> None:
    """Ask anew for what should have gone out long ago."""
    late = select(Notice.id).where(
        Notice.state.in_((NoticeState.QUEUED, NoticeState.SENDING)),
        Notice.channel.in_(GATEWAYS),
        Notice.due_at < clock.now() - LATE,
    )
    for notice_id in session.scalars(late.order_by(Notice.id).limit(500)):
        queue.enqueue(
            session, "notices.send", {"notice_id": notice_id}, key=f"notices.send:{notice_id}"
        )


def called(session: Session, notice_id: int, *, by: int) -> None:
    """Staff told the person on the phone. Raises NoticeNotFailed where nobody has to call."""
    changed = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, to_call())
        .values(state=NoticeState.CALLED, sent_at=clock.now(), called_by_id=by)
        .returning(Notice.id)
    )
    if changed.scalar() is None:
        raise NoticeNotFailed


def read(session: Session, account_id: int, notice_id: int | None = None) -> None:
    """The person has seen one message of the inbox, or all of it."""
    mine = (Notice.account_id == account_id, Notice.channel == NoticeChannel.INBOX)
    one = Notice.id == notice_id if notice_id is not None else Notice.read_at.is_(None)
    session.execute(
        update(Notice).where(*mine, one, Notice.read_at.is_(None)).values(read_at=clock.now())
    )


def forget_old(session: Session) -> None:
    """Delete notices that nobody waits for any more; the last word to somebody who is deleted, as
    soon as it cannot be sent any more."""
    session.execute(
        delete(Notice).where(Notice.template == "accounts/deleted", Notice.send_until < clock.now())
    )
    session.execute(
        delete(Notice).where(
            Notice.state != NoticeState.SENDING,
            Notice.send_until < clock.now(),
            Notice.created_at < clock.now() - KEPT_FOR,
        )
    )


def _give_up(notice: Notice, why: str) -> None:
    notice.state = NoticeState.FAILED
    notice.last_error = why[:500]
    _forget_secrets(notice)


def _forget_secrets(notice: Notice) -> None:
    notice.facts = {name: value for name, value in notice.facts.items() if name != SECRET}
