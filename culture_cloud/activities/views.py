"""Public pages of activities: the list, one activity, the month, the week for print."""

from __future__ import annotations

import calendar as calendars_of_python
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from culture_cloud import clock, db, i18n
from culture_cloud.covers import social
from culture_cloud.errors import Gone, NotFound
from culture_cloud.network.facts import ACCESS_FACTS
from culture_cloud.network.models import Node
from culture_cloud.network.site import current_site
from culture_cloud.web import modes, words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import facets, presenter, queries
from .filters import WHEN, ActivityFilter, day_start, parse
from .models import EVERYWHERE, TOPIC, Activity, Enrolment
from .structured import event_json_ld

bp = Blueprint("activities", __name__)

ELDER_PAGE_SIZE = 5
"""No more choices than fit one look (EL-12)."""
LASTING_SHOWN = 5
MOST_IN_A_MONTH = 400
MOST_IN_A_WEEK = 300

_counts = facets.CountCache()


# --- the list ------------------------------------------------------------------------------------


@bp.get("/activities")
@public
@cacheable
def listing() -> str:
    """What is on, from today; narrowed by plain links and one GET form."""
    asked, node = _asked_for()
    session, zone = db.session(), words.site_zone()
    ancestor_id = node.id if node else EVERYWHERE
    elder = modes.current_mode() == modes.ELDER
    page = queries.list_page(
        session,
        asked,
        ancestor_id=ancestor_id,
        zone=zone,
        size=ELDER_PAGE_SIZE if elder else queries.PAGE_SIZE,
    )
    on_first_page = asked.after is None and asked.before is None
    lasting = (
        queries.lasting_cards(
            session, asked, ancestor_id=ancestor_id, zone=zone, limit=LASTING_SHOWN
        )
        if on_first_page
        else []
    )
    kinds = {kind.code: kind for kind in queries.kinds(session)}
    offered = _offered(kinds)
    counted = _counted(asked, offered, ancestor_id)
    return render_template(
        "activities/list.html",
        asked=asked,
        node=node,
        days=_by_day(page.cards, kinds),
        lasting=lasting,
        lasting_rows=[_lasting_row(presenter.card_words(card, kinds)) for card in lasting],
        lasting_shown=LASTING_SHOWN,
        total=_total_words(counted[("all", "")]),
        quick=_quick_links(asked, counted),
        groups=_filter_groups(asked, offered, kinds, counted),
        chips=_chips(asked, node, kinds, offered),
        next_url=_list_url(asked, after=str(page.next)) if page.next else None,
        previous_url=_list_url(asked, before=str(page.previous)) if page.previous else None,
        ics_url=url_for("feeds.calendar_file", **asked.args()),
        atom_url=url_for("feeds.atom", **asked.args()),
        on_first_page=on_first_page,
    )


def _asked_for() -> tuple[ActivityFilter, Node | None]:
    """The filter, with codes that nobody knows left out and named in `ignored`."""
    asked = parse(request.args)
    node = None
    if asked.node:
        node = queries.node_by_code(db.session(), asked.node)
        if node is None:
            asked = _ignoring(asked, "node")
    return asked, node


