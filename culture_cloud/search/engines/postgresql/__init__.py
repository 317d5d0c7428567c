"""PostgreSQL as the engine: our own terms as tsvector and our marks as an array, both under GIN.

The tables lie in a schema of their own, apart from the site's: they are a cache, made and thrown
away whole, and no migration knows them. One row of `serving` names the generation that answers; a
rebuild fills tables aside and moves that row. Advisory locks stand for the lock files of the
embedded engine.

The index finds and counts; the best few hundred rows are scored here by the same BM25 and put in
order by the same ranking as everywhere (ranking.order), so that the engines agree on what comes
first. Rows are kept short (toast_tuple_target) because counting reads every one that matches.
"""
