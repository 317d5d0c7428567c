"""The one form: five answers are enough, nothing typed is lost, and faults are said in words."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.activities.models import Activity, ActivityState
from culture_cloud.web.words import local
from tests import factories
from tests.client import Browser, words
from tests.desk.makers import FIVE, County, count, enter, make_county, only, press

NEW = "/desk/activities/new"


@pytest.fixture
def county(session: Session) -> County:
    return make_county(session)


def test_a_clerk_publishes_with_five_answers_and_residents_see_it(
    any_mode: Browser, session: Session, county: County
) -> None:
    clerk = enter(any_mode, session, county.point, Role.SERVICE_POINT_CLERK)
    page = press(any_mode, any_mode.get(NEW), "publish", FIVE)
    assert page.heading == FIVE["title"]
    activity = only(session)
    assert activity.state == ActivityState.PUBLISHED
    assert (activity.node_id, activity.place_node_id) == (county.point.id, county.point.id)
    assert activity.created_by_id == clerk.id
    starts = local(activity.sessions[0].starts_at)
    assert (starts.year, starts.month, starts.day, starts.hour, starts.minute) == (
        2099, 9, 20, 19, 30
    )  # fmt: skip
    any_mode.flask.delete_cookie("sign-in")
    assert FIVE["title"] in any_mode.get("/activities").main
    assert county.point.plate_name in any_mode.get(f"/activities/{activity.id}").main


def test_the_place_and_its_access_are_filled_in_from_the_hall(
    client: Browser, session: Session, county: County
) -> None:
    county.point.access = ["ramp", "toilet"]
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    values = client.get(NEW).form("title").values
    assert values["place"] == county.point.plate_name
    assert set(values["access"]) == {"ramp", "toilet"}


def test_another_hall_brings_its_own_place_and_access(
    client: Browser, session: Session, county: County
) -> None:
    county.point.access = ["ramp"]
    session.commit()
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    press(client, client.get(NEW), "publish", {**FIVE, "node": county.point.code})
    activity = only(session)
    assert activity.place_name == county.point.plate_name
    assert activity.place_node_id == county.point.id
    assert activity.access == ["ramp"]


def test_only_own_halls_are_offered_and_taken(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get(NEW)
    offered = {o.get("value") for o in page.one("select", name="node")}
    assert offered == {county.branch.code, county.point.code}
    answer = press(client, page, "publish", {**FIVE, "node": county.other.code}, status=422)
    assert "您" in answer.text or "halls" in answer.text
    assert count(session, Activity) == 0


def test_a_draft_needs_no_more_than_a_name_and_a_kind(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    press(client, client.get(NEW), "save", {"title": "待定", "kind": "other"})
    assert only(session).state == ActivityState.DRAFT
    client.flask.delete_cookie("sign-in")
    client.get(f"/activities/{only(session).id}", status=404)


def test_publishing_names_what_is_missing_and_keeps_everything(
    any_mode: Browser, session: Session, county: County
) -> None:
    enter(any_mode, session, county.point, Role.SERVICE_POINT_CLERK)
    typed = {
        "title": "剪纸课", "kind": "training", "fee_kind": "paid", "bring": "剪刀", "day": "",
        "sign_up": "elsewhere",
    }  # fmt: skip
    page = press(any_mode, any_mode.get(NEW), "publish", typed, status=422)
    summary = page.one("div", id="error-summary")
    links = {a.get("href") for a in summary.iter() if a.get("href")}
    assert links == {"#day", "#fee", "#phone"}
    values = page.form("title").values
    assert {name: values[name] for name in typed} == typed
    assert count(session, Activity) == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "圣诞节"}, "day"),
        ({"starts": "晚饭后"}, "starts"),
        ({"starts": "10:00", "ends": "09:00"}, "ends"),
        ({"day": "2001-05-01"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "9999-12-31", "repeat": "weekly", "times": "3"}, "day"),
        ({"starts": ""}, "starts"),
        ({"capacity": "很多"}, "capacity"),
        ({"title": ""}, "title"),
        ({"kind": ""}, "kind"),
        ({"sign_up": "elsewhere", "sign_up_url": "javascript:alert(1)"}, "sign_up_url"),
        ({"phone": "老王"}, "phone"),
        ({"sign_up": "here", "opens_day": "2099-09-19", "closes_day": "2099-09-18"}, "closes_day"),
        ({"sign_up": "here", "opens_time": "09:00"}, "opens_day"),
        ({"repeat": "weekly"}, "until"),
        ({"repeat": "weekly", "until": "2099-09-01"}, "until"),
        ({"repeat": "weekly", "times": "5", "until": "2099-10-20"}, "times"),
        ({"repeat": "weekly", "times": "60"}, "times"),
        ({"repeat": "weekly", "times": "5", "skipped": "国庆"}, "skipped"),
        ({"repeat": "weekly", "times": "5", "skipped": "2099-09-20"}, "skipped"),
        ({"last_day": "2099-09-01"}, "last_day"),
        ({"rows-0-starts": "09:00"}, "rows-0-day"),
        ({"rows-0-day": "哪天"}, "rows-0-day"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client: Browser, session: Session, county: County, typed: dict[str, str], field: str
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    sent = {
        **FIVE,
        "starts": "19:30",
        "repeat": "dates" if "rows-0-day" in field else "once",
        **typed,
    }
    page = press(client, client.get(NEW), "publish", sent, status=422)
    summary = page.one("div", id="error-summary")
    assert [a.get("href") for a in summary.iter() if a.get("href")] == [f"#{field}"]
    page.one("div", id=f"{field}-error")
    values = page.form("title").values
    assert {name: values[name] for name in sent} == sent
    assert count(session, Activity) == 0


def test_weekly_dates_are_shown_before_they_are_public(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    weekly = {
        **FIVE, "day": "2099-09-01", "repeat": "weekly", "weekdays": ["TH"], "times": "5",
        "skipped": "2099-09-08",
    }  # fmt: skip
    page = press(client, client.get(NEW), "publish", weekly)
    activity = only(session)
    assert activity.state == ActivityState.DRAFT
    days = [local(s.starts_at).date().isoformat() for s in activity.sessions]
    # 1 September 2099 is a Tuesday; the left-out day does not count
    assert days == ["2099-09-01", "2099-09-03", "2099-09-10", "2099-09-15", "2099-09-17"]
    assert [words(li) for li in page.one("ol").iter() if li.tag.endswith("li")]
    client.submit(page, form="version")
    assert only(session).state == ActivityState.PUBLISHED


def test_a_weekly_draft_comes_back_into_the_form_as_it_was(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    weekly = {
        **FIVE, "day": "2099-09-01", "repeat": "weekly", "until": "2099-10-01",
        "skipped": "2099-09-08",
    }  # fmt: skip
    press(client, client.get(NEW), "save", weekly)
    before = [s.starts_at for s in only(session).sessions]
    page = client.get(f"/desk/activities/{only(session).id}/edit")
    values = page.form("title").values
    assert (values["repeat"], values["until"]) == ("weekly", "2099-09-29")
    assert values["skipped"] == "2099-09-08"
    press(client, page, "save", {})
    assert [s.starts_at for s in only(session).sessions] == before


def test_single_dates_take_the_times_of_the_first(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    dates = {**FIVE, "repeat": "dates", "rows-0-day": "2099-09-27", "rows-1-day": "2099-10-01"}
    page = press(client, client.get(NEW), "more_rows", dates)
    assert page.form("title").values["rows-5-day"] == ""
    press(client, page, "save", {"rows-1-starts": "9:00", "rows-1-ends": "10:00"})
    spans = [(local(s.starts_at), local(s.ends_at)) for s in only(session).sessions]
    assert [f"{a:%m%d %H%M}-{b:%H%M}" for a, b in spans] == [
        "0920 1930-2100", "0927 1930-2100", "1001 0900-1000"
    ]  # fmt: skip


def test_an_exhibition_lasts_from_day_to_day(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    shown = {**FIVE, "starts": "", "ends": "", "last_day": "2099-10-20"}
    press(client, client.get(NEW), "publish", shown)
    lasting = only(session).sessions[0]
    assert lasting.all_day
    assert local(lasting.ends_at).date().isoformat() == "2099-10-20"
    values = client.get(f"/desk/activities/{only(session).id}").main
    assert values


def test_an_evening_may_end_after_midnight(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    press(client, client.get(NEW), "publish", {**FIVE, "ends": "0:30"})
    occurrence = only(session).sessions[0]
    assert occurrence.ends_at - occurrence.starts_at == timedelta(hours=5)


def test_a_course_has_its_places_once(client: Browser, session: Session, county: County) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    course = {
        **FIVE, "repeat": "weekly", "times": "4", "sign_up": "here", "capacity": "１２",
        "course": "y", "max_party": "2",
    }  # fmt: skip
    press(client, client.get(NEW), "save", course)
    activity = only(session)
    places = [(a.session_id, a.kind, a.capacity) for a in activity.allotments]
    assert places == [(None, "open", 9), (None, "elders", 3)]
    assert (len(activity.sessions), activity.max_party) == (4, 2)


def test_places_are_kept_for_elders_unless_staff_say_otherwise(
    client: Browser, session: Session, county: County
) -> None:
    """SV-02: one in five, at least two, open to all 24 hours before."""

    def kept() -> list[tuple[str, int | None, int | None]]:
        return [(a.kind, a.capacity, a.release_hours) for a in only(session).allotments]

    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    press(client, client.get(NEW), "save", FIVE)
    edit = f"/desk/activities/{only(session).id}/edit"
    press(client, client.get(edit), "save", {"sign_up": "here", "capacity": "5"})
    assert kept() == [("open", 3, None), ("elders", 2, 24)]
    rules = client.get(f"/desk/activities/{only(session).id}/rules")
    client.submit(rules, {"elders": ""}, form="save")
    press(client, client.get(edit), "save", {"capacity": "30"})
    assert [(kind, capacity) for kind, capacity, _hours in kept()] == [("open", 30), ("elders", 0)]


def picture(width: int = 600) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (width, 400), "red").save(made, "JPEG")
    made.seek(0)
    return made


def test_an_uploaded_picture_is_kept_when_another_answer_is_wrong(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    sent = {**FIVE, "day": "哪天", "picture": (picture(), "a.jpg"), "poster_alt": "一盏红灯"}
    page = press(client, client.get(NEW), "publish", sent, status=422)
    key = page.form("title").values["poster"]
    assert key
    press(client, page, "publish", {"day": FIVE["day"], "picture": None})
    activity = only(session)
    assert (activity.poster, activity.poster_alt) == (key, "一盏红灯")
    assert client.flask.get(f"/media/{key}-480.webp").status_code == 200


def test_a_picture_needs_words_and_must_be_one(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = press(
        client, client.get(NEW), "save", {**FIVE, "picture": (picture(), "a.jpg")}, status=422
    )
    page.one("div", id="poster_alt-error")
    text = (io.BytesIO(b"no picture"), "a.jpg")
    page = press(client, client.get(NEW), "save", {**FIVE, "picture": text}, status=422)
    page.one("div", id="picture-error")
    forged = {**FIVE, "poster": "f" * 24, "poster_alt": "x"}
    page = press(client, client.get(NEW), "save", forged, status=422)
    page.one("div", id="picture-error")


def test_the_same_form_sent_twice_is_one_activity(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = client.get(NEW)
    press(client, page, "save", FIVE)
    press(client, page, "save", {**FIVE, "title": "改了名"})
    assert only(session).title == "改了名"
    press(client, page, "publish", FIVE)
    press(client, page, "publish", FIVE)
    assert only(session).state == ActivityState.PUBLISHED


def test_two_clerks_at_once_see_both_and_lose_nothing(
    any_mode: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.point, title="旧名")
    session.commit()
    enter(any_mode, session, county.point, Role.SERVICE_POINT_CLERK)
    address = f"/desk/activities/{activity.id}/edit"
    first, second = any_mode.get(address), any_mode.get(address)
    press(any_mode, first, "save", {"title": "甲的名字"})
    page = press(any_mode, second, "save", {"title": "乙的名字", "bring": "水"}, status=409)
    assert "甲的名字" in page.main
    assert page.form("title").values["title"] == "乙的名字"
    assert only(session).title == "甲的名字"
    press(any_mode, page, "save", {})
    assert (only(session).title, only(session).bring) == ("乙的名字", "水")


def test_fewer_places_than_are_taken_is_refused_with_the_number(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.point, places=20)
    factories.first_allotment(session, activity).taken = 7
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    address = f"/desk/activities/{activity.id}/edit"
    page = press(client, client.get(address), "save", {"capacity": "5"}, status=422)
    assert "7" in words(page.one("div", id="capacity-error"))
    assert page.form("title").values["capacity"] == "5"
    page = press(client, client.get(address), "save", {"sign_up": "none"}, status=422)
    page.one("div", id="sign_up-error")
    press(client, client.get(address), "save", {"capacity": "8"})


def test_public_dates_are_added_to_and_never_lost_in_the_form(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.point, sessions=2)
    session.commit()
    before = [s.starts_at for s in activity.sessions]
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = client.get(f"/desk/activities/{activity.id}/edit")
    assert "day" not in page.form("title").values
    further = local(clock.now() + timedelta(days=40)).date().isoformat()
    press(client, page, "save", {"title": "新名字", "rows-0-day": further})
    found = only(session)
    assert found.title == "新名字"
    assert [s.starts_at for s in found.sessions][:2] == before
    assert len(found.sessions) == 3
    assert len(found.allotments) == 3


def test_what_an_import_brought_stays_through_an_edit(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(
        session, node=county.point, source="feed", source_name="省图", latitude=23.5,
        longitude=102.1, extra={"a": 1},
    )  # fmt: skip
    session.commit()
    uid = activity.uid
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = client.get(f"/desk/activities/{activity.id}/edit")
    press(client, page, "save", {"bring": "水", "place": activity.place_name})
    found = only(session)
    assert (found.uid, found.source, found.source_name) == (uid, "feed", "省图")
    assert (found.latitude, found.extra) == (23.5, {"a": 1})
