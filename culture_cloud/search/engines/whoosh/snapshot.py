"""An index as it is at one commit, for reading: segments as arrays.

Segments never change, so what was read of one stays good for every later commit that still has it;
only what is deleted in it may be more. A snapshot is shared by all threads of a process.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.util.numeric import byte_to_length

from ...analysis.marks import of_document
from ..bm25 import K1, B, idf
from .codec import FlatCodec, FlatTermsReader, Ids, Weights
from .schema import BYTES, COLUMNS, MARKS_EXT, NUMBERS, REFERENCES, TEXT
from .storage import DurableStorage

LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float32)


class Marks:
    """The marks of a segment: numbers in order, of which every STEP-th is kept in memory."""

    STEP = 256

    def __init__(self, storage: DurableStorage, segment: Any) -> None:
        name = segment.make_filename(MARKS_EXT)
        self.file = storage.open_file(name)
        self.count = storage.file_length(name) // 8
        self.every = self.all()[:: self.STEP].copy()

    def all(self) -> NDArray[np.uint64]:
        found: NDArray[np.uint64] = self.file.array("<u8", 0, self.count)
        return found

    def of(self, mark: int) -> NDArray[np.int64]:
        """The documents of a mark, ascending."""
        low, high = np.uint64(mark << 32), np.uint64(mark << 32 | 0xFFFFFFFF)
        first = max(0, int(np.searchsorted(self.every, low, "left")) - 1) * self.STEP
        end = min(self.count, int(np.searchsorted(self.every, high, "right")) * self.STEP)
        near = self.file.array("<u8", first, end - first)
        found = near[np.searchsorted(near, low) : np.searchsorted(near, high, "right")]
        documents: NDArray[np.int64] = (found & np.uint64(0xFFFFFFFF)).astype(np.int64)
        return documents


class Texts:
    """A column of texts, read for many documents at once: a third of what Whoosh's own reader
    takes for each."""

    def __init__(self, column: Any) -> None:
        self.file = column._dbfile  # noqa: SLF001
        self.base: int = column._basepos  # noqa: SLF001
        self.offsets, self.lengths = column._offsets, column._lengths  # noqa: SLF001

    def of(self, docnums: list[int]) -> list[bytes]:
        """Raises EOFError where the file was cut."""
        number, base, pread = self.file.handle.number, self.base, os.pread
        offsets, lengths = self.offsets, self.lengths
        found = [pread(number, lengths[n], base + offsets[n]) for n in docnums]
        if any(len(text) != lengths[n] for text, n in zip(found, docnums, strict=True)):
            raise EOFError("a column of texts is cut")
        return found


class SegmentFiles:
    """What a segment's files say; the same for every snapshot that has it."""

    def __init__(self, storage: DurableStorage, segment: Any) -> None:
        self.storage = storage
        self.segment = segment
        self.count: int = segment.doc_count_all()
        self.documents = FlatCodec().per_document_reader(storage, segment)
        self.terms: FlatTermsReader = FlatCodec().terms_reader(storage, segment)
        self.marks = Marks(storage, segment)
        self.length_bytes = self._numbers("_text_len", "u1", LENGTHS_COLUMN)
        self.lengths = LENGTHS[self.length_bytes]
        self.references = {name: self._references(name) for name in REFERENCES}
        self.numbers = {name: self._numbers(name, ">i8", COLUMNS[name]) for name in NUMBERS}
        self.boost = self._numbers("boost", ">f4", COLUMNS["boost"])
        self.bytes = {name: self.documents.column_reader(name, COLUMNS[name]) for name in BYTES}
        #: how long the names of each document are, in bytes of UTF-8
        self.name_lengths = np.asarray(self.bytes["names"]._lengths, np.int64)  # noqa: SLF001
        #: what many documents are asked for at once is read past Whoosh's columns
        self.many = {name: Texts(self.bytes[name]) for name in ("key", "names", "folded")}

    def _numbers(self, name: str, form: str, column: Any) -> NDArray[Any]:
        """A numeric column; the documents behind its last value have the default."""
        default = column.default_value()
        if not self.documents.has_column(name):
            return np.full(self.count, default, np.dtype(form).newbyteorder("="))
        file, _, _ = self.documents._get_column_file(name)  # noqa: SLF001
        there = np.frombuffer(file.whole(), form)
        file.close()
        values = np.full(self.count, default, np.dtype(form).newbyteorder("="))
        values[: len(there)] = there
        return values

    def _references(self, name: str) -> tuple[NDArray[np.uint16], list[str]]:
        """A column of few values: the code of each document, and the values by code."""
        reader = self.documents.column_reader(name, COLUMNS[name])
        file = reader._dbfile  # noqa: SLF001
        form = "u1" if reader._itemsize == 1 else ">u2"  # noqa: SLF001
        codes = file.array(form, 0, self.count).astype(np.uint16)
        file.close()
        values = [bytes(value).decode("utf-8") for value in reader._uniques]  # noqa: SLF001
        return codes, values


