"""The list of who signed up, page by page: narrowed, found and counted by the database, so that a
list of thousands opens as quickly as a short one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, case, cast, false, func, or_, select
from sqlalchemy.orm import Session

from culture_cloud.sign_ups.models import COMING, Channel, SignUp, SignUpState

PAGE_SIZE = 50
HIGHEST_PAGE = 10_000

_RANK = case(
    {
        SignUpState.PENDING: 0,
        SignUpState.CONFIRMED: 1,
        SignUpState.ATTENDED: 1,
        SignUpState.WAITING: 2,
        SignUpState.NO_SHOW: 3,
    },
    value=SignUp.state,
    else_=4,
)
"""What asks for somebody stands first, what is over and done with last."""


@dataclass(frozen=True, slots=True)
class SignUpFilter:
    """What staff ask the list for; values that make no sense are left out."""

    text: str = ""
    state: str = ""
    channel: str = ""
    page: int = 1

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> SignUpFilter:
        state, channel, page = args.get("state", ""), args.get("channel", ""), args.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        return cls(
            text=" ".join(args.get("q", "").split())[:40],
            state=state if state in set(SignUpState) else "",
            channel=channel if channel in set(Channel) else "",
            page=min(max(number, 1), HIGHEST_PAGE),
        )

    def args(self, **change: str | None) -> dict[str, str]:
        """The query values of this filter with some changed, on its first page."""
        values = {"q": self.text, "state": self.state, "channel": self.channel}
        return {name: value for name, value in {**values, **change}.items() if value}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many sign-ups fit, and who comes in all, whatever the list is narrowed to."""

    fitting: int
    coming: int
    people: int
    pending: int


def page(
    session: Session, activity_id: int, session_id: int | None, asked: SignUpFilter
) -> tuple[Sequence[SignUp], Counts]:
    """A page of one session's list, or of the course's. Two statements."""
    whole = [SignUp.activity_id == activity_id, SignUp.session_id.is_not_distinct_from(session_id)]
    fits = and_(*whole, *_conditions(asked))
    rows = session.scalars(
        select(SignUp)
        .where(fits)
        .order_by(_RANK, SignUp.wait_no, SignUp.created_at, SignUp.id)
        .limit(PAGE_SIZE)
        .offset((asked.page - 1) * PAGE_SIZE)
    ).all()
    comes = SignUp.state.in_(COMING)
    counts = session.execute(
        select(
            func.count().filter(fits),
            func.count().filter(comes),
            func.coalesce(func.sum(SignUp.party_size).filter(comes), 0),
            func.count().filter(SignUp.state == SignUpState.PENDING),
        ).where(*whole)
    ).one()
    return rows, Counts(*counts)


def _conditions(asked: SignUpFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.state:
        found.append(SignUp.state == asked.state)
    if asked.channel:
        found.append(SignUp.channel == asked.channel)
    if asked.text:
        digits = "".join(c for c in asked.text if c.isdigit())
        by_number = or_(SignUp.phone.contains(digits), SignUp.code == digits) if digits else false()
        # companions are kept as JSON, which writes Chinese in escapes
        escaped = json.dumps(asked.text)[1:-1]
        found.append(
            or_(
                SignUp.name.contains(asked.text, autoescape=True),
                cast(SignUp.companions, String).contains(escaped, autoescape=True),
                by_number,
            )
        )
    return found


def chosen(session: Session, activity_id: int, numbers: Sequence[int]) -> Sequence[SignUp]:
    """The ticked sign-ups, as far as they are the activity's; at most a few pages of them."""
    return session.scalars(
        select(SignUp)
        .where(SignUp.activity_id == activity_id, SignUp.id.in_(numbers[: 4 * PAGE_SIZE]))
        .order_by(SignUp.id)
    ).all()
