"""What people sign in with: a phone number or an e-mail address, as they type it (ST-18)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from culture_cloud.web.phones import NotAPhone, normal_phone

_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]+")
MOST_CHARACTERS = 254


class NotALogin(ValueError):
    """The text is neither a phone number nor an e-mail address."""


@dataclass(frozen=True, slots=True)
class Login:
    """A phone number or an e-mail address in its normal form; exactly one is given."""

    phone: str | None = None
    email: str | None = None

    @property
    def text(self) -> str:
        return self.phone or self.email or ""


def read_login(text: str) -> Login:
    """Read what was typed. Raises NotALogin."""
    if "@" in unicodedata.normalize("NFKC", text):
        return Login(email=normal_email(text))
    try:
        return Login(phone=normal_phone(text))
    except NotAPhone:
        raise NotALogin(text) from None


def normal_email(text: str) -> str:
    """The address without blanks around, in lower case. Raises NotALogin."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if len(plain) > MOST_CHARACTERS or not _EMAIL.fullmatch(plain) or not plain.isprintable():
        raise NotALogin(text)
    return plain
