"""One index folder: opening it as a snapshot, and committing changes to it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from whoosh.index import TOC, FileIndex, clean_files

from ...analysis.entries import Entry
from ...analysis.marks import of_document
from .. import base
from .schema import INDEX_NAME, schema
from .segments import SegmentWriter, check_sums
from .snapshot import SegmentFiles, SegmentView, Snapshot
from .storage import DurableStorage, write_durably

log = logging.getLogger(__name__)

TIER = 8
"""Segments of about the same size are merged when there are this many of them."""

MOSTLY_DELETED = 0.4
"""A segment of which more than this share is deleted is written anew."""

VERSION_FILE = "version"


class IndexFolder:
    """One generation. Snapshots are shared; a commit makes a new one be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.storage = DurableStorage(path)
        self._files: dict[str, SegmentFiles] = {}
        self._snapshot: Snapshot | None = None
        self._seen = -1
        self._lock = Lock()

    # --- reading ---------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The newest commit. Raises whatever a damaged file raises."""
        changed = os.stat(self.path).st_mtime_ns  # noqa: PTH116 (asked twice a search)
        current = self._snapshot
        if current is not None and self._seen == changed:
            return current
        with self._lock:
            opened = self._open()
            self._seen = changed
            return opened

    def _open(self) -> Snapshot:
        for attempt in range(5):
            try:
                toc = TOC.read(self.storage, INDEX_NAME)
                current = self._snapshot
                if current is not None and current.generation == toc.generation:
                    return current
                views = [self._view(segment) for segment in toc.segments]
            except FileNotFoundError:
                # a commit has removed what we were about to open: there is a newer one
                if attempt == 4:
                    raise
                continue
            names = {segment.segment_id() for segment in toc.segments}
            self._files = {k: v for k, v in self._files.items() if k in names}
            self._snapshot = Snapshot(views, toc.generation)
            return self._snapshot
        raise FileNotFoundError(self.path)

    def _view(self, segment: Any) -> SegmentView:
        name = segment.segment_id()
        if name not in self._files:
            check_sums(self.storage, segment, whole=False)
            self._files[name] = SegmentFiles(self.storage, segment)
        return SegmentView(self._files[name], segment)

    def whoosh(self) -> FileIndex:
        """The folder as Whoosh itself opens it."""
        return FileIndex(self.storage, indexname=INDEX_NAME)

    def version(self) -> str:
        """The analysis that it was built with."""
        try:
            return (self.path / VERSION_FILE).read_text("utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return ""

    # --- writing (by one process, which holds the writer lock) ------------------------------------

    def create(self, segments: Sequence[Any], version: str) -> None:
        """Begin an index with segments that are written already."""
        TOC(schema(), list(segments), 1).write(self.storage, INDEX_NAME)
        write_durably(self.path / VERSION_FILE, version)

    def commit(self, entries: Sequence[Entry], gone: Iterable[str]) -> None:
        """Take documents in, out, or in place of what has their key."""
        snapshot = self.snapshot()
        segments = [view.segment for view in snapshot.views]
        # the last of several states of one document counts
        entries = list({entry.key: entry for entry in entries}.values())
        changed = self._delete(snapshot, {*gone, *(entry.key for entry in entries)})
        if not entries and not changed:
            return
        writer = SegmentWriter(self.storage)
        try:
            writer.add(entries)
            for view in to_merge(snapshot.views, len(entries)):
                writer.take_over(view)
                segments.remove(view.segment)
            made = writer.finish()
            if made is not None:
                segments.append(made)
            generation = snapshot.generation + 1
            TOC(schema(), segments, generation).write(self.storage, INDEX_NAME)
        except BaseException:
            self._forget(writer)
            raise
        clean_files(self.storage, INDEX_NAME, generation, segments)

    def _delete(self, snapshot: Snapshot, keys: set[str]) -> bool:
        """Mark the documents of these keys deleted. The segments of the snapshot's own views stay
        as they are: what readers see does not change before the commit."""
        changed = False
        for view in snapshot.views:
            numbers = [view.find(key, of_document(key)) for key in keys]
            here = [number for number in numbers if number is not None]
            if here:
                changed = True
                view.segment._deleted = set(view.deleted) | set(here)  # noqa: SLF001
        return changed

    def _forget(self, writer: SegmentWriter) -> None:
        """What was half written goes; the next snapshot is read from the disk again."""
        self._snapshot = None
        try:
            writer.abandon()
        except OSError:
            log.warning("half a segment is left and goes with the next commit")


def to_merge(views: Sequence[SegmentView], added: int) -> list[SegmentView]:
    """Which segments are written anew together with what is added.

    Sizes fall into tiers of eight times; when a tier is full, all of it and all below becomes one
    segment. So a document is copied once for each tier, and a query meets few segments.
    """
    tiers: dict[int, list[SegmentView]] = {}
    for view in views:
        tiers.setdefault(_tier(view.count), []).append(view)
    tiers.setdefault(_tier(added), [])
    full = [tier for tier, inside in tiers.items() if len(inside) + (tier == _tier(added)) >= TIER]
    limit = max(full, default=-1)
    return [
        view
        for view in views
        if _tier(view.count) <= limit
        or len(view.segment._deleted or ()) > MOSTLY_DELETED * view.count  # noqa: SLF001
    ]


def _tier(count: int) -> int:
    tier = 0
    while count >= 64:
        count //= TIER
        tier += 1
    return tier


def standing(folder: IndexFolder) -> base.Standing:
    """Read every byte of it. Raises EOFError where one is missing or not as it was written."""
    snapshot = folder.snapshot()
    for view in snapshot.views:
        check_sums(folder.storage, view.segment, whole=True)
    return base.Standing(
        documents=snapshot.count,
        built_at=None,
        version=folder.version(),
        segments=len(snapshot.views),
    )
