"""Jobs: remind those who come tomorrow, thank those who came.

Each session is gone through once for each kind; a crash in between begins it anew, and the notices'
keys see to it that nobody is told twice.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.accounts.models import Account
from culture_cloud.activities import presenter
from culture_cloud.activities.models import (
    Activity,
    ActivitySession,
    ActivityState,
    Enrolment,
    SessionState,
)
from culture_cloud.notifications.services import notify
from culture_cloud.sign_ups import queries, tickets, wording
from culture_cloud.sign_ups.models import SignUp, SignUpState
from culture_cloud.web.words import local

from .models import REMINDER, THANKS, FollowUp

REMINDED_FROM = time(10)
"""The day before, from ten in the morning: people are up, and there is time to cancel."""
FRESH = timedelta(hours=20)
"""Who signed up within so many hours needs no reminder."""
THANKED_AFTER = timedelta(hours=1)
THANKED_FOR = timedelta(days=3)
BATCH = 100


def remind() -> None:
    """The day before, once REMINDED_FROM has come."""
    here = local(clock.now())
    if here.time() < REMINDED_FROM:
        return
    tomorrow = datetime.combine(here.date() + timedelta(days=1), time(0), tzinfo=here.tzinfo)
    _go_through(REMINDER, _sessions(REMINDER, tomorrow, tomorrow + timedelta(days=1)))


def thank() -> None:
    """After it is over."""
    now = clock.now()
    query = _sessions(THANKS, now - THANKED_FOR, now).where(
        ActivitySession.ends_at < now - THANKED_AFTER
    )
    _go_through(THANKS, query)


def _sessions(kind: str, first: datetime, last: datetime) -> Select[ActivitySession]:
    """Sessions that begin in between and were not gone through for this time of theirs."""
    done = exists().where(
        FollowUp.session_id == ActivitySession.id,
        FollowUp.kind == kind,
        FollowUp.starts_at == ActivitySession.starts_at,
    )
    return (
        select(ActivitySession)
        .join(Activity, Activity.id == ActivitySession.activity_id)
        .where(
            ActivitySession.starts_at >= first,
            ActivitySession.starts_at < last,
            ActivitySession.state == SessionState.SCHEDULED,
            Activity.state == ActivityState.PUBLISHED,
            ~done,
        )
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def _go_through(kind: str, query: Select[ActivitySession]) -> None:
    with db.transaction() as session:
        due = [(s.id, s.activity_id, s.starts_at) for s in session.scalars(query)]
    for session_id, activity_id, starts_at in due:
        last = 0
        while True:
            with db.transaction() as session:
                ids = _people(session, kind, session_id, activity_id, after=last)
                for sign_up in queries.with_activity(session, ids):
                    _write(session, kind, sign_up, session_id)
            if len(ids) < BATCH:
                break
            last = ids[-1]
        with db.transaction() as session:
            session.merge(
                FollowUp(session_id=session_id, kind=kind, starts_at=starts_at, done_at=clock.now())
            )


def _people(
    session: Session, kind: str, session_id: int, activity_id: int, *, after: int
) -> list[int]:
    """Ids of the sign-ups to be told, in batches. Walk-ins left no number and are left alone."""
    state = SignUpState.CONFIRMED if kind == REMINDER else SignUpState.ATTENDED
    query = select(SignUp.id).where(
        SignUp.activity_id == activity_id,
        or_(SignUp.session_id == session_id, SignUp.session_id.is_(None)),
        SignUp.state == state,
        SignUp.phone != "",
        SignUp.id > after,
    )
    if kind == REMINDER:
        query = query.where(SignUp.created_at < clock.now() - FRESH)
    return list(session.scalars(query.order_by(SignUp.id).limit(BATCH)))


def _write(session: Session, kind: str, sign_up: SignUp, session_id: int) -> None:
    """A course reminds before its first lesson and thanks after its last."""
    lessons = [s for s in tickets.occurrences(sign_up) if s.state == SessionState.SCHEDULED]
    activity = sign_up.activity
    if activity.enrolment == Enrolment.COURSE:
        meant = lessons[0] if kind == REMINDER else lessons[-1]
        if meant.id != session_id:
            return
    shown = next(s for s in lessons if s.id == session_id)
    link = wording.address(sign_up)
    account = session.get(Account, sign_up.account_id) if sign_up.account_id else None
    notify(
        session,
        key=f"sign-up-{sign_up.id}-{kind}-{session_id}-{shown.starts_at.isoformat()}",
        template=f"sign_ups/{kind}",
        facts={
            "name": sign_up.name,
            "title": activity.title,
            "code": sign_up.code,
            "party_size": sign_up.party_size,
            "starts_at": shown.starts_at,
            "ends_at": shown.ends_at,
            "all_day": shown.all_day,
            "end_known": shown.end_known,
            "place": wording.place_words(activity),
            "bring": activity.bring,
            "phone": presenter.contact_phone(activity),
            "link": link if kind == REMINDER else f"{link}/rating",
        },
        locale=sign_up.locale,
        phone=sign_up.phone,
        email=account.email if account else None,
        account_id=sign_up.account_id,
        node_id=activity.node_id,
        send_until=shown.starts_at if kind == REMINDER else clock.now() + THANKED_FOR,
    )
