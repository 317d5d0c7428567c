"""What was reminded and thanked, and what people said of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from culture_cloud.db import Base

REMINDER, THANKS = "reminder", "thanks"


class FollowUp(Base):
    """A session whose people were written to; moved to another time, they are reminded anew."""

    __tablename__ = "follow_ups"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("activity_sessions.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]


class Rating(Base):
    """Two answers of one sign-up. Staff see sums, never whose they are."""

    __tablename__ = "ratings"

    sign_up_id: Mapped[int] = mapped_column(
        ForeignKey("sign_ups.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    #: 1 (not at all) to 5 (very)
    liked: Mapped[int]
    easy: Mapped[int]
    given_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("liked BETWEEN 1 AND 5", name="liked"),
        CheckConstraint("easy BETWEEN 1 AND 5", name="easy"),
    )
