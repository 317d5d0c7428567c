"""What comes after a sign-up in the demo: a list half checked in, messages, one that failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account, FamilyMember
from culture_cloud.activities.models import ActivitySession
from culture_cloud.check_in.models import Arrival
from culture_cloud.notifications.models import Notice, NoticeChannel, NoticeState
from culture_cloud.sign_ups import queries, tickets, wording
from culture_cloud.sign_ups.models import SignUp, SignUpState


def add_after(session: Session, accounts: dict[str, Account], now: datetime) -> None:
    """Arrivals at the session that begins next, an inbox, a call and a failed message."""
    _check_half_in(session, now)
    own = list(
        session.scalars(select(SignUp.id).where(SignUp.account_id.is_not(None)).order_by(SignUp.id))
    )
    for sign_up in queries.with_activity(session, own):
        _tell(session, sign_up, NoticeChannel.INBOX, NoticeState.SENT, now=now)
    others = list(
        session.scalars(
            select(SignUp.id)
            .where(SignUp.account_id.is_(None), SignUp.state == SignUpState.CONFIRMED)
            .order_by(SignUp.id)
            .limit(2)
        )
    )
    for sign_up, (channel, state) in zip(
        queries.with_activity(session, others),
        (
            (NoticeChannel.SMS, NoticeState.FAILED),
            (NoticeChannel.CALL, NoticeState.QUEUED),
        ),
        strict=False,
    ):
        _tell(session, sign_up, channel, state, now=now, what="session_moved")
    resident = next((a for a in accounts.values() if a.mode == "elder"), None)
    if resident is not None:
        session.add(
            FamilyMember(account_id=resident.id, name="小梅", relation="child", created_at=now)
        )
    session.flush()


def _check_half_in(session: Session, now: datetime) -> None:
    """Every second sign-up of the next session has come, the larger parties not whole."""
    found = session.scalar(
        select(ActivitySession.id)
        .join(SignUp, SignUp.session_id == ActivitySession.id)
        .where(ActivitySession.starts_at > now, SignUp.state == SignUpState.CONFIRMED)
        .order_by(ActivitySession.starts_at, ActivitySession.id)
        .limit(1)
    )
    coming = session.scalars(
        select(SignUp)
        .where(SignUp.session_id == found, SignUp.state == SignUpState.CONFIRMED)
        .order_by(SignUp.id)
    ).all()
    for sign_up in coming[::2]:
        count = max(1, sign_up.party_size - 1)
        sign_up.state, sign_up.attended_count = SignUpState.ATTENDED, count
        sign_up.checked_in_at = now
        session.add(Arrival(sign_up_id=sign_up.id, session_id=found, count=count, at=now))
    session.flush()


def _tell(
    session: Session,
    sign_up: SignUp,
    channel: NoticeChannel,
    state: NoticeState,
    *,
    now: datetime,
    what: str = "confirmed",
) -> None:
    """A notice as the worker would have left it."""
    activity, shown = sign_up.activity, tickets.occurrences(sign_up)[0]
    is_call = channel is not NoticeChannel.INBOX
    session.add(
        Notice(
            key=f"demo-{sign_up.id}-{what}:{channel}",
            template=f"sign_ups/{what}",
            facts={
                "name": sign_up.name,
                "title": activity.title,
                "code": sign_up.code,
                "party_size": sign_up.party_size,
                "starts_at": shown.starts_at.isoformat(),
                "ends_at": shown.ends_at.isoformat(),
                "place": wording.place_words(activity),
                "phone": "",
                "link": wording.address(sign_up),
                "reason": "",
            },
            channel=channel,
            recipient=sign_up.phone if is_call else "",
            locale=sign_up.locale,
            account_id=sign_up.account_id,
            node_id=activity.node_id,
            state=state,
            attempts=1,
            last_error="SMS: HTTP 422" if state is NoticeState.FAILED else "",
            created_at=max(sign_up.created_at, now - timedelta(days=2)),
            due_at=now,
            send_until=now + timedelta(days=2),
            sent_at=now if state is NoticeState.SENT else None,
        )
    )
