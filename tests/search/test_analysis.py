"""Folding, sound and passages: what the rest is built of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture_cloud.search import passages
from culture_cloud.search.analysis.folding import clean, fold, fold_with_places, folded_name
from culture_cloud.search.analysis.sound import readings, span_heard, typed_letters
from culture_cloud.search.corrections import one_edit_apart
from culture_cloud.search.understanding import LONGEST_QUERY, understand

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("裏裡里", "里里里"), ("臺台", "台台"), ("雲云", "云云"), ("乾隆", "干隆"),
        ("峯峰", "峰峰"),
        ("ＡＢＣ１", "abc1"), ("Café", "cafe"), ("㎡", "m2"), ("羣群", "群群"), ("著着", "着着"),
        ("皇后後面", "皇后后面"), ("頭髮發展", "头发发展"), ("砦寨", "寨寨"),
    ],
)  # fmt: skip
def test_all_ways_of_writing_fold_to_one(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_folding_twice_is_folding_once_and_places_lead_back(text: str) -> None:
    folded, places = fold_with_places(text)
    assert fold(folded) == folded
    if places is None:
        assert len(folded) == len(text)
    else:
        assert len(places) == len(folded)
        assert places == sorted(places)
    assert "\0" not in clean(text)
    understand(text)


@pytest.mark.parametrize(
    "heard",
    ["yuanjiang", "yj", "yuanj", "yjiang", "yanjiang", "yuanjianghanizu", "hnz", "hani", "hali"],
)
def test_a_name_is_heard_in_full_by_initials_and_as_people_here_speak(heard: str) -> None:
    name = folded_name("元江哈尼族")
    assert any(span_heard(sound, heard) for sound in readings(name))


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("乐作舞", ("lezuowu", "yuezuowu")),
        ("长街宴", ("changjieyan", "zhangjieyan")),
        ("重阳节", ("chongyangjie", "zhongyangjie", "cyj", "zyj")),
    ],
)
def test_a_character_of_two_readings_is_heard_in_either(name: str, heard: tuple[str, ...]) -> None:
    for letters in heard:
        assert any(span_heard(sound, letters) == (0, 3) for sound in readings(name)), letters


def test_what_is_not_the_name_is_not_heard() -> None:
    assert span_heard(readings("元江")[0], "beijing") is None


def test_characters_among_letters_are_read_aloud() -> None:
    assert typed_letters("元jiang") == "yuanjiang"
    assert typed_letters("元江") is None


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("棕扇舞", "棕善舞", True), ("棕扇舞", "棕舞", True), ("棕扇舞", "棕扇子舞", True),
        ("棕扇", "扇棕", True), ("棕扇舞", "龙扇灯", False), ("棕", "棕扇舞", False),
    ],
)  # fmt: skip
def test_one_edit_apart(a: str, b: str, apart: bool) -> None:
    assert one_edit_apart(a, b) is apart


def by_pattern(text: str, wanted: str) -> list[tuple[int, int]]:
    """What `_found` does, as a pattern says it: slow to compile, and plain to read."""
    if wanted.isascii():
        pattern = rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])"
    else:
        pattern = r"[\W_]{0,4}".join(map(re.escape, wanted.replace(" ", "")))
    return [match.span() for match in re.finditer(pattern, text)]


@settings(max_examples=300, deadline=None)
@given(
    st.text("棕扇舞ab1，。 _\n", max_size=30),
    st.text("棕扇舞ab1", min_size=1, max_size=4),
)
def test_what_was_asked_is_marked_over_punctuation_and_latin_words_whole(
    text: str, wanted: str
) -> None:
    assert list(passages._found(text, wanted)) == by_pattern(text, wanted)


def shown(pieces: list[passages.Piece]) -> str:
    return "".join(f"[{p.text}]" if p.hit else p.text for p in pieces)


def test_a_passage_is_cut_at_sentences_with_the_hit_inside() -> None:
    body = (
        "第一句话说的是别的事情。" * 12 + "裏面有臺灣來的棕扇，老人說。" + "後面還有很多話。" * 12
    )
    text = shown(passages.passage(body, ["台湾来的棕扇"], ["台湾"]))
    assert "[臺灣來的棕扇]" in text
    assert text.startswith("第一句话") and text.rstrip("…").endswith("。")
    assert len(text) < 150
    place = text.index("[")
    assert 10 < place < len(text) - 10


def test_a_hit_is_marked_over_a_line_break_and_a_comma() -> None:
    text = shown(passages.passage("天地初开，\n万物生长。", ["初开万物"], []))
    assert text.startswith("天地[初开，")


def test_expanding_characters_before_the_hit_do_not_shift_it() -> None:
    assert shown(passages.passage("面积㎡㎡㎡的雲南", ["云南"], [])) == "面积㎡㎡㎡的[雲南]"


def test_a_text_without_the_words_shows_its_beginning() -> None:
    assert shown(passages.passage("开头。" * 100, ["没有"], [])).startswith("开头。")
    assert passages.passage("", ["词"], []) == []


def test_a_synonym_is_marked_whole_or_not_at_all() -> None:
    query = understand("非遗体验", [["非遗", "非物质文化遗产"]])
    assert query.terms == ["体验"]
    assert "非物质文化遗产体验" in query.phrases[0]


def test_a_long_query_is_cut_and_says_so() -> None:
    query = understand("字" * 10_000)
    assert query.was_cut
    assert len(query.words) == LONGEST_QUERY
