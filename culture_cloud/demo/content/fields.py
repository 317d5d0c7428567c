"""Strict reading of the demo's JSON: every mistake names the place where it stands."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import time
from pathlib import Path
from typing import Protocol, TypeVar


class Coded(Protocol):
    """Anything that carries a code."""

    @property
    def code(self) -> str: ...


class Fields:
    """One JSON object. Each field is asked for by name; `close` refuses what nobody asked for."""

    def __init__(self, raw: object, place: str) -> None:
        if not isinstance(raw, dict):
            raise ValueError(f"{place}: expected an object, found {type(raw).__name__}")
        self._raw: dict[str, object] = raw
        self._asked: set[str] = set()
        self.place = place

    def fault(self, message: str) -> ValueError:
        """The error to raise for something wrong in this object."""
        return ValueError(f"{self.place}: {message}")

    def has(self, key: str) -> bool:
        return key in self._raw

    def text(self, key: str) -> str:
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(f"{key} must be a text that is not empty")
        return value

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if self.has(key) else None

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number; required where no default is given."""
        if default is not None and not self.has(key):
            return default
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fault(f"{key} must be a whole number")
        return value

    def count(self, key: str, default: int | None = None) -> int:
        """A whole number that is not below nought."""
        number = self.whole(key, default)
        if number < 0:
            raise self.fault(f"{key} must not be below 0")
        return number

    def decimal(self, key: str) -> float:
        value = self._take(key)
        if not isinstance(value, float):
            raise self.fault(f"{key} must be a decimal number")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where it is missing."""
        if not self.has(key):
            return False
        value = self._take(key)
        if not isinstance(value, bool):
            raise self.fault(f"{key} must be true or false")
        return value

    def clock(self, key: str) -> time:
        """A local time of day, written HH:MM."""
        return parse_clock(self.text(key), f"{self.place}: {key}")

    def list_of(self, key: str) -> list[object]:
        value = self._take(key)
        if not isinstance(value, list):
            raise self.fault(f"{key} must be a list")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each one only once; empty where it is missing."""
        values = self.list_of(key) if self.has(key) else []
        found = [value for value in values if isinstance(value, str) and value.strip()]
        if len(found) != len(values):
            raise self.fault(f"{key} must hold texts that are not empty")
        if len(set(found)) != len(found):
            raise self.fault(f"{key} names something twice")
        return tuple(found)

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers; empty where it is missing."""
        values = self.list_of(key) if self.has(key) else []
        found = [value for value in values if isinstance(value, int)]
        if len(found) != len(values):
            raise self.fault(f"{key} must hold whole numbers")
        return tuple(found)

    def code(self, key: str, known: Collection[str]) -> str:
        return self._known(key, self.text(key), known)

    def codes(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        return tuple(self._known(key, code, known) for code in self.texts(key))

    def child(self, key: str) -> Fields:
        return Fields(self._take(key), f"{self.place}: {key}")

    def children(self, key: str) -> list[Fields]:
        """The objects of a list, each named by its code or else by its number; may be missing."""
        found = []
        for number, raw in enumerate(self.list_of(key) if self.has(key) else [], start=1):
            name = raw.get("code", number) if isinstance(raw, dict) else number
            found.append(Fields(raw, f"{self.place}: {key} {name}"))
        return found

    def names(self) -> tuple[str, ...]:
        return tuple(self._raw)

    def close(self) -> None:
        """Refuse fields that were never asked for: a mistyped name must not pass in silence."""
        unknown = sorted(set(self._raw) - self._asked)
        if unknown:
            raise self.fault(f"unknown field {', '.join(unknown)}")

    def _take(self, key: str) -> object:
        if key not in self._raw:
            raise self.fault(f"{key} is missing")
        self._asked.add(key)
        return self._raw[key]

    def _known(self, key: str, code: str, known: Collection[str]) -> str:
        if code not in known:
            raise self.fault(f"{key} has the unknown code {code}")
        return code


def read_json(path: Path) -> Fields:
    """The object in a JSON file. Raises ValueError with the file's name if it is none."""
    try:
        raw = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as mistake:
        raise ValueError(f"{path.name}: {mistake}") from mistake
    return Fields(raw, path.name)


def parse_clock(text: str, place: str) -> time:
    """A local time of day from HH:MM."""
    try:
        return time.fromisoformat(text)
    except ValueError as mistake:
        raise ValueError(f"{place}: {text} is not a time like 09:30") from mistake


T = TypeVar("T", bound=Coded)


def by_code(items: Iterable[T], place: str) -> dict[str, T]:
    """The items under their codes, in order. Raises ValueError where a code comes twice."""
    found: dict[str, T] = {}
    for item in items:
        if item.code in found:
            raise ValueError(f"{place}: the code {item.code} stands twice")
        found[item.code] = item
    return found
