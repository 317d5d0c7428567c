"""How the places of a session are split: the shares as staff say them, and their totals.

The sum of a session's allotments is always the activity's capacity (invariant I10): a kept share
takes its places from what is open, and what is released goes back to it, each in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import Allotment, AllotmentKind

ELDERS_FROM = 60
"""The age from which a person may take kept places (老年人权益保障法 art. 2)."""

ELDERS_SHARE = 5
"""One place in five is kept for elders unless staff say otherwise (SV-02: 20 %)."""
ELDERS_AT_LEAST = 2
RELEASE_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Places kept for some people, in every session of an activity.

    `name` is what staff call it (custom) or the branch's code (branch). `opens_at` and `closes_at`
    are its own window, None the activity's. `release_hours` before the start, what is left opens
    to all; None: never.
    """

    kind: AllotmentKind
    places: int
    name: str = ""
    node_id: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    release_hours: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        return (self.kind, self.name)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "places": self.places,
            "name": self.name,
            "node_id": self.node_id,
            "opens_at": self.opens_at.isoformat() if self.opens_at else None,
            "closes_at": self.closes_at.isoformat() if self.closes_at else None,
            "release_hours": self.release_hours,
        }


def from_json(told: dict[str, Any]) -> Share:
    """The share that `as_json` wrote."""
    return Share(
        kind=AllotmentKind(told["kind"]),
        places=told["places"],
        name=told["name"],
        node_id=told["node_id"],
        opens_at=_moment(told["opens_at"]),
        closes_at=_moment(told["closes_at"]),
        release_hours=told["release_hours"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def usual_elders(capacity: int | None) -> int:
    """How many places are kept for elders where staff say nothing: 20 %, at least 2 (SV-02).

    Never more than half, so that a very small session stays open to all.
    """
    if capacity is None:
        return 0
    return min(max(ELDERS_AT_LEAST, -(-capacity // ELDERS_SHARE)), capacity // 2)


@dataclass(frozen=True, slots=True)
class Total:
    """A session's places over all its allotments. `capacity` None is without limit."""

    capacity: int | None
    taken: int

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else self.capacity - self.taken


def totals(allotments: Iterable[Allotment]) -> dict[int | None, Total]:
    """By session; None is the course."""
    found: dict[int | None, Total] = {}
    for allotment in allotments:
        so_far = found.get(allotment.session_id, Total(0, 0))
        endless = allotment.capacity is None or so_far.capacity is None
        found[allotment.session_id] = Total(
            None if endless else (so_far.capacity or 0) + (allotment.capacity or 0),
            so_far.taken + allotment.taken,
        )
    return found
