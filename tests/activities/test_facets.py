"""The counts beside the filters are those of the lists they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.activities import facets, queries
from culture_cloud.activities.filters import WHEN, ActivityFilter
from culture_cloud.activities.models import EVERYWHERE, Audience, SignUpWay
from culture_cloud.web.words import zone
from tests import factories

SHANGHAI = zone("Asia/Shanghai")
KINDS = ("performance", "training", "lecture")
AUDIENCES = ("elders", "children", "parents")


@pytest.fixture
def county(session: Session, app_context: Flask) -> Iterator[Session]:
    """Two branches and twelve activities in which every answer occurs and none is alike."""
    main = factories.make_node(session)
    nodes = [main, *(factories.make_node(session, parent=main) for _ in range(2))]
    for number in range(12):
        activity = factories.make_activity(
            session,
            node=nodes[number % 3],
            starts_at=clock.ahead(days=1 + 3 * number),
            kind_code=KINDS[number % 5 % 3],
            is_free=number % 4 != 0,
            fee="" if number % 4 else "10元",
            sign_up=SignUpWay.HERE if number % 2 else SignUpWay.NONE,
        )
        wanted = AUDIENCES[: number % 3 + 1]
        activity.audiences = [session.get_one(Audience, code) for code in wanted]
    session.commit()
    yield db.session()


def listed(session: Session, asked: ActivityFilter, ancestor_id: int) -> int:
    page = queries.list_page(session, asked, ancestor_id=ancestor_id, zone=SHANGHAI, size=99)
    return len(page.cards)


@pytest.mark.parametrize(
    "asked",
    [
        ActivityFilter(),
        ActivityFilter(kind="training"),
        ActivityFilter(audience="children", free=True),
        ActivityFilter(when="month", open=True),
        ActivityFilter(kind="performance", audience="elders"),
    ],
    ids=lambda asked: "&".join(asked.args()) or "nothing",
)
def test_each_count_is_the_length_of_the_list_it_leads_to(
    county: Session, asked: ActivityFilter
) -> None:
    choices = facets.Choices(
        kinds=tuple(kind.code for kind in queries.kinds(county)),
        audiences=tuple(audience.code for audience in queries.audiences(county)),
        nodes=tuple(queries.node_choices(county)),
    )
    counted = facets.counts(county, asked, choices, ancestor_id=EVERYWHERE, zone=SHANGHAI)
    for kind in ("", *choices.kinds):
        assert counted["kind", kind] == listed(county, replace(asked, kind=kind), EVERYWHERE)
    for audience in ("", *choices.audiences):
        narrowed = replace(asked, audience=audience)
        assert counted["audience", audience] == listed(county, narrowed, EVERYWHERE)
    for when in ("", *WHEN):
        assert counted["when", when] == listed(county, replace(asked, when=when), EVERYWHERE)
    for node in choices.nodes:
        assert counted["node", node.code] == listed(county, asked, node.id)
    assert counted["free", "1"] == listed(county, replace(asked, free=True), EVERYWHERE)
    assert counted["open", "1"] == listed(county, replace(asked, open=True), EVERYWHERE)
    assert counted["all", ""] == listed(county, asked, EVERYWHERE)


def test_count_stops_at_enough(session: Session, app_context: Flask) -> None:
    factories.make_activity(session, sessions=facets.ENOUGH + 5, every=timedelta(hours=3))
    session.commit()
    choices = facets.Choices(kinds=("performance",), audiences=(), nodes=())
    counted = facets.counts(
        db.session(), ActivityFilter(), choices, ancestor_id=EVERYWHERE, zone=SHANGHAI
    )
    assert counted["kind", "performance"] == facets.ENOUGH == counted["all", ""]
