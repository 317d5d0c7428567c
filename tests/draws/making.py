"""Draws with people in them, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from culture_cloud import clock
from culture_cloud.activities.models import Activity
from culture_cloud.draws import services
from culture_cloud.draws.models import Application, Draw, DrawKind
from culture_cloud.draws.services import DrawFacts, Wanted

_number = count(1)


def make_draw(
    session: Session, activities: Sequence[Activity], kind: DrawKind = DrawKind.DRAW, **facts: Any
) -> Draw:
    """An open draw that ends in a day."""
    said: dict[str, Any] = {
        "activity_ids": [a.id for a in activities],
        "closes_at": clock.ahead(days=1),
        **facts,
    }
    draw = services.set_up(
        session, kind, activities[0].node_id, DrawFacts(**said), by_account_id=None
    )
    session.commit()
    return draw


def wanted(draw: Draw, activity: Activity, *others: Activity, **facts: Any) -> Wanted:
    """A new person's application: for one activity, or a list of them by rank."""
    number = next(_number)
    return Wanted(
        **{
            "draw_id": draw.id,
            "name": f"居民{number}",
            "phone": f"1380001{number % 10_000:04d}",
            "wishes": [target(a) for a in (activity, *others)],
            "idempotency_key": f"key-{number:020d}",
            **facts,
        }
    )


def target(activity: Activity) -> tuple[int, int | None]:
    if activity.enrolment == "course":
        return activity.id, None
    return activity.id, activity.sessions[0].id


def apply(session: Session, *wishes: Wanted) -> list[Application]:
    made = [services.apply(session, wish) for wish in wishes]
    session.commit()
    return made


def by_number(session: Session, draw: Draw) -> dict[str, Application]:
    """The applications as they are now; nothing is held locked."""
    rows = session.scalars(
        select(Application)
        .options(selectinload(Application.wishes), selectinload(Application.sign_up))
        .where(Application.draw_id == draw.id)
        .execution_options(populate_existing=True)
    ).all()
    session.commit()
    return {row.number: row for row in rows}


def reread(session: Session, draw: Draw) -> Draw:
    session.expire_all()
    found = session.get_one(Draw, draw.id)
    session.commit()
    return found
