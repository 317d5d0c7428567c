"""What every engine does: finding, narrowing, counting, ordering, writing, rebuilding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from culture_cloud.search.analysis import analysis_version, marks
from culture_cloud.search.analysis.folding import folded_name
from culture_cloud.search.documents import Document
from culture_cloud.search.engines.base import Busy, Damaged, Engine
from culture_cloud.search.understanding import understand

from .conftest import fill, narrowed, plan_for, search, write

Filled = Callable[..., Engine]


def doc(number: int, title: str, body: str = "", **more: object) -> Document:
    return Document(kind="item", id=number, title=title, body=body, **more)  # type: ignore[arg-type]


DANCES = (
    doc(1, "棕扇舞", "哈尼族的棕扇舞在元江流传，老人用棕扇引路。"),
    doc(2, "乐作舞", "乐作舞是哈尼族的集体舞，元江、红河都跳。"),
    doc(3, "棕扇舞的传承人", "一位老人的口述。"),
    doc(4, "图书馆开放时间", "周一闭馆，WiFi 密码在前台。"),
)


def test_finds_two_characters(filled: Filled) -> None:
    assert set(search(filled(*DANCES), "元江").keys) == {"item:1", "item:2"}


def test_finds_one_character(filled: Filled) -> None:
    assert set(search(filled(*DANCES), "舞").keys) == {"item:1", "item:2", "item:3"}


def test_the_exact_title_comes_first(filled: Filled) -> None:
    assert search(filled(*DANCES), "棕扇舞").keys == ("item:1", "item:3")


def test_finds_latin_words_whole_and_in_any_case(filled: Filled) -> None:
    engine = filled(*DANCES)
    assert search(engine, "wifi").keys == ("item:4",)
    assert search(engine, "wif").total == 0


def test_every_word_of_a_query_must_be_there(filled: Filled) -> None:
    engine = filled(*DANCES)
    assert search(engine, "元江 老人").keys == ("item:1",)
    assert search(engine, "元江 图书馆").total == 0


def test_some_words_are_enough_where_it_is_asked(filled: Filled) -> None:
    found = search(filled(*DANCES), "红河集体舞大赛", minimum=3)
    assert found.keys == ("item:2",)


@pytest.mark.parametrize("query", ["雲南臺灣", "云南台湾", "雲南台湾", "ＹＵＮＮＡＮ 云南"])
def test_either_script_and_any_width_finds(filled: Filled, query: str) -> None:
    engine = filled(doc(1, "雲南臺灣 Yunnan", "裏面有故事"), doc(2, "别的"))
    assert search(engine, query).keys == ("item:1",)


def test_a_phrase_is_found_over_a_line_break_and_a_comma(filled: Filled) -> None:
    engine = filled(doc(1, "古歌", "天地初开，\n万物生长"), doc(2, "别的", "天地很大，后来才初开"))
    assert search(engine, "天地初开万物").keys == ("item:1",)


def test_word_for_word_comes_before_in_pieces(filled: Filled) -> None:
    engine = filled(
        doc(1, "甲", "文化的活动，活动的文化，文化活动站没有"),
        doc(2, "乙", "活动站有文化，站文化化活"),
    )
    assert search(engine, "文化活动").keys[0] == "item:1"


def test_synonyms_are_any_of_them(filled: Filled) -> None:
    engine = filled(
        doc(1, "非遗展", "…"), doc(2, "非物质文化遗产展", "…"), doc(3, "物质展", "文化遗产")
    )
    query = understand("非遗", [["非遗", "非物质文化遗产"]])
    assert set(engine.find(plan_for(query)).keys) == {"item:1", "item:2"}


MANY = tuple(
    doc(
        number,
        f"元江活动第{number}场",
        "同样的话",
        node_path="/1/" if number % 2 else "/1/2/",
        category="lecture" if number % 3 else "dance",
        period="qing" if number % 5 == 0 else "",
        audiences=["elders"] if number % 4 == 0 else ["elders", "children"],
        starts_at=datetime(2026, 1, 1 + number, tzinfo=UTC),
        over_at=datetime(2026, 1, 2 + number, tzinfo=UTC),
        parents=["collection:5"] if number < 3 else [],
        visibility=["signed_in"] if number == 7 else ["public"],
    )
    for number in range(1, 13)
)


def test_what_the_viewer_may_not_see_is_neither_found_nor_counted(filled: Filled) -> None:
    engine = filled(*MANY)
    found = search(engine, "元江")
    assert "item:7" not in found.keys
    assert found.total == 11 and found.counts["kind"] == {"item": 11}
    allowed = narrowed(visibilities=frozenset({"public", "signed_in"}))
    assert search(engine, "元江", narrowed=allowed).total == 12


def test_narrowing_by_a_node_takes_what_lies_below(filled: Filled) -> None:
    engine = filled(*MANY)
    assert search(engine, "元江", narrowed=narrowed(node_path="/1/2/")).total == 6
    assert search(engine, "元江", narrowed=narrowed(node_path="/1/")).total == 11


def test_a_facet_is_counted_without_its_own_narrowing(filled: Filled) -> None:
    found = search(filled(*MANY), "元江", narrowed=narrowed(category="dance", node_path="/1/2/"))
    assert found.total == 2
    assert found.counts["category"] == {"dance": 2, "lecture": 4}
    assert found.counts["node_path"] == {"/1/": 2, "/1/2/": 2}
    assert found.counts["audiences"] == {"|elders|": 1, "|elders|children|": 1}


def test_narrowing_by_audience_period_parent_and_kind(filled: Filled) -> None:
    engine = filled(*MANY)
    assert search(engine, "元江", narrowed=narrowed(audience="children")).total == 8
    assert search(engine, "元江", narrowed=narrowed(period="qing")).total == 2
    assert search(engine, "元江", narrowed=narrowed(parent="collection:5")).total == 2
    assert search(engine, "元江", narrowed=narrowed(kinds=frozenset({"other"}))).total == 0
    assert search(engine, "元江", narrowed=narrowed(everywhere=frozenset({"other"}))).total == 0


def seconds(day: int) -> int:
    return int(datetime(2026, 1, day, tzinfo=UTC).timestamp())


def test_what_is_over_and_what_lies_outside_the_days_is_left_out(filled: Filled) -> None:
    engine = filled(*MANY, doc(99, "元江没有日期"))
    over = search(engine, "元江", narrowed=narrowed(not_over_at=seconds(10)))
    assert set(over.keys) == {"item:9", "item:10", "item:11", "item:12", "item:99"}
    days = search(engine, "元江", narrowed=narrowed(since=seconds(3), until=seconds(5)))
    assert set(days.keys) == {"item:2", "item:3", "item:4"}


def test_by_date_the_next_comes_first_then_what_was_then_what_has_none(filled: Filled) -> None:
    engine = filled(*MANY, doc(99, "元江没有日期"))
    found = search(engine, "元江", by_date=True, now=seconds(11))
    assert found.keys[:5] == ("item:10", "item:11", "item:12", "item:9", "item:8")
    assert found.keys[-1] == "item:99"


def test_pages_meet_without_gap_or_overlap(filled: Filled) -> None:
    engine = filled(*MANY)
    whole = search(engine, "元江").keys
    pages = [search(engine, "元江", offset=at, limit=4).keys for at in (0, 4, 8)]
    assert tuple(key for page in pages for key in page) == whole
    assert len(set(whole)) == 11


def test_names_are_looked_up_by_marks_with_visibility(filled: Filled) -> None:
    engine = filled(
        doc(1, "棕扇舞", names=["李四"]), doc(2, "棕扇秘本", visibility=["group:1"]), doc(3, "别的")
    )
    asked = marks.asked_by_name("棕扇")
    assert [n.names for n in engine.names_marked(asked, (), narrowed(), 10)] == [("棕扇舞", "李四")]
    held = narrowed(visibilities=frozenset({"public", "group:1"}))
    assert len(engine.names_marked(asked, (), held, 10)) == 2
    some = marks.asked_by_sound("zongs")
    assert [n.key for n in engine.names_marked((), some, narrowed(), 10)] == ["item:1"]
    assert engine.names_marked((), (), narrowed(), 10) == []


def test_bodies_come_back_as_they_were_written(filled: Filled) -> None:
    engine = filled(doc(1, "題", "裏面，\n臺灣 ㎡ 'quoted' \\ 𠮷"))
    assert engine.bodies(["item:1", "item:2"]) == {"item:1": "裏面，\n臺灣 ㎡ 'quoted' \\ 𠮷"}


def test_a_written_document_is_found_a_replaced_one_once_a_gone_one_not(filled: Filled) -> None:
    engine = filled(*DANCES)
    write(engine, [doc(9, "新的棕扇舞"), doc(1, "改了名字的舞")], gone=["item:3", "item:404"])
    assert search(engine, "棕扇舞").keys == ("item:9",)
    assert search(engine, "改了名字").keys == ("item:1",)
    assert engine.check().documents == 4


def test_the_last_of_several_states_of_one_document_counts(filled: Filled) -> None:
    engine = filled(*DANCES)
    write(engine, [doc(1, "第一"), doc(1, "第二")])
    assert search(engine, "第一").total == 0
    assert search(engine, "第二").keys == ("item:1",)


def test_many_small_writes_keep_every_document_once(filled: Filled) -> None:
    engine = filled(*DANCES)
    for number in range(30):
        write(engine, [doc(100 + number % 10, f"反复改写的标题{number}")], gone=["item:2"])
    found = search(engine, "反复改写的标题", limit=50)
    assert sorted(found.keys) == sorted(f"item:{n}" for n in range(100, 110))
    assert engine.check().documents == 13
    assert len(engine.fingerprints()) == 13


def test_fingerprints_are_those_of_the_documents(filled: Filled) -> None:
    engine = filled(*DANCES)
    assert engine.fingerprints() == {d.key: d.fingerprint() for d in DANCES}


def test_a_rebuild_takes_the_place_of_what_was(filled: Filled) -> None:
    engine = filled(*DANCES)
    fill(engine, [doc(50, "全新的索引")])
    assert search(engine, "元江").total == 0
    assert search(engine, "全新的索引").keys == ("item:50",)
    assert engine.version() == analysis_version()


def test_changes_during_a_rebuild_are_in_the_new_index(filled: Filled) -> None:
    from culture_cloud.search.analysis.entries import entry_of

    engine = filled(*DANCES)
    with engine.rebuilding():
        building = engine.begin()
        part = building.part([[entry_of(d) for d in DANCES]], lambda _done: None)
        write(engine, [doc(60, "重建时来的")], gone=["item:1"])
        assert search(engine, "重建时来的").total == 1
        asked: list[str] = []

        def again(keys: list[str]) -> tuple[list[object], list[str]]:
            asked.extend(keys)
            return [entry_of(doc(60, "重建时来的"))], ["item:1"]

        engine.complete(building, [part], again)  # type: ignore[arg-type]
    assert sorted(asked) == ["item:1", "item:60"]
    assert search(engine, "重建时来的").keys == ("item:60",)
    assert "item:1" not in search(engine, "棕扇舞").keys


def test_only_one_builds_and_only_one_writes(filled: Filled) -> None:
    engine = filled(*DANCES)
    with engine.rebuilding(), pytest.raises(Busy), engine.rebuilding():
        pass
    with engine.writing(), pytest.raises(Busy), engine.writing():
        pass
    with engine.rebuilding(), engine.writing():
        pass


def test_without_an_index_it_says_that_it_is_damaged(engine: Engine, database_kind: str) -> None:
    if database_kind == "postgresql":
        from sqlalchemy import text

        with engine.database.write_engine.begin() as connection:  # type: ignore[attr-defined]
            connection.execute(text("DROP SCHEMA IF EXISTS search_index CASCADE"))
    with pytest.raises(Damaged):
        search(engine, "元江")
    with pytest.raises(Damaged):
        engine.check()


HOSTILE = (
    "' OR 1=1 --", "title:x AND (y OR", "*", "?????*", "a* b~2 \"c", "((((((((((", ")", "!&|<->:*",
    "\\", "'", "''", "％＊", "💃🏽👵", "\u202e\u200f反", "的", "是 的 了", "NOT NOT NOT",
    "[1 TO *]",
    "字" * 100, "a" * 100, "%_%", "$1 {x} %(y)s :query",
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_nothing_that_is_typed_is_an_operator(filled: Filled, query: str) -> None:
    engine = filled(*DANCES, doc(77, query or "x", query))
    asked = understand(query)
    if asked.groups:
        assert "item:77" in search(engine, query).keys
    else:
        assert folded_name(query) == ""
