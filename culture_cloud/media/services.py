"""Writing down what the original store holds, and looking after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.jobs.queue import enqueue

from .models import READY, WAITING, MediaOriginal
from .originals import Kept
from .sniffing import Family

CHECKED_EVERY = timedelta(days=30)


def record(session: Session, kept: Kept, *, with_form: bool = False) -> MediaOriginal:
    """The row of a stored file; asks the worker for what is made from it. Safe to do twice.

    `with_form`: it came with a form that may never be sent off. Nobody refers to it yet, and if
    nobody does for a while it goes (see `loose`).
    """
    found = session.scalar(select(MediaOriginal).where(MediaOriginal.checksum == kept.checksum))
    if found is not None:
        if found.loose_since is not None:
            found.loose_since = clock.now() if with_form else None
        return found
    is_made = kept.kind.family in {Family.PICTURE, Family.AUDIO, Family.VIDEO}
    found = MediaOriginal(
        checksum=kept.checksum,
        size=kept.size,
        media_type=kept.kind.media_type,
        state=WAITING if is_made else READY,
        added_at=clock.now(),
        checked_at=clock.now(),
        loose_since=clock.now() if with_form else None,
    )
    session.add(found)
    session.flush()
    if is_made:
        enqueue(session, "media.derive", {"original_id": found.id}, key=f"derive:{found.id}")
    return found


def take_into_use(session: Session, ids: Collection[int]) -> None:
    """These originals belong to something now, and stay."""
    session.execute(
        update(MediaOriginal)
        .where(MediaOriginal.id.in_(ids), MediaOriginal.loose_since.is_not(None))
        .values(loose_since=None)
    )


def make_again(session: Session, original_id: int) -> None:
    """Staff ask for the derivatives of a picture once more."""
    found = session.get(MediaOriginal, original_id)
    if found is not None:
        found.state, found.fault = WAITING, ""
        enqueue(session, "media.derive", {"original_id": found.id}, key=f"derive:{found.id}")


def due_for_fixity(session: Session, *, limit: int) -> Sequence[MediaOriginal]:
    """The originals that were not compared with their checksum for CHECKED_EVERY."""
    return session.scalars(
        select(MediaOriginal)
        .where(
            or_(
                MediaOriginal.checked_at.is_(None),
                MediaOriginal.checked_at < clock.now() - CHECKED_EVERY,
            )
        )
        .order_by(MediaOriginal.checked_at, MediaOriginal.id)
        .limit(limit)
    ).all()


def damaged(session: Session) -> Sequence[MediaOriginal]:
    """The originals that are missing or no longer what was stored."""
    return session.scalars(
        select(MediaOriginal).where(MediaOriginal.damage != "").order_by(MediaOriginal.id)
    ).all()
