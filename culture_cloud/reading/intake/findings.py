"""What a check found in a file: a code with facts, put into words by intake.wording."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is known to intake.wording; `facts` fill the sentence (numbers, names of parts)."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "facts": self.facts}


class FileRefused(Exception):
    """The file cannot be taken in. It is kept aside, and its uploader told why."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.finding = Finding(code, facts)


class Findings:
    """Collects what was mended or left out; the same thing is said once, with how often."""

    def __init__(self) -> None:
        self._facts: dict[str, dict[str, Any]] = {}

    def note(self, code: str, **facts: Any) -> None:
        """Note it; a further one of its kind raises its `count`, the first names stay."""
        known = self._facts.setdefault(code, {**facts, "count": 0})
        known["count"] += 1

    def __contains__(self, code: str) -> bool:
        return code in self._facts

    def all(self) -> list[Finding]:
        return [Finding(code, facts) for code, facts in self._facts.items()]
