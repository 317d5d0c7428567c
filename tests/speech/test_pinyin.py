"""Characters with several readings are read as the word asks for."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from culture_cloud.speech.pinyin import BadReading, checked, for_the_voice, own_readings

needs_pypinyin = pytest.mark.skipif(
    find_spec("pypinyin") is None, reason="requirements/speech.txt is not installed here"
)


def read(text: str, **readings: str) -> str:
    return for_the_voice(text, {**own_readings(), **readings})


@needs_pypinyin
@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("银行行长", "yin2 hang2 hang2 zhang3"),
        ("重庆", "chong2 qing4"),
        ("重要", "zhong4 yao4"),
        ("还书", "huan2 shu1"),
        ("还有", "hai2 you3"),
        ("长者", "zhang2 zhe3"),
        ("校长", "xiao4 zhang3"),
        ("音乐", "yin1 yue4"),
        ("快乐", "kuai4 le4"),
        ("重阳节", "chong2 yang2 jie2"),
        ("会计", "kuai4 ji4"),
        ("教书", "jiao1 shu1"),
        ("教室", "jiao4 shi4"),
        ("唱得好", "chang4 de5 hao3"),
        ("得到", "de2 dao4"),
        ("教写字", "jiao1 xie3 zi4"),
        ("弹三遍", "tan2 san1 bian4"),
        ("八只杯", "ba1 zhi1 bei1"),
        ("只收十元", "zhi3 shou1 shi2 yuan2"),
        ("周一只休半天", "zhou1 yi1 zhi3 xiu1 ban4 tian1"),
        ("三行字", "san1 hang2 zi4"),
        ("一张长桌", "yi4 zhang1 chang2 zhuo1"),
        ("当场借", "dang1 chang3 jie4"),
        ("人参", "ren2 shen1"),
        ("参加", "can1 jia1"),
        ("曾老师", "zeng1 lao3 shi1"),
        ("兄弟", "xong1 di4"),
        ("幺三八", "yao1 san1 ba1"),
        ("绿春", "lv4 chun1"),
    ],
)
def test_reads_the_word(text: str, syllables: str) -> None:
    assert read(text) == syllables


@needs_pypinyin
@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("一样", "yi2 yang4"),
        ("一起", "yi4 qi3"),
        ("第一", "di4 yi1"),
        ("一月一日", "yi1 yue4 yi1 ri4"),
        ("十一点", "shi2 yi1 dian3"),
        ("一楼", "yi1 lou2"),
        ("不去", "bu2 qu4"),
        ("不好", "bu4 hao3"),
        ("展览馆", "zhan2 lan2 guan3"),
    ],
)
def test_tones_change_beside_each_other(text: str, syllables: str) -> None:
    assert read(text) == syllables


@needs_pypinyin
def test_the_site_has_the_last_word_on_local_names() -> None:
    assert read("朝阳村").startswith("chao2 yang2")
    assert read("朝阳村", 朝阳村="zhao1 yang2 cun1") == "zhao1 yang2 cun1"


@needs_pypinyin
def test_pauses_stay_and_unknown_characters_are_passed_over() -> None:
    assert read("好，来。").split() == ["hao3", ",", "lai2", "."]
    assert read("一\ueeee来")


@pytest.mark.parametrize(
    ("word", "reading"), [("还书", "huan2"), ("还书", "huan shu"), ("ab", "a1 b1"), ("", "")]
)
def test_a_reading_that_is_not_whole_is_refused(word: str, reading: str) -> None:
    with pytest.raises(BadReading):
        checked({word: reading})


def test_our_own_table_is_whole() -> None:
    assert own_readings()["妈妈"] == "ma1 ma5"
