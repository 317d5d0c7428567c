"""Whatever people, staff and the clock do in whatever order: a model beside the real engine.

The model is written from the rules in words (places, waiting, eligibility), not from the code:
lists in Python, no statements. After every step both must tell the same, and the invariants I1 to
I11 of the counts must hold in the database.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
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

from culture_cloud import clock, db
from culture_cloud.activities import rules as ruled
from culture_cloud.activities import services as activities
from culture_cloud.activities.errors import CapacityBelowTaken
from culture_cloud.activities.models import Allotment, AllotmentKind
from culture_cloud.activities.rules import Rules
from culture_cloud.activities.shares import Share
from culture_cloud.sign_ups import (
    changes,
    intake,
    offered,
    places,
    releasing,
    review,
    services,
    waiting,
)
from culture_cloud.sign_ups.errors import (
    AlreadySignedUp,
    OfferEnded,
    SessionFull,
    TooLateToCancel,
)
from culture_cloud.sign_ups.models import SignUp, SignUpState
from culture_cloud.sign_ups.requests import SignUpRequest
from culture_cloud.sign_ups.services import SignUpResult
from culture_cloud.sign_ups.states import STAFF
from tests import factories

#: name, phone, age
PEOPLE = [
    ("李秀兰", "13800000001", 72),
    ("王大爷", "13800000001", 66),
    ("小明", "13800000002", 30),
    ("小红", "13800000003", 25),
    ("阿普", "13800000004", 41),
    ("阿妹", "13800000005", 19),
]
RELEASE = 24


@dataclass
class Held:
    """One sign-up of the model."""

    request: SignUpRequest
    result: SignUpResult
    elder: bool
    size: int
    state: str
    kind: str
    number: int = 0
    offered: bool = False

    @property
    def holds(self) -> bool:
        return self.state in {"pending", "confirmed", "attended", "no_show"} or self.offered

    @property
    def active(self) -> bool:
        return self.state not in {"cancelled", "declined"}


class Desk(RuleBasedStateMachine):
    """One session: an open share, one for elders, one for walk-ins."""

    @initialize(
        capacity=st.integers(1, 8),
        elders=st.integers(0, 3),
        walk_in=st.integers(0, 2),
        confirm=st.booleans(),
        review=st.booleans(),
    )
    def open(self, capacity: int, elders: int, walk_in: int, confirm: bool, review: bool) -> None:
        self.elders = min(elders, capacity)
        self.walk_in = min(walk_in, capacity - self.elders)
        shares = []
        if self.elders:
            kind = AllotmentKind.ELDERS
            shares.append(Share(kind=kind, places=self.elders, release_hours=RELEASE))
        if self.walk_in:
            shares.append(Share(kind=AllotmentKind.WALK_IN, places=self.walk_in))
        self.asked = Rules(
            shares=tuple(shares), confirm_hours=2 if confirm else None, review=review
        )
        with db.transaction() as session:
            activity = factories.make_activity(session, places=capacity, max_party=10)
            ruled.keep(session, activity.id, self.asked)
            activities.set_capacity(session, activity.id, capacity)
            self.activity_id, self.session_id = activity.id, activity.sessions[0].id
            self.starts_at = activity.sessions[0].starts_at
        self.capacity = {
            "open": capacity - self.elders - self.walk_in,
            "elders": self.elders,
            "walk_in": self.walk_in,
        }
        self.released = False
        self.held: list[Held] = []
        self.last_number = 0

    # --- the model's own arithmetic --------------------------------------------------------------

    def left(self, kind: str) -> int:
        return self.capacity[kind] - sum(h.size for h in self.held if h.holds and h.kind == kind)

    def first_fit(self, kinds: list[str], size: int) -> str | None:
        return next((k for k in kinds if self.capacity[k] and self.left(k) >= size), None)

    def kinds_for(self, elder: bool, size: int) -> list[str]:
        return ["elders", "open"] if elder and size <= 2 and self.elders else ["open"]

    def fill(self) -> None:
        for who in sorted(self.held, key=lambda h: h.number):
            if who.state != "waiting" or who.offered:
                continue
            kinds = [who.kind] if who.kind == "open" else [who.kind, "open"]
            fitting = self.first_fit(kinds, who.size)
            if fitting is None:
                continue
            who.kind = fitting
            if self.asked.confirm_hours:
                who.offered = True
            else:
                who.state = "pending" if self.asked.review else "confirmed"

    def some(self, data: Any, *states: str) -> Held | None:
        found = [h for h in self.held if h.state in states]
        return data.draw(st.sampled_from(found)) if found else None

    # --- what people do --------------------------------------------------------------------------

    @rule(person=st.sampled_from(PEOPLE), size=st.integers(1, 4), may_wait=st.booleans())
    def sign_up(self, person: tuple[str, str, int], size: int, may_wait: bool) -> None:
        name, phone, age = person
        request = SignUpRequest(
            activity_id=self.activity_id,
            session_id=self.session_id,
            name=name,
            phone=phone,
            is_elder=age >= 60,
            party_size=size,
            may_wait=may_wait,
            idempotency_key=secrets.token_urlsafe(24),
        )
        present = any(h.active and h.request.name == name for h in self.held)
        kinds = self.kinds_for(age >= 60, size)
        fitting = self.first_fit(kinds, size)
        try:
            result = intake.sign_up(request)
        except AlreadySignedUp:
            assert present
        except SessionFull as refusal:
            assert not present
            assert fitting is None
            assert not may_wait
            assert refusal.may_wait
        else:
            assert result.is_new
            assert not present
            held = Held(request, result, age >= 60, size, "", fitting or kinds[0])
            if fitting is None:
                assert may_wait
                self.last_number += 1
                held.state, held.number = "waiting", self.last_number
            else:
                held.state = "pending" if self.asked.review else "confirmed"
            assert result.state == held.state
            self.held.append(held)

    @rule(size=st.integers(1, 3))
    def walk_in_at_the_door(self, size: int) -> None:
        fitting = self.first_fit(["walk_in", "open"], size)
        key = secrets.token_urlsafe(24)
        try:
            with db.transaction() as session:
                result = services.walk_in(
                    session,
                    activity_id=self.activity_id,
                    session_id=self.session_id,
                    idempotency_key=key,
                    party_size=size,
                    by=STAFF,
                )
        except SessionFull:
            assert fitting is None
        else:
            assert fitting is not None
            request = SignUpRequest(self.activity_id, self.session_id, "", "", key)
            self.held.append(Held(request, result, False, size, "attended", fitting))

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def send_again(self, data: Any) -> None:
        known = [h for h in self.held if h.request.phone]
        if known:
            held = data.draw(st.sampled_from(known))
            again = intake.sign_up(held.request)
            assert (again.token, again.is_new) == (held.result.token, False)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), by_staff=st.booleans())
    def cancel(self, data: Any, by_staff: bool) -> None:
        held = data.draw(st.sampled_from(self.held))
        with db.transaction() as session:
            if by_staff:
                done = services.cancel_by_staff(session, held.result.sign_up_id, "重复")
            else:
                done = services.cancel(session, held.result.token)
        assert done == (held.state in {"pending", "waiting", "confirmed"})
        if done:
            freed = held.holds
            held.state, held.offered = "cancelled", False
            if freed:
                self.fill()

    @rule(data=st.data(), size=st.integers(1, 4))
    def change_party(self, data: Any, size: int) -> None:
        held = self.some(data, "pending", "waiting", "confirmed")
        if held is None:
            return
        more = size - held.size
        # who waits and would fit comes first; between two steps nobody would, so only room counts
        fits = not held.holds or more <= 0 or self.left(held.kind) >= more
        try:
            with db.transaction() as session:
                services.change_party(
                    session, held.result.sign_up_id, size=size, companions=(), by=STAFF
                )
        except SessionFull:
            assert not fits
        else:
            assert fits
            held.size = size
            self.fill()

    @rule(data=st.data())
    def take_the_offer(self, data: Any) -> None:
        held = self.some(data, "waiting", "confirmed")
        if held is None:
            return
        try:
            with db.transaction() as session:
                done = offered.accept(session, held.result.sign_up_id, STAFF)
        except OfferEnded:
            assert held.state == "waiting"
            assert not held.offered
        else:
            assert done == held.offered
            if done:
                held.offered = False
                held.state = "pending" if self.asked.review else "confirmed"

    # --- what staff do ---------------------------------------------------------------------------

    @rule(data=st.data(), good=st.booleans())
    def look_at_it(self, data: Any, good: bool) -> None:
        held = self.some(data, "pending", "confirmed")
        if held is None:
            return
        with db.transaction() as session:
            if good:
                done = review.confirm(session, held.result.sign_up_id, STAFF)
            else:
                done = review.decline(session, held.result.sign_up_id, "不符合条件", STAFF)
        assert done == (held.state == "pending")
        if done:
            held.state = "confirmed" if good else "declined"
            if not good:
                self.fill()

    @rule(data=st.data(), to=st.sampled_from(["attended", "no_show"]))
    def check_in(self, data: Any, to: str) -> None:
        held = self.some(data, "confirmed", "attended")
        if held is None:
            return
        with db.transaction() as session:
            done = changes.change(
                session,
                held.result.sign_up_id,
                SignUpState(to),
                was=(SignUpState.CONFIRMED,),
                by=STAFF,
                told=None,
            )
        assert (done is not None) == (held.state == "confirmed")
        if done is not None:
            held.state = to

    @rule(capacity=st.integers(1, 9))
    def change_capacity(self, capacity: int) -> None:
        """A cut never puts anybody out; what is kept gives way to what is taken of the open."""
        taken = {kind: self.capacity[kind] - self.left(kind) for kind in self.capacity}
        try:
            with db.transaction() as session:
                activities.set_capacity(session, self.activity_id, capacity)
        except CapacityBelowTaken as refusal:
            assert capacity < sum(taken.values()) == refusal.taken
            return
        assert capacity >= sum(taken.values())
        wanted_elders = min(self.elders, capacity)
        wanted = {
            "elders": taken["elders"] if self.released else max(wanted_elders, taken["elders"]),
            "walk_in": max(min(self.walk_in, capacity - wanted_elders), taken["walk_in"]),
        }
        short = taken["open"] + sum(wanted.values()) - capacity
        for kind in ("elders", "walk_in"):
            give = min(max(short, 0), wanted[kind] - taken[kind])
            wanted[kind] -= give
            short -= give
        self.capacity = wanted | {"open": capacity - sum(wanted.values())}
        with db.transaction() as session:
            waiting.fill(session, self.activity_id)
        self.fill()

    # --- what the clock does ---------------------------------------------------------------------

    @precondition(lambda self: self.elders and not self.released)
    @rule()
    def release(self) -> None:
        with clock.frozen(self.starts_at - timedelta(hours=RELEASE)), db.transaction() as session:
            assert releasing.release_due(session) >= 1
        self.released = True
        left = self.left("elders")
        self.capacity["elders"] -= left
        self.capacity["open"] += left
        # the elders' offers run from the frozen hour; they end as others do
        self.fill()

    @rule()
    def offers_end(self) -> None:
        """Until nobody is left to ask: each round may offer the places to the next."""
        late = self.starts_at - timedelta(seconds=1)
        with clock.frozen(late), db.transaction() as session:
            offered.expire_offers(session)
        for held in sorted((h for h in self.held if h.offered), key=lambda h: h.result.sign_up_id):
            held.state, held.offered = "cancelled", False
            self.fill()

    @rule()
    def nothing_moves_after_the_start(self) -> None:
        with clock.frozen(self.starts_at), db.transaction() as session:
            assert waiting.fill(session, self.activity_id) == 0
        for held in self.held:
            if held.state == "confirmed":
                try:
                    with clock.frozen(self.starts_at), db.transaction() as session:
                        services.cancel(session, held.result.token)
                except TooLateToCancel:
                    break
                raise AssertionError("cancelled after the start")

    # --- what must always hold -------------------------------------------------------------------

    @invariant()
    def both_tell_the_same(self) -> None:
        if not hasattr(self, "held"):
            return
        db.release_reads()
        session = db.session()
        rows = {
            row.id: row
            for row in session.scalars(select(SignUp).where(SignUp.activity_id == self.activity_id))
        }
        kinds = {
            row.id: row
            for row in session.scalars(
                select(Allotment).where(Allotment.activity_id == self.activity_id)
            )
        }
        for held in self.held:
            row = rows[held.result.sign_up_id]
            assert (row.state, row.party_size, row.holds) == (held.state, held.size, held.holds)
            if held.active:
                assert kinds[row.allotment_id].kind == held.kind
        for allotment in kinds.values():
            assert allotment.capacity == self.capacity[allotment.kind]
            assert allotment.taken == self.capacity[allotment.kind] - self.left(allotment.kind)
            assert 0 <= allotment.taken <= allotment.capacity
        assert places.differences(session) == []
        assert places.mismatches(session) == []
        assert places.overtaken(session, clock.now()) == []


def test_model_and_engine_tell_the_same_whatever_happens(app_context: Flask) -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
