"""Cancelling at the same moment as somebody else cancels, or signs up."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.activities.models import Allotment
from culture_cloud.errors import Refusal
from culture_cloud.sign_ups import intake, places, services
from culture_cloud.sign_ups.errors import AlreadySignedUp, SessionFull
from tests import factories

from .wishes import fresh, wish


def at_once(app: Flask, works: list[Callable[[], Any]]) -> list[Any]:
    """What each piece of work answers (or the refusal it meets) when all begin together."""
    barrier = threading.Barrier(len(works))
    answers: list[Any] = [None] * len(works)

    def run(number: int, work: Callable[[], Any]) -> None:
        with app.app_context():
            barrier.wait(30)
            try:
                answers[number] = work()
            except Refusal as refusal:
                answers[number] = refusal
            except Exception as error:  # the test shows whatever happens
                answers[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def cancel(token: str) -> bool:
    with db.transaction() as session:
        return services.cancel(session, token)


def cancel_by_staff(sign_up_id: int) -> bool:
    with db.transaction() as session:
        return services.cancel_by_staff(session, sign_up_id, "重复报名")


def taken(session: Session) -> int:
    return sum(a.taken for a in fresh(session, select(Allotment)))


def test_of_many_who_cancel_one_sign_up_exactly_one_gives_the_places_back(
    app: Flask, session: Session
) -> None:
    activity = factories.make_activity(session, places=10)
    session.commit()
    other = intake.sign_up(wish(activity, party_size=2))
    result = intake.sign_up(wish(activity, party_size=3))
    answers = at_once(
        app,
        [lambda: cancel(result.token)] * 6 + [lambda: cancel_by_staff(result.sign_up_id)] * 6,
    )
    assert Counter(answers) == {True: 1, False: 11}
    assert taken(session) == 2
    assert places.differences(session) == []
    assert other.is_new


def test_a_freed_place_goes_to_exactly_one_of_those_who_want_it(
    app: Flask, session: Session
) -> None:
    activity = factories.make_activity(session, places=1)
    session.commit()
    holder = intake.sign_up(wish(activity))
    wishes = [wish(activity) for _ in range(8)]
    works: list[Callable[[], Any]] = [lambda: cancel(holder.token)]
    works += [lambda w=w: intake.sign_up(w) for w in wishes]  # type: ignore[misc]
    answers = at_once(app, works)
    assert answers[0] is True
    won = [a for a in answers[1:] if isinstance(a, services.SignUpResult)]
    assert len(won) <= 1
    assert all(isinstance(a, SessionFull) for a in answers[1:] if a not in won)
    assert taken(session) == len(won)


def test_cancelling_and_signing_up_again_at_once_never_wait_for_each_other_in_a_circle(
    app: Flask, session: Session
) -> None:
    activity = factories.make_activity(session, places=5)
    session.commit()
    person = {"name": "李秀兰", "phone": "13800000000"}
    token = intake.sign_up(wish(activity, **person)).token
    for _ in range(15):
        again = wish(activity, **person)
        gone, back = at_once(
            app,
            [lambda t=token: cancel(t), lambda w=again: intake.sign_up(w)],  # type: ignore[misc]
        )
        assert gone is True
        assert isinstance(back, services.SignUpResult | AlreadySignedUp), back
        token = (
            back.token if isinstance(back, services.SignUpResult)
            else intake.sign_up(wish(activity, **person)).token
        )  # fmt: skip
    assert taken(session) == 1
    assert places.differences(session) == []
