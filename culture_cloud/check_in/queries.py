"""The list at the door, and who it is that stands there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from culture_cloud.activities.models import ActivitySession
from culture_cloud.sign_ups.models import Channel, SignUp, SignUpState

from .arriving import ON_THE_LIST, heads_of
from .models import Arrival, ArrivalReport

_TOKEN = re.compile(r"/sign-ups/([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list. `came` of `party` are here."""

    id: int
    name: str
    phone: str
    code: str
    token: str
    party: int
    companions: tuple[str, ...]
    state: str
    walked_in: bool
    came: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """Expected, came and walked in: people, not sign-ups; and heads that were counted besides."""

    expected: int
    came: int
    walked_in: int
    heads: int

    @property
    def present(self) -> int:
        return self.came + self.walked_in + self.heads


def entries(session: Session, occurrence: ActivitySession) -> list[Entry]:
    """Everybody who has a place, by name; a course's people are on the list of each lesson."""
    rows = session.execute(
        select(SignUp, Arrival.count)
        .outerjoin(
            Arrival,
            and_(Arrival.sign_up_id == SignUp.id, Arrival.session_id == occurrence.id),
        )
        .where(
            SignUp.activity_id == occurrence.activity_id,
            or_(SignUp.session_id == occurrence.id, SignUp.session_id.is_(None)),
            SignUp.state.in_(ON_THE_LIST),
        )
        .order_by(SignUp.name, SignUp.id)
    )
    return [_entry(sign_up, count or 0) for sign_up, count in rows]


def _entry(sign_up: SignUp, came: int) -> Entry:
    return Entry(
        id=sign_up.id,
        name=sign_up.name,
        phone=sign_up.phone,
        code=sign_up.code,
        token=sign_up.token,
        party=sign_up.party_size,
        companions=tuple(sign_up.companions),
        state=sign_up.state,
        walked_in=sign_up.channel == Channel.WALK_IN,
        came=came,
    )


def numbers(session: Session, occurrence: ActivitySession, of: Sequence[Entry]) -> Numbers:
    """The figures above the list."""
    signed_up = [entry for entry in of if not entry.walked_in]
    return Numbers(
        expected=sum(entry.party for entry in signed_up),
        came=sum(entry.came for entry in signed_up),
        walked_in=sum(entry.came for entry in of if entry.walked_in),
        heads=heads_of(session, occurrence.id),
    )


def fitting(of: Sequence[Entry], wanted: str) -> list[Entry]:
    """Who is meant by what was typed or scanned: a ticket's address, the six digits, the last four
    of the phone, or a part of the name (SV-04)."""
    text = unicodedata.normalize("NFKC", wanted).strip()
    scanned = _TOKEN.search(text)
    if scanned:
        return [entry for entry in of if entry.token == scanned[1]]
    digits = re.sub(r"[\s-]", "", text)
    if digits.isascii() and digits.isdigit():
        by_code = [entry for entry in of if entry.code == digits]
        if len(digits) == 6 and by_code:
            return by_code
        return [entry for entry in of if len(digits) >= 4 and entry.phone.endswith(digits)]
    name = text.casefold()
    return [
        entry
        for entry in of
        if any(name in person.casefold() for person in (entry.name, *entry.companions))
    ]


def conflicts(session: Session, session_id: int) -> list[ArrivalReport]:
    """Reports that somebody must look at, in the order in which they were made."""
    return list(
        session.scalars(
            select(ArrivalReport)
            .options(joinedload(ArrivalReport.sign_up))
            .where(ArrivalReport.session_id == session_id, ArrivalReport.conflict.is_not(None))
            .order_by(ArrivalReport.at, ArrivalReport.id)
        )
    )


def counts_as_gone(entry: Entry) -> bool:
    """Marked as not come."""
    return entry.state == SignUpState.NO_SHOW
