"""Words for kinds lead to the codes."""

from __future__ import annotations

import pytest

from culture_cloud.activities.importing.kinds import guess_kind, kind_code, match_kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("演出", "performance"),
        ("音樂會", "performance"),
        ("講座", "lecture"),
        ("展覽", "exhibition"),
        ("课程", "training"),
        ("阅读", "reading"),
        ("竞赛", "contest"),
        ("电影", "screening"),
        ("庙会", "festival"),
        ("亲子", "other"),
        ("performance", "performance"),
        ("MusicEvent", "performance"),
        (" 培训 ", "training"),
        ("讲座、培训", "lecture"),
        ("文艺汇演类", "performance"),
        ("会议", None),
        ("", None),
        (None, None),
    ],
)
def test_matches_a_word_of_the_source(text: str | None, code: str | None) -> None:
    assert match_kind(text) == code


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("摄影展讲座", "lecture"),
        ("【关于爱】演唱會－台中場", "performance"),
        ("少儿绘本故事会", "reading"),
        ("端午", None),
    ],
)
def test_guesses_from_the_last_telling_word_of_a_title(title: str, code: str | None) -> None:
    assert guess_kind(title) == code


def test_the_sources_word_counts_before_the_title_and_other_is_the_last_resort() -> None:
    assert kind_code("讲座", "音乐会") == "lecture"
    assert kind_code("会议", "音乐会") == "performance"
    assert kind_code(None, "端午") == "other"
