"""What lending refuses."""

from __future__ import annotations

from culture_cloud.errors import Refusal


class NotLent(Refusal):
    """The title needs no loan, or is not lent."""


class TooManyLoans(Refusal):
    """The reader has as many loans as one may have."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TooManyHolds(Refusal):
    """The reader waits for as many titles as one may wait for."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most