class SegmentView:
    """A segment in one snapshot: its files, and what of it is deleted."""

    def __init__(self, files: SegmentFiles, segment: Any) -> None:
        self.files = files
        self.segment = segment
        self.count = files.count
        self.terms = files.terms
        self.lengths = files.lengths
        self.deleted = frozenset(segment.deleted_docs())
        self.alive: NDArray[np.bool_] | None = None
        if self.deleted:
            self.alive = np.ones(self.count, bool)
            self.alive[list(self.deleted)] = False
        #: the part of BM25 that depends on a document's length alone; Snapshot sets it
        self.norm: NDArray[np.float32] = np.zeros(0, np.float32)

    def postings(self, term: str) -> tuple[Ids, Weights] | None:
        return self.terms.arrays(TEXT, term.encode())

    def marked(self, mark: int) -> NDArray[np.int64]:
        """The documents that carry a mark, deleted ones too, ascending."""
        return self.files.marks.of(mark)

    def codes(self, name: str) -> NDArray[np.uint16]:
        return self.files.references[name][0]

    def values(self, name: str) -> list[str]:
        return self.files.references[name][1]

    def text(self, name: str, docnum: int) -> bytes:
        return self.files.bytes[name][docnum]  # type: ignore[no-any-return]

    def texts(self, name: str, docnums: list[int]) -> list[bytes]:
        """Of "key", "names" or "folded"."""
        return self.files.many[name].of(docnums)

    def key(self, docnum: int) -> str:
        return self.text("key", docnum).decode()

    def living(self) -> NDArray[np.int64]:
        return np.arange(self.count) if self.alive is None else np.flatnonzero(self.alive)

    def row(self, docnum: int) -> dict[str, Any]:
        """All columns of a document, as a writer takes them."""
        row: dict[str, Any] = {}
        for name in REFERENCES:
            codes, values = self.files.references[name]
            row[name] = values[codes[docnum]].encode()
        for name in NUMBERS:
            row[name] = int(self.files.numbers[name][docnum])
        row["boost"] = float(self.files.boost[docnum])
        for name in BYTES:
            row[name] = self.text(name, docnum)
        return row

    def find(self, key: str, mark: int) -> int | None:
        """The number of a living document by its key."""
        numbers: list[int] = self.marked(mark).tolist()
        for docnum in numbers:
            if docnum not in self.deleted and self.key(docnum) == key:
                return docnum
        return None


class Snapshot:
    """All segments of one commit, with the statistics of the whole that scoring needs."""

    MOST_MASKS = 64
    MOST_PLACES = 2_000

    def __init__(self, views: list[SegmentView], generation: int) -> None:
        self.views = views
        self.generation = generation
        # as Whoosh counts: deleted documents weigh until their segment is merged
        self.count_all = sum(view.count for view in views)
        self.count = self.count_all - sum(len(view.deleted) for view in views)
        total = sum(
            view.segment._fieldlengths.get(TEXT, 0)  # noqa: SLF001
            for view in views
        )
        self.average_length = (total / self.count_all) if self.count_all else 1.0
        for view in views:
            view.norm = (K1 * ((1 - B) + B / self.average_length * view.lengths)).astype(np.float32)
        self._masks: OrderedDict[Any, list[Any]] = OrderedDict()
        self._lock = Lock()
        self._places: dict[str, tuple[SegmentView, int]] = {}

    def idf(self, counts: int) -> float:
        return idf(self.count_all, counts)

    def remember(self, key: str, view: SegmentView, docnum: int) -> None:
        """Where a document that was just found lies: its body is asked for next."""
        if len(self._places) >= self.MOST_PLACES:
            self._places.clear()
        self._places[key] = (view, docnum)

    def place_of(self, key: str) -> tuple[SegmentView, int] | None:
        """Where the living document of a key lies."""
        place = self._places.get(key)
        if place is None:
            mark = of_document(key)
            for view in self.views:
                docnum = view.find(key, mark)
                if docnum is not None:
                    return view, docnum
        return place

    def kept(self, what: Any, make: Any) -> list[Any]:
        """What was computed of this snapshot once (masks of a narrowing), by its question."""
        found = self._masks.get(what)
        if found is None:
            found = make()
            with self._lock:
                self._masks[what] = found
                while len(self._masks) > self.MOST_MASKS:
                    self._masks.popitem(last=False)
        return found

    @cached_property
    def documents(self) -> dict[str, str]:
        """Key → fingerprint of all living documents."""
        return {
            view.key(docnum): view.text("fingerprint", docnum).decode()
            for view in self.views
            for docnum in view.living().tolist()
        }
