"""Signing in and out: proof, limits, cookies that can be revoked."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from http.cookies import Morsel, SimpleCookie
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from culture_cloud import clock, create_app
from culture_cloud.accounts import passwords, services
from culture_cloud.accounts.models import Account, SignIn
from culture_cloud.config import Config
from culture_cloud.web import modes
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in
from tests.web.test_redirects import FOREIGN

NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)
WRONG = "not the password"


def press(
    client: Browser, login: str, password: str = factories.PASSWORD, **more: Any
) -> TestResponse:
    """Send the sign-in form and see the bare answer."""
    page = client.get("/sign-in")
    if not page.all("input", id="password"):  # elder mode asks for it on a page of its own
        page = client.submit(page, {"login": login})
    form = page.form("password")
    typed = {**form.values, "login": login, "password": password, **more}
    return client.flask.post("/sign-in", data=typed)


def cookie(answer: TestResponse, name: str) -> Morsel[str] | None:
    for header in answer.headers.getlist("Set-Cookie"):
        jar: SimpleCookie = SimpleCookie(header)
        if name in jar:
            return jar[name]
    return None


def is_signed_in(client: Browser) -> bool:
    return client.flask.get("/account").status_code == 200


@pytest.mark.parametrize(
    "login", ["13800000000", "+86 138-0000-0000", "limei@example.org", " LIMEI@Example.org"]
)
def test_signs_in_by_phone_or_address_however_it_is_typed(
    client: Browser, account: Account, login: str
) -> None:
    assert press(client, login).status_code == 303
    assert is_signed_in(client)


def test_elder_mode_asks_for_one_thing_a_page_and_the_way_back_keeps_it(
    client: Browser, account: Account
) -> None:
    client.set_cookie("mode", "elder")
    page = client.get("/sign-in?next=/activities")
    assert page.heading == "Phone number or e-mail address"
    assert page.title.startswith("Step 1 of 2: Sign in")
    assert not page.all("input", id="password")
    nothing = client.submit(page, {}, status=422)
    assert "Please give your phone number" in nothing.main
    assert "Please give your password" not in nothing.main
    asked = client.submit(page, {"login": "138 0000 0000"})
    assert asked.heading == "Password"
    assert asked.one("input", id="password").get("autocomplete") == "current-password"
    back = client.submit(asked, {"password": WRONG}, button=("change", "login"))
    assert back.form("login").values["login"] == "138 0000 0000"
    assert WRONG not in back.text
    failed = client.submit(asked, {"password": WRONG}, status=422)
    assert failed.links["This password does not fit. Is your number right?"] == "#password"
    assert failed.form("password").values["login"] == "138 0000 0000"
    done = client.submit(failed, {"password": factories.PASSWORD}, button=("pressed", ""))
    assert done.url.endswith("/activities")


def test_the_page_reads_well(client: Browser, account: Account) -> None:
    page = client.get("/sign-in")
    assert page.heading == "Sign in"
    assert page.one("input", id="login").get("autocomplete") == "username"
    assert page.one("input", id="password").get("autocomplete") == "current-password"
    failed = client.submit(page, {"login": "138 0000 0000", "password": WRONG}, status=422)
    assert failed.form("password").values["login"] == "138 0000 0000"
    assert failed.form("password").values["password"] == ""
    assert failed.all("div", id="error-summary")
    assert failed.links["This password does not fit. Please type both again."] == "#password"


def test_asks_for_what_is_missing(client: Browser) -> None:
    page = client.submit(client.get("/sign-in"), {}, status=422)
    assert "Please give your phone number or e-mail address" in page.main
    assert "Please give your password" in page.main


def test_unknown_wrong_and_disabled_get_the_same_answer(
    client: Browser, session: Session, account: Account
) -> None:
    factories.make_account(session, phone="13900000000", active=False)
    session.commit()
    answers = [
        press(client, "13800000000", WRONG),
        press(client, "13700000000", WRONG),
        press(client, "13900000000", factories.PASSWORD),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    texts = {
        answer.get_data(as_text=True).replace(phone, "…").split("<main")[1].split("csrf")[0]
        for answer, phone in zip(
            answers, ["13800000000", "13700000000", "13900000000"], strict=True
        )
    }
    assert len(texts) == 1


def test_unknown_accounts_cost_the_same_look_at_a_password(
    client: Browser, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            verified.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting(time_cost=2, memory_cost=19 * 1024))
    press(client, "13800000000", WRONG)
    press(client, "13700000000", WRONG)
    assert len(verified) == 2


def test_the_sixth_wrong_password_in_a_minute_is_refused_and_the_next_minute_is_free(
    client: Browser, account: Account
) -> None:
    for second in range(5):
        with clock.frozen(NOON + timedelta(seconds=second)):
            assert press(client, "13800000000", WRONG).status_code == 422
    with clock.frozen(NOON + timedelta(seconds=10)):
        refused = press(client, "138 0000 0000")
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "50"
    with clock.frozen(NOON + timedelta(seconds=61)):
        assert press(client, "13800000000").status_code == 303


def test_the_right_person_is_not_locked_out_from_another_address(
    client: Browser, account: Account
) -> None:
    with clock.frozen(NOON):
        for _ in range(6):
            press(client, "13800000000", WRONG)
        form = client.get("/sign-in").form("password")
        typed = {**form.values, "login": "13800000000", "password": factories.PASSWORD}
        elsewhere = client.flask.post(
            "/sign-in", data=typed, environ_overrides={"REMOTE_ADDR": "192.0.2.9"}
        )
        assert elsewhere.status_code == 303


def test_an_address_has_twenty_tries_a_minute_over_all_accounts(
    client: Browser, session: Session
) -> None:
    with clock.frozen(NOON):
        for number in range(20):
            assert press(client, f"137000000{number:02d}", WRONG).status_code == 422
        assert press(client, "13700000099", WRONG).status_code == 429


def test_signing_in_rightly_clears_the_count(client: Browser, account: Account) -> None:
    with clock.frozen(NOON):
        for _ in range(4):
            press(client, "13800000000", WRONG)
        assert press(client, "13800000000").status_code == 303
        client.flask.delete_cookie("sign-in")
        for _ in range(4):
            assert press(client, "13800000000", WRONG).status_code == 422


def test_the_token_is_random_and_only_its_hash_is_kept(
    client: Browser, session: Session, account: Account
) -> None:
    tokens = set()
    for _ in range(2):
        given = cookie(press(client, "13800000000"), "sign-in")
        assert given is not None
        assert len(given.value) >= 43
        tokens.add(given.value)
        client.flask.delete_cookie("sign-in")
    kept = set(session.scalars(select(SignIn.token_hash)))
    assert len(tokens) == len(kept) == 2
    assert not tokens & kept


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: Browser, account: Account
) -> None:
    given = cookie(press(client, "13800000000"), "sign-in")
    assert given is not None
    assert given["httponly"]
    assert given["samesite"] == "Lax"
    assert given["path"] == "/"
    assert not given["domain"]
    assert given["max-age"] == str(30 * 24 * 3600)


def test_over_https_the_cookie_is_secure_and_tied_to_the_host(
    config: Config, session: Session, account: Account
) -> None:
    from dataclasses import replace

    app = create_app(replace(config, https=True))
    browser = app.test_client()
    page = browser.get("/sign-in", base_url="https://localhost").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.post(
        "/sign-in",
        base_url="https://localhost",
        headers={"Referer": "https://localhost/sign-in"},
        data={"csrf_token": token, "login": "13800000000", "password": factories.PASSWORD},
    )
    given = cookie(answer, "__Host-sign-in")
    assert given is not None
    assert given["secure"]
    assert given["path"] == "/"
    assert not given["domain"]
    app.extensions["database"].dispose()


def test_a_token_brought_along_is_not_adopted(client: Browser, account: Account) -> None:
    client.set_cookie("sign-in", "planted-by-somebody-else")
    given = cookie(press(client, "13800000000"), "sign-in")
    assert given is not None
    assert given.value != "planted-by-somebody-else"


def test_signing_in_and_out_renews_the_secret_of_forms(client: Browser, account: Account) -> None:
    client.get("/sign-in")
    before = client.flask.get_cookie("session")
    press(client, "13800000000")
    assert client.flask.get_cookie("session") is None, "the old session went"
    client.get("/account")
    within = client.flask.get_cookie("session")
    client.submit(client.get("/account"), form="sign-out")
    client.get("/sign-in")
    after = client.flask.get_cookie("session")
    assert before is not None
    assert within is not None
    assert after is not None
    assert len({before.value, within.value, after.value}) == 3


def test_a_form_token_from_before_signing_in_is_refused_after(
    client: Browser, account: Account
) -> None:
    old = client.get("/sign-in").form("password").values["csrf_token"]
    sign_in(client, account)
    assert client.flask.post("/sign-out", data={"csrf_token": old}).status_code == 400
    assert is_signed_in(client)


def test_the_old_cookie_is_dead_after_signing_out(client: Browser, account: Account) -> None:
    given = cookie(press(client, "13800000000"), "sign-in")
    assert given is not None
    page = client.submit(client.get("/account"), form="sign-out")
    assert page.heading == "You are signed out"
    assert client.flask.get_cookie("sign-in") is None
    client.set_cookie("sign-in", given.value)
    assert not is_signed_in(client)


def test_signing_out_twice_does_no_harm(client: Browser, account: Account) -> None:
    sign_in(client, account)
    form = client.get("/account").form("sign-out")
    client.flask.delete_cookie("sign-in")
    assert client.post("/sign-out", form.values).heading == "You are signed out"


def test_signing_out_needs_a_form_of_ours(client: Browser, account: Account) -> None:
    sign_in(client, account)
    assert client.flask.get("/sign-out").status_code == 405
    assert client.flask.post("/sign-out").status_code == 400
    assert is_signed_in(client)


def test_disabling_signs_out_at_once_and_for_good(
    client: Browser, session: Session, account: Account
) -> None:
    sign_in(client, account)
    assert is_signed_in(client)
    services.disable(session, account.id)
    session.commit()
    assert not is_signed_in(client)
    assert press(client, "13800000000").status_code == 422
    services.enable(session, account.id)
    session.commit()
    assert not is_signed_in(client), "the old sign-in does not come back"
    assert press(client, "13800000000").status_code == 303


def test_a_sign_in_ends_after_fourteen_idle_days(client: Browser, account: Account) -> None:
    with clock.frozen(NOON):
        sign_in(client, account)
    with clock.frozen(NOON + timedelta(days=13, hours=23)):
        assert is_signed_in(client)
    with clock.frozen(NOON + timedelta(days=27, hours=22)):
        assert is_signed_in(client)
    with clock.frozen(NOON + timedelta(days=30, minutes=1)):
        assert not is_signed_in(client), "thirty days are the end, used or not"


def test_an_unused_sign_in_is_gone_after_fourteen_days(client: Browser, account: Account) -> None:
    with clock.frozen(NOON):
        sign_in(client, account)
    with clock.frozen(NOON + timedelta(days=14, minutes=1)):
        assert not is_signed_in(client)


def test_a_visit_is_noted_at_most_once_an_hour(
    client: Browser, session: Session, account: Account
) -> None:
    def seen_at() -> datetime:
        seen = session.scalars(select(SignIn.seen_at)).one()
        session.rollback()  # lets go of the database, which is one writer's at a time
        return seen

    with clock.frozen(NOON):
        sign_in(client, account)
    for minutes, seen in ((30, 0), (61, 61), (90, 61), (122, 122)):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            client.flask.get("/account")
            assert seen_at() == NOON + timedelta(minutes=seen)


def test_display_preferences_follow_the_person_to_another_device(
    client: Browser, session: Session, account: Account
) -> None:
    services.set_display(session, account_id=account.id, mode="elder", locale="en")
    session.commit()
    client.set_cookie("mode", "standard")
    answer = press(client, "13800000000")
    mode, locale = cookie(answer, "mode"), cookie(answer, "lang")
    assert mode is not None
    assert locale is not None
    assert (mode.value, locale.value) == ("elder", "en")
    assert mode["max-age"] == str(modes.COOKIE_SECONDS)
    page = client.get("/account")
    assert (page.tree.get("data-mode"), page.tree.get("lang")) == ("elder", "en")


def test_without_a_preference_the_device_keeps_its_own(client: Browser, account: Account) -> None:
    client.set_cookie("mode", "elder")
    assert cookie(press(client, "13800000000"), "mode") is None
    assert client.get("/account").tree.get("data-mode") == "elder"


def test_never_leads_to_a_foreign_place(client: Browser, account: Account) -> None:
    for number, target in enumerate(FOREIGN):
        with clock.frozen(NOON + timedelta(minutes=number)):
            assert press(client, "13800000000", next=target).location == "/", target
            signed_in = client.flask.get("/sign-in", query_string={"next": target})
            assert signed_in.location == "/account", target
            client.flask.delete_cookie("sign-in")


def test_leads_back_to_where_one_wanted_to_go(client: Browser, account: Account) -> None:
    asked = client.get("/account/devices")
    assert asked.heading == "Sign in"
    page = client.submit(asked, {"login": "13800000000", "password": factories.PASSWORD})
    assert page.url.endswith("/account/devices")


def test_a_form_without_its_token_is_kept_and_can_be_sent_again(
    client: Browser, account: Account
) -> None:
    typed = {"login": "13800000000", "password": factories.PASSWORD}
    page = client.post("/sign-in", typed, status=400)
    kept = page.form("login").values
    assert kept["login"] == "13800000000"
    assert "password" not in kept
    again = client.submit(page, status=422)
    assert again.form("password").values["login"] == "13800000000"


def test_an_outdated_hash_is_renewed_when_the_password_is_known(
    client: Browser, session: Session, account: Account
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    account.password_hash = old.hash(factories.PASSWORD)
    session.commit()
    sign_in(client, account)
    session.refresh(account)
    assert not passwords.needs_rehash(account.password_hash)
    assert passwords.matches(account.password_hash, factories.PASSWORD)


def test_ended_sign_ins_are_forgotten(
    app: Flask, client: Browser, session: Session, account: Account
) -> None:
    with clock.frozen(NOON):
        sign_in(client, account)
    with clock.frozen(NOON + timedelta(days=15)):
        services.forget_ended(session)
        session.commit()
    assert session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_no_log_holds_login_password_or_token(
    client: Browser, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    press(client, "13800000000", WRONG)
    given = cookie(press(client, "13800000000"), "sign-in")
    client.get("/account")
    assert given is not None
    logged = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    for secret in ("13800000000", WRONG, factories.PASSWORD, given.value):
        assert secret not in logged
