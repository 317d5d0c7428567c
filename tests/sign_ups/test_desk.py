"""What staff do with the list of who comes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.access.permissions import Role
from culture_cloud.activities.models import Activity, Allotment, SignUpRules
from culture_cloud.audit.models import AuditEntry
from culture_cloud.network.models import Node
from culture_cloud.notifications.models import Notice
from culture_cloud.sign_ups import intake
from culture_cloud.sign_ups.models import SignUp
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in

from .wishes import fresh, wish

CALLER = {
    "channel": "phone",
    "name": "张奶奶",
    "phone": "0877-5551234",
    "party": "2",
    "companions": "李爷爷",
}


@pytest.fixture
def node(session: Session) -> Node:
    factories.make_network(session)
    return factories.make_node(session)


@pytest.fixture
def activity(session: Session, node: Node) -> Activity:
    found = factories.make_activity(session, node=node, sessions=2, places=5)
    session.commit()
    return found


@pytest.fixture
def clerk(client: Browser, session: Session, node: Node) -> Browser:
    account = factories.make_staff(session, node=node, role=Role.SERVICE_POINT_CLERK, name="小杨")
    session.commit()
    sign_in(client, account)
    return client


def listing(activity: Activity, path: str = "") -> str:
    return f"/desk/activities/{activity.id}/sign-ups{path}"


def rows(session: Session) -> list[Any]:
    return fresh(session, select(SignUp).order_by(SignUp.id))


def taken(session: Session) -> int:
    return sum(a.taken for a in fresh(session, select(Allotment)))


def test_a_caller_is_written_down_and_gets_a_number(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    page = clerk.submit(clerk.get(listing(activity, "/new")), CALLER, form="save")
    (row,) = rows(session)
    assert (row.channel, row.phone, row.party_size) == ("phone", "08775551234", 2)
    assert row.companions == ["李爷爷"]
    assert f"{row.code[:3]} {row.code[3:]}" in page.main
    assert "张奶奶" in page.main
    assert taken(session) == 2


def test_a_double_press_writes_the_caller_down_once(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    form = clerk.get(listing(activity, "/new"))
    clerk.submit(form, CALLER, form="save")
    clerk.submit(form, CALLER, form="save")
    assert len(rows(session)) == 1


def test_callers_take_from_the_same_places_and_full_is_said_in_words(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    intake.sign_up(wish(activity, party_size=4))
    page = clerk.submit(clerk.get(listing(activity, "/new")), CALLER, form="save", status=409)
    assert page.form("save").values["name"] == "张奶奶"
    assert len(rows(session)) == 1


def test_what_is_missing_is_asked_for_and_the_rest_kept(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    answers = {**CALLER, "phone": ""}
    page = clerk.submit(clerk.get(listing(activity, "/new")), answers, form="save", status=422)
    assert page.form("save").values["name"] == "张奶奶"
    assert page.all("div", id="error-summary")
    assert rows(session) == []


def test_the_list_is_of_one_session_and_finds_by_name_phone_and_number(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    first, second = activity.sessions
    intake.sign_up(wish(activity, session_id=first.id, name="李秀兰", phone="13800004567"))
    other = intake.sign_up(wish(activity, session_id=second.id, name="王大爷"))
    page = clerk.get(listing(activity, f"?session={first.id}"))
    assert "李秀兰" in page.main
    assert "王大爷" not in page.main
    for wanted, name in (("秀", "李秀兰"), ("4567", "李秀兰"), ("5678", "")):
        found = clerk.get(listing(activity, f"?session={first.id}&q={wanted}")).main
        assert ("李秀兰" in found) == bool(name)
    assert "王大爷" in clerk.get(listing(activity, f"?session={second.id}&q={other.code}")).main


def test_cancels_with_a_reason_and_the_places_are_free(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    result = intake.sign_up(wish(activity, party_size=3))
    ask = clerk.get(listing(activity, f"/{result.sign_up_id}/cancel"))
    clerk.submit(ask, {"reason": "  "}, form="cancel", status=422)
    assert taken(session) == 3
    page = clerk.submit(ask, {"reason": "重复报名"}, form="cancel")
    assert "重复报名" in page.main
    assert taken(session) == 0


def take_along(clerk: Browser, activity: Activity, **answers: str) -> Any:
    """Fill in the form that asks what for; the answer is the file."""
    form = clerk.get(listing(activity, "/take-along")).form("what")
    return clerk.flask.post(form.action, data={**form.values, **answers, "take": "1"})


def test_a_list_is_masked_unless_somebody_says_why_not_and_each_is_recorded(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    intake.sign_up(wish(activity, name="李秀兰", phone="13800004567"))
    masked = take_along(clerk, activity, ending="csv").data.decode("utf-8-sig")
    assert "138****4567" in masked
    assert "13800004567" not in masked
    page = clerk.get(listing(activity, "/take-along"))
    clerk.submit(page, {"what": "full", "reason": ""}, form="what", status=422)
    full = take_along(clerk, activity, what="full", reason="通知改期", ending="csv")
    assert "13800004567" in full.data.decode("utf-8-sig")
    entries = fresh(session, select(AuditEntry).where(AuditEntry.action == "exported"))
    assert [entry.reason for entry in entries] == ["", "通知改期"]


def test_the_list_is_narrowed_by_state_and_way_and_comes_in_pages(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    number = activity.sessions[0].id
    for index in range(2):
        intake.sign_up(wish(activity, name=f"居民{index}号", companions=("小花",), party_size=2))
    page = clerk.get(listing(activity, f"?session={number}&channel=phone"))
    assert "居民0号" not in page.main
    page = clerk.get(listing(activity, f"?session={number}&state=confirmed&q=小花"))
    assert "居民0号" in page.main
    assert clerk.get(listing(activity, f"?session={number}&page=99&state=nonsense")).status == 200


def test_the_chosen_are_written_to_once(
    clerk: Browser, activity: Activity, session: Session, run_jobs: Any
) -> None:
    first = intake.sign_up(wish(activity, name="李秀兰", phone="13800004567"))
    intake.sign_up(wish(activity, name="王大爷", phone="13800004568"))
    page = clerk.get(listing(activity, f"/chosen?do=message&id={first.sign_up_id}"))
    assert "李秀兰" in page.main
    assert "王大爷" not in page.main
    clerk.submit(page, {"text": ""}, form="go", status=422)
    clerk.submit(page, {"text": "请带剪刀来"}, form="go")
    clerk.submit(page, {"text": "请带剪刀来"}, form="go")
    found = fresh(session, select(Notice).where(Notice.template == "desk/message"))
    assert {notice.recipient for notice in found if notice.channel == "sms"} == {"13800004567"}
    assert clerk.get(listing(activity, "/chosen?do=message")).status == 200
    assert "13800004567" not in clerk.get(listing(activity, "/badges")).text


def test_what_waits_for_review_is_taken_or_not(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    session.add(SignUpRules(activity_id=activity.id, review=True))
    session.commit()
    one = intake.sign_up(wish(activity, name="李秀兰"))
    two = intake.sign_up(wish(activity, name="王大爷"))
    page = clerk.get(listing(activity, f"/chosen?do=confirm&id={one.sign_up_id}"))
    clerk.submit(page, form="go")
    page = clerk.get(listing(activity, f"/chosen?do=decline&id={two.sign_up_id}"))
    clerk.submit(page, {"text": "这次只收新学员"}, form="go")
    states = {row.name: (row.state, row.state_reason) for row in rows(session)}
    assert states == {"李秀兰": ("confirmed", ""), "王大爷": ("declined", "这次只收新学员")}


def test_the_workbook_holds_everybody_with_their_phone(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    first, second = activity.sessions
    intake.sign_up(wish(activity, session_id=first.id, name="=1+1", phone="08775551234"))
    intake.sign_up(wish(activity, session_id=second.id, name="王大爷"))
    response = take_along(clerk, activity, what="full", reason="打电话通知改期")
    sheet = load_workbook(BytesIO(response.data)).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1] for row in cells] == ["=1+1", "王大爷"]
    assert cells[0][2] == "08775551234"
    assert sheet.cell(2, 2).data_type == "s"
    assert cells[0][0] != cells[1][0]


def test_the_csv_is_read_by_excel_and_runs_no_formula(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    first = activity.sessions[0]
    intake.sign_up(wish(activity, session_id=first.id, name="=1+1", phone="08775551234"))
    response = take_along(clerk, activity, what="full", reason="打电话通知改期", ending="csv")
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.data.startswith(b"\xef\xbb\xbf")
    line = response.data.decode("utf-8-sig").split("\r\n")[1]
    assert "'=1+1" in line
    assert "08775551234" in line


def test_the_sheet_for_the_door_lists_who_comes_with_masked_phones(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    intake.sign_up(wish(activity, name="李秀兰", phone="13800004567"))
    gone = intake.sign_up(wish(activity, name="王大爷"))
    ask = clerk.get(listing(activity, f"/{gone.sign_up_id}/cancel"))
    clerk.submit(ask, {"reason": "重复"}, form="cancel")
    page = clerk.get(listing(activity, "/sheet"))
    assert "李秀兰" in page.main
    assert "138****4567" in page.main
    assert "王大爷" not in page.main


@pytest.mark.parametrize(
    "path", ["", "/new", "/sheet", "/take-along", "/badges", "/chosen", "/{id}/cancel"]
)
def test_the_lists_of_others_are_not_there(
    client: Browser, session: Session, activity: Activity, path: str
) -> None:
    result = intake.sign_up(wish(activity))
    stranger = factories.make_staff(session, node=factories.make_node(session))
    session.commit()
    sign_in(client, stranger)
    client.get(listing(activity, path.format(id=result.sign_up_id)), status=404)


def test_a_sign_up_of_another_activity_cannot_be_cancelled_through_an_own_one(
    clerk: Browser, activity: Activity, session: Session
) -> None:
    foreign = factories.make_activity(session)
    session.commit()
    result = intake.sign_up(wish(foreign))
    clerk.get(listing(activity, f"/{result.sign_up_id}/cancel"), status=404)


@pytest.mark.parametrize("path", ["", "/new", "/sheet", "/take-along", "/badges"])
def test_residents_do_not_see_who_comes(
    client: Browser, session: Session, activity: Activity, path: str
) -> None:
    account = factories.make_account(session)
    session.commit()
    sign_in(client, account)
    client.get(listing(activity, path), status=403)
