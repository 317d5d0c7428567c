"""The month as a table, and the week in large print."""

from __future__ import annotations

import calendar as calendars_of_python
import re
from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from culture_cloud import db, i18n
from culture_cloud.network.site import current_site
from culture_cloud.speech.speaking import listening
from culture_cloud.web import pdf, words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import queries, spoken
from .asked import asked_for, by_day
from .blueprint import bp
from .filters import ActivityFilter, day_start
from .models import EVERYWHERE

MOST_IN_A_MONTH = 400
MOST_IN_A_WEEK = 300
WEEK_PARTS = 6
"""How many times the usual length the loudspeaker may take for a week."""


@bp.get("/activities/calendar")
@public
@cacheable
def month() -> str:
    """A month as a table; on phones a list of its days."""
    asked, node = asked_for()
    today = words.today()
    year, number = _month_asked(request.args.get("month", ""), today)
    zone = words.site_zone()
    first, end = queries.month_span(year, number, zone)
    cards = queries.cards_between(
        db.session(),
        first,
        end,
        ancestor_id=node.id if node else EVERYWHERE,
        limit=MOST_IN_A_MONTH,
        narrowed_by=asked,
    )
    previous = date(year, number, 1) - timedelta(days=1)
    following = date(year + number // 12, number % 12 + 1, 1)
    return render_template(
        "activities/calendar.html",
        title=_month_words(year, number),
        weeks=_weeks(year, number, today, cards),
        previous=_month_link(asked, previous),
        following=_month_link(asked, following),
        count=len(cards),
        cut=len(cards) == MOST_IN_A_MONTH,
        node=node,
    )


def _month_asked(text: str, today: date) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
    if found and 1990 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12:
        return int(found[1]), int(found[2])
    return today.year, today.month


def _month_words(year: int, month: int) -> str:
    return (
        f"{year}年{month}月"
        if i18n.is_chinese()
        else f"{calendars_of_python.month_name[month]} {year}"
    )


def _month_link(asked: ActivityFilter, day: date) -> tuple[str, str]:
    href = url_for("activities.month", month=f"{day:%Y-%m}", **asked.without("when").args())
    return _month_words(day.year, day.month), href


def _weeks(
    year: int, month: int, today: date, cards: list[queries.Card]
) -> list[list[dict[str, Any]]]:
    events: dict[date, list[dict[str, str]]] = {}
    for card in cards:
        starts = words.local(card.starts_at)
        events.setdefault(starts.date(), []).append(
            {
                "title": f"{card.title}（{_('Cancelled')}）" if card.is_cancelled else card.title,
                "href": url_for("activities.page", activity_id=card.activity_id),
                "time": "" if card.all_day else f"{starts:%H:%M}",
            }
        )
    days = calendars_of_python.Calendar(firstweekday=0)
    return [
        [
            {
                "date": day,
                "today": day == today,
                "outside": day.month != month,
                "events": events.get(day, []),
            }
            for day in week
        ]
        for week in days.monthdatescalendar(year, month)
    ]


@bp.get("/activities/week")
@public
@cacheable
def week() -> str:
    """A week in large print, to hang up in the doorway, and for the loudspeaker (SV-05)."""
    return _week_page()


@bp.get("/activities/week.pdf")
@public
def week_pdf() -> Response:
    """The same as a file, where the server can make one."""
    return pdf.answer(_week_page(), name="week.pdf")


def _week_page() -> str:
    asked, node = asked_for()
    today = words.today()
    start = asked.first_day or today
    monday = start - timedelta(days=start.weekday())
    zone = words.site_zone()
    session = db.session()
    cards = queries.cards_between(
        session,
        day_start(monday, zone),
        day_start(monday + timedelta(days=7), zone),
        ancestor_id=node.id if node else EVERYWHERE,
        limit=MOST_IN_A_WEEK,
        narrowed_by=asked,
    )
    kinds = {kind.code: kind for kind in queries.kinds(session)}
    rest = asked.without("when", "from", "to").args()
    days = by_day(cards, kinds)
    whose = node.plate_name if node else current_site().name

    def week_of(day: date) -> str:
        args: dict[str, Any] = {"from": day.isoformat(), **rest}
        return url_for("activities.week", **args)

    return render_template(
        "activities/week.html",
        node=node,
        span=f"{words.date_words(monday)} — {words.date_words(monday + timedelta(days=6))}",
        days=days,
        audio=listening(spoken.week(whose, days), parts=WEEK_PARTS) if days else None,
        paper="a3" if request.args.get("paper") == "a3" else "",
        pdfs=[
            (label, url_for("activities.week_pdf", paper=paper, **{"from": monday, **rest}))
            for label, paper in ((_("Save as PDF (A4)"), None), (_("Save as PDF (A3)"), "a3"))
        ],
        previous=week_of(monday - timedelta(days=7)),
        following=week_of(monday + timedelta(days=7)),
    )
