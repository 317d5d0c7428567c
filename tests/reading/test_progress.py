"""Where readers are: over devices, never taken back silently; marks that only their owner sees."""

from __future__ import annotations

import json

from flask import Flask
from sqlalchemy import func, select

from culture_cloud import db
from culture_cloud.reading.models import Mark, ReaderSettings, ReadingPosition
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in

from .test_pages import change


def place(app: Flask, account_id: int, book: int) -> ReadingPosition | None:
    with app.app_context():
        return db.session().get(ReadingPosition, (account_id, book))


def turn(browser: Browser, url: str) -> str:
    """Press the button for the next page; the address one comes to."""
    page = browser.get(url)
    form = next(f for f in page.forms() if f.action.endswith("/place") and f.values.get("chapter"))
    forms = [f for f in page.forms() if f.action.endswith("/place")]
    form = forms[1] if len(forms) > 1 and "stay" not in forms[1].values else forms[0]
    return browser.post(form.action, form.values).url


def test_turning_a_page_keeps_the_place_and_another_browser_goes_on_there(
    reader: Browser, app: Flask, resident: int, book: int
) -> None:
    url = turn(reader, f"/read/{book}/1")
    assert url.endswith(f"/read/{book}/2")
    url = turn(reader, url)
    assert url.endswith(f"/read/{book}/2/2")
    other = Browser(app)
    with app.app_context():
        from culture_cloud.accounts.models import Account

        account = db.session().get_one(Account, resident)
        db.session().expunge(account)
    sign_in(other, account)
    assert "接着读" in other.get("/read").main
    assert other.get(f"/read/{book}/go-on").url.endswith(f"/read/{book}/2/2")


def post_place(browser: Browser, book: int, **facts: object) -> int:
    page = browser.get(f"/read/{book}/1")
    token = page.all("input", name="csrf_token")[0].get("value")
    answer = browser.flask.post(
        f"/read/{book}/place",
        data={"csrf_token": token, **facts},
        headers={"Accept": "application/json"},
    )
    return answer.status_code


def test_a_page_that_did_not_see_the_last_move_never_goes_back_silently(
    reader: Browser, app: Flask, resident: int, book: int
) -> None:
    assert post_place(reader, book, chapter=2, block=100, seen=0) == 200
    known = place(app, resident, book)
    assert known is not None
    # an old page of another device, further back: nothing moves
    assert post_place(reader, book, chapter=1, block=1, seen=0) == 409
    assert place(app, resident, book).block == 100  # type: ignore[union-attr]
    # the same old page, further on: it counts
    assert post_place(reader, book, chapter=2, block=200, seen=0) == 200
    # the newest page may go back: the reader turned back
    version = place(app, resident, book).version  # type: ignore[union-attr]
    assert post_place(reader, book, chapter=1, block=2, seen=version) == 200
    assert place(app, resident, book).chapter == 1  # type: ignore[union-attr]


def test_without_scripts_the_reader_is_asked_which_place_is_meant(
    reader: Browser, app: Flask, resident: int, book: int
) -> None:
    old_page = reader.get(f"/read/{book}/1")
    post_place(reader, book, chapter=3, block=1, seen=0)
    form = next(f for f in old_page.forms() if f.action.endswith("/place"))
    asked = reader.post(form.action, form.values, status=409)
    assert asked.heading == "您想从哪里接着读？"
    stayed = reader.submit(asked, form="/place")
    assert stayed.url.endswith(f"/read/{book}/2")
    assert place(app, resident, book).chapter == 2  # type: ignore[union-attr]


def test_the_end_is_noted_and_counted(
    reader: Browser, app: Flask, resident: int, book: int
) -> None:
    page = reader.get(f"/read/{book}/3")
    form = next(f for f in page.forms() if f.values.get("stay") and "insist" not in f.values)
    reader.post(form.action, form.values)
    assert place(app, resident, book).finished_at is not None  # type: ignore[union-attr]
    assert "读完的" in reader.get("/read/my").main


