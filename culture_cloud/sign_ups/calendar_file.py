"""A ticket as a calendar file (RFC 5545), so that the phone reminds people by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event

from culture_cloud import clock
from culture_cloud.activities.models import ActivitySession, SessionState
from culture_cloud.web.words import local

from . import tickets, wording
from .models import SignUp

REMINDERS = (timedelta(days=-1), timedelta(hours=-2))


def calendar_file(sign_up: SignUp) -> bytes:
    """One event per session or lesson. A cancelled one says so and does not remind."""
    return calendar_of([sign_up])


def calendar_of(sign_ups: Iterable[SignUp], name: str = "") -> bytes:
    """The events of several sign-ups, as a calendar of its own where it has a name."""
    calendar = Calendar()
    calendar.add("prodid", "-//Culture Cloud//Sign-ups//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval;value=duration", "PT4H")
    for sign_up in sign_ups:
        ticket = wording.ticket_words(sign_up)
        for occurrence in tickets.occurrences(sign_up):
            calendar.add_component(_event(ticket, occurrence))
    return bytes(calendar.to_ical())


def _event(ticket: wording.Ticket, occurrence: ActivitySession) -> Event:
    sign_up = ticket.sign_up
    stands = (
        ticket.is_confirmed and ticket.takes_place and occurrence.state == SessionState.SCHEDULED
    )
    event = Event()
    event.add("uid", f"sign-up-{sign_up.id}-{occurrence.id}@{ticket.activity.uid}")
    event.add("dtstamp", clock.now())
    if occurrence.all_day:
        event.add("dtstart", local(occurrence.starts_at).date())
    else:
        event.add("dtstart", occurrence.starts_at)
        event.add("dtend", occurrence.ends_at)
    event.add("summary", ticket.title)
    event.add("location", ticket.place)
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    event.add("url", ticket.url)
    event.add(
        "description",
        _("Number of your sign-up: %(code)s", code=f"{sign_up.code[:3]} {sign_up.code[3:]}")
        + (f"\n{_('Please bring')}: {ticket.activity.bring}" if ticket.activity.bring else "")
        + (f"\n{_('Call us: %(phone)s', phone=ticket.phone)}" if ticket.phone else ""),
    )
    if stands:
        for before in REMINDERS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", ticket.title)
            alarm.add("trigger", before)
            event.add_component(alarm)
    return event
