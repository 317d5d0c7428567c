"""Random tokens and codes, and what the database keeps of them."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """256 random bits that fit into an address or a cookie."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six digits that can be read aloud."""
    return f"{secrets.randbelow(1_000_000):06d}"


def token_hash(token: str) -> str:
    """What the database keeps of a random token: enough to know it again, useless to a thief."""
    return hashlib.sha256(token.encode()).hexdigest()
