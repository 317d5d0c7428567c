"""RFC 5545 recurrence rules become sessions, in the site's local time.

"Every Wednesday at nine" stays at nine whatever the zone's clocks do, so instances are reckoned in
local wall time and only then turned into UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

MOST_SESSIONS = 400
HORIZON = timedelta(days=370)

# The calendar repeats itself, weekdays included, after 400 years.
_CYCLE = timedelta(days=146_097)
_LAST_YEAR = 9_960


class BadRule(ValueError):
    """The text is not a rule of RFC 5545, or one that never yields a date."""


def instances(
    rule: str,
    first: datetime,
    *,
    zone: ZoneInfo,
    without: Iterable[date] = (),
    horizon: timedelta = HORIZON,
    since: datetime | None = None,
) -> list[datetime]:
    """The starts (aware, UTC) that a rule yields from an aware `first`, at most MOST_SESSIONS.

    `without` are local days left out (EXDATE). The rule is followed for `horizon` from `first`, or
    from `since`; what lies before `since` is left out, though COUNT counts it. Raises BadRule.
    """
    wall = first.astimezone(zone).replace(tzinfo=None)
    begin = max(wall, since.astimezone(zone).replace(tzinfo=None)) if since else wall
    skipped = set(without)
    # dateutil seeks to the year 9999 for a rule that names no day at all (the 30th of February);
    # reckoned in the last cycle, that is not far
    ahead = (_LAST_YEAR - begin.year) // 400 * _CYCLE
    try:
        bounded, count = _bounded(rule, begin + horizon, zone, ahead)
        dates = (
            moment - ahead for moment in islice(rrulestr(bounded, dtstart=wall + ahead), count)
        )
        found = list(islice((moment for moment in dates if moment >= begin), MOST_SESSIONS))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise BadRule(rule) from error
    kept = [moment for moment in found if moment.date() not in skipped]
    if not kept:
        raise BadRule(rule)
    return [moment.replace(tzinfo=zone).astimezone(UTC) for moment in kept]


def _bounded(rule: str, end: datetime, zone: ZoneInfo, ahead: timedelta) -> tuple[str, int | None]:
    """The rule with its end, or the given one if that is earlier, put `ahead`; and its COUNT."""
    parts = [part for part in rule.strip().removeprefix("RRULE:").split(";") if part]
    if len(rule) > 500 or any(p.upper() in {"FREQ=SECONDLY", "FREQ=MINUTELY"} for p in parts):
        raise ValueError("too fine a rule")
    if "BYEASTER" in rule.upper():
        raise ValueError("not of RFC 5545")
    count: int | None = None
    kept = []
    for part in parts:
        name, _, value = part.partition("=")
        if name.upper() == "COUNT":
            count = int(value)
        elif name.upper() == "UNTIL":
            end = min(end, _local_until(value, zone))
        else:
            kept.append(part)
    return ";".join([*kept, f"UNTIL={end + ahead:%Y%m%dT%H%M%S}"]), count


def _local_until(value: str, zone: ZoneInfo) -> datetime:
    """UNTIL as a wall time; a day alone counts to its end."""
    if len(value) == 8:
        return datetime.combine(datetime.strptime(value, "%Y%m%d").date(), time.max)  # noqa: DTZ007
    if not value.upper().endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007
    moment = datetime.strptime(value[:-1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return moment.astimezone(zone).replace(tzinfo=None)
