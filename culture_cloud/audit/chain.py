"""The chain: seals laid over the entries by the worker, and what proves it unbroken.

A chain that every change extends at once would be one lock for the whole site: the second sign-up
could not hash before the first has committed. So changes write plain entries, and the worker, alone
and some seconds later, numbers those that are committed and hashes each together with the link
before. Until then only the database's triggers guard an entry.

Cutting links off at the end leaves a chain that is whole but shorter. Against this the last link
(number and digest, "the head") is kept outside of the database and compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock

from .models import AuditEntry, AuditSeal

START = "0" * 64
BATCH = 1000
LATE = 20_000
"""On PostgreSQL transactions commit in another order than they drew their ids. So many ids behind
the last sealed one are looked at each time; once a day all are."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last link."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain is broken; `number` is the link, `why` is for the operator."""

    number: int
    why: str


def head(session: Session) -> Head:
    """The last link; number 0 where nothing has been sealed yet."""
    row = session.execute(
        select(AuditSeal.number, AuditSeal.digest).order_by(AuditSeal.number.desc()).limit(1)
    ).first()
    return Head(row.number, row.digest) if row else Head(0, START)


def digest_at(session: Session, number: int) -> str | None:
    """The digest of one link."""
    if number == 0:
        return START
    return session.scalar(select(AuditSeal.digest).where(AuditSeal.number == number))


def seal(session: Session, *, everything: bool = False) -> int:
    """Seal at most BATCH committed entries in the order of their ids; returns how many.

    Two sealers in the same moment collide on the number: the second gets an IntegrityError.
    """
    last = head(session)
    query = (
        select(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.number.is_(None))
        .order_by(AuditEntry.id)
        .limit(BATCH)
    )
    if not everything:
        newest = session.scalar(select(func.max(AuditSeal.entry_id))) or 0
        query = query.where(AuditEntry.id > newest - LATE)
    entries = session.scalars(query).all()
    number, digest, now = last.number, last.digest, clock.now()
    for entry in entries:
        number += 1
        digest = link(digest, number, entry)
        session.add(AuditSeal(number=number, entry_id=entry.id, digest=digest, sealed_at=now))
    session.flush()
    return len(entries)


def link(previous: str, number: int, entry: AuditEntry) -> str:
    """The digest of a link: everything that the entry says, after the digest of the link before."""
    said = [
        previous,
        number,
        entry.id,
        entry.at.isoformat(),
        entry.actor_id,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.node_id,
        entry.changes,
        entry.reason,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def faults(session: Session) -> Iterator[Fault]:
    """Every place where the chain does not hold: a link or an entry that is gone, changed or put
    in between. After a broken link it is reckoned on from what is kept, so that one change is one
    fault."""
    expected, previous = 1, START
    rows = session.execute(
        select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .order_by(AuditSeal.number)
        .execution_options(yield_per=BATCH)
    )
    for row in rows:
        seal_row: AuditSeal = row[0]
        entry: AuditEntry | None = row[1]
        if seal_row.number != expected:
            yield Fault(expected, f"links {expected} to {seal_row.number - 1} are gone")
        elif entry is None:
            yield Fault(seal_row.number, f"entry {seal_row.entry_id} is gone")
        elif link(previous, seal_row.number, entry) != seal_row.digest:
            yield Fault(seal_row.number, f"entry {entry.id} or its seal was changed")
        expected, previous = seal_row.number + 1, seal_row.digest
        session.expunge(seal_row)
        if entry is not None:
            session.expunge(entry)


def unsealed(session: Session) -> int:
    """Entries that wait for their seal."""
    entries = session.scalar(select(func.count(AuditEntry.id))) or 0
    return entries - (session.scalar(select(func.count(AuditSeal.number))) or 0)
