"""Writing one segment: documents in, files on disk out; and reading segments back to merge them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from whoosh.util.numeric import length_to_byte

from ...analysis.entries import Entry
from ...analysis.folding import FIRST_CJK
from .codec import FlatCodec
from .inversion import (
    MOST_DOCUMENTS,
    Numbers,
    Words,
    code_of_term,
    inverted,
    lengths_of,
    numbers_from,
    numbers_of,
)
from .schema import BYTES, COLUMNS, INDEX_NAME, MARKS_EXT, NUMBERS, REFERENCES, TEXT, schema
from .snapshot import SegmentView
from .storage import DurableStorage

MOST_POSTINGS = 16_000_000
"""A segment is closed when it holds this many: about 300 MB of memory while it is written."""


class SegmentWriter:
    """Collects documents and their postings; `finish` writes them and returns Whoosh's segment."""

    def __init__(self, storage: DurableStorage) -> None:
        self.storage = storage
        self.codec = FlatCodec()
        self.segment = self.codec.new_segment(storage, INDEX_NAME)
        self.documents = self.codec.per_document_writer(storage, self.segment)
        self.field = schema()[TEXT]
        self.count = 0
        self.postings = 0
        self.parts: list[Numbers] = []
        self.words = Words()
        self.marks: list[Numbers] = []
        self.length_bytes = bytearray()

    @property
    def is_full(self) -> bool:
        return self.postings >= MOST_POSTINGS or self.count >= MOST_DOCUMENTS - 50_000

    def add(self, entries: Sequence[Entry]) -> None:
        """Take documents in. Texts are inverted in bulk, so many at once cost less."""
        first = self.count
        for part in numbers_of(entries, first):
            self.parts.append(part)
            self.postings += len(part)
        for entry, length in zip(entries, lengths_of(entries), strict=True):
            self.words.add(self.count, entry.zones)
            marks = np.array(entry.marks, np.uint64)
            self.marks.append(marks << np.uint64(32) | np.uint64(self.count))
            self._put(length, _row(entry))

    def _put(self, length: int, row: dict[str, Any]) -> None:
        documents = self.documents
        documents.start_doc(self.count)
        documents.add_field(TEXT, self.field, None, length)
        for name, value in row.items():
            documents.add_column_value(name, COLUMNS[name], value)
        documents.finish_doc()
        self.length_bytes.append(length_to_byte(length))
        self.count += 1

    def take_over(self, view: SegmentView) -> None:
        """Copy the living documents of a segment that was written before."""
        living = view.living()
        gone = view.segment._deleted  # noqa: SLF001
        if gone:
            living = living[~np.isin(living, list(gone))]
        renumbered = np.full(view.count, -1, np.int64)
        renumbered[living] = np.arange(self.count, self.count + len(living))
        for docnum in living.tolist():
            self._put(int(view.lengths[docnum]), view.row(docnum))
        self._take_postings(view, renumbered)
        numbers = view.files.marks.all()
        marks, of = numbers >> np.uint64(32), numbers & np.uint64(0xFFFFFFFF)
        new = renumbered[of.astype(np.int64)]
        self.marks.append(marks[new >= 0] << np.uint64(32) | new[new >= 0].astype(np.uint64))

    def _take_postings(self, view: SegmentView, renumbered: Any) -> None:
        codes: list[int] = []
        counts: list[int] = []
        first_chinese = None
        for term, start, count in view.terms.field_terms(TEXT):
            text = term.decode()
            if ord(text[0]) < FIRST_CJK:
                ids, weights = view.terms.slice(start, count)
                for docnum, weight in zip(renumbered[ids].tolist(), weights.tolist(), strict=True):
                    if docnum >= 0:
                        self.words.put(text, docnum, weight)
                continue
            if first_chinese is None:
                first_chinese = start
            codes.append(code_of_term(text))
            counts.append(count)
        if first_chinese is None:
            return
        # Chinese terms stand last and without gaps
        ids, weights = view.terms.slice(first_chinese, sum(counts))
        ids = renumbered[ids]
        kept = ids >= 0
        of_term = np.repeat(np.array(codes, np.uint64), counts)
        numbers = numbers_from(of_term[kept], ids[kept], weights[kept])
        self.parts.append(numbers)
        self.postings += len(numbers)

    def finish(self) -> Any:
        """Write what was collected; None where that is nothing."""
        if not self.count:
            self.abandon()
            return None
        self.documents.close()
        self.segment.set_doc_count(self.count)
        made = inverted(self.parts, self.words)
        writer = self.codec.field_writer(self.storage, self.segment)
        writer.start_field(TEXT, self.field)
        length_bytes = np.frombuffer(bytes(self.length_bytes), np.uint8)
        writer.add_terms(made.terms, made.starts, made.ids, made.weights, length_bytes)
        writer.finish_field()
        writer.close()
        marks = np.unique(np.concatenate(self.marks))
        file = self.segment.create_file(self.storage, MARKS_EXT)
        file.write(marks.astype("<u8").tobytes())
        file.close()
        self.parts, self.marks = [], []
        write_sums(self.storage, self.segment)
        self.storage.tidy()
        return self.segment

    def abandon(self) -> None:
        try:
            self.documents.close()
        except OSError:
            # a full disk: Whoosh's file for columns on their way is still open
            self.documents._cols._temp.file.close()  # noqa: SLF001
        for name in self.storage.files_of(self.segment.segment_id()):
            self.storage.delete_file(name)


def _row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in (*REFERENCES, *BYTES):
        row[name] = getattr(entry, name).encode("utf-8")
    for name in NUMBERS:
        row[name] = getattr(entry, name)
    row["boost"] = entry.boost
    return row


# --- damage --------------------------------------------------------------------------------------

SUMS_EXT = ".sum"


def write_sums(storage: DurableStorage, segment: Any) -> None:
    """Note the size and checksum of every file of a segment beside it."""
    sums = {
        name: [storage.file_length(name), storage.checksum(name)]
        for name in storage.files_of(segment.segment_id())
    }
    file = segment.create_file(storage, SUMS_EXT)
    file.write(json.dumps(sums).encode())
    file.close()


def check_sums(storage: DurableStorage, segment: Any, *, whole: bool) -> None:
    """Raise EOFError where a file is missing, cut or (`whole`: every byte is read) changed."""
    sums = json.loads(storage.whole(segment.make_filename(SUMS_EXT)))
    for name, (size, checksum) in sums.items():
        if not storage.file_exists(name) or storage.file_length(name) != size:
            raise EOFError(f"{name} is missing or cut")
        if whole and storage.checksum(name) != checksum:
            raise EOFError(f"{name} is not as it was written")
