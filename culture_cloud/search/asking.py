"""The cascade: from what was typed to what is shown, each step only if the one before gave nothing.

All words (what has them as its title or word for word comes first) → most of them → names that
sound so → names one character away → some of them. Documents come from the engine; what is shown of
them is loaded from their own rows for this viewer, so that a stale index shows nothing it must not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from . import corrections, passages, plain
from .documents import Hit, Viewer
from .engines.base import Counts, Engine, Found, Narrowing, Plan
from .passages import Piece
from .sources import Sources
from .understanding import Query, Synonyms, of_words, understand

PAGE_SIZE = 20
FARTHEST = 2_000
"""Beyond this many results nobody turns pages; the search is to be narrowed."""

MOST = 0.6
"""The share of its groups that the step "most" asks for."""

SENTENCE = 6
"""A query of more groups than this is a sentence: its best answers may share only two of its words
with it, and asking for most of them loses a third (measured: benchmarks search)."""

FEW = 3
"""With fewer results other words are offered beside them."""


class Way(StrEnum):
    """Which step found what is shown."""

    ALL = "all"
    MOST = "most"
    SOUND = "sound"
    NEAR = "near"
    SOME = "some"
    NOTHING = "nothing"
    #: by the database alone, because the index cannot be read
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as the page asks for it."""

    words: str
    narrowed: Narrowing
    by_date: bool = False
    page: int = 1
    now: int


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who searches, and with what."""

    session: Session
    engine: Engine
    sources: Sources
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class Shown:
    """A result: the row it is loaded from, its title and a passage with what was found marked."""

    hit: Hit
    title: list[Piece]
    passage: list[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the page shows."""

    query: Query
    way: Way
    shown: Sequence[Shown] = ()
    total: int = 0
    counts: Counts = field(default_factory=dict)
    page: int = 1
    #: the words that were searched for instead
    instead: str = ""
    #: other words to try
    others: Sequence[str] = ()

    @property
    def has_more(self) -> bool:
        return self.page * PAGE_SIZE < min(self.total, FARTHEST)


def ask(searcher: Searcher, asked: Asked, synonyms: Synonyms = ()) -> Answer:
    """Answer a search. Raises Damaged where the engine cannot; see `ask_plainly`."""
    query = understand(asked.words, synonyms)
    if not query:
        return Answer(query=query, way=Way.NOTHING)
    way, used, found, words = _cascade(searcher.engine, query, asked)
    shown = _load(searcher, found, used)
    return Answer(
        query=query,
        way=way,
        shown=shown,
        total=found.total,
        counts=found.counts,
        page=asked.page,
        instead=words[0] if words and way in {Way.SOUND, Way.NEAR} else "",
        others=words[1:] if way in {Way.SOUND, Way.NEAR} else words,
    )


def _cascade(engine: Engine, query: Query, asked: Asked) -> tuple[Way, Query, Found, list[str]]:
    """The first step that finds something, and the words that corrections bring."""
    groups = len(query.groups)
    found = engine.find(_plan(query, asked, groups))
    if found.total:
        few = found.total < FEW and asked.page == 1 and len(query.chunks) == 1
        return Way.ALL, query, found, _other_words(engine, query, asked) if few else []
    if 2 < groups <= SENTENCE:
        found = engine.find(_plan(query, asked, math.ceil(groups * MOST)))
        if found.total:
            return Way.MOST, query, found, []
    for way, correct in ((Way.SOUND, corrections.by_sound), (Way.NEAR, corrections.by_one_edit)):
        words = correct(engine, query, _names_only(asked.narrowed))
        if words:
            instead = of_words(query.typed, words)
            found = engine.find(_plan(instead, asked, 1))
            if found.total:
                return way, instead, found, words
    if groups > 1:
        found = engine.find(_plan(query, asked, 1))
        if found.total:
            return Way.SOME, query, found, []
    return Way.NOTHING, query, found, []


def keys_found(engine: Engine, query: Query, asked: Asked) -> tuple[str, ...]:
    """The keys alone, by the whole cascade (for measuring; pages use `ask`)."""
    return _cascade(engine, query, asked)[2].keys if query else ()


def _other_words(engine: Engine, query: Query, asked: Asked) -> list[str]:
    narrowed = _names_only(asked.narrowed)
    words = corrections.by_sound(engine, query, narrowed)
    words += corrections.by_one_edit(engine, query, narrowed)
    return [word for word in dict.fromkeys(words) if word != query.words][:FEW]


