"""Copies are taken and given back here, each by one statement; nothing else moves the count."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from culture_cloud.db import touch
from culture_cloud.reading.lending.models import LOANS_TOPIC, Licence


def take(session: Session, publication_id: int) -> bool:
    """Take a copy where one is left. Returns whether it was taken."""
    taken = session.execute(
        update(Licence)
        .where(Licence.publication_id == publication_id, Licence.taken < Licence.copies)
        .values(taken=Licence.taken + 1)
        .returning(Licence.publication_id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        return False
    touch(session, LOANS_TOPIC)
    return True


def give_back(session: Session, publication_id: int) -> None:
    """Make a copy free. The caller has just ended the loan or hold that had it."""
    session.execute(
        update(Licence)
        .where(Licence.publication_id == publication_id)
        .values(taken=Licence.taken - 1)
        .execution_options(synchronize_session=False)
    )
    touch(session, LOANS_TOPIC)
