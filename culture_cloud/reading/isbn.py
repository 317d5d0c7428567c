"""ISBN (ISO 2108) and ISSN (ISO 3297): read, checked, written one way."""

from __future__ import annotations

import re


class NotAnIsbn(ValueError):
    """It has the wrong length, or its check digit does not fit."""


def normal_isbn(text: str) -> str:
    """Thirteen digits for whatever way an ISBN is written; ten-digit ones are lengthened.

    Raises NotAnIsbn.
    """
    digits = re.sub(r"[\s\-‐–—]", "", text.upper().removeprefix("ISBN").lstrip(":："))
    if re.fullmatch(r"\d{13}", digits) and digits.startswith(("978", "979")):
        if check_digit_13(digits[:12]) != digits[12]:
            raise NotAnIsbn(text)
        return digits
    if re.fullmatch(r"\d{9}[\dX]", digits):
        total = sum((10 - i) * int(d) for i, d in enumerate(digits[:9]))
        if "0123456789X"[-total % 11] != digits[9]:
            raise NotAnIsbn(text)
        return lengthened(digits)
    raise NotAnIsbn(text)


def lengthened(ten: str) -> str:
    body = "978" + ten[:9]
    return body + check_digit_13(body)


def check_digit_13(twelve: str) -> str:
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(twelve))
    return str(-total % 10)


def find_isbn(texts: list[str]) -> str:
    """The first ISBN among identifiers such as "urn:isbn:978…"; empty where there is none."""
    for text in texts:
        found = re.search(r"(97[89][\d\- ]{10,16}|\b\d[\d\- ]{8,12}[\dXx]\b)", text)
        if found:
            try:
                return normal_isbn(found[1])
            except NotAnIsbn:
                continue
    return ""


def is_issn(text: str) -> bool:
    digits = text.upper().replace("-", "").strip()
    if not re.fullmatch(r"\d{7}[\dX]", digits):
        return False
    total = sum((8 - i) * int(d) for i, d in enumerate(digits[:7]))
    return "0123456789X"[-total % 11] == digits[7]
