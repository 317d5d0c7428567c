"""The dates of an activity, read from the form.

Single dates, a list of them, or every week until a day or a number of times. Whatever way they
were said, the clerk sees the dates that come of it before anybody else does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import gettext as _

from culture_cloud.activities.recurrence import HORIZON, BadRule, instances
from culture_cloud.web.moments import NotADay, at, parse_day
from culture_cloud.web.words import local, site_zone

from .forms import DATES, ONCE, WEEKDAYS, WEEKLY, ActivityForm, refuse
from .spans import Span, like, make_span


@dataclass(frozen=True, slots=True)
class Dates:
    """What was read: the sessions, and the rule of RFC 5545 where they follow one."""

    spans: tuple[Span, ...] = ()
    rrule: str = ""


def read_dates(form: ActivityForm, known: Iterable[datetime] = ()) -> Dates:
    """The dates that the form says; what cannot be is said beside its field.

    `known` are starts that were saved before: they may lie in the past.
    """
    first = _first_span(form)
    if first is None:
        return Dates()
    if first.starts_at not in set(known) and first.is_over:
        refuse(form.day, _("This day is over. Please write one from today on"))
    if form.repeat.data != ONCE and form.last_day.data is not None:
        refuse(form.last_day, _("Please leave this empty where it takes place again"))
    if form.repeat.data == DATES:
        return Dates(_sorted([first, *_row_spans(form, first)]))
    if form.repeat.data == WEEKLY:
        return _weekly(form, first)
    return Dates((first,))


def read_further_dates(form: ActivityForm, last: Span | None) -> tuple[Span, ...]:
    """The dates in the rows alone, for an activity whose dates are public already.

    Times that are left out are those of its last date.
    """
    return _sorted(_row_spans(form, last))


def _first_span(form: ActivityForm) -> Span | None:
    """The first date; None where it is left open, or cannot be read."""
    day, starts, ends, last = (
        form.day.data, form.starts.data, form.ends.data, form.last_day.data
    )  # fmt: skip
    if any(field.errors for field in (form.day, form.starts, form.ends, form.last_day)):
        return None
    if day is None:
        if starts or ends or last or form.repeat.data != ONCE:
            refuse(form.day, _("Please write the date"))
        return None
    if last is not None and last < day:
        refuse(form.last_day, _("The last day lies before the first. Please look at both"))
        return None
    if starts is None:
        if last is not None:
            return Span(at(day, time()), at(last, time(23, 59)), all_day=True)
        refuse(form.starts, _("Please write when it starts"))
        return None
    try:
        return make_span(day, starts, ends, last)
    except ValueError:
        refuse(form.ends, _("It ends before it starts. Please look at both times"))
        return None


def _row_spans(form: ActivityForm, model: Span | None) -> list[Span]:
    spans = []
    for number, entry in enumerate(form.rows.entries):
        row = entry.form
        if row.is_empty or any(field.errors for field in row):
            continue
        if row.day.data is None:
            form.refuse_row(number, "day", _("Please write the date"))
            continue
        try:
            span = _row_span(row, model)
        except ValueError:
            message = _("It ends before it starts. Please look at both times")
            form.refuse_row(number, "ends", message)
            continue
        if span is None:
            form.refuse_row(number, "starts", _("Please write when it starts"))
        elif span.is_over:
            message = _("This day is over. Please write one from today on")
            form.refuse_row(number, "day", message)
        else:
            spans.append(span)
    return spans


def _row_span(row: Any, model: Span | None) -> Span | None:
    starts, ends = row.starts.data, row.ends.data
    if starts is None and model is not None:
        starts = local(model.starts_at).time()
        if ends is None and model.ends_at is not None:
            ends = local(model.ends_at).time()
    return make_span(row.day.data, starts, ends) if starts is not None else None


def _weekly(form: ActivityForm, first: Span) -> Dates:
    day = local(first.starts_at).date()
    skipped = _skipped_days(form, day)
    last = _last_week_day(form, day)
    if last is None or form.skipped.errors or form.last_day.errors:
        return Dates((first,))
    own_day = WEEKDAYS[day.weekday()]
    days = [name for name in WEEKDAYS if name == own_day or name in (form.weekdays.data or [])]
    rule = f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    try:
        starts = instances(
            f"{rule};UNTIL={_utc(at(last, time(23, 59)))}",
            first.starts_at,
            zone=site_zone(),
            without=skipped,
        )
    except BadRule:
        refuse(form.until, _("No date is left. Please look at these days again"))
        return Dates((first,))
    if form.times.data is not None:
        starts = starts[: form.times.data]
        if len(starts) < form.times.data:
            refuse(form.times, _("That is longer than a year. Please write fewer times"))
    spans = tuple(like(first, moment) for moment in starts)
    return Dates(spans, f"{rule};UNTIL={_utc(starts[-1])}")


def _last_week_day(form: ActivityForm, first: date) -> date | None:
    """Until when the weeks are followed; with a number of times as far as one may plan."""
    until: date | None = form.until.data
    times: int | None = form.times.data
    if form.until.errors or form.times.errors:
        return None
    if until is None and times is None:
        refuse(form.until, _("Please write until which day, or how many times"))
        return None
    if until is not None and times is not None:
        refuse(form.times, _("Please fill in the last day or the number, not both"))
        return None
    furthest = first + HORIZON
    if until is None:
        return furthest
    if until < first:
        refuse(form.until, _("The last day lies before the first. Please look at both"))
        return None
    if until > furthest:
        refuse(form.until, _("Please write a day within a year"))
        return None
    return until


def _skipped_days(form: ActivityForm, first: date) -> list[date]:
    days, others = days_in(form.skipped.data or "")
    if others:
        message = _("Please write these days like 2026-10-01: %(days)s", days=", ".join(others))
        refuse(form.skipped, message)
    if first in days:
        refuse(
            form.skipped, _("The first date cannot be left out. Please write another first date")
        )
    return days


def days_in(text: str) -> tuple[list[date], list[str]]:
    """The days in a text that names one on each line or between commas, and what is none."""
    days: list[date] = []
    others: list[str] = []
    for part in re.split(r"[\n,，、;；]", text):
        if not part.strip():
            continue
        try:
            days.append(parse_day(part))
        except NotADay:
            others.append(part.strip())
    return days, others


def _sorted(spans: Iterable[Span]) -> tuple[Span, ...]:
    """By time, the same start once."""
    by_start = {span.starts_at: span for span in spans}
    return tuple(by_start[start] for start in sorted(by_start))


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
