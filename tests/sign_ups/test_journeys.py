"""What residents do, in both display modes, through pages alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import Activity, Allotment
from culture_cloud.sign_ups.models import SignUp
from tests import factories
from tests.client import XHTML, Browser, Page, words
from tests.signing_in import sign_in

ANSWERS = {"party": "3", "name": "李 秀兰", "phone": "１３８ 0000-0000"}


@pytest.fixture
def activity(session: Session) -> Activity:
    factories.make_network(session)
    found = factories.make_activity(session, places=20, bring="老花镜")
    session.commit()
    return found


def answered(client: Browser, page: Page, answers: dict[str, Any]) -> Page:
    """Go through the questions as they come, until the check page."""
    for _ in range(6):
        form = page.form("next")
        mine = {k: v for k, v in answers.items() if k in form.values and k in asked(page)}
        page = client.submit(page, mine, form="next", button=("next", "1"))
        if is_check(page):
            return page
    raise AssertionError(f"no check page, but {page.heading}")


def asked(page: Page) -> set[str]:
    return {e.get("value", "") for e in page.all("input", name="asked")}


def is_check(page: Page) -> bool:
    return bool(page.all("button", name="confirm"))


def confirm(client: Browser, check: Page, *, status: int = 200) -> Page:
    return client.submit(check, form="confirm", button=("confirm", "1"), status=status)


def start(client: Browser, activity: Activity, **query: int) -> Page:
    more = "".join(f"?{k}={v}" for k, v in query.items())
    return client.get(f"/activities/{activity.id}/sign-up{more}")


def signed_up(client: Browser, activity: Activity, **answers: str) -> Page:
    return confirm(client, answered(client, start(client, activity), {**ANSWERS, **answers}))


def code_on(page: Page) -> str:
    found = re.search(r"(\d{3}) ?(\d{3})", "".join(page.one("span", class_="code").itertext()))
    assert found
    return "".join(found.groups())


def rows(session: Session) -> list[SignUp]:
    return fresh(session, select(SignUp).order_by(SignUp.id))


def taken(session: Session) -> int:
    return sum(a.taken for a in fresh(session, select(Allotment)))


def fresh(session: Session, query: Select[Any]) -> list[Any]:
    """Rows as they are now; the write lock is let go at once."""
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    session.commit()
    return found


def test_signs_up_with_companions_and_gets_a_ticket(
    any_mode: Browser, activity: Activity, session: Session
) -> None:
    page = signed_up(any_mode, activity, companions="王大爷、 小 明")
    assert "/sign-ups/" in page.url
    assert taken(session) == 3
    (row,) = rows(session)
    assert (row.name, row.phone, row.party_size) == ("李 秀兰", "13800000000", 3)
    assert code_on(page) == row.code
    for fact in (activity.title, "一楼小剧场", "138 0000 0000", "老花镜"):
        assert fact in page.main
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.response.headers["X-Robots-Tag"]


def test_all_questions_stand_on_one_page_and_companions_are_kept(
    client: Browser, activity: Activity, session: Session
) -> None:
    signed_up(client, activity, companions="王大爷、 小 明")
    assert rows(session)[0].companions == ["王大爷", "小 明"]


def test_elder_mode_asks_one_question_a_page_in_at_most_four_steps(
    client: Browser, activity: Activity
) -> None:
    client.set_cookie("mode", "elder")
    page = start(client, activity)
    seen: list[str] = []
    while not is_check(page):
        assert len(asked(page)) == 1
        assert page.heading == "".join(page.one("h1").itertext()).strip()
        seen += asked(page)
        page = client.submit(
            page, {k: ANSWERS[k] for k in asked(page)}, form="next", button=("next", "1")
        )
    assert seen == ["party", "name", "phone"]


def test_the_link_of_a_date_is_not_asked_for_it_again_in_elder_mode(
    client: Browser, session: Session
) -> None:
    factories.make_network(session)
    activity = factories.make_activity(session, sessions=2)
    session.commit()
    client.set_cookie("mode", "elder")
    picked = activity.sessions[1].id
    page = start(client, activity, session=picked)
    assert asked(page) == {"party"}
    assert "4" in words(page.one("p", class_="steps"))
    check = answered(client, page, ANSWERS)
    change = client.submit(check, form="confirm", button=("change", "session"))
    assert asked(change) == {"session"}
    again = answered(client, change, {"session": str(activity.sessions[0].id)})
    confirm(client, again)
    assert rows(session)[0].session_id == activity.sessions[0].id


def test_a_wrong_phone_keeps_everything_that_was_typed(
    any_mode: Browser, activity: Activity, session: Session
) -> None:
    page = start(any_mode, activity)
    typed = {**ANSWERS, "phone": "12345"}
    while "phone" not in asked(page):
        mine = {k: v for k, v in typed.items() if k in asked(page)}
        page = any_mode.submit(page, mine, form="next", button=("next", "1"))
    mine = {k: v for k, v in typed.items() if k in asked(page)}
    page = any_mode.submit(page, mine, form="next", button=("next", "1"), status=422)
    values = page.form("next").values
    assert {k: values[k] for k in typed} == {**typed, "name": "李 秀兰"}
    summary = page.one("div", id="error-summary")
    assert summary.get("role") == "alert"
    assert page.one("input", id="phone").get("aria-invalid") == "true"
    assert rows(session) == []


def test_nothing_answered_is_asked_for_in_words(client: Browser, activity: Activity) -> None:
    page = start(client, activity)
    page = client.submit(page, {"party": None}, form="next", button=("next", "1"), status=422)
    fields = [e.get("href") for e in page.one("div", id="error-summary").iter() if e.get("href")]
    assert fields == ["#party-0", "#name", "#phone"]


def test_every_answer_can_be_changed_from_the_check_page(
    any_mode: Browser, activity: Activity, session: Session
) -> None:
    check = answered(any_mode, start(any_mode, activity), ANSWERS)
    page = any_mode.submit(check, form="confirm", button=("change", "name"))
    assert page.form("next").values["name"] == "李 秀兰"
    assert page.form("next").values["phone"] == ANSWERS["phone"]
    check = any_mode.submit(page, {"name": "李秀英"}, form="next", button=("next", "1"))
    confirm(any_mode, check)
    assert [r.name for r in rows(session)] == ["李秀英"]


def test_a_double_press_gives_the_same_ticket(
    any_mode: Browser, activity: Activity, session: Session
) -> None:
    check = answered(any_mode, start(any_mode, activity), ANSWERS)
    assert confirm(any_mode, check).url == confirm(any_mode, check).url
    assert len(rows(session)) == 1
    assert taken(session) == 3


def test_going_back_and_signing_up_somebody_else_is_a_second_sign_up(
    client: Browser, activity: Activity, session: Session
) -> None:
    form = start(client, activity)
    first = confirm(client, answered(client, form, ANSWERS))
    second = confirm(client, answered(client, form, {**ANSWERS, "name": "王大爷"}))
    assert first.url != second.url
    assert len(rows(session)) == 2


def test_the_same_person_again_is_told_so_and_shown_nothing(
    client: Browser, activity: Activity, session: Session
) -> None:
    ticket = signed_up(client, activity)
    form = start(client, activity)
    page = client.submit(form, ANSWERS, form="next", button=("next", "1"), status=409)
    assert rows(session)[0].token not in page.text
    assert code_on(ticket) not in page.text
    assert any(href.endswith("/my/sign-ups") for href in page.links.values())


def test_a_full_session_is_a_page_with_other_dates_and_a_phone(
    any_mode: Browser, session: Session
) -> None:
    factories.make_network(session)
    activity = factories.make_activity(session, places=2, sessions=2)
    first, second = activity.sessions
    activity.allotments[0].taken = 2
    session.commit()
    page = start(any_mode, activity, session=first.id)
    assert f"?session={second.id}" in page.text
    assert "tel:0877-5550101" in page.text
    assert not list(page.one("main").iter(XHTML + "form"))


def test_full_while_typing_keeps_the_answers_for_another_date(
    any_mode: Browser, session: Session
) -> None:
    factories.make_network(session)
    activity = factories.make_activity(session, places=3, sessions=2)
    first, second = activity.sessions
    session.commit()
    check = answered(any_mode, start(any_mode, activity, session=first.id), ANSWERS)
    activity.allotments[0].taken = 3
    session.commit()
    page = confirm(any_mode, check, status=409)
    check = any_mode.submit(page, form="session", button=("session", str(second.id)))
    assert is_check(check)
    ticket = confirm(any_mode, check)
    assert ticket.status == 200
    assert rows(session)[0].session_id == second.id


def test_too_few_places_lead_back_to_the_number(any_mode: Browser, session: Session) -> None:
    factories.make_network(session)
    activity = factories.make_activity(session, places=2)
    session.commit()
    page = start(any_mode, activity)
    while True:
        mine = {k: v for k, v in ANSWERS.items() if k in asked(page)}
        page = any_mode.submit(page, mine, form="next", button=("next", "1"), status=None)
        if page.status == 409:
            break
    page = any_mode.submit(page, form="change", button=("change", "party"))
    check = answered(any_mode, page, {"party": "2"})
    confirm(any_mode, check)
    assert taken(session) == 2


@pytest.mark.parametrize("state", ["not_yet", "closed", "cancelled", "over", "elsewhere"])
def test_what_cannot_be_signed_up_for_says_why(
    any_mode: Browser, session: Session, state: str
) -> None:
    factories.make_network(session)
    states: dict[str, dict[str, Any]] = {
        "not_yet": {"sign_up_opens_at": clock.ahead(hours=1)},
        "closed": {"sign_up_closes_at": clock.ago(hours=1)},
        "cancelled": {"state": "cancelled", "state_reason": "停电"},
        "over": {"starts_at": clock.ago(days=2)},
        "elsewhere": {"sign_up": "elsewhere", "contact_phone": "0877-1"},
    }
    activity = factories.make_activity(session, **states[state])
    session.commit()
    page = start(any_mode, activity)
    assert not list(page.one("main").iter(XHTML + "form"))
    assert "tel:" in page.main or "tel:" in page.text
    if state == "cancelled":
        assert "停电" in page.main


def test_a_session_of_another_activity_is_not_found(client: Browser, session: Session) -> None:
    one, other = factories.make_activity(session), factories.make_activity(session)
    session.commit()
    for value in (other.sessions[0].id, 999999, "course", "x"):
        client.get(f"/activities/{one.id}/sign-up?session={value}", status=404)
    client.get("/activities/999999/sign-up", status=404)


def test_a_draft_cannot_be_signed_up_for(client: Browser, session: Session) -> None:
    draft = factories.make_activity(session, state="draft")
    session.commit()
    client.get(f"/activities/{draft.id}/sign-up", status=404)


def test_cancels_and_the_places_are_free(
    any_mode: Browser, activity: Activity, session: Session
) -> None:
    ticket = signed_up(any_mode, activity)
    url = ticket.url.split("localhost")[1]
    ask = any_mode.get(url + "/cancel")
    assert taken(session) == 3
    gone = any_mode.submit(ask, form="cancel")
    assert gone.url.endswith(url)
    assert taken(session) == 0
    any_mode.submit(ask, form="cancel")
    assert taken(session) == 0
    assert any_mode.get(url).all("span", class_="code") == []


def test_cannot_be_cancelled_once_it_has_begun(
    client: Browser, activity: Activity, session: Session
) -> None:
    url = signed_up(client, activity).url.split("localhost")[1]
    ask = client.get(url + "/cancel")
    with clock.frozen(activity.sessions[0].starts_at):
        client.submit(ask, form="cancel", status=409)
        main = client.get(url + "/cancel").one("main")
        assert not list(main.iter(XHTML + "form"))
    assert taken(session) == 3


def test_is_found_again_by_phone_and_number(
    any_mode: Browser, activity: Activity, session: Session
) -> None:
    code = code_on(signed_up(any_mode, activity))
    page = any_mode.get("/my/sign-ups")
    typed = {"phone": "+86 138-0000-0000", "code": f"{code[:3]} {code[3:]}"}
    assert code_on(any_mode.submit(page, typed, form="find")) == code


def test_an_unknown_phone_and_a_wrong_number_are_answered_alike(
    client: Browser, activity: Activity
) -> None:
    right = code_on(signed_up(client, activity))
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    page = client.get("/my/sign-ups")
    answers = []
    for phone in ("13800000000", "13900000000"):
        found = client.submit(page, {"phone": phone, "code": wrong}, form="find", status=422)
        answers.append(found.text.replace(phone, "…"))
    strip = re.compile(r'name="csrf_token" value="[^"]*"')
    assert strip.sub("", answers[0]) == strip.sub("", answers[1])


def test_guessing_the_number_is_limited_per_phone(client: Browser, activity: Activity) -> None:
    code = code_on(signed_up(client, activity))
    page = client.get("/my/sign-ups")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        client.submit(page, {"phone": "13800000000", "code": wrong}, form="find", status=422)
    right = {"phone": "13800000000", "code": code}
    client.submit(page, right, form="find", status=429)
    with clock.frozen(clock.ahead(minutes=16)):
        assert code_on(client.submit(page, right, form="find")) == code


def test_guessing_over_many_phones_is_limited_per_address(
    client: Browser, activity: Activity
) -> None:
    page = client.get("/my/sign-ups")
    for number in range(20):
        phone = f"139000000{number:02d}"
        client.submit(page, {"phone": phone, "code": "000000"}, form="find", status=422)
    client.submit(page, {"phone": "13911111111", "code": "000000"}, form="find", status=429)


def test_a_robot_that_fills_in_the_trap_signs_nobody_up(
    client: Browser, activity: Activity, session: Session
) -> None:
    page = start(client, activity)
    client.submit(
        page,
        {**ANSWERS, "website": "http://spam.example"},
        form="next",
        button=("confirm", "1"),
        status=422,
    )
    assert rows(session) == []


def test_who_is_signed_in_is_not_asked_for_name_and_phone_again(
    any_mode: Browser, activity: Activity, session: Session
) -> None:
    account = factories.make_account(session, name="李秀兰", phone="13700000000")
    session.commit()
    sign_in(any_mode, account)
    page = start(any_mode, activity)
    values = page.form("next").values
    assert (values["name"], values["phone"]) == ("李秀兰", "13700000000")
    check = any_mode.submit(page, {"party": "1"}, form="next", button=("next", "1"))
    assert is_check(check)
    confirm(any_mode, check)
    assert activity.title in any_mode.get("/my/sign-ups").main
    again = start(any_mode, activity)
    page = any_mode.submit(again, {"party": "2"}, form="next", button=("next", "1"), status=409)
    assert rows(session)[0].token in page.text


def test_own_sign_ups_are_parted_into_coming_and_past(
    client: Browser, activity: Activity, session: Session
) -> None:
    account = factories.make_account(session)
    session.commit()
    sign_in(client, account)
    signed_up(client, activity)
    before = _headings(client.get("/my/sign-ups"))
    with clock.frozen(activity.sessions[0].ends_at):
        after = _headings(client.get("/my/sign-ups"))
    assert len(before) == len(after)
    assert before[0] != after[0]


def _headings(page: Page) -> list[str]:
    """Headings of the main part."""
    return [words(e) for e in page.one("main").iter() if str(e.tag).endswith("}h2")]


def test_the_slip_and_the_calendar_file_carry_the_number_and_the_place(
    any_mode: Browser, activity: Activity
) -> None:
    ticket = signed_up(any_mode, activity)
    url = ticket.url.split("localhost")[1]
    slip = any_mode.get(url + "/slip")
    assert code_on(slip) == code_on(ticket)
    assert slip.all("svg", class_="qr-code") != [] or "qr-code" in slip.text
    assert "0877-5550101" in slip.main
    calendar = any_mode.get(url + ".ics")
    body = calendar.text.replace("\r\n ", "")
    assert "BEGIN:VALARM" in body
    starts = activity.sessions[0].starts_at
    assert f"DTSTART:{starts:%Y%m%dT%H%M%SZ}" in body
    assert code_on(ticket)[:3] in body
    assert calendar.response.headers["Cache-Control"] == "no-store"


def test_a_course_is_signed_up_for_once_and_shows_all_lessons(
    any_mode: Browser, session: Session
) -> None:
    factories.make_network(session)
    course = factories.make_activity(session, enrolment="course", sessions=3, places=5)
    session.commit()
    ticket = signed_up(any_mode, course)
    (row,) = rows(session)
    assert row.session_id is None
    assert ticket.main.count("点") >= 3
    assert taken(session) == 3


def test_an_unknown_ticket_is_not_found(client: Browser, app: Flask) -> None:
    for path in ("", "/slip", ".ics", "/cancel"):
        client.get(f"/sign-ups/{'a' * 43}{path}", status=404)


def test_many_dates_are_chosen_from_and_one_link_names_one(
    any_mode: Browser, session: Session
) -> None:
    factories.make_network(session)
    activity = factories.make_activity(session, sessions=3, every=timedelta(days=1))
    session.commit()
    picked = activity.sessions[1].id
    page = start(any_mode, activity)
    assert "session" in asked(page)
    check = answered(any_mode, page, {**ANSWERS, "session": str(picked)})
    confirm(any_mode, check)
    assert rows(session)[0].session_id == picked
