"""From text to what an index keeps. The same for every engine, for documents and for queries."""

from __future__ import annotations

from importlib.metadata import version

RULES = 2
"""Raise it with any change of folding, terms, marks or weights: the index is then built anew."""


def analysis_version() -> str:
    """Names the rules and the libraries whose data they use; kept with every index."""
    return f"{RULES}/opencc-{version('opencc')}/pypinyin-{version('pypinyin')}"
