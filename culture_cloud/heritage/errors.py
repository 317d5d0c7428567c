"""What the rules of heritage refuse."""

from __future__ import annotations

from culture_cloud.errors import Refusal


class NotReady(Refusal):
    """An item lacks what it needs to be shown; `missing` are words of presenter.MISSING."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class ChangedMeanwhile(Refusal):
    """Somebody else saved it since this form was opened."""


class WrongState(Refusal):
    """This step cannot be taken from the state the item is in."""
