"""What search keeps in the database: changes that wait, synonyms, what people looked for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from culture_cloud.db import Base

TOPIC = "search"


class SearchChange(Base):
    """A document that changed and is not yet in the index as it is now (a transactional outbox)."""

    __tablename__ = "search_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    document_id: Mapped[int]
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_search_changes_created_at", "created_at"),)


class SearchSynonym(Base):
    """Words that mean the same to search: 非遗 and 非物质文化遗产. Data, kept on the desk."""

    __tablename__ = "search_synonyms"
    __topic__ = TOPIC

    id: Mapped[int] = mapped_column(primary_key=True)
    #: the words, one a line, as staff wrote them
    words: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class SearchedWords(Base):
    """How often words were looked for on a day, and how often nothing was found.

    Of the person there is nothing: no account, no address, no time of day.
    """

    __tablename__ = "searched_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: folded, so that 棕扇 and 棕扇 in the other script count together
    words: Mapped[str] = mapped_column(String(60))
    day: Mapped[date]
    times: Mapped[int] = mapped_column(default=0)
    times_nothing: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("words", "day"),
        CheckConstraint("times >= times_nothing", name="times"),
        Index("ix_searched_words_day", "day"),
    )


class SearchState(Base):
    """What the index is and how it is doing: one row a fact, for /readyz and the desk."""

    __tablename__ = "search_state"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
