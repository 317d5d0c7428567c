"""What a segment holds: one field of terms, the marks, and the columns of its documents."""

from __future__ import annotations

from whoosh import columns, fields, formats
from whoosh.analysis import SpaceSeparatedTokenizer

from ...analysis.entries import NEVER

TEXT = "text"
MARKS_EXT = ".mrk"
"""A file beside the segment's own: uint64, mark << 32 | document, ascending."""

INDEX_NAME = "search"


def schema() -> fields.Schema:
    """Terms with their weights and no positions. Texts are analysed before they come here: a field
    value is terms parted by spaces."""
    text = fields.FieldType(
        format=formats.Frequency(), analyzer=SpaceSeparatedTokenizer(), scorable=True
    )
    return fields.Schema(**{TEXT: text})


REFERENCES = ("kind", "node_path", "category", "period", "audiences", "visibility", "language")
"""Few values, many documents: read as an array of codes."""

NUMBERS = {"starts": NEVER, "ends": NEVER, "over": NEVER}

BYTES = ("key", "names", "body", "folded", "fingerprint")

COLUMNS: dict[str, columns.Column] = {
    **{name: columns.RefBytesColumn() for name in REFERENCES},
    **{name: columns.NumericColumn("q", default=default) for name, default in NUMBERS.items()},
    "boost": columns.NumericColumn("f", default=1.0),
    **{name: columns.VarBytesColumn() for name in BYTES},
}
