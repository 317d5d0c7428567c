"""The embedded engine behind the contract of `engines.base`."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ... import ranking
from ...analysis import analysis_version, marks
from ...analysis.entries import Entry
from .. import base
from ..base import CANDIDATES, Candidate, Damaged, Found, Named, Narrowing, Plan, Standing
from . import loop, stock
from .generations import Generations
from .index import IndexFolder, standing
from .segments import SegmentWriter
from .snapshot import SegmentView, Snapshot
from .storage import DurableStorage

log = logging.getLogger(__name__)

MOST_SWAPS = 10


class WhooshEngine:
    """Reads the serving generation of a folder; writes to it where it is the worker that asks."""

    name = "whoosh"

    def __init__(self, folder: Path, *, by_stock: bool = False) -> None:
        self.generations = Generations(folder)
        self.by_stock = by_stock
        self._open: IndexFolder | None = None

    # --- reading ---------------------------------------------------------------------------------

    def _folder(self) -> IndexFolder:
        path = self.generations.serving()
        if path is None:
            raise Damaged("there is no index yet")
        if self._open is None or self._open.path != path:
            self._open = IndexFolder(path)
        return self._open

    def _opened(self) -> tuple[IndexFolder, Snapshot]:
        """The serving generation. One that was swapped for another while it was being opened is no
        damage: the other is opened."""
        for _ in range(MOST_SWAPS):
            folder = self._folder()
            try:
                return folder, folder.snapshot()
            except Exception:
                if self.generations.serving() == folder.path:
                    raise
        raise Damaged("the index is swapped all the time")

    @contextmanager
    def _reading(self) -> Iterator[tuple[IndexFolder, Snapshot]]:
        """Whatever goes wrong with the files is one thing to the reader: damage."""
        try:
            yield self._opened()
        except Damaged:
            raise
        except Exception as error:
            # files that were cut or written over can be misread in any way
            self._open = None
            log.exception("the search index cannot be read")
            raise Damaged(f"{type(error).__name__}: {error}") from error

    def find(self, plan: Plan) -> Found:
        with self._reading() as (folder, snapshot):
            if self.by_stock:
                matched = stock.match(folder.whoosh(), snapshot, plan.groups, plan.minimum)
            else:
                matched = loop.match(snapshot, plan.groups, plan.minimum)
            best = loop.best(snapshot, plan, matched)
            documents = best.documents
            if not plan.by_date:
                documents = _with_exact_titles(snapshot, plan, matched, documents)
                documents = _ordered(documents, plan)
            keys = []
            for view, docnum, _ in documents[plan.offset : plan.offset + plan.limit]:
                key = view.key(docnum)
                snapshot.remember(key, view, docnum)
                keys.append(key)
        return Found(tuple(keys), best.total, best.counts)

    def names_marked(
        self, every: Sequence[int], some: Sequence[int], narrowed: Narrowing, limit: int
    ) -> list[Named]:
        with self._reading() as (_, snapshot):
            found = []
            masks = loop.masks_of(snapshot, narrowed)
            for view, mask in zip(snapshot.views, masks, strict=True):
                ids = _marked(view, every, some, mask, limit)
                docnums, boosts = ids.tolist(), view.files.boost[ids].tolist()
                texts = zip(view.texts("key", docnums), view.texts("names", docnums), strict=True)
                for (key, names), boost in zip(texts, boosts, strict=True):
                    written = key.decode()
                    kind = written.partition(":")[0]
                    found.append(Named(written, kind, tuple(names.decode().split("\n")), boost))
        found.sort(key=lambda named: (-named.boost, len(named.names[0]), named.key))
        return found[:limit]

    def bodies(self, keys: Sequence[str]) -> dict[str, str]:
        with self._reading() as (_, snapshot):
            found = {}
            for key in keys:
                place = snapshot.place_of(key)
                if place is not None:
                    found[key] = place[0].text("body", place[1]).decode()
        return found

    def fingerprints(self) -> dict[str, str]:
        with self._reading() as (_, snapshot):
            return dict(snapshot.documents)

    def version(self) -> str:
        with self._reading() as (folder, _):
            return folder.version()

    def documents(self) -> int:
        with self._reading() as (_, snapshot):
            return snapshot.count

    def check(self) -> Standing:
        with self._reading() as (folder, _):
            found = standing(folder)
        built = datetime.fromtimestamp(folder.path.stat().st_ctime, UTC)
        return Standing(found.documents, built, found.version, found.segments)

    # --- writing ---------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self.generations.locked("writer", wait=False):
            yield

    def write(self, entries: Sequence[Entry], gone: Iterable[str]) -> None:
        gone = list(gone)
        if self.generations.is_rebuilding():
            self.generations.note_changes([*gone, *(entry.key for entry in entries)])
        with self._reading() as (folder, _):
            pass
        # what goes wrong from here on is the disk, not the index: the commit did not happen
        folder.commit(entries, gone)

    def begin(self) -> WhooshBuilding:
        """Begin a generation aside; the caller holds the rebuild lock while it lasts."""
        return WhooshBuilding(self.generations.new())

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        with self.generations.locked("rebuild", wait=False):
            self.generations.tidy()
            yield

    def complete(
        self,
        building: WhooshBuilding,
        parts: Iterable[bytes],
        again: Callable[[Sequence[str]], tuple[Sequence[Entry], Sequence[str]]],
    ) -> int:
        """Let the generation serve, after what was written meanwhile is written to it too.

        `again` loads documents by key: their entries, and the keys that are gone.
        """
        segments = [segment for part in parts for segment in pickle.loads(part)]  # noqa: S301
        folder = IndexFolder(building.path)
        folder.create(segments, analysis_version())
        with self.generations.locked("writer"):
            changed = self.generations.noted_changes()
            if changed:
                folder.commit(*again(changed))
            count = folder.snapshot().count
            self.generations.swap(building.path)
        return count


class WhooshBuilding:
    """A generation while it is built, by several processes: each makes segments of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def part(self, batches: Iterable[Sequence[Entry]], progress: base.Progress) -> bytes:
        """Write the entries; returns what `complete` needs to know of them."""
        storage = DurableStorage(self.path)
        segments = []
        writer = SegmentWriter(storage)
        for batch in batches:
            writer.add(batch)
            progress(len(batch))
            if writer.is_full:
                segments.append(writer.finish())
                writer = SegmentWriter(storage)
        segments.append(writer.finish())
        return pickle.dumps([segment for segment in segments if segment is not None])


