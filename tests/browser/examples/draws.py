"""Examples of draws: the demo county has one that is held, one that is open, and a season."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.draws.models import Application, Draw, DrawKind, DrawOffer, DrawState
from tests.browser.examples.county import long_text, press_nothing_filled_in
from tests.browser.places import Place

KEY = {"draws.page", "draws.apply", "desk_draws.page"}


def _draw(session: Session, kind: DrawKind, state: DrawState) -> Draw:
    query = select(Draw).where(Draw.kind == kind, Draw.state == state).order_by(Draw.id)
    return session.scalars(query).first() or session.scalars(select(Draw)).one()


def _activity_id(session: Session, draw: Draw) -> int:
    query = select(DrawOffer.activity_id).where(DrawOffer.draw_id == draw.id)
    return session.scalars(query.order_by(DrawOffer.activity_id)).first() or 0


def values(session: Session) -> dict[str, object]:
    applying = _draw(session, DrawKind.DRAW, DrawState.OPEN)
    season = _draw(session, DrawKind.WISHES, DrawState.OPEN)
    token = select(Application.token).where(Application.draw_id == applying.id)
    return {
        "draws.activity_id": _activity_id(session, applying),
        "draws.draw_id": season.id,
        "desk_draws.draw_id": applying.id,
        "draws.token": session.scalars(token.order_by(Application.id)).first(),
    }


def states(session: Session) -> list[Place]:
    held = _draw(session, DrawKind.DRAW, DrawState.DRAWN)
    applying = _draw(session, DrawKind.DRAW, DrawState.OPEN)
    season = _draw(session, DrawKind.WISHES, DrawState.OPEN)
    number, own = _activity_id(session, held), select(Application.token)
    given = session.scalars(own.where(Application.draw_id == held.id)).first()
    return [
        Place("a draw that was held", f"/activities/{number}/draw?number=3"),
        Place("an application that was drawn", f"/draw-applications/{given}"),
        Place("too late to apply", f"/activities/{number}/draw/apply"),
        Place(
            "apply: nothing filled in",
            f"/activities/{_activity_id(session, applying)}/draw/apply",
            act=press_nothing_filled_in,
        ),
        Place(
            "wish list: nothing filled in",
            f"/seasons/{season.id}/wishes",
            act=press_nothing_filled_in,
        ),
        Place("a season at the desk", f"/desk/draws/{season.id}", "manager"),
    ]


def stretch(session: Session) -> None:
    for draw in session.scalars(select(Draw)):
        draw.title = long_text(Draw.title)
        draw.about = long_text(Draw.about)
