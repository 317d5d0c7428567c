from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from culture_cloud.covers import social

WORDS = social.Words(
    title="剪纸课",
    when="5月31日 星期六 上午9点",
    place="青溪镇文化站三楼多功能厅",
    site_name="云岭文化云",
)

needs_font = pytest.mark.skipif(
    social.find_font() is None, reason="no Chinese font on this machine"
)


class Ruler:
    """A font in which a Chinese character is 10 pixels wide and a Latin one 5."""

    def getlength(self, text: str) -> float:
        return sum(5 if character.isascii() else 10 for character in text)


def wrap(text: str, room: float, most: int = 9) -> list[str]:
    return social.wrap(text, Ruler(), room, most)


def test_chinese_breaks_where_the_line_is_full() -> None:
    assert wrap("一二三四五六七八九十", 40) == ["一二三四", "五六七八", "九十"]


def test_no_line_begins_with_a_closing_mark() -> None:
    lines = wrap("春天来了，花儿开了。大家好！", 40)
    assert "".join(lines) == "春天来了，花儿开了。大家好！"
    assert all(line[0] not in social.NEVER_FIRST for line in lines)


def test_no_line_ends_with_an_opening_mark() -> None:
    lines = wrap("今晚看电影《庐山恋》（重映）", 60)
    assert "".join(lines) == "今晚看电影《庐山恋》（重映）"
    assert all(line[-1] not in social.NEVER_LAST for line in lines)


def test_words_and_numbers_stay_whole() -> None:
    assert wrap("第2025期Python课", 40) == ["第2025期", "Python课"]


def test_a_word_wider_than_the_line_is_broken_after_all() -> None:
    lines = wrap("x" * 50, 100)
    assert "".join(lines) == "x" * 50
    assert all(Ruler().getlength(line) <= 100 for line in lines)


@pytest.mark.parametrize("room", [30, 40, 55, 70, 100])
@pytest.mark.parametrize(
    "text",
    [
        "关于开展“我们的节日·端午”系列活动的通知",
        "Hello 世界, 2025年！",
        "。" * 30,
        "（" * 30,
        "a b " * 9,
    ],
)
def test_no_line_is_wider_than_its_room(text: str, room: float) -> None:
    for most in (1, 2, 3):
        lines = wrap(text, room, most)
        assert len(lines) <= most
        assert all(Ruler().getlength(line) <= room for line in lines)


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    assert wrap("一二三四五六七八九十", 40, 2) == ["一二三四", "五六七…"]
    assert wrap("一二三四，五六七八", 60, 1) == ["一二三四…"]


def test_what_fits_has_no_ellipsis() -> None:
    assert wrap("一二三四五六七八", 40, 2) == ["一二三四", "五六七八"]
    assert wrap("", 40) == []


@needs_font
@pytest.mark.parametrize(
    "title",
    [
        "剪纸课",
        "“家门口的音乐会”重阳节敬老专场演出",
        "关于开展“我们的节日·端午”暨非物质文化遗产传统手工技艺展示、体验、交流系列活动的通知",
        "云" * 10_000,
        "x" * 10_000,
        "。" * 300,
        "",
        "🎭🎉",
        "\ud83c 半个",
        "a\nb\x00c\u202e",
    ],
)
def test_any_title_makes_a_picture(title: str) -> None:
    image = social.draw(replace(WORDS, title=title), "lantern")
    assert image is not None
    assert image.size == (1200, 630)
    assert image.mode == "RGB"


@needs_font
def test_words_stay_on_their_label() -> None:
    """Beside the label, a long title changes nothing but the cover that follows from it."""
    long = replace(WORDS, when="时" * 80, place="地" * 80, site_name="站" * 80)
    image = social.draw(long, "lantern")
    plain = social.draw(WORDS, "lantern")
    assert image is not None
    assert plain is not None
    beside = (817, 0, 1200, 630)
    margin = (768, 70, 802, 560)
    for area in (beside, margin):
        assert image.crop(area).tobytes() == plain.crop(area).tobytes()


@needs_font
def test_the_words_are_drawn() -> None:
    first = social.draw(WORDS, "lantern")
    other = social.draw(replace(WORDS, place="县文化馆"), "lantern")
    assert first is not None
    assert other is not None
    assert first.tobytes() != other.tobytes()


@needs_font
def test_the_file_is_a_jpeg_that_messengers_accept() -> None:
    body = social.jpeg(WORDS, "lantern")
    assert body is not None
    assert len(body) < 300_000
    with Image.open(BytesIO(body)) as image:
        assert image.format == "JPEG"
        assert image.size == (1200, 630)


def test_without_a_chinese_font_there_is_no_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(social, "FONT_FOLDERS", (tmp_path, tmp_path / "missing"))
    social.find_font.cache_clear()
    try:
        assert social.find_font() is None
        assert social.draw(WORDS, "lantern") is None
        assert social.jpeg(WORDS, "lantern") is None
    finally:
        social.find_font.cache_clear()


def test_the_best_font_of_several_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("wqy-zenhei.ttc", "NotoSansCJK-Bold.ttc", "Other.ttf"):
        (tmp_path / name).touch()
    monkeypatch.setattr(social, "FONT_FOLDERS", (tmp_path,))
    social.find_font.cache_clear()
    try:
        assert social.find_font() == tmp_path / "NotoSansCJK-Bold.ttc"
    finally:
        social.find_font.cache_clear()


@needs_font
def test_a_font_that_is_given_is_used() -> None:
    font = social.find_font()
    assert social.draw(WORDS, "lantern", font) is not None


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "font.ttf"
    wrong.write_text("no font")
    with pytest.raises(OSError):
        social.draw(WORDS, "lantern", wrong)


@needs_font
def test_of_a_collection_the_mainland_forms_are_taken() -> None:
    path = social.find_font()
    assert path is not None
    if not path.name.startswith("NotoSansCJK"):
        pytest.skip("another font")
    font = social._font(path, 20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert font.getname()[0] == "Noto Sans CJK SC"


def test_an_unknown_motif_is_refused() -> None:
    if social.find_font() is None:
        pytest.skip("no Chinese font on this machine")
    with pytest.raises(ValueError, match="no motif"):
        social.draw(WORDS, "clouds")
