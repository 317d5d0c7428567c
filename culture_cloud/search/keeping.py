"""Keeping the index in step with the rows: changes, building anew, the nightly comparison.

All of it is the worker's or the operator's work; no page waits for it. Where the index cannot be
read, pages answer from the database alone and the worker builds it anew by itself.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.config import PROJECT_ROOT, Config
from culture_cloud.errors import Unavailable

from .analysis import analysis_version
from .analysis.entries import Entry, entry_of
from .engines.base import Building, Busy, Damaged, Engine, Progress
from .logbook import Logbook
from .models import SearchChange, SearchState
from .outbox import touch
from .sources import Source, Sources, sources

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Changes that are written together."""

BATCH = 400
"""Documents that are loaded together."""

LOOK_AGAIN = timedelta(minutes=1)
"""How often the worker looks whether there is a sound index at all."""

BEHIND_AFTER = timedelta(seconds=60)
"""A change that waits longer than this is a fault that /readyz names."""

SMALL = 20_000
"""Up to this many rows the worker builds an index itself; more is a process of its own, so that
notices do not wait."""


def engine() -> Engine:
    """The engine of the running app."""
    found: Engine = current_app.extensions["search_engine"]
    return found


def make_engine(config: Config, database: db.Database) -> Engine:
    from .engines.whoosh.engine import WhooshEngine

    if config.search == "postgresql":
        from .engines.postgresql.engine import PostgreSQLEngine

        return PostgreSQLEngine(database)
    return WhooshEngine(config.data_folder / "search", by_stock=config.search == "whoosh-stock")


# --- changes -------------------------------------------------------------------------------------


def catch_up() -> bool:
    """Write the oldest changes to the index. Returns whether there were any.

    Rows are read under the writer's lock and in one snapshot with the list of changes, so that an
    older state is never written over a newer one; exactly the changes that were read are struck
    off afterwards. A crash between the two writes them again, which changes nothing.
    """
    if not _sound_index():
        return False
    try:
        with engine().writing():
            db.release_reads()
            changes = _waiting(db.session())
            if not changes:
                return False
            keys = list(dict.fromkeys(f"{kind}:{id_}" for _, kind, id_ in changes))
            entries, gone = load(db.session(), keys)
            db.release_reads()
            engine().write(entries, gone)
    except Busy:
        return False
    except Damaged as error:
        ask_for_rebuild(str(error))
        return False
    except OSError as error:
        _wait(f"the index cannot be written: {error}")
        return False
    with db.transaction() as session:
        numbers = [number for number, _, _ in changes]
        session.execute(delete(SearchChange).where(SearchChange.id.in_(numbers)))
    return True


def _waiting(session: Session) -> list[tuple[int, str, int]]:
    rows = session.execute(
        select(SearchChange.id, SearchChange.kind, SearchChange.document_id)
        .order_by(SearchChange.id)
        .limit(AT_ONCE)
    )
    return [(number, kind, document_id) for number, kind, document_id in rows]


def load(session: Session, keys: Iterable[str]) -> tuple[list[Entry], list[str]]:
    """The documents of these keys as they are now, and the keys that are to go."""
    by_kind: dict[str, list[int]] = {}
    for key in keys:
        kind, _, document_id = key.partition(":")
        by_kind.setdefault(kind, []).append(int(document_id))
    entries: list[Entry] = []
    gone: list[str] = []
    for kind, ids in by_kind.items():
        source = sources().get(kind)
        found = [] if source is None else [entry_of(d) for d in source.documents(session, ids)]
        there = {entry.key for entry in found}
        entries += found
        gone += [key for key in (f"{kind}:{id_}" for id_ in ids) if key not in there]
    return entries, gone


def again(keys: Sequence[str]) -> tuple[list[Entry], list[str]]:
    """What a new index is told of changes made while it was built."""
    db.release_reads()
    try:
        return load(db.session(), keys)
    finally:
        db.release_reads()


# --- building anew -------------------------------------------------------------------------------

_next_look: dict[int, datetime] = {}


def _sound_index() -> bool:
    """Whether there is an index of these rules. Looked at when a process begins, with every byte,
    and then every minute, briefly; where there is none it is asked for."""
    here = id(engine())
    if here in _try_again and clock.now() < _try_again[here]:
        return False
    due = _next_look.get(here)
    suspected = _is_suspected(db.session())
    if due is not None and clock.now() < due and not suspected:
        return True
    try:
        whole = due is None or suspected
        version = engine().check().version if whole else engine().version()
    except Damaged as error:
        ask_for_rebuild(str(error))
        return False
    if version != analysis_version():
        ask_for_rebuild("the analysis has changed")
        return False
    if suspected:
        remember(SUSPECT, "")
    _next_look[here] = clock.now() + LOOK_AGAIN
    return True


_try_again: dict[int, datetime] = {}


def _wait(reason: str) -> None:
    """A full disk or the like: say it, and try again in a minute. Changes wait meanwhile."""
    log.error("search: %s", reason)
    _try_again[id(engine())] = clock.now() + LOOK_AGAIN
    remember("fault", reason)


SUSPECT = "suspect"


def _is_suspected(session: Session) -> bool:
    return bool(session.scalar(select(SearchState.value).where(SearchState.name == SUSPECT)))


_suspected_at: dict[int, datetime] = {}


