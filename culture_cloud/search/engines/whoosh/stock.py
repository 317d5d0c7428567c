"""The same finding by Whoosh's own matchers and scorers, one document after the other.

Slower by ten times and more, and written by others: what the query loop finds is held against it in
the tests (same documents, same order within score ties), and `CULTURE_CLOUD_SEARCH=whoosh-stock`
runs a site on it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from whoosh.index import FileIndex
from whoosh.query import And, Or, Query, Term
from whoosh.scoring import BM25F

from ..base import Group
from ..bm25 import K1, B
from .loop import Matched
from .schema import TEXT
from .snapshot import Snapshot


def match(
    index: FileIndex, snapshot: Snapshot, groups: Sequence[Group], minimum: int
) -> list[Matched]:
    """As loop.match. Whoosh has no `minimum`: the documents of all groups are counted here."""
    found: list[dict[int, float]] = [{} for _ in snapshot.views]
    met: list[dict[int, int]] = [{} for _ in snapshot.views]
    with index.searcher(weighting=BM25F(B=B, K1=K1)) as searcher:
        queries: list[Query] = [
            Or([And([Term(TEXT, term) for term in terms]) for terms in group]) for group in groups
        ]
        whole = And(queries) if minimum >= len(groups) else Or(queries)
        for number, (leaf, _) in enumerate(searcher.leaf_searchers()):
            matcher = whole.matcher(leaf)
            while matcher.is_active():
                found[number][matcher.id()] = matcher.score()
                matcher.next()
            if minimum < len(groups):
                for query in queries:
                    for docnum in query.docs(leaf):
                        met[number][docnum] = met[number].get(docnum, 0) + 1
    result = []
    for view, scores, counts in zip(snapshot.views, found, met, strict=True):
        kept = sorted(
            docnum
            for docnum in scores
            if minimum >= len(groups) or counts.get(docnum, 0) >= minimum
        )
        result.append(
            Matched(
                view,
                np.array(kept, np.int64),
                np.array([scores[docnum] for docnum in kept], np.float32),
            )
        )
    return result
