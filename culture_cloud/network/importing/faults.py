"""What is wrong with a file, row by row, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from culture_cloud.errors import Refusal
from culture_cloud.tabular import Reason


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `row` counts as the reader of the file sees it: the row of a table, the place of
    a node in a JSON file (children follow their parent); None where the whole file is meant."""

    reason: Reason
    row: int | None = None
    who: str = ""


class ImportRefused(Refusal):
    """The file cannot be imported; nothing of it was."""

    status = 422

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.row or 0))
        super().__init__("; ".join(str(fault.reason) for fault in self.faults))


class BadValue(ValueError):
    """A value of a row cannot be used."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


def whole_file(reason: Reason) -> ImportRefused:
    """The refusal of a file as a whole."""
    return ImportRefused([Fault(reason)])
