"""What search is held against: SQLite FTS5 over the same bigrams, and Whoosh as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2
from whoosh import fields, formats
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.query import And, Every, Or, Prefix, Term
from whoosh.scoring import BM25F
from whoosh.sorting import Count, FieldFacet

from culture_cloud.search.analysis.entries import Entry
from culture_cloud.search.analysis.folding import fold
from culture_cloud.search.analysis.terms import chunks_of_query, query_terms, terms_of_zone


def _terms(entry: Entry) -> str:
    """The terms of all zones, parted by spaces: what both peers index."""
    return " ".join(term for zone in entry.zones for term in terms_of_zone(zone))


def asked(words: str) -> list[str]:
    found = [t for chunk in chunks_of_query(fold(words)[:100]) for t in query_terms(chunk)]
    return list(dict.fromkeys(found))


class Peer:
    """SQLite FTS5 with its own BM25. Terms of one CJK character and pairs are its tokens."""

    name = "SQLite FTS5"

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self.connection = dbapi2.connect(str(path))
        self.connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA cache_size = -64000;"
            "CREATE VIRTUAL TABLE found USING fts5(terms, content='', detail=full,"
            ' tokenize="unicode61 remove_diacritics 0");'
            "CREATE TABLE documents (id INTEGER PRIMARY KEY, key TEXT, kind TEXT, node TEXT,"
            " category TEXT, starts INTEGER, folded TEXT, body TEXT)"
        )

    def add(self, entries: Sequence[Entry]) -> None:
        rows = [(int(e.key.partition(":")[2]), e) for e in entries]
        self.connection.executemany(
            "INSERT INTO found (rowid, terms) VALUES (?, ?)", [(n, _terms(e)) for n, e in rows]
        )
        self.connection.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (n, e.key, e.kind, e.node_path, e.category, e.starts, e.folded, e.body)
                for n, e in rows
            ],
        )

    def finish(self) -> None:
        self.connection.execute("INSERT INTO found (found) VALUES ('optimize')")
        self.connection.commit()

    def find_any(self, words: str, limit: int) -> list[int]:
        """BM25 over any of the bigrams: the peer of ranked relevance."""
        terms = asked(words)
        if not terms:
            return []
        match = " OR ".join(f'"{term}"' for term in terms)
        rows = self.connection.execute(
            "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT ?", (match, limit)
        )
        return [number for (number,) in rows]

    def search(
        self, words: str, *, any_of: bool = False, node: str = "", by_date: bool = False
    ) -> tuple[list[int], int, dict[str, int]]:
        """A page of ids, how many there are, and the counts of two facets: as the page needs."""
        match = (" OR " if any_of else " AND ").join(f'"{term}"' for term in asked(words))
        joined = "FROM found JOIN documents d ON d.id = found.rowid WHERE found MATCH ?"
        values: list[Any] = [match]
        if node:
            joined += " AND d.node >= ? AND d.node < ?"
            values += [node, node + "~"]
        order = "d.starts" if by_date else "rank"
        page = self.connection.execute(
            f"SELECT d.id, d.body {joined} ORDER BY {order} LIMIT 20", values
        ).fetchall()
        counts: dict[str, int] = {}
        total = 0
        for kind, category, node_path, count in self.connection.execute(
            f"SELECT d.kind, d.category, d.node, count(*) {joined} GROUP BY 1, 2, 3", values
        ):
            total += count
            for value in (kind, category, node_path):
                counts[value] = counts.get(value, 0) + count
        return [number for number, _ in page], total, counts


class StockWhoosh:
    """Whoosh with its own codec, writer, matchers and facets, fed the same terms."""

    name = "Whoosh as it comes"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        text = fields.FieldType(
            format=formats.Frequency(), analyzer=SpaceSeparatedTokenizer(), scorable=True
        )
        schema = fields.Schema(
            text=text,
            key=fields.ID(stored=True),
            kind=fields.ID(sortable=True),
            node=fields.ID(sortable=True),
            category=fields.ID(sortable=True),
            starts=fields.NUMERIC(int, bits=64, sortable=True),
            body=fields.STORED(),
        )
        self.index = FileStorage(str(folder)).create_index(schema)
        self.writer: Any = self.index.writer(limitmb=256)
        self.searcher: Any = None

    def add(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.writer.add_document(
                text=_terms(entry), key=entry.key, kind=entry.kind, node=entry.node_path,
                category=entry.category, starts=min(entry.starts, 2**40), body=entry.body,
            )  # fmt: skip

    def finish(self) -> None:
        self.writer.commit()
        self.searcher = self.index.searcher(weighting=BM25F())

    def search(
        self, words: str, *, any_of: bool = False, node: str = "", by_date: bool = False
    ) -> int:
        terms = [Term("text", term) for term in asked(words)]
        query: Any = (Or(terms) if any_of else And(terms)) if terms else Every()
        if node:
            query = And([query, Prefix("node", node)])
        options: dict[str, Any] = {"limit": 20}
        if by_date:
            options["sortedby"] = FieldFacet("starts")
        found = self.searcher.search(
            query, groupedby=["kind", "category", "node"], maptype=Count, **options
        )
        for hit in found:
            hit["body"]
        return len(found)


def size_of(path: Path) -> int:
    """Bytes of a file or folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
