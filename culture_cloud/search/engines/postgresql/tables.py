"""The tables: what a generation is made of, filling it, changing rows of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from culture_cloud.db import Database

from ...analysis.entries import Entry
from ...analysis.terms import weighted_terms
from .. import base
from ..base import Damaged

SCHEMA = "search_index"

COLUMNS = (
    "key", "kind", "node_path", "category", "period", "language", "audiences", "visibility",
    "starts", "ends", "over", "boost", "fingerprint", "names", "body", "folded", "length",
)  # fmt: skip

TABLES = """
CREATE TABLE {schema}.documents_{g} (
  number bigint GENERATED ALWAYS AS IDENTITY,
  key text NOT NULL, kind text NOT NULL, node_path text NOT NULL, category text NOT NULL,
  period text NOT NULL, language text NOT NULL, audiences text NOT NULL, visibility text NOT NULL,
  starts bigint NOT NULL, ends bigint NOT NULL, over bigint NOT NULL, boost real NOT NULL,
  length integer NOT NULL, fingerprint text NOT NULL, names text NOT NULL, body text NOT NULL,
  folded text NOT NULL, marks integer[] NOT NULL, terms tsvector NOT NULL
) WITH (toast_tuple_target = 256);
CREATE TABLE {schema}.terms_{g} (term text NOT NULL, documents integer NOT NULL)
"""

INDEXES = (
    "ALTER TABLE {schema}.documents_{g} ADD PRIMARY KEY (number)",
    "ALTER TABLE {schema}.documents_{g} ADD UNIQUE (key)",
    "CREATE INDEX ON {schema}.documents_{g} USING gin (terms) WITH (fastupdate = off)",
    "CREATE INDEX ON {schema}.documents_{g} USING gin (marks) WITH (fastupdate = off)",
    "INSERT INTO {schema}.terms_{g}"
    " SELECT word, ndoc FROM ts_stat('SELECT terms FROM {schema}.documents_{g}') WHERE ndoc > 1",
    "ALTER TABLE {schema}.terms_{g} ADD PRIMARY KEY (term)",
    "ANALYZE {schema}.documents_{g}",
)


@dataclass(frozen=True, slots=True)
class Serving:
    """The generation that answers."""

    generation: str
    version: str
    built_at: datetime
    documents: int
    length: int

    @property
    def table(self) -> str:
        return f"{SCHEMA}.documents_{self.generation}"


def serving_generation(connection: Connection) -> Serving:
    row = connection.execute(
        text(f"SELECT generation, version, built_at, documents, length FROM {SCHEMA}.serving")  # noqa: S608
    ).one_or_none()
    if row is None:
        raise Damaged("there is no index yet")
    return Serving(*row)


@dataclass(frozen=True)
class PostgreSQLBuilding:
    """Tables while they are filled; each process fills them by COPY."""

    url: str
    generation: str

    def part(self, batches: Iterable[Sequence[Entry]], progress: base.Progress) -> bytes:
        database = Database(self.url, pool_size=1)
        try:
            for batch in batches:
                with database.write_engine.begin() as connection:
                    copy_rows(connection, self.generation, batch)
                progress(len(batch))
        finally:
            database.dispose()
        return b""


def replace_rows(
    connection: Connection, generation: str, entries: Sequence[Entry], keys: Sequence[str]
) -> None:
    connection.execute(
        text(f"DELETE FROM {SCHEMA}.documents_{generation} WHERE key = ANY(:keys)"),  # noqa: S608
        {"keys": list(keys)},
    )
    copy_rows(connection, generation, entries)


def copy_rows(connection: Connection, generation: str, entries: Sequence[Entry]) -> None:
    columns = ", ".join((*COLUMNS, "marks", "terms"))
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {SCHEMA}.documents_{generation} ({columns}) FROM STDIN") as copy,
    ):
        for entry in entries:
            copy.write_row(_row(entry))


def _row(entry: Entry) -> list[Any]:
    values = {
        **{name: getattr(entry, name) for name in COLUMNS if name != "length"},
        "length": max(1, len(entry.folded) - 3),
    }
    row = [_storable(values[name]) for name in COLUMNS]
    return [*row, [signed(mark) for mark in entry.marks], _tsvector(entry)]


def _storable(value: Any) -> Any:
    """PostgreSQL keeps neither NUL nor lone surrogates."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "").encode("utf-8", "ignore").decode()


def _tsvector(entry: Entry) -> str:
    r"""Our terms in the text form of a tsvector; a quote in a term is doubled, a \ too."""
    return " ".join(quoted(term) for term in weighted_terms(entry.zones))


def quoted(term: str) -> str:
    doubled = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def signed(mark: int) -> int:
    """The 32 bits of a mark as PostgreSQL's integer has them."""
    return mark - (1 << 32) if mark >= 1 << 31 else mark
