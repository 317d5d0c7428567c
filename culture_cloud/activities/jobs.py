"""What the worker does for activities."""

from __future__ import annotations

from sqlalchemy import select

from culture_cloud import db

from . import agenda
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
