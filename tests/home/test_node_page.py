"""The page of one place."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.network.models import Closing, Node
from tests import factories
from tests.client import Browser, words

WEDNESDAY = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)  # ten in the morning at the site


@pytest.fixture
def town(session: Session) -> Node:
    factories.make_network(session)
    hall = factories.make_node(session, code="HALL", name="文化馆", plate_name="云岭县文化馆")
    town = factories.make_node(
        session, parent=hall, code="T1", name="渡口镇", plate_name="云岭县文化馆渡口镇分馆",
        lines=["culture_hall", "library"], access=["ramp"], liaison="白慧仙",
        about="老渡口的候船房。\n\n门口有坡道。", latitude=23.35, longitude=101.75, phone="",
    )  # fmt: skip
    factories.make_node(
        session, parent=town, code="V1", name="江边村", level_code="service_point",
        plate_name="江边村服务点",
    )  # fmt: skip
    for weekday in (1, 2):
        for opens, closes in ((time(8, 30), time(12)), (time(14), time(17, 30))):
            factories.make_hours(session, node=town, weekday=weekday, opens=opens, closes=closes)
    session.commit()
    return town


def test_says_when_it_is_open_where_it_is_and_what_there_is(any_mode: Browser, town: Node) -> None:
    with clock.frozen(WEDNESDAY):
        page = any_mode.get("/nodes/T1")
    assert page.heading == "渡口镇分馆"
    assert "云岭县文化馆渡口镇分馆" in page.main
    assert "上午8点30分至12点、下午2点至5点30分" in page.main
    assert "文化路1号" in page.main
    assert "白慧仙" in page.main
    assert page.links["云岭县文化馆"] == "/nodes/HALL", "the way up"
    assert page.links["江边村服务点"] == "/nodes/V1", "what lies below"
    assert "geo:23.350000,101.750000" in page.links.values()
    assert "/nodes/T1/activities.ics" in page.links.values()


def test_the_open_table_marks_today(client: Browser, town: Node) -> None:
    with clock.frozen(WEDNESDAY):
        page = client.get("/nodes/T1")
    assert "星期三" in words(page.one("tr", aria_current="date"))


def test_a_place_without_phone_names_the_one_above_it_and_a_number_for_messages(
    client: Browser, town: Node
) -> None:
    page = client.get("/nodes/T1")
    main = page.one("main")
    assert main.find(".//*[@href='tel:08775550101']") is not None
    assert main.find(".//*[@href='sms:19900000100']") is not None, "the site's (SV-06)"


def test_a_place_without_hours_says_so(any_mode: Browser, town: Node) -> None:
    page = any_mode.get("/nodes/V1?lang=en")
    assert "Please ask before you come" in page.main
    assert page.all("table") == []


def test_tells_of_coming_closings(client: Browser, session: Session, town: Node) -> None:
    session.add(
        Closing(
            node_id=town.id,
            starts_on=date(2026, 5, 12),
            ends_on=date(2026, 5, 13),
            reason="检修灯架",
        )
    )
    session.commit()
    with clock.frozen(WEDNESDAY):
        assert "5月12日至5月13日" in client.get("/nodes/T1").main
    with clock.frozen(WEDNESDAY + timedelta(days=30)):
        assert "检修灯架" not in client.get("/nodes/T1").main


def test_shows_what_is_on_here_and_below(client: Browser, session: Session, town: Node) -> None:
    village = session.query(Node).filter_by(code="V1").one()
    factories.make_activity(session, node=village, title="江边花灯")
    factories.make_activity(session, node=factories.make_node(session), title="别处的戏")
    session.commit()
    page = client.get("/nodes/T1")
    assert "江边花灯" in page.links
    assert "别处的戏" not in page.links


def test_a_kept_page_changes_with_the_facts(client: Browser, session: Session, town: Node) -> None:
    assert "文化路1号" in client.get("/nodes/T1").main
    session.get_one(Node, town.id).address = "渡口街9号"
    session.commit()
    assert "渡口街9号" in client.get("/nodes/T1").main


def test_machines_read_the_same_facts(client: Browser, town: Node) -> None:
    with clock.frozen(WEDNESDAY):
        page = client.get("/nodes/T1")
    data = json.loads("".join(page.one("script", type="application/ld+json").itertext()))
    assert data["name"] == "云岭县文化馆渡口镇分馆"
    assert data["geo"]["latitude"] == 23.35
    assert data["openingHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": "https://schema.org/Tuesday",
        "opens": "08:30",
        "closes": "12:00",
    }
    assert data["containedInPlace"]["name"] == "云岭县文化馆"


def test_a_library_is_a_library_to_machines(client: Browser, session: Session) -> None:
    factories.make_node(session, code="LIB", name="图书馆", lines=["library"], about="</script>")
    session.commit()
    page = client.get("/nodes/LIB")
    data = json.loads("".join(page.one("script", type="application/ld+json").itertext()))
    assert data["@type"] == "Library"
    assert data["description"] == "</script>"


def test_an_unknown_place_leads_to_the_list(any_mode: Browser) -> None:
    page = any_mode.get("/nodes/NOWHERE", status=404)
    assert "/nodes" in page.links.values()


def test_a_place_that_has_closed_down_is_gone_and_names_the_next_one(
    any_mode: Browser, session: Session, town: Node
) -> None:
    session.get_one(Node, town.id).closed_down = True
    session.commit()
    page = any_mode.get("/nodes/T1", status=410)
    assert page.links["云岭县文化馆"] == "/nodes/HALL"
