"""The demo county in the database: whole, consistent, and fit to be looked at page by page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from pysqlite3 import dbapi2
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock, create_app, db, demo
from culture_cloud.access.models import RoleGrant
from culture_cloud.accounts import passwords
from culture_cloud.accounts.models import Account
from culture_cloud.activities import queries
from culture_cloud.activities.agenda import LASTING
from culture_cloud.activities.models import (
    Activity,
    ActivityState,
    AgendaEntry,
    Allotment,
    Enrolment,
)
from culture_cloud.activities.standing import Stand
from culture_cloud.config import Config
from culture_cloud.demo import content
from culture_cloud.demo.content.when import Run
from culture_cloud.jobs.models import Job
from culture_cloud.network.models import Network, Node
from culture_cloud.notifications.models import Notice
from culture_cloud.sign_ups import places
from culture_cloud.sign_ups.models import SignUp, SignUpState
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in

TOLD = content.load()
STANDS = {
    "not_yet_open": {Stand.NOT_YET},
    "open": {Stand.OPEN},
    "nearly_full": {Stand.OPEN},
    "full": {Stand.FULL},
    "closed": {Stand.CLOSED},
    "ended": {Stand.OVER},
    "cancelled": {Stand.CANCELLED},
    "moved": {Stand.OPEN},
    "by_phone": {Stand.ELSEWHERE},
    "free_entry": {Stand.COME},
    "running": {Stand.COME},
}


@pytest.fixture(scope="module")
def loaded(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A file with the demo county in it, loaded once for all tests (SQLite)."""
    if not migrated.startswith("sqlite"):
        return None
    folder = tmp_path_factory.mktemp("county")
    path = Path(shutil.copy(migrated.removeprefix("sqlite:///"), folder / "county.db"))
    url = f"sqlite:///{path}"
    config = Config(data_folder=folder, database_url=url, secret_key="for tests", testing=True)
    app = create_app(config)
    with app.app_context():
        demo.load_county()
    app.extensions["database"].dispose()
    return path


@pytest.fixture
def county(app_context: Flask, loaded: Path | None) -> Session:
    """The read session of a site with the demo county in it."""
    if loaded is None:
        demo.load_county()
    else:
        site = app_context.extensions["database"].write_engine.url.database
        with (
            closing(dbapi2.connect(str(loaded))) as source,
            closing(dbapi2.connect(site)) as target,
        ):
            source.backup(target)
    return db.session()


def by_code(session: Session) -> dict[str, Activity]:
    """The activities of the content; those of the demo's draws are written in demo.draws."""
    found = {a.uid.partition("@")[0]: a for a in session.scalars(select(Activity))}
    return {code: a for code, a in found.items() if code in TOLD.programme.activities}


def count(session: Session, entity: type[db.Base]) -> int:
    return session.scalar(select(func.count()).select_from(entity)) or 0


# --- when it is loaded ---------------------------------------------------------------------------


def test_is_wanted_on_an_empty_site_and_not_a_second_time(app_context: Flask) -> None:
    assert demo.is_wanted()
    demo.load_county()
    assert not demo.is_wanted()


@pytest.mark.parametrize(
    "make", [factories.make_network, factories.make_node, factories.make_account]
)
def test_is_not_wanted_where_anything_was_entered(
    session: Session, make: Callable[[Session], object]
) -> None:
    make(session)
    session.commit()
    assert not demo.is_wanted()


def test_is_never_wanted_in_production(app_context: Flask) -> None:
    config = app_context.config["CULTURE_CLOUD"]
    app_context.config["CULTURE_CLOUD"] = replace(config, production=True)
    assert not demo.is_wanted()


def test_refuses_to_mix_with_data_and_changes_nothing(session: Session) -> None:
    factories.make_account(session)
    session.commit()
    with pytest.raises(demo.CountyNotEmpty):
        demo.load_county()
    assert count(db.session(), Network) == count(db.session(), Node) == 0


