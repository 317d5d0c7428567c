"""The pure part of draws: exact, fair by weight, the same everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture_cloud.draws import lots, matching, record
from culture_cloud.draws.lots import Entry
from culture_cloud.draws.matching import WishList

pytestmark = pytest.mark.one_database

DOCS = Path(__file__).parents[2] / "docs"
SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)
ENTRIES = st.dictionaries(
    st.integers(1, 9999), st.tuples(st.integers(1, 10), st.integers(1, 5)), max_size=30
).map(lambda found: [Entry(f"{n:04d}", *facts) for n, facts in found.items()])
COURSES = ("c1", "c2", "c3", "c4", "c5", "c6")


@st.composite
def wishes(draw: Any) -> tuple[dict[str, int], list[WishList]]:
    courses = COURSES[: draw(st.integers(1, 6))]
    places = {course: draw(st.integers(0, 4)) for course in courses}
    lists = []
    for number in range(draw(st.integers(0, 15))):
        ranked = draw(st.permutations(courses))[: draw(st.integers(1, 5))]
        slips = [(course, draw(st.integers(1, 4))) for course in ranked]
        lists.append(WishList(f"{number + 1:04d}", tuple(slips)))
    return places, lists


@given(SEEDS, ENTRIES, st.integers(0, 60))
def test_everybody_is_drawn_once_and_no_place_twice(
    seed: str, entries: list[Entry], places: int
) -> None:
    result = lots.draw(seed, "7", places, entries)
    party = {e.number: e.party for e in entries}
    assert sorted(result.order) == sorted(party)
    assert sorted(result.given + result.waiting) == sorted(party)
    assert sum(party[number] for number in result.given) <= places
    assert [n for n in result.order if n in result.given] == list(result.given)
    assert [n for n in result.order if n in result.waiting] == list(result.waiting)


@given(SEEDS, ENTRIES, st.integers(0, 60))
def test_whoever_waits_did_not_fit_when_drawn(seed: str, entries: list[Entry], places: int) -> None:
    result = lots.draw(seed, "7", places, entries)
    party, left = {e.number: e.party for e in entries}, places
    for number in result.order:
        assert (number in result.given) == (party[number] <= left)
        left -= party[number] if number in result.given else 0


@given(SEEDS, ENTRIES, st.randoms(use_true_random=False))
def test_the_order_in_which_people_applied_decides_nothing(
    seed: str, entries: list[Entry], chance: Any
) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert lots.draw(seed, "7", 20, entries) == lots.draw(seed, "7", 20, shuffled)


def test_the_seed_the_list_and_the_occasion_each_change_the_order() -> None:
    entries = [Entry(f"{n:04d}", 1, 1) for n in range(40)]
    first = lots.draw("00" * 32, "7", 20, entries).order
    assert first == lots.draw("00" * 32, "7", 20, entries).order
    assert first != lots.draw("01" + "00" * 31, "7", 20, entries).order
    assert first != lots.draw("00" * 32, "8", 20, entries).order
    one_more = lots.draw("00" * 32, "7", 20, [*entries, Entry("9999", 1, 1)]).order
    assert first != tuple(number for number in one_more if number != "9999")


def test_two_slips_are_first_twice_as_often() -> None:
    """w of W slips: 2 of 5 are first in 40 of 100 draws. The seeds are fixed, so is the count."""
    entries = [Entry("0001", 1, 2), Entry("0002", 1, 1), Entry("0003", 1, 1), Entry("0004", 1, 1)]
    first = Counter(lots.draw(f"{n:064x}", "7", 1, entries).order[0] for n in range(4000))
    assert 1480 < first["0001"] < 1720
    assert all(720 < first[number] < 880 for number in ("0002", "0003", "0004"))


def test_the_commitment_hides_the_seed_and_fixes_it() -> None:
    seed = lots.new_seed()
    assert len(seed) == 64
    assert seed != lots.new_seed()
    assert lots.commitment("00" * 32) == (
        "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
    )


@settings(max_examples=60)
@given(SEEDS, wishes())
def test_matching_is_stable_and_nobody_envies_by_rank(
    seed: str, asked: tuple[dict[str, int], list[WishList]]
) -> None:
    places, lists = asked
    result = matching.match(seed, places, lists)
    held = Counter(course for course in result.placed.values() if course)
    assert all(held[course] <= places[course] for course in places)
    for wish_list in lists:
        ranked = [course for course, _slips in wish_list.wishes]
        got = result.placed[wish_list.number]
        assert got is None or got in ranked
        for better in ranked[: ranked.index(got) if got else len(ranked)]:
            order = result.orders[better]
            mine = order.index(wish_list.number)
            inside = [n for n, course in result.placed.items() if course == better]
            assert len(inside) == places[better]  # nothing is wasted
            assert all(order.index(n) < mine for n in inside)  # nobody drawn later sits there


@settings(max_examples=60)
@given(SEEDS, wishes())
def test_the_same_lists_in_any_order_give_the_same(
    seed: str, asked: tuple[dict[str, int], list[WishList]]
) -> None:
    places, lists = asked
    assert matching.match(seed, places, lists) == matching.match(
        seed, dict(reversed(places.items())), list(reversed(lists))
    )


def test_more_slips_in_ones_own_township_never_put_one_further_back() -> None:
    for n in range(200):
        seed = f"{n:064x}"
        slip = lots.slip(seed, "x", "0001", 1)
        assert lots.slip(seed, "x", "0001", 3) <= slip


@settings(max_examples=40)
@given(SEEDS, ENTRIES, wishes())
def test_a_record_agrees_with_itself_and_survives_json(
    seed: str, entries: list[Entry], asked: tuple[dict[str, int], list[WishList]]
) -> None:
    for written in (
        record.of_draw(seed, [("7", 20, entries)], title="花灯"),
        record.of_wishes(seed, *asked, title="秋季"),
    ):
        read = json.loads(json.dumps(written))
        assert record.faults(read, commitment=lots.commitment(seed)) == []


def _drawn() -> record.Record:
    entries = [Entry(f"{n:04d}", 1 + n % 3, 1 + n % 2) for n in range(20)]
    return record.of_draw("ab" * 32, [("7", 12, entries)])


def test_whatever_is_changed_in_a_record_shows() -> None:
    changed = _drawn()
    changed["draws"][0]["given"][0], changed["draws"][0]["waiting"][0] = (
        changed["draws"][0]["waiting"][0], changed["draws"][0]["given"][0],
    )  # fmt: skip
    assert record.faults(changed)
    more = _drawn()
    more["draws"][0]["applications"][3]["slips"] += 1
    assert record.faults(more)
    fewer = _drawn()
    fewer["draws"][0]["applications"].pop()
    assert record.faults(fewer)
    another_seed = _drawn()
    another_seed["seed"] = "cd" * 32
    assert len(record.faults(another_seed)) >= 2
    made_up = record.of_draw("cd" * 32, [("7", 12, [Entry("0001", 1, 1)])])
    assert record.faults(made_up) == []
    assert record.faults(made_up, commitment=lots.commitment("ab" * 32))


@pytest.mark.parametrize(
    "nonsense",
    [None, [], {}, {"format": "x", "seed": "ab" * 32, "commitment": ""},
     {"format": record.DRAW_FORMAT, "seed": "no hex", "commitment": "", "draws": []},
     {"format": record.DRAW_FORMAT, "seed": "ab" * 32, "commitment": "", "draws": [{}]},
     {"format": record.DRAW_FORMAT, "seed": "ab" * 32, "commitment": "", "draws": [
         {"name": "7", "places": 1, "order": [], "given": [], "waiting": [],
          "applications": [{"number": "1", "party": 1, "slips": 10**9}]}]}],
)  # fmt: skip
def test_what_is_no_record_is_said_to_be_none(nonsense: Any) -> None:
    with pytest.raises(record.NotARecord):
        record.faults(nonsense)


@pytest.mark.parametrize("name", ["draw-example.json", "wishes-example.json"])
def test_the_published_examples_can_be_done_over_again(name: str) -> None:
    written = json.loads((DOCS / "examples" / name).read_text(encoding="utf-8"))
    assert record.faults(written) == []


@pytest.mark.parametrize("name", ["draw-example.json", "wishes-example.json"])
def test_the_program_in_the_docs_needs_nothing_of_ours(name: str, tmp_path: Path) -> None:
    """Whoever trusts nobody copies it out of docs/draw.md and runs it."""
    text = (DOCS / "draw.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    script = tmp_path / "again.py"
    script.write_text(program, encoding="utf-8")
    example = DOCS / "examples" / name

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(script), str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert run(example).returncode == 0, run(example).stderr
    changed = json.loads(example.read_text(encoding="utf-8"))
    changed["seed"] = "00" * 32
    (tmp_path / "changed.json").write_text(json.dumps(changed), encoding="utf-8")
    assert run(tmp_path / "changed.json").returncode != 0
