"""From the village up: steps, versions, and what must be there before anything is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.heritage import readiness, services
from culture_cloud.heritage.errors import ChangedMeanwhile, NotReady, WrongState
from culture_cloud.heritage.facts import AgentFacts, facts_of
from culture_cloud.heritage.models import HeritageItem, ItemState, ItemVersion
from tests.factories import make_node

from .makers import facts, jpeg, make_item, stored, wav


def test_an_item_goes_from_the_village_to_everybody(session: Session) -> None:
    item = make_item(session, published=False)
    assert services.submit(session, item.id, by_account_id=None).state == ItemState.SUBMITTED
    assert services.review(session, item.id, by_account_id=None).state == ItemState.REVIEWED
    assert services.publish(session, item.id, by_account_id=None).state == ItemState.PUBLISHED
    assert item.published_at is not None
    assert item.harvested_at is not None


def test_it_comes_back_with_what_is_to_be_done(session: Session) -> None:
    item = make_item(session, published=False)
    services.submit(session, item.id, by_account_id=None)
    services.send_back(session, item.id, "照片上是谁？", by_account_id=None)
    assert (item.state, item.state_reason) == (ItemState.DRAFT, "照片上是谁？")
    with pytest.raises(WrongState):
        services.send_back(session, item.id, "再来", by_account_id=None)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"title": ""}, "title"),
        ({"summary": ""}, "summary"),
        ({"summary": "长" * 151}, "summary_long"),
        ({"rights": ""}, "rights"),
        ({"restricted_text": "只有本族人能看"}, "withheld"),
        ({"kind": "ich_element", "extra": {}}, "extra"),
        ({"kind": "ich_element", "extra": {"category": "XI", "level": "county"}}, "extra"),
    ],
)
def test_nothing_incomplete_is_shown(session: Session, more: dict[str, Any], word: str) -> None:
    item = make_item(session, published=False, **more)
    with pytest.raises(NotReady) as refused:
        services.publish(session, item.id, by_account_id=None)
    assert refused.value.missing == [word]


def test_a_picture_needs_its_description(session: Session) -> None:
    item = make_item(session, published=False, media=[stored(session, jpeg(), alt="")])
    assert readiness.missing(item) == ["alt"]


@pytest.mark.parametrize(
    ("speech", "transcript", "translation", "missing"),
    [
        ("putonghua", "", "", ["transcript"]),
        ("putonghua", "说的话", "", []),
        ("hani", "哈尼话", "", ["transcript"]),
        ("hani", "哈尼话", "普通话", []),
        ("none", "", "", []),
    ],
)
def test_spoken_word_can_be_read_too(
    session: Session, speech: str, transcript: str, translation: str, missing: list[str]
) -> None:
    media = stored(session, wav(), transcript=transcript, translation=translation)
    item = make_item(
        session, published=False, kind="recording", extra={"speech": speech}, media=[media]
    )
    assert readiness.missing(item) == missing


def test_every_change_is_a_version_and_an_old_one_comes_back(session: Session) -> None:
    item = make_item(session, agents=[AgentFacts(name="王家祥", role="photographer")])
    first = facts_of(item)
    services.change(session, item.id, replace(first, title="新名字"), by_account_id=None)
    assert item.version == 2
    services.restore(session, item.id, 1, by_account_id=None)
    assert facts_of(item) == first
    assert item.version == 3
    rows = session.scalars(select(ItemVersion).order_by(ItemVersion.number)).all()
    assert [(v.number, v.deed) for v in rows] == [
        (1, "entered"),
        (2, "changed"),
        (3, "restored"),
    ]


def test_saving_without_a_change_makes_no_version(session: Session) -> None:
    item = make_item(session)
    services.change(session, item.id, facts_of(item), by_account_id=None)
    assert item.version == 1


def test_a_second_form_does_not_undo_the_first(session: Session) -> None:
    item = make_item(session)
    services.change(
        session, item.id, replace(facts_of(item), title="甲"), by_account_id=None, seen_version=1
    )
    with pytest.raises(ChangedMeanwhile):
        services.change(
            session,
            item.id,
            replace(facts_of(item), title="乙"),
            by_account_id=None,
            seen_version=1,
        )


def test_a_file_that_stays_keeps_its_address(session: Session) -> None:
    one, two = stored(session, jpeg()), stored(session, jpeg((300, 200)))
    item = make_item(session, media=[one, two])
    kept = item.media[1].id
    services.change(session, item.id, replace(facts_of(item), media=[two]), by_account_id=None)
    assert [m.id for m in item.media] == [kept]


def test_what_is_public_cannot_become_incomplete(session: Session) -> None:
    item = make_item(session)
    with pytest.raises(NotReady):
        services.change(session, item.id, replace(facts_of(item), summary=""), by_account_id=None)


def test_what_was_public_is_never_deleted(session: Session) -> None:
    item = make_item(session)
    services.withdraw(session, item.id, "家属要求", by_account_id=None)
    with pytest.raises(WrongState):
        services.remove(session, item.id, by_account_id=None)
    draft = make_item(session, published=False)
    services.remove(session, draft.id, by_account_id=None)
    session.flush()
    assert session.get(HeritageItem, draft.id) is None


def test_harvesters_are_told_of_every_change_they_can_see(session: Session) -> None:
    item = make_item(session)
    before = item.harvested_at
    with clock.frozen(clock.ahead(hours=1)):
        services.change(
            session, item.id, replace(facts_of(item), visibility="signed_in"), by_account_id=None
        )
    assert before is not None
    assert item.harvested_at is not None
    assert item.harvested_at > before
    hidden = make_item(session, visibility="signed_in")
    assert hidden.harvested_at is None


def test_an_item_has_its_date_and_period(session: Session) -> None:
    item = make_item(session, node=make_node(session), date_text="清光绪年间")
    assert (item.date_edtf, item.period) == ("1875/1908", "qing")
    vague = make_item(session, date_text="老辈人说的时候")
    assert (vague.date_text, vague.date_edtf, vague.period) == ("老辈人说的时候", "", "")
    assert facts(make_node(session)).title
