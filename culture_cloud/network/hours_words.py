"""Opening hours in the words people use: 今天上午8点30分至12点、下午2点至5点30分开放."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from culture_cloud.i18n import is_chinese
from culture_cloud.web import words

from .hours import Exceptional, Span, Standing, State, Timetable, Week

MONDAY = date(2024, 1, 1)
"""Any Monday: the names of weekdays are asked of dates."""

DAYS_A_WEEKDAY_NAMES = 7
"""From here on "Wednesday" would be taken for the nearer one, so the date is said."""


def span_words(span: Span) -> str:
    """上午8点30分至12点; 8:30 am to 12:00 pm."""
    opens, closes = span
    first = words.clock_words(opens.hour, opens.minute)
    if not is_chinese():
        return f"{first} to {words.clock_words(closes.hour, closes.minute)}"
    same_part = _part_of_day(opens) == _part_of_day(closes) or closes == time(12)
    return f"{first}至{words.clock_words(closes.hour, closes.minute, part=not same_part)}"


def spans_words(spans: tuple[Span, ...]) -> str:
    """All spans of a day in one phrase; empty for a day of rest."""
    if is_chinese():
        return "、".join(span_words(span) for span in spans)
    texts = [span_words(span) for span in spans]
    return " and ".join((", ".join(texts[:-1]), texts[-1])) if len(texts) > 1 else "".join(texts)


def _part_of_day(moment: time) -> str:
    whole = words.clock_words(moment.hour, moment.minute)
    return whole.removesuffix(words.clock_words(moment.hour, moment.minute, part=False))


def now_words(state: State) -> str:
    """Whether one can come now, and if not, when. Empty where nobody has entered hours."""
    if state.standing is Standing.UNKNOWN:
        return ""
    if state.standing is Standing.OPEN and state.closes is not None:
        closes = words.clock_words(state.closes.hour, state.closes.minute)
        return str(_("Open now, until %(time)s", time=closes))
    if state.standing is Standing.CLOSED_TODAY:
        reason = state.exception.reason if state.exception else ""
        said = _("Closed today: %(reason)s", reason=reason) if reason else _("Closed today")
    elif state.standing is Standing.OVER:
        said = _("Closed for today")
    else:
        said = _("Closed now")
    opening = opening_words(state.next_opening)
    return f"{said}{'。' if is_chinese() else '. '}{opening}" if opening else said


def opening_words(opening: datetime | None) -> str:
    """明天上午8点30分开门. Empty where no opening is known."""
    if opening is None:
        return ""
    at = words.clock_words(opening.hour, opening.minute)
    near = words.near_day_words(opening.date())
    if near:
        return str(_("%(day)s at %(time)s it opens", day=near, time=at))
    if opening.date() - words.today() < timedelta(days=DAYS_A_WEEKDAY_NAMES):
        return str(_("It opens on %(day)s at %(time)s", day=words.weekday_words(opening), time=at))
    return str(_("It opens on %(day)s at %(time)s", day=words.date_words(opening.date()), time=at))


def today_words(state: State) -> str:
    """今天上午8点30分至12点开放. Empty where it is closed all day or nothing is known."""
    if not state.spans:
        return ""
    return str(_("Open today %(hours)s", hours=spans_words(state.spans)))


def week_rows(week: Week, today: date) -> list[tuple[str, str, bool]]:
    """The table of the usual week: (day, hours, whether it is today), Monday first."""
    return [
        (
            words.weekday_words(MONDAY + timedelta(days=weekday)),
            spans_words(week.get(weekday, ())) or _("Closed"),
            weekday == today.weekday(),
        )
        for weekday in range(7)
    ]


def exception_words(exception: Exceptional) -> str:
    """10月1日至10月7日不开放：国庆放假; 10月3日开放时间改为上午9点至12点."""
    days = words.day_words(exception.starts_on)
    if exception.ends_on != exception.starts_on:
        last = words.day_words(exception.ends_on)
        days = _("%(first)s to %(last)s", first=days, last=last)
    else:
        days = words.date_words(exception.starts_on)
    if exception.spans:
        said: str = _("%(days)s: open %(hours)s", days=days, hours=spans_words(exception.spans))
    else:
        said = _("%(days)s: closed", days=days)
    if not exception.reason:
        return said
    return str(_("%(what)s (%(reason)s)", what=said, reason=exception.reason))


def coming_words(timetable: Timetable, today: date) -> list[str]:
    """The days that differ from the usual week, in force or coming soon."""
    return [exception_words(e) for e in timetable.coming_exceptions(today)]
