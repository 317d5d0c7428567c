"""What draws know of a person: applications, for the download and for forgetting."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from culture_cloud.accounts import personal
from culture_cloud.accounts.models import Account
from culture_cloud.accounts.personal import Holder
from culture_cloud.web.fields import lazy as _l

from .models import Application, ApplicationState, Draw


def export(session: Session, account: Account) -> list[dict[str, Any]]:
    """Each application, the latest first."""
    rows = session.scalars(
        select(Application)
        .options(selectinload(Application.draw), selectinload(Application.wishes))
        .where(Application.account_id == account.id)
        .order_by(Application.id.desc())
    )
    return [
        {
            "number": row.number,
            "title": row.draw.title,
            "state": row.state,
            "name": row.name,
            "phone": row.phone,
            "people": row.party_size,
            "sixty_or_older": row.is_elder,
            "wishes": [wish.activity_id for wish in row.wishes],
            "created_at": row.created_at,
        }
        for row in rows
    ]


def forget(session: Session, account: Account) -> None:
    """What still waits for its draw goes; of what was drawn the number stays, since the published
    record counts on it, and the person is taken out."""
    mine = Application.account_id == account.id
    session.execute(
        delete(Application)
        .where(mine, Application.state == ApplicationState.APPLIED)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Application)
        .where(mine)
        .values(
            account_id=None,
            name="",
            phone=Application.number,
            is_elder=False,
            residence_node_id=None,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(update(Draw).where(Draw.created_by_id == account.id).values(created_by_id=None))


HOLDER = Holder(
    name="draw_applications",
    title=_l("What you applied for by lot"),
    tables=("draw_applications", "draws"),
    export=export,
    forget=forget,
)


def init_app(app: Flask) -> None:
    personal.register(app, HOLDER)
