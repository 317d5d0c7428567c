"""The ways through the desk. Only what is there, and what the reader may open, is linked."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.routing import BuildError

from culture_cloud.web.policies import policy_of


@dataclass(frozen=True, slots=True)
class DeskLink:
    """A way on: `picture` names an icon where it is a task."""

    href: str
    label: str
    current: bool = False
    picture: str = ""


def link(endpoint: str, **values: object) -> str | None:
    """The address of a view that exists and that the reader may open; else None."""
    view = current_app.view_functions.get(endpoint)
    if view is None:
        return None
    policy = policy_of(view)
    if policy is None or (policy.permission and not current_user.may(policy.permission)):
        return None
    try:
        return url_for(endpoint, **values)  # type: ignore[arg-type]
    except BuildError:
        return None


def desk_nav() -> list[DeskLink]:
    """The parts of the desk, beside every page of it."""
    parts = (
        ("desk.index", _("Staff desk")),
        ("desk_activities.listing", _("Activities")),
        ("desk_activities.new", _("New activity")),
        ("desk_callers.call", _("Somebody calls")),
        ("desk_calendar.month", _("Calendar")),
        ("desk_draws.index", _("Places by lot")),
        ("desk_imports.index", _("Import a list")),
        ("desk_heritage.index", _("Local heritage")),
        ("desk_reading.index", _("Reading room")),
        ("desk_nodes.index", _("Halls")),
        ("desk_recordings.index", _("Read pages aloud")),
        ("desk_feedback.index", _("What people say")),
        ("desk_notices.index", _("Messages")),
        ("desk_search.index", _("Search")),
        ("desk_audit.index", _("Audit trail")),
        ("desk_accounts.index", _("Accounts")),
    )
    found = [(link(endpoint), label) for endpoint, label in parts]
    links = [(href, label) for href, label in found if href is not None]
    here = max((href for href, _label in links if _is_here(href)), key=len, default="")
    return [DeskLink(href, label, href == here) for href, label in links]


def _is_here(href: str) -> bool:
    return request.path == href or request.path.startswith(href.rstrip("/") + "/")


def weekly_tasks(*, list_anchor: str = "") -> list[DeskLink]:
    """What a clerk does every week, one press away.

    `list_anchor` is where on the page the sessions with their people stand, if there are any.
    """
    people = list_anchor if link("desk_sign_ups.listing", activity_id=1) else ""
    tasks: list[tuple[str | None, str, str]] = [
        (link("desk_activities.new"), _("Publish an activity"), "plus"),
        (link("desk_again.page"), _("Hold last month's once more"), "copy"),
        (link("desk_callers.call"), _("Sign up a caller"), "phone"),
        (people, _("Check people in, print the list"), "print"),
        (link("desk_imports.index"), _("Import a list"), "download"),
    ]
    return [DeskLink(href, label, picture=picture) for href, label, picture in tasks if href]


def people_links(
    activity_id: int, session_value: str, session_id: int | None = None
) -> list[tuple[str, str]]:
    """To the people of one session, or of a course ("course"): addresses with their words.
    `session_id` is the date on which they come, for checking them in."""
    facts = {"activity_id": activity_id, "session": session_value}
    links = [
        (link("desk_sign_ups.listing", **facts), _("Who comes")),
        (link("desk_check_in.door", session_id=session_id) if session_id else None, _("Check-in")),
        (link("desk_sign_ups.add", **facts), _("Sign up a caller")),
        (link("desk_sign_ups.sheet", **facts), _("Print the list")),
    ]
    return [(href, label) for href, label in links if href]
