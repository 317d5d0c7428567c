"""What the form holds when it is opened: nothing but the hall, or an activity as it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from culture_cloud.activities.models import Activity, ActivityState, Enrolment, SignUpWay
from culture_cloud.activities.recurrence import BadRule, instances
from culture_cloud.network.models import Node
from culture_cloud.web.words import local, site_zone

from .forms import DATES, MOST_ROWS, ONCE, WEEKLY
from .spans import Span, like, make_span, scheduled, span_of

_WEEKLY_RULE = re.compile(r"FREQ=WEEKLY;BYDAY=([A-Z,]+);UNTIL=\d{8}T\d{6}Z")


def of_node(node: Node) -> dict[str, Any]:
    """A new activity of the hall: it takes place there, and is as easy to reach as the hall."""
    return {
        "node": node.code,
        "drawn_for": node.code,
        "place": node.plate_name,
        "access": list(node.access),
    }


def of_activity(
    activity: Activity, dates: dict[str, Any] | None, *, copied: bool = False
) -> dict[str, Any]:
    """An activity in the form's fields; a copy begins as a new one without its old window."""
    opens, closes = _moment(activity.sign_up_opens_at), _moment(activity.sign_up_closes_at)
    data = {
        "node": activity.node.code,
        "drawn_for": activity.node.code,
        "version": "" if copied else str(activity.version),
        "copy_of": str(activity.id) if copied else "",
        "title": activity.title,
        "kind": activity.kind_code,
        "place": activity.place_name or ("" if activity.address else activity.node.plate_name),
        "sign_up": SignUpWay.HERE if activity.sign_up == SignUpWay.DRAW else activity.sign_up,
        "capacity": activity.capacity,
        "max_party": activity.max_party,
        "course": activity.enrolment == Enrolment.COURSE,
        "sign_up_url": activity.sign_up_url,
        "description": activity.description,
        "fee_kind": "free" if activity.is_free else "paid",
        "fee": activity.fee,
        "bring": activity.bring,
        "audiences": [audience.code for audience in activity.audiences],
        "access": list(activity.access),
        "address": activity.address,
        "phone": activity.contact_phone,
        "organiser": activity.organiser,
        "teacher": activity.teacher,
        "co_organisers": activity.co_organisers,
        "poster": activity.poster or "",
        "poster_alt": activity.poster_alt,
        **(dates or {}),
    }
    if not copied:
        data |= {"opens_day": opens[0], "opens_time": opens[1]}
        data |= {"closes_day": closes[0], "closes_time": closes[1]}
    return data


def dates_of(activity: Activity) -> dict[str, Any] | None:
    """The dates in the form's fields; None where the form only adds to them.

    Public dates are moved or cancelled one by one, so that people are told; and some that were
    imported follow rules for which the form has no question.
    """
    if activity.state not in {ActivityState.DRAFT, ActivityState.SUBMITTED}:
        return None
    if len(scheduled(activity.sessions)) < len(activity.sessions):
        return None
    return of_dates([span_of(s) for s in activity.sessions], activity.rrule)


def moved_rule(rrule: str, spans: Sequence[Span]) -> str:
    """The weekly rule of dates that were moved by whole weeks: it ends with the last of them."""
    found = _WEEKLY_RULE.fullmatch(rrule)
    if found is None or not spans:
        return ""
    until = f"{spans[-1].starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"FREQ=WEEKLY;BYDAY={found[1]};UNTIL={until}"


def _moment(moment: datetime | None) -> tuple[date | None, time | None]:
    return (local(moment).date(), local(moment).time()) if moment else (None, None)


def chosen_parts(data: dict[str, Any]) -> set[str]:
    """Which of the folded parts hold something, and therefore stand open."""
    asked = {
        "dates": data.get("repeat", ONCE) != ONCE or data.get("last_day"),
        "sign_up": data.get("sign_up", SignUpWay.NONE) != SignUpWay.NONE,
        "about": any(data.get(name) for name in ("description", "fee", "bring", "address")),
        "poster": data.get("poster"),
    }
    return {part for part, holds in asked.items() if holds}


def of_dates(spans: Sequence[Span], rrule: str = "") -> dict[str, Any] | None:
    """What the form's fields hold for these dates; None where it has no way to say them."""
    if not spans:
        return {}
    first = spans[0]
    data = _row_data(first) | {"repeat": ONCE}
    if len(spans) == 1:
        last = local(first.ends_at).date() if first.ends_at else None
        if first.all_day:
            return data | {"starts": None, "ends": None, "last_day": last or data["day"]}
        return data | {"last_day": last} if _is_lasting(first) else data
    weekly = _weekly_data(spans, rrule)
    if weekly is not None:
        return data | weekly
    if len(spans) > MOST_ROWS + 1 or any(span.all_day or _is_lasting(span) for span in spans):
        return None
    return data | {"repeat": DATES, "rows": [_row_data(span) for span in spans[1:]]}


def _row_data(span: Span) -> dict[str, Any]:
    starts = local(span.starts_at)
    return {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": local(span.ends_at).time() if span.ends_at else None,
    }


def _is_lasting(span: Span) -> bool:
    if span.ends_at is None:
        return False
    day, starts = local(span.starts_at).date(), local(span.starts_at).time()
    return _span_or_none(day, starts, local(span.ends_at).time()) != span


def _span_or_none(day: date, starts: time, ends: time) -> Span | None:
    try:
        return make_span(day, starts, ends)
    except ValueError:
        return None


def _weekly_data(spans: Sequence[Span], rrule: str) -> dict[str, Any] | None:
    """A weekly rule of this form's own making, with the days left out; None for any other."""
    found = _WEEKLY_RULE.fullmatch(rrule)
    if found is None:
        return None
    first = spans[0]
    try:
        ruled = instances(rrule, first.starts_at, zone=site_zone())
    except BadRule:
        return None
    kept = {span.starts_at for span in spans}
    if not kept <= set(ruled) or any(like(first, s.starts_at) != s for s in spans):
        return None
    left_out = sorted(set(ruled) - kept)
    return {
        "repeat": WEEKLY,
        "weekdays": found[1].split(","),
        "until": local(spans[-1].starts_at).date(),
        "skipped": "\n".join(local(moment).date().isoformat() for moment in left_out),
    }
