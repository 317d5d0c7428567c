"""The one clock. Everything asks `now()`, so a test can hold the time still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment inside the block (for tests and the demo)."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes aware moments only")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def ago(**span: float) -> datetime:
    """The moment that lies the given timedelta keywords before now."""
    return now() - timedelta(**span)


def ahead(**span: float) -> datetime:
    """The moment that lies the given timedelta keywords after now."""
    return now() + timedelta(**span)
