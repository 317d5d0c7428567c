"""What an activity asks of those who sign up, as typed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import questions, shares
from .models import AllotmentKind, SignUpRules
from .questions import Question
from .shares import Share

GUARDIAN_UNDER = 14
"""Below this age a guardian must agree (PIPL art. 28 and 31)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one activity; the fields are those of SignUpRules."""

    shares: tuple[Share, ...] = ()
    waiting: bool = True
    confirm_hours: int | None = None
    review: bool = False
    min_age: int | None = None
    max_age: int | None = None
    ask_ages: bool = False
    residence_node_ids: tuple[int, ...] = ()
    group_name: str = ""
    once_per_activity: bool = False
    no_show_limit: int | None = None
    no_show_days: int = 120
    id_law: str = ""
    questions: tuple[Question, ...] = ()
    proxy_limit: int = 5

    @property
    def needs_ages(self) -> bool:
        """Whether everybody's age is asked."""
        return self.ask_ages or self.min_age is not None or self.max_age is not None


DEFAULT = Rules()

_PLAIN = (
    "waiting", "confirm_hours", "review", "min_age", "max_age", "ask_ages", "group_name",
    "once_per_activity", "no_show_limit", "no_show_days", "id_law", "proxy_limit",
)  # fmt: skip


def of_row(row: SignUpRules | None) -> Rules:
    """The rules that a row holds; the defaults where there is none."""
    if row is None:
        return DEFAULT
    return Rules(
        shares=tuple(shares.from_json(told) for told in row.shares),
        residence_node_ids=tuple(row.residence_node_ids),
        questions=tuple(questions.from_json(told) for told in row.questions),
        **{name: getattr(row, name) for name in _PLAIN},
    )


def usual(capacity: int | None) -> Rules:
    """What holds where nobody decided otherwise: places kept for elders (SV-02)."""
    elders = shares.usual_elders(capacity)
    if elders < shares.ELDERS_AT_LEAST:
        return DEFAULT
    kept = Share(kind=AllotmentKind.ELDERS, places=elders, release_hours=shares.RELEASE_HOURS)
    return Rules(shares=(kept,))


def are_decided(session: Session, activity_id: int) -> bool:
    """Whether rules were written for the activity."""
    return session.get(SignUpRules, activity_id) is not None


def of(session: Session, activity_id: int) -> Rules:
    """The rules of an activity."""
    return of_row(session.scalar(select(SignUpRules).where(SignUpRules.activity_id == activity_id)))


def keep(session: Session, activity_id: int, rules: Rules) -> None:
    """Write the rules, also the defaults: then somebody has decided for them."""
    row = session.get(SignUpRules, activity_id)
    if row is None:
        row = SignUpRules(activity_id=activity_id)
        session.add(row)
    for name, value in columns(rules).items():
        setattr(row, name, value)
    session.flush()


def columns(rules: Rules) -> dict[str, Any]:
    """The rules as the columns of their row."""
    return {
        "shares": [share.as_json() for share in rules.shares],
        "residence_node_ids": list(rules.residence_node_ids),
        "questions": [question.as_json() for question in rules.questions],
        **{name: getattr(rules, name) for name in _PLAIN},
    }
