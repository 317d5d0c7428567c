"""The county of any size: like a living site's data, only more of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock, db, demo
from culture_cloud.activities import agenda
from culture_cloud.activities.models import Activity, AgendaEntry, Allotment
from culture_cloud.demo import content, scale
from culture_cloud.demo.scale_rows import CountyRows, Place
from culture_cloud.network.models import Node
from culture_cloud.sign_ups import places
from culture_cloud.sign_ups.models import SignUp
from tests import factories
from tests.client import Browser

SIZE = 400


@pytest.fixture
def county(app_context: Flask) -> Iterator[Session]:
    scale.make_county(SIZE)
    yield db.session()


def agenda_rows(session: Session) -> list[tuple[Any, ...]]:
    columns = AgendaEntry.__table__.c
    return sorted(tuple(row) for row in session.execute(select(*columns)))


def test_command_makes_a_county_once_and_then_refuses(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo", "--scale", "60"])
    assert first.exit_code == 0, first.output
    assert "60 activities" in first.output
    again = runner.invoke(args=["demo", "--scale", "60"])
    assert again.exit_code == 1
    assert "not empty" in again.output


def test_refuses_to_mix_with_data(session: Session) -> None:
    factories.make_network(session)
    session.commit()
    with pytest.raises(demo.CountyNotEmpty):
        scale.make_county(10)
    assert db.session().scalar(select(func.count()).select_from(Activity)) == 0


def test_writes_as_many_activities_as_asked_for_and_tells_how_far_it_is(
    app_context: Flask,
) -> None:
    heard: list[int] = []
    made = scale.make_county(70, on_progress=heard.append)
    assert made.activities == 70 == db.session().scalar(select(func.count(Activity.id)))
    assert made.sign_ups == db.session().scalar(select(func.count(SignUp.id)))
    assert heard[-1] == 70


def test_agenda_is_the_one_that_the_services_would_have_written(county: Session) -> None:
    written = agenda_rows(county)
    spans = {a.id: (a.first_starts_at, a.last_ends_at) for a in county.scalars(select(Activity))}
    with db.transaction() as session:
        for activity in session.scalars(select(Activity)):
            agenda.refresh(session, activity)
            assert (activity.first_starts_at, activity.last_ends_at) == spans[activity.id]
    assert agenda_rows(db.session()) == written


def test_places_agree_with_the_sign_ups(county: Session) -> None:
    assert places.differences(county) == []
    assert county.scalar(select(func.sum(Allotment.taken)))


def test_most_activities_are_past_and_some_are_to_come(county: Session) -> None:
    coming = county.scalar(
        select(func.count()).select_from(Activity).where(Activity.first_starts_at > clock.now())
    )
    assert 0.1 < (coming or 0) / SIZE < 0.3


def test_has_every_kind_and_about_one_sign_up_per_activity(county: Session) -> None:
    kinds = set(county.scalars(select(Activity.kind_code)))
    assert len(kinds) >= 8
    per_activity = (county.scalar(select(func.count(SignUp.id))) or 0) / SIZE
    assert 0.5 < per_activity < 1.5


def test_same_seed_draws_the_same_rows_and_another_seed_others() -> None:
    models = [a for a in content.load().programme.activities.values() if a.status == "published"]
    where = [Place(1, "0877-5550101", [0, 1])]
    now = clock.now()
    first, same, other = (CountyRows(where, models, now, seed).batch(50).rows for seed in (1, 1, 2))
    assert first == same
    assert first != other


def test_new_rows_get_ids_of_their_own_afterwards(county: Session) -> None:
    node = county.scalars(select(Node)).first()
    assert node is not None
    with db.transaction() as session:
        activity = factories.make_activity(session, node=session.get_one(Node, node.id))
        assert activity.id > SIZE


def test_its_pages_can_be_opened(county: Session, client: Browser) -> None:
    page = client.get("/activities")
    assert page.all("a", rel="next"), "the list goes on"
    client.get("/")
    published = county.scalars(select(Activity.id).where(Activity.state == "published").limit(12))
    for activity_id in published:
        client.get(f"/activities/{activity_id}")
