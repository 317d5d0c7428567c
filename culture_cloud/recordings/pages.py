"""Pages that are no row of a table and that staff may read all the same: the help page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Its view, and the words to read in the language of the reader."""

    endpoint: str
    words: Callable[[], list[str]]


PAGES: dict[str, ReadPage] = {}
"""Name in the address of the desk → page; whoever draws the page puts it in."""
