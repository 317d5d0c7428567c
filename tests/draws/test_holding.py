"""A draw is held once, whole, at its time; what comes of it agrees with its record."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.activities.models import Activity, Allotment, Enrolment, SignUpRules, SignUpWay
from culture_cloud.activities.services import cancel_session
from culture_cloud.draws import entering, holding, jobs, lots, record, services
from culture_cloud.draws.errors import (
    AppliedAlready,
    ApplyingClosed,
    ApplyingNotOpenYet,
    CannotSetUp,
    HasApplications,
    NotWished,
)
from culture_cloud.draws.models import Application, ApplicationState, DrawKind, DrawState
from culture_cloud.draws.services import DrawFacts
from culture_cloud.draws.weights import Weights
from culture_cloud.notifications.models import Notice
from culture_cloud.sign_ups import intake, places
from culture_cloud.sign_ups.errors import SignUpRefused
from culture_cloud.sign_ups.models import SignUp, SignUpState
from tests import factories
from tests.draws.making import apply, by_number, make_draw, reread, wanted
from tests.sign_ups.wishes import wish


def hold(draw_id: int) -> None:
    """Two days later the worker does what is due."""
    with clock.frozen(clock.ahead(days=1, minutes=1)):
        jobs.hold(draw_id=draw_id)


def test_the_places_go_as_the_record_says(session: Session) -> None:
    activity = factories.make_activity(session, places=10)
    draw = make_draw(session, [activity])
    apply(session, *(wanted(draw, activity, party_size=1 + n % 3) for n in range(12)))
    hold(draw.id)
    drawn = reread(session, draw)
    assert drawn.state == DrawState.DRAWN
    assert record.faults(drawn.record, commitment=draw.commitment) == []
    (said,) = drawn.record["draws"]
    people = by_number(session, draw)
    for number in said["given"]:
        application = people[number]
        assert application.state == ApplicationState.GIVEN
        assert application.sign_up is not None
        assert application.sign_up.state == SignUpState.CONFIRMED
        assert application.sign_up.party_size == application.party_size
    taken = sum(people[number].party_size for number in said["given"])
    assert factories.first_allotment(session, activity).taken == taken <= 10
    assert places_agree(session)


def places_agree(session: Session) -> bool:
    session.commit()
    return places.mismatches(session) == []


def test_whoever_gets_none_waits_in_the_order_of_the_draw(session: Session) -> None:
    activity = factories.make_activity(session, places=2)
    draw = make_draw(session, [activity])
    apply(session, *(wanted(draw, activity) for _ in range(6)))
    hold(draw.id)
    (said,) = reread(session, draw).record["draws"]
    people = by_number(session, draw)
    waiting = [people[number] for number in said["waiting"]]
    assert all(a.state == ApplicationState.WAITING for a in waiting)
    numbers = [a.sign_up.wait_no or 0 for a in waiting if a.sign_up]
    assert numbers == sorted(numbers)
    assert len(numbers) == 4


def test_nobody_takes_a_place_while_people_apply(session: Session) -> None:
    activity = factories.make_activity(session, places=10)
    make_draw(session, [activity])
    with pytest.raises(SignUpRefused):
        intake.sign_up(wish(activity))
    allotment = factories.first_allotment(session, activity)
    assert not places.take(session, allotment.id, 1)
    session.rollback()


def test_afterwards_sign_up_is_as_everywhere(session: Session) -> None:
    activity = factories.make_activity(session, places=10)
    draw = make_draw(session, [activity])
    apply(session, wanted(draw, activity))
    hold(draw.id)
    intake.sign_up(wish(activity))
    session.expire_all()
    assert factories.first_allotment(session, activity).taken == 2
    assert session.get_one(Activity, activity.id).sign_up == SignUpWay.HERE


def test_it_is_held_once_however_many_workers_try(app: Flask, session: Session) -> None:
    activity = factories.make_activity(session, places=5)
    draw = make_draw(session, [activity])
    apply(session, *(wanted(draw, activity) for _ in range(12)))
    later, held = clock.ahead(days=1, minutes=1), []

    def work() -> None:
        with app.app_context(), clock.frozen(later), db.transaction() as writing:
            held.append(holding.hold(writing, draw.id))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(held) == [False, False, False, True]
    assert session.scalar(select(func.count()).select_from(SignUp)) == 12
    assert places_agree(session)


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = factories.make_activity(session, places=5)
    draw = make_draw(session, [activity])
    apply(session, *(wanted(draw, activity) for _ in range(8)))
    real, calls = entering.enter, []

    def dies(*args: Any, **facts: Any) -> entering.Entered:
        calls.append(args)
        if len(calls) == 4:
            raise MemoryError
        return real(*args, **facts)

    with monkeypatch.context() as patch:
        patch.setattr(entering, "enter", dies)
        with pytest.raises(MemoryError):
            hold(draw.id)
    assert reread(session, draw).state == DrawState.OPEN
    assert reread(session, draw).record == {}
    assert session.scalar(select(func.count()).select_from(SignUp)) == 0
    session.commit()
    hold(draw.id)
    assert reread(session, draw).state == DrawState.DRAWN
    assert places_agree(session)


def test_nothing_is_drawn_before_the_close(session: Session) -> None:
    activity = factories.make_activity(session)
    draw = make_draw(session, [activity])
    jobs.hold(draw_id=draw.id)
    jobs.look_after()
    assert reread(session, draw).state == DrawState.OPEN


def test_a_draw_whose_job_was_lost_is_held_all_the_same(session: Session) -> None:
    activity = factories.make_activity(session)
    draw = make_draw(session, [activity])
    with clock.frozen(clock.ahead(days=1, minutes=5)):
        jobs.look_after()
    assert reread(session, draw).state == DrawState.DRAWN


def test_a_cancelled_activity_calls_its_draw_off_and_people_hear(
    session: Session, run_jobs: Any
) -> None:
    activity = factories.make_activity(session)
    draw = make_draw(session, [activity])
    apply(session, wanted(draw, activity))
    activity.state = "cancelled"
    session.commit()
    jobs.look_after()
    run_jobs()
    assert reread(session, draw).state == DrawState.CALLED_OFF
    templates = set(session.scalars(select(Notice.template)))
    assert templates == {"draws/applied", "draws/called_off"}


def test_a_session_that_was_cancelled_is_not_drawn_for(session: Session) -> None:
    activity = factories.make_activity(session, sessions=2, places=3)
    draw = make_draw(session, [activity])
    first, second = activity.sessions
    apply(
        session,
        wanted(draw, activity, wishes=[(activity.id, first.id)]),
        wanted(draw, activity, wishes=[(activity.id, second.id)]),
    )
    cancel_session(session, first.id, "演员生病")
    session.commit()
    hold(draw.id)
    people = by_number(session, draw)
    assert (people["0001"].state, people["0001"].outcome_reason) == ("none", "cancelled")
    assert people["0002"].state == ApplicationState.GIVEN
    assert [d["name"] for d in reread(session, draw).record["draws"]] == [str(second.id)]


def test_slips_follow_the_rules_that_were_published(session: Session) -> None:
    main = factories.make_node(session)
    town = factories.make_node(session, parent=main, name="东升镇")
    village = factories.make_node(session, parent=town, name="平山村")
    elsewhere = factories.make_node(session, parent=main, name="南屏乡")
    before = factories.make_activity(session, node=village, starts_at=clock.ago(days=9))
    activity = factories.make_activity(session, node=village)
    draw = make_draw(session, [activity], weights=Weights(first_time=1, elders=2, township=3))
    session.add(came(before, "常来的人", "13900000001"))
    apply(
        session,
        wanted(draw, activity, name="常来的人", phone="13900000001"),
        wanted(draw, activity),
        wanted(draw, activity, is_elder=True, residence_node_id=town.id),
        wanted(draw, activity, residence_node_id=elsewhere.id),
    )
    hold(draw.id)
    people = by_number(session, draw)
    assert [people[n].wishes[0].slips for n in sorted(people)] == [1, 2, 7, 2]
    assert people["0003"].wishes[0].slip_rules == ["first_time", "elders", "township"]


def came(activity: Activity, name: str, phone: str) -> SignUp:
    allotment = activity.allotments[0]
    allotment.taken += 1
    return SignUp(
        activity_id=activity.id, session_id=activity.sessions[0].id, allotment_id=allotment.id,
        state="attended", name=name, phone=phone, code="123456", token="t" * 43,
        idempotency_key="k" * 40, created_at=clock.now(), companions=[], attended_count=1,
    )  # fmt: skip


def test_wish_lists_are_matched_and_the_unplaced_wait_for_the_dearest(session: Session) -> None:
    node = factories.make_node(session)
    courses = [
        factories.make_activity(
            session, node=node, sessions=3, places=2, enrolment=Enrolment.COURSE, title=title
        )
        for title in ("书法", "剪纸", "花灯")
    ]
    draw = make_draw(session, courses, DrawKind.WISHES, title="秋季课程")
    a, b, c = courses
    apply(
        session, *(wanted(draw, *ranked) for ranked in ((a, b), (a, b), (a,), (a, c), (b, a), (b,)))
    )
    hold(draw.id)
    drawn = reread(session, draw)
    assert record.faults(drawn.record, commitment=draw.commitment) == []
    got = {w["number"]: w["got"] for w in drawn.record["wish_lists"]}
    people = by_number(session, draw)
    for number, course in got.items():
        sign_up = people[number].sign_up
        assert sign_up is not None
        if course is None:
            assert sign_up.state == SignUpState.WAITING
            assert sign_up.activity_id == people[number].wishes[0].activity_id
        else:
            assert (sign_up.state, str(sign_up.activity_id)) == ("confirmed", course)
    taken = session.scalars(select(Allotment.taken)).all()
    session.commit()
    assert all(places <= 2 for places in taken)
    assert places_agree(session)


def test_applying_keeps_its_time_its_person_and_its_number(session: Session) -> None:
    activity = factories.make_activity(session)
    now = clock.now()
    draw = make_draw(session, [activity], opens_at=now + timedelta(hours=1))
    one = wanted(draw, activity)
    with pytest.raises(ApplyingNotOpenYet):
        services.examine(session, one)
    with pytest.raises(ApplyingClosed):
        services.apply(session, one)
    session.rollback()
    with clock.frozen(draw.opens_at):  # the first moment counts
        first = services.apply(session, one)
        session.commit()
        assert first.number == "0001"
        assert services.examine(session, one) is not None  # the same wish once more
        with pytest.raises(AppliedAlready):
            services.examine(session, wanted(draw, activity, name=one.name, phone=one.phone))
        with pytest.raises(NotWished):
            services.examine(session, wanted(draw, activity, wishes=[(999, None)]))
    with clock.frozen(draw.closes_at), pytest.raises(ApplyingClosed):  # the last does not
        services.apply(session, wanted(draw, activity))


def test_withdrawn_is_not_drawn_and_may_apply_again(session: Session) -> None:
    activity = factories.make_activity(session, places=5)
    draw = make_draw(session, [activity])
    one = wanted(draw, activity)
    (first,) = apply(session, one)
    assert services.withdraw(session, first.token)
    assert not services.withdraw(session, first.token)
    session.commit()
    again = wanted(draw, activity, name=one.name, phone=one.phone)
    (second,) = apply(session, again)
    hold(draw.id)
    people = by_number(session, draw)
    assert people[first.number].state == ApplicationState.WITHDRAWN
    assert people[second.number].state == ApplicationState.GIVEN
    with clock.frozen(clock.ahead(days=2)), pytest.raises(ApplyingClosed):
        services.withdraw(session, second.token)
    session.rollback()


def test_the_same_person_twice_at_once_is_refused_by_the_database(session: Session) -> None:
    activity = factories.make_activity(session)
    draw = make_draw(session, [activity])
    one = wanted(draw, activity)
    apply(session, one)
    session.add(
        Application(
            draw_id=draw.id, number="0009", channel="web", name=one.name, phone=one.phone,
            token="x", idempotency_key="y", created_at=clock.now(),
        )
    )  # fmt: skip
    with pytest.raises(Exception, match=r"(?i)unique"):
        session.flush()
    session.rollback()


def test_a_draw_needs_places_that_nobody_holds(session: Session) -> None:
    def why(activity: Activity, **facts: Any) -> str:
        with pytest.raises(CannotSetUp) as refused:
            make_draw(session, [activity], **facts)
        session.rollback()
        return refused.value.why

    held = factories.make_activity(session)
    factories.first_allotment(session, held).taken = 1
    endless = factories.make_activity(session, places=None)
    session.commit()
    assert why(held) == "has_sign_ups"
    assert why(endless) == "no_places"
    free = factories.make_activity(session)
    session.commit()
    assert why(free, closes_at=clock.ahead(days=30)) == "closes_too_late"
    assert why(free, closes_at=clock.ago(days=1)) == "over"
    reviewed = factories.make_activity(session)
    session.add(SignUpRules(activity_id=reviewed.id, review=True))
    session.commit()
    assert why(reviewed) == "asks_more"
    make_draw(session, [free])
    assert why(free) == "in_a_draw"


def test_the_rules_stand_once_somebody_has_applied(session: Session) -> None:
    activity = factories.make_activity(session)
    draw = make_draw(session, [activity])
    seal, sooner = draw.commitment, clock.ahead(hours=20)
    facts = DrawFacts(activity_ids=[], closes_at=sooner, weights=Weights(elders=1))
    services.change(session, draw.id, facts)
    session.commit()
    assert reread(session, draw).closes_at == sooner
    assert reread(session, draw).commitment == seal == lots.commitment(draw.seed)
    apply(session, wanted(draw, activity))
    with pytest.raises(HasApplications):
        services.change(session, draw.id, facts)
    session.rollback()


def test_called_off_gives_the_sign_up_back_and_keeps_the_secret(session: Session) -> None:
    activity = factories.make_activity(session)
    draw = make_draw(session, [activity])
    apply(session, wanted(draw, activity))
    assert services.call_off(session, draw.id, "名额够了")
    session.commit()
    assert not services.call_off(session, draw.id, "")
    session.commit()
    intake.sign_up(wish(activity))
    hold(draw.id)
    assert reread(session, draw).state == DrawState.CALLED_OFF
    assert by_number(session, draw)["0001"].outcome_reason == "called_off"


def test_everybody_hears_once_what_came_of_it(session: Session, run_jobs: Any) -> None:
    activity = factories.make_activity(session, places=2)
    draw = make_draw(session, [activity])
    apply(session, *(wanted(draw, activity) for _ in range(5)))
    hold(draw.id)
    run_jobs()
    jobs.tell_all(draw_id=draw.id)
    told = session.scalars(select(Notice.template).where(Notice.template.like("draws/%"))).all()
    assert sorted(told) == ["draws/applied"] * 5 + ["draws/given"] * 2 + ["draws/waiting"] * 3
