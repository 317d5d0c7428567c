"""Pages of draws, without JavaScript, in both display modes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import Activity, Enrolment
from culture_cloud.draws import jobs, record
from culture_cloud.draws.models import Application, Draw, DrawKind
from culture_cloud.draws.weights import Weights
from tests import factories
from tests.client import Browser, Page
from tests.draws.making import apply, make_draw, wanted

PERSON = {"name": "李秀兰", "phone": "138 0000 4321"}


@pytest.fixture
def activity(session: Session) -> Activity:
    factories.make_network(session)
    main = factories.make_node(session, name="云岭县")
    town = factories.make_node(session, parent=main, name="东升镇")
    return factories.make_activity(session, node=town, title="端午龙舟体验", places=3)


@pytest.fixture
def draw(session: Session, activity: Activity) -> Draw:
    return make_draw(session, [activity], weights=Weights(elders=1, township=2))


@pytest.fixture
def season(session: Session) -> Draw:
    factories.make_network(session)
    node = factories.make_node(session, name="云岭县")
    courses = [
        factories.make_activity(
            session, node=node, sessions=3, places=1, enrolment=Enrolment.COURSE, title=title
        )
        for title in ("书法入门", "剪纸", "花灯小调")
    ]
    return make_draw(session, courses, DrawKind.WISHES, title="2026年秋季课程")


def answer_all(client: Browser, page: Page, answers: dict[str, Any]) -> Page:
    """Answer page after page, as many as the mode asks, up to the one that shows the answers."""
    for _ in range(8):
        if "confirm" in dict(page.form().buttons):
            return page
        form = page.form("next")
        mine = {name: value for name, value in answers.items() if name in form.values}
        page = client.submit(page, mine, form="next", button=("next", "1"))
    raise AssertionError("there is no end of questions")


def confirm(client: Browser, page: Page, **options: Any) -> Page:
    return client.submit(page, form="confirm", button=("confirm", "1"), **options)


def hold(draw: Draw) -> None:
    with clock.frozen(clock.ahead(days=1, minutes=1)):
        jobs.hold(draw_id=draw.id)


def test_a_resident_applies_and_gets_a_number(
    any_mode: Browser, session: Session, activity: Activity, draw: Draw
) -> None:
    page = any_mode.get(f"/activities/{activity.id}")
    page = any_mode.get(page.link("申请名额"))
    assert draw.commitment in page.main
    assert draw.seed not in page.text
    page = any_mode.get(f"/activities/{activity.id}/draw/apply")
    town = str(activity.node_id)
    answers = {**PERSON, "party": "2", "residence": town, "elder": "yes"}
    page = answer_all(any_mode, page, answers)
    assert "李秀兰" in page.main
    page = confirm(any_mode, page)
    assert "0001" in page.main
    application = session.scalars(select(Application)).one()
    session.commit()
    assert (application.party_size, application.is_elder) == (2, True)
    assert application.residence_node_id == activity.node_id
    # the same press once more, and the same person once more
    again = answer_all(any_mode, any_mode.get(f"/activities/{activity.id}/draw/apply"), answers)
    refused = confirm(any_mode, again, status=409)
    assert "已经" in refused.heading


def test_missing_answers_are_said_and_what_was_typed_stays(
    any_mode: Browser, activity: Activity, draw: Draw
) -> None:
    page = any_mode.get(f"/activities/{activity.id}/draw/apply")
    form = page.form("next")
    wrong = {"name": "李秀兰"} if "name" in form.values else {}
    page = any_mode.submit(page, wrong, form="next", button=("next", "1"), status=422)
    assert page.one("div", id="error-summary") is not None
    if wrong:
        assert page.form("next").values["name"] == "李秀兰"


def test_before_after_and_already_have_pages_of_their_own(
    any_mode: Browser, session: Session
) -> None:
    factories.make_network(session)
    later = factories.make_activity(session)
    make_draw(session, [later], opens_at=clock.ahead(hours=2))
    page = any_mode.get(f"/activities/{later.id}/draw/apply")
    assert "还没有开始" in page.heading
    assert any_mode.get(f"/activities/{later.id}/draw").status == 200
    over = factories.make_activity(session)
    draw = make_draw(session, [over])
    draw.opens_at, draw.closes_at = clock.ago(days=2), clock.ago(minutes=1)
    session.commit()
    page = any_mode.get(f"/activities/{over.id}/draw/apply")
    assert "截止" in page.heading
    any_mode.get("/activities/99999/draw", status=404)
    any_mode.get("/draw-applications/nothing", status=404)


def test_the_result_shows_numbers_and_no_names(
    any_mode: Browser, session: Session, activity: Activity, draw: Draw
) -> None:
    names = [f"某某{n}" for n in range(5)]
    made = apply(session, *(wanted(draw, activity, name=name) for name in names))
    hold(draw)
    page = any_mode.get(f"/activities/{activity.id}/draw")
    assert draw.seed in page.main
    assert all(application.number in page.main for application in made)
    assert not any(name in page.text for name in names)
    looked_up = any_mode.get(f"/activities/{activity.id}/draw?number=2")
    assert "0002" in looked_up.main
    unknown = any_mode.get(f"/activities/{activity.id}/draw?number=77")
    assert "没有" in unknown.main
    said = json.loads(any_mode.get(f"/activities/{activity.id}/draw.json").text)
    assert record.faults(said, commitment=draw.commitment) == []
    assert not any(name in json.dumps(said, ensure_ascii=False) for name in names)
    for application in made:
        own = any_mode.get(f"/draw-applications/{application.token}")
        assert application.number in own.main


def test_the_record_keeps_the_secret_before(
    client: Browser, activity: Activity, draw: Draw
) -> None:
    said = json.loads(client.get(f"/activities/{activity.id}/draw.json").text)
    assert said["commitment"] == draw.commitment
    assert said["seed"] is None


def test_an_application_is_taken_back_until_the_close(
    any_mode: Browser, session: Session, activity: Activity, draw: Draw
) -> None:
    (application,) = apply(session, wanted(draw, activity))
    page = any_mode.get(f"/draw-applications/{application.token}/withdraw")
    page = any_mode.submit(page, form="withdraw")
    assert "撤回" in page.heading
    session.expire_all()
    assert session.get_one(Application, application.id).state == "withdrawn"
    session.commit()


def test_a_wish_list_is_written_matched_and_explained(
    any_mode: Browser, session: Session, season: Draw
) -> None:
    courses = {o.activity.title: o.activity for o in season.offers}
    session.commit()
    course = next(iter(courses.values()))
    seen = any_mode.get(f"/activities/{course.id}")
    assert any_mode.get(seen.link("申请名额")).heading == "2026年秋季课程"
    page = any_mode.get("/seasons")
    page = any_mode.get(page.link("2026年秋季课程"))
    assert "书法入门" in page.main
    page = any_mode.get(f"/seasons/{season.id}/wishes")
    first, second = str(courses["书法入门"].id), str(courses["剪纸"].id)
    page = answer_all(any_mode, page, {**PERSON, "wish1": first, "wish2": second})
    page = confirm(any_mode, page)
    assert "书法入门" in page.main
    others = [wanted(season, courses["书法入门"]) for _ in range(3)]
    apply(session, *others)
    hold(season)
    page = any_mode.get(f"/seasons/{season.id}?number=1")
    assert "书法入门" in page.main
    assert season.seed in page.main
    said = json.loads(any_mode.get(f"/seasons/{season.id}/result.json").text)
    assert record.faults(said, commitment=season.commitment) == []
    token = session.scalars(select(Application.token).where(Application.number == "0001")).one()
    session.commit()
    own = any_mode.get(f"/draw-applications/{token}")
    assert "第1志愿" in own.main


def test_the_same_course_twice_is_refused(client: Browser, session: Session, season: Draw) -> None:
    course = str(season.offers[0].activity_id)
    session.commit()
    page = client.get(f"/seasons/{season.id}/wishes")
    twice = {**PERSON, "wish1": course, "wish2": course}
    page = client.submit(page, twice, form="next", button=("next", "1"), status=422)
    assert page.form("next").values["wish1"] == course


def test_an_activity_says_that_its_places_go_by_lot(
    any_mode: Browser, session: Session, activity: Activity, draw: Draw
) -> None:
    page = any_mode.get(f"/activities/{activity.id}")
    assert "抽签" in page.main
    assert any_mode.get("/activities").status == 200
    assert "抽签" in any_mode.get("/how-draws-work").main
    hold(draw)
    page = any_mode.get(f"/activities/{activity.id}")
    assert f"/activities/{activity.id}/draw" in page.links.values()
    del session


def test_every_window_is_kept_to_the_moment(
    client: Browser, session: Session, activity: Activity
) -> None:
    opens = clock.now().replace(microsecond=0) + timedelta(hours=1)
    make_draw(session, [activity], opens_at=opens)
    with clock.frozen(opens - timedelta(seconds=1)):
        assert "还没有" in client.get(f"/activities/{activity.id}/draw/apply").heading
    with clock.frozen(opens):
        assert client.get(f"/activities/{activity.id}/draw/apply").form("next")
