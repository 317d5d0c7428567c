"""Copies, loans, and the queue for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.accounts.models import Account
from culture_cloud.db import Base
from culture_cloud.reading.models import Publication

LOANS_TOPIC = "reading-loans"


class Licence(Base):
    """How many may read a licensed title at once, and for how long.

    `taken` is moved by one conditional statement only (lending.copies); the checks make an
    impossible count impossible whatever else happens.
    """

    __tablename__ = "reading_licences"
    __topic__ = LOANS_TOPIC

    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publications.id", ondelete="CASCADE"), primary_key=True
    )
    copies: Mapped[int]
    #: lent, or kept for whoever is first in the queue
    taken: Mapped[int] = mapped_column(default=0)
    loan_days: Mapped[int] = mapped_column(default=21)

    __table_args__ = (
        CheckConstraint("copies >= 1", name="copies"),
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("taken <= copies", name="never_overlent"),
        CheckConstraint("loan_days BETWEEN 1 AND 365", name="loan_days"),
    )


class Loan(Base):
    """A licensed title lent to an account."""

    __tablename__ = "reading_loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    taken_at: Mapped[datetime]
    due_at: Mapped[datetime]
    #: when it was given back, or ran out
    ended_at: Mapped[datetime | None]

    publication: Mapped[Publication] = relationship()

    __table_args__ = (
        Index(
            "uq_reading_loans_running",
            "publication_id",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_reading_loans_account_id", "account_id", "ended_at"),
        Index("ix_reading_loans_due", "ended_at", "due_at"),
    )


class HoldState(StrEnum):
    WAITING = "waiting"
    #: a copy is kept until ready_until
    READY = "ready"
    DONE = "done"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class Hold(Base):
    """A place in the queue for a title that is lent out; the order is that of the ids."""

    __tablename__ = "reading_holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(16), default=HoldState.WAITING)
    created_at: Mapped[datetime]
    ready_until: Mapped[datetime | None]

    publication: Mapped[Publication] = relationship()
    account: Mapped[Account] = relationship()

    __table_args__ = (
        Index("ix_reading_holds_queue", "publication_id", "state", "id"),
        Index("ix_reading_holds_account_id", "account_id", "state"),
        Index(
            "uq_reading_holds_open",
            "publication_id",
            "account_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'ready')"),
            postgresql_where=text("state IN ('waiting', 'ready')"),
        ),
    )
