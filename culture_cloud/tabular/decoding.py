"""Bytes of a text file → text, in whichever encoding an office program wrote it."""

from __future__ import annotations

import codecs

from culture_cloud.tabular.reasons import N_, FileNotReadable, Reason

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 20_000
_LEAST_PLAUSIBLE = 0.6


def decode_text(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16, GB18030 or Big5, without its byte order mark.

    Each encoding must decode the whole file; between GB18030 and Big5, which accept much of each
    other's bytes, the one that gives more everyday characters is taken. Raises FileNotReadable.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], encoding)
            if text is not None:
                return text
    # Other bytes hardly ever happen to be UTF-8; a BOM-less UTF-16 file has zero bytes.
    text = _strict(data, "utf-8")
    if text is not None and "\x00" not in text:
        return text
    others = ("utf-16-le", "utf-16-be") if b"\x00" in data else ("gb18030", "big5hkscs")
    candidates = [
        (plausibility(text), text)
        for encoding in others
        if (text := _strict(data, encoding)) is not None and "\x00" not in text
    ]
    best = max(candidates, key=lambda candidate: candidate[0], default=(0.0, ""))
    if best[0] < _LEAST_PLAUSIBLE:
        raise FileNotReadable(
            Reason(N_("The characters of this file cannot be read. Save it as .xlsx or UTF-8."))
        )
    return best[1]


def plausibility(text: str) -> float:
    """Share (0 to 1) of everyday characters among those beyond ASCII, controls counted against."""
    checked = everyday = 0
    for character in text[:_SAMPLE]:
        if character >= "\x80" or (character < " " and character not in "\t\r\n"):
            checked += 1
            everyday += _is_everyday(character)
    return everyday / checked if checked else 1.0


def _is_everyday(character: str) -> bool:
    """Whether it is punctuation of a Chinese text, or a hanzi of the first level of GB 2312
    (3,755 by use) or of Big5 (5,401 by use)."""
    code = ord(character)
    if 0x3000 <= code <= 0x30FF or 0xFF00 <= code <= 0xFF5E or 0x2010 <= code <= 0x2026:
        return True
    if code < 0x2000:
        return 0xA0 <= code < 0x250
    return (
        b"\xb0" <= _first_byte(character, "gb2312") <= b"\xd7"
        or b"\xa4" <= _first_byte(character, "big5") <= b"\xc6"
    )


def _first_byte(character: str, encoding: str) -> bytes:
    return character.encode(encoding, errors="ignore")[:1]


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
