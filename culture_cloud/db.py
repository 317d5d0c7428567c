"""The database: engines, sessions, transactions. Only this module commits.

Reading happens in `session()` (one per request, job or command); every write happens in one
`transaction()`. SQLite (WAL, synchronous=FULL) serves one machine, PostgreSQL many. Services and
queries take a Session as an argument and never open one.

Why it is set up this way stands in docs/decisions.md with the measurements behind it.
"""

from __future__ import annotations

import fcntl
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from flask import current_app, g, has_app_context
from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from .errors import Unavailable

WRITE_SHARDS = 16
"""How many counters a topic's version is spread over, so that writers on PostgreSQL rarely meet."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive datetime is refused: it would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: say which zone it is in")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  (the signature is SQLAlchemy's)
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table. `__topic__` names the data version that a change of a row moves on;
    `__search__` the kind of document that it changes and the column with its id (search.outbox)."""

    __topic__: ClassVar[str | None] = None
    __search__: ClassVar[tuple[str, str] | None] = None

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
        list[dict[str, Any]]: JSON(),
    }


class DataVersion(Base):
    """A counter that moves with every committed change of a topic; pages are cached by it."""

    __tablename__ = "data_versions"

    topic: Mapped[str] = mapped_column(String(32), primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class SQLiteTooOld(RuntimeError):
    """The SQLite library has the WAL-reset bug, which can lose committed writes."""


def safe_sqlite(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (sqlite.org/wal.html, fixed in 3.51.3)."""
    if version[:2] == (3, 50):
        return version >= (3, 50, 7)
    if version[:2] == (3, 44):
        return version >= (3, 44, 6)
    return version >= (3, 51, 3)


class Database:
    """The engines of one site and the gate that queues SQLite's writers fairly."""

    def __init__(self, url: str, *, pool_size: int = 16) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self.path = Path(url.removeprefix("sqlite:///"))
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.read_engine = _sqlite_engine(url, "BEGIN", pool_size)
            self.write_engine = _sqlite_engine(url, "BEGIN IMMEDIATE", pool_size)
        else:
            self.read_engine = self.write_engine = _postgresql_engine(url, pool_size)
        # one statement alone needs no transaction: on PostgreSQL that saves two round trips
        autocommit = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self.version_engine = self.read_engine.execution_options(**autocommit)

    def read_session(self) -> Session:
        return Session(self.read_engine, autoflush=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One unit of work: committed at the end of the block, rolled back on any exception.

        Raises Unavailable where the database is locked for long, gone or full.
        """
        with (
            _unavailable_when_down(),
            self._gate(),
            Session(self.write_engine, expire_on_commit=False) as session,
        ):
            yield session
            session.commit()

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """Let SQLite's writers in one by one, in the order they came.

        SQLite's own waiting polls and is unfair: under eight writers a process starved for
        seconds. The kernel queues flock, and frees it when a process dies.
        """
        if not self.is_sqlite:
            yield
            return
        handle = os.open(f"{self.path}.write-gate", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def versions(self) -> tuple[tuple[str, int], ...]:
        """The version of each topic, as every committed write left it."""
        with self.version_engine.connect() as connection:
            return tuple(
                (topic, int(version)) for topic, version in connection.execute(_READ_VERSIONS)
            )

    def dispose(self) -> None:
        self.read_engine.dispose()
        self.write_engine.dispose()


def _sqlite_engine(url: str, begin: str, pool_size: int) -> Engine:
    from pysqlite3 import dbapi2  # Debian's own SQLite has the bug that safe_sqlite() is about

    if not safe_sqlite(dbapi2.sqlite_version_info):
        raise SQLiteTooOld(f"SQLite {dbapi2.sqlite_version} can lose committed writes in WAL mode")
    engine = create_engine(url, module=dbapi2, pool_size=pool_size, max_overflow=pool_size)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # Transactions are ours: the driver's own would open none for SELECT, and oversell.
        connection.isolation_level = None
        for pragma in (
            "busy_timeout = 5000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            "cache_size = -32000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql_engine(url: str, pool_size: int) -> Engine:
    options = "-c lock_timeout=3s -c statement_timeout=5s -c synchronous_commit=on -c timezone=UTC"
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=3,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 3},
    )


@contextmanager
def _unavailable_when_down() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Unavailable(type(error.orig).__name__) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable(type(error.orig).__name__) from error
        raise


# --- data versions -------------------------------------------------------------------------------

_READ_VERSIONS = text("SELECT topic, SUM(version) FROM data_versions GROUP BY topic ORDER BY topic")
_MOVE_VERSION = text(
    "INSERT INTO data_versions (topic, shard, version) VALUES (:topic, :shard, 1) "
    "ON CONFLICT (topic, shard) DO UPDATE SET version = data_versions.version + 1"
)


def touch(session: Session, topic: str) -> None:
    """Say that this transaction changes what pages of the topic show."""
    session.info.setdefault("topics", set()).add(topic)


@event.listens_for(Session, "before_flush")
def _touch_topics_of_changed_rows(session: Session, *_: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        topic = getattr(type(row), "__topic__", None)
        if topic is not None:
            touch(session, topic)


@event.listens_for(Session, "before_commit")
def _move_versions_on(session: Session) -> None:
    """Last statement before COMMIT, so that a counter is locked for the commit alone."""
    session.flush()
    for topic in sorted(session.info.pop("topics", ())):
        shard = random.randrange(WRITE_SHARDS)  # noqa: S311  (spreads locks, guards nothing)
        session.execute(_MOVE_VERSION, {"topic": topic, "shard": shard})


@event.listens_for(Session, "after_rollback")
def _forget_topics(session: Session) -> None:
    session.info.pop("topics", None)


# --- inside a request, job or command ------------------------------------------------------------


def database() -> Database:
    """The database of the running app."""
    found: Database = current_app.extensions["database"]
    return found


def session() -> Session:
    """The read session of this request, job or command. It is never committed."""
    if "read_session" not in g:
        g.read_session = database().read_session()
    current: Session = g.read_session
    return current


@contextmanager
def transaction() -> Iterator[Session]:
    """Write: everything in the block is committed together, or nothing is.

    The read session lets go of its snapshot before and after, so that what was just written is
    seen and no reader holds back the write-ahead log.
    """
    release_reads()
    try:
        with database().transaction() as writing:
            yield writing
    finally:
        release_reads()


def release_reads() -> None:
    """End the read session's snapshot; its objects are loaded again when touched."""
    if has_app_context() and "read_session" in g:
        g.read_session.rollback()


def close_reads(_error: BaseException | None = None) -> None:
    """Give the read session back at the end of a request or job."""
    reading = g.pop("read_session", None)
    if reading is not None:
        reading.close()
