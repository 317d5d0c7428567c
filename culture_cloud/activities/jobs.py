"""What the worker does for activities."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from culture_cloud import clock, db
from culture_cloud.speech.speaking import listening, make_ahead, speech

from . import agenda, queries, services, spoken
from .models import Activity


def refresh_agenda(node_ids: list[int]) -> None:
    """Nodes moved in the tree: their activities now lie below other nodes."""
    query = select(Activity.id).where(Activity.node_id.in_(node_ids))
    ids = list(db.session().scalars(query))
    for start in range(0, len(ids), 200):
        with db.transaction() as session:
            for activity in session.scalars(
                select(Activity).where(Activity.id.in_(ids[start : start + 200]))
            ):
                agenda.refresh(session, activity)


SPOKEN_AHEAD = 200
MADE_AT_ONCE = 10
SPEAK_AGAIN = timedelta(seconds=30)


def speak_ahead() -> None:
    """Read the pages of what comes next aloud before anybody asks, a few at a time.

    Asked for on publishing and every few minutes: whatever changed or was imported is found by its
    missing sound. Other jobs have their turn between two runs.
    """
    if not speech().engine.is_there:
        return
    coming = queries.public_coming(db.session(), limit=SPOKEN_AHEAD)
    found = [listening(spoken.activity_page(activity)) for activity in coming]
    db.release_reads()  # making takes seconds
    if make_ahead([audio.key for audio in found if audio], most=MADE_AT_ONCE):
        with db.transaction() as session:
            services.ask_to_speak(session, due_at=clock.now() + SPEAK_AGAIN)
