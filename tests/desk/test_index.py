"""The first page of the desk: what is on, what waits, by role and scope."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.access.permissions import Role
from culture_cloud.access.scope import Scope
from culture_cloud.activities.models import ActivityFeed, ActivityState, SignUpRules
from culture_cloud.desk import overview
from culture_cloud.feedback.models import Feedback
from culture_cloud.jobs.models import FAILED, WAITING, Job
from culture_cloud.network.models import Node
from culture_cloud.notifications.models import Notice, NoticeState
from culture_cloud.reading.models import Intake
from culture_cloud.sign_ups import intake
from tests import factories
from tests.client import Browser
from tests.desk.makers import County, enter, make_county
from tests.sign_ups.wishes import wish
from tests.signing_in import sign_in


@pytest.fixture
def county(session: Session) -> County:
    return make_county(session)


def make_notice(session: Session, node: Node) -> Notice:
    notice = Notice(
        key=f"k{node.id}", template="sign_ups/confirmed", facts={"title": "剪纸课"}, channel="sms",
        recipient="19900010001", locale="zh_Hans_CN", node_id=node.id, state=NoticeState.FAILED,
        created_at=clock.now(), send_until=clock.now(),
    )  # fmt: skip
    session.add(notice)
    session.flush()
    return notice


def make_failed_job(session: Session) -> Job:
    job = Job(
        name="notices.send", arguments={}, state=FAILED, due_at=clock.now(),
        created_at=clock.now(), attempts=8, last_error="no answer",
    )  # fmt: skip
    session.add(job)
    session.flush()
    return job


def test_shows_the_next_sessions_of_the_scope_with_their_places(
    any_mode: Browser, session: Session, county: County
) -> None:
    mine = factories.make_activity(session, node=county.point, title="本村电影", places=30)
    factories.first_allotment(session, mine).taken = 12
    factories.make_activity(session, node=county.other, title="别处的电影")
    session.commit()
    enter(any_mode, session, county.branch, Role.BRANCH_EDITOR)
    page = any_mode.get("/desk")
    assert "本村电影" in page.main
    assert "12" in page.main
    assert "30" in page.main
    assert "别处的电影" not in page.main


def test_the_weeks_tasks_are_one_press_away(
    client: Browser, session: Session, county: County
) -> None:
    activity = factories.make_activity(session, node=county.point)
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    hrefs = set(client.get("/desk").links.values())
    session_id = activity.sessions[0].id
    people = f"/desk/activities/{activity.id}/sign-ups"
    assert {
        "/desk/activities/new",
        "/desk/activities/again",
        f"{people}?session={session_id}",
        f"{people}/new?session={session_id}",
        f"{people}/sheet?session={session_id}",
    } <= hrefs


def test_every_link_of_the_desk_leads_somewhere(
    client: Browser, session: Session, county: County
) -> None:
    factories.make_activity(session, node=county.point)
    session.commit()
    enter(client, session, county.main, Role.SYSTEM_ADMINISTRATOR)
    for address in ("/desk", "/desk/activities"):
        for href in client.get(address).links.values():
            if href.startswith("/desk") and "mode=" not in href and "lang=" not in href:
                assert client.flask.get(href).status_code == 200, href


def test_drafts_and_what_waits_are_shown_to_those_whose_they_are(
    client: Browser, session: Session, county: County
) -> None:
    factories.make_activity(session, node=county.point, title="草稿甲", state=ActivityState.DRAFT)
    factories.make_activity(
        session, node=county.point, title="待看乙", state=ActivityState.SUBMITTED
    )
    session.commit()
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get("/desk")
    assert "草稿甲" in page.main
    assert "待看乙" in page.main
    enter(client, session, county.other, Role.BRANCH_EDITOR)
    page = client.get("/desk")
    assert "草稿甲" not in page.main
    assert "待看乙" not in page.main


def test_a_clerk_is_not_asked_to_review(client: Browser, session: Session, county: County) -> None:
    factories.make_activity(
        session, node=county.point, title="待看乙", state=ActivityState.SUBMITTED
    )
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    assert "待看乙" not in client.get("/desk").main


def test_a_message_that_failed_is_sent_again_by_its_own_staff_alone(
    client: Browser, session: Session, county: County
) -> None:
    mine, others = make_notice(session, county.point), make_notice(session, county.other)
    session.commit()
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    page = client.get("/desk")
    assert "199****0001" in page.main
    assert "19900010001" not in page.text
    client.submit(page, form=f"/notices/{mine.id}/again")
    token = page.form("again").values["csrf_token"]
    client.post(f"/desk/notices/{others.id}/again", {"csrf_token": token}, status=404)
    session.refresh(mine)
    session.refresh(others)
    assert (mine.state, others.state) == (NoticeState.QUEUED, NoticeState.FAILED)


def test_failed_jobs_are_for_those_who_manage_them(
    client: Browser, session: Session, county: County
) -> None:
    job = make_failed_job(session)
    session.commit()
    enter(client, session, county.main, Role.SYSTEM_ADMINISTRATOR)
    page = client.get("/desk")
    client.submit(page, form=f"/jobs/{job.id}/again")
    session.refresh(job)
    assert job.state == WAITING
    session.commit()
    enter(client, session, county.main, Role.MAIN_HALL_MANAGER)
    token = client.get("/desk/activities/new").form("title").values["csrf_token"]
    assert "notices.send" not in client.get("/desk").main
    client.post(f"/desk/jobs/{job.id}/again", {"csrf_token": token}, status=403)


def test_a_source_that_does_not_answer_is_shown(
    client: Browser, session: Session, county: County
) -> None:
    for node, url in ((county.point, "https://a.example/"), (county.other, "https://b.example/")):
        session.add(ActivityFeed(node_id=node.id, url=url, failures=3, outcome="no answer"))
    session.commit()
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get("/desk")
    assert "https://a.example/" in page.main
    assert "/desk/feeds" in page.links.values()
    assert "https://b.example/" not in page.main


def test_residents_do_not_open_the_desk(client: Browser, session: Session, county: County) -> None:
    assert "/sign-in" in client.get("/desk").url
    account = factories.make_account(session)
    session.commit()
    sign_in(client, account)
    client.get("/desk", status=403)


def test_asks_the_database_as_often_for_many_as_for_few(
    client: Browser, session: Session, county: County
) -> None:
    enter(client, session, county.branch, Role.BRANCH_EDITOR)

    def statements() -> int:
        seen: list[str] = []
        engine = client.app.extensions["database"].read_engine
        note = lambda *args: seen.append(str(args[2]))  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        client.get("/desk")
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    factories.make_activity(session, node=county.point)
    session.commit()
    few = statements()
    for number in range(12):
        state = ActivityState.DRAFT if number % 3 == 0 else ActivityState.PUBLISHED
        factories.make_activity(
            session, node=county.point, state=state, starts_at=clock.ahead(hours=number)
        )
    session.commit()
    assert statements() <= few + 1


def test_on_a_full_day_what_is_on_now_is_shown(
    client: Browser, session: Session, county: County
) -> None:
    noon = clock.now().replace(hour=4, minute=0, second=0, microsecond=0)
    with clock.frozen(noon + timedelta(hours=6)):
        factories.make_activity(
            session, node=county.point, title="早课", sessions=40, starts_at=noon,
            every=timedelta(minutes=1), hours=1,
        )  # fmt: skip
        now = factories.make_activity(
            session, node=county.point, title="晚课", starts_at=noon + timedelta(hours=6.5)
        )
        session.commit()
        from culture_cloud.web.words import site_zone

        cards = overview.todays_sessions(db.session(), Scope((county.branch.path,)), site_zone())
    assert [card.activity_id for card in cards] == [now.id]


def test_sign_ups_that_wait_for_review_stand_on_the_first_page(
    client: Browser, session: Session, county: County
) -> None:
    for node in (county.point, county.other):
        activity = factories.make_activity(session, node=node, title=f"{node.name}书法")
        session.add(SignUpRules(activity_id=activity.id, review=True))
        session.commit()
        intake.sign_up(wish(activity))
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get("/desk")
    assert "平山村书法" in page.main
    assert "南屏乡书法" not in page.main
    assert "/sign-ups?state=pending" in page.text


def test_what_waits_in_the_other_parts_stands_there_for_those_who_do_it(
    client: Browser, session: Session, county: County
) -> None:
    for number, node in enumerate((county.point, county.point, county.other)):
        session.add(
            Feedback(
                token=f"feedback-{number}", kind="question", node_id=node.id, reply="page",
                words="有没有轮椅坡道？", idempotency_key=f"key-{number}", created_at=clock.now(),
                due_on=clock.ahead(days=3).date(),
            )
        )  # fmt: skip
        session.add(
            Intake(
                key=f"file-{number}", node_id=node.id, filename="坏书.epub", size=9,
                sha256=f"{number:064d}", state="refused", created_at=clock.now(),
            )
        )  # fmt: skip
    session.commit()
    enter(client, session, county.branch, Role.BRANCH_EDITOR)
    page = client.get("/desk")
    assert "还没答复的群众留言2" in page.main
    assert "阅览室没收下的文件2" in page.main
    assert "要审的地方资源" not in page.main, "nothing waits there"
    enter(client, session, county.point, Role.SERVICE_POINT_CLERK)
    assert "还没答复的" not in client.get("/desk").main, "the branch answers"
