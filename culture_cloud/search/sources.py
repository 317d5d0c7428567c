"""Where features say what of theirs can be found. Filled in application.py, one call a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from .documents import PUBLIC, SIGNED_IN, Document, Hit, Viewer

Labels = Mapping[str, str]
"""Code → words, for a facet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A feature's rows as plain SQL: for what to index at all, and for the search that still works
    while the index does not."""

    id: InstrumentedAttribute[int]
    #: the columns a plain search looks into, the title first
    text: Sequence[InstrumentedAttribute[str]]
    #: what is public; the others are found by the index alone
    where: Sequence[ColumnElement[bool]] = ()
    #: further tables that `where` needs: a Select of the id, joined
    joined: Callable[[Select[Any]], Select[Any]] = lambda query: query

    def ids(self, after: int, limit: int) -> Select[Any]:
        """The next ids above `after` in order, whether public or not."""
        return select(self.id).where(self.id > after).order_by(self.id).limit(limit)


def _nobody(_session: Session, _viewer: Viewer) -> Iterable[str]:
    return ()


def _no_labels(_session: Session) -> Labels:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of thing and the functions that hand it over.

    `documents(session, ids)` yields a Document for each of the ids that may be found by anybody at
    all; ids it leaves out (deleted, drafts) go from the index.
    `hits(session, ids, viewer)` loads what the viewer may see, id → Hit; others it leaves out.
    """

    kind: str
    #: words of the tab, lazily translated: "Activities"
    label: Any
    documents: Callable[[Session, Sequence[int]], Iterable[Document]]
    hits: Callable[[Session, Sequence[int], Viewer], Mapping[int, Hit]]
    rows: Rows
    #: order of the tabs
    position: int = 100
    #: tokens of Document.visibility that this viewer holds through this feature ("group:7")
    visibilities: Callable[[Session, Viewer], Iterable[str]] = _nobody
    #: words for the codes of Document.category, .period and .audiences
    categories: Callable[[Session], Labels] = _no_labels
    periods: Callable[[Session], Labels] = _no_labels
    audiences: Callable[[Session], Labels] = _no_labels
    #: takes part in suggestions while typing (pages of a book do not)
    suggested: bool = True
    #: takes part in the search over everything (pages of a book may be found inside it only)
    everywhere: bool = True


@dataclass(slots=True)
class Sources:
    """All kinds of one app."""

    by_kind: dict[str, Source] = field(default_factory=dict)
    #: path of a node → its code and name, for the facet "where"
    nodes: Callable[[Session], Mapping[str, tuple[str, str]]] = field(default=lambda _session: {})

    def register(self, *sources: Source) -> None:
        for source in sources:
            if source.kind in self.by_kind:
                raise ValueError(f"two search sources of the kind {source.kind}")
            self.by_kind[source.kind] = source

    def __iter__(self) -> Any:
        return iter(sorted(self.by_kind.values(), key=lambda source: source.position))

    def get(self, kind: str) -> Source | None:
        return self.by_kind.get(kind)

    def visibilities_of(self, session: Session, viewer: Viewer) -> frozenset[str]:
        """Every token that opens a document to this viewer."""
        held = {PUBLIC}
        if viewer.is_authenticated:
            held.add(SIGNED_IN)
        for source in self.by_kind.values():
            held.update(source.visibilities(session, viewer))
        return frozenset(held)


def sources() -> Sources:
    """The sources of the running app."""
    found: Sources = current_app.extensions["search_sources"]
    return found
