"""Calendars and feeds are read by the libraries that others use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as Xml

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import services
from culture_cloud.activities.models import ActivityState, SessionState
from tests import factories
from tests.client import Browser

ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def events(client: Browser, path: str) -> list[dict[str, object]]:
    response = client.flask.get(path)
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.data)
    assert calendar["PRODID"]
    return [dict(event) for event in calendar.walk("VEVENT")]


def test_one_event_a_session_with_all_that_a_calendar_shows(
    client: Browser, session: Session
) -> None:
    with clock.frozen(NOW):
        activity = factories.make_activity(
            session,
            title="剪纸课；第一期, 初级",
            sessions=2,
            starts_at=NOW + timedelta(days=1),
            latitude=23.6,
            longitude=102.0,
        )
        session.commit()
        found = events(client, f"/activities/{activity.id}.ics")
    assert len(found) == 2
    assert len({str(event["UID"]) for event in found}) == 2
    first = found[0]
    assert str(first["SUMMARY"]) == "剪纸课；第一期, 初级"
    assert first["DTSTART"].dt == NOW + timedelta(days=1)  # type: ignore[attr-defined]
    assert first["DTEND"].dt == NOW + timedelta(days=1, hours=2)  # type: ignore[attr-defined]
    assert str(first["STATUS"]) == "CONFIRMED"
    assert f"/activities/{activity.id}" in str(first["URL"])
    assert first["GEO"].to_ical() == "23.6;102.0"  # type: ignore[attr-defined]


def test_a_moved_session_keeps_its_uid_and_counts_on(client: Browser, session: Session) -> None:
    starts = clock.ahead(days=2).replace(microsecond=0)
    activity = factories.make_activity(session, starts_at=starts)
    session.commit()
    before = events(client, f"/activities/{activity.id}.ics")[0]
    later = activity.sessions[0].starts_at + timedelta(days=1)
    services.move_session(session, activity.sessions[0].id, later, None, "下雨")
    session.commit()
    after = events(client, f"/activities/{activity.id}.ics")[0]
    assert str(after["UID"]) == str(before["UID"])
    assert int(str(after["SEQUENCE"])) > int(str(before["SEQUENCE"]))
    assert after["DTSTART"].dt == later  # type: ignore[attr-defined]


def test_what_is_cancelled_says_so(client: Browser, session: Session) -> None:
    activity = factories.make_activity(session, sessions=2)
    activity.sessions[0].state = SessionState.CANCELLED
    session.commit()
    states = [str(e["STATUS"]) for e in events(client, f"/activities/{activity.id}.ics")]
    assert sorted(states) == ["CANCELLED", "CONFIRMED"]


def test_a_whole_day_has_dates_without_hours(client: Browser, session: Session) -> None:
    midnight = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)
    activity = factories.make_activity(session, starts_at=midnight, hours=24)
    activity.sessions[0].all_day = True
    session.commit()
    event = events(client, f"/activities/{activity.id}.ics")[0]
    assert str(event["DTSTART"].dt) == "2026-11-30"  # type: ignore[attr-defined]
    assert str(event["DTEND"].dt) == "2026-12-01"  # type: ignore[attr-defined]


def test_a_nodes_calendar_holds_what_is_below_it(client: Browser, session: Session) -> None:
    hall = factories.make_node(session)
    branch = factories.make_node(session, parent=hall)
    other = factories.make_node(session, parent=hall)
    factories.make_activity(session, node=branch, title="本馆的")
    factories.make_activity(session, node=other, title="别馆的")
    session.commit()
    assert [str(e["SUMMARY"]) for e in events(client, f"/nodes/{branch.code}/activities.ics")] == [
        "本馆的"
    ]
    assert len(events(client, f"/nodes/{hall.code}/activities.ics")) == 2


def test_a_filters_calendar_holds_what_fits(client: Browser, session: Session) -> None:
    factories.make_activity(session, kind_code="lecture", title="讲座")
    factories.make_activity(session, kind_code="training", title="培训")
    session.commit()
    assert [str(e["SUMMARY"]) for e in events(client, "/activities.ics?kind=lecture")] == ["讲座"]


@pytest.mark.parametrize("path", ["/activities.atom", "/activities.atom?kind=lecture"])
def test_the_feed_is_well_formed_atom(client: Browser, session: Session, path: str) -> None:
    factories.make_activity(session, kind_code="lecture", title="名字里有<标签>&符号\x0b")
    factories.make_activity(session, state=ActivityState.DRAFT)
    session.commit()
    response = client.flask.get(path)
    feed = Xml.fromstring(response.data)
    assert feed.tag == ATOM + "feed"
    for name in ("id", "title", "updated"):
        assert feed.findtext(ATOM + name)
    entries = feed.findall(ATOM + "entry")
    assert [e.findtext(ATOM + "title") for e in entries] == ["名字里有<标签>&符号"]
    assert entries[0].find(f"{ATOM}author/{ATOM}name") is not None


def test_other_sites_may_subscribe(client: Browser) -> None:
    for path in ("/activities.ics", "/activities.atom"):
        assert client.flask.get(path).headers["Access-Control-Allow-Origin"] == "*"
