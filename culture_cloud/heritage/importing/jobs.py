"""Lists that were looked at and never imported: they and their files go after a while."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.heritage.models import HeritageImport
from culture_cloud.media.loose import KEPT_FOR


def waiting_files(session: Session, ids: Sequence[int]) -> Iterable[int]:
    """Of these originals, those that a list holds which may still be imported."""
    if not ids:
        return set()
    lists = session.scalars(
        select(HeritageImport.files).where(HeritageImport.imported_at.is_(None))
    )
    return {int(stored[0]) for files in lists for stored in files.values()} & set(ids)


def forget_lists() -> None:
    """Job: delete the lists that nobody imported within KEPT_FOR."""
    with db.transaction() as session:
        session.execute(
            delete(HeritageImport).where(
                HeritageImport.imported_at.is_(None),
                HeritageImport.created_at < clock.now() - KEPT_FOR,
            )
        )
