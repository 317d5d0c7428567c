"""The query loop: a plan answered from arrays.

Where every group must be met, the rarest term's documents are kept and the others cut them down,
from the rarest on; where some groups are enough, every term adds to a score for each document. BM25
is computed for all that is left at once. Narrowing, facets and the order by date work on the codes
of columns. Very frequent terms say little and cost most: in a query of many terms they only help
to order what the rarer ones found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...analysis.entries import NEVER, joined
from ...analysis.marks import of_parent
from ..base import CANDIDATES, FACETS, PAST, Group, Narrowing, Plan
from ..bm25 import K1, frequent_from, rare_enough
from .codec import Ids, Weights
from .snapshot import SegmentView, Snapshot

Scores = NDArray[np.float32]

DENSE = 2_000
"""From this many documents on a term is cut by a table rather than by searching in it."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of a group in one segment, and its idf over the whole index."""

    ids: Ids
    weights: Weights
    idf: float
    #: how many documents of the whole index meet the group
    holding: int = 0


@dataclass(frozen=True, slots=True)
class Matched:
    """The documents of a segment that meet a plan before it is narrowed, ascending."""

    view: SegmentView
    ids: NDArray[np.int64]
    scores: Scores


@dataclass(frozen=True, slots=True)
class Best:
    """What a plan found: the best documents of each segment in order, all told."""

    #: (segment, document, score), best first
    documents: list[tuple[SegmentView, int, float]]
    total: int
    counts: dict[str, dict[str, int]]


# --- finding -------------------------------------------------------------------------------------


def match(snapshot: Snapshot, groups: Sequence[Group], minimum: int) -> list[Matched]:
    """The living documents that meet at least `minimum` of the groups, with their BM25 scores."""
    by_group = [_read(snapshot, group) for group in groups]
    found = []
    for number, view in enumerate(snapshot.views):
        here = [group[number] for group in by_group]
        if minimum >= len(groups):
            ids, scores = _all_of(view, here)
        else:
            ids, scores = _some_of(view, here, minimum, snapshot.count_all)
        if view.alive is not None and len(ids):
            living = view.alive[ids]
            ids, scores = ids[living], scores[living]
        found.append(Matched(view, ids, scores))
    return found


def _read(snapshot: Snapshot, group: Sequence[Sequence[str]]) -> list[Postings]:
    """The postings of a group in every segment."""
    read = [_any_of([_together(view, terms) for terms in group]) for view in snapshot.views]
    holding = sum(len(ids) for ids, _ in read)
    idf = snapshot.idf(holding)
    return [Postings(ids, weights, idf, holding) for ids, weights in read]


def _together(view: SegmentView, terms: Sequence[str]) -> tuple[Ids, Weights] | None:
    """The documents that hold all of the terms, with the least of their weights."""
    found = [view.postings(term) for term in terms]
    there = sorted((f for f in found if f is not None), key=lambda postings: len(postings[0]))
    if not there or len(there) < len(found):
        return None
    ids, weights = there[0]
    for others in there[1:]:
        more, kept = _weights_at(view, Postings(*others, 0.0), ids)
        if kept is not None:
            ids, weights, more = ids[kept], weights[kept], more[kept]
        weights = np.minimum(weights, more)
    return ids, weights


def _any_of(found: list[tuple[Ids, Weights] | None]) -> tuple[Ids, Weights]:
    """The postings of words that mean the same: the best weight of any."""
    there = [postings for postings in found if postings is not None]
    if not there:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint8)
    if len(there) == 1:
        return there[0]
    ids = np.concatenate([ids for ids, _ in there])
    weights = np.concatenate([weights for _, weights in there])
    order = np.lexsort((weights, ids))
    ids, weights = ids[order], weights[order]
    last = np.append(ids[1:] != ids[:-1], True)
    return ids[last], weights[last]


