"""Records of JSON feeds: values by dotted path, and what is left when the fields are filled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from culture_cloud.tabular.reasons import Reason
from culture_cloud.tabular.sheets import storable

_DEEPEST = 40
_STRUCTURE = ("@type", "@context")


class RecordProblem(Exception):
    """A record cannot be used; `field` as in RowProblem."""

    def __init__(self, field: str, reason: Reason) -> None:
        super().__init__(str(reason))
        self.field, self.reason = field, reason


class Record:
    """One JSON object. Paths are dotted, list items by number: showInfo.0.time. Whatever was
    taken by its path is not in `left_over`."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self._taken: set[str] = set()

    def at(self, path: str) -> Any:
        """The value at a path, or None; taking nothing."""
        value: Any = self.data
        for step in path.split(".") if path else ():
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return None
        return value

    def text(self, path: str) -> str:
        """The text of a scalar, "" for anything else."""
        return scalar_text(self.at(path))

    def texts(self, path: str) -> list[str]:
        """The texts of a scalar or of a list of scalars, without empty ones."""
        value = self.at(path)
        values = value if isinstance(value, list) else [value]
        return [text for text in map(scalar_text, values) if text]

    def take(self, *paths: str) -> None:
        """Notes that these values have found their field."""
        self._taken.update(paths)

    def left_over(self) -> dict[str, str]:
        """Every other non-empty value by its path; 0 and false count as values."""
        return {path: text for path, text in _leaves(self.data, "", 0) if not self._is_taken(path)}

    def _is_taken(self, path: str) -> bool:
        steps = path.split(".")
        if steps[-1] in _STRUCTURE:
            return True
        return any(".".join(steps[:count]) in self._taken for count in range(1, len(steps) + 1))


def scalar_text(value: Any) -> str:
    """A JSON scalar as text, trimmed and storable; "" for null, lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return storable(str(value)).replace("\r\n", "\n").strip()
    return ""


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, (dict, list)) and depth < _DEEPEST:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            step = storable(str(key))
            yield from _leaves(item, f"{path}.{step}" if path else step, depth + 1)
    else:
        text = storable(str(value)) if isinstance(value, (dict, list)) else scalar_text(value)
        if text:
            yield path, text
