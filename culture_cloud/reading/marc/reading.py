"""Library records read: MARC 21 or CNMARC, binary or MARCXML, UTF-8 or GB18030."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pymarc import MARCReader, Record
from pymarc.marcxml import parse_xml_to_array

from culture_cloud.reading.epub.markup import parse_xml
from culture_cloud.reading.intake.findings import Findings
from culture_cloud.reading.isbn import NotAnIsbn, is_issn, normal_isbn

from .writing import LANGUAGES

MOST_RECORDS = 20_000
_LANGUAGE_TAGS = {code: tag for tag, code in LANGUAGES.items()}
_TRAILING = re.compile(r"[\s/:;,.=]+$")


class NotMarc(ValueError):
    """The file holds no library records."""


def read_records(data: bytes) -> Iterator[dict[str, Any] | None]:
    """The facts of each record; None for one that cannot be read. Raises NotMarc."""
    if data.lstrip()[:1] == b"<":
        yield from (facts_of(record) for record in _from_xml(data))
        return
    if not re.match(rb"\d{5}", data[:5]):
        raise NotMarc
    reader = MARCReader(
        io.BytesIO(data), to_unicode=True, force_utf8=_is_utf8(data), utf8_handling="replace"
    )
    for number, record in enumerate(reader):
        if number >= MOST_RECORDS:
            return
        yield facts_of(record) if record is not None else None


def _is_utf8(data: bytes) -> bool:
    try:
        data[:200_000].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 199_000
    return True


def _from_xml(data: bytes) -> list[Record]:
    """MARCXML; the document is parsed without entities first (XXE)."""
    from lxml import etree

    root = parse_xml(data, Findings())
    if root is None:
        raise NotMarc
    try:
        records = parse_xml_to_array(io.BytesIO(etree.tostring(root)))  # type: ignore[no-untyped-call]
    except Exception as error:  # the library raises many kinds for what is no record
        raise NotMarc from error
    found = [record for record in records if record is not None]
    if not found:
        raise NotMarc
    return found


def facts_of(record: Record) -> dict[str, Any] | None:
    """What a record says, as fields of a publication; None where it has no title."""
    # CNMARC keeps the title in 200, MARC 21 in 245
    facts = _from_cnmarc(record) if record.get_fields("200") else _from_marc21(record)
    return facts if facts["title"] else None


def _values(record: Record, tag: str, *codes: str) -> list[str]:
    found = []
    for field in record.get_fields(tag):
        for code in codes or ("a",):
            found += [_clean(value) for value in field.get_subfields(code) if value.strip()]
    return [text for text in found if text]


def _chinese(record: Record, tag: str, *codes: str) -> list[str]:
    """What stands in the parallel field 880 in characters, else in the field itself."""
    found = []
    for field in record.get_fields("880"):
        link = (field.get_subfields("6") or [""])[0]
        if link.startswith(tag):
            for code in codes or ("a",):
                found += [_clean(v) for v in field.get_subfields(code) if v.strip()]
    return [text for text in found if text] or _values(record, tag, *codes)


def _clean(text: str) -> str:
    return _TRAILING.sub("", re.sub(r"\s+", " ", text)).strip()


def _first(values: list[str]) -> str:
    return values[0] if values else ""


def _from_marc21(record: Record) -> dict[str, Any]:
    fixed = _first([f.data or "" for f in record.get_fields("008")])
    code = fixed[35:38] if len(fixed) >= 38 else _first(_values(record, "041"))
    year = re.search(r"\d{4}", fixed[7:11])
    authors = _chinese(record, "100") + _chinese(record, "110")
    published = _chinese(record, "264", "b") or _chinese(record, "260", "b")
    dated = _first(_chinese(record, "264", "c") or _chinese(record, "260", "c"))
    return {
        "title": _first(_chinese(record, "245", "a"))[:300],
        "subtitle": _first(_chinese(record, "245", "b"))[:300],
        "authors": authors or _chinese(record, "245", "c")[:1],
        "contributors": _chinese(record, "700"),
        "publisher": _first(published)[:200],
        "published": (dated or (year[0] if year else ""))[:40],
        "series": _first(_chinese(record, "490"))[:200],
        "summary": _first(_chinese(record, "520"))[:5000],
        "keywords": (_values(record, "653") or _chinese(record, "650"))[:20],
        "class_mark": _first(_values(record, "084"))[:40],
        "isbn": _isbn(_values(record, "020")),
        "issn": _issn(_values(record, "022")),
        "language": _LANGUAGE_TAGS.get(code, "zh"),
    }


def _from_cnmarc(record: Record) -> dict[str, Any]:
    code = _first(_values(record, "101"))
    return {
        "title": _first(_values(record, "200", "a"))[:300],
        "subtitle": _first(_values(record, "200", "e"))[:300],
        "authors": _values(record, "701") or _split(_first(_values(record, "200", "f"))),
        "contributors": _values(record, "702"),
        "publisher": _first(_values(record, "210", "c"))[:200],
        "published": _first(_values(record, "210", "d"))[:40],
        "series": _first(_values(record, "225"))[:200],
        "summary": _first(_values(record, "330"))[:5000],
        "keywords": (_values(record, "610") + _values(record, "606"))[:20],
        "class_mark": _first(_values(record, "690"))[:40],
        "isbn": _isbn(_values(record, "010")),
        "issn": _issn(_values(record, "011")),
        "language": _LANGUAGE_TAGS.get(code, "zh"),
    }


def _split(names: str) -> list[str]:
    return [
        n.strip() for n in re.split(r"[，,;；、]", re.sub(r"[著编译主]+$", "", names)) if n.strip()
    ]


def _isbn(texts: list[str]) -> str:
    for text in texts:
        found = re.match(r"[\dXx\- ]{10,17}", text)
        if found:
            try:
                return normal_isbn(found[0].strip())
            except NotAnIsbn:
                continue
    return ""


def _issn(texts: list[str]) -> str:
    return next((text[:9] for text in texts if is_issn(text[:9])), "")