def _all_of(view: SegmentView, groups: list[Postings]) -> tuple[NDArray[np.int64], Scores]:
    groups = sorted(groups, key=lambda group: len(group.ids))
    if not groups or not len(groups[0].ids):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    ids = groups[0].ids
    kept = [(groups[0].idf, groups[0].weights)]
    for group in groups[1:]:
        weights, there = _weights_at(view, group, ids)
        if there is not None:
            ids = ids[there]
            kept = [(idf, of[there]) for idf, of in kept]
            weights = weights[there]
        kept.append((group.idf, weights))
        if not len(ids):
            break
    norm = view.norm[ids]
    scores = np.zeros(len(ids), np.float32)
    for idf, weights in kept if len(ids) else ():
        scores += _bm25(idf, weights, norm)
    return ids.astype(np.int64), scores


def _weights_at(
    view: SegmentView, group: Postings, ids: Ids
) -> tuple[Weights, NDArray[np.bool_] | None]:
    """The group's weights at `ids`, and where there are any (None: everywhere)."""
    if len(group.ids) > DENSE and len(ids) > DENSE:
        table = np.zeros(view.count, np.uint8)
        table[group.ids] = group.weights
        weights = table[ids]
        there = weights > 0
    else:
        places = np.searchsorted(group.ids, ids)
        places[places == len(group.ids)] = 0
        there = group.ids[places] == ids
        weights = group.weights[places]
    return weights, None if there.all() else there


def _bm25(idf: float, weights: Weights, norm: Scores) -> Scores:
    tf = weights.astype(np.float32)
    return np.float32(idf * (K1 + 1)) * tf / (tf + norm)


def _some_of(
    view: SegmentView, groups: list[Postings], minimum: int, count_all: int
) -> tuple[NDArray[np.int64], Scores]:
    groups = [group for group in groups if len(group.ids)]
    limit = frequent_from(count_all)
    rare = [group for group in groups if group.holding <= limit]
    helping: list[Postings] = []
    if rare_enough(len(rare), minimum):
        helping = [group for group in groups if group.holding > limit]
        groups = rare
    if len(groups) < minimum:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    scores = np.zeros(view.count, np.float32)
    met = np.zeros(view.count, np.uint8)
    for group in groups:
        scores[group.ids] += _bm25(group.idf, group.weights, view.norm[group.ids])
        met[group.ids] += 1
    ids = np.flatnonzero(met >= max(1, minimum))
    found = scores[ids]
    for group in helping:
        weights, there = _weights_at(view, group, ids.astype(np.uint32))
        more = _bm25(group.idf, weights, view.norm[ids])
        found += more if there is None else np.where(there, more, np.float32(0))
    return ids, found


# --- narrowing, counting, ordering ---------------------------------------------------------------


def masks_of(snapshot: Snapshot, narrowed: Narrowing) -> list[dict[str, NDArray[np.bool_] | None]]:
    """For each segment and each facet which documents its narrowing keeps (None: all), and under
    "rest" what no facet is about."""

    def make() -> list[dict[str, NDArray[np.bool_] | None]]:
        return [_masks(view, narrowed) for view in snapshot.views]

    return snapshot.kept(narrowed, make)


def _masks(view: SegmentView, narrowed: Narrowing) -> dict[str, NDArray[np.bool_] | None]:
    def having(name: str, keeps: Callable[[str], bool]) -> NDArray[np.bool_]:
        table = np.fromiter((keeps(value) for value in view.values(name)), np.bool_)
        return table[view.codes(name)]

    masks: dict[str, NDArray[np.bool_] | None] = dict.fromkeys(FACETS)
    if narrowed.kinds:
        masks["kind"] = having("kind", narrowed.kinds.__contains__)
    if narrowed.node_path:
        masks["node_path"] = having("node_path", lambda v: v.startswith(narrowed.node_path))
    if narrowed.category:
        masks["category"] = having("category", narrowed.category.__eq__)
    if narrowed.period:
        masks["period"] = having("period", narrowed.period.__eq__)
    if narrowed.audience:
        wanted = joined([narrowed.audience])
        masks["audiences"] = having("audiences", lambda v: wanted in v)
    held = [joined([token]) for token in narrowed.visibilities]
    rest = having("visibility", lambda v: any(token in v for token in held))
    if narrowed.everywhere and not narrowed.kinds:
        rest &= having("kind", narrowed.everywhere.__contains__)
    numbers = view.files.numbers
    if narrowed.since is not None:
        rest &= (numbers["ends"] >= narrowed.since) & (numbers["starts"] != NEVER)
    if narrowed.until is not None:
        rest &= numbers["starts"] <= narrowed.until
    if narrowed.not_over_at is not None:
        rest &= numbers["over"] > narrowed.not_over_at
    if narrowed.parent:
        inside = np.zeros(view.count, bool)
        inside[view.marked(of_parent(narrowed.parent))] = True
        rest &= inside
    masks["rest"] = None if rest.all() else rest
    return masks


