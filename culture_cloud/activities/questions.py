"""An activity's own questions to those who sign up: text, choice, number, yes or no, file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_QUESTIONS = 8


class QuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    YES_NO = "yes_no"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `key` is stable while the question is edited (q1, q2, …); `choices` are the
    answers of a choice; `needed` says that it may not be left out."""

    key: str
    kind: QuestionKind
    label: str
    choices: tuple[str, ...] = ()
    needed: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": str(self.kind),
            "label": self.label,
            "choices": list(self.choices),
            "needed": self.needed,
        }


def from_json(told: dict[str, Any]) -> Question:
    """The question that `as_json` wrote."""
    return Question(
        key=told["key"],
        kind=QuestionKind(told["kind"]),
        label=told["label"],
        choices=tuple(told["choices"]),
        needed=told["needed"],
    )
