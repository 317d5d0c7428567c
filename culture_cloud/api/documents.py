"""The shapes that the API answers with."""

from __future__ import annotations

from typing import Any

from flask import url_for

from culture_cloud.activities.models import Activity
from culture_cloud.activities.presenter import absolute, address_words, contact_phone
from culture_cloud.activities.queries import Card
from culture_cloud.activities.standing import Standing
from culture_cloud.network.models import Node


def card_document(card: Card) -> dict[str, Any]:
    """One session of an activity, as a list shows it."""
    return {
        "activity_id": card.activity_id,
        "session_id": card.session_id,
        "title": card.title,
        "kind": card.kind_code,
        "starts_at": card.starts_at.isoformat(),
        "ends_at": card.ends_at.isoformat() if card.end_known else None,
        "all_day": card.all_day,
        "cancelled": card.is_cancelled,
        "node": card.node_code,
        "node_name": card.node_name,
        "place": card.place_name or card.address,
        "free": card.is_free,
        "fee": card.fee,
        "sign_up": standing_document(card.standing),
        "url": absolute(url_for("activities.page", activity_id=card.activity_id)),
        "api_url": absolute(url_for("api.activity", activity_id=card.activity_id)),
    }


def activity_document(activity: Activity, standings: dict[int, Standing]) -> dict[str, Any]:
    """One activity, whole."""
    return {
        "id": activity.id,
        "uid": activity.uid,
        "title": activity.title,
        "kind": activity.kind_code,
        "state": activity.state,
        "state_reason": activity.state_reason,
        "description": activity.description,
        "node": activity.node.code,
        "node_name": activity.node.plate_name,
        "place": activity.place_name,
        "address": address_words(activity),
        "latitude": activity.latitude,
        "longitude": activity.longitude,
        "free": activity.is_free,
        "fee": activity.fee,
        "bring": activity.bring,
        "audiences": [audience.code for audience in activity.audiences],
        "access": activity.access,
        "organiser": activity.organiser or activity.node.plate_name,
        "teacher": activity.teacher,
        "co_organisers": activity.co_organisers,
        "phone": contact_phone(activity),
        "enrolment": activity.enrolment,
        "capacity": activity.capacity,
        "rrule": activity.rrule,
        "source": {"name": activity.source_name, "url": activity.source_url},
        "updated_at": activity.updated_at.isoformat(),
        "sessions": [
            {
                "id": occurrence.id,
                "starts_at": occurrence.starts_at.isoformat(),
                "ends_at": occurrence.ends_at.isoformat() if occurrence.end_known else None,
                "all_day": occurrence.all_day,
                "state": occurrence.state,
                "note": occurrence.note,
                "moved_from": occurrence.recurrence_id.isoformat()
                if occurrence.recurrence_id
                else None,
                "sign_up": standing_document(standings[occurrence.id]),
            }
            for occurrence in activity.sessions
        ],
        "url": absolute(url_for("activities.page", activity_id=activity.id)),
        "calendar_url": absolute(url_for("feeds.activity_calendar_file", activity_id=activity.id)),
    }


def standing_document(standing: Standing) -> dict[str, Any]:
    """How it stands with signing up; `left` is null where places are without limit."""
    return {
        "state": standing.stand,
        "left": standing.left,
        "opens_at": standing.opens_at.isoformat() if standing.opens_at else None,
        "closes_at": standing.closes_at.isoformat() if standing.closes_at else None,
    }


def node_document(node: Node, parent_code: str | None) -> dict[str, Any]:
    """One node of the network."""
    return {
        "code": node.code,
        "name": node.name,
        "plate_name": node.plate_name,
        "level": node.level_code,
        "lines": node.lines,
        "parent": parent_code,
        "address": node.address,
        "latitude": node.latitude,
        "longitude": node.longitude,
        "phone": node.phone,
        "access": node.access,
        "opening_hours": [
            {
                "weekday": span.weekday + 1,
                "opens": span.opens.isoformat("minutes"),
                "closes": span.closes.isoformat("minutes"),
            }
            for span in node.hours
        ],
        "updated_at": node.updated_at.isoformat(),
    }
