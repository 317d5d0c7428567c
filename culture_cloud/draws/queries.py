"""Reading draws: for pages, for staff, for whoever verifies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud import clock
from culture_cloud.access.scope import Scope
from culture_cloud.activities.models import Activity
from culture_cloud.errors import NotFound
from culture_cloud.network.models import Node
from culture_cloud.sign_ups.models import SignUp

from .models import Application, ApplicationState, Draw, DrawKind, DrawOffer, DrawState


def of_activity(session: Session, activity_id: int) -> Draw | None:
    """The draw that gives the activity's places, if there is one; called off is none."""
    return session.scalar(
        select(Draw)
        .join(DrawOffer, DrawOffer.draw_id == Draw.id)
        .where(DrawOffer.activity_id == activity_id)
    )


def draw(session: Session, draw_id: int, kind: DrawKind | None = None) -> Draw:
    """A draw with its activities. Raises NotFound."""
    found = session.scalar(
        select(Draw)
        .options(
            joinedload(Draw.node),
            selectinload(Draw.offers)
            .joinedload(DrawOffer.activity)
            .options(
                selectinload(Activity.sessions),
                selectinload(Activity.allotments),
                joinedload(Activity.node),
                joinedload(Activity.place_node),
            ),
        )
        .where(Draw.id == draw_id)
    )
    if found is None or (kind is not None and found.kind != kind):
        raise NotFound
    return found


def seasons(session: Session) -> Sequence[Draw]:
    """Seasons for the public: open ones and those of the last year, the newest first."""
    return session.scalars(
        select(Draw)
        .options(joinedload(Draw.node))
        .where(
            Draw.kind == DrawKind.WISHES,
            Draw.state != DrawState.CALLED_OFF,
            Draw.closes_at > clock.ago(days=365),
        )
        .order_by(Draw.closes_at.desc(), Draw.id.desc())
        .limit(50)
    ).all()


def of_scope(session: Session, scope: Scope) -> Sequence[Draw]:
    """Draws of own halls, the newest first, at most 100."""
    return session.scalars(
        select(Draw)
        .join(Node, Node.id == Draw.node_id)
        .options(joinedload(Draw.node), selectinload(Draw.offers).joinedload(DrawOffer.activity))
        .where(scope.rows(Node.path))
        .order_by(Draw.id.desc())
        .limit(100)
    ).all()


def application(session: Session, token: str) -> Application:
    """The application that its page's address names. Raises NotFound."""
    found = session.scalar(
        select(Application)
        .options(
            joinedload(Application.draw).joinedload(Draw.node),
            joinedload(Application.sign_up).joinedload(SignUp.activity),
            selectinload(Application.wishes),
        )
        .where(Application.token == token)
    )
    if found is None:
        raise NotFound
    return found


def of_account(session: Session, account_id: int) -> Sequence[Application]:
    """What this account applied for, the newest first; at most 50."""
    return session.scalars(
        select(Application)
        .options(joinedload(Application.draw), selectinload(Application.wishes))
        .where(
            Application.account_id == account_id,
            Application.state != ApplicationState.WITHDRAWN,
        )
        .order_by(Application.id.desc())
        .limit(50)
    ).all()


def applications(session: Session, draw_id: int) -> Sequence[Application]:
    """All that stand, by number."""
    return session.scalars(
        select(Application)
        .options(selectinload(Application.wishes), joinedload(Application.residence))
        .where(Application.draw_id == draw_id, Application.state != ApplicationState.WITHDRAWN)
        .order_by(Application.number)
    ).all()


def count(session: Session, draw_id: int) -> int:
    """How many applications stand."""
    return (
        session.scalar(
            select(func.count()).where(
                Application.draw_id == draw_id, Application.state != ApplicationState.WITHDRAWN
            )
        )
        or 0
    )


def townships(session: Session) -> list[tuple[int, str]]:
    """Where people can live, for the rule of the township: the halls one step below the top."""
    tops = select(Node.id).where(Node.parent_id.is_(None))
    rows = session.execute(
        select(Node.id, Node.name)
        .where(Node.parent_id.in_(tops), Node.closed_down.is_(False))
        .order_by(Node.position, Node.id)
    )
    return [(node_id, name) for node_id, name in rows]
