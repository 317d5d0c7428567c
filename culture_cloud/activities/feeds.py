"""To subscribe to: iCalendar (RFC 5545, RFC 7986) and Atom (RFC 4287), whole or by filter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as Xml

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from icalendar import Calendar, Event
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from culture_cloud import clock, db
from culture_cloud.network.site import current_site
from culture_cloud.web import words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import presenter, published, queries
from .filters import ActivityFilter, parse
from .models import EVERYWHERE, Activity, ActivitySession, ActivityState, SessionState

bp = Blueprint("feeds", __name__)

DAYS_AHEAD = 180
DAYS_BACK = 30
MOST_SESSIONS = 1000
MOST_ENTRIES = 50
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ATOM = "http://www.w3.org/2005/Atom"


@bp.get("/activities.ics", endpoint="calendar_file")
@public
@cacheable
def calendar_file() -> Response:
    """The activities of a filter as a calendar to subscribe to."""
    asked = parse(request.args)
    return _calendar(asked, asked.node)


@bp.get("/nodes/<code>/activities.ics")
@public
@cacheable
def node_calendar_file(code: str) -> Response:
    """The activities of a node and all below it as a calendar to subscribe to."""
    return _calendar(parse(request.args), code)


@bp.get("/activities/<int:activity_id>.ics")
@public
@cacheable
def activity_calendar_file(activity_id: int) -> Response:
    """One activity with all its sessions, to put into one's own calendar."""
    activity = queries.public_activity(db.session(), activity_id)
    calendar = _empty_calendar(activity.title)
    for occurrence in activity.sessions:
        calendar.add_component(event(activity, occurrence))
    return _ics(calendar, f"activity-{activity.id}.ics")


def _calendar(asked: ActivityFilter, node_code: str) -> Response:
    session, zone = db.session(), words.site_zone()
    node = queries.node_by_code(session, node_code) if node_code else None
    if asked.includes_past or asked.when or asked.last_day:
        first, end = asked.span(clock.now(), zone)
    else:
        first, end = clock.ago(days=DAYS_BACK), None
    cards = queries.cards_between(
        session,
        first,
        end or clock.ahead(days=DAYS_AHEAD),
        ancestor_id=node.id if node else EVERYWHERE,
        limit=MOST_SESSIONS,
        narrowed_by=asked,
    )
    ids = {card.activity_id for card in cards}
    activities = {
        activity.id: activity
        for activity in session.scalars(
            select(Activity)
            .options(
                joinedload(Activity.node),
                joinedload(Activity.place_node),
                joinedload(Activity.kind),
                selectinload(Activity.sessions),
            )
            .where(Activity.id.in_(ids))
        )
    }
    shown = {card.session_id for card in cards}
    name = node.plate_name if node else current_site().name
    calendar = _empty_calendar(f"{name} · {_('Activities')}")
    for activity in activities.values():
        for occurrence in activity.sessions:
            if occurrence.id in shown:
                calendar.add_component(event(activity, occurrence))
    return _ics(calendar, "activities.ics")


def _empty_calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Culture Cloud//Activities//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(words.site_zone()))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    return calendar


def event(activity: Activity, occurrence: ActivitySession) -> Event:
    """A session as VEVENT; its UID stays when it is moved, so calendars move it too."""
    component = Event()
    component.add("uid", session_uid(activity, occurrence))
    component.add("dtstamp", activity.updated_at)
    component.add("last-modified", activity.updated_at)
    component.add("sequence", activity.version)
    component.add("summary", activity.title)
    if occurrence.all_day:
        component.add("dtstart", words.local(occurrence.starts_at).date())
        component.add("dtend", words.last_day(occurrence.ends_at) + timedelta(days=1))
    else:
        component.add("dtstart", occurrence.starts_at)
        component.add("dtend", occurrence.ends_at)
    cancelled = activity.state == ActivityState.CANCELLED or (
        occurrence.state == SessionState.CANCELLED
    )
    component.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    address = presenter.address_words(activity)
    place = presenter.place_words(activity.node.plate_name, activity.place_name, activity.address)
    component.add("location", f"{place}, {address}" if address and address != place else place)
    if activity.latitude is not None and activity.longitude is not None:
        component.add("geo", (activity.latitude, activity.longitude))
    component.add("categories", [activity.kind.name])
    url = presenter.absolute(url_for("activities.page", activity_id=activity.id))
    component.add("url", url)
    fee = presenter.fee_words(activity.is_free, activity.fee)
    phone = presenter.contact_phone(activity)
    notes = [occurrence.note, activity.description, fee, phone, url]
    component.add("description", "\n\n".join(note for note in notes if note))
    if phone:
        component.add("contact", f"{activity.organiser or activity.node.plate_name} {phone}")
    return component


def session_uid(activity: Activity, occurrence: ActivitySession) -> str:
    return f"{occurrence.id}.{activity.uid}"


def _ics(calendar: Calendar, name: str) -> Response:
    response = Response(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


# --- Atom ----------------------------------------------------------------------------------------


@bp.get("/activities.atom", endpoint="atom")
@public
@cacheable
def atom() -> Response:
    """What was newly published, the newest first."""
    asked = parse(request.args)
    return _atom(asked.node, asked)


@bp.get("/nodes/<code>/activities.atom")
@public
@cacheable
def node_atom(code: str) -> Response:
    """What a node and all below it newly published."""
    return _atom(code, parse(request.args))


def _atom(node_code: str, asked: ActivityFilter) -> Response:
    session = db.session()
    node = queries.node_by_code(session, node_code) if node_code else None
    found = published.newest(
        session, asked, node_path=node.path if node else "", limit=MOST_ENTRIES
    )
    name = node.plate_name if node else current_site().name
    here = presenter.absolute(request.full_path.rstrip("?"))
    feed = Xml.Element("feed", xmlns=ATOM)
    _add(feed, "id", here)
    _add(feed, "title", f"{name} · {_('Activities')}")
    newest = max((activity.updated_at for activity in found), default=LONG_AGO)
    _add(feed, "updated", newest.isoformat())
    Xml.SubElement(feed, "link", rel="self", href=here)
    Xml.SubElement(feed, "link", rel="alternate", href=presenter.absolute("/activities"))
    for activity in found:
        _entry(feed, activity)
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(feed, encoding="utf-8")
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _entry(feed: Xml.Element, activity: Activity) -> None:
    url = presenter.absolute(url_for("activities.page", activity_id=activity.id))
    entry = Xml.SubElement(feed, "entry")
    _add(entry, "id", url)
    _add(entry, "title", _clean(activity.title))
    _add(entry, "updated", activity.updated_at.isoformat())
    if activity.published_at:
        _add(entry, "published", activity.published_at.isoformat())
    Xml.SubElement(entry, "link", rel="alternate", href=url)
    author = Xml.SubElement(entry, "author")
    _add(author, "name", _clean(activity.organiser or activity.node.plate_name))
    Xml.SubElement(entry, "category", term=activity.kind_code, label=activity.kind.name)
    when = [
        words.when_words(s.starts_at, s.ends_at, all_day=s.all_day, end_known=s.end_known)
        for s in activity.sessions[:5]
    ]
    place = presenter.place_words(activity.node.plate_name, activity.place_name, activity.address)
    _add(entry, "summary", _clean("\n".join([*when, place, activity.description])))


def _add(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = text


def _clean(text: str) -> str:
    """Without the control characters that XML 1.0 does not allow."""
    return "".join(c for c in text if c in "\n\t" or (c >= " " and not "\ud800" <= c <= "\udfff"))
