"""One search: which rows match, how many of what, the best of them in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from ... import ranking
from ...analysis import marks
from ...analysis.entries import NEVER
from .. import base
from ..base import CANDIDATES, FACETS, PAST, Candidate, Counts, Found, Plan
from ..bm25 import Statistics, frequent_from, rare_enough, score
from .narrowing import conditions, keeps
from .tables import SCHEMA, Serving, quoted, signed

MANY = 3_000
"""With more matches than this the first candidates are those with the words in their names."""

READ_CLOSELY = 400
"""Candidates that are scored here."""


class Search:
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
                known[term] = self._count_of(quoted(term))
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
        where, values = conditions(self.plan.narrowed, facets=False)
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
                keeps(self.plan.narrowed, facet, value)
                for facet, value in zip(FACETS, of_row, strict=True)
            ]
            total += count if all(kept) else 0
            for place, (facet, value) in enumerate(zip(FACETS, of_row, strict=True)):
                if value and all(kept[:place] + kept[place + 1 :]):
                    counts[facet][value] = counts[facet].get(value, 0) + count
        return counts, total

    def _rows(self, columns: str, more: str, values: Mapping[str, Any], end: str) -> list[Any]:
        where, narrowing = conditions(self.plan.narrowed, facets=True)
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
        titles = [signed(marks.of_title(phrase)) for same in self.plan.phrases for phrase in same]
        return self._rows(
            columns,
            " AND (marks @> CAST(:named AS integer[]) OR marks && CAST(:titles AS integer[]))",
            {"named": [signed(mark) for mark in asked], "titles": titles, "some": READ_CLOSELY},
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
    return " | ".join("(" + " & ".join(quoted(t) for t in words) + ")" for words in group)
