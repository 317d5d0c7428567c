"""PostgreSQL as the engine: our own terms as tsvector and our marks as an array, both under GIN.

The tables lie in a schema of their own, apart from the site's: they are a cache, made and thrown
away whole, and no migration knows them. One row of `serving` names the generation that answers; a
rebuild fills tables aside and moves that row. Advisory locks stand for the lock files of the
embedded engine.

The index finds and counts; the best few hundred rows are scored here by the same BM25 and put in
order by the same ranking as everywhere (ranking.order), so that the engines agree on what comes
first. Rows are kept short (toast_tuple_target) because counting reads every one that matches.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from culture_cloud.db import Database

from .. import ranking
from ..analysis import analysis_version, marks
from ..analysis.entries import NEVER, Entry, joined
from ..analysis.terms import weighted_terms
from . import base
from .base import CANDIDATES, FACETS, Candidate, Counts, Damaged, Found, Named, Narrowing, Plan
from .bm25 import Statistics, frequent_from, rare_enough, score

SCHEMA = "search_index"
_WRITER, _REBUILD = 7_305_001, 7_305_002
"""Numbers of the advisory locks."""

MANY = 3_000
"""With more matches than this the first candidates are those with the words in their names."""

READ_CLOSELY = 400
"""Candidates that are scored here."""

_COLUMNS = (
    "key", "kind", "node_path", "category", "period", "language", "audiences", "visibility",
    "starts", "ends", "over", "boost", "fingerprint", "names", "body", "folded", "length",
)  # fmt: skip

_TABLES = """
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

_INDEXES = (
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
                yield connection, _serving(connection)
        except ProgrammingError as error:
            # the schema is not there, or was dropped
            raise Damaged(type(error.orig).__name__) from error
        except DBAPIError as error:
            raise Damaged(type(error.orig).__name__) from error

    def find(self, plan: Plan) -> Found:
        with self._reading() as (connection, serving):
            return _Search(connection, serving, plan).run()

    def names_marked(
        self, every: Sequence[int], some: Sequence[int], narrowed: Narrowing, limit: int
    ) -> list[Named]:
        where, values = _where(narrowed, facets=True)
        if every:
            where.append("marks @> CAST(:every AS integer[])")
            values["every"] = [_signed(mark) for mark in every]
        if some:
            where.append("marks && CAST(:some AS integer[])")
            values["some"] = [_signed(mark) for mark in some]
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
        with self.database.write_engine.connect() as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}):
                raise base.Busy(str(number))
            # no transaction stays open meanwhile; the lock belongs to the session
            connection.commit()
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})
                connection.commit()

    def write(self, entries: Sequence[Entry], gone: Iterable[str]) -> None:
        entries = list({entry.key: entry for entry in entries}.values())
        keys = sorted({*gone, *(entry.key for entry in entries)})
        try:
            with self.database.write_engine.begin() as connection:
                serving = _serving(connection)
                if not connection.scalar(
                    text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": _REBUILD}
                ):
                    connection.execute(
                        text(f"INSERT INTO {SCHEMA}.changes (key) VALUES (:key)"),  # noqa: S608
                        [{"key": key} for key in keys],
                    )
                _replace(connection, serving.generation, entries, keys)
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
            for statement in _TABLES.format(schema=SCHEMA, g=generation).split(";"):
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
            for statement in _INDEXES:
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
                _replace(connection, generation, entries, keys)
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
                    _copy(connection, self.generation, batch)
                progress(len(batch))
        finally:
            database.dispose()
        return b""


def _serving(connection: Connection) -> Serving:
    row = connection.execute(
        text(f"SELECT generation, version, built_at, documents, length FROM {SCHEMA}.serving")  # noqa: S608
    ).one_or_none()
    if row is None:
        raise Damaged("there is no index yet")
    return Serving(*row)


def _replace(
    connection: Connection, generation: str, entries: Sequence[Entry], keys: Sequence[str]
) -> None:
    connection.execute(
        text(f"DELETE FROM {SCHEMA}.documents_{generation} WHERE key = ANY(:keys)"),  # noqa: S608
        {"keys": list(keys)},
    )
    _copy(connection, generation, entries)


def _copy(connection: Connection, generation: str, entries: Sequence[Entry]) -> None:
    columns = ", ".join((*_COLUMNS, "marks", "terms"))
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {SCHEMA}.documents_{generation} ({columns}) FROM STDIN") as copy,
    ):
        for entry in entries:
            copy.write_row(_row(entry))


def _row(entry: Entry) -> list[Any]:
    values = {
        **{name: getattr(entry, name) for name in _COLUMNS if name != "length"},
        "length": max(1, len(entry.folded) - 3),
    }
    row = [_storable(values[name]) for name in _COLUMNS]
    return [*row, [_signed(mark) for mark in entry.marks], _tsvector(entry)]


