"""Reading sign-ups: tickets, lists for residents and for staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud.activities.models import Activity, ActivitySession, SessionState
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node

from .models import ENDED, SignUp, SignUpState
from .offers import Offer


def activity(session: Session, activity_id: int) -> Activity:
    """The activity with its hall and place, for what a page says of it. Raises NotFound."""
    found = session.scalar(
        select(Activity)
        .options(joinedload(Activity.node), joinedload(Activity.place_node))
        .where(Activity.id == activity_id)
    )
    if found is None:
        raise NotFound
    return found


# --- what people have --------------------------------------------------------------------------


def _tickets() -> Select[SignUp]:
    return select(SignUp).options(
        joinedload(SignUp.session),
        joinedload(SignUp.activity).options(
            joinedload(Activity.node),
            joinedload(Activity.place_node),
            selectinload(Activity.sessions),
        ),
    )


def ticket(session: Session, token: str) -> SignUp:
    """The sign-up that the ticket's address names, with its activity. Raises NotFound."""
    found = session.scalar(_tickets().where(SignUp.token == token))
    if found is None:
        raise NotFound
    return found


def find(session: Session, phone: str, code: str) -> SignUp | None:
    """The sign-up of this phone with this number."""
    return session.scalar(select(SignUp).where(SignUp.phone == phone, SignUp.code == code))


def by_key(session: Session, idempotency_key: str) -> SignUp | None:
    return session.scalar(select(SignUp).where(SignUp.idempotency_key == idempotency_key))


def active_of(session: Session, offer: Offer, phone: str, name: str) -> SignUp | None:
    """The sign-up this person has here already, whatever became of it short of its end."""
    return session.scalar(
        select(SignUp).where(
            SignUp.activity_id == offer.activity_id,
            SignUp.once_for == offer.once_for,
            SignUp.phone == phone,
            SignUp.name == name,
            SignUp.state.not_in(ENDED),
        )
    )


def clashing(
    session: Session, account_id: int, starts_at: datetime, ends_at: datetime
) -> list[SignUp]:
    """What an account has signed up for that takes place within this span; lessons of courses
    included. The next first, at most ten."""
    within = exists(
        select(ActivitySession.id).where(
            ActivitySession.activity_id == SignUp.activity_id,
            or_(SignUp.session_id.is_(None), ActivitySession.id == SignUp.session_id),
            ActivitySession.state == SessionState.SCHEDULED,
            ActivitySession.starts_at < ends_at,
            ActivitySession.ends_at > starts_at,
        )
    )
    return list(
        session.scalars(
            _tickets()
            .where(SignUp.account_id == account_id, SignUp.state.not_in(ENDED), within)
            .order_by(SignUp.id)
            .limit(10)
        )
    )


def residences(session: Session) -> list[tuple[str, str]]:
    """Where people can live: the townships, the branches of the network; by (id, name)."""
    rows = session.execute(
        select(Node.id, Node.name).where(Node.level_code == "branch").order_by(Node.path)
    )
    return [(str(row.id), row.name) for row in rows]


def node_paths(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Where these nodes lie in the tree."""
    rows = session.execute(select(Node.id, Node.path).where(Node.id.in_(list(ids))))
    return {row.id: row.path for row in rows}


def people_like(session: Session, wanted: str, within: ColumnElement[bool]) -> list[SignUp]:
    """Earlier sign-ups by a part of the name or of the phone, in these halls; each person once,
    the latest first, at most ten."""
    digits = "".join(c for c in wanted if c.isdigit())
    fits = SignUp.name.contains(wanted, autoescape=True)
    if len(digits) >= 4:
        fits = or_(fits, SignUp.phone.contains(digits))
    rows = session.scalars(
        select(SignUp)
        .join(Activity, Activity.id == SignUp.activity_id)
        .join(Node, Node.id == Activity.node_id)
        .where(fits, SignUp.phone != "", within)
        .order_by(SignUp.id.desc())
        .limit(100)
    )
    found: dict[tuple[str, str], SignUp] = {}
    for row in rows:
        found.setdefault((row.name, row.phone), row)
    return list(found.values())[:10]


def person(session: Session, sign_up_id: int, within: ColumnElement[bool]) -> SignUp | None:
    """An earlier sign-up in these halls, for its name and phone."""
    return session.scalar(
        select(SignUp)
        .join(Activity, Activity.id == SignUp.activity_id)
        .join(Node, Node.id == Activity.node_id)
        .where(SignUp.id == sign_up_id, within)
    )


def of_account(session: Session, account_id: int) -> list[SignUp]:
    """All that this account signed up for, the newest first; at most 200."""
    return list(
        session.scalars(
            _tickets()
            .where(SignUp.account_id == account_id)
            .order_by(SignUp.created_at.desc(), SignUp.id.desc())
            .limit(200)
        )
    )


# --- for staff ---------------------------------------------------------------------------------


def of_activity(session: Session, activity_id: int, session_id: int | None = None) -> list[SignUp]:
    """The sign-ups of an activity or of one session: those who come first, by time."""
    query = select(SignUp).where(SignUp.activity_id == activity_id)
    if session_id is not None:
        query = query.where(SignUp.session_id == session_id)
    order = (SignUp.state.desc(), SignUp.created_at, SignUp.id)
    return list(session.scalars(query.order_by(*order)))


def concerned_ids(
    session: Session, activity_id: int, session_id: int | None, *, after: int, limit: int
) -> list[int]:
    """Ids of who comes or waits, in batches: to an activity, or to one session (a course's sign-ups
    are good for each of its lessons)."""
    query = select(SignUp.id).where(
        SignUp.activity_id == activity_id,
        SignUp.state.in_((SignUpState.PENDING, SignUpState.WAITING, SignUpState.CONFIRMED)),
        SignUp.id > after,
    )
    if session_id is not None:
        query = query.where(or_(SignUp.session_id == session_id, SignUp.session_id.is_(None)))
    return list(session.scalars(query.order_by(SignUp.id).limit(limit)))


def with_activity(session: Session, ids: Iterable[int]) -> list[SignUp]:
    return list(session.scalars(_tickets().where(SignUp.id.in_(list(ids))).order_by(SignUp.id)))
