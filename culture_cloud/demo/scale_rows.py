"""The rows of a county of any size, the same for the same seed and day."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from culture_cloud.activities import agenda
from culture_cloud.activities.models import (
    Activity,
    ActivitySession,
    ActivityState,
    Enrolment,
    SignUpWay,
)
from culture_cloud.db import Base
from culture_cloud.demo.content import programme as told
from culture_cloud.sign_ups.models import Channel

Row = dict[str, Any]

IN_THE_PAST = 0.8
FARTHEST_DAYS = 548
"""Eighteen months back and ahead."""

SHAPES = {"single": 78, "exhibition": 10, "course": 6, "series": 6}
"""Out of a hundred activities; together they make about 1.3 sessions each."""
WAYS = {SignUpWay.HERE: 62, SignUpWay.NONE: 33, SignUpWay.ELSEWHERE: 5}
STATES = {
    ActivityState.PUBLISHED: 955,
    ActivityState.CANCELLED: 15,
    ActivityState.DRAFT: 15,
    ActivityState.SUBMITTED: 10,
    ActivityState.WITHDRAWN: 5,
}
SIGN_UPS_PER_OFFER = (0, 0, 0, 1, 1, 1, 2, 2, 4, 8)
"""How many people sign up where they can: mostly few, sometimes many."""
PEOPLE = 20_000
OPENS_BEFORE = timedelta(days=14)
CLOSES_BEFORE = timedelta(hours=2)

TABLES = tuple(
    Base.metadata.tables[name]
    for name in (
        "activities",
        "activity_audiences",
        "activity_sessions",
        "allotments",
        "agenda",
        "sign_ups",
    )
)
"""In the order in which rows can be written."""


@dataclass(frozen=True, slots=True)
class Place:
    """A node that organises activities, with what the agenda needs of those above it."""

    id: int
    phone: str
    ancestor_ids: list[int]


@dataclass(slots=True)
class Batch:
    """Rows by the name of their table."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table.name: [] for table in TABLES})

    def add(self, table: str, row: Row) -> None:
        self.rows[table].append(row)


