"""Every page of the site, made from the URL map: a route without an example fails."""

from __future__ import annotations

from flask import Flask, url_for
from sqlalchemy import or_, select

from culture_cloud import clock, db
from culture_cloud.activities.models import (
    Activity,
    ActivityFeed,
    ActivityState,
    Allotment,
    SignUpWay,
)
from culture_cloud.feedback.models import Feedback
from culture_cloud.network.models import Node
from culture_cloud.sign_ups.models import SignUp
from culture_cloud.web.policies import policy_of

NOT_PAGES = (
    *(".ics", ".atom", ".xml", ".json", ".jsonld", ".xlsx", ".csv", ".txt"),
    *(".webp", ".jpg", ".png", ".svg"),
)

NO_PAGES = ("static_files.", "health.", "mode_alias", "api.", "media.")
OF_FILES = {"fingerprint", "name", "version", "motif", "seed", "width", "key"}


def examples() -> dict[str, object]:
    """A value for each part of an address, from the demo county."""
    session = db.session()
    now = clock.now()
    activity_id = session.scalar(
        select(Activity.id)
        .join(Allotment, Allotment.activity_id == Activity.id)
        .where(
            Activity.state == ActivityState.PUBLISHED,
            Activity.sign_up == SignUpWay.HERE,
            Activity.first_starts_at > now,
            or_(Activity.sign_up_opens_at.is_(None), Activity.sign_up_opens_at < now),
            or_(Activity.sign_up_closes_at.is_(None), Activity.sign_up_closes_at > now),
            Allotment.taken < Allotment.capacity,
        )
        .order_by(Activity.first_starts_at)
    )
    activity = session.get(Activity, activity_id)
    assert activity is not None
    sign_up = session.scalar(select(SignUp).where(SignUp.state == "confirmed"))
    node_code = session.scalar(select(Node.code).where(Node.parent_id.is_not(None)))
    return {
        "activity_id": activity_id,
        "session_id": activity.sessions[-1].id,
        "code": node_code,
        "node_code": node_code,
        "node_id": session.scalar(select(Node.id).where(Node.code == node_code)),
        "token": sign_up.token if sign_up else "",
        "sign_up_id": sign_up.id if sign_up else 0,
        "feed_id": session.scalar(select(ActivityFeed.id)),
        "message": session.scalar(select(Feedback.token).where(Feedback.state == "open")),
        "feedback_id": session.scalar(select(Feedback.id).where(Feedback.state == "open")),
        "example": "sign-up",
        "attempt": "0" * 43,
    }


def pages(app: Flask, policy: str) -> list[str]:
    """The paths of all HTML pages that carry the policy (`public`, `signed_in`, `staff`)."""
    found_paths = []
    with app.test_request_context(base_url="http://127.0.0.1/"):
        values = examples()
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or set()) or rule.rule.endswith(NOT_PAGES):
                continue
            if rule.endpoint.startswith(
                ("static_files.", "health.", "mode_alias", "api.", "media.")
            ):
                continue
            found = policy_of(app.view_functions[rule.endpoint])
            if found is None or found.name != policy or not set(rule.arguments) <= set(values):
                continue
            chosen = {name: values[name] for name in rule.arguments}
            found_paths.append(url_for(rule.endpoint, **chosen))  # type: ignore[arg-type]
    return found_paths


def without_example(app: Flask) -> list[str]:
    """Routes whose parts nobody gave an example for."""
    with app.test_request_context(base_url="http://127.0.0.1/"):
        known = set(examples()) | {
            "fingerprint",
            "name",
            "version",
            "motif",
            "seed",
            "width",
            "key",
        }
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not set(rule.arguments) <= known
    ]