def test_command_loads_once_and_then_refuses(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo", "load"])
    assert first.exit_code == 0, first.output
    assert demo.PASSWORD in first.output
    again = runner.invoke(args=["demo", "load"])
    assert again.exit_code == 1
    assert "not empty" in again.output


# --- what is in it -------------------------------------------------------------------------------


@pytest.mark.one_database
def test_writes_every_node_below_its_parent_with_hours(county: Session) -> None:
    nodes = {node.code: node for node in county.scalars(select(Node))}
    assert set(nodes) == set(TOLD.network.nodes)
    for node in nodes.values():
        told = TOLD.network.nodes[node.code]
        parent = nodes[told.parent] if told.parent else None
        assert node.path == f"{parent.path if parent else '/'}{node.id}/"
        assert node.plate_name == TOLD.network.plate_name(node.code)
        assert node.phone
        assert len(node.hours) == sum(map(len, TOLD.network.hours[told.hours].week.values()))


def test_writes_every_activity_in_its_state(county: Session) -> None:
    activities = by_code(county)
    assert {code: a.state for code, a in activities.items()} == {
        code: told.status for code, told in TOLD.programme.activities.items()
    }
    for code, activity in activities.items():
        told = TOLD.programme.activities[code]
        assert activity.title == told.title
        assert {audience.code for audience in activity.audiences} == set(told.audiences)


@pytest.mark.parametrize("hour", [0, 7, 12, 23])
def test_each_activity_stands_as_its_content_says_at_any_hour(
    app_context: Flask, hour: int
) -> None:
    moment = datetime(2027, 2, 27 + hour % 2, hour, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    with clock.frozen(moment):
        demo.load_county()
        assert not wrong_stands(db.session())


def wrong_stands(session: Session) -> dict[str, Any]:
    wrong = {}
    for code, activity in by_code(session).items():
        told = TOLD.programme.activities[code]
        if told.state not in STANDS:
            continue
        standings = queries.session_standings(activity)
        last = max(activity.sessions, key=lambda s: s.ends_at)
        coming = [s for s in activity.sessions if s.ends_at > clock.now()] or [last]
        stands = {standings[occurrence.id].stand for occurrence in coming}
        if not stands & STANDS[told.state]:
            wrong[code] = (told.state, stands)
    return wrong


@pytest.mark.one_database
def test_moved_activity_stands_at_its_new_time_and_says_why(county: Session) -> None:
    [(code, told)] = [(c, a) for c, a in TOLD.programme.activities.items() if a.moved_from]
    [occurrence] = by_code(county)[code].sessions
    assert occurrence.note == told.notice
    assert occurrence.recurrence_id is not None
    assert occurrence.recurrence_id < occurrence.starts_at


@pytest.mark.one_database
def test_cancelled_activity_says_why(county: Session) -> None:
    cancelled = [a for a in by_code(county).values() if a.state == ActivityState.CANCELLED]
    assert cancelled
    assert all(activity.state_reason for activity in cancelled)


@pytest.mark.one_database
def test_exhibition_is_one_long_session(county: Session) -> None:
    runs = [c for c, a in TOLD.programme.activities.items() if isinstance(a.when, Run)]
    assert runs
    for code in runs:
        [occurrence] = by_code(county)[code].sessions
        assert occurrence.ends_at - occurrence.starts_at > LASTING


def test_only_public_activities_are_in_the_agenda(county: Session) -> None:
    listed = set(county.scalars(select(AgendaEntry.activity_id)))
    public = {
        a.id for a in county.scalars(select(Activity)) if a.state in {"published", "cancelled"}
    }
    assert listed == public


@pytest.mark.one_database
def test_lessons_of_a_course_share_their_places(county: Session) -> None:
    courses = [a for a in by_code(county).values() if a.enrolment == Enrolment.COURSE]
    assert courses
    for course in courses:
        assert len(course.sessions) > 1
        assert [a.session_id for a in course.allotments] == [None]


def test_places_agree_with_the_sign_ups(county: Session) -> None:
    assert places.differences(county) == []
    held = {(count.activity, count.session): count.places for count in TOLD.people.sign_ups}
    for own in TOLD.people.own_sign_ups:
        held[own.activity, 1] = held.get((own.activity, 1), 0) + own.places_held
    ids = [activity.id for activity in by_code(county).values()]
    of_content = select(func.sum(Allotment.taken)).where(Allotment.activity_id.in_(ids))
    assert county.scalar(of_content) == sum(held.values())


@pytest.mark.one_database
def test_people_signed_up_after_it_opened_and_before_now(county: Session) -> None:
    rows = county.execute(select(SignUp.created_at, Activity.sign_up_opens_at).join(Activity)).all()
    assert rows
    for at, opens in rows:
        assert opens is not None
        assert opens <= at <= clock.now()


@pytest.mark.one_database
def test_some_sign_ups_were_cancelled_by_the_people_themselves(county: Session) -> None:
    cancelled = county.scalars(select(SignUp).where(SignUp.state == SignUpState.CANCELLED)).all()
    assert cancelled
    assert all(sign_up.cancelled_at and not sign_up.state_reason for sign_up in cancelled)


@pytest.mark.one_database
def test_every_account_has_its_role_and_the_printed_password(county: Session) -> None:
    accounts = {account.phone: account for account in county.scalars(select(Account))}
    for told in TOLD.people.accounts.values():
        account = accounts[told.phone]
        assert passwords.matches(account.password_hash, demo.PASSWORD)
        roles = set(
            county.scalars(select(RoleGrant.role).where(RoleGrant.account_id == account.id))
        )
        assert roles == ({told.role} if told.node else set())


@pytest.mark.one_database
def test_nobody_is_left_to_be_told(county: Session) -> None:
    waiting = county.scalars(select(Notice.channel).where(Notice.state == "queued"))
    assert set(waiting) <= {"call"}, "nothing goes out by itself"
    assert not list(county.scalars(select(Job.name).where(Job.name.startswith("sign_ups."))))


# --- what is said --------------------------------------------------------------------------------


@pytest.mark.one_database
def test_greeting_names_address_accounts_password_and_how_to_stop(
    app_context: Flask, county: Session
) -> None:
    config = app_context.config["CULTURE_CLOUD"]
    text = demo.greeting(config)
    assert config.public_url in text
    assert str(config.data_folder) in text
    assert "Ctrl+C" in text
    for role in TOLD.people.roles.values():
        assert role.zh in text
    assert "19900001001" in text
    assert demo.PASSWORD in text


def test_greeting_of_a_site_of_its_own_names_no_password(session: Session, app: Flask) -> None:
    factories.make_account(session)
    session.commit()
    assert demo.PASSWORD not in demo.greeting(app.config["CULTURE_CLOUD"])


@pytest.mark.one_database
def test_greeting_in_production_names_no_password(app_context: Flask, county: Session) -> None:
    config = replace(app_context.config["CULTURE_CLOUD"], production=True)
    assert demo.PASSWORD not in demo.greeting(config)


def test_greeting_hides_the_password_of_the_database(app_context: Flask) -> None:
    config = replace(
        app_context.config["CULTURE_CLOUD"],
        database_url="postgresql+psycopg://hall:a-secret-word@db.example.org/culture",
    )
    text = demo.greeting(config)
    assert "db.example.org" in text
    assert "a-secret-word" not in text


# --- what is seen --------------------------------------------------------------------------------


@pytest.mark.one_database
def test_every_public_activity_has_a_page(county: Session, client: Browser) -> None:
    for activity in by_code(county).values():
        page = client.get(f"/activities/{activity.id}", status=None)
        public = activity.state in {ActivityState.PUBLISHED, ActivityState.CANCELLED}
        assert page.status == (200 if public else 404), activity.title
        if public:
            assert page.heading == activity.title


def test_list_shows_every_coming_session_page_by_page(county: Session, client: Browser) -> None:
    listed = set(
        county.scalars(
            select(AgendaEntry.activity_id).where(
                AgendaEntry.starts_at > clock.now(),
                AgendaEntry.listed,
                AgendaEntry.ancestor_id == 0,
            )
        )
    )
    seen: set[int] = set()
    address: str | None = "/activities"
    while address:
        page = client.get(address)
        numbers = [re.fullmatch(r"/activities/(\d+)", link) for link in page.links.values()]
        seen |= {int(number[1]) for number in numbers if number}
        address = next((a.get("href") for a in page.all("a", rel="next")), None)
    assert listed <= seen


@pytest.mark.one_database
def test_each_demo_account_can_sign_in(county: Session, client: Browser) -> None:
    for account in county.scalars(select(Account)):
        sign_in(Browser(client.flask.application), account, demo.PASSWORD)
