"""The demo's heritage: enough of every kind, true to the schemas, whole in its relations."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from culture_cloud.demo import content, county_map
from culture_cloud.demo.heritage import FOLDER, read, transcripts
from culture_cloud.heritage.facts import SUMMARY_MOST, read_date
from culture_cloud.heritage.kinds import kinds
from culture_cloud.heritage.relations import RELATIONS, ROLES

pytestmark = pytest.mark.one_database


def test_there_are_many_items_of_every_kind() -> None:
    counts = Counter(one.kind for one in read())
    assert sum(counts.values()) >= 150
    assert set(counts) == set(kinds())
    assert min(counts.values()) >= 10


def test_every_item_fits_its_kind_and_place() -> None:
    villages = {node.name for node in content.load().network.nodes.values()}
    codes = [one.code for one in read()]
    assert len(codes) == len(set(codes))
    for one in read():
        assert one.node in villages, one.code
        assert 0 < len(one.summary) <= SUMMARY_MOST, one.code
        assert not list(kinds()[one.kind].faults(one.extra)), one.code
        for name, value in one.pairs:
            assert name in ROLES or (name in RELATIONS and value in codes), (one.code, name)


def test_almost_every_date_is_understood() -> None:
    vague = [one.when for one in read() if one.when and not read_date(one.when).edtf]
    assert set(vague) <= {"不知年代"}


def test_exhibitions_and_transcripts_name_items_that_are_there() -> None:
    codes = {one.code for one in read()}
    shown = json.loads((FOLDER / "exhibitions.json").read_text(encoding="utf-8"))
    assert len(shown) == 3
    for exhibition in shown:
        for block in exhibition["blocks"]:
            assert set(block.get("items", ())) <= codes
    assert set(transcripts()) <= codes


def test_the_map_has_a_hundred_megapixels() -> None:
    assert county_map.SIDE**2 == 100_000_000