def _storable(value: Any) -> Any:
    """PostgreSQL keeps neither NUL nor lone surrogates."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "").encode("utf-8", "ignore").decode()


def _tsvector(entry: Entry) -> str:
    r"""Our terms in the text form of a tsvector; a quote in a term is doubled, a \ too."""
    return " ".join(_quoted(term) for term in weighted_terms(entry.zones))


def _quoted(term: str) -> str:
    doubled = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _signed(mark: int) -> int:
    """The 32 bits of a mark as PostgreSQL's integer has them."""
    return mark - (1 << 32) if mark >= 1 << 31 else mark


# --- narrowing -----------------------------------------------------------------------------------


def _where(narrowed: Narrowing, *, facets: bool) -> tuple[list[str], dict[str, Any]]:
    """Conditions on rows; `facets`: with those that are facets themselves."""
    where = ["visibility LIKE ANY(:visibilities)"]
    values: dict[str, Any] = {
        "visibilities": [f"%{_like(joined([token]))}%" for token in sorted(narrowed.visibilities)]
    }
    if narrowed.everywhere and not narrowed.kinds:
        where.append("kind = ANY(:everywhere)")
        values["everywhere"] = sorted(narrowed.everywhere)
    if narrowed.since is not None:
        where.append(f"ends >= :since AND starts <> {NEVER}")
        values["since"] = narrowed.since
    if narrowed.until is not None:
        where.append("starts <= :until")
        values["until"] = narrowed.until
    if narrowed.not_over_at is not None:
        where.append("over > :not_over_at")
        values["not_over_at"] = narrowed.not_over_at
    if narrowed.parent:
        where.append("marks @> CAST(:parent AS integer[])")
        values["parent"] = [_signed(marks.of_parent(narrowed.parent))]
    if not facets:
        return where, values
    if narrowed.kinds:
        where.append("kind = ANY(:kinds)")
        values["kinds"] = sorted(narrowed.kinds)
    if narrowed.node_path:
        where.append("node_path LIKE :node_path")
        values["node_path"] = _like(narrowed.node_path) + "%"
    if narrowed.category:
        where.append("category = :category")
        values["category"] = narrowed.category
    if narrowed.period:
        where.append("period = :period")
        values["period"] = narrowed.period
    if narrowed.audience:
        where.append("audiences LIKE :audience")
        values["audience"] = f"%{_like(joined([narrowed.audience]))}%"
    return where, values


