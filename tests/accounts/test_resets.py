"""A forgotten password: the same answer for everybody, a way that works once and briefly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.accounts import services
from culture_cloud.accounts.models import Account, PasswordReset
from culture_cloud.jobs.models import Job
from culture_cloud.notifications.gateway import RecordingGateway
from culture_cloud.notifications.models import Notice
from tests.client import Browser, Page
from tests.signing_in import sign_in

NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)
NEW = "新的密码要好记又难猜"
Run = Callable[[], int]


def ask(client: Browser, login: str, *, status: int = 200) -> Page:
    return client.submit(client.get("/reset-password"), {"login": login}, status=status)


def code_in(outbox: RecordingGateway) -> str:
    found = re.match(r"\d{6}", outbox.messages[-1].text)
    assert found is not None
    return found[0]


def link_in(outbox: RecordingGateway) -> str:
    found = re.search(r"http\S+(/reset-password/link/\S+)", outbox.messages[-1].text)
    assert found is not None
    return found[1]


def set_by_code(client: Browser, page: Page, code: str, *, status: int = 200) -> Page:
    """On one page; in elder mode one after the other (EL-13)."""
    if page.all("input", id="new_password"):
        return client.submit(page, {"code": code, "new_password": NEW}, status=status)
    page = client.submit(page, {"code": code})
    assert page.form("asked").values["code"].strip() == code.strip()
    return client.submit(page, {"new_password": NEW}, button=("pressed", ""), status=status)


def proved(app: Flask) -> list[bool]:
    with app.app_context():
        return [a.proved_phone is not None for a in db.session().scalars(select(Account))]


def test_a_code_by_text_message_sets_a_new_password_and_signs_all_out(
    app: Flask, any_mode: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with app.app_context(), db.transaction() as writing:
        writing.execute(update(Account).values(phone_proved_at=None))
    signed_in = Browser(app)
    sign_in(signed_in, account)
    assert proved(app) == [False]
    page = ask(any_mode, "138 0000 0000")
    assert page.one("input", id="code").get("autocomplete") == "one-time-code"
    run_jobs()
    code = code_in(outbox)
    assert outbox.messages[-1].recipient == "13800000000"
    done = set_by_code(any_mode, page, f" {code[:3]} {code[3:]} ")
    assert done.heading == "Your new password is set"
    assert signed_in.flask.get("/account").status_code == 302
    sign_in(any_mode, account, NEW)
    assert proved(app) == [True], "the code came back, so the number is theirs"


def test_a_link_by_letter_sets_a_new_password(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    assert ask(client, "limei@example.org").heading == "Look into your mailbox"
    run_jobs()
    assert outbox.messages[-1].recipient == "limei@example.org"
    page = client.get(link_in(outbox))
    assert client.submit(page, {"new_password": NEW}).heading == "Your new password is set"
    sign_in(client, account, NEW)


@pytest.mark.parametrize(
    ("known", "unknown"),
    [("13800000000", "13700000000"), ("limei@example.org", "nobody@example.org")],
)
def test_the_answer_tells_nobody_whether_there_is_an_account(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run,
    known: str, unknown: str,
) -> None:  # fmt: skip
    def answer(login: str) -> tuple[int, str, str]:
        form = client.get("/reset-password").form("login")
        sent = client.flask.post("/reset-password", data={**form.values, "login": login})
        address = re.sub(r"[\w-]{43}", "…", sent.location)
        return sent.status_code, address, client.get(sent.location).main

    assert answer(known) == answer(unknown)
    run_jobs()
    assert {message.recipient for message in outbox.messages} == {known}


def test_asking_does_the_same_work_for_everybody(
    client: Browser, session: Session, account: Account
) -> None:
    for login in ("13800000000", "13700000000"):
        ask(client, login)
    jobs = session.scalars(select(Job)).all()
    assert [job.name for job in jobs] == ["accounts.send_reset"] * 2
    assert session.scalar(select(PasswordReset.id)) is None, "made by the job, not by the page"


def test_a_wrong_code_for_nobody_and_for_somebody_get_the_same_answer(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    pages = [ask(client, "13800000000"), ask(client, "13700000000")]
    run_jobs()
    wrong = f"{(int(code_in(outbox)) + 1) % 1_000_000:06d}"
    for page in pages:
        for _ in range(5):
            answer = set_by_code(client, page, wrong, status=422)
            assert "This code does not fit" in answer.main
        set_by_code(client, page, wrong, status=429)


def test_after_five_wrong_codes_the_right_one_comes_too_late(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(NOON):
        page = ask(client, "13800000000")
        run_jobs()
        code = code_in(outbox)
        for number in range(5):
            set_by_code(client, page, f"{(int(code) + 1 + number) % 1_000_000:06d}", status=422)
        set_by_code(client, page, code, status=429)
    with clock.frozen(NOON + timedelta(minutes=15, seconds=1)):
        set_by_code(client, page, code, status=422)


def test_a_code_works_in_the_browser_that_asked_only(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    ask(client, "13800000000")
    run_jobs()
    code = code_in(outbox)
    other_attempt = ask(client, "13700000000")
    set_by_code(client, other_attempt, code, status=422)


def test_the_attempt_alone_opens_nothing(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    page = ask(client, "13800000000")
    run_jobs()
    attempt = page.url.rsplit("/", 1)[1]
    assert client.get(f"/reset-password/link/{attempt}", status=410).heading


def test_a_code_works_once(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    page = ask(client, "13800000000")
    run_jobs()
    code = code_in(outbox)
    form = page.form("code").values | {"code": code, "new_password": NEW}
    assert client.post(page.url, form).heading == "Your new password is set"
    again = client.get(page.url)
    set_by_code(client, again, code, status=422)


def test_a_link_works_once(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    ask(client, "limei@example.org")
    run_jobs()
    link = link_in(outbox)
    client.submit(client.get(link), {"new_password": NEW})
    assert client.get(link, status=410).link("Send me a new link") == "/reset-password"


def test_codes_end_after_fifteen_minutes_and_links_after_an_hour(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(NOON):
        page = ask(client, "13800000000")
        run_jobs()
        code = code_in(outbox)
        ask(client, "limei@example.org")
        run_jobs()
        link = link_in(outbox)
    with clock.frozen(NOON + timedelta(minutes=15, seconds=1)):
        set_by_code(client, page, code, status=422)
    with clock.frozen(NOON + timedelta(minutes=59)):
        client.get(link)
    with clock.frozen(NOON + timedelta(minutes=60, seconds=1)):
        client.get(link, status=410)


def test_a_new_password_ends_all_other_resets(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    ask(client, "limei@example.org")
    run_jobs()
    link = link_in(outbox)
    page = ask(client, "13800000000")
    run_jobs()
    set_by_code(client, page, code_in(outbox))
    client.get(link, status=410)


def test_a_disabled_account_cannot_be_opened_by_a_reset(
    client: Browser, session: Session, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    ask(client, "limei@example.org")
    run_jobs()
    link = link_in(outbox)
    services.disable(session, account.id)
    session.commit()
    client.get(link, status=410)
    ask(client, "limei@example.org")
    run_jobs()
    assert len(outbox.messages) == 1


def test_a_weak_password_does_not_use_the_link_up(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    ask(client, "limei@example.org")
    run_jobs()
    page = client.get(link_in(outbox))
    for weak in ("short", "password1", "limei@example.org", "13800000000"):
        page = client.submit(page, {"new_password": weak}, status=422)
    assert client.submit(page, {"new_password": NEW}).heading == "Your new password is set"


def test_nobodys_phone_is_flooded(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    with clock.frozen(NOON):
        for _ in range(3):
            ask(client, "13800000000")
        ask(client, "138-0000-0000", status=429)
        run_jobs()
    assert len(outbox.messages) == 3
    with clock.frozen(NOON + timedelta(hours=1, seconds=1)):
        ask(client, "13800000000")


def test_an_unknown_login_is_limited_alike(client: Browser) -> None:
    with clock.frozen(NOON):
        for _ in range(3):
            ask(client, "13700000000")
        ask(client, "13700000000", status=429)


def test_one_address_asks_at_most_twenty_times_an_hour(client: Browser) -> None:
    with clock.frozen(NOON):
        for number in range(20):
            ask(client, f"137000000{number:02d}")
        ask(client, "13700000099", status=429)


def test_the_job_may_run_twice(
    client: Browser, session: Session, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    ask(client, "13800000000")
    arguments = dict(session.scalars(select(Job)).one().arguments)
    session.rollback()
    run_jobs()
    session.add(
        Job(name="accounts.send_reset", arguments=arguments, due_at=clock.now(),
            created_at=clock.now())
    )  # fmt: skip
    session.commit()
    run_jobs()
    assert len(outbox.messages) == 1


def test_the_owner_is_told(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    page = ask(client, "13800000000")
    run_jobs()
    set_by_code(client, page, code_in(outbox))
    run_jobs()
    told = {message.recipient for message in outbox.messages[1:]}
    assert told == {"13800000000", "limei@example.org"}


def test_no_secret_stays_in_the_database_after_sending(
    client: Browser, session: Session, account: Account, outbox: RecordingGateway, run_jobs: Run
) -> None:
    ask(client, "limei@example.org")
    run_jobs()
    token = link_in(outbox).rsplit("/", 1)[1]
    page = ask(client, "13800000000")
    run_jobs()
    code, attempt = code_in(outbox), page.url.rsplit("/", 1)[1]
    tables = [row[0] for row in session.execute(text(_TABLES[session.get_bind().dialect.name]))]
    for table in tables:
        rows = json.dumps([list(row) for row in session.execute(text(f'SELECT * FROM "{table}"'))],
                          default=str)  # fmt: skip
        assert token not in rows, table
        assert attempt not in rows, table
        assert code not in rows, table
    assert session.scalars(select(Notice)).all()


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def test_no_log_holds_a_token_or_code(
    client: Browser, account: Account, outbox: RecordingGateway, run_jobs: Run,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level("DEBUG")
    ask(client, "limei@example.org")
    run_jobs()
    link = link_in(outbox)
    client.get(link)
    page = ask(client, "13800000000")
    run_jobs()
    code = code_in(outbox)
    set_by_code(client, page, code)
    logged = "\n".join(f"{r.getMessage()} {vars(r)}" for r in caplog.records)
    for secret in (link.rsplit("/", 1)[1], page.url.rsplit("/", 1)[1], code, NEW,
                   "13800000000", "limei@example.org"):  # fmt: skip
        assert secret not in logged
