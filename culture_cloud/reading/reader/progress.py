"""Where readers are. A device that has not seen the last move never takes anybody back silently.

Every page is drawn with the version of the place it knew. A move from a page whose version is the
newest counts, forward or back. A move from an older page counts only forward: if it would go back,
nothing is moved and the reader is asked which of the two places is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.reading.models import ReaderSettings, ReadingPosition


class Moved(StrEnum):
    """What came of asking to move the place."""

    MOVED = "moved"
    #: another device is further on: the reader is asked
    ASK = "ask"
    #: the reader keeps no history
    NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a publication; `share` is how much lies before it, 0 to 1."""

    chapter: int
    block: int
    share: float
    device: str = ""
    at_end: bool = False


def move(
    session: Session,
    *,
    account_id: int,
    publication_id: int,
    place: Place,
    seen_version: int,
    insist: bool = False,
) -> Moved:
    """Note where the reader is now. `insist`: the reader was asked and means this place."""
    settings = session.get(ReaderSettings, account_id)
    if settings is not None and not settings.history:
        return Moved.NOT_KEPT
    known = session.scalar(
        select(ReadingPosition)
        .where(
            ReadingPosition.account_id == account_id,
            ReadingPosition.publication_id == publication_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if known is None:
        if _first(session, account_id, publication_id, place):
            return Moved.MOVED
        return move(
            session,
            account_id=account_id,
            publication_id=publication_id,
            place=place,
            seen_version=seen_version,
            insist=insist,
        )
    is_back = place.share < known.share - 0.0001
    if known.version != seen_version and is_back and not insist:
        return Moved.ASK
    known.chapter, known.block, known.share = place.chapter, place.block, place.share
    known.device = place.device[:40]
    known.version += 1
    known.moved_at = clock.now()
    if place.at_end and known.finished_at is None:
        known.finished_at = clock.now()
    elif not place.at_end:
        known.finished_at = None
    session.flush()
    return Moved.MOVED


def _first(session: Session, account_id: int, publication_id: int, place: Place) -> bool:
    """Note the first place; False where another request was a moment earlier."""
    now = clock.now()
    try:
        with session.begin_nested():
            session.execute(
                insert(ReadingPosition).values(
                    account_id=account_id,
                    publication_id=publication_id,
                    chapter=place.chapter,
                    block=place.block,
                    share=place.share,
                    device=place.device[:40],
                    version=1,
                    moved_at=now,
                    finished_at=now if place.at_end else None,
                )
            )
    except IntegrityError:
        return False
    return True


def known_place(
    session: Session, account_id: int | None, publication_id: int
) -> ReadingPosition | None:
    if account_id is None:
        return None
    return session.get(ReadingPosition, (account_id, publication_id))


def settings_of(session: Session, account_id: int) -> ReaderSettings:
    """What the reader decided, or the usual."""
    return session.get(ReaderSettings, account_id) or ReaderSettings(
        account_id=account_id, history=True, child_age=None
    )


def keep_history(session: Session, account_id: int, *, keep: bool) -> None:
    """Keep places from now on, or forget them all and keep none."""
    _settings_row(session, account_id).history = keep
    if not keep:
        forget(session, account_id)


def set_child_age(session: Session, account_id: int, age: int | None) -> None:
    """The account is used by a child of this age; None: by a grown-up."""
    _settings_row(session, account_id).child_age = age


def forget(session: Session, account_id: int, publication_id: int | None = None) -> None:
    """Delete the reader's places, of one title or of all."""
    query = delete(ReadingPosition).where(ReadingPosition.account_id == account_id)
    if publication_id is not None:
        query = query.where(ReadingPosition.publication_id == publication_id)
    session.execute(query)


def _settings_row(session: Session, account_id: int) -> ReaderSettings:
    found = session.get(ReaderSettings, account_id)
    if found is None:
        found = ReaderSettings(account_id=account_id, history=True, child_age=None)
        session.add(found)
    return found