def _marked(
    view: SegmentView,
    every: Sequence[int],
    some: Sequence[int],
    masks: dict[str, np.ndarray | None],
    limit: int,
) -> np.ndarray:
    """The living, allowed documents with all marks of `every` and one of `some`; of more than
    `limit` the weightiest, then those with the shortest names."""
    ids: np.ndarray | None = None
    for mark in every:
        found = view.marked(mark)
        ids = found if ids is None else np.intersect1d(ids, found, assume_unique=True)
    if some:
        any_of = np.unique(np.concatenate([view.marked(mark) for mark in some]))
        ids = any_of if ids is None else np.intersect1d(ids, any_of, assume_unique=True)
    if ids is None:
        return np.zeros(0, np.int64)
    if view.alive is not None:
        ids = ids[view.alive[ids]]
    for mask in masks.values():
        if mask is not None:
            ids = ids[mask[ids]]
    if len(ids) > limit:
        order = np.lexsort((view.files.name_lengths[ids], -view.files.boost[ids]))
        ids = ids[order[:limit]]
    return ids


def _with_exact_titles(
    snapshot: Snapshot,
    plan: Plan,
    matched: list[loop.Matched],
    documents: list[tuple[SegmentView, int, float]],
) -> list[tuple[SegmentView, int, float]]:
    """Add what carries the asked words as its title, where its terms alone put it too far down."""
    if len(documents) < CANDIDATES or len(plan.phrases) != 1:
        return documents
    titles = [marks.of_title(phrase) for phrase in plan.phrases[0]]
    there = {(id(view), docnum) for view, docnum, _ in documents}
    more = []
    for found, masks in zip(matched, loop.masks_of(snapshot, plan.narrowed), strict=True):
        ids = _marked(found.view, (), titles, masks, CANDIDATES)
        places = np.searchsorted(found.ids, ids)
        for place, docnum in zip(places.tolist(), ids.tolist(), strict=True):
            if place < len(found.ids) and found.ids[place] == docnum:
                more.append((found.view, docnum, float(found.scores[place])))
    return documents + [row for row in more if (id(row[0]), row[1]) not in there]


Document = tuple[SegmentView, int, float]


def _ordered(documents: list[Document], plan: Plan) -> list[Document]:
    """The first by the ranking, the others as their terms have them."""
    end = max(CANDIDATES, plan.offset + plan.limit)
    # what _with_exact_titles added stands behind the end
    read = documents[:CANDIDATES] + documents[end:]
    texts = _folded(read)
    candidates = [
        # only a name for this list: keys are read of those alone that are shown
        Candidate(f"{number:06d}", score, float(view.files.boost[docnum]), text, 0)
        for number, ((view, docnum, score), text) in enumerate(zip(read, texts, strict=True))
    ]
    ordered = ranking.order(candidates, plan.phrases, nearly=plan.minimum < len(plan.groups))
    return [read[int(c.key)] for c in ordered] + documents[CANDIDATES:end]


def _folded(documents: list[Document]) -> list[bytes]:
    """Their folded texts, in the same order."""
    by_view: dict[int, tuple[SegmentView, list[int]]] = {}
    for view, docnum, _ in documents:
        by_view.setdefault(id(view), (view, []))[1].append(docnum)
    texts = {key: iter(view.texts("folded", some)) for key, (view, some) in by_view.items()}
    return [next(texts[id(view)]) for view, _, _ in documents]
