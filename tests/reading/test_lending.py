"""Licensed titles: never more lent than there are, the queue in order, whatever happens at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from culture_cloud import clock, db
from culture_cloud.notifications.models import Notice
from culture_cloud.reading.lending import services
from culture_cloud.reading.lending.models import Hold, HoldState, Licence, Loan
from culture_cloud.reading.lending.services import Outcome
from culture_cloud.reading.models import Publication
from tests import factories
from tests.client import Browser


@pytest.fixture
def licensed(app: Flask, book: int) -> int:
    """A title of two copies."""
    with app.app_context(), db.transaction() as session:
        session.get_one(Publication, book).rights = "licensed"
        services.set_licence(session, book, number=2, days=21)
    return book


def people(app: Flask, number: int) -> list[int]:
    with app.app_context(), db.transaction() as session:
        return [factories.make_account(session).id for _n in range(number)]


def borrow(app: Flask, book: int, account: int) -> Outcome:
    with app.app_context(), db.transaction() as session:
        return services.borrow(session, book, account)


def test_a_loan_opens_the_book_and_returning_closes_it(
    reader: Browser, app: Flask, licensed: int
) -> None:
    assert reader.get(f"/read/{licensed}/1").heading == "木棉渡的早晨"
    page = reader.submit(reader.get(f"/read/{licensed}"), form="/borrow")
    assert "已经借给您" in page.main
    assert reader.get(f"/read/{licensed}/1").heading == "第1章 one"
    assert "借给您到" in reader.get("/read/my").main
    reader.submit(reader.get(f"/read/{licensed}"), form="/return")
    assert reader.get(f"/read/{licensed}/1").heading == "木棉渡的早晨"


def test_holds_are_served_in_order_and_told(
    reader: Browser, app: Flask, licensed: int, resident: int, run_jobs: object
) -> None:
    first, second, later = people(app, 3)
    assert borrow(app, licensed, first) is Outcome.LENT
    assert borrow(app, licensed, first) is Outcome.HAD
    assert borrow(app, licensed, second) is Outcome.LENT
    page = reader.submit(reader.get(f"/read/{licensed}"), form="/hold")
    assert "您排在第1位" in page.main
    with app.app_context(), db.transaction() as session:
        services.hold(session, licensed, later)
        services.give_back(session, licensed, first)
    # the copy is kept for the first in the queue: nobody else gets it
    assert borrow(app, licensed, later) is Outcome.NONE_LEFT
    run_jobs()  # type: ignore[operator]
    with app.app_context():
        told = db.session().scalars(select(Notice.template)).all()
        assert "reading/ready" in told
    page = reader.get(f"/read/{licensed}")
    assert "轮到您了" in page.main
    assert "已经借给您" in reader.submit(page, form="/borrow").main
    with app.app_context():
        assert services.differences(db.session()) == []


def test_what_is_over_ends_by_itself_and_a_copy_not_fetched_goes_on(
    app: Flask, licensed: int
) -> None:
    one, two, three, four = people(app, 4)
    for account in (one, two):
        borrow(app, licensed, account)
    with app.app_context(), db.transaction() as session:
        services.hold(session, licensed, three)
        services.hold(session, licensed, four)
    with clock.frozen(clock.ahead(days=22)), app.app_context():
        with db.transaction() as session:
            services.end_what_is_over(session)
        states = db.session().scalars(select(Hold.state).order_by(Hold.id)).all()
        assert states == [HoldState.READY, HoldState.READY]
        moment = clock.now() + timedelta(days=4)
    with clock.frozen(moment), app.app_context():
        with db.transaction() as session:
            services.end_what_is_over(session)
        assert db.session().get_one(Licence, licensed).taken == 0
        assert services.differences(db.session()) == []


def test_copies_cannot_go_below_what_is_lent(app: Flask, licensed: int) -> None:
    for account in people(app, 2):
        borrow(app, licensed, account)
    with app.app_context(), db.transaction() as session:
        assert services.set_licence(session, licensed, number=1, days=21) is False


def test_a_race_for_two_copies_lends_two(app: Flask, licensed: int) -> None:
    accounts = people(app, 24)
    outcomes: list[Outcome] = []
    barrier = threading.Barrier(12)

    def run(mine: list[int]) -> None:
        barrier.wait()
        outcomes.extend(borrow(app, licensed, account) for account in mine)

    threads = [threading.Thread(target=run, args=(accounts[n::12],)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes).count(Outcome.LENT) == 2
    assert len(outcomes) == 24
    with app.app_context():
        running = select(func.count()).select_from(Loan).where(Loan.ended_at.is_(None))
        assert db.session().scalar(running) == 2
        assert services.differences(db.session()) == []


def test_returns_and_holds_at_once_leave_no_copy_idle(app: Flask, licensed: int) -> None:
    """Many borrow, return, queue and leave at once; then every copy is where it should be."""
    accounts = people(app, 10)
    errors: list[Exception] = []

    def run(account: int) -> None:
        try:
            for _round in range(4):
                with app.app_context():
                    with db.transaction() as session:
                        outcome = services.borrow(session, licensed, account)
                    if outcome is Outcome.NONE_LEFT:
                        with db.transaction() as session:
                            services.hold(session, licensed, account)
                        if account % 3 == 0:
                            with db.transaction() as session:
                                services.cancel_hold(session, licensed, account)
                    else:
                        with db.transaction() as session:
                            services.give_back(session, licensed, account)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(account,)) for account in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors[0]
    with app.app_context():
        session = db.session()
        assert services.differences(session) == []
        licence = session.get_one(Licence, licensed)
        waiting = session.scalar(
            select(func.count()).select_from(Hold).where(Hold.state == HoldState.WAITING)
        )
        assert licence.taken == licence.copies or waiting == 0
