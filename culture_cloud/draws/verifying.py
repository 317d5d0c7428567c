"""Whether a draw of this site was right, and whether people got what its record says."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import record
from .models import Application, ApplicationState, Draw


def faults(session: Session, draw: Draw, *, commitment: str | None = None) -> list[str]:
    """What is wrong with a draw that was held, each in a sentence; empty where all is right.

    `commitment` is what somebody kept from before the draw; without it the site's own is taken.
    """
    found = record.faults(draw.record, commitment=commitment or draw.commitment)
    listed, given = _numbers(draw.record)
    rows = session.execute(
        select(Application.number, Application.state)
        .where(Application.draw_id == draw.id)
        .order_by(Application.number)
    )
    states = {number: state for number, state in rows}  # noqa: C416 - rows are no pairs to dict()
    found += [f"{number}: drawn, but nobody applied" for number in sorted(listed - states.keys())]
    for number, state in states.items():
        if state == ApplicationState.GIVEN and number not in given:
            found.append(f"{number}: has places that were not drawn")
        if state == ApplicationState.WAITING and number not in listed - given:
            found.append(f"{number}: waits, but was not drawn to wait")
    return found


def _numbers(said: record.Record) -> tuple[set[str], set[str]]:
    """The numbers of all who were drawn for, and of those who got places."""
    lists = said.get("wish_lists", [])
    draws = said.get("draws", [])
    listed = {w["number"] for w in lists} | {a["number"] for d in draws for a in d["applications"]}
    given = {w["number"] for w in lists if w["got"] is not None}
    return listed, given | {number for d in draws for number in d["given"]}
