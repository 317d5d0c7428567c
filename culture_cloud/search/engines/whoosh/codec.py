"""A codec for Whoosh that keeps the postings of a segment as two flat arrays.

Whoosh's third codec pickles and compresses postings in blocks of 128 and unpacks them one by one
in Python. Here the document numbers of all terms of a segment stand in one file (uint32) and their
weights in another (one byte each), term after term in the order of terms; the directory of terms,
which stays Whoosh's, says for each where it begins and how many it has. Writing them is two array
writes, and reading a term is reading two slices. Positions are not kept: a phrase is looked for in
the text of its candidates.

Weights are whole numbers from 1 to 255; `FlatPostings.append` refuses others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import (
    W3Codec,
    W3FieldWriter,
    W3TermInfo,
    W3TermsReader,
)
from whoosh.matching import ListMatcher
from whoosh.system import pack_int, pack_long, pack_ushort
from whoosh.util.numeric import length_to_byte

Ids = NDArray[np.uint32]
Weights = NDArray[np.uint8]

IDS_EXT = ".ids"
WEIGHTS_EXT = ".wts"

#: W3TermInfo's layout, then what its extent is: where the term begins and how many it has
TERM_ROW = np.dtype(
    [
        ("inlined", ">u1"),
        ("weight", ">f4"),
        ("df", ">u4"),
        ("min_length", ">u1"),
        ("max_length", ">u1"),
        ("max_weight", ">f4"),
        ("min_id", ">u4"),
        ("max_id", ">u4"),
        ("start", ">u8"),
        ("count", ">i4"),
    ]
)
assert TERM_ROW.itemsize == W3TermInfo._struct.size + len(pack_long(0)) + len(pack_int(0))  # noqa: S101, SLF001


class FlatCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's third codec with flat postings."""

    def field_writer(self, storage: Any, segment: Any) -> FlatFieldWriter:
        return FlatFieldWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> FlatTermsReader:
        name = segment.make_filename(self.TERMS_EXT)
        return FlatTermsReader(
            self, storage.open_file(name), storage.file_length(name), (storage, segment)
        )

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        raise NotImplementedError("postings are written by FlatFieldWriter")

    def postings_reader(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("postings are read by FlatTermsReader")


class FlatPostings:
    """The two files while they are written."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self.ids = segment.create_file(storage, IDS_EXT)
        self.weights = segment.create_file(storage, WEIGHTS_EXT)
        self.count = 0

    def append(self, ids: Ids, weights: Weights | list[float]) -> int:
        """Write postings behind those that are there; returns where they begin."""
        given = np.asarray(weights)
        bytes_ = given.astype(np.uint8)
        if not np.array_equal(bytes_, given) or (bytes_ == 0).any():
            raise ValueError("weights must be whole numbers from 1 to 255")
        start = self.count
        self.ids.write(np.asarray(ids, dtype="<u4").tobytes())
        self.weights.write(bytes_.tobytes())
        self.count += len(bytes_)
        return start

    def close(self) -> None:
        self.ids.close()
        self.weights.close()


class FlatFieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes terms one by one as Whoosh's own writer asks, or a whole field at once."""

    def __init__(self, codec: FlatCodec, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        self._postfile.close()
        storage.delete_file(segment.make_filename(W3Codec.POSTS_EXT))
        self._flat = FlatPostings(storage, segment)

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        fields = self._fieldmap
        self._fieldid = fields.setdefault(fieldname, len(fields))
        self._fieldname, self._fieldobj, self._infield = fieldname, fieldobj, True

    def start_term(self, btext: bytes) -> None:
        self._btext = btext
        self._pending: list[tuple[int, float, int]] = []

    def add(self, docnum: int, weight: float, _vbytes: bytes, length: int) -> None:
        self._pending.append((docnum, weight, length))

    def finish_term(self) -> None:
        ids, weights, lengths = (list(column) for column in zip(*self._pending, strict=True))
        start = self._flat.append(np.array(ids, np.uint32), weights)
        row = np.zeros(1, TERM_ROW)
        row["weight"], row["df"], row["count"] = sum(weights), len(ids), len(ids)
        row["min_length"] = length_to_byte(min(lengths))
        row["max_length"] = length_to_byte(max(lengths))
        row["max_weight"], row["min_id"], row["max_id"] = max(weights), ids[0], ids[-1]
        row["start"] = start
        self._tindex.add(pack_ushort(self._fieldid) + self._btext, row.tobytes())

    def add_terms(
        self,
        terms: list[bytes],
        starts: NDArray[np.int64],
        ids: Ids,
        weights: Weights,
        length_bytes: NDArray[np.uint8],
    ) -> None:
        """Write a field whole: `terms` in order, `starts` where each one's postings begin in `ids`
        and `weights`, `length_bytes` the coded length of every document."""
        if not terms:
            return
        counts = np.diff(np.append(starts, len(ids)))
        lengths = length_bytes[ids]
        rows = np.zeros(len(terms), TERM_ROW)
        rows["weight"] = np.add.reduceat(weights.astype(np.float32), starts)
        rows["df"] = rows["count"] = counts
        rows["min_length"] = np.minimum.reduceat(lengths, starts)
        rows["max_length"] = np.maximum.reduceat(lengths, starts)
        rows["max_weight"] = np.maximum.reduceat(weights, starts)
        rows["min_id"], rows["max_id"] = ids[starts], ids[starts + counts - 1]
        rows["start"] = self._flat.append(ids, weights) + starts
        packed, size = rows.tobytes(), TERM_ROW.itemsize
        prefix, add = pack_ushort(self._fieldid), self._tindex.add
        for number, term in enumerate(terms):
            add(prefix + term, packed[number * size : (number + 1) * size])

    def finish_field(self) -> None:
        self._infield = False

    def close(self) -> None:
        self._tindex.close()
        self._flat.close()
        self.is_closed = True


class FlatTermsReader(W3TermsReader):  # type: ignore[misc]
    """Reads terms for Whoosh's own query types, and as arrays for the query loop."""

    def __init__(self, codec: FlatCodec, file: Any, length: int, home: tuple[Any, Any]) -> None:
        storage, segment = home
        super().__init__(codec, file, length, None)
        self.ids_file = storage.open_file(segment.make_filename(IDS_EXT))
        self.weights_file = storage.open_file(segment.make_filename(WEIGHTS_EXT))
        self._places: dict[tuple[str, bytes], tuple[int, int] | None] = {}

    MOST_PLACES = 20_000
    """Terms whose place is remembered; looking one up reads the directory three times."""

    def arrays(self, fieldname: str, term: bytes) -> tuple[Ids, Weights] | None:
        """The documents that hold the term, ascending, and its weight in each."""
        try:
            place = self._places[fieldname, term]
        except KeyError:
            place = self._place(fieldname, term)
            if len(self._places) >= self.MOST_PLACES:
                self._places.clear()
            self._places[fieldname, term] = place
        return None if place is None else self.slice(*place)

    def _place(self, fieldname: str, term: bytes) -> tuple[int, int] | None:
        """Where the term's postings begin, and how many it has."""
        row = self._tindex.get(self._keycoder(fieldname, term))
        if row is None:
            return None
        return int.from_bytes(row[-12:-4], "big"), int.from_bytes(row[-4:], "big")

    def slice(self, start: int, count: int) -> tuple[Ids, Weights]:
        """`count` postings from the `start`th of the segment on."""
        return (
            self.ids_file.array("<u4", start, count),
            self.weights_file.array("u1", start, count),
        )

    def field_terms(self, fieldname: str) -> list[tuple[bytes, int, int]]:
        """Every term of a field in order: (term, where it begins, how many it has)."""
        prefix = self._keycoder(fieldname, b"")
        return [
            (key[2:], int.from_bytes(row[-12:-4], "big"), int.from_bytes(row[-4:], "big"))
            for key, row in self._tindex.items()
            if key[:2] == prefix
        ]

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> Any:
        info = self.term_info(fieldname, tbytes)
        found = self.arrays(fieldname, tbytes)
        if found is None:
            raise KeyError(tbytes)
        ids, weights = found
        return ListMatcher(
            ids.tolist(),
            weights.astype(float).tolist(),
            format=format_,
            scorer=scorer,
            term=(fieldname, tbytes),
            terminfo=info,
        )

    def close(self) -> None:
        self._tindex.close()
