"""Refusals: what the rules do not allow, said in words people use.

One place (web/error_pages.py) turns them into pages. A feature adds one class per fact in its own
errors.py. Whatever is not a Refusal is a bug and becomes a page with a reference number.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """Something asked for is refused. `status` is the HTTP status of the page that says so."""

    status: ClassVar[int] = 409


class NotFound(Refusal):
    """There is nothing here, or nothing that the reader may see."""

    status = 404


class Gone(Refusal):
    """There was something here; it has been withdrawn."""

    status = 410


class NotPermitted(Refusal):
    """The reader is known and lacks the permission."""

    status = 403


class TooManyAttempts(Refusal):
    """A limit on guessing or flooding was reached. `retry_after` is in seconds."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The database cannot be reached or is busy: try again."""

    status = 503
