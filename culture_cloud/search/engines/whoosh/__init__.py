"""The embedded engine: Whoosh's files, with postings as flat arrays and a query loop over them.

Of Whoosh are kept the directory of terms, the columns of documents, the table of contents and the
deletions; `codec` writes postings as flat arrays, `inversion` makes them from text in bulk,
`snapshot` reads them, `loop` answers a plan from them. `stock` answers the same plan with Whoosh's
own matchers: the way back should the arrays ever be in doubt, and the oracle of the tests.
"""
