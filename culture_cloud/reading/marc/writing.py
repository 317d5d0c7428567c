"""A publication as a library record: MARC 21 (for the world) and CNMARC (for China's libraries)."""

from __future__ import annotations

from pymarc import Field, Indicators, Leader, Record, Subfield
from pymarc.marcxml import record_to_xml

from culture_cloud.reading.models import Publication

LANGUAGES = {
    "zh": "chi", "en": "eng", "ar": "ara", "fr": "fre", "de": "ger", "ja": "jpn", "ko": "kor",
    "ru": "rus", "es": "spa", "bo": "tib", "ug": "uig", "mn": "mon", "ii": "iii", "za": "zha",
}  # fmt: skip


def _field(tag: str, first: str, second: str, *parts: tuple[str, str]) -> Field:
    subfields = [Subfield(code, value) for code, value in parts if value]
    return Field(tag=tag, indicators=Indicators(first, second), subfields=subfields)


def _language(tag: str) -> str:
    return LANGUAGES.get(tag.split("-", maxsplit=1)[0].lower(), "und")


def _year(publication: Publication) -> str:
    digits = publication.published[:4]
    return digits if digits.isdigit() else "    "


def marc21(publication: Publication, address: str) -> Record:
    """The record in MARC 21 Bibliographic."""
    fields = [Field(tag="001", data=str(publication.id))]
    entered = publication.created_at.strftime("%y%m%d")
    fixed = (
        f"{entered}s{_year(publication)}    cc |||||o     ||| | {_language(publication.language)}"
    )
    fields.append(Field(tag="008", data=f"{fixed} d"[:40].ljust(40)))
    if publication.isbn:
        fields.append(_field("020", " ", " ", ("a", publication.isbn)))
    if publication.issn:
        fields.append(_field("022", " ", " ", ("a", publication.issn)))
    fields.append(_field("041", "0", " ", ("a", _language(publication.language))))
    if publication.class_mark or publication.subject_code:
        mark = publication.class_mark or publication.subject_code or ""
        fields.append(_field("084", " ", " ", ("a", mark), ("2", "clc")))
    if publication.authors:
        fields.append(_field("100", "1", " ", ("a", publication.authors[0])))
    fields.append(
        _field(
            "245",
            "1" if publication.authors else "0",
            "0",
            ("a", publication.title),
            ("b", publication.subtitle),
            ("c", "，".join(publication.authors)),
        )
    )
    if publication.publisher or publication.published:
        fields.append(
            _field("264", " ", "1", ("b", publication.publisher), ("c", publication.published))
        )
    if publication.series:
        fields.append(_field("490", "0", " ", ("a", publication.series)))
    if publication.summary:
        fields.append(_field("520", " ", " ", ("a", publication.summary[:2000])))
    others = (*publication.authors[1:], *publication.contributors)
    fields += [_field("653", " ", " ", ("a", word)) for word in publication.keywords]
    fields += [_field("700", "1", " ", ("a", name)) for name in others]
    fields.append(_field("856", "4", "0", ("u", address)))
    return _record(publication, fields)


def cnmarc(publication: Publication, address: str) -> Record:
    """The record in CNMARC (WH/T 0503, the Chinese UNIMARC)."""
    fields = [Field(tag="001", data=str(publication.id))]
    if publication.isbn:
        fields.append(_field("010", " ", " ", ("a", publication.isbn)))
    if publication.issn:
        fields.append(_field("011", " ", " ", ("a", publication.issn)))
    entered = publication.created_at.strftime("%Y%m%d")
    general = f"{entered}d{_year(publication)}    em y0chiy50      ea"
    fields.append(_field("100", " ", " ", ("a", general)))
    fields.append(_field("101", "0", " ", ("a", _language(publication.language))))
    fields.append(
        _field(
            "200",
            "1",
            " ",
            ("a", publication.title),
            ("e", publication.subtitle),
            ("f", "，".join(publication.authors)),
            ("g", "，".join(publication.contributors)),
        )
    )
    if publication.publisher or publication.published:
        fields.append(
            _field("210", " ", " ", ("c", publication.publisher), ("d", publication.published))
        )
    if publication.series:
        fields.append(_field("225", "2", " ", ("a", publication.series)))
    if publication.summary:
        fields.append(_field("330", " ", " ", ("a", publication.summary[:2000])))
    fields += [_field("610", "0", " ", ("a", word)) for word in publication.keywords]
    mark = publication.class_mark or publication.subject_code
    if mark:
        fields.append(_field("690", " ", " ", ("a", mark), ("v", "5")))
    for number, name in enumerate(publication.authors):
        fields.append(_field("701", " ", "0", ("a", name), ("4", "著" if not number else "")))
    fields += [_field("702", " ", "0", ("a", name)) for name in publication.contributors]
    fields.append(_field("856", "4", "0", ("u", address)))
    return _record(publication, fields)


def _record(publication: Publication, fields: list[Field]) -> Record:
    record = Record(force_utf8=True)
    kind = {"audio": "i", "video": "g"}.get(publication.form, "a")
    record.leader = Leader(f"00000n{kind}m a2200000 i 4500")
    record.add_field(*fields)  # type: ignore[no-untyped-call]
    return record


def as_xml(record: Record) -> bytes:
    body = record_to_xml(record, namespace=True)  # type: ignore[no-untyped-call]
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + bytes(body)
