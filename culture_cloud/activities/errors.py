"""What the rules of activities refuse."""

from __future__ import annotations

from culture_cloud.errors import Refusal


class NotReady(Refusal):
    """It lacks something that people need to know; `missing` names the fields."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class ChangedMeanwhile(Refusal):
    """Somebody else saved it since the form was opened."""


class CapacityBelowTaken(Refusal):
    """More places are taken than would be left; nobody who is confirmed is put out."""

    def __init__(self, taken: int) -> None:
        super().__init__(f"{taken} places are taken")
        self.taken = taken


class SessionHasSignUps(Refusal):
    """A session for which people signed up is cancelled or moved, never deleted."""


class WrongState(Refusal):
    """The step does not lead from the state it is in."""