def best(snapshot: Snapshot, plan: Plan, matched: list[Matched]) -> Best:
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS} if plan.facets else {}
    all_masks = masks_of(snapshot, plan.narrowed)
    kept: list[tuple[SegmentView, NDArray[np.int64], Scores]] = []
    for found, masks in zip(matched, all_masks, strict=True):
        rest = masks["rest"]
        ids, scores = found.ids, found.scores
        if rest is not None:
            inside = rest[ids]
            ids, scores = ids[inside], scores[inside]
        chosen = [facet for facet in FACETS if masks[facet] is not None]
        if plan.facets:
            _count(found.view, ids, masks, chosen, counts)
        for facet in chosen:
            mask = masks[facet]
            inside = mask[ids]  # type: ignore[index]
            ids, scores = ids[inside], scores[inside]
        kept.append((found.view, ids, scores))
    total = sum(len(ids) for _, ids, _ in kept)
    wanted = max(CANDIDATES, plan.offset + plan.limit)
    documents = _nearest_in_time(kept, plan.now, wanted) if plan.by_date else _highest(kept, wanted)
    return Best(documents, total, counts)


def _count(
    view: SegmentView,
    ids: NDArray[np.int64],
    masks: dict[str, NDArray[np.bool_] | None],
    chosen: list[str],
    counts: dict[str, dict[str, int]],
) -> None:
    """Add this segment's documents to the counts, each facet without its own narrowing."""
    if not len(ids):
        return
    for facet in FACETS:
        here = ids
        for other in chosen:
            if other != facet:
                here = here[masks[other][here]]  # type: ignore[index]
        values = view.values(facet)
        numbers = np.bincount(view.codes(facet)[here], minlength=len(values))
        into = counts[facet]
        for code in np.flatnonzero(numbers).tolist():
            value = values[code]
            if value:
                into[value] = into.get(value, 0) + int(numbers[code])


Kept = list[tuple[SegmentView, NDArray[np.int64], Scores]]


def _highest(kept: Kept, wanted: int) -> list[tuple[SegmentView, int, float]]:
    best: list[tuple[float, int, int, SegmentView]] = []
    for number, (view, ids, scores) in enumerate(kept):
        top = np.argpartition(-scores, wanted - 1)[:wanted] if len(ids) > wanted else slice(None)
        rows = zip(ids[top].tolist(), scores[top].tolist(), strict=True)
        best += [(-score, number, docnum, view) for docnum, score in rows]
    best.sort(key=lambda row: row[:3])
    return [(view, docnum, -score) for score, _, docnum, view in best[:wanted]]


def _nearest_in_time(kept: Kept, now: int, wanted: int) -> list[tuple[SegmentView, int, float]]:
    """What is coming, the next first; then what was, the last first; then what has no date."""
    best: list[tuple[int, int, int, SegmentView]] = []
    for number, (view, ids, _) in enumerate(kept):
        away = nearness(view.files.numbers["starts"][ids], now)
        top = np.argpartition(away, wanted - 1)[:wanted] if len(ids) > wanted else slice(None)
        rows = zip(away[top].tolist(), ids[top].tolist(), strict=True)
        best += [(distance, number, docnum, view) for distance, docnum in rows]
    best.sort(key=lambda row: row[:3])
    return [(view, docnum, 0.0) for _, _, docnum, view in best[:wanted]]


def nearness(starts: NDArray[np.int64], now: int) -> NDArray[np.int64]:
    """The key of the order by date, smaller first."""
    away = starts - now
    return np.where(starts == NEVER, 2**60, np.where(away >= 0, away, PAST - away))
