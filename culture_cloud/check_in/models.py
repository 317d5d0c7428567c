"""Arrivals as they were reported, heads that were counted, lists that were closed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.db import Base
from culture_cloud.sign_ups.models import SignUp


class Source(StrEnum):
    """How an arrival was written down."""

    #: at the door, with the list as it stood on the server before the eyes
    DOOR = "door"
    #: at the door without network, with a list that may have been old
    OFFLINE = "offline"
    #: later, from the sheet that people signed
    SHEET = "sheet"


class Conflict(StrEnum):
    """Why a report needs somebody to look at it."""

    #: two devices counted differently; the larger number stands until somebody decides
    COUNT = "count"
    #: the person has no place any more (cancelled, declined) or never had one
    NO_PLACE = "no_place"


class Arrival(Base):
    """How many of a party came to one session: the truth, one row for each."""

    __tablename__ = "arrivals"

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("activity_sessions.id"), index=True)
    count: Mapped[int]
    at: Mapped[datetime]

    sign_up: Mapped[SignUp] = relationship()

    __table_args__ = (
        UniqueConstraint("sign_up_id", "session_id"),
        CheckConstraint("count > 0", name="count"),
    )


class ArrivalReport(Base):
    """One press at the door. Its key is made where it was pressed: the same press counts once,
    however often it is sent."""

    __tablename__ = "arrival_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("activity_sessions.id"))
    #: 0: taken back
    count: Mapped[int]
    #: when it was pressed, by the device's clock, never later than now
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(8))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: a Conflict that nobody has decided yet
    conflict: Mapped[str | None] = mapped_column(String(16))

    sign_up: Mapped[SignUp] = relationship()

    __table_args__ = (
        Index(
            "ix_arrival_reports_conflict",
            "session_id",
            sqlite_where=text("conflict IS NOT NULL"),
            postgresql_where=text("conflict IS NOT NULL"),
        ),
    )


class HeadCount(Base):
    """Heads counted in one press, where nobody signs up or nobody is asked for a name."""

    __tablename__ = "head_counts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("activity_sessions.id"), index=True)
    #: more, or, to correct, fewer
    heads: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class ClosedList(Base):
    """A session whose no-shows were marked. Reopened, the clock leaves it alone."""

    __tablename__ = "closed_lists"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("activity_sessions.id"), primary_key=True, autoincrement=False
    )
    closed_at: Mapped[datetime]
    reopened_at: Mapped[datetime | None]