class CountyRows:
    """Draws activity after activity; ids count up from 1."""

    def __init__(
        self, places: Sequence[Place], models: Sequence[told.Activity], now: datetime, seed: int
    ) -> None:
        self.places = places
        self.models = models
        self.now = now
        self.today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self.draw = random.Random(seed)  # noqa: S311  (invented data, the same every time)
        self.last_activity = self.last_session = self.last_allotment = self.last_sign_up = 0

    def batch(self, size: int) -> Batch:
        """The rows of the next activities."""
        made = Batch()
        for _ in range(size):
            self._activity(made)
        # in the order of their key: the pages of the index are then written once, not many times
        made.rows["agenda"].sort(key=lambda row: (row["ancestor_id"], row["starts_at"]))
        return made

    def _activity(self, made: Batch) -> None:
        draw = self.draw
        self.last_activity += 1
        model, place = draw.choice(self.models), draw.choice(self.places)
        shape, way, state = (_weighed(draw, choices) for choices in (SHAPES, WAYS, STATES))
        if shape == "exhibition":
            way = SignUpWay.NONE
        spans = self._spans(shape)
        first, last = spans[0][0], max(ends for _, ends in spans)
        is_here = way == SignUpWay.HERE
        row = {
            "id": self.last_activity,
            "uid": f"{self.last_activity}@county.example.org",
            "node_id": place.id,
            "state": state,
            "title": f"{model.title}（第{self.last_activity}期）",
            "kind_code": "exhibition" if shape == "exhibition" else model.kind,
            "description": "\n\n".join(model.description),
            "place_name": model.place,
            "place_node_id": place.id,
            "is_free": draw.random() < 0.85,
            "fee": "材料费20元，现场交",
            "access": list(model.access),
            "contact_phone": place.phone if way == SignUpWay.ELSEWHERE else "",
            "sign_up": way,
            "enrolment": Enrolment.COURSE if shape == "course" else Enrolment.SESSION,
            "capacity": draw.choice((12, 20, 30, 40, 60, 120, 200, None)) if is_here else None,
            "sign_up_opens_at": first - OPENS_BEFORE if is_here else None,
            "sign_up_closes_at": first - CLOSES_BEFORE if is_here else None,
            "created_at": min(first, self.now) - timedelta(days=20),
            "updated_at": min(first, self.now) - timedelta(days=16, minutes=draw.randrange(1440)),
            "published_at": min(first, self.now) - timedelta(days=16),
            "first_starts_at": first,
            "last_ends_at": last,
        }
        if row["is_free"]:
            row["fee"] = ""
        made.add("activities", row)
        for code in model.audiences:
            made.add("activity_audiences", {"activity_id": row["id"], "audience_code": code})
        session_ids = [self._session(made, starts, ends) for starts, ends in spans]
        if state in {ActivityState.PUBLISHED, ActivityState.CANCELLED}:
            self._agenda(made, row, place, session_ids, spans)
        if is_here:
            self._offers(made, row, session_ids)

    def _spans(self, shape: str) -> list[tuple[datetime, datetime]]:
        """When the sessions are, in UTC."""
        draw = self.draw
        sign = -1 if draw.random() < IN_THE_PAST else 1
        day = self.today + timedelta(days=sign * draw.randrange(FARTHEST_DAYS))
        start = (day + timedelta(minutes=30 * draw.randrange(16, 41))).astimezone(UTC)
        if shape == "exhibition":
            return [(start, start + timedelta(days=draw.randrange(10, 60), hours=8))]
        number = {"single": 1, "course": draw.randrange(3, 7), "series": draw.randrange(2, 4)}
        length = timedelta(minutes=30 * draw.randrange(2, 7))
        starts = [start + timedelta(weeks=week) for week in range(number[shape])]
        return [(moment, moment + length) for moment in starts]

    def _session(self, made: Batch, starts_at: datetime, ends_at: datetime) -> int:
        self.last_session += 1
        made.add(
            "activity_sessions",
            {
                "id": self.last_session,
                "activity_id": self.last_activity,
                "starts_at": starts_at,
                "ends_at": ends_at,
            },
        )
        return self.last_session

    def _agenda(
        self,
        made: Batch,
        row: Row,
        place: Place,
        session_ids: list[int],
        spans: list[tuple[datetime, datetime]],
    ) -> None:
        """By the same function that keeps a living site's agenda."""
        columns = ("id", "kind_code", "is_free", "enrolment")
        activity = Activity(**{name: row[name] for name in columns})
        occurrences = [
            ActivitySession(id=session_id, starts_at=starts_at, ends_at=ends_at)
            for session_id, (starts_at, ends_at) in zip(session_ids, spans, strict=True)
        ]
        made.rows["agenda"] += agenda.entries(activity, occurrences, place.ancestor_ids)

    def _offers(self, made: Batch, row: Row, session_ids: list[int]) -> None:
        """The places of each session or of the course, with who took them."""
        is_course = row["enrolment"] == Enrolment.COURSE
        opened = row["state"] == ActivityState.PUBLISHED and row["sign_up_opens_at"] <= self.now
        for session_id in [None] if is_course else session_ids:
            self.last_allotment += 1
            capacity = row["capacity"]
            taken = self._sign_ups(made, row, session_id, capacity or 200) if opened else 0
            made.add(
                "allotments",
                {
                    "id": self.last_allotment,
                    "activity_id": row["id"],
                    "session_id": session_id,
                    "capacity": capacity,
                    "taken": taken,
                },
            )

    def _sign_ups(self, made: Batch, row: Row, session_id: int | None, most: int) -> int:
        """Write sign-ups for the last allotment and return the places they take."""
        draw, taken = self.draw, 0
        at = row["sign_up_opens_at"]
        for _ in range(draw.choice(SIGN_UPS_PER_OFFER)):
            party = draw.choice((1, 1, 1, 2))
            if taken + party > most:
                break
            taken += party
            number, person = divmod(self.last_sign_up, PEOPLE)
            self.last_sign_up += 1
            at += (self.now - at) / 20
            made.add(
                "sign_ups",
                {
                    "id": self.last_sign_up,
                    "activity_id": row["id"],
                    "session_id": session_id,
                    "once_for": session_id or 0,
                    "allotment_id": self.last_allotment,
                    "channel": draw.choice((Channel.WEB, Channel.WEB, Channel.PHONE)),
                    "name": f"居民{person}",
                    "phone": f"199{person:08d}",
                    "party_size": party,
                    # one person's codes count up: a code with its phone is never given twice
                    "code": f"{number:06d}",
                    "token": f"{draw.getrandbits(200):050x}"[:43],
                    "idempotency_key": f"county-{self.last_sign_up}",
                    "created_at": at,
                },
            )
        return taken


def _weighed(draw: random.Random, choices: dict[Any, int]) -> Any:
    return draw.choices(list(choices), list(choices.values()))[0]
