"""Values of a source that have no field, by the source's own names."""

from __future__ import annotations

from collections import Counter


class Extra:
    """Gathers values; one whose name is taken becomes "name (2)"."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._times: Counter[str] = Counter()

    def add(self, name: str, text: str) -> None:
        """Keeps a value under its name or the next free one."""
        self._times[name] += 1
        number = self._times[name]
        self.values[name if number == 1 else f"{name} ({number})"] = text
