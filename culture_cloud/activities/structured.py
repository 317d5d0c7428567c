"""An activity as schema.org Event, for search engines and the cloud above (R32)."""

from __future__ import annotations

from typing import Any

from flask import url_for

from .models import Activity, ActivitySession, ActivityState, SessionState
from .presenter import absolute, address_words
from .standing import Stand, Standing

_SCHEMA = "https://schema.org"


def event_json_ld(activity: Activity, standings: dict[int, Standing]) -> dict[str, Any]:
    """schema.org Event: one node for a single session, an Event with subEvent for several."""
    sessions = list(activity.sessions)
    whole = _common(activity)
    if len(sessions) == 1:
        return {"@context": _SCHEMA, **whole, **_timed(activity, sessions[0], standings)}
    if sessions:
        whole["startDate"] = min(s.starts_at for s in sessions).isoformat()
        whole["endDate"] = max(s.ends_at for s in sessions).isoformat()
        whole["eventStatus"] = _status(activity, None)
        whole["subEvent"] = [
            {"@type": "Event", "name": activity.title, "location": whole["location"]}
            | _timed(activity, occurrence, standings)
            for occurrence in sessions
        ]
    return {"@context": _SCHEMA, **whole}


def _common(activity: Activity) -> dict[str, Any]:
    url = absolute(url_for("activities.page", activity_id=activity.id))
    place: dict[str, Any] = {
        "@type": "Place",
        "name": activity.place_name or (activity.place_node or activity.node).plate_name,
        "address": address_words(activity),
    }
    if activity.latitude is not None and activity.longitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": activity.latitude,
            "longitude": activity.longitude,
        }
    event: dict[str, Any] = {
        "@type": "Event",
        "@id": url,
        "identifier": activity.uid,
        "url": url,
        "name": activity.title,
        "description": activity.description,
        "eventAttendanceMode": f"{_SCHEMA}/OfflineEventAttendanceMode",
        "location": place,
        "organizer": {
            "@type": "Organization",
            "name": activity.organiser or activity.node.plate_name,
        },
        "isAccessibleForFree": activity.is_free,
        "inLanguage": "zh-CN",
        "audience": [
            {"@type": "Audience", "audienceType": audience.name} for audience in activity.audiences
        ],
    }
    if activity.sign_up == "here" and activity.capacity is not None:
        event["maximumAttendeeCapacity"] = activity.capacity
    return event


def _timed(
    activity: Activity, occurrence: ActivitySession, standings: dict[int, Standing]
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "startDate": occurrence.starts_at.isoformat(),
        "eventStatus": _status(activity, occurrence),
    }
    if occurrence.end_known:
        facts["endDate"] = occurrence.ends_at.isoformat()
    if occurrence.recurrence_id is not None:
        facts["previousStartDate"] = occurrence.recurrence_id.isoformat()
    standing = standings.get(occurrence.id)
    if standing is not None and standing.left is not None:
        facts["remainingAttendeeCapacity"] = standing.left
    if standing is not None and standing.stand in {Stand.OPEN, Stand.FULL}:
        free = {"price": 0, "priceCurrency": "CNY"} if activity.is_free else {}
        facts["offers"] = {
            "@type": "Offer",
            "url": absolute(url_for("sign_ups.form", activity_id=activity.id)),
            "availability": f"{_SCHEMA}/{'InStock' if standing.is_open else 'SoldOut'}",
            **free,
        }
    return facts


def _status(activity: Activity, occurrence: ActivitySession | None) -> str:
    if activity.state == ActivityState.CANCELLED or (
        occurrence is not None and occurrence.state == SessionState.CANCELLED
    ):
        return f"{_SCHEMA}/EventCancelled"
    if occurrence is not None and occurrence.recurrence_id is not None:
        return f"{_SCHEMA}/EventRescheduled"
    return f"{_SCHEMA}/EventScheduled"
