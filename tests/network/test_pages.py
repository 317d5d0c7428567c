"""The list of all places: by level, filtered, in both display modes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.network.models import Closing, Node
from tests import factories
from tests.client import Browser, Page, words

WEDNESDAY = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)  # ten in the morning at the site


@pytest.fixture
def county(session: Session) -> dict[str, Node]:
    """Two halls, two branches, two service points."""
    factories.make_network(session)
    hall = factories.make_node(
        session, code="HALL", name="文化馆", plate_name="云岭县文化馆", access=["ramp", "lift"]
    )
    library = factories.make_node(
        session, code="LIB", name="图书馆", plate_name="云岭县图书馆", lines=["library"], position=1
    )
    both = ["culture_hall", "library"]
    town = factories.make_node(
        session, parent=hall, code="T1", name="渡口镇", lines=both, access=["ramp"],
        plate_name="云岭县文化馆渡口镇分馆", sms_phone="19900000103", position=1,
    )  # fmt: skip
    hills = factories.make_node(
        session, parent=hall, code="T2", name="山后乡", lines=both, phone="",
        plate_name="云岭县文化馆山后乡分馆", position=2,
    )  # fmt: skip
    village = factories.make_node(
        session, parent=town, code="V1", name="江边村", level_code="service_point",
        plate_name="江边村服务点", phone="",
    )  # fmt: skip
    far = factories.make_node(
        session, parent=hills, code="V2", name="岭上村", level_code="service_point",
        plate_name="岭上村服务点", address="岭上村口老戏台旁",
    )  # fmt: skip
    for node in (hall, town):
        factories.make_hours(session, node=node, weekday=2, opens=time(8, 30), closes=time(12))
    session.commit()
    return {"hall": hall, "library": library, "town": town, "village": village, "far": far}


def folded(page: Page) -> list[list[str]]:
    """The names inside each folded list."""
    xhtml = "{http://www.w3.org/1999/xhtml}a"
    return [
        [words(a) for a in details.iter(xhtml) if "/nodes/" in a.get("href", "")]
        for details in page.one("main").iter("{http://www.w3.org/1999/xhtml}details")
        if "nodes/" in "".join(a.get("href", "") for a in details.iter(xhtml))
    ]


def test_lists_all_places_by_level_with_points_below_their_branch(
    any_mode: Browser, county: dict[str, Node]
) -> None:
    with clock.frozen(WEDNESDAY):
        page = any_mode.get("/nodes")
    assert [words(h) for h in page.all("h2", id="level-main")] == ["总馆"]
    assert page.link("渡口镇分馆") == "/nodes/T1"
    assert folded(page) == [["江边村服务点"], ["岭上村服务点"]]
    assert page.links["云岭县图书馆"] == "/nodes/LIB"


def test_each_place_shows_whether_it_is_open_and_its_phones(
    client: Browser, county: dict[str, Node]
) -> None:
    with clock.frozen(WEDNESDAY):
        page = client.get("/nodes?lang=en")
    assert "Open now, until 12:00 pm" in page.main
    assert page.one("main").find(".//*[@href='tel:08775550101']") is not None
    assert page.one("main").find(".//*[@href='sms:19900000103']") is not None


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("q=江边", ["江边村服务点", "渡口镇分馆"], ["岭上村服务点", "云岭县图书馆"]),
        ("q=老戏台", ["岭上村服务点"], ["江边村服务点"]),
        ("q=渡口+分馆", ["渡口镇分馆"], ["山后乡分馆"]),
        ("line=library", ["云岭县图书馆", "渡口镇分馆"], ["云岭县文化馆"]),
        ("access=ramp", ["云岭县文化馆", "渡口镇分馆"], ["山后乡分馆"]),
        ("access=ramp&access=lift", ["云岭县文化馆"], ["渡口镇分馆"]),
    ],
)
def test_the_list_can_be_narrowed(
    any_mode: Browser, county: dict[str, Node], query: str, found: list[str], missing: list[str]
) -> None:
    page = any_mode.get(f"/nodes?{query}")
    for name in found:
        assert name in page.links
    for name in missing:
        assert name not in page.links


def test_the_search_form_keeps_the_filters(client: Browser, county: dict[str, Node]) -> None:
    page = client.get("/nodes?line=library&access=ramp")
    found = client.submit(page, {"q": "渡口"}, form="q")
    assert "line=library" in found.url
    assert "access=ramp" in found.url
    assert "渡口镇分馆" in found.links


def test_the_way_out_of_an_empty_search_leads_to_all_places(
    client: Browser, county: dict[str, Node]
) -> None:
    page = client.get("/nodes?q=月球")
    assert "/nodes" in page.links.values()
    assert "渡口镇分馆" not in page.links


def test_an_unknown_filter_is_left_out(client: Browser, county: dict[str, Node]) -> None:
    assert "渡口镇分馆" in client.get("/nodes?line=pub&access=pool").links


def test_an_empty_site_says_so(any_mode: Browser) -> None:
    assert any_mode.get("/nodes").heading


def test_two_levels_need_no_folding(client: Browser, session: Session) -> None:
    hall = factories.make_node(session, name="市馆")
    factories.make_node(session, parent=hall, name="城东镇", plate_name="城东镇分馆")
    session.commit()
    page = client.get("/nodes")
    assert folded(page) == []
    assert "城东镇分馆" in page.links


def test_a_place_that_has_closed_down_is_not_listed(
    client: Browser, session: Session, county: dict[str, Node]
) -> None:
    session.get_one(Node, county["town"].id).closed_down = True
    session.commit()
    page = client.get("/nodes")
    assert "渡口镇分馆" not in page.links
    assert "江边村服务点" in page.links, "its people must still find the point"


def test_a_closing_today_is_said_in_the_list(
    client: Browser, session: Session, county: dict[str, Node]
) -> None:
    day = date(2026, 5, 6)
    session.add(Closing(node_id=county["hall"].id, starts_on=day, ends_on=day, reason="灯会布展"))
    session.commit()
    with clock.frozen(WEDNESDAY):
        assert "灯会布展" in client.get("/nodes").main


def test_the_list_asks_the_database_as_often_for_many_places_as_for_few(
    app: Flask, client: Browser, session: Session, county: dict[str, Node]
) -> None:
    statements: list[str] = []
    engine = app.extensions["database"].read_engine
    event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    client.get("/nodes?q=a")
    few = len(statements)
    for number in range(30):
        node = factories.make_node(session, parent=county["hall"], name=f"镇{number}")
        factories.make_hours(session, node=node, weekday=2, opens=time(9), closes=time(12))
    session.commit()
    statements.clear()
    client.get("/nodes?q=a")
    assert len(statements) == few
