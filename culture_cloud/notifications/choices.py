"""What a person wants to be told of by text message and by e-mail; the inbox has everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from .kinds import OPTIONAL, NoticeKind, Rules
from .models import NoticeChoice


@dataclass(frozen=True, slots=True)
class Choice:
    sms: bool = True
    email: bool = True


def choices_of(session: Session, account_id: int) -> dict[NoticeKind, Choice]:
    """The choice for each kind that may be switched off."""
    rows = session.scalars(select(NoticeChoice).where(NoticeChoice.account_id == account_id))
    made = {row.kind: Choice(row.sms, row.email) for row in rows}
    return {kind: made.get(kind, Choice()) for kind in OPTIONAL}


def choose(session: Session, account_id: int, choices: Mapping[NoticeKind, Choice]) -> None:
    """Keep what the person chose."""
    for kind, choice in choices.items():
        session.merge(
            NoticeChoice(account_id=account_id, kind=kind, sms=choice.sms, email=choice.email)
        )


def choice_for(session: Session, account_id: int | None, rules: Rules) -> Choice:
    """How the person is told of this kind."""
    if account_id is None or not rules.optional:
        return Choice()
    return choices_of(session, account_id)[rules.kind]
