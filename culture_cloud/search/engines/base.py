"""The contract of an engine: what it is asked, what it answers, how it is kept.

A plan asks for documents by terms, narrowed and ordered; a look-up asks for names by marks. Both
engines pass the same tests (tests/search/test_contract.py) and agree on what comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from ..analysis.entries import Entry
from ..documents import PUBLIC

CANDIDATES = 100
"""How many of the best by their terms are compared word for word (ranking.order)."""

PAST = 2**40
"""In the order by date added to the distance of what was, so that it stands behind what comes."""

FACETS = ("kind", "node_path", "category", "period", "audiences")


class Damaged(Exception):
    """The index cannot be read; a plain search answers until it is built anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a search is narrowed to; empty values narrow nothing."""

    kinds: frozenset[str] = frozenset()
    #: the kinds that the search over everything looks through, also when none is chosen
    everywhere: frozenset[str] = frozenset()
    node_path: str = ""
    category: str = ""
    period: str = ""
    audience: str = ""
    #: "collection:12"
    parent: str = ""
    #: seconds, both ends belong to it
    since: int | None = None
    until: int | None = None
    #: leave out what is over at this moment (seconds); None: keep it
    not_over_at: int | None = None
    visibilities: frozenset[str] = frozenset({PUBLIC})


Alternative = tuple[str, ...]
Group = tuple[Alternative, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One step of a query. A document needs `minimum` of the groups; a group is met by any of its
    alternatives, and an alternative by all of its terms.

    `phrases` are squeezed: what the ranking looks for word for word, each with what means the same.
    """

    groups: tuple[Group, ...]
    minimum: int
    phrases: tuple[tuple[str, ...], ...]
    narrowed: Narrowing = field(default_factory=Narrowing)
    #: False: by fit; True: nearest in time to `now` first
    by_date: bool = False
    #: seconds
    now: int = 0
    offset: int = 0
    limit: int = 20
    facets: bool = True


@dataclass(slots=True)
class Candidate:
    """A document as the ranking and the list see it. `folded` is UTF-8, a zone a line."""

    key: str
    score: float
    boost: float
    folded: bytes
    starts: int


Counts = Mapping[str, Mapping[str, int]]
"""Facet → value → how many; each facet counted without its own narrowing."""


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of one page in order, how many there are in all, and the counts."""

    keys: tuple[str, ...]
    total: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Named:
    """A name that a look-up found, as written, and its document."""

    key: str
    kind: str
    names: tuple[str, ...]
    boost: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How an index is: of when, how much it holds, by which rules it was made."""

    documents: int
    built_at: datetime | None
    version: str
    segments: int = 1


Progress = Callable[[int], None]
"""Called with how many more documents are done."""


Again = Callable[[Sequence[str]], tuple[Sequence[Entry], Sequence[str]]]
"""Loads documents by key: their entries, and the keys that are gone."""


class Busy(Exception):
    """Somebody else is building."""


class Building(Protocol):
    """An index while it is built; picklable, so that several processes each make a part."""

    def part(self, batches: Iterable[Sequence[Entry]], progress: Progress) -> bytes: ...


class Engine(Protocol):
    """What search needs of an engine. Reading raises Damaged where it cannot answer."""

    name: str

    def find(self, plan: Plan) -> Found: ...

    def names_marked(
        self, every: Sequence[int], some: Sequence[int], narrowed: Narrowing, limit: int
    ) -> list[Named]:
        """Documents that carry all marks of `every` and, where given, one of `some`; those with the
        greatest boost and shortest names first."""
        ...

    def bodies(self, keys: Sequence[str]) -> dict[str, str]:
        """The bodies as written."""
        ...

    def fingerprints(self) -> dict[str, str]:
        """Key → fingerprint of everything it holds, for the nightly comparison."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Only one at a time writes, from reading the rows to the commit. Raises Busy."""
        ...

    def write(self, entries: Sequence[Entry], gone: Iterable[str]) -> None:
        """Put entries in or in place, take `gone` keys out: found by the next search. The caller
        is in `writing`. Raises Damaged, or OSError where the disk refuses: then nothing was
        written."""
        ...

    def rebuilding(self) -> AbstractContextManager[None]:
        """Only one at a time builds. Raises Busy."""
        ...

    def begin(self) -> Building:
        """Begin an index aside."""
        ...

    def complete(self, building: Any, parts: Iterable[bytes], again: Again) -> int:
        """Let it take the place of the old one, once what was written meanwhile is written to it
        too. Returns how many documents it holds."""
        ...

    def version(self) -> str:
        """The analysis by whose rules it was built. Raises Damaged where it cannot be opened."""
        ...

    def documents(self) -> int:
        """How many it holds. Raises Damaged."""
        ...

    def check(self) -> Standing:
        """Open it and read every part of it. Raises Damaged."""
        ...
