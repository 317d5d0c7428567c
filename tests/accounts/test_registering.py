"""Making an account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.accounts.models import Account
from tests import factories
from tests.client import Browser, Page

GOOD = "花灯唱到天亮也不累"


def register(client: Browser, *, status: int = 200, **typed: Any) -> Page:
    answers = {"name": "王建国", "login": "139 0000 0000", "new_password": GOOD, **typed}
    return client.submit(client.get("/register"), answers, status=status)


def answer(client: Browser, page: Page, status: int = 200, **typed: str) -> Page:
    """Fill in a page of one question and go on."""
    return client.submit(page, typed, button=("pressed", ""), form="asked", status=status)


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Account)) or 0


def test_elder_mode_asks_one_question_a_page_and_keeps_a_draft(
    client: Browser, session: Session
) -> None:
    client.set_cookie("mode", "elder")
    page = client.get("/register?next=/activities")
    assert (page.heading, page.title.split(":")[0]) == ("Your name", "Step 1 of 3")
    assert answer(client, page, 422, name="").heading == "Your name"
    page = answer(client, page, name="王建国")
    assert page.heading == "Phone number or e-mail address"
    page = answer(client, page, login="139 0000 0000")
    assert page.heading == "Password"
    weak = answer(client, page, 422, new_password="13900000000")
    assert "Others know this about you" in weak.main
    back = client.submit(weak, {"new_password": GOOD}, form="asked", button=("change", "login"))
    assert back.form("asked").values["name"] == "王建国"
    assert GOOD not in back.text
    # the window was closed: what was said is offered again, never the password
    again = client.get("/register?next=/activities")
    assert "What you wrote is still here" in again.main
    assert GOOD not in again.text
    page = client.submit(again, form="login")
    assert page.heading == "Password"
    done = answer(client, page, new_password=GOOD)
    assert done.url.endswith("/activities")
    made = session.scalars(select(Account)).one()
    assert (made.name, made.phone) == ("王建国", "13900000000")
    assert "What you wrote is still here" not in client.get("/register").main


def test_in_elder_mode_too_a_login_that_is_taken_is_said_on_its_page(
    client: Browser, session: Session
) -> None:
    factories.make_account(session, phone="13900000000")
    session.commit()
    client.set_cookie("mode", "elder")
    page = answer(client, client.get("/register"), name="王建国")
    page = answer(client, answer(client, page, login="139 0000 0000"), 422, new_password=GOOD)
    assert page.heading == "Phone number or e-mail address"
    assert "There is an account with it already" in page.main


def test_in_elder_mode_it_is_one_question_a_page_and_back_keeps_the_answers(
    client: Browser, session: Session
) -> None:
    client.set_cookie("mode", "elder")
    page = client.get("/register")
    assert page.form("asked").values.keys() >= {"name"}
    assert not page.all("input", type="password")
    page = client.submit(page, {"name": ""}, form="asked", status=422)
    page = client.submit(page, {"name": "王建国"}, form="asked")
    assert "new_password" not in page.form("asked").values
    back = client.submit(page, {"login": "139"}, form="asked", button=("change", "name"))
    assert back.form("asked").values["name"] == "王建国"
    page = client.submit(back, form="asked")
    page = client.submit(page, {"login": "139 0000 0000"}, form="asked")
    short = client.submit(page, {"new_password": "1234567"}, form="asked", status=422)
    assert short.form("asked").values["login"] == "139 0000 0000"
    done = client.submit(short, {"new_password": GOOD}, form="asked")
    assert done.heading == "My account"
    assert session.scalars(select(Account.name)).one() == "王建国"


def test_registers_and_is_signed_in(client: Browser, session: Session) -> None:
    page = register(client)
    assert page.heading == "My account"
    made = session.scalars(select(Account)).one()
    assert (made.name, made.phone, made.email) == ("王建国", "13900000000", None)
    assert GOOD not in made.password_hash


def test_an_address_serves_as_well_as_a_phone(client: Browser, session: Session) -> None:
    register(client, login="Wang@Example.org")
    assert session.scalars(select(Account.email)).one() == "wang@example.org"


def test_keeps_the_language_in_which_one_registered(client: Browser, session: Session) -> None:
    register(client)
    assert session.scalars(select(Account.locale)).one() == "en"


def test_says_all_that_is_missing_at_once(client: Browser, session: Session) -> None:
    page = register(client, status=422, name="", login="", new_password="")
    for message in (
        "Please give your name",
        "Please give your phone number or e-mail address",
        "Please think of a password",
    ):
        assert message in page.main
    assert how_many(session) == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"new_password": "1234567"}, "Please use at least 8 characters"),
        ({"new_password": "password1"}, "Many people use this password"),
        ({"new_password": "13900000000"}, "Others know this about you"),
        ({"new_password": "x" * 129}, "Please use at most 128 characters"),
        ({"login": "no phone"}, "or an e-mail address"),
        ({"name": "王" * 81}, "Please shorten the name"),
    ],
)
def test_refuses_what_will_not_do_and_keeps_the_rest(
    client: Browser, session: Session, typed: dict[str, str], message: str
) -> None:
    page = register(client, status=422, **typed)
    assert message in page.main
    kept = page.form("login").values
    assert kept["name"] == typed.get("name", "王建国")
    assert kept["login"] == typed.get("login", "139 0000 0000")
    assert how_many(session) == 0


def test_a_login_that_is_taken_leads_to_signing_in(
    client: Browser, session: Session, account: Account
) -> None:
    page = register(client, status=422, login=account.phone)
    assert "There is an account with it already" in page.main
    assert page.link("I forgot my password") == "/reset-password"
    assert how_many(session) == 1


def test_the_same_form_sent_twice_makes_one_account(client: Browser, session: Session) -> None:
    form = client.get("/register").form("login")
    answers = {**form.values, "name": "王建国", "login": "13900000000", "new_password": GOOD}
    first = client.flask.post("/register", data=answers)
    client.flask.delete_cookie("sign-in")
    answers["csrf_token"] = client.get("/register").form("login").values["csrf_token"]
    second = client.flask.post("/register", data=answers)
    assert first.status_code == second.status_code == 303
    assert how_many(session) == 1


def test_a_robot_is_thanked_and_forgotten(client: Browser, session: Session) -> None:
    factories.make_network(session)
    session.commit()
    form = client.get("/register").form("login")
    answers = {**form.values, "name": "bot", "login": "13900000000", "new_password": GOOD}
    assert client.flask.post("/register", data={**answers, "website": "spam"}).location == "/"
    assert how_many(session) == 0


def test_one_address_makes_at_most_twenty_accounts_an_hour(client: Browser) -> None:
    with clock.frozen(datetime(2026, 5, 1, 4, 0, tzinfo=UTC)):
        for number in range(20):
            register(client, login=f"139000001{number:02d}")
            client.flask.delete_cookie("sign-in")
        register(client, status=429, login="13900000199")


def test_goes_on_to_where_one_wanted_to_go(client: Browser, account: Account) -> None:
    asked = client.get("/account/password")
    page = client.get(asked.link("I have no account yet"))
    answers = {"name": "王建国", "login": "13900000000", "new_password": GOOD}
    assert client.submit(page, answers).url.endswith("/account/password")
