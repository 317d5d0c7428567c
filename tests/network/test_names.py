"""Names of places as people say them, and plates by rule."""

from __future__ import annotations

import pytest

from culture_cloud.network.names import (
    is_sound_rule,
    plate,
    short_county,
    short_plate,
    short_village,
)


@pytest.mark.parametrize(
    ("official", "said"),
    [
        ("元江哈尼族彝族傣族自治县", "元江县"),
        ("积石山保安族东乡族撒拉族自治县", "积石山县"),
        ("龙胜各族自治县", "龙胜县"),
        ("鄂伦春自治旗", "鄂伦春自治旗"),
        ("东乡族自治县", "东乡族自治县"),
        ("雁江区", "雁江区"),
    ],
)
def test_counties_are_called_as_people_say_them(official: str, said: str) -> None:
    assert short_county(official) == said


@pytest.mark.parametrize(
    ("official", "said"),
    [
        ("红河社区居民委员会", "红河社区"),
        ("南昏村民委员会", "南昏村"),
        ("协议村村民委员会", "协议村"),
        ("老君场居民委员会", "老君场社区"),
        ("大水平村委会", "大水平村"),
        ("桥头居委会", "桥头社区"),
        ("乌兰嘎查村民委员会", "乌兰嘎查"),
        ("渡口生产队", "渡口生产队"),
    ],
)
def test_villages_are_called_as_people_say_them(official: str, said: str) -> None:
    assert short_village(official) == said


def test_a_plate_follows_the_rule_of_its_level() -> None:
    words = {"name": "红河街道", "main": "元江县文化馆", "parent": "元江", "county": "元江县"}
    assert plate("{main}{name}分馆", **words) == "元江县文化馆红河街道分馆"
    assert short_plate("元江县文化馆红河街道分馆", "红河街道") == "红河街道分馆"
    assert short_plate("县图书馆", "文化站") == "县图书馆"


def test_a_rule_speaks_of_names_only() -> None:
    assert is_sound_rule("{main}{name}分馆")
    assert not is_sound_rule("{name.__class__}")
    assert not is_sound_rule("{0}")
    assert not is_sound_rule("{name!r}")
