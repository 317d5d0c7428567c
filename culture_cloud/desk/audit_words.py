"""The words in which the trail speaks of activities, halls and accounts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import i18n
from culture_cloud.activities import queries as activities
from culture_cloud.audit import words
from culture_cloud.audit.models import AuditEntry
from culture_cloud.network.models import Node
from culture_cloud.web.fields import lazy as _l

NODE_FIELDS = frozenset({"node_id", "place_node_id", "parent_id"})
"""Fields whose value is a hall's id."""

_CREATED = {"created": _l("written"), "changed": _l("changed"), "deleted": _l("deleted")}

words.describe(
    "activity",
    noun=_l("Activity"),
    actions={
        **_CREATED,
        "date_added": _l("date added"),
        "date_changed": _l("date changed"),
        "date_removed": _l("date removed"),
        "exported": _l("list of people taken along"),
        "written_to": _l("people written to"),
        "checked_in": _l("arrivals counted"),
        "closed": _l("no-shows marked"),
        "reopened": _l("no-shows taken back"),
    },
    fields={
        "state": _l("State"),
        "state_reason": _l("Reason"),
        "title": _l("Title"),
        "kind_code": _l("Kind"),
        "node_id": _l("Hall"),
        "description": _l("Description"),
        "place_name": _l("Room"),
        "place_node_id": _l("Held in"),
        "address": _l("Address"),
        "is_free": _l("Free of charge"),
        "fee": _l("Costs"),
        "bring": _l("Please bring"),
        "access": _l("Access"),
        "organiser": _l("Organiser"),
        "teacher": _l("Who teaches or leads it?"),
        "co_organisers": _l("Co-organisers"),
        "contact_phone": _l("Phone"),
        "poster": _l("Poster"),
        "poster_alt": _l("What the poster shows"),
        "sign_up": _l("Way of signing up"),
        "sign_up_url": _l("Address for signing up"),
        "enrolment": _l("Sign-up for"),
        "capacity": _l("Places"),
        "sign_up_opens_at": _l("Sign-up opens"),
        "sign_up_closes_at": _l("Sign-up ends"),
        "max_party": _l("People in one sign-up"),
        "rrule": _l("Repeats"),
        "starts_at": _l("Begins"),
        "ends_at": _l("Ends"),
        "all_day": _l("All day"),
        "note": _l("Note"),
        "rows": _l("Sign-ups"),
        "full": _l("With phone numbers"),
        "count": _l("Number of people"),
    },
    values={
        "state": {
            "draft": _l("Draft"),
            "submitted": _l("Waits for review"),
            "published": _l("Published"),
            "cancelled": _l("Cancelled"),
            "withdrawn": _l("Taken off the site"),
            "scheduled": _l("Takes place"),
        },
        "sign_up": {
            "none": _l("Just come"),
            "here": _l("Here on the site"),
            "elsewhere": _l("Elsewhere"),
            "draw": _l("By lot"),
        },
        "enrolment": {"session": _l("each date"), "course": _l("the whole course")},
    },
    address=lambda number: url_for("desk_activities.page", activity_id=number),
)
words.describe(
    "draw",
    noun=_l("Draw"),
    actions=_CREATED,
    fields={
        "state": _l("State"),
        "state_reason": _l("Reason"),
        "title": _l("Title"),
        "opens_at": _l("Applying begins on"),
        "closes_at": _l("Applying ends on"),
        "weights": _l("Slips in the box"),
    },
    values={
        "state": {
            "open": _l("People can apply"),
            "drawn": _l("Drawn"),
            "called_off": _l("Called off"),
        }
    },
    address=lambda number: url_for("desk_draws.page", draw_id=number),
)
words.describe(
    "node",
    noun=_l("Hall"),
    actions={
        **_CREATED,
        "closing_added": _l("closing days added"),
        "closing_changed": _l("closing days changed"),
        "closing_removed": _l("closing days removed"),
        "notices_added": _l("rules of messages set"),
        "notices_changed": _l("rules of messages changed"),
        "notices_removed": _l("rules of messages removed"),
    },
    fields={
        "name": _l("Name"),
        "plate_name": _l("Public name"),
        "level_code": _l("Level"),
        "lines": _l("Lines"),
        "about": _l("About the hall"),
        "address": _l("Address"),
        "phone": _l("Phone"),
        "sms_phone": _l("Number for text messages"),
        "access": _l("Access"),
        "review_required": _l("Activities wait for review"),
        "closed_down": _l("Closed down"),
        "parent_id": _l("Belongs to"),
        "starts_on": _l("First day"),
        "ends_on": _l("Last day"),
        "reason": _l("Reason"),
        "opens": _l("Opens"),
        "closes": _l("Closes"),
        "quiet_from": _l("Quiet from"),
        "quiet_to": _l("Quiet until"),
        "sms_per_day": _l("Text messages a day"),
    },
)
words.describe(
    "account",
    noun=_l("Account"),
    actions={
        **_CREATED,
        "role_added": _l("role given"),
        "role_removed": _l("role taken away"),
    },
    fields={
        "name": _l("Name"),
        "phone": _l("Phone"),
        "email": _l("E-mail address"),
        "active": _l("In use"),
        "deleted_at": _l("Deleted at"),
        "role": _l("Role"),
        "node_id": _l("Hall"),
    },
    values={
        "role": {
            "system_administrator": _l("System administrator"),
            "main_hall_manager": _l("Manager of the main hall"),
            "branch_editor": _l("Editor of a branch"),
            "service_point_clerk": _l("Clerk of a service point"),
        }
    },
)


Names = dict[tuple[str, object], str]
"""What a value of a field is called, where the value is a key: (field, value) -> name."""


def names(session: Session, entries: Sequence[AuditEntry]) -> Names:
    """The names of all halls and kinds of activity that the entries speak of."""
    keys = {
        (field, value)
        for entry in entries
        for field, pair in json.loads(entry.changes).items()
        if field in NODE_FIELDS
        for value in pair
        if isinstance(value, int)
    }
    halls = select(Node.id, Node.plate_name).where(Node.id.in_({value for _field, value in keys}))
    called = {row.id: row.plate_name for row in session.execute(halls)}
    found: Names = {key: called[key[1]] for key in keys if key[1] in called}
    for kind in activities.kinds(session):
        found["kind_code", kind.code] = i18n.named(kind)
    return found
