"""Places: taken and given back by one statement, counted anew on request."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.activities.models import Activity, Allotment
from culture_cloud.sign_ups import intake, places
from tests import factories

from .wishes import fresh, wish


@pytest.fixture
def activity(session: Session) -> Activity:
    found = factories.make_activity(session, places=3)
    session.commit()
    return found


def taken(session: Session) -> int:
    count: int = fresh(session, select(Allotment))[0].taken
    return count


def take(activity: Activity, number: int) -> bool:
    with db.transaction() as session:
        return places.take(session, activity.allotments[0].id, number)


def test_takes_what_is_left_and_no_more(activity: Activity, session: Session) -> None:
    assert take(activity, 2)
    assert not take(activity, 2)
    assert take(activity, 1)
    assert not take(activity, 1)
    assert taken(session) == 3


def test_places_without_limit_never_run_out(session: Session) -> None:
    activity = factories.make_activity(session, places=None)
    session.commit()
    assert all(take(activity, 5) for _ in range(10))
    assert taken(session) == 50


@pytest.mark.parametrize(
    "change", [{"state": "cancelled"}, {"state": "withdrawn"}, {"sign_up": "elsewhere"}]
)
def test_takes_nothing_of_an_activity_that_gives_no_places(
    activity: Activity, session: Session, change: dict[str, Any]
) -> None:
    for name, value in change.items():
        setattr(activity, name, value)
    session.commit()
    assert not take(activity, 1)
    assert taken(session) == 0


def test_takes_nothing_of_a_cancelled_session(activity: Activity, session: Session) -> None:
    activity.sessions[0].state = "cancelled"
    session.commit()
    assert not take(activity, 1)


def test_gives_back(activity: Activity, session: Session) -> None:
    take(activity, 3)
    with db.transaction() as writing:
        places.give_back(writing, activity.allotments[0].id, 2)
    assert taken(session) == 1


def test_every_change_of_places_moves_the_version_of_pages(activity: Activity) -> None:
    before = dict(db.database().versions()).get("places", 0)
    take(activity, 1)
    assert dict(db.database().versions())["places"] == before + 1
    take(activity, 5)
    assert dict(db.database().versions())["places"] == before + 1


def test_verify_says_that_counts_agree(app: Flask, activity: Activity) -> None:
    intake.sign_up(wish(activity, party_size=2))
    result = app.test_cli_runner().invoke(args=["places", "verify"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("wrong", [0, 1, 3])
def test_verify_fails_on_any_difference(
    app: Flask, activity: Activity, session: Session, wrong: int
) -> None:
    intake.sign_up(wish(activity, party_size=2))
    session.execute(update(Allotment).values(taken=wrong))
    session.commit()
    result = app.test_cli_runner().invoke(args=["places", "verify"])
    assert result.exit_code != 0
    assert f"{wrong} counted, 2 held" in result.output


def test_verify_counts_no_cancelled_sign_ups(app: Flask, activity: Activity) -> None:
    from culture_cloud.sign_ups import services

    result = intake.sign_up(wish(activity, party_size=2))
    with db.transaction() as session:
        services.cancel(session, result.token)
    assert app.test_cli_runner().invoke(args=["places", "verify"]).exit_code == 0
