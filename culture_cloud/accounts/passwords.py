"""Passwords: argon2id, at most a few at once, rehashed when the cost changes."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 8
MOST_LENGTH = 128

# OWASP's minimum for argon2id: 19 MiB, 2 passes; about 33 ms of one core
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(4)
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$b9dYzrfnoGoNJuhXjMkJiQ$uQ/zQw"
    "K3rD2JsYvSIPJeBJ1AH8EYqvbEDHJyhMVHchw"
)


def hashed(password: str) -> str:
    with _at_once:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long where there is no such account."""
    with _at_once:
        try:
            return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)
