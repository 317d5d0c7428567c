"""What residents, their relatives and staff do where an activity has rules, through pages alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.accounts import family
from culture_cloud.activities import rules as ruled
from culture_cloud.activities import services as activities
from culture_cloud.activities.models import Activity, ActivitySession, Allotment, AllotmentKind
from culture_cloud.activities.questions import Question, QuestionKind
from culture_cloud.activities.rules import Rules
from culture_cloud.activities.shares import Share
from culture_cloud.sign_ups.models import Proxy, SignUp
from culture_cloud.web.words import local
from tests import factories
from tests.client import Browser, Page
from tests.signing_in import sign_in

from .test_journeys import confirm, fresh, start

ME = {"party": "1", "name": "李秀兰", "phone": "13800000000"}
OTHER = {"party": "1", "name": "王大爷", "phone": "13800000009"}


def make(session: Session, places: int = 4, **rules: Any) -> Activity:
    factories.make_network(session)
    node = factories.make_node(session)
    activity = factories.make_activity(session, node=node, places=places, max_party=10)
    activities.set_rules(session, activity.id, Rules(**rules))
    session.commit()
    return activity


def signed_up(client: Browser, activity: Activity, answers: dict[str, str], **query: int) -> Page:
    page = walked(client, start(client, activity, **query), answers)
    return confirm(client, page)


def walked(client: Browser, page: Page, answers: dict[str, str]) -> Page:
    """Through the questions as they come, to the check page or to what stands in the way."""
    for _step in range(9):
        names = {e.get("name") for kind in ("input", "select") for e in page.all(kind)}
        hidden = {e.get("name") for e in page.all("input", type="hidden")}
        mine = {k: v for k, v in answers.items() if k in names - hidden}
        page = client.submit(page, mine, form="next", button=("next", "1"), status=None)
        assert page.status != 422, page.main
        if page.status != 200 or page.all("button", name="confirm"):
            return page
    raise AssertionError(page.heading)


def rows(session: Session) -> list[SignUp]:
    return fresh(session, select(SignUp).order_by(SignUp.id))


def test_who_waits_is_promoted_when_a_place_returns(any_mode: Browser, session: Session) -> None:
    activity = make(session, places=1)
    first = signed_up(any_mode, activity, ME)
    full = start(any_mode, activity)
    assert "wait=1" in full.text
    ticket = signed_up(any_mode, activity, OTHER, wait=1)
    assert rows(session)[1].state == "waiting"
    assert "候补" in ticket.heading
    ask = any_mode.get(first.url.split("localhost")[1] + "/cancel")
    any_mode.submit(ask, form="cancel")
    assert [row.state for row in rows(session)] == ["cancelled", "confirmed"]
    assert "候补" not in any_mode.get(ticket.url.split("localhost")[1]).heading


def test_offered_places_are_taken_by_a_press(client: Browser, session: Session) -> None:
    activity = make(session, places=1, confirm_hours=2)
    first = signed_up(client, activity, ME)
    ticket = signed_up(client, activity, OTHER, wait=1)
    client.submit(client.get(first.url.split("localhost")[1] + "/cancel"), form="cancel")
    assert rows(session)[1].offered_until is not None
    page = client.get(ticket.url.split("localhost")[1])
    client.submit(page, form="accept")
    assert (rows(session)[1].state, rows(session)[1].offered_until) == ("confirmed", None)


def test_kept_places_are_for_elders(any_mode: Browser, session: Session) -> None:
    activity = make(
        session, places=2, shares=(Share(kind=AllotmentKind.ELDERS, places=2, release_hours=24),)
    )
    form = start(any_mode, activity)
    assert "60" in form.main
    confirm(any_mode, walked(any_mode, form, {**ME, "elder": "y"}))
    kinds = dict(fresh_kinds(session))
    assert kinds == {"open": 0, "elders": 1}


def fresh_kinds(session: Session) -> list[tuple[str, int]]:
    return [(a.kind, a.taken) for a in fresh(session, select(Allotment))]


def test_a_family_of_four_with_ages_and_a_guardian_for_the_child(
    any_mode: Browser, session: Session
) -> None:
    activity = make(session, places=8, ask_ages=True)
    answers = {
        "party": "4",
        "ages": "35、36, 8 5",
        "name": "李爸爸",
        "phone": "13800000000",
        "guardian_name": "李爸爸",
        "guardian_phone": "13800000000",
        "guardian_agrees": "y",
    }
    page = signed_up(any_mode, activity, answers)
    row = rows(session)[0]
    assert (row.party_size, row.ages) == (4, [35, 36, 8, 5])
    assert row.guardian_name == "李爸爸"
    assert row.guardian_consent
    change = any_mode.get(page.url.split("localhost")[1] + "/party")
    any_mode.submit(change, {"party": "3", "ages": "35 36 8"}, form="save")
    assert rows(session)[0].party_size == 3


@pytest.mark.parametrize(
    ("rules", "answers"),
    [
        ({"min_age": 60}, {"ages": "30"}),
        ({"max_age": 12}, {"ages": "30"}),
        ({"group_name": "志愿者"}, {"group": "no"}),
    ],
)
def test_who_may_not_come_reads_for_whom_it_is(
    any_mode: Browser, session: Session, rules: dict[str, Any], answers: dict[str, str]
) -> None:
    activity = make(session, **rules)
    page = walked(any_mode, start(any_mode, activity), {**ME, **answers})
    assert page.status == 409
    assert "面向" in page.heading
    assert rows(session) == []


def test_a_daughter_signs_up_her_mother_who_can_end_it(any_mode: Browser, session: Session) -> None:
    activity = make(session)
    answers = {
        **OTHER,
        "proxy_name": "王女儿",
        "proxy_phone": "13900000001",
        "relation": "family",
        "person_agrees": "y",
    }
    signed_up(any_mode, activity, answers, acting=1)
    row = rows(session)[0]
    proxy = fresh(session, select(Proxy))[0]
    assert (row.channel, row.proxy_id, row.name) == ("proxy", proxy.id, "王大爷")
    assert proxy.consent
    own = any_mode.get(f"/proxies/{proxy.token}")
    assert activity.title in own.main
    any_mode.submit(own, form="end")
    assert fresh(session, select(Proxy))[0].revoked_at is not None


def test_who_acts_for_me_stands_on_my_page_and_is_ended_there(
    any_mode: Browser, session: Session
) -> None:
    made = Proxy(
        name="王女儿", phone="13900000001", person_name=OTHER["name"], person_phone=OTHER["phone"],
        relation="family", consent="本人同意", consented_at=clock.now(), token="proxy-of-a-mother",
    )  # fmt: skip
    session.add(made)
    stranger = factories.make_account(session, name=OTHER["name"], phone="13800000010")
    mother = factories.make_account(session, name=OTHER["name"], phone=OTHER["phone"])
    session.commit()
    proxy_id = made.id
    sign_in(any_mode, stranger)
    theirs = any_mode.get("/my")
    assert "王女儿" not in theirs.main
    token = theirs.form("sign-out").values["csrf_token"]
    refused = any_mode.flask.post(f"/my/acting/{proxy_id}/end", data={"csrf_token": token})
    assert refused.status_code == 404
    any_mode.flask.delete_cookie("sign-in")
    sign_in(any_mode, mother)
    mine = any_mode.get("/my")
    assert "王女儿" in mine.main
    assert made.token not in mine.text  # the page with the tickets is for who has the phone
    any_mode.submit(mine, form=f"/my/acting/{proxy_id}/end")
    assert fresh(session, select(Proxy))[0].revoked_at is not None
    assert "谁替您报名" not in any_mode.get("/my").main


def test_a_family_member_is_chosen_instead_of_typed(any_mode: Browser, session: Session) -> None:
    activity = make(session)
    account = factories.make_account(session, name="王女儿", phone="13900000001")
    other = factories.make_account(session, phone="13900000002")
    facts: dict[str, Any] = {"phone": "", "relation": "parent", "birth_year": 1950, "consent": ""}
    family.keep(session, account.id, None, name="王桂英", **facts)
    family.keep(session, other.id, None, name="别人家的", **facts)
    session.commit()
    sign_in(any_mode, account)
    page = start(any_mode, activity)
    assert "别人家的" not in page.text
    page = any_mode.get(page.link("给王桂英报名"))
    confirm(any_mode, walked(any_mode, page, {"party": "1", "person_agrees": "y"}))
    (row,) = rows(session)
    assert (row.name, row.phone, row.channel) == ("王桂英", "13900000001", "proxy")
    theirs = family.of(session, other.id)[0].id
    strange = any_mode.get(f"/activities/{activity.id}/sign-up?acting=1&person={theirs}")
    assert "别人家的" not in strange.text


def test_own_questions_are_asked_and_kept(any_mode: Browser, session: Session) -> None:
    asked = (
        Question(key="q1", kind=QuestionKind.TEXT, label="会唱哪首调子？", needed=True),
        Question(key="q2", kind=QuestionKind.CHOICE, label="哪一班？", choices=("早班", "晚班")),
        Question(key="q3", kind=QuestionKind.NUMBER, label="学了几年？"),
    )
    activity = make(session, questions=asked)
    signed_up(any_mode, activity, {**ME, "q1": "放羊调", "q2": "晚班", "q3": "3"})
    assert rows(session)[0].answers == {"q1": "放羊调", "q2": "晚班", "q3": 3}


# --- staff ---------------------------------------------------------------------------------------


@pytest.fixture
def clerk(client: Browser, session: Session) -> Browser:
    activity = make(session, places=3)
    account = factories.make_staff(session, node=activity.node, role=Role.BRANCH_EDITOR)
    session.commit()
    sign_in(client, account)
    return client


def the_date(session: Session) -> tuple[int, int]:
    """(activity, session)"""
    found = fresh(session, select(ActivitySession))[0]
    ids = found.activity_id, found.id
    session.commit()
    return ids


def test_a_caller_is_written_down_on_one_page(clerk: Browser, session: Session) -> None:
    activity_id, session_id = the_date(session)
    page = clerk.get("/desk/callers")
    page = clerk.submit(page, {"q": "0877-5551234"}, form="find", button=("find", "1"))
    key = f"{activity_id}-{session_id}"
    answers = {"name": "张奶奶", "session": key, "party": "2"}
    done = clerk.submit(page, answers, form="save", button=("save", "1"))
    row = rows(session)[0]
    assert (row.name, row.phone, row.channel, row.party_size) == (
        "张奶奶", "08775551234", "phone", 2,
    )  # fmt: skip
    assert row.code[:3] in done.main
    assert row.taken_by_id is not None
    again = clerk.submit(
        clerk.get("/desk/callers"), {"q": "张奶"}, form="find", button=("find", "1")
    )
    picked = clerk.submit(again, form="find", button=("person", str(row.id)))
    assert picked.form("save").values["phone"] == "08775551234"


def test_staff_set_the_rules_and_look_at_a_sign_up(clerk: Browser, session: Session) -> None:
    activity_id, _session_id = the_date(session)
    page = clerk.get(f"/desk/activities/{activity_id}/rules")
    page = clerk.submit(page, {"elders": "9"}, form="save", status=422)
    page = clerk.submit(
        page,
        {"elders": "1", "review": "y", "questions-0-label": "带不带乐器？"},
        form="save",
    )
    kinds = {a.kind: a.capacity for a in fresh(session, select(Allotment))}
    assert kinds == {"open": 2, "elders": 1}
    form = clerk.get(f"/activities/{activity_id}/sign-up")
    confirm(clerk, walked(clerk, form, {**ME, "q1": "带"}))
    row = rows(session)[0]
    assert (row.state, row.answers) == ("pending", {"q1": "带"})
    look = clerk.get(f"/desk/activities/{activity_id}/sign-ups/{row.id}/review")
    assert "带不带乐器" in look.main
    clerk.submit(look, {"reason": "名额给新学员"}, form="decline", button=("decline", "1"))
    assert (rows(session)[0].state, rows(session)[0].state_reason) == ("declined", "名额给新学员")


def test_kept_places_have_days_of_their_own(clerk: Browser, session: Session) -> None:
    activity_id, _session_id = the_date(session)
    page = clerk.get(f"/desk/activities/{activity_id}/rules")
    wrong = {"elders": "1", "elders_opens": "2026-12-08", "elders_closes": "2026-12-01"}
    page = clerk.submit(page, wrong, form="save", status=422)
    assert page.form("save").values["elders_opens"] == "2026-12-08"
    guests = {"custom-0-name": "嘉宾", "custom-0-places": "1", "elders_opens": "", "elders": "1"}
    wrong = {"custom-0-opens": "2026-12-08", "custom-0-closes": "2026-12-01"}
    named = clerk.get(f"/desk/activities/{activity_id}/rules")
    named = clerk.submit(named, {**guests, **wrong}, form="save", status=422)
    assert "这一天在开始那天之前" in named.main
    clerk.submit(page, {"elders_closes": "2026-12-09"}, form="save")
    (kept,) = fresh(session, select(Allotment).where(Allotment.kind == AllotmentKind.ELDERS))
    assert local(kept.opens_at).isoformat() == "2026-12-08T00:00:00+08:00"
    assert local(kept.closes_at).isoformat() == "2026-12-09T23:59:00+08:00"
    again = clerk.get(f"/desk/activities/{activity_id}/rules").form("save")
    assert again.values["elders_closes"] == "2026-12-09"


def test_two_who_set_rules_at_once_see_each_other(clerk: Browser, session: Session) -> None:
    activity_id, _session_id = the_date(session)
    mine = clerk.get(f"/desk/activities/{activity_id}/rules")
    activities.set_rules(session, activity_id, Rules(min_age=18))
    session.commit()
    page = clerk.submit(mine, {"max_age": "30"}, form="save", status=409)
    assert "刚才有同事改过" in page.main
    assert page.form("save").values["max_age"] == "30"
    clerk.submit(page, form="save")
    assert ruled.of(session, activity_id).max_age == 30
