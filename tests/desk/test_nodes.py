"""Staff look after their halls, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.network.models import Closing, Node, OpeningHours
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in

WEDNESDAY = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)


@pytest.fixture
def halls(session: Session) -> dict[str, Node]:
    hall = factories.make_node(session, code="HALL", name="文化馆", plate_name="云岭县文化馆")
    town = factories.make_node(
        session, parent=hall, code="T1", name="渡口镇", plate_name="云岭县文化馆渡口镇分馆"
    )
    other = factories.make_node(
        session, parent=hall, code="T2", name="山后乡", plate_name="云岭县文化馆山后乡分馆"
    )
    for opens, closes in ((time(8, 30), time(12)), (time(14), time(17, 30))):
        factories.make_hours(session, node=town, weekday=1, opens=opens, closes=closes)
    session.commit()
    return {"hall": hall, "town": town, "other": other}


@pytest.fixture
def editor(client: Browser, session: Session, halls: dict[str, Node]) -> Browser:
    """The editor of the branch in the town."""
    account = factories.make_staff(session, node=halls["town"])
    session.commit()
    sign_in(client, account)
    return client


def hours_of(session: Session, node: Node) -> list[tuple[int, str, str]]:
    session.expire_all()
    rows = session.execute(
        select(OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes)
        .where(OpeningHours.node_id == node.id)
        .order_by(OpeningHours.weekday, OpeningHours.opens)
    )
    return [(weekday, f"{opens:%H:%M}", f"{closes:%H:%M}") for weekday, opens, closes in rows]


def test_lists_the_halls_of_the_reader_alone(editor: Browser) -> None:
    page = editor.get("/desk/nodes")
    assert page.links["渡口镇分馆"] == "/desk/nodes/T1"
    assert "山后乡分馆" not in page.links
    assert "云岭县文化馆" not in page.links


def test_a_manager_of_the_main_hall_finds_every_branch(
    client: Browser, session: Session, halls: dict[str, Node]
) -> None:
    role = Role.MAIN_HALL_MANAGER
    account = factories.make_staff(session, node=halls["hall"], role=role)
    session.commit()
    sign_in(client, account)
    assert {"云岭县文化馆", "渡口镇分馆", "山后乡分馆"} <= set(client.get("/desk/nodes").links)
    assert client.get("/desk/nodes/T2").heading == "山后乡分馆"


@pytest.mark.parametrize("path", ["/desk/nodes/T2", "/desk/nodes/T2/closings", "/desk/nodes/HALL"])
def test_anothers_hall_is_as_if_it_were_not_there(editor: Browser, path: str) -> None:
    editor.get(path, status=404)


def test_anothers_closing_cannot_be_taken_back(
    editor: Browser, session: Session, halls: dict[str, Node]
) -> None:
    day = WEDNESDAY.date()
    session.add(Closing(node_id=halls["other"].id, starts_on=day, ends_on=day))
    session.commit()
    closing_id = session.scalars(select(Closing.id)).one()
    session.rollback()
    token = editor.get("/desk/nodes/T1").form("phone").values["csrf_token"]
    for code, status in (("T2", 404), ("T1", 200)):
        path = f"/desk/nodes/{code}/closings/{closing_id}/remove"
        editor.post(path, {"csrf_token": token}, status=status)
    session.expire_all()
    assert session.scalars(select(Closing)).one().node_id == halls["other"].id


def test_a_clerk_without_the_permission_may_not_enter(
    client: Browser, session: Session, halls: dict[str, Node]
) -> None:
    role = Role.SERVICE_POINT_CLERK
    account = factories.make_staff(session, node=halls["town"], role=role)
    session.commit()
    sign_in(client, account)
    client.get("/desk/nodes", status=403)


def test_a_stranger_is_asked_to_sign_in(client: Browser, halls: dict[str, Node]) -> None:
    assert "/sign-in" in client.get("/desk/nodes/T1").url


def test_what_is_changed_is_seen_by_all(
    any_mode: Browser, session: Session, halls: dict[str, Node]
) -> None:
    account = factories.make_staff(session, node=halls["town"])
    session.commit()
    sign_in(any_mode, account)
    page = any_mode.get("/desk/nodes/T1")
    saved = any_mode.submit(
        page,
        {
            "phone": "０８７７ 555 0199",
            "address": "渡口街9号",
            "about": "一楼是展厅。\n\n二楼是剧场。",
            "week-mon": "",
            "week-tue": "上午9点至11点半，下午2点-5点",
            "week-sat": "9:00-11:00, 14:00-17:00, 19:00-21:00",
            "access": ["ramp", "toilet"],
            "review_required": "y",
        },
        form="phone",
    )
    assert saved.form("phone").values["week-tue"] == "09:00-11:30, 14:00-17:00"
    session.expire_all()
    node = session.get_one(Node, halls["town"].id)
    assert (node.address, node.access, node.review_required) == (
        "渡口街9号",
        ["ramp", "toilet"],
        True,
    )
    assert node.about == "一楼是展厅。\n\n二楼是剧场。"
    assert hours_of(session, node) == [
        (1, "09:00", "11:30"),
        (1, "14:00", "17:00"),
        (5, "09:00", "11:00"),
        (5, "14:00", "17:00"),
        (5, "19:00", "21:00"),
    ]
    session.rollback()
    assert "渡口街9号" in any_mode.get("/nodes/T1").main


def test_a_fault_keeps_all_that_was_typed_and_changes_nothing(
    editor: Browser, session: Session, halls: dict[str, Node]
) -> None:
    page = editor.get("/desk/nodes/T1")
    typed = {
        "phone": "五五五",
        "address": "渡口街9号",
        "week-wed": "看情况",
        "week-thu": "9-12",
        "access": ["lift"],
    }
    failed = editor.submit(page, typed, form="phone", status=422)
    assert failed.title.startswith(("错误", "出错", "Error"))
    links = [a.get("href") for a in failed.one("div", id="error-summary").iter() if a.get("href")]
    assert links == ["#phone", "#week-wed"]
    values = failed.form("phone").values
    assert (values["phone"], values["address"]) == ("五五五", "渡口街9号")
    assert (values["week-wed"], values["week-thu"]) == ("看情况", "9-12")
    assert values["access"] == "lift"
    session.expire_all()
    assert session.get_one(Node, halls["town"].id).address == "文化路1号"


def test_a_photo_needs_words_and_is_not_lost_while_they_are_missing(
    editor: Browser, session: Session, halls: dict[str, Node]
) -> None:
    stream = BytesIO()
    Image.new("RGB", (1200, 800), "teal").save(stream, "JPEG")
    stream.seek(0)
    page = editor.get("/desk/nodes/T1")
    failed = editor.submit(page, {"picture": (stream, "front.jpg")}, form="phone", status=422)
    key = failed.form("phone").values["photo"]
    assert key
    editor.submit(failed, {"photo_alt": "馆门口的木棉树"}, form="phone")
    session.expire_all()
    node = session.get_one(Node, halls["town"].id)
    assert (node.photo, node.photo_alt) == (key, "馆门口的木棉树")
    session.rollback()
    image = editor.get("/nodes/T1").one("img", alt="馆门口的木棉树")
    assert editor.flask.get(image.get("src") or "").status_code == 200
    gone = editor.get("/desk/nodes/T1")
    editor.submit(gone, {"photo_gone": "y"}, form="phone")
    session.expire_all()
    assert session.get_one(Node, halls["town"].id).photo is None


def test_a_file_that_is_no_picture_is_refused(editor: Browser) -> None:
    page = editor.get("/desk/nodes/T1")
    upload = {"picture": (BytesIO(b"not a picture"), "front.jpg")}
    failed = editor.submit(page, upload, form="phone", status=422)
    assert failed.form("phone").values["photo"] == ""


def test_a_made_up_photo_key_is_not_taken(
    editor: Browser, session: Session, halls: dict[str, Node]
) -> None:
    page = editor.get("/desk/nodes/T1")
    editor.submit(page, {"photo": "0" * 24, "photo_alt": "x"}, form="phone")
    assert session.get_one(Node, halls["town"].id).photo is None


def test_days_that_differ_are_added_once_and_taken_back(
    editor: Browser, session: Session, halls: dict[str, Node]
) -> None:
    with clock.frozen(WEDNESDAY):
        page = editor.get("/desk/nodes/T1/closings")
        days = {"starts_on": "5月10日", "ends_on": "2026-05-12", "reason": "检修灯架"}
        for _ in range(2):
            page = editor.submit(page, days, form="starts_on")
        assert "5月10日至5月12日" in page.main
        assert len(session.scalars(select(Closing)).all()) == 1
        session.rollback()
        assert "检修灯架" in editor.get("/nodes/T1").main
        editor.submit(editor.get("/desk/nodes/T1/closings"), form="remove")
    assert session.scalars(select(Closing)).all() == []


def test_other_hours_on_some_days_are_kept_as_such(
    editor: Browser, session: Session, halls: dict[str, Node]
) -> None:
    with clock.frozen(WEDNESDAY):
        page = editor.get("/desk/nodes/T1/closings")
        typed = {"starts_on": "2026-05-10", "hours": "9:00-11:00，19:00-21:00"}
        editor.submit(page, typed, form="starts_on")
    found = session.scalars(select(Closing).order_by(Closing.opens)).all()
    assert [(c.opens, c.closes) for c in found] == [
        (time(9), time(11)),
        (time(19), time(21)),
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"starts_on": ""}, "#starts_on"),
        ({"starts_on": "改天"}, "#starts_on"),
        ({"starts_on": "2026-05-12", "ends_on": "2026-05-10"}, "#ends_on"),
        ({"starts_on": "2026-05-12", "hours": "晚一点"}, "#hours"),
    ],
)
def test_days_that_cannot_be_are_sent_back(
    editor: Browser, session: Session, typed: dict[str, str], field: str
) -> None:
    page = editor.get("/desk/nodes/T1/closings")
    failed = editor.submit(page, typed, form="starts_on", status=422)
    links = [a.get("href") for a in failed.one("div", id="error-summary").iter() if a.get("href")]
    assert links == [field]
    assert failed.form("starts_on").values["starts_on"] == typed["starts_on"]
    assert session.scalars(select(Closing)).all() == []
