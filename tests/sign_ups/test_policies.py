"""Rules about people: who did not come waits first, groups, and how many one may sign up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.activities import services as activities
from culture_cloud.activities.models import Activity, ActivitySession, Allotment, AllotmentKind
from culture_cloud.activities.rules import Rules
from culture_cloud.activities.shares import Share
from culture_cloud.network.models import Node
from culture_cloud.sign_ups import changes, intake, no_shows, queries
from culture_cloud.sign_ups.errors import NotEligible, SessionFull, TooManyProxied
from culture_cloud.sign_ups.models import Channel, SignUp, SignUpState
from culture_cloud.sign_ups.requests import ActingFor
from culture_cloud.sign_ups.states import STAFF
from tests import factories

from .wishes import fresh, wish

LI = {"name": "李秀英", "phone": "13911112222"}


@pytest.fixture
def node(session: Session) -> Node:
    factories.make_network(session)
    found = factories.make_node(session)
    session.commit()
    return found


def ruled(session: Session, node: Node, rules: Rules) -> Activity:
    activity = factories.make_activity(session, node=node, places=10)
    activities.set_rules(session, activity.id, rules)
    session.commit()
    return activity


def missed(session: Session, node: Node) -> int:
    """Li signed up for something and did not come; the id of that sign-up."""
    result = intake.sign_up(wish(ruled(session, node, Rules()), **LI))
    with db.transaction() as writing:
        changes.change(
            writing,
            result.sign_up_id,
            SignUpState.NO_SHOW,
            was=(SignUpState.CONFIRMED,),
            by=STAFF,
            told=None,
        )
    return result.sign_up_id


def state_of(session: Session, sign_up_id: int) -> str:
    (found,) = fresh(session, select(SignUp).where(SignUp.id == sign_up_id))
    return str(found.state)


def test_who_did_not_come_waits_first_until_excused_and_elders_never(
    session: Session, node: Node
) -> None:
    kept = Share(kind=AllotmentKind.ELDERS, places=2, release_hours=24)
    rules = Rules(no_show_limit=2, shares=(kept,))
    activity, other, third, fourth = (ruled(session, node, rules) for _ in range(4))
    first = missed(session, node)

    def come(to: Activity, **facts: bool) -> str:
        result = intake.sign_up(wish(to, **LI, may_wait=True, **facts))
        return state_of(session, result.sign_up_id)

    assert come(activity) == "confirmed"  # once is not yet twice
    missed(session, node)
    assert come(other) == "waiting"
    assert come(third, is_elder=True) == "confirmed"  # never bars places kept for elders
    with db.transaction() as writing:
        no_shows.excuse(writing, first, "住院", STAFF)
    assert come(fourth) == "confirmed"


def test_a_missed_date_counts_from_its_day_not_from_the_sign_up(
    session: Session, node: Node
) -> None:
    """Who signs up months ahead and does not come has not come lately."""
    missed(session, node)

    def counted(days: int) -> int:
        with clock.frozen(clock.ahead(days=days)):
            return no_shows.count(session, LI["phone"], LI["name"], 30)

    ended = session.scalars(select(ActivitySession.ends_at)).one()
    ahead = (ended - clock.now()).days
    assert [counted(ahead + 29), counted(ahead + 32)] == [1, 0]


def test_one_proxy_signs_up_as_many_people_as_the_activity_says(
    session: Session, node: Node
) -> None:
    activity = ruled(session, node, Rules(proxy_limit=2))
    acting = ActingFor(name="王芳", phone="13700001111", relation="family", consent="同意")
    for _ in range(2):
        intake.sign_up(wish(activity, acting=acting))
    with pytest.raises(TooManyProxied):
        intake.sign_up(wish(activity, acting=acting))
    intake.sign_up(wish(activity))  # the limit is the proxy's, not the activity's


def test_an_activity_of_a_group_takes_who_says_to_be_of_it(session: Session, node: Node) -> None:
    activity = ruled(session, node, Rules(group_name="合唱团"))
    with pytest.raises(NotEligible):
        intake.sign_up(wish(activity))
    result = intake.sign_up(wish(activity, in_group=True))
    assert state_of(session, result.sign_up_id) == "confirmed"


def test_a_branch_s_places_are_for_its_people_and_named_ones_for_whom_staff_choose(
    session: Session, node: Node
) -> None:
    branch = Share(kind=AllotmentKind.BRANCH, places=1, name=node.code, node_id=node.id)
    guests = Share(kind=AllotmentKind.CUSTOM, places=1, name="嘉宾")
    activity = factories.make_activity(session, node=node, places=2)
    activities.set_rules(session, activity.id, Rules(shares=(branch, guests), waiting=False))
    activities.set_capacity(session, activity.id, 2)
    session.commit()
    ids = {a.kind: a.id for a in fresh(session, select(Allotment).order_by(Allotment.id))}
    with pytest.raises(SessionFull):
        intake.sign_up(wish(activity))  # all places are kept for somebody else
    taken = [
        intake.sign_up(wish(activity, residence_node_id=node.id)),
        intake.sign_up(
            wish(activity, channel=Channel.PHONE, allotment_id=ids[AllotmentKind.CUSTOM])
        ),
    ]
    of = {s.id: s.allotment_id for s in fresh(session, select(SignUp))}
    assert [of[t.sign_up_id] for t in taken] == [
        ids[AllotmentKind.BRANCH],
        ids[AllotmentKind.CUSTOM],
    ]


def test_what_clashes_is_what_one_comes_to_at_that_hour(session: Session, node: Node) -> None:
    account = factories.make_account(session)
    session.commit()
    activity = ruled(session, node, Rules())
    result = intake.sign_up(wish(activity, account_id=account.id))
    occurrence = activity.sessions[0]
    starts, ends = occurrence.starts_at, occurrence.ends_at

    def clashing(begin: datetime, end: datetime) -> list[int]:
        found = [s.id for s in queries.clashing(session, account.id, begin, end)]
        session.commit()
        return found

    assert clashing(starts, ends) == [result.sign_up_id]
    assert clashing(ends, ends + timedelta(hours=1)) == []  # one after the other is no clash
    assert clashing(starts - timedelta(hours=1), starts) == []
