"""What the site knows of a person: told whole, and forgotten everywhere while counts stay."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.accounts import personal
from culture_cloud.accounts.models import Account, FamilyMember, SignIn
from culture_cloud.activities.models import Allotment
from culture_cloud.models import metadata
from culture_cloud.notifications.gateway import RecordingGateway
from culture_cloud.notifications.models import NoticeChannel
from culture_cloud.sign_ups import intake, places
from culture_cloud.sign_ups.models import SignUp, SignUpState
from culture_cloud.sign_ups.requests import SignUpRequest
from tests import factories
from tests.client import Browser
from tests.my.test_pages import come
from tests.signing_in import sign_in

NAME, PHONE, EMAIL = "欧阳秀兰", "19988887777", "ouyang@example.org"


@pytest.fixture
def person(session: Session) -> Account:
    account = factories.make_account(session, name=NAME, phone=PHONE, email=EMAIL)
    session.add(
        FamilyMember(
            account_id=account.id, name="欧阳小梅", relation="child", created_at=clock.now()
        )
    )
    session.commit()
    return account


def test_every_table_about_people_has_somebody_who_answers_for_it(app_context: Flask) -> None:
    """A table that points at accounts and that nobody tells of and forgets fails here."""
    answered = {name for holder in personal.holders() for name in holder.tables}
    pointing = {
        table.name
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "accounts"
    }
    assert pointing - answered == set()


def test_everything_can_be_read_and_taken_along(
    any_mode: Browser, session: Session, person: Account, run_jobs: Any
) -> None:
    activity = factories.make_activity(session, title="花灯")
    session.commit()
    come(session, activity.id, activity.sessions[0].id, person)
    run_jobs()
    sign_in(any_mode, person)
    page = any_mode.get("/my/data")
    for word in (NAME, PHONE, EMAIL, "花灯", "欧阳小梅"):
        assert word in page.main
    answer = any_mode.flask.get("/my/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    told = json.loads(answer.get_data(as_text=True))
    assert told["account"][0]["phone"] == PHONE
    assert told["sign_ups"][0]["activity"] == "花灯"
    assert told["family"][0]["name"] == "欧阳小梅"
    assert any("花灯" in row["about"] for row in told["notices"])


def test_nobody_elses_data_is_told(
    client: Browser, session: Session, person: Account, run_jobs: Any
) -> None:
    other = factories.make_account(session, name="别人")
    activity = factories.make_activity(session, title="别人的花灯")
    session.commit()
    come(session, activity.id, activity.sessions[0].id, other)
    run_jobs()
    sign_in(client, person)
    told = client.flask.get("/my/data.json").get_data(as_text=True)
    assert "别人" not in told


def test_a_number_that_is_not_proved_opens_nobodys_sign_ups(
    client: Browser, session: Session
) -> None:
    """Whoever types another's name and number into an account learns nothing by it."""
    activity = factories.make_activity(session, title="病友会")
    account = factories.make_account(session, name=NAME, phone=PHONE, phone_proved_at=None)
    session.commit()
    intake.sign_up(
        SignUpRequest(
            activity_id=activity.id, session_id=activity.sessions[0].id, name=NAME, phone=PHONE,
            idempotency_key="signed-up-by-phone-000001",
        )
    )  # fmt: skip
    sign_in(client, account)
    page = client.get("/my/data")
    assert "病友会" not in page.main
    assert page.link("发验证码给我") == "/reset-password"
    account.phone_proved_at = clock.now()
    session.commit()
    assert "病友会" in client.get("/my/data").main


def everything(session: Session) -> str:
    """All text of all tables."""
    session.rollback()
    found = []
    for table in metadata.sorted_tables:
        found += [str(row) for row in session.execute(select(table))]
    session.rollback()
    return "\n".join(found)


def test_deleting_removes_the_person_everywhere_and_keeps_the_counts(
    any_mode: Browser, session: Session, person: Account, app: Flask, run_jobs: Any
) -> None:
    gateway = RecordingGateway()
    app.extensions["gateways"] = dict.fromkeys(NoticeChannel, gateway)
    coming = factories.make_activity(session, title="花灯")
    past = factories.make_activity(session, title="旧花灯")
    session.commit()
    come(session, coming.id, coming.sessions[0].id, person)
    come(session, past.id, past.sessions[0].id, person)
    session.execute(
        text("UPDATE sign_ups SET state = 'attended', attended_count = 1 WHERE activity_id = :a"),
        {"a": past.id},
    )
    session.commit()
    run_jobs()
    sign_in(any_mode, person)
    page = any_mode.get(any_mode.get("/my/data").link("注销账号"))
    wrong = any_mode.submit(page, {"password": "not mine"}, form="password", status=422)
    done = any_mode.submit(wrong, {"password": factories.PASSWORD}, form="password")
    assert "已注销" in done.heading
    run_jobs()
    assert {m.recipient for m in gateway.messages if "注销" in m.text} == {PHONE, EMAIL}
    with clock.frozen(clock.ahead(days=3)):
        from culture_cloud.notifications import jobs

        with app.app_context():
            jobs.forget_old()
    left = everything(session)
    for word in (NAME, PHONE, EMAIL, "欧阳小梅"):
        assert word not in left
    states = {s.activity_id: s.state for s in session.scalars(select(SignUp))}
    assert states == {coming.id: SignUpState.CANCELLED, past.id: SignUpState.ATTENDED}
    taken = {a.activity_id: a.taken for a in session.scalars(select(Allotment))}
    assert taken == {coming.id: 0, past.id: 1}
    assert places.differences(session) == []
    assert session.scalar(select(func.count(SignIn.id))) == 0
    session.rollback()
    any_mode.get("/sign-in")
    assert "登录" in any_mode.get("/account").text


def test_staff_give_their_role_back_first(client: Browser, session: Session) -> None:
    staff = factories.make_staff(session, node=factories.make_node(session))
    session.commit()
    sign_in(client, staff)
    page = client.get("/my/delete")
    assert "收回角色" in page.main
    token = client.get("/my/family/new").form("name").values["csrf_token"]
    client.post("/my/delete", {"csrf_token": token, "password": factories.PASSWORD})
    session.expire_all()
    assert session.get_one(Account, staff.id).deleted_at is None