def _ignoring(asked: ActivityFilter, name: str) -> ActivityFilter:
    return replace(asked.without(name), ignored=(*asked.ignored, name))


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of the list, under its heading."""

    near: str
    date: str
    cards: list[presenter.CardWords]


def _lasting_row(shown: presenter.CardWords) -> dict[str, str]:
    return {"title": shown.title, "href": shown.href, "note": f"{shown.when} · {shown.place}"}


def _by_day(cards: list[queries.Card], kinds: dict[str, Any]) -> list[_Day]:
    return [
        _Day(
            near=words.near_day_words(day),
            date=words.date_words(day),
            cards=[presenter.card_words(card, kinds) for card in of_day],
        )
        for day, of_day in groupby(cards, key=lambda card: words.local(card.starts_at).date())
    ]


def _offered(kinds: dict[str, Any]) -> tuple[facets.Choices, dict[str, str]]:
    """The choices of the filters, and the names of the audiences."""
    session = db.session()
    audiences = {audience.code: i18n.named(audience) for audience in queries.audiences(session)}
    choices = facets.Choices(
        kinds=tuple(kinds), audiences=tuple(audiences), nodes=tuple(queries.node_choices(session))
    )
    return choices, audiences


def _counted(
    asked: ActivityFilter, offered: tuple[facets.Choices, dict[str, str]], ancestor_id: int
) -> facets.Counts:
    """Counts beside the filters, from memory while nothing changed."""
    # "still open" depends on places and on the minute; the others on activities and the day
    version: tuple[object, ...] = tuple(
        (topic, number)
        for topic, number in db.database().versions()
        if topic in {TOPIC, "network", "places"}
    )
    key = (id(current_app._get_current_object()), ancestor_id, *asked.args().items())  # type: ignore[attr-defined]  # noqa: SLF001
    version = (*version, int(clock.now().timestamp() // 60))
    counted = _counts.get(key, version)
    if counted is None:
        counted = facets.counts(
            db.session(), asked, offered[0], ancestor_id=ancestor_id, zone=words.site_zone()
        )
        _counts.keep(key, version, counted)
    return counted


def _total_words(count: int) -> str:
    if count >= facets.ENOUGH:
        return _("More than %(num)d sessions", num=facets.ENOUGH - 1)
    return str(ngettext("%(num)d session", "%(num)d sessions", count))


def _count_words(count: int) -> str:
    return f"{facets.ENOUGH - 1}+" if count >= facets.ENOUGH else str(count)


def _when_names() -> dict[str, str]:
    return {
        "": _("Any day"),
        "today": _("Today"),
        "weekend": _("This weekend"),
        "week": _("This week"),
        "month": _("The next 30 days"),
    }


def _list_url(asked: ActivityFilter, **change: str) -> str:
    args: dict[str, Any] = {**asked.args(), **change}
    return url_for("activities.listing", **{k: v for k, v in args.items() if v})


def _quick_links(asked: ActivityFilter, counted: facets.Counts) -> list[dict[str, Any]]:
    names = _when_names()
    days = asked.without("when", "from", "to")
    links = [
        {
            "label": f"{names[when]} {_count_words(counted[('when', when)])}",
            "href": _list_url(days, when=when),
            "current": asked.when == when,
        }
        for when in ("today", "weekend", "week")
    ]
    for name, label in (("open", _("Places left")), ("free", _("Free"))):
        chosen = bool(getattr(asked, name))
        links.append(
            {
                "label": f"{label} {_count_words(counted[(name, '1')])}",
                "href": _list_url(asked.without(name), **({} if chosen else {name: "1"})),
                "current": chosen,
            }
        )
    return links


def _filter_groups(
    asked: ActivityFilter,
    offered: tuple[facets.Choices, dict[str, str]],
    kinds: dict[str, Any],
    counted: facets.Counts,
) -> list[dict[str, Any]]:
    choices, audience_names = offered

    def group(
        name: str, legend: str, chosen: str, any_label: str, options: list[tuple[str, str]]
    ) -> dict[str, Any]:
        listed = [("", any_label), *options]
        return {
            "name": name,
            "legend": legend,
            "options": [
                {
                    "value": value,
                    "label": label,
                    "count": _count_words(counted[(name, value)]),
                    "checked": chosen == value,
                }
                for value, label in listed
                if value in {"", chosen} or counted[(name, value)]
            ],
        }

    names = _when_names()
    return [
        group("when", _("When"), asked.when, names[""], [(w, names[w]) for w in WHEN]),
        group(
            "kind",
            _("What"),
            asked.kind,
            _("Everything"),
            [(code, i18n.named(kind)) for code, kind in kinds.items()],
        ),
        group(
            "node",
            _("Where"),
            asked.node if any(n.code == asked.node for n in choices.nodes) else "",
            _("The whole county"),
            [(node.code, node.name) for node in choices.nodes],
        ),
        group(
            "audience",
            _("For whom"),
            asked.audience,
            _("Anyone"),
            list(audience_names.items()),
        ),
    ]


def _chips(
    asked: ActivityFilter,
    node: Node | None,
    kinds: dict[str, Any],
    offered: tuple[facets.Choices, dict[str, str]],
) -> list[dict[str, str]]:
    """What the list is narrowed to, each with the way out."""
    chips = []
    if asked.when:
        chips.append((_when_names()[asked.when], "when"))
    if asked.first_day or asked.last_day:
        first = words.day_words(asked.first_day) if asked.first_day else _("Today")
        last = words.day_words(asked.last_day) if asked.last_day else _("open end")
        chips.append((_("%(first)s to %(last)s", first=first, last=last), "days"))
    if asked.kind in kinds:
        chips.append((i18n.named(kinds[asked.kind]), "kind"))
    if node is not None:
        chips.append((node.plate_name, "node"))
    if asked.audience in offered[1]:
        chips.append((offered[1][asked.audience], "audience"))
    if asked.free:
        chips.append((_("Free"), "free"))
    if asked.open:
        chips.append((_("Places left"), "open"))
    dropped = {"days": ("from", "to")}
    return [
        {"label": label, "href": _list_url(asked.without(*dropped.get(name, (name,))))}
        for label, name in chips
    ]


# --- one activity --------------------------------------------------------------------------------


@bp.get("/activities/<int:activity_id>")
@public
@cacheable
def page(activity_id: int) -> Any:
    """One activity: what, when, where, how to sign up, whom to call."""
    session = db.session()
    try:
        activity = queries.public_activity(session, activity_id)
    except (NotFound, Gone) as missing:
        return _missing(missing)
    return render_template("activities/activity.html", **page_facts(activity))


def page_facts(activity: Activity) -> dict[str, Any]:
    """What the page of a loaded activity shows; the desk draws drafts with the same."""
    standings = queries.session_standings(activity)
    now = clock.now()
    coming = [s for s in activity.sessions if s.ends_at > now]
    shown = coming or list(activity.sessions[-3:])
    is_course = activity.enrolment == Enrolment.COURSE
    main = next((s for s in shown if standings[s.id].is_open), shown[0] if shown else None)
    return {
        "activity": activity,
        "kind": i18n.named(activity.kind),
        "access_names": [
            str(ACCESS_FACTS[code]) for code in activity.access if code in ACCESS_FACTS
        ],
        "audiences": [i18n.named(audience) for audience in activity.audiences],
        "audience_tags": [
            (i18n.named(audience), "plain")
            for audience in activity.audiences
            if audience.code != "everyone"
        ],
        "sessions": shown,
        "past_count": len(activity.sessions) - len(coming) if coming else 0,
        "standings": standings,
        "main_session": main,
        "main_standing": standings[main.id] if main else None,
        "is_course": is_course,
        "place": presenter.place_words(
            (activity.place_node or activity.node).plate_name if activity.place_node_id else "",
            activity.place_name,
            activity.address,
        ),
        "address": presenter.address_words(activity),
        "fee": presenter.fee_words(activity.is_free, activity.fee),
        "phone": presenter.contact_phone(activity),
        "places_words": presenter.places_words,
        "picture": presenter.picture(
            activity.kind.motif, activity.title, activity.poster, activity.poster_alt
        ),
        "json_ld": event_json_ld(activity, standings),
        "page_url": presenter.absolute(url_for("activities.page", activity_id=activity.id)),
        "social_url": presenter.absolute(f"/activities/{activity.id}/social.jpg"),
    }


@bp.get("/activities/<int:activity_id>/social.jpg")
@public
def social_picture(activity_id: int) -> Response:
    """The picture that chats and other sites show beside a link, with title, time and place.

    Without a Chinese font on the server it is the plain cover.
    """
    activity = queries.public_activity(db.session(), activity_id)
    first = next(iter(activity.sessions), None)
    when = words.when_words(first.starts_at, first.ends_at, all_day=first.all_day) if first else ""
    texts = social.Words(
        title=activity.title,
        when=when,
        place=presenter.place_words(activity.node.plate_name, activity.place_name),
        site_name=current_site().name,
    )
    drawn = social.jpeg(texts, activity.kind.motif)
    if drawn is None:
        return redirect(presenter.picture(activity.kind.motif, activity.title, None, "").src)
    response = Response(drawn, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _missing(missing: NotFound | Gone) -> Any:
    """An unknown or withdrawn activity: say so, and show what else is on."""
    g.personal = True
    session = db.session()
    kinds = {kind.code: kind for kind in queries.kinds(session)}
    cards = queries.upcoming_cards(session, limit=6, zone=words.site_zone())
    html = render_template(
        "activities/missing.html",
        withdrawn=isinstance(missing, Gone),
        cards_shown=[presenter.card_words(card, kinds) for card in cards],
    )
    return html, missing.status


# --- the month and the week ----------------------------------------------------------------------


@bp.get("/activities/calendar")
@public
@cacheable
def month() -> str:
    """A month as a table; on phones a list of its days."""
    asked, node = _asked_for()
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
    """A week in large print, to hang up in the doorway."""
    asked, node = _asked_for()
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

    def week_of(day: date) -> str:
        args: dict[str, Any] = {"from": day.isoformat(), **rest}
        return url_for("activities.week", **args)

    return render_template(
        "activities/week.html",
        node=node,
        span=f"{words.date_words(monday)} — {words.date_words(monday + timedelta(days=6))}",
        days=_by_day(cards, kinds),
        previous=week_of(monday - timedelta(days=7)),
        following=week_of(monday + timedelta(days=7)),
    )
