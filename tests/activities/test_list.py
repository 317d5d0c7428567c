"""The list of activities: what it shows, how it narrows, how it pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from culture_cloud import clock
from culture_cloud.activities import queries
from culture_cloud.activities.filters import ActivityFilter, parse
from culture_cloud.activities.models import ActivityState, Audience, SessionState, SignUpWay
from culture_cloud.activities.standing import Stand
from culture_cloud.web.words import zone
from tests import factories
from tests.client import Browser, words

SHANGHAI = zone("Asia/Shanghai")
# Tuesday 24 November 2026, 10:00 in Shanghai
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def all_cards(session: Session, asked: ActivityFilter) -> list[queries.Card]:
    return queries.list_page(session, asked, zone=SHANGHAI, size=100).cards


def titles(client: Browser, **args: str) -> list[str]:
    page = client.get(f"/activities?{urlencode(args)}")
    return [words(h) for h in page.all("h3", class_="card-title")]


def test_shows_what_is_to_come_in_order_of_start(client: Browser, session: Session) -> None:
    with clock.frozen(NOW):
        factories.make_activity(session, title="后天的", starts_at=NOW + timedelta(days=2))
        factories.make_activity(session, title="明天的", starts_at=NOW + timedelta(days=1))
        factories.make_activity(session, title="昨天的", starts_at=NOW - timedelta(days=1))
        session.commit()
        assert titles(client) == ["明天的", "后天的"]


def test_days_are_those_of_the_sites_zone(client: Browser, session: Session) -> None:
    """00:30 on the 25th in Shanghai is still the 24th in UTC."""
    with clock.frozen(NOW):
        after_midnight = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
        factories.make_activity(session, title="半夜场", starts_at=after_midnight)
        session.commit()
        assert titles(client, when="today") == []
        assert titles(client, **{"from": "2026-11-25", "to": "2026-11-25"}) == ["半夜场"]


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        ("today", ["今晚"]),
        ("weekend", ["周六", "周日"]),
        ("week", ["今晚", "周六", "周日"]),
        ("month", ["今晚", "周六", "周日", "下周一"]),
    ],
)
def test_narrows_to_days(client: Browser, session: Session, when: str, shown: list[str]) -> None:
    with clock.frozen(NOW):
        for title, days in (("今晚", 0), ("周六", 4), ("周日", 5), ("下周一", 6), ("春节", 80)):
            starts = NOW + timedelta(days=days, hours=9)
            factories.make_activity(session, title=title, starts_at=starts)
        session.commit()
        assert titles(client, when=when) == shown


def test_a_node_means_all_below_it(client: Browser, session: Session) -> None:
    hall = factories.make_node(session)
    branch = factories.make_node(session, parent=hall)
    point = factories.make_node(session, parent=branch, level_code="service_point")
    other = factories.make_node(session, parent=hall)
    factories.make_activity(session, node=point, title="村里的")
    factories.make_activity(session, node=other, title="别处的")
    session.commit()
    assert titles(client, node=branch.code) == ["村里的"]
    assert titles(client, node=point.code) == ["村里的"]
    assert set(titles(client, node=hall.code)) == {"村里的", "别处的"}


def test_narrows_by_kind_audience_price_and_places(client: Browser, session: Session) -> None:
    elders = session.scalar(select(Audience).where(Audience.code == "elders"))
    factories.make_activity(session, title="老人课", kind_code="training", audiences=[elders])
    factories.make_activity(
        session, title="收费课", kind_code="training", is_free=False, fee="20元"
    )
    factories.make_activity(session, title="满员场", places=0)
    factories.make_activity(session, title="随便来", sign_up=SignUpWay.NONE)
    session.commit()
    assert titles(client, kind="training") == ["老人课", "收费课"]
    assert titles(client, audience="elders") == ["老人课"]
    assert "收费课" not in titles(client, free="1")
    assert titles(client, open="1") == ["老人课", "收费课"]


def test_sql_and_words_agree_on_what_is_open(session: Session) -> None:
    """The filter's SQL and standing.standing are one rule told twice; held together here."""
    with clock.frozen(NOW):
        hour = timedelta(hours=1)
        variants: list[dict[str, Any]] = [
            {},
            {"places": 0},
            {"places": None},
            {"state": ActivityState.CANCELLED},
            {"sign_up": SignUpWay.NONE},
            {"sign_up": SignUpWay.ELSEWHERE},
            {"sign_up_opens_at": NOW},
            {"sign_up_opens_at": NOW + hour},
            {"sign_up_closes_at": NOW},
            {"sign_up_closes_at": NOW + hour},
            {"starts_at": NOW},
            {"starts_at": NOW - hour},
            {"enrolment": "course", "sessions": 3},
            {"enrolment": "course", "sessions": 3, "places": 0},
        ]
        for variant in variants:
            factories.make_activity(session, **variant)
        cancelled = factories.make_activity(session)
        cancelled.sessions[0].state = SessionState.CANCELLED
        session.commit()
        everything = all_cards(session, ActivityFilter())
        by_words = {c.session_id for c in everything if c.standing.stand is Stand.OPEN}
        by_sql = queries.list_page(
            session, ActivityFilter(open=True), zone=SHANGHAI, size=100
        ).cards
        assert {c.session_id for c in by_sql} == by_words
        assert len(by_words) == 5


