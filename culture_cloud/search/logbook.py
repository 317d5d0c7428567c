"""What people look for, without the people: words, day, how often, how often in vain.

Counted in memory and written now and then, so that a search writes nothing. Words that look like a
number of a person (phone, identity card) or an address of one are not counted at all.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.errors import Unavailable

from .models import SearchedWords

LONGEST = 60
KEPT_FOR = timedelta(days=400)
WRITTEN_EVERY = timedelta(seconds=30)
MOST_IN_MEMORY = 200

_PERSONAL = re.compile(r"\d{7,}|@|\d{3}[ -]?\d{4}[ -]?\d{4}")


@dataclass(slots=True)
class Logbook:
    """The counts of one process that are not yet written."""

    on: bool
    at_once: bool = False
    times: Counter[tuple[str, date]] = field(default_factory=Counter)
    nothing: Counter[tuple[str, date]] = field(default_factory=Counter)
    next_write: datetime | None = None
    lock: Lock = field(default_factory=Lock)

    def note(self, words: str, day: date, *, typed: str, found: bool) -> None:
        """Count a search for these (folded) words."""
        if not self.on or not words or len(words) > LONGEST or _PERSONAL.search(typed):
            return
        with self.lock:
            self.times[words, day] += 1
            self.nothing[words, day] += not found
            now = clock.now()
            self.next_write = self.next_write or now + WRITTEN_EVERY
            if now < self.next_write and len(self.times) < MOST_IN_MEMORY and not self.at_once:
                return
            times, nothing = self.times, self.nothing
            self.times, self.nothing, self.next_write = Counter(), Counter(), None
        try:
            with db.transaction() as session:
                _add(session, times, nothing)
        except Unavailable:
            pass  # counts of half a minute are not worth a page


def _add(
    session: Session, times: Counter[tuple[str, date]], nothing: Counter[tuple[str, date]]
) -> None:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    for (words, day), count in sorted(times.items()):
        statement = insert(SearchedWords).values(
            words=words, day=day, times=count, times_nothing=nothing[words, day]
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["words", "day"],
                set_={
                    "times": SearchedWords.times + count,
                    "times_nothing": SearchedWords.times_nothing + nothing[words, day],
                },
            )
        )


def in_vain(session: Session, since: date, limit: int) -> list[tuple[str, int]]:
    """(words, how often) of what was looked for and not found, the most frequent first."""
    missed = func.sum(SearchedWords.times_nothing)
    rows = session.execute(
        select(SearchedWords.words, missed)
        .where(SearchedWords.day >= since)
        .group_by(SearchedWords.words)
        .having(missed > 0)
        .order_by(missed.desc(), SearchedWords.words)
        .limit(limit)
    )
    return [(words, int(count)) for words, count in rows]


def most_wanted(session: Session, since: date, limit: int) -> list[tuple[str, int]]:
    """(words, how often), the most frequent first."""
    times = func.sum(SearchedWords.times)
    rows = session.execute(
        select(SearchedWords.words, times)
        .where(SearchedWords.day >= since)
        .group_by(SearchedWords.words)
        .order_by(times.desc(), SearchedWords.words)
        .limit(limit)
    )
    return [(words, int(count)) for words, count in rows]


def forget_old() -> None:
    """Counts older than a year and a bit go."""
    with db.transaction() as session:
        limit = (clock.now() - KEPT_FOR).date()
        session.execute(delete(SearchedWords).where(SearchedWords.day < limit))
