"""RFC 5545 recurrence rules become sessions, in the site's local time.

"Every Wednesday at nine" stays at nine whatever the zone's clocks do, so instances are reckoned in
local wall time and only then turned into UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

MOST_SESSIONS = 400
HORIZON = timedelta(days=370)


class BadRule(ValueError):
    """The text is not a rule of RFC 5545, or one that never yields a date."""


def instances(
    rule: str,
    first: datetime,
    *,
    zone: ZoneInfo,
    without: Iterable[date] = (),
    horizon: timedelta = HORIZON,
) -> list[datetime]:
    """The starts (aware, UTC) that a rule yields from an aware `first`, at most MOST_SESSIONS.

    `without` are local days left out (EXDATE). A rule without end is followed for `horizon`.
    Raises BadRule.
    """
    wall = first.astimezone(zone).replace(tzinfo=None)
    skipped = set(without)
    try:
        # UNTIL may carry a zone (…Z); wall-clock reckoning wants it bare
        dates = rrulestr(_local_until(rule, zone), dtstart=wall)
        found = list(islice(_until(dates, wall + horizon), MOST_SESSIONS))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise BadRule(rule) from error
    kept = [moment for moment in found if moment.date() not in skipped]
    if not kept:
        raise BadRule(rule)
    return [moment.replace(tzinfo=zone).astimezone(UTC) for moment in kept]


def _until(dates: Iterable[datetime], end: datetime) -> Iterable[datetime]:
    for moment in dates:
        if moment > end:
            return
        yield moment


def _local_until(rule: str, zone: ZoneInfo) -> str:
    parts = rule.strip().removeprefix("RRULE:").split(";")
    if len(rule) > 500 or any(p.upper() in {"FREQ=SECONDLY", "FREQ=MINUTELY"} for p in parts):
        raise ValueError("too fine a rule")
    return ";".join(_local_part(part, zone) for part in parts)


def _local_part(part: str, zone: ZoneInfo) -> str:
    name, _, value = part.partition("=")
    if name.upper() != "UNTIL" or not value.upper().endswith("Z"):
        return part
    moment = datetime.strptime(value[:-1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return f"UNTIL={moment.astimezone(zone):%Y%m%dT%H%M%S}"
