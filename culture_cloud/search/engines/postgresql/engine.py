"""The engine behind the contract of `engines.base`."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from culture_cloud.db import Database

from ...analysis import analysis_version
from ...analysis.entries import Entry
from .. import base
from ..base import Damaged, Found, Named, Narrowing, Plan
from .narrowing import conditions
from .searching import Search
from .tables import (
    INDEXES,
    SCHEMA,
    TABLES,
    PostgreSQLBuilding,
    Serving,
    replace_rows,
    serving_generation,
    signed,
)

_WRITER, _REBUILD = 7_305_001, 7_305_002
"""Numbers of the advisory locks."""


class PostgreSQLEngine:
    """The engine of a site whose data PostgreSQL keeps, for any number of machines."""

    name = "postgresql"

    def __init__(self, database: Database) -> None:
        self.database = database

    # --- reading ---------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[tuple[Connection, Serving]]:
        try:
            with self.database.read_engine.connect() as connection:
                yield connection, serving_generation(connection)
        except DBAPIError as error:
            # the schema is not there, or was dropped while we read
            raise Damaged(type(error.orig).__name__) from error

    def find(self, plan: Plan) -> Found:
        with self._reading() as (connection, serving):
            return Search(connection, serving, plan).run()

    def names_marked(
        self, every: Sequence[int], some: Sequence[int], narrowed: Narrowing, limit: int
    ) -> list[Named]:
        where, values = conditions(narrowed, facets=True)
        if every:
            where.append("marks @> CAST(:every AS integer[])")
            values["every"] = [signed(mark) for mark in every]
        if some:
            where.append("marks && CAST(:some AS integer[])")
            values["some"] = [signed(mark) for mark in some]
        if not every and not some:
            return []
        with self._reading() as (connection, serving):
            rows = connection.execute(
                text(
                    f"SELECT key, kind, names, boost FROM {serving.table}"  # noqa: S608
                    f" WHERE {' AND '.join(where)}"
                    " ORDER BY boost DESC, length(split_part(names, E'\\n', 1)), key COLLATE \"C\""
                    " LIMIT :limit"
                ),
                {**values, "limit": limit},
            ).all()
        return [
            Named(key, kind, tuple(names.split("\n")), boost) for key, kind, names, boost in rows
        ]

    def bodies(self, keys: Sequence[str]) -> dict[str, str]:
        with self._reading() as (connection, serving):
            rows = connection.execute(
                text(f"SELECT key, body FROM {serving.table} WHERE key = ANY(:keys)"),  # noqa: S608
                {"keys": list(keys)},
            ).all()
        return {row.key: row.body for row in rows}

    def fingerprints(self) -> dict[str, str]:
        with self._reading() as (connection, serving):
            rows = connection.execute(
                text(f"SELECT key, fingerprint FROM {serving.table}")  # noqa: S608
            ).all()
        return {row.key: row.fingerprint for row in rows}

    def version(self) -> str:
        with self._reading() as (_, serving):
            return serving.version

    def documents(self) -> int:
        with self._reading() as (_, serving):
            return serving.documents

    def check(self) -> base.Standing:
        with self._reading() as (connection, serving):
            count = connection.scalar(text(f"SELECT count(*) FROM {serving.table}"))  # noqa: S608
        return base.Standing(count or 0, serving.built_at, serving.version)

    # --- writing ---------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._locked(_WRITER):
            yield

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        with self._locked(_REBUILD):
            self._prepare()
            yield

    @contextmanager
    def _locked(self, number: int) -> Iterator[None]:
        """Hold an advisory lock on a connection of its own; the server frees it should we die."""
        engine = self.database.write_engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}):
                raise base.Busy(str(number))
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})

    def write(self, entries: Sequence[Entry], gone: Iterable[str]) -> None:
        entries = list({entry.key: entry for entry in entries}.values())
        keys = sorted({*gone, *(entry.key for entry in entries)})
        try:
            with self.database.write_engine.begin() as connection:
                serving = serving_generation(connection)
                if not connection.scalar(
                    text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": _REBUILD}
                ):
                    connection.execute(
                        text(f"INSERT INTO {SCHEMA}.changes (key) VALUES (:key)"),  # noqa: S608
                        [{"key": key} for key in keys],
                    )
                replace_rows(connection, serving.generation, entries, keys)
                connection.execute(
                    text(
                        f"UPDATE {SCHEMA}.serving SET"  # noqa: S608
                        f" documents = (SELECT count(*) FROM {serving.table}),"
                        f" length = (SELECT coalesce(sum(length), 0) FROM {serving.table})"
                    )
                )
        except DBAPIError as error:
            raise Damaged(type(error.orig).__name__) from error

    def _prepare(self) -> None:
        """The schema, and nothing left of a build that ended half-way."""
        with self.database.write_engine.begin() as connection:
            connection.execute(text("SET LOCAL client_min_messages = warning"))
            for statement in (
                f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
                f"CREATE TABLE IF NOT EXISTS {SCHEMA}.changes (key text NOT NULL)",
                f"CREATE TABLE IF NOT EXISTS {SCHEMA}.serving (one boolean PRIMARY KEY"
                " DEFAULT true CHECK (one), generation text NOT NULL, version text NOT NULL,"
                " built_at timestamptz NOT NULL, documents bigint NOT NULL,"
                " length bigint NOT NULL)",
                f"TRUNCATE {SCHEMA}.changes",
            ):
                connection.execute(text(statement))
            serving = connection.scalar(text(f"SELECT generation FROM {SCHEMA}.serving"))  # noqa: S608
        self._drop_all_but(serving)

    def _drop_all_but(self, generation: str | None) -> None:
        with self.database.write_engine.begin() as connection:
            names = connection.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = :schema"),
                {"schema": SCHEMA},
            ).all()
            for name in names:
                old = name.startswith(("documents_", "terms_"))
                if old and not (generation and name.endswith(f"_{generation}")):
                    connection.execute(text(f"DROP TABLE {SCHEMA}.{name}"))

    def begin(self) -> PostgreSQLBuilding:
        generation = secrets.token_hex(6)
        with self.database.write_engine.begin() as connection:
            for statement in TABLES.format(schema=SCHEMA, g=generation).split(";"):
                connection.execute(text(statement))
        return PostgreSQLBuilding(self.database.url, generation)

    def complete(
        self, building: PostgreSQLBuilding, parts: Iterable[bytes], again: base.Again
    ) -> int:
        list(parts)
        generation = building.generation
        with self.database.write_engine.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
            for statement in INDEXES:
                connection.execute(text(statement.format(schema=SCHEMA, g=generation)))
        with self.database.write_engine.begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _WRITER})
            changed = connection.scalars(
                text(f"SELECT DISTINCT key FROM {SCHEMA}.changes")  # noqa: S608
            ).all()
            if changed:
                entries, gone = again(changed)
                keys = sorted({*gone, *(entry.key for entry in entries)})
                replace_rows(connection, generation, entries, keys)
            table = f"{SCHEMA}.documents_{generation}"
            count, length = connection.execute(
                text(f"SELECT count(*), coalesce(sum(length), 0) FROM {table}")  # noqa: S608
            ).one()
            connection.execute(text(f"DELETE FROM {SCHEMA}.serving"))  # noqa: S608
            connection.execute(
                text(
                    f"INSERT INTO {SCHEMA}.serving"  # noqa: S608
                    " (generation, version, built_at, documents, length)"
                    " VALUES (:generation, :version, now(), :documents, :length)"
                ),
                {
                    "generation": generation,
                    "version": analysis_version(),
                    "documents": count,
                    "length": length,
                },
            )
        self._drop_all_but(generation)
        return int(count)