def suspect(error: Damaged) -> None:
    """A page could not read the index: let the worker look at all of it. Told once a minute."""
    here, now = id(engine()), clock.now()
    if here in _suspected_at and now - _suspected_at[here] < LOOK_AGAIN:
        return
    _suspected_at[here] = now
    try:
        remember(SUSPECT, str(error) or "damaged")
    except Unavailable:
        log.warning("the worker could not be told of a damaged index")


def ask_for_rebuild(reason: str) -> None:
    """Let the index be built anew, by the worker itself where that is quick."""
    log.warning("search index: %s; it is built anew", reason)
    remember("fault", reason)
    if sum(row_counts().values()) <= SMALL:
        try:
            rebuild()
        except Busy:
            log.info("the index is being built already")
        except OSError as error:
            _wait(f"the index cannot be built: {error}")
        return
    subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "search", "rebuild", "--quiet"],
        cwd=PROJECT_ROOT,
        start_new_session=True,
    )


def row_counts() -> dict[str, int]:
    """Kind → how many rows there are to look through."""
    session = db.session()
    return {
        source.kind: session.scalar(select(func.count(source.rows.id))) or 0 for source in sources()
    }


def rebuild(progress: Progress = lambda _done: None) -> int:
    """Build the whole index in this process. Returns how many documents it holds. Raises Busy."""
    with engine().rebuilding():
        building = engine().begin()
        part = write_part(building, list(ranges()), progress)
        count = engine().complete(building, [part], again)
    rebuilt(count)
    return count


def rebuilt(count: int) -> None:
    remember("built", str(count))
    remember("fault", "")
    remember(SUSPECT, "")
    log.info("search index built: %d documents", count)


Range = tuple[str, int, int]
"""(kind, above this id, how many rows)"""


def ranges() -> Iterator[Range]:
    """All rows of all sources in shares of BATCH."""
    session = db.session()
    for source in sources():
        after = 0
        while True:
            ids = session.scalars(source.rows.ids(after, BATCH)).all()
            if not ids:
                break
            yield source.kind, after, len(ids)
            after = ids[-1]
    db.release_reads()


def write_part(building: Building, shares: Sequence[Range], progress: Progress) -> bytes:
    """Load the documents of these shares and write them."""
    return building.part((_entries(share) for share in shares), progress)


def _entries(share: Range) -> list[Entry]:
    kind, after, count = share
    source = _source(kind)
    session = db.session()
    ids = session.scalars(source.rows.ids(after, count)).all()
    entries = [entry_of(document) for document in source.documents(session, ids)]
    session.expunge_all()
    db.release_reads()
    return entries


def _source(kind: str) -> Source:
    found = sources().get(kind)
    if found is None:
        raise LookupError(kind)
    return found


# --- comparing -----------------------------------------------------------------------------------


def reconcile() -> dict[str, int]:
    """Compare every document with the index, and let what differs be written anew.

    Nightly, and by `flask search reconcile`. Returns how many were missing, stale and extra.
    """
    try:
        engine().check()
        indexed = engine().fingerprints()
    except Damaged as error:
        ask_for_rebuild(str(error))
        return {"missing": 0, "stale": 0, "extra": 0}
    differing: dict[str, list[str]] = {"missing": [], "stale": [], "extra": []}
    for key, fingerprint in _fingerprints(sources()):
        found = indexed.pop(key, None)
        if found is None:
            differing["missing"].append(key)
        elif found != fingerprint:
            differing["stale"].append(key)
    differing["extra"] = list(indexed)
    with db.transaction() as session:
        for key in (key for keys in differing.values() for key in keys):
            kind, _, document_id = key.partition(":")
            touch(session, kind, int(document_id))
    counts = {name: len(keys) for name, keys in differing.items()}
    remember("compared", " ".join(f"{name}={count}" for name, count in counts.items()))
    return counts


def compare_nightly() -> None:
    """The job: `reconcile`, said in the log."""
    found = reconcile()
    if any(found.values()):
        log.warning("search index differed: %s", found)


def _fingerprints(all_sources: Sources) -> Iterator[tuple[str, str]]:
    for kind, after, count in list(ranges()):
        source = all_sources.get(kind)
        if source is None:
            continue
        session = db.session()
        ids = session.scalars(source.rows.ids(after, count)).all()
        for document in source.documents(session, ids):
            yield document.key, document.fingerprint()
        session.expunge_all()
        db.release_reads()


# --- how it is doing -----------------------------------------------------------------------------


def remember(name: str, value: str) -> None:
    """Keep a fact about the index for the desk."""
    with db.transaction() as session:
        session.merge(SearchState(name=name, value=value[:500], changed_at=clock.now()))


def remembered(session: Session) -> dict[str, tuple[str, datetime]]:
    return {row.name: (row.value, row.changed_at) for row in session.scalars(select(SearchState))}


def logs_searches() -> bool:
    found: Logbook = current_app.extensions["search_logbook"]
    return found.on


def rebuild_asked() -> None:
    """The job of the desk's button."""
    ask_for_rebuild("asked for on the desk")


def lag(session: Session) -> tuple[int, timedelta]:
    """How many changes wait, and how long the oldest has."""
    waiting, oldest = session.execute(
        select(func.count(SearchChange.id), func.min(SearchChange.created_at))
    ).one()
    return waiting, clock.now() - oldest if oldest else timedelta(0)


def readiness() -> str:
    """For /readyz: "ok", or what is wrong."""
    waiting, age = lag(db.session())
    if age > BEHIND_AFTER:
        return f"behind: {waiting} changes wait, the oldest {int(age.total_seconds())} s"
    try:
        engine().version()
    except Damaged as error:
        return f"searching without the index: {error}"
    return "ok"
