"""The calendar of a hall: all that is planned there, drafts too, and what clashes."""

from __future__ import annotations

import calendar as calendars_of_python
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from culture_cloud import db, i18n
from culture_cloud.access.permissions import Permission
from culture_cloud.activities.models import ActivityState
from culture_cloud.activities.queries import month_span
from culture_cloud.errors import NotFound, NotPermitted
from culture_cloud.network.models import Node
from culture_cloud.web import words
from culture_cloud.web.policies import staff

from . import clashes, own, wording
from .clashes import Clash, Held

bp = Blueprint("desk_calendar", __name__)

MOST_CLASHES = 50


@bp.get("/desk/calendar")
@staff(Permission.ACTIVITIES_EDIT)
def month() -> str:
    """A month of one hall, as a table; on a phone a list of its days."""
    session = db.session()
    halls = own.halls(session)
    node = _asked_node(halls)
    today = words.today()
    year, number = asked_month(today)
    start, end = month_span(year, number, words.site_zone())
    held = clashes.of_node(session, node, start, end)
    found = clashes.among(session, held, start, end)
    return render_template(
        "desk/calendar.html",
        title=month_words(year, number),
        node=node,
        halls=own.hall_choices(halls),
        month=f"{year}-{number:02d}",
        weeks=_weeks(year, number, today, held, found),
        previous=_link(node, date(year, number, 1) - timedelta(days=1)),
        following=_link(node, date(year + number // 12, number % 12 + 1, 1)),
        clashes=[clash_words(clash) for clash in found[:MOST_CLASHES]],
        more=max(0, len(found) - MOST_CLASHES),
        cut=len(held) == clashes.MOST,
    )


def _asked_node(halls: Sequence[Node]) -> Node:
    """The hall of the address, else the reader's first. Raises NotFound for others' halls."""
    code = request.args.get("node", "")
    if not code:
        if not halls:
            raise NotPermitted
        return halls[0]
    node = own.node(db.session(), code)
    if node is None:
        raise NotFound
    return node


def asked_month(otherwise: date) -> tuple[int, int]:
    """Year and month of the address; where it names none, those of another day."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", request.values.get("month", ""), re.ASCII)
    if found and 1990 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12:
        return int(found[1]), int(found[2])
    return otherwise.year, otherwise.month


def month_words(year: int, month: int) -> str:
    if i18n.is_chinese():
        return f"{year}年{month}月"
    return f"{calendars_of_python.month_name[month]} {year}"


def _link(node: Node, day: date) -> tuple[str, str]:
    href = url_for("desk_calendar.month", node=node.code, month=f"{day:%Y-%m}")
    return month_words(day.year, day.month), href


def _weeks(
    year: int, month: int, today: date, held: Sequence[Held], found: Sequence[Clash]
) -> list[list[dict[str, Any]]]:
    """The weeks of the month; what lasts several days stands on its first day in the month."""
    clashing = {one.session_id for clash in found for one in (clash.first, clash.second)}
    events: dict[date, list[dict[str, str]]] = {}
    for one in held:
        starts = words.local(one.starts_at)
        day = max(starts.date(), date(year, month, 1))
        events.setdefault(day, []).append(
            {
                "title": _marked(one, in_clash=one.session_id in clashing),
                "href": _page(one),
                "time": "" if one.all_day else f"{starts:%H:%M}",
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


def _marked(one: Held, *, in_clash: bool) -> str:
    """The title, with what is to be known of it in words."""
    marks = []
    if one.state != ActivityState.PUBLISHED:
        marks.append(wording.state_words(one.state))
    if in_clash:
        marks.append(_("Clash"))
    if not marks:
        return one.title
    return _("%(title)s (%(marks)s)", title=one.title, marks=_(", ").join(marks))


def _page(one: Held) -> str:
    """The desk's page of an own activity, the public one of others."""
    if own.scope().allows(one.node_path):
        return url_for("desk_activities.page", activity_id=one.activity_id)
    return url_for("activities.page", activity_id=one.activity_id)


def clash_words(clash: Clash) -> dict[str, Any]:
    """A clash as a line: what is wanted twice, and by whom."""
    room = clash.kind == clashes.VENUE
    what = _("Room: %(room)s", room=clash.what) if room else _("Teacher: %(name)s", name=clash.what)
    return {
        "what": what,
        "both": [
            {
                "title": one.title,
                "href": _page(one) if one.session_id > 0 else None,
                "when": words.when_words(
                    one.starts_at, one.ends_at, all_day=one.all_day, end_known=one.end_known
                ),
            }
            for one in (clash.first, clash.second)
        ],
    }