def _like(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _keeps(narrowed: Narrowing, facet: str, value: str) -> bool:
    """Whether a value of a facet passes that facet's own narrowing."""
    if facet == "kind":
        return not narrowed.kinds or value in narrowed.kinds
    if facet == "node_path":
        return value.startswith(narrowed.node_path)
    if facet == "audiences":
        return not narrowed.audience or joined([narrowed.audience]) in value
    wanted = narrowed.category if facet == "category" else narrowed.period
    return not wanted or value == wanted


# --- one search ----------------------------------------------------------------------------------


class _Search:
    """A plan on its way through the database."""

    def __init__(self, connection: Connection, serving: Serving, plan: Plan) -> None:
        self.connection = connection
        self.serving = serving
        self.plan = plan
        self.table = serving.table

    def run(self) -> Found:
        if not self.plan.groups:
            return Found((), 0, {})
        self.statistics = self._statistics()
        self.matching, self.values = self._matching()
        counts, total = self._counts()
        if not total:
            return Found((), 0, counts)
        keys = self._by_date() if self.plan.by_date else self._by_fit(total)
        page = keys[self.plan.offset : self.plan.offset + self.plan.limit]
        return Found(tuple(page), total, counts)

    def _statistics(self) -> Statistics:
        """How many documents hold each term; of a term that the table has not, it is counted."""
        terms = sorted({t for group in self.plan.groups for words in group for t in words})
        name = f"{SCHEMA}.terms_{self.serving.generation}"
        rows = self.connection.execute(
            text(f"SELECT term, documents FROM {name} WHERE term = ANY(:terms)"),  # noqa: S608
            {"terms": terms},
        )
        known: dict[str, int] = {row.term: row.documents for row in rows}
        for term in terms:
            if term not in known:
                known[term] = self._count_of(_quoted(term))
        count, length = self.serving.documents, self.serving.length
        return Statistics(known, count, length / count if count else 1.0)

    def _count_of(self, query: str) -> int:
        found = self.connection.scalar(
            text(f"SELECT count(*) FROM {self.table} WHERE terms @@ CAST(:query AS tsquery)"),  # noqa: S608
            {"query": query},
        )
        return found or 0

    def _matching(self) -> tuple[str, dict[str, Any]]:
        """A condition for the rows that meet enough groups."""
        plan = self.plan
        if plan.minimum >= len(plan.groups):
            query = " & ".join(f"({_any_of(group)})" for group in plan.groups)
            return "terms @@ CAST(:query AS tsquery)", {"query": query}
        # a row for each group that a document meets, added up; as in the embedded engine the
        # frequent groups do not count where there are enough others
        groups = [g for g in plan.groups if self.statistics.documents_of(g)]
        limit = frequent_from(self.serving.documents)
        rare = [g for g in groups if self.statistics.documents_of(g) <= limit]
        if rare_enough(len(rare), plan.minimum):
            groups = rare
        if len(groups) < plan.minimum:
            return "false", {}
        parts = " UNION ALL ".join(
            f"SELECT number FROM {self.table} WHERE terms @@ CAST(:query{i} AS tsquery)"  # noqa: S608
            for i in range(len(groups))
        )
        having = max(1, plan.minimum)
        return (
            f"number IN (SELECT number FROM ({parts}) met"  # noqa: S608
            f" GROUP BY number HAVING count(*) >= {having})",
            {f"query{i}": _any_of(group) for i, group in enumerate(groups)},
        )

    def _counts(self) -> tuple[Counts, int]:
        """One pass: how many rows there are of each combination of facets."""
        where, values = _where(self.plan.narrowed, facets=False)
        columns = ", ".join(FACETS)
        rows = self.connection.execute(
            text(
                f"SELECT {columns}, count(*) FROM {self.table}"  # noqa: S608
                f" WHERE {self.matching} AND {' AND '.join(where)} GROUP BY {columns}"
            ),
            {**self.values, **values},
        ).all()
        counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
        total = 0
        for *of_row, count in rows:
            kept = [
                _keeps(self.plan.narrowed, facet, value)
                for facet, value in zip(FACETS, of_row, strict=True)
            ]
            total += count if all(kept) else 0
            for place, (facet, value) in enumerate(zip(FACETS, of_row, strict=True)):
                if value and all(kept[:place] + kept[place + 1 :]):
                    counts[facet][value] = counts[facet].get(value, 0) + count
        return counts, total

    def _rows(self, columns: str, more: str, values: Mapping[str, Any], end: str) -> list[Any]:
        where, narrowing = _where(self.plan.narrowed, facets=True)
        return list(
            self.connection.execute(
                text(
                    f"SELECT {columns} FROM {self.table}"  # noqa: S608
                    f" WHERE {self.matching} AND {' AND '.join(where)}{more} {end}"
                ),
                {**self.values, **narrowing, **values},
            ).all()
        )

    def _by_date(self) -> list[str]:
        from .whoosh.loop import PAST

        wanted = self.plan.offset + self.plan.limit
        order = (
            f"CASE WHEN starts = {NEVER} THEN {2**60} WHEN starts >= :now THEN starts - :now"
            f" ELSE {PAST} + :now - starts END"
        )
        rows = self._rows(
            "key", "", {"now": self.plan.now, "wanted": wanted},
            f'ORDER BY {order}, key COLLATE "C" LIMIT :wanted',
        )  # fmt: skip
        return [key for (key,) in rows]

    def _by_fit(self, total: int) -> list[str]:
        columns = "key, boost, folded, starts, length"
        wanted = max(READ_CLOSELY, self.plan.offset + self.plan.limit)
        if total <= READ_CLOSELY:
            rows = self._rows(columns, "", {}, "")
        else:
            named = self._with_the_words_in_their_names(columns)
            rest = (
                self._rows(
                    columns, "", {"wanted": wanted}, "ORDER BY boost DESC, length LIMIT :wanted"
                )
                if total <= MANY
                else self._rows(columns, "", {"wanted": wanted}, "LIMIT :wanted")
            )
            rows = list({row[0]: row for row in (*named, *rest)}.values())
        scored = sorted(
            (self._candidate(row) for row in rows), key=lambda c: (-c.score * 1.0, c.key)
        )
        nearly = self.plan.minimum < len(self.plan.groups)
        best = ranking.order(scored[:CANDIDATES], self.plan.phrases, nearly=nearly)
        return [c.key for c in (*best, *scored[CANDIDATES:])]

    def _with_the_words_in_their_names(self, columns: str) -> list[Any]:
        asked: list[int] = []
        for same in self.plan.phrases:
            asked += marks.asked_by_name(same[0].replace(" ", ""))
        titles = [_signed(marks.of_title(phrase)) for same in self.plan.phrases for phrase in same]
        return self._rows(
            columns,
            " AND (marks @> CAST(:named AS integer[]) OR marks && CAST(:titles AS integer[]))",
            {"named": [_signed(mark) for mark in asked], "titles": titles, "some": READ_CLOSELY},
            "ORDER BY marks && CAST(:titles AS integer[]) DESC, boost DESC, length LIMIT :some",
        )

    def _candidate(self, row: Any) -> Candidate:
        key, boost, folded, starts, length = row
        zones = folded.encode()
        return Candidate(
            key, score(zones, length, self.plan.groups, self.statistics), boost, zones, starts
        )


def _any_of(group: base.Group) -> str:
    """A group as a tsquery: any alternative, all of its terms."""
    return " | ".join("(" + " & ".join(_quoted(t) for t in words) + ")" for words in group)