def test_drafts_and_withdrawn_ones_never_show(client: Browser, session: Session) -> None:
    for state in (ActivityState.DRAFT, ActivityState.SUBMITTED, ActivityState.WITHDRAWN):
        factories.make_activity(session, state=state)
    factories.make_activity(session, title="取消了", state=ActivityState.CANCELLED)
    session.commit()
    assert titles(client) == ["取消了"]
    assert "已取消" in client.get("/activities").main


def test_an_exhibition_that_runs_stands_apart(client: Browser, session: Session) -> None:
    with clock.frozen(NOW):
        factories.make_activity(
            session, title="织锦展", starts_at=NOW - timedelta(days=3), hours=24 * 10
        )
        factories.make_activity(session, title="今晚", starts_at=NOW + timedelta(hours=9))
        session.commit()
        page = client.get("/activities")
        assert "正在展出" in page.main
        assert page.link("织锦展")
        assert [words(h) for h in page.all("h3", class_="card-title")] == ["今晚"]


def test_a_course_is_listed_once(client: Browser, session: Session) -> None:
    factories.make_activity(session, title="八次课", sessions=8, enrolment="course")
    session.commit()
    assert titles(client) == ["八次课"]


def test_pages_meet_without_gap_or_overlap(any_mode: Browser, session: Session) -> None:
    for number in range(47):
        starts = clock.ahead(days=1 + number // 5)
        factories.make_activity(session, title=f"第{number}号", starts_at=starts)
    session.commit()
    seen: list[str] = []
    page = any_mode.get("/activities")
    for _ in range(20):
        seen += [words(h) for h in page.all("h3", class_="card-title")]
        more = [href for label, href in page.links.items() if "还有更多" in label]
        if not more:
            break
        page = any_mode.get(more[0])
    assert len(seen) == len(set(seen)) == 47
    back = page.link("更早")
    previous = [words(h) for h in any_mode.get(back).all("h3", class_="card-title")]
    assert previous
    assert not set(previous) & {words(h) for h in page.all("h3", class_="card-title")}


def test_paging_is_stable_when_rows_come_meanwhile(session: Session) -> None:
    for days in range(1, 7):
        factories.make_activity(session, starts_at=clock.ahead(days=days))
    first = queries.list_page(session, ActivityFilter(), zone=SHANGHAI, size=3)
    factories.make_activity(session, starts_at=clock.ahead(days=1))
    second = queries.list_page(session, ActivityFilter(after=first.next), zone=SHANGHAI, size=3)
    shown = {c.session_id for c in first.cards} & {c.session_id for c in second.cards}
    assert not shown


@pytest.mark.parametrize(
    "query",
    [
        "when=gestern",
        "from=2026-02-31",
        "from=0001-01-01",
        "kind=%27%3B--",
        "node=nirgends",
        "after=zz",
        "after=99999999999999999999-1",
        "before=" + "1" * 20 + "-" + "9" * 30,
        "free=vielleicht",
        "kind=%00",
        "audience=" + "x" * 5000,
        "when[]=today",
        "from=２０２６-01-01",
    ],
)
def test_values_that_make_no_sense_are_left_out_with_a_note(client: Browser, query: str) -> None:
    page = client.get(f"/activities?{query}")
    assert page.status == 200
    if not query.startswith(("when[]", "from=２")):
        assert "略过" in page.main


def test_days_in_the_wrong_order_are_turned_round() -> None:
    asked = parse({"from": "2026-12-31", "to": "2026-12-01"})
    assert (asked.first_day, asked.last_day) == (date(2026, 12, 1), date(2026, 12, 31))


def test_counts_stand_beside_the_filters(client: Browser, session: Session) -> None:
    for _ in range(3):
        factories.make_activity(session, kind_code="lecture")
    factories.make_activity(session, kind_code="training")
    session.commit()
    page = client.get("/activities")
    options = [words(label) for label in page.all("label")]
    assert "讲座 (3)" in options
    assert "培训 (1)" in options
    assert not [o for o in options if o.startswith("赛事")]
    narrowed = client.get("/activities?kind=lecture")
    assert "培训 (1)" in [words(label) for label in narrowed.all("label")]
    assert "3场" in narrowed.main.replace(" ", "")


def test_counts_are_cut_where_nobody_needs_more(client: Browser, session: Session) -> None:
    factories.make_activity(session, sessions=130, every=timedelta(hours=5))
    session.commit()
    assert "99+" in client.get("/activities").main


def test_nothing_found_is_a_page_with_a_next_step(any_mode: Browser, session: Session) -> None:
    factories.make_network(session)
    session.commit()
    page = any_mode.get("/activities?when=today")
    assert "0877-5550100" in page.main
    assert "/activities" in page.links.values()


@pytest.mark.parametrize("count", [3, 60])
def test_asks_the_database_at_most_twelve_times(
    app: object, client: Browser, session: Session, count: int
) -> None:
    for _ in range(count):
        factories.make_activity(session)
    session.commit()
    statements: list[str] = []
    engine = app.extensions["database"].read_engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]), named=False)
    client.get("/activities")
    asked = [s for s in statements if s.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(asked) <= 12, asked


def test_narrows_to_what_has_all_the_access_facts_asked_for(
    client: Browser, session: Session
) -> None:
    """SV-07: a ramp and sign language; one fact alone is not enough, and no part of a word is."""
    with clock.frozen(NOW):
        start = NOW + timedelta(days=1)
        facts = {"都有": ["ramp", "sign_language"], "只有坡道": ["ramp"], "没有": []}
        for title, access in facts.items():
            factories.make_activity(session, title=title, starts_at=start, access=access)
        session.commit()
        page = client.get("/activities?access=ramp&access=sign_language")
        assert [words(h) for h in page.all("h3", class_="card-title")] == ["都有"]
        assert sorted(titles(client, access="ramp")) == ["只有坡道", "都有"]
        fewer = client.get(page.link("手语"))
        assert sorted(words(h) for h in fewer.all("h3", class_="card-title")) == [
            "只有坡道",
            "都有",
        ]
        known = client.get("/activities?access=ramp&access=wings")
        assert "没有看懂" in known.main or len(known.all("h3", class_="card-title")) == 2


@pytest.mark.one_database
def test_access_facts_that_nobody_knows_are_named_as_not_understood() -> None:
    asked = parse(MultiDict([("access", "ramp"), ("access", "wings")]))
    assert asked.access == ("ramp",)
    assert asked.ignored == ("access",)
