"""What a visitor asks the list for. Values that make no sense are left out with a note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from culture_cloud.network.facts import ACCESS_FACTS

WHEN = ("today", "weekend", "week", "month")
MAX_RANGE_DAYS = 400


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list, good also after rows came or went: the last row's start and id."""

    starts_at: datetime
    session_id: int

    def __str__(self) -> str:
        return f"{self.starts_at:%Y%m%d%H%M%S%f}-{self.session_id}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        found = re.fullmatch(r"(\d{20})-(\d{1,18})", text, re.ASCII)
        if not found:
            return None
        try:
            moment = datetime.strptime(found[1], "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(moment, int(found[2]))


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """The questions of the list page, as typed values."""

    when: str = ""
    first_day: date | None = None
    last_day: date | None = None
    kind: str = ""
    node: str = ""
    audience: str = ""
    #: access facts, all of which it must have (SV-07)
    access: tuple[str, ...] = ()
    free: bool = False
    open: bool = False
    after: Cursor | None = None
    before: Cursor | None = None
    #: names of the query values that were not understood
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.args())

    def args(self) -> dict[str, Any]:
        """The query values that make this filter, without the place in the list."""
        values = {
            "when": self.when,
            "from": self.first_day.isoformat() if self.first_day else "",
            "to": self.last_day.isoformat() if self.last_day else "",
            "kind": self.kind,
            "node": self.node,
            "audience": self.audience,
            "access": self.access,
            "free": "1" if self.free else "",
            "open": "1" if self.open else "",
        }
        return {name: value for name, value in values.items() if value}

    def without(self, *names: str) -> ActivityFilter:
        """The same with some questions dropped, from the first page on."""
        fresh = ActivityFilter()
        fields = {"from": "first_day", "to": "last_day"}
        dropped = {fields.get(n, n): getattr(fresh, fields.get(n, n)) for n in names}
        return replace(self, after=None, before=None, **dropped)

    def span(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
        """The first moment and the end (exclusive) in which a session must start, in UTC.

        Without a question for days it is from today on.
        """
        first, last = self.days(now.astimezone(zone).date())
        return day_start(first, zone), day_start(last + timedelta(days=1), zone) if last else None

    def days(self, today: date) -> tuple[date, date | None]:
        """First and last day asked for; None: without end. Weeks begin on Monday."""
        if self.first_day or self.last_day:
            return self.first_day or today, self.last_day
        monday = today - timedelta(days=today.weekday())
        if self.when == "today":
            return today, today
        if self.when == "weekend":
            return max(today, monday + timedelta(days=5)), monday + timedelta(days=6)
        if self.when == "week":
            return today, monday + timedelta(days=6)
        if self.when == "month":
            return today, today + timedelta(days=30)
        return today, None

    @property
    def includes_past(self) -> bool:
        """Whether days were named, so that what is over belongs to the answer too."""
        return self.first_day is not None


def day_start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def parse(args: Mapping[str, str]) -> ActivityFilter:
    """Read query values; what is not understood is named in `ignored` and left out."""
    ignored: list[str] = []

    def day(name: str) -> date | None:
        text = args.get(name, "").strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text, re.ASCII)
        try:
            value = date(int(found[1]), int(found[2]), int(found[3])) if found else None
        except ValueError:
            value = None
        if value is None or not 1990 <= value.year <= 2100:
            ignored.append(name)
            return None
        return value

    def code(name: str) -> str:
        text = args.get(name, "").strip()
        if text and not re.fullmatch(r"[\w.-]{1,40}", text):
            ignored.append(name)
            return ""
        return text

    def cursor(name: str) -> Cursor | None:
        text = args.get(name, "")
        value = Cursor.parse(text) if text else None
        if text and value is None:
            ignored.append(name)
        return value

    def flag(name: str) -> bool:
        text = args.get(name, "")
        if text not in {"", "0", "1", "on"}:
            ignored.append(name)
        return text in {"1", "on"}

    def facts(name: str) -> tuple[str, ...]:
        given = args.getlist(name) if isinstance(args, MultiDict) else [args.get(name, "")]
        known = tuple(fact for fact in ACCESS_FACTS if fact in given)
        if set(given) - {*known, ""}:
            ignored.append(name)
        return known

    when = args.get("when", "")
    if when and when not in WHEN:
        ignored.append("when")
        when = ""
    first, last = day("from"), day("to")
    if first and last and last < first:
        first, last = last, first
    if first and last and (last - first).days > MAX_RANGE_DAYS:
        last = first + timedelta(days=MAX_RANGE_DAYS)
    if first or last:
        when = ""
    return ActivityFilter(
        when=when,
        first_day=first,
        last_day=last,
        kind=code("kind"),
        node=code("node"),
        audience=code("audience"),
        access=facts("access"),
        free=flag("free"),
        open=flag("open"),
        after=cursor("after"),
        before=cursor("before"),
        ignored=tuple(ignored),
    )
