"""A person's own pages: what comes next, messages, choices, family, calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.accounts.models import Account, FamilyMember
from culture_cloud.notifications import choices
from culture_cloud.notifications.kinds import NoticeKind
from culture_cloud.sign_ups import services as sign_ups
from culture_cloud.sign_ups.models import SignUp
from culture_cloud.sign_ups.requests import SignUpRequest
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in


@pytest.fixture
def person(session: Session) -> Account:
    account = factories.make_account(session, name="李秀兰", email="li@example.org")
    session.commit()
    return account


def come(session: Session, activity_id: int, session_id: int, account: Account) -> str:
    """The account's person signs up; the ticket's token."""
    with db.transaction() as writing:
        result = sign_ups.sign_up(
            writing,
            SignUpRequest(
                activity_id=activity_id,
                session_id=session_id,
                name=account.name,
                phone=account.phone or "",
                account_id=account.id,
                idempotency_key=f"key-of-{activity_id}-{account.id}-and-more",
                may_wait=True,
            ),
        )
    return result.token


def test_a_visitor_is_led_to_finding_a_sign_up(client: Browser) -> None:
    assert "6 位" in client.get("/my").main or "6位" in client.get("/my").main


def test_shows_what_comes_next_and_the_place_on_a_waiting_list(
    any_mode: Browser, session: Session, person: Account, run_jobs: Any
) -> None:
    place = factories.make_activity(session, title="花灯")
    full = factories.make_activity(session, title="剪纸课", places=1)
    others = [factories.make_account(session) for _ in range(2)]
    session.commit()
    come(session, place.id, place.sessions[0].id, person)
    for other in others:
        come(session, full.id, full.sessions[0].id, other)
    come(session, full.id, full.sessions[0].id, person)
    run_jobs()
    sign_in(any_mode, person)
    page = any_mode.get("/my")
    assert "已报上" in page.main
    assert "候补第2位" in page.main
    assert "2条新" in page.main
    inbox = any_mode.get(page.link("站内信"))
    assert "花灯" in inbox.main
    letter = any_mode.get(inbox.link("剪纸课"))
    assert "候补" in letter.heading
    assert "1条新" in any_mode.get("/my").main
    any_mode.submit(any_mode.get("/my/messages"), form="/read")
    assert "条新" not in any_mode.get("/my").main


def test_nobody_elses_message_is_found(
    client: Browser, session: Session, person: Account, run_jobs: Any
) -> None:
    other = factories.make_account(session)
    activity = factories.make_activity(session)
    session.commit()
    come(session, activity.id, activity.sessions[0].id, other)
    run_jobs()
    sign_in(client, person)
    for notice_id in range(1, 5):
        client.get(f"/my/messages/{notice_id}", status=404)


def test_chooses_what_to_be_told_of(any_mode: Browser, session: Session, person: Account) -> None:
    sign_in(any_mode, person)
    page = any_mode.get("/my/message-choices")
    any_mode.submit(page, {"sms": ["reminder"], "email": []}, form="sms")
    session.expire_all()
    kept = choices.choices_of(session, person.id)
    session.rollback()
    assert kept[NoticeKind.REMINDER].sms
    assert not kept[NoticeKind.REMINDER].email
    assert not kept[NoticeKind.THANKS].sms
    again = any_mode.get("/my/message-choices")
    assert [e.get("value") for e in again.all("input", name="sms") if e.get("checked") is not None]


# --- family --------------------------------------------------------------------------------------


def test_writes_down_corrects_and_takes_off_a_family_member(
    any_mode: Browser, session: Session, person: Account
) -> None:
    sign_in(any_mode, person)
    form = any_mode.get(any_mode.get("/my/family").link("添加一位"))
    wrong = any_mode.submit(form, {"name": "", "birth_year": "去年"}, form="name", status=422)
    assert "请填姓名" in wrong.main
    year = clock.now().year - 9
    child = {"name": "王小梅", "relation": "child", "birth_year": str(year)}
    asked = any_mode.submit(wrong, child, form="name", status=422)
    assert "监护人同意" in asked.main
    listed = any_mode.submit(asked, {**child, "consent": "y"}, form="name")
    assert "王小梅" in listed.main
    session.expire_all()
    kept = session.scalars(select(FamilyMember)).one()
    assert kept.consented_at is not None
    assert "监护人" in kept.consent
    kept_id = kept.id
    session.rollback()
    page = any_mode.get(listed.link("王小梅"))
    nameless = any_mode.submit(page, {"name": ""}, form="name", status=422)
    assert nameless.heading == "王小梅"
    any_mode.submit(page, {"name": "王晓梅", "consent": "y"}, form="name")
    assert "王晓梅" in any_mode.get("/my/family").main
    any_mode.submit(any_mode.get(f"/my/family/{kept_id}"), form="/remove")
    assert "王晓梅" not in any_mode.get("/my/family").main.replace("已去掉", "")


def test_nobody_elses_family_is_found(client: Browser, session: Session, person: Account) -> None:
    other = factories.make_account(session)
    member = FamilyMember(
        account_id=other.id, name="别家的", relation="child", created_at=clock.now()
    )
    session.add(member)
    session.commit()
    sign_in(client, person)
    client.get(f"/my/family/{member.id}", status=404)
    token = client.get("/my/family/new").form("name").values["csrf_token"]
    client.post(f"/my/family/{member.id}/remove", {"csrf_token": token}, status=404)


# --- calendar ------------------------------------------------------------------------------------


def test_the_calendar_has_a_secret_address_that_can_be_ended(
    any_mode: Browser, session: Session, person: Account
) -> None:
    activity = factories.make_activity(session, title="花灯")
    gone = factories.make_activity(session, title="剪纸课", starts_at=clock.ahead(days=3))
    session.commit()
    come(session, activity.id, activity.sessions[0].id, person)
    token = come(session, gone.id, gone.sessions[0].id, person)
    with db.transaction() as writing:
        sign_ups.cancel(writing, token)
    sign_in(any_mode, person)
    made = any_mode.submit(any_mode.get("/my/calendar"), form="/renew")
    address = next(a.get("href", "") for a in made.all("a") if ".ics" in a.get("href", ""))
    path = address[address.index("/my/calendar/") :]
    stranger = Browser(any_mode.app)
    calendar = Calendar.from_ical(stranger.get(path).text)
    found = {str(e["summary"]): str(e["status"]) for e in calendar.walk("VEVENT")}
    assert found == {"花灯": "CONFIRMED", "剪纸课": "CANCELLED"}
    any_mode.submit(made, form="/renew")
    stranger.get(path, status=404)
    any_mode.submit(any_mode.get("/my/calendar"), form="/end")
    assert ".ics" not in any_mode.get("/my/calendar").main


def test_the_address_of_a_calendar_cannot_be_guessed(client: Browser) -> None:
    client.get("/my/calendar/1.ics", status=404)


def test_what_is_long_over_is_not_what_comes_next(
    client: Browser, session: Session, person: Account
) -> None:
    activity = factories.make_activity(session, title="旧花灯")
    session.commit()
    come(session, activity.id, activity.sessions[0].id, person)
    with clock.frozen(clock.now() + timedelta(days=9)):
        sign_in(client, person)
        assert "旧花灯" not in client.get("/my").main
    assert session.scalars(select(SignUp.id)).all()
