"""Importing at the desk: choose, look, import, and every way in which a file can be wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from urllib3 import encode_multipart_formdata

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.activities.models import Activity, ImportBatch
from culture_cloud.network.models import Node
from tests import factories
from tests.activities.importing.books import calendar, workbook
from tests.client import Browser, Page
from tests.signing_in import sign_in

NOW = datetime.now(UTC).replace(microsecond=0)
HEADINGS = ["活动名称", "开始时间", "地点", "名额"]
DAY = (NOW + timedelta(days=60)).date().isoformat()
POEMS = ["诗会", f"{DAY} 19:30", "小剧场", 60]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def hall(session: Session) -> Node:
    factories.make_network(session)
    made = factories.make_node(session)
    session.commit()
    return made


@pytest.fixture
def branch(session: Session, hall: Node, client: Browser) -> Node:
    """A branch whose editor is signed in."""
    made = factories.make_node(session, parent=hall)
    editor = factories.make_staff(session, node=made, role=Role.BRANCH_EDITOR)
    session.commit()
    sign_in(client, editor)
    return made


def sheet(*rows: list[object]) -> bytes:
    return workbook({"活动": [HEADINGS, *rows]})


def upload(
    client: Browser,
    data: bytes,
    *,
    node: str | None = None,
    name: str = "list.xlsx",
    showing: str = "publish",
    status: int = 200,
) -> Page:
    page = client.get("/desk/import")
    values = {**page.form("showing").values, "showing": showing}
    if node is not None:
        values["node"] = node
    values.pop("file", None)
    body, kind = encode_multipart_formdata({**values, "file": (name, data)})
    # as bytes: of large forms the test client leaves files open
    response = client.flask.post(
        "/desk/import", data=body, content_type=kind, follow_redirects=True
    )
    return client._checked(response, status)


def activity_count(session: Session) -> int:
    session.rollback()
    found = session.scalar(select(func.count()).select_from(Activity)) or 0
    session.rollback()
    return found


def test_a_list_is_looked_at_then_imported(
    session: Session, branch: Node, any_mode: Browser
) -> None:
    preview = upload(any_mode, sheet(POEMS, ["", f"{DAY} 9:00", "", None]))
    assert "诗会" in preview.main
    assert "第 3 行" in preview.main
    assert activity_count(session) == 0, "looking at it writes nothing"
    result = any_mode.submit(preview, form="/desk/import/")
    assert "诗会" in result.main
    activity = session.scalars(select(Activity)).one()
    assert (activity.state, activity.node_id) == ("published", branch.id)
    assert result.link("诗会").endswith(f"/desk/activities/{activity.id}")


def test_a_second_press_imports_nothing_twice(
    session: Session, branch: Node, client: Browser
) -> None:
    preview = upload(client, sheet(POEMS))
    client.submit(preview, form="/desk/import/")
    again = client.submit(preview, form="/desk/import/")
    assert "诗会" in again.main
    assert activity_count(session) == 1


def test_the_same_file_once_more_has_nothing_to_import(
    session: Session, branch: Node, client: Browser
) -> None:
    client.submit(upload(client, sheet(POEMS)), form="/desk/import/")
    again = upload(client, sheet(POEMS))
    assert not [form for form in again.forms() if "/desk/import/" in form.action]
    assert activity_count(session) == 1


def test_what_changed_since_the_preview_counts(
    session: Session, branch: Node, client: Browser
) -> None:
    first, second = upload(client, sheet(POEMS)), upload(client, sheet(POEMS))
    client.submit(first, form="/desk/import/")
    client.submit(second, form="/desk/import/")
    assert activity_count(session) == 1


def test_the_result_stays_and_the_file_goes(
    app: Flask, session: Session, branch: Node, client: Browser
) -> None:
    preview = upload(client, sheet(POEMS))
    folder = Path(app.config["DATA_FOLDER"]) / "imports"
    assert len(list(folder.iterdir())) == 1
    result = client.submit(preview, form="/desk/import/")
    assert list(folder.iterdir()) == []
    with clock.frozen(NOW + timedelta(days=1)):
        assert "诗会" in client.get(result.url).main
    batch = session.scalars(select(ImportBatch)).one()
    assert (batch.created, batch.changed, batch.unchanged, batch.refused) == (1, 0, 0, 0)


def test_a_file_is_only_kept_for_a_day(branch: Node, client: Browser) -> None:
    preview = upload(client, sheet(POEMS))
    with clock.frozen(NOW + timedelta(hours=25)):
        page = client.get(preview.url)
        assert page.url.endswith("/desk/import")
        assert client.submit(preview, form="/desk/import/").url.endswith("/desk/import")


def test_drafts_are_made_where_that_was_wished(
    session: Session, branch: Node, client: Browser
) -> None:
    client.submit(upload(client, sheet(POEMS), showing="draft"), form="/desk/import/")
    assert session.scalars(select(Activity.state)).one() == "draft"


def test_a_clerks_list_goes_to_review_where_the_hall_asks_for_it(
    session: Session, hall: Node, client: Browser
) -> None:
    point = factories.make_node(session, parent=hall, review_required=True)
    clerk = factories.make_staff(session, node=point, role=Role.SERVICE_POINT_CLERK)
    session.commit()
    sign_in(client, clerk)
    client.submit(upload(client, sheet(POEMS)), form="/desk/import/")
    assert session.scalars(select(Activity.state)).one() == "submitted"


# --- whose list ----------------------------------------------------------------------------------


def test_another_branch_is_as_if_it_were_not_there(
    session: Session, hall: Node, branch: Node, client: Browser
) -> None:
    other = factories.make_node(session, parent=hall)
    session.commit()
    for node in (other, hall):
        upload(client, sheet(POEMS), node=node.code, status=404)
    assert activity_count(session) == 0
    session.rollback()


def test_another_branchs_batch_is_as_if_it_were_not_there(
    session: Session, hall: Node, branch: Node, client: Browser, app: Flask
) -> None:
    preview = upload(client, sheet(POEMS))
    other = factories.make_node(session, parent=hall)
    stranger = factories.make_staff(session, node=other, role=Role.BRANCH_EDITOR)
    session.commit()
    foreign = Browser(app)
    sign_in(foreign, stranger)
    foreign.get(preview.url, status=404)
    token = foreign.get("/desk/import").form("showing").values["csrf_token"]
    foreign.post(preview.url, {"csrf_token": token}, status=404)
    assert activity_count(session) == 0


def test_residents_and_strangers_import_nothing(
    session: Session, hall: Node, client: Browser
) -> None:
    assert client.get("/desk/import").url.split("?")[0].endswith("/sign-in")
    resident = factories.make_account(session)
    session.commit()
    sign_in(client, resident)
    client.get("/desk/import", status=403)


@pytest.mark.parametrize("key", ["x", "A" * 32, "..%2f..%2fsecret-key"])
def test_a_key_that_nobody_was_given_opens_nothing(branch: Node, client: Browser, key: str) -> None:
    client.get(f"/desk/import/{key}", status=404)


# --- files that are wrong ------------------------------------------------------------------------


def bomb() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 150_000_000)
    return stream.getvalue()


def locked() -> bytes:
    """The container of a workbook with a password, as far as it is looked at."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 40


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(bomb(), id="bomb"),
        pytest.param(locked(), id="password"),
        pytest.param(b"PK\x03\x04 broken", id="damaged"),
        pytest.param(b"%PDF-1.7", id="another format"),
        pytest.param(b"<!DOCTYPE html><html></html>", id="web page"),
        pytest.param(b'{"a": 1}', id="unknown JSON"),
        pytest.param(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", id="no event"),
        pytest.param("活动名称,开始时间\n诗会,2026".encode()[:-9] + b"\x81\xff\xff", id="encoding"),
        pytest.param(b"a" * (10 * 1024 * 1024 + 1), id="11 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_in_words(
    session: Session, branch: Node, client: Browser, data: bytes
) -> None:
    page = upload(client, data, status=422)
    summary = page.one("div", id="error-summary")
    assert len("".join(summary.itertext()).strip()) > 20
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_file_of_fifty_megabytes_is_refused(branch: Node, client: Browser) -> None:
    page = upload(client, b"0" * (50 * 1024 * 1024), status=413)
    assert page.heading


def test_a_form_without_a_file_says_what_is_missing(branch: Node, client: Browser) -> None:
    form = client.get("/desk/import").form("showing")
    page = client.post("/desk/import", {**form.values, "file": None}, status=422)
    assert page.form("showing").values["node"] == branch.code


def test_a_half_broken_calendar_brings_the_other_half(
    session: Session, branch: Node, client: Browser
) -> None:
    stamp = f"{DAY.replace('-', '')}T193000"
    data = calendar(
        f"UID:1@a\nSUMMARY:诗会\nDTSTART:{stamp}", "UID:2@a\nSUMMARY:读书会\nDTSTART:someday"
    )
    preview = upload(client, data, name="list.ics")
    assert "2@a" in preview.main
    client.submit(preview, form="/desk/import/")
    assert session.scalars(select(Activity.title)).all() == ["诗会"]


def test_a_table_of_an_old_office_program_is_read(branch: Node, client: Browser) -> None:
    text = f"活动名称,开始时间,地点\r\n镕城诗会,{DAY} 19:30,小剧场\r\n"
    assert "镕城诗会" in upload(client, text.encode("gb18030"), name="list.csv").main


def test_only_the_first_two_hundred_rows_are_shown(branch: Node, client: Browser) -> None:
    rows: list[list[object]] = [[f"活动{number}", *POEMS[1:]] for number in range(230)]
    preview = upload(client, sheet(*rows))
    assert len(preview.all("tr")) <= 202
    assert "30" in preview.main


def test_the_template_can_be_filled_in_and_imported(
    session: Session, branch: Node, client: Browser
) -> None:
    answer = client.flask.get("/desk/import/template.xlsx")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.data))
    table: Any = book.worksheets[0]
    for cell in table[1]:
        if str(cell.value).startswith("活动名称"):
            table.cell(3, cell.column).value = "诗会"
        if str(cell.value).startswith("开始时间"):
            table.cell(3, cell.column).value = f"{DAY} 19:30"
    stream = BytesIO()
    book.save(stream)
    client.submit(upload(client, stream.getvalue()), form="/desk/import/")
    assert session.scalars(select(Activity.title)).all() == ["诗会"]
