"""Finding anything on the site, as people type it. Knows no feature: features give documents.

`documents` is what a feature hands over, `sources` where it registers, `outbox` how a change is
noticed; `analysis` turns text into terms; `engines` keep and find them; `asking` is the cascade of
a query; docs/search.md tells the whole story.
"""
