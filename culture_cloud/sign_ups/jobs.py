"""What the worker does for sign-ups: it tells people, each once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.accounts.models import Account
from culture_cloud.activities import presenter
from culture_cloud.activities.models import ActivitySession, Allotment
from culture_cloud.jobs.worker import Handler
from culture_cloud.notifications.services import notify

from . import forgetting, offered, places, queries, releasing, tickets, waiting, wording
from .models import SignUp, SignUpState

BATCH = 100

OF_THE_TICKET = frozenset(
    {
        "confirmed",
        "pending",
        "waiting",
        "promoted",
        "promoted_to_review",
        "offered",
        "party_changed",
        "session_moved",
    }
)
"""News whose link is the ticket: it says how things stand, and what can be done."""


def tell(*, sign_up_id: int, what: str, event: str = "") -> None:
    """The person hears of `what` befell the sign-up: a template of notices/sign_ups."""
    with db.transaction() as session:
        for sign_up in queries.with_activity(session, [sign_up_id]):
            key = f"sign-up-{sign_up.id}-{what}" + (f"-{event}" if event else "")
            _notify(session, sign_up, what, key=key)


def session_cancelled(*, activity_id: int, session_id: int, was: str | None = None) -> None:
    """A session, or a lesson of a course, does not take place."""
    del was
    _tell_all(activity_id, session_id, "session_cancelled", event=str(session_id))


def session_moved(*, activity_id: int, session_id: int, was: str | None = None) -> None:
    """A session takes place at another time; `was` is where it stood (ISO 8601)."""
    with db.transaction() as session:
        starts_at = session.scalar(
            select(ActivitySession.starts_at).where(ActivitySession.id == session_id)
        )
    event = f"{session_id}-{was}-{starts_at.isoformat() if starts_at else ''}"
    _tell_all(activity_id, session_id, "session_moved", event=event, more={"old_starts_at": was})


def activity_cancelled(
    *, activity_id: int, session_id: int | None = None, was: str | None = None
) -> None:
    """Nothing of the activity takes place."""
    del session_id, was
    _tell_all(activity_id, None, "activity_cancelled", event=str(activity_id))


def _tell_all(
    activity_id: int,
    session_id: int | None,
    what: str,
    *,
    event: str,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Tell everybody who comes, in batches; a repeated run tells nobody twice."""
    _wait_for_sign_ups_under_way(activity_id)
    last = 0
    while True:
        with db.transaction() as session:
            ids = queries.concerned_ids(session, activity_id, session_id, after=last, limit=BATCH)
            for sign_up in queries.with_activity(session, ids):
                occurrence = _occurrence(sign_up, session_id)
                if occurrence is None:
                    continue
                key = f"sign-up-{sign_up.id}-{what}-{event}"
                _notify(session, sign_up, what, key=key, occurrence=occurrence, more=more)
        if len(ids) < BATCH:
            return
        last = ids[-1]


def _wait_for_sign_ups_under_way(activity_id: int) -> None:
    """Whoever took a place before the news was committed must be on the list."""
    with db.transaction() as session:
        places.lock(session, Allotment.activity_id == activity_id)


def _occurrence(sign_up: SignUp, session_id: int | None) -> ActivitySession | None:
    """The session that the news is about; for a whole activity, the one signed up for."""
    for occurrence in tickets.occurrences(sign_up):
        if session_id is None or occurrence.id == session_id:
            return occurrence
    return None


def _notify(
    session: Session,
    sign_up: SignUp,
    what: str,
    *,
    key: str,
    occurrence: ActivitySession | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    shown = occurrence or tickets.occurrences(sign_up)[0]
    activity = sign_up.activity
    proxy = sign_up.proxy
    facts = {
        "name": sign_up.name,
        "title": activity.title,
        "code": sign_up.code,
        "party_size": sign_up.party_size,
        "starts_at": shown.starts_at,
        "ends_at": shown.ends_at,
        "all_day": shown.all_day,
        "end_known": shown.end_known,
        "place": wording.place_words(activity),
        "phone": presenter.contact_phone(activity),
        "link": _link(sign_up, what),
        "wait_ahead": waiting.position(session, sign_up) - 1
        if sign_up.state == SignUpState.WAITING and not sign_up.holds
        else None,
        "offered_until": sign_up.offered_until,
        "proxy_name": proxy.name if proxy else "",
        "reason": _reason(sign_up, shown, what),
        **(more or {}),
    }

    def write(suffix: str, phone: str, account_id: int | None) -> None:
        email = session.scalar(select(Account.email).where(Account.id == account_id))
        notify(
            session,
            key=key + suffix,
            template=f"sign_ups/{what}",
            facts=facts,
            locale=sign_up.locale,
            phone=phone,
            email=email,
            account_id=account_id,
            node_id=activity.node_id,
        )

    if proxy is None:
        write("", sign_up.phone, sign_up.account_id)
        return
    # both hear of it: the person, and whoever acts for them (SV-03); one phone hears it once
    write("", sign_up.phone, None)
    if proxy.phone != sign_up.phone:
        write("-proxy", proxy.phone, proxy.account_id)


def _link(sign_up: SignUp, what: str) -> str:
    """The ticket while it holds, else the activity with what else there is."""
    if what in OF_THE_TICKET:
        return wording.address(sign_up)
    if what == "activity_cancelled":
        return presenter.absolute("/activities")
    return presenter.absolute(f"/activities/{sign_up.activity_id}")


def _reason(sign_up: SignUp, occurrence: ActivitySession, what: str) -> str:
    """Why, in the words of whoever decided it."""
    if what in {"cancelled_by_staff", "declined"}:
        return sign_up.state_reason
    if what == "activity_cancelled":
        return sign_up.activity.state_reason
    return occurrence.note


def fill(*, activity_id: int, session_id: int | None = None) -> None:
    """Places came free in another way than by a sign-up: who waits gets them."""
    del session_id
    with db.transaction() as session:
        waiting.fill(session, activity_id)


def keep_time() -> None:
    """What the clock brings, each in a short transaction of its own: kept shares open to all,
    offers end, who waited for the day before gets what is left."""
    for step in (releasing.release_due, offered.expire_offers, waiting.fill_late):
        with db.transaction() as session:
            step(session)


def forget_id_numbers() -> None:
    """Nobody's ID number is kept longer than the law that asked for it needs it."""
    with db.transaction() as session:
        forgetting.forget_id_numbers(session)


HANDLERS: dict[str, Handler] = {
    "sign_ups.fill": fill,
    "sign_ups.keep_time": keep_time,
    "sign_ups.forget_id_numbers": forget_id_numbers,
    "sign_ups.tell": tell,
    "sign_ups.session_cancelled": session_cancelled,
    "sign_ups.session_moved": session_moved,
    "sign_ups.activity_cancelled": activity_cancelled,
}
