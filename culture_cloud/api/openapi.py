"""The API's description (OpenAPI 3.1); tests hold the answers against it."""

from __future__ import annotations

from typing import Any

from culture_cloud.activities.filters import WHEN
from culture_cloud.activities.models import ActivityState, Enrolment, SessionState
from culture_cloud.activities.standing import Stand

TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}
MAYBE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
MAYBE_NUMBER = {"type": ["number", "null"]}
MAYBE_INTEGER = {"type": ["integer", "null"]}
TRUTH = {"type": "boolean"}
URL = {"type": "string", "format": "uri"}
TEXTS = {"type": "array", "items": TEXT}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: dict[str, Any] = {
    "SignUp": _object(
        state={"type": "string", "enum": [str(stand) for stand in Stand]},
        left=MAYBE_INTEGER,
        opens_at=MAYBE_MOMENT,
        closes_at=MAYBE_MOMENT,
    ),
    "SessionCard": _object(
        activity_id={"type": "integer"},
        session_id={"type": "integer"},
        title=TEXT,
        kind=TEXT,
        starts_at=MOMENT,
        ends_at=MAYBE_MOMENT,
        all_day=TRUTH,
        cancelled=TRUTH,
        node=TEXT,
        node_name=TEXT,
        place=TEXT,
        free=TRUTH,
        fee=TEXT,
        sign_up=_ref("SignUp"),
        url=URL,
        api_url=URL,
    ),
    "Session": _object(
        id={"type": "integer"},
        starts_at=MOMENT,
        ends_at=MAYBE_MOMENT,
        all_day=TRUTH,
        state={"type": "string", "enum": [str(state) for state in SessionState]},
        note=TEXT,
        moved_from=MAYBE_MOMENT,
        sign_up=_ref("SignUp"),
    ),
    "Activity": _object(
        id={"type": "integer"},
        uid=TEXT,
        title=TEXT,
        kind=TEXT,
        state={"type": "string", "enum": [ActivityState.PUBLISHED, ActivityState.CANCELLED]},
        state_reason=TEXT,
        description=TEXT,
        node=TEXT,
        node_name=TEXT,
        place=TEXT,
        address=TEXT,
        latitude=MAYBE_NUMBER,
        longitude=MAYBE_NUMBER,
        free=TRUTH,
        fee=TEXT,
        bring=TEXT,
        audiences=TEXTS,
        access=TEXTS,
        organiser=TEXT,
        teacher=TEXT,
        co_organisers=TEXT,
        phone=TEXT,
        enrolment={"type": "string", "enum": [str(way) for way in Enrolment]},
        capacity=MAYBE_INTEGER,
        rrule=TEXT,
        source=_object(name=TEXT, url=TEXT),
        updated_at=MOMENT,
        sessions={"type": "array", "items": _ref("Session")},
        url=URL,
        calendar_url=URL,
    ),
    "Node": _object(
        code=TEXT,
        name=TEXT,
        plate_name=TEXT,
        level=TEXT,
        lines=TEXTS,
        parent={"type": ["string", "null"]},
        address=TEXT,
        latitude=MAYBE_NUMBER,
        longitude=MAYBE_NUMBER,
        phone=TEXT,
        access=TEXTS,
        opening_hours={
            "type": "array",
            "items": _object(
                weekday={"type": "integer", "minimum": 1, "maximum": 7}, opens=TEXT, closes=TEXT
            ),
        },
        updated_at=MOMENT,
    ),
    "SessionList": _object(
        items={"type": "array", "items": _ref("SessionCard")},
        next={"type": ["string", "null"], "format": "uri"},
        ignored=TEXTS,
    ),
    "NodeList": _object(items={"type": "array", "items": _ref("Node")}),
    "Error": _object(error=TEXT, status={"type": "integer"}),
}


def description(server: str) -> dict[str, Any]:
    """The OpenAPI document, for a site that is reached at `server`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Culture Cloud 文化云",
            "version": "1",
            "summary": "Activities and nodes of a county's cultural network",
            "description": "Read-only. Query values that are not understood are left out and "
            "named in `ignored`. Lists are paged by the address in `next`.",
        },
        "servers": [{"url": server}],
        "paths": {
            "/api/v1/activities": {
                "get": _operation("listActivities", "Sessions in order of start", "SessionList")
                | {"parameters": _list_parameters()}
            },
            "/api/v1/activities/{activity_id}": {
                "get": _operation("getActivity", "One activity", "Activity", may_be_missing=True)
                | {"parameters": [_ACTIVITY_ID]}
            },
            "/api/v1/activities/{activity_id}.jsonld": {
                "get": {
                    "operationId": "getActivityJsonLd",
                    "summary": "One activity as schema.org Event",
                    "parameters": [_ACTIVITY_ID],
                    "responses": {
                        "200": {
                            "description": "JSON-LD",
                            "content": {"application/ld+json": {"schema": {"type": "object"}}},
                        },
                        "404": _missing(),
                        "410": _missing(),
                    },
                }
            },
            "/api/v1/nodes": {"get": _operation("listNodes", "The network", "NodeList")},
        },
        "components": {"schemas": SCHEMAS},
    }


_ACTIVITY_ID = {
    "name": "activity_id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer"},
}


def _operation(
    name: str, summary: str, schema: str, *, may_be_missing: bool = False
) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "200": {
            "description": summary,
            "content": {"application/json": {"schema": _ref(schema)}},
        }
    }
    if may_be_missing:
        responses |= {"404": _missing(), "410": _missing()}
    return {"operationId": name, "summary": summary, "responses": responses}


def _missing() -> dict[str, Any]:
    return {
        "description": "There is none, or it was withdrawn",
        "content": {"application/json": {"schema": _ref("Error")}},
    }


def _list_parameters() -> list[dict[str, Any]]:
    day = {"type": "string", "format": "date"}
    flag = {"type": "string", "enum": ["0", "1"]}
    questions: dict[str, tuple[dict[str, Any], str]] = {
        "when": ({"type": "string", "enum": list(WHEN)}, "days from today"),
        "from": (day, "first day"),
        "to": (day, "last day"),
        "kind": (TEXT, "code of a kind of activity"),
        "node": (TEXT, "code of a node; all below it are meant too"),
        "audience": (TEXT, "code of an audience"),
        "free": (flag, "only what is free"),
        "open": (flag, "only what one can sign up for now"),
        "after": (TEXT, "place in the list, taken from `next`"),
        "limit": ({"type": "integer", "minimum": 1, "maximum": 200}, "how many at most"),
    }
    return [
        {"name": name, "in": "query", "schema": schema, "description": words}
        for name, (schema, words) in questions.items()
    ]
