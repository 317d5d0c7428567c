"""What the worker does for draws: it holds them, looks after them, and tells people, each once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from culture_cloud import clock, db
from culture_cloud.accounts.models import Account
from culture_cloud.activities import presenter
from culture_cloud.activities.models import Activity, ActivityState
from culture_cloud.jobs.worker import Handler
from culture_cloud.notifications.services import notify
from culture_cloud.sign_ups.models import SignUp

from . import holding, services
from .models import Application, ApplicationState, Draw, DrawOffer, DrawState

BATCH = 100


def hold(*, draw_id: int) -> None:
    """The time to apply is over: draw. A second run finds it done; one before its time (the close
    was moved to a later moment) leaves it to the job of that moment."""
    with db.transaction() as session:
        holding.hold(session, draw_id)


def look_after() -> None:
    """Draws whose activity was cancelled meanwhile are called off, so that people hear of it; and
    none that is due is forgotten, whatever became of its job."""
    with db.transaction() as session:
        due = list(
            session.scalars(
                select(Draw.id).where(Draw.state == DrawState.OPEN, Draw.closes_at <= clock.now())
            )
        )
        without = list(
            session.scalars(
                select(Draw.id).where(
                    Draw.state == DrawState.OPEN,
                    ~select(DrawOffer.draw_id)
                    .join(Activity, Activity.id == DrawOffer.activity_id)
                    .where(DrawOffer.draw_id == Draw.id, Activity.state == ActivityState.PUBLISHED)
                    .exists(),
                )
            )
        )
        for draw_id in without:
            services.call_off(session, draw_id, "")
    for draw_id in set(due) - set(without):
        hold(draw_id=draw_id)


def tell(*, application_id: int) -> None:
    """Somebody has applied: their number, and what was promised."""
    with db.transaction() as session:
        for application in _loaded(session, [application_id]):
            _notify(session, application, "applied")


def tell_all(*, draw_id: int) -> None:
    """Everybody who applied hears what came of it, in batches; a second run tells nobody twice."""
    last = 0
    while True:
        with db.transaction() as session:
            ids = list(
                session.scalars(
                    select(Application.id)
                    .where(
                        Application.draw_id == draw_id,
                        Application.id > last,
                        Application.state.in_(_TOLD),
                    )
                    .order_by(Application.id)
                    .limit(BATCH)
                )
            )
            for application in _loaded(session, ids):
                _notify(session, application, _what(application))
        if len(ids) < BATCH:
            return
        last = ids[-1]


_TOLD = (ApplicationState.GIVEN, ApplicationState.WAITING, ApplicationState.NONE)


def _what(application: Application) -> str:
    if application.state == ApplicationState.NONE and application.outcome_reason == "called_off":
        return "called_off"
    return str(application.state)


def _loaded(session: Session, ids: list[int]) -> list[Application]:
    return list(
        session.scalars(
            select(Application)
            .options(
                joinedload(Application.draw).joinedload(Draw.node),
                joinedload(Application.sign_up)
                .joinedload(SignUp.activity)
                .selectinload(Activity.sessions),
                selectinload(Application.wishes),
            )
            .where(Application.id.in_(ids))
            .order_by(Application.id)
        )
    )


def _notify(session: Session, application: Application, what: str) -> None:
    draw = application.draw
    email = session.scalar(select(Account.email).where(Account.id == application.account_id))
    notify(
        session,
        key=f"draw-{draw.id}-{application.id}-{what}",
        template=f"draws/{what}",
        facts={
            "name": application.name,
            "title": _title(session, application),
            "number": application.number,
            "closes_at": draw.closes_at,
            "commitment": draw.commitment,
            "code": application.sign_up.code if application.sign_up else "",
            "starts_at": _starts_at(application),
            "phone": draw.node.phone,
            "reason": draw.state_reason,
            "cancelled": application.outcome_reason == "cancelled",
            "link": presenter.absolute(f"/draw-applications/{application.token}"),
        },
        locale=application.locale,
        phone=application.phone,
        email=email,
        account_id=application.account_id,
        node_id=draw.node_id,
    )


def _title(session: Session, application: Application) -> str:
    """What it came to, else what was applied for."""
    if application.sign_up is not None:
        return application.sign_up.activity.title
    if application.draw.title:
        return application.draw.title
    activity = session.get(Activity, application.wishes[0].activity_id)
    return activity.title if activity else ""


def _starts_at(application: Application) -> Any:
    if application.sign_up is None:
        return None
    occurrences = application.sign_up.activity.sessions
    own = [s for s in occurrences if application.sign_up.session_id in (None, s.id)]
    return own[0].starts_at if own else None


HANDLERS: dict[str, Handler] = {
    "draws.hold": hold,
    "draws.look_after": look_after,
    "draws.tell": tell,
    "draws.tell_all": tell_all,
}
