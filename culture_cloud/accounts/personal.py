"""What the site knows of a person, told on request and forgotten on request (PIPL art. 44–47).

Every feature that keeps rows about people registers a holder. A test finds tables that point at
accounts and that no holder answers for.

    personal.register(app, Holder(
        name="sign_ups", title=_l("My sign-ups"), tables=("sign_ups",),
        export=lambda session, account: [{"title": …, "state": …}],
        forget=lambda session, account: …,
    ))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from .models import Account

Export = Callable[[Session, Account], Sequence[Mapping[str, Any]]]
Forget = Callable[[Session, Account], None]


@dataclass(frozen=True, slots=True)
class Holder:
    """One feature's answer for the rows it keeps about people."""

    #: the key under which they stand in the file that people take along
    name: str
    #: the heading above them on the page
    title: str
    #: tables with a foreign key to accounts for which it answers
    tables: tuple[str, ...]
    #: {field in words or code: plain value or moment} per row, latest first
    export: Export
    #: delete what only concerns the person; of what others count on, remove the person
    forget: Forget


def register(app: Flask, holder: Holder) -> None:
    """Add a holder; they are asked in the order in which they were added."""
    app.extensions.setdefault("personal", []).append(holder)


def holders() -> list[Holder]:
    found: list[Holder] = current_app.extensions.get("personal", [])
    return found


def keep_nothing(session: Session, account: Account) -> None:
    """For rows that the database deletes with the account, or that do not tell who it was."""
    del session, account


def tell_nothing(session: Session, account: Account) -> list[dict[str, Any]]:
    """For rows that say nothing about the person besides what other holders tell."""
    del session, account
    return []
