"""What a person sees and changes of the own account."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.accounts.models import Account, SignIn
from culture_cloud.notifications.gateway import RecordingGateway
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in

NEW = "新的密码要好记又难猜"


def another(app: Flask, user_agent: str = "") -> Browser:
    """A second device of the same person."""
    browser = Browser(app)
    browser.set_cookie("lang", "en")
    browser.flask.environ_base["HTTP_USER_AGENT"] = user_agent
    return browser


def is_signed_in(browser: Browser) -> bool:
    return browser.flask.get("/account").status_code == 200


@pytest.mark.parametrize("path", ["", "/details", "/display", "/password", "/devices"])
def test_own_pages_are_for_oneself(client: Browser, path: str) -> None:
    answer = client.flask.get(f"/account{path}")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("path", ["", "/details", "/display", "/password", "/devices"])
def test_own_pages_read_well_in_each_mode(any_mode: Browser, account: Account, path: str) -> None:
    sign_in(any_mode, account)
    page = any_mode.get(f"/account{path}")
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_shows_who_one_is(client: Browser, account: Account) -> None:
    sign_in(client, account)
    page = client.get("/account")
    for fact in ("李梅", "138 0000 0000", "limei@example.org"):
        assert fact in page.main


def test_the_short_address_leads_to_the_own_page(client: Browser, account: Account) -> None:
    sign_in(client, account)
    assert client.get("/my").heading == "My page"


def test_corrects_the_details_with_the_password(
    client: Browser, session: Session, account: Account
) -> None:
    sign_in(client, account)
    page = client.get("/account/details")
    assert page.form("name").values["name"] == "李梅"
    typed = {"name": "李小梅", "phone": "139 0000 0001", "email": ""}
    wrong = client.submit(page, {**typed, "password": "not this"}, status=422)
    assert wrong.form("name").values["phone"] == "139 0000 0001"
    done = client.submit(wrong, {**typed, "password": factories.PASSWORD})
    assert "Your details are saved." in done.main
    session.refresh(account)
    assert (account.name, account.phone, account.email) == ("李小梅", "13900000001", None)


def test_somebody_elses_number_cannot_be_taken(
    client: Browser, session: Session, account: Account
) -> None:
    factories.make_account(session, phone="13900000002")
    session.commit()
    sign_in(client, account)
    typed = {"phone": "13900000002", "password": factories.PASSWORD}
    page = client.submit(client.get("/account/details"), typed, status=422)
    assert "Another account uses this number or address" in page.main
    session.refresh(account)
    assert account.phone == "13800000000"


def test_an_account_keeps_a_way_to_be_reached(client: Browser, account: Account) -> None:
    sign_in(client, account)
    typed = {"phone": "", "email": "", "password": factories.PASSWORD}
    page = client.submit(client.get("/account/details"), typed, status=422)
    assert "Please keep a phone number or an e-mail address" in page.main


def test_keeps_how_the_site_looks(client: Browser, session: Session, account: Account) -> None:
    sign_in(client, account)
    page = client.submit(client.get("/account/display"), {"mode": "elder", "locale": "en"})
    assert page.tree.get("data-mode") == "elder"
    session.refresh(account)
    assert (account.mode, account.locale) == ("elder", "en")


def test_a_version_that_we_do_not_have_is_refused(client: Browser, account: Account) -> None:
    sign_in(client, account)
    page = client.submit(client.get("/account/display"), {"mode": "huge"}, status=422)
    assert "Please choose one of the answers" in page.main


def test_changing_the_password_signs_the_other_devices_out_and_tells_the_person(
    app: Flask,
    client: Browser,
    session: Session,
    account: Account,
    outbox: RecordingGateway,
    run_jobs: object,
) -> None:
    elsewhere = another(app)
    sign_in(client, account)
    sign_in(elsewhere, account)
    typed = {"password": factories.PASSWORD, "new_password": NEW}
    page = client.submit(client.get("/account/password"), typed)
    assert "Your password is changed" in page.main
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    sign_in(elsewhere, account, NEW)
    with pytest.raises(AssertionError):
        sign_in(another(app), account)
    assert callable(run_jobs)
    run_jobs()
    assert {m.recipient for m in outbox.messages} == {"13800000000", "limei@example.org"}
    assert not any(NEW in m.text for m in outbox.messages)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"password": "not this", "new_password": NEW}, "This is not your present password"),
        ({"password": factories.PASSWORD, "new_password": "short"}, "at least 8 characters"),
        ({"password": factories.PASSWORD, "new_password": "limei@example.org"}, "Others know"),
        ({"password": "", "new_password": NEW}, "Please give your present password"),
    ],
)
def test_a_password_is_changed_only_by_its_owner_to_a_good_one(
    app: Flask, client: Browser, account: Account, typed: dict[str, str], message: str
) -> None:
    sign_in(client, account)
    page = client.submit(client.get("/account/password"), typed, status=422)
    assert message in page.main
    sign_in(another(app), account)


def test_guessing_the_present_password_is_limited_too(client: Browser, account: Account) -> None:
    sign_in(client, account)
    page = client.get("/account/password")
    for _ in range(5):
        client.submit(page, {"password": "guess", "new_password": NEW}, status=422)
    client.submit(page, {"password": factories.PASSWORD, "new_password": NEW}, status=429)


def test_lists_devices_in_words_and_signs_one_out(
    app: Flask, client: Browser, account: Account
) -> None:
    elsewhere = another(app, "Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0")
    sign_in(elsewhere, account)
    sign_in(client, account)
    page = client.get("/account/devices")
    assert "WeChat on an Android device" in page.main
    assert "this device" in page.main
    [form] = [f for f in page.forms() if f.action.endswith("/1/sign-out")]
    client.post(form.action, form.values)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(client)


def test_signs_out_everywhere(app: Flask, client: Browser, account: Account) -> None:
    elsewhere = another(app)
    sign_in(elsewhere, account)
    sign_in(client, account)
    page = client.submit(client.get("/account/devices"), form="/account/devices/sign-out")
    assert page.heading == "You are signed out"
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(client)


def test_another_persons_device_is_not_found(
    app: Flask, client: Browser, session: Session, account: Account
) -> None:
    stranger = factories.make_account(session)
    session.commit()
    elsewhere = another(app)
    sign_in(elsewhere, stranger)
    sign_in(client, account)
    theirs = session.scalar(select(SignIn.id).where(SignIn.account_id == stranger.id))
    session.rollback()
    token = client.get("/account").form("sign-out").values
    client.post(f"/account/devices/{theirs}/sign-out", token, status=404)
    assert is_signed_in(elsewhere)
