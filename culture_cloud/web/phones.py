"""Phone numbers as people type them (ST-18)."""

from __future__ import annotations

import re
import unicodedata

_IGNORED = re.compile(r"[\s\-‐‑–—－_.．·()（）]+")
_PLAUSIBLE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|\+\d{7,15}")


class NotAPhone(ValueError):
    """The text is not a phone number that can be called."""


def normal_phone(text: str) -> str:
    """Digits of a mobile (11), a landline with or without area code, or +foreign.

    Full-width digits, spaces, hyphens, brackets and a leading +86 are understood. Raises NotAPhone.
    """
    digits = _IGNORED.sub("", unicodedata.normalize("NFKC", text))
    for prefix in ("+86", "0086"):
        digits = digits.removeprefix(prefix)
    if re.fullmatch(r"86\d{11}", digits):
        digits = digits[2:]
    if not _PLAUSIBLE.fullmatch(digits):
        raise NotAPhone(text)
    return digits


def is_mobile(phone: str) -> bool:
    """Whether a text message can reach the number (in its normal form): no landline can be sent
    one, and a foreign number may be one."""
    return bool(re.fullmatch(r"1[3-9]\d{9}|\+\d+", phone))


def masked_phone(phone: str) -> str:
    """138****0000: enough to recognise, too little to call."""
    if len(phone) < 7:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def spaced_phone(phone: str) -> str:
    """As it is read aloud: 138 0000 0000, 0877 5550 101."""
    if len(phone) == 11 and phone.startswith("1"):
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    return phone
