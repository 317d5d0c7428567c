"""The open API answers as its description says."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import validate
from sqlalchemy.orm import Session

from culture_cloud.activities.models import ActivityState
from tests import factories
from tests.client import Browser


def read(client: Browser, url: str, status: int = 200) -> Any:
    response = client.flask.get(url)
    assert response.status_code == status, response.text
    return response.get_json()


def check(client: Browser, document: Any, schema: str) -> None:
    """The document has the shape that the description gives it."""
    described = read(client, "/api/openapi.json")
    jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": described["components"]}
    ).validate(document)


def test_description_is_valid_openapi(client: Browser) -> None:
    validate(read(client, "/api/openapi.json"))


def test_lists_sessions_in_the_shape_described(client: Browser, session: Session) -> None:
    factories.make_activity(session, sessions=3)
    session.commit()
    found = read(client, "/api/v1/activities")
    check(client, found, "SessionList")
    starts = [item["starts_at"] for item in found["items"]]
    assert len(starts) == 3
    assert starts == sorted(starts)


def test_pages_reach_every_session_once(client: Browser, session: Session) -> None:
    activity = factories.make_activity(session, sessions=7)
    session.commit()
    seen: list[int] = []
    url: str | None = "/api/v1/activities?limit=2"
    while url:
        found = read(client, url[url.index("/api") :])
        seen += [item["session_id"] for item in found["items"]]
        url = found["next"]
    assert seen == [s.id for s in activity.sessions]


def test_one_activity_in_the_shape_described(client: Browser, session: Session) -> None:
    activity = factories.make_activity(session, places=5)
    session.commit()
    found = read(client, f"/api/v1/activities/{activity.id}")
    check(client, found, "Activity")
    assert found["sessions"][0]["sign_up"] == {
        "state": "open",
        "left": 5,
        "opens_at": None,
        "closes_at": found["sessions"][0]["starts_at"],
    }


def test_json_ld_is_a_schema_org_event(client: Browser, session: Session) -> None:
    activity = factories.make_activity(session)
    session.commit()
    found = read(client, f"/api/v1/activities/{activity.id}.jsonld")
    assert (found["@context"], found["@type"]) == ("https://schema.org", "Event")
    assert found["name"] == activity.title


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ActivityState.DRAFT, 404),
        (ActivityState.SUBMITTED, 404),
        (ActivityState.WITHDRAWN, 410),
        (ActivityState.CANCELLED, 200),
    ],
)
def test_shows_only_what_is_public(
    client: Browser, session: Session, state: ActivityState, status: int
) -> None:
    activity = factories.make_activity(session, state=state)
    session.commit()
    found = read(client, f"/api/v1/activities/{activity.id}", status)
    if status >= 400:
        check(client, found, "Error")


def test_nodes_name_their_parents(client: Browser, session: Session) -> None:
    hall = factories.make_node(session)
    branch = factories.make_node(session, parent=hall)
    session.commit()
    found = read(client, "/api/v1/nodes")
    check(client, found, "NodeList")
    assert {n["code"]: n["parent"] for n in found["items"]} == {
        hall.code: None,
        branch.code: hall.code,
    }


def test_values_that_make_no_sense_are_named_and_left_out(client: Browser) -> None:
    found = read(client, "/api/v1/activities?kind=%00&from=2026-02-31&limit=x&after=y&node=nowhere")
    assert sorted(found["ignored"]) == ["after", "from", "kind", "limit", "node"]


def test_other_sites_may_read_it(client: Browser) -> None:
    assert client.flask.get("/api/v1/nodes").headers["Access-Control-Allow-Origin"] == "*"