def _plan(query: Query, asked: Asked, minimum: int) -> Plan:
    return Plan(
        groups=query.groups,
        minimum=minimum,
        phrases=query.phrases,
        narrowed=asked.narrowed,
        by_date=asked.by_date,
        now=asked.now,
        offset=(asked.page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )


def _names_only(narrowed: Narrowing) -> Narrowing:
    """Names are looked up over everything this viewer may see: what is meant does not depend on
    the tab that happens to be open."""
    return Narrowing(everywhere=narrowed.everywhere, visibilities=narrowed.visibilities)


# --- what is shown -------------------------------------------------------------------------------


def load_hits(searcher: Searcher, keys: Sequence[str]) -> dict[str, Hit]:
    """The rows of these documents that the viewer may see."""
    by_kind: dict[str, list[int]] = {}
    for key in keys:
        kind, _, document_id = key.partition(":")
        by_kind.setdefault(kind, []).append(int(document_id))
    hits: dict[str, Hit] = {}
    for kind, ids in by_kind.items():
        source = searcher.sources.get(kind)
        if source is not None:
            found = source.hits(searcher.session, ids, searcher.viewer)
            hits.update({f"{kind}:{id_}": hit for id_, hit in found.items()})
    return hits


def _load(searcher: Searcher, found: Found, query: Query) -> list[Shown]:
    hits = load_hits(searcher, found.keys)
    bodies = searcher.engine.bodies([key for key in found.keys if key in hits])
    phrases = [phrase for same in query.phrases for phrase in same]
    terms = query.terms
    shown = []
    for key in found.keys:
        if key in hits:
            passage = passages.passage(bodies.get(key, ""), phrases, terms)
            title = passages.marked(hits[key].title, phrases, terms)
            shown.append(Shown(_opened_at(hits[key], passage), title, passage))
    return shown


def _opened_at(hit: Hit, passage: Sequence[passages.Piece]) -> Hit:
    """The hit, leading to the very place that its passage shows."""
    words = next((piece.text for piece in passage if piece.hit), "")
    if hit.at_words is None or not words:
        return hit
    return replace(hit, href=hit.at_words(words))


def ask_plainly(searcher: Searcher, asked: Asked) -> Answer:
    """The answer of the database alone: what holds the words as typed, in either script."""
    query = understand(asked.words)
    keys = plain.search(searcher.session, searcher.sources, query, asked.words, asked.narrowed)
    page = keys[(asked.page - 1) * PAGE_SIZE : asked.page * PAGE_SIZE]
    hits = load_hits(searcher, page)
    phrases = [phrase for same in query.phrases for phrase in same]
    shown = [
        Shown(hits[key], passages.marked(hits[key].title, phrases, query.terms), [])
        for key in page
        if key in hits
    ]
    counts: dict[str, int] = {}
    for key in keys:
        kind = key.partition(":")[0]
        counts[kind] = counts.get(kind, 0) + 1
    return Answer(
        query=query,
        way=Way.PLAIN,
        shown=shown,
        total=len(keys),
        counts={"kind": counts},
        page=asked.page,
    )


# --- while typing --------------------------------------------------------------------------------

MOST_SUGGESTED = 8
LONGEST_TYPED = 20
"""What is longer is a search, not the beginning of a name."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to search for, and what sort of thing bears it."""

    words: str
    kind: str


def suggest(searcher: Searcher, typed: str, narrowed: Narrowing) -> list[Suggestion]:
    """Names that hold what was typed so far, or sound like it; of rows this viewer may see."""
    query = understand(typed)
    if not query or len(query.words) > LONGEST_TYPED:
        return []
    kinds = frozenset(
        source.kind for source in searcher.sources if source.suggested and source.everywhere
    )
    narrowed = replace(narrowed, everywhere=kinds)
    found = corrections.names_holding(searcher.engine, query, narrowed)
    if len(found) < MOST_SUGGESTED:
        found += corrections.names_heard(searcher.engine, query, narrowed)
    hits = load_hits(searcher, list(dict.fromkeys(key for _, key in found[:40])))
    shown: dict[str, Suggestion] = {}
    for name, key in found:
        if key in hits and name not in shown:
            shown[name] = Suggestion(name, hits[key].kind)
            if len(shown) == MOST_SUGGESTED:
                break
    return list(shown.values())
