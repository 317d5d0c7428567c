"""Whatever people do in whatever order: the counts equal the sign-ups and never pass the limit."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.activities import services as activities
from culture_cloud.activities.errors import CapacityBelowTaken
from culture_cloud.activities.models import Allotment
from culture_cloud.sign_ups import intake, places, services
from culture_cloud.sign_ups.errors import AlreadySignedUp, SessionFull
from culture_cloud.sign_ups.models import SignUp
from culture_cloud.sign_ups.requests import SignUpRequest
from culture_cloud.sign_ups.services import SignUpResult
from tests import factories

PEOPLE = [("李秀兰", "13800000001"), ("王大爷", "13800000001"), ("小明", "13800000002")]


class Desk(RuleBasedStateMachine):
    """A model of one session beside the real one: who holds how many places."""

    @initialize(capacity=st.integers(0, 6))
    def open(self, capacity: int) -> None:
        with db.transaction() as session:
            activity = factories.make_activity(session, places=capacity)
            self.activity_id, self.session_id = activity.id, activity.sessions[0].id
            self.allotment_id = activity.allotments[0].id
        self.capacity = capacity
        self.held: dict[tuple[str, str], tuple[SignUpResult, int]] = {}
        self.sent: list[tuple[SignUpRequest, SignUpResult]] = []

    @rule(person=st.sampled_from(PEOPLE), size=st.integers(1, 3))
    def sign_up(self, person: tuple[str, str], size: int) -> None:
        request = SignUpRequest(
            activity_id=self.activity_id,
            session_id=self.session_id,
            name=person[0],
            phone=person[1],
            party_size=size,
            idempotency_key=secrets.token_urlsafe(24),
        )
        try:
            result = intake.sign_up(request)
        except AlreadySignedUp:
            assert person in self.held
        except SessionFull as refusal:
            assert refusal.left == self.capacity - self.total < size
        else:
            assert result.is_new
            assert person not in self.held
            self.held[person] = (result, size)
            self.sent.append((request, result))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: Any) -> None:
        request, result = data.draw(st.sampled_from(self.sent))
        again = intake.sign_up(request)
        assert (again.token, again.is_new) == (result.token, False)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), by_staff=st.booleans())
    def cancel(self, data: Any, by_staff: bool) -> None:
        request, result = data.draw(st.sampled_from(self.sent))
        person = (request.name, request.phone)
        with db.transaction() as session:
            if by_staff:
                done = services.cancel_by_staff(session, result.sign_up_id, "重复")
            else:
                done = services.cancel(session, result.token)
        holds = person in self.held and self.held[person][0].token == result.token
        assert done == holds
        if done:
            del self.held[person]

    @rule(capacity=st.integers(0, 6))
    def change_capacity(self, capacity: int) -> None:
        try:
            with db.transaction() as session:
                activities.set_capacity(session, self.activity_id, capacity)
        except CapacityBelowTaken:
            assert capacity < self.total
        else:
            assert capacity >= self.total
            self.capacity = capacity

    @property
    def total(self) -> int:
        return sum(size for _, size in self.held.values())

    @invariant()
    def counts_agree(self) -> None:
        if not hasattr(self, "held"):
            return
        db.release_reads()
        session: Session = db.session()
        taken, capacity = session.execute(
            select(Allotment.taken, Allotment.capacity).where(Allotment.id == self.allotment_id)
        ).one()
        confirmed = session.scalars(
            select(SignUp.party_size).where(
                SignUp.allotment_id == self.allotment_id, SignUp.state == "confirmed"
            )
        ).all()
        assert taken == sum(confirmed) == self.total
        assert capacity == self.capacity >= taken
        assert places.differences(session) == []


def test_counts_equal_the_sign_ups_whatever_happens(app_context: Flask) -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
