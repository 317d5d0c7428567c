"""Files that were sent with a form which was never sent off: shown to staff, deleted after a while.

A file is stored at once, so that a fault elsewhere in the form does not lose it. Whether something
refers to it is asked of every foreign key to the originals, found in the tables themselves, and of
what features keep otherwise (`register`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.db import Base
from culture_cloud.jobs.worker import Handlers

from .derivatives import folder_of
from .models import MediaOriginal
from .serving import store

KEPT_FOR = timedelta(days=7)
AT_ONCE = 200
_PIECES_KEPT_FOR = timedelta(days=1)
_JUST_SENT = timedelta(hours=1)

Holder = Callable[[Session, Sequence[int]], Iterable[int]]
"""Of these originals, the ones that a feature still needs though no foreign key shows it."""


def init_app(app: Flask, handlers: Handlers) -> None:
    app.extensions.setdefault("media_holders", [])
    handlers.add({"media.forget_loose": forget_loose})
    handlers.every("media.forget_loose", timedelta(days=1))


def register(app: Flask, holder: Holder) -> None:
    app.extensions.setdefault("media_holders", []).append(holder)


def loose(session: Session, *, limit: int = AT_ONCE) -> Sequence[MediaOriginal]:
    """The files that nothing refers to, the oldest first."""
    rows = session.scalars(_unreferenced().order_by(MediaOriginal.loose_since).limit(limit)).all()
    held = _held(session, [row.id for row in rows])
    return [row for row in rows if row.id not in held]


def _unreferenced() -> Select[MediaOriginal]:
    query = select(MediaOriginal).where(MediaOriginal.loose_since.is_not(None))
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table is MediaOriginal.__table__:
                column = key.parent
                query = query.where(~select(column).where(column == MediaOriginal.id).exists())
    return query


def _held(session: Session, ids: Sequence[int]) -> set[int]:
    holders: list[Holder] = current_app.extensions["media_holders"]
    return {one for holder in holders for one in holder(session, ids)}


def one(session: Session, original_id: int) -> MediaOriginal | None:
    """The file, if nothing refers to it."""
    found = session.scalar(_unreferenced().where(MediaOriginal.id == original_id))
    return None if found is None or _held(session, [found.id]) else found


def forget_loose() -> None:
    """Job: delete what was sent KEPT_FOR ago and is in nothing, and what broke off on the way."""
    ids = [
        row.id
        for row in loose(db.session())
        if row.loose_since is not None and row.loose_since < clock.now() - KEPT_FOR
    ]
    for original_id in ids:
        _forget(original_id)
    store().forget_pieces(before=(clock.now() - _PIECES_KEPT_FOR).timestamp())


def _forget(original_id: int) -> None:
    """Row first: a file without a row is found again by its checksum, never the other way."""
    with db.transaction() as session:
        row = one(session, original_id)
        if row is None:
            return
        checksum = row.checksum
        session.delete(row)
    since = (clock.now() - _JUST_SENT).timestamp()
    store().forget(checksum, unless_sent_since=since)
    shutil.rmtree(folder_of(checksum), ignore_errors=True)
