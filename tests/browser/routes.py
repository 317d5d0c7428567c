"""Every page of the site, made from the URL map: a route without an example fails."""

from __future__ import annotations

from flask import Flask, url_for
from sqlalchemy import or_, select
from werkzeug.routing import Rule

from culture_cloud import clock, db
from culture_cloud.activities.models import (
    Activity,
    ActivityFeed,
    ActivityState,
    Allotment,
    SignUpWay,
)
from culture_cloud.network.models import Node
from culture_cloud.sign_ups.models import SignUp
from culture_cloud.web.policies import policy_of
from tests.browser import examples as more
from tests.browser.places import Place

NOT_PAGES = (
    *(".ics", ".atom", ".xml", ".json", ".jsonld", ".xlsx", ".csv", ".txt"),
    *(".webp", ".jpg", ".png", ".svg", ".pdf"),
)

NO_PAGES = (
    *("static_files.", "health.", "mode_alias", "api.", "media.", "speech."),
    *("iiif_image.", "iiif_presentation.", "oai.", "heritage_media.", "desk_heritage.file_"),
    *("opds.", "recordings."),
)
OF_FILES = {
    "fingerprint",
    "name",
    "version",
    "motif",
    "seed",
    "width",
    "key",
    "media_id",
    "original_id",
    "region",
    "size",
    "rotation",
    "quality",
    "ending",
    "recording_id",
    "checksum",
}
"""Parts of addresses that only files have."""


def examples() -> dict[str, object]:
    """A value for each part of an address, from the demo county. New ones go into examples/."""
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
        "example": "sign-up",
        "attempt": "0" * 43,
    } | more.values(session)


def pages(app: Flask, policy: str) -> list[str]:
    """The paths of all HTML pages that carry the policy (`public`, `signed_in`, `staff`)."""
    return [place.path for place in places(app, policy)]


ROLE_FOR = {"public": "visitor", "signed_in": "resident", "staff": "manager"}


def places(app: Flask, policy: str) -> list[Place]:
    """All HTML pages that carry the policy, opened by whom they are for."""
    key = more.key_endpoints()
    with app.test_request_context(base_url="http://127.0.0.1/"):
        values = examples()
        return [
            Place(
                rule.rule,
                url_for(rule.endpoint, **_parts(rule, values)),  # type: ignore[arg-type]
                ROLE_FOR[policy],
                is_key=rule.endpoint in key,
            )
            for rule in page_rules(app)
            if (found := policy_of(app.view_functions[rule.endpoint])) is not None
            and found.name == policy
            and not _missing(rule, values)
        ]


def all_places(app: Flask) -> list[Place]:
    """Every page, and every state that a feature named."""
    with app.test_request_context(base_url="http://127.0.0.1/"):
        states = more.states(db.session())
    return [*(place for policy in ROLE_FOR for place in places(app, policy)), *states]


def without_example(app: Flask) -> list[str]:
    """Routes whose parts nobody gave an example for."""
    with app.test_request_context(base_url="http://127.0.0.1/"):
        values = examples()
        return [
            rule.rule
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or set()) and _missing(rule, values) - OF_FILES
        ]


def page_rules(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set())
        and not rule.rule.endswith(NOT_PAGES)
        and not rule.endpoint.startswith(NO_PAGES)
    ]


def _parts(rule: Rule, values: dict[str, object]) -> dict[str, object]:
    """The value for each part of the address: the page's own first, then its blueprint's."""
    blueprint = rule.endpoint.rpartition(".")[0]
    return {
        name: values.get(
            f"{rule.endpoint}.{name}", values.get(f"{blueprint}.{name}", values.get(name))
        )
        for name in rule.arguments
    }


def _missing(rule: Rule, values: dict[str, object]) -> set[str]:
    return {name for name, value in _parts(rule, values).items() if value is None}