def test_switching_history_off_deletes_it_and_keeps_none(
    reader: Browser, app: Flask, resident: int, book: int
) -> None:
    turn(reader, f"/read/{book}/1")
    page = reader.get("/read/my")
    reader.submit(page, form="/my/history")
    assert place(app, resident, book) is None
    turn(reader, f"/read/{book}/1")
    assert place(app, resident, book) is None
    with app.app_context():
        assert db.session().get_one(ReaderSettings, resident).history is False


def test_a_bookmark_is_set_and_taken_out(reader: Browser, book: int) -> None:
    page = reader.submit(reader.get(f"/read/{book}/2"), form="/bookmark")
    assert "书签放好了" in page.main
    assert "拿掉书签" in page.main
    assert "书签" in reader.get(f"/read/{book}/marks").main
    page = reader.submit(reader.get(f"/read/{book}/2"), form="/bookmark")
    assert "书签已拿掉" in page.main


def test_a_sentence_is_marked_and_a_note_written_without_scripts(
    reader: Browser, app: Flask, book: int
) -> None:
    page = reader.get(f"/read/{book}/marks/new?chapter=1&page=1")
    boxes = [e.get("value") for e in page.all("input", name="sentence")]
    form = page.form("sentence")
    done = reader.post(form.action, {**form.values, "sentence": boxes[0], "note": "渡口在哪里？"})
    mark = done.one("mark", class_="book-marked")
    assert "清晨的渡口" in "".join(mark.itertext())
    assert "渡口在哪里？" in done.main
    text = reader.flask.get("/read/my/marks.txt").get_data(as_text=True)
    assert "清晨的渡口" in text
    assert "渡口在哪里？" in text
    data = json.loads(reader.flask.get("/read/my/marks.json").data)
    assert data["marks"][0]["note"] == "渡口在哪里？"
    nothing = reader.post(form.action, {**form.values, "note": "只有话"}, status=422)
    assert "只有话" in nothing.text


def test_marks_of_others_are_not_there(reader: Browser, app: Flask, book: int) -> None:
    with app.app_context(), db.transaction() as session:
        other = factories.make_account(session)
        mark = Mark(
            account_id=other.id,
            publication_id=book,
            kind="highlight",
            chapter=1,
            block=1,
            begin=0,
            end=2,
            quote="清晨",
            note="别人的话",
            created_at=other.created_at,
        )
        session.add(mark)
        session.flush()
        mark_id = mark.id
    assert reader.get(f"/read/marks/{mark_id}", status=None).status == 404
    assert "别人的话" not in reader.get(f"/read/{book}/1").text
    token = reader.get("/read/my").all("input", name="csrf_token")[0].get("value")
    reader.flask.post(f"/read/marks/{mark_id}", data={"csrf_token": token, "remove": 1})
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(Mark)) == 1


def test_a_childs_account_sees_what_suits_and_needs_the_password_for_more(
    reader: Browser, app: Flask, book: int
) -> None:
    change(app, book, audience_code="teenagers")
    page = reader.get("/read/my")
    form = page.form("age")
    reader.post(form.action, {**form.values, "age": "8"})
    assert "木棉渡的早晨" not in reader.get("/read").main
    assert reader.get(f"/read/{book}", status=None).status == 404
    form = reader.get("/read/my").form("age")
    wrong = reader.post(form.action, {**form.values, "age": "", "password": "nonsense"})
    assert "密码不对" in wrong.main
    form = reader.get("/read/my").form("age")
    reader.post(form.action, {**form.values, "age": "", "password": factories.PASSWORD})
    assert "木棉渡的早晨" in reader.get("/read").main


def test_reading_without_a_name_writes_nothing_but_counts(
    client: Browser, app: Flask, book: int
) -> None:
    client.get(f"/read/{book}/1")
    client.get(f"/read/{book}/2")
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(ReadingPosition)) == 0
    answer = client.flask.post(f"/read/{book}/seen", data={"first": "1", "seconds": "40"})
    assert answer.status_code == 204
    foreign = client.flask.post(
        f"/read/{book}/seen", data={"first": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403
    with app.app_context():
        from culture_cloud.reading.models import ReadingCount

        counted = db.session().get_one(ReadingCount, book)
        assert (counted.reads, counted.seconds) == (1, 40)
