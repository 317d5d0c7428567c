"""CSV files come in every encoding and with every delimiter that office programs write."""

from __future__ import annotations

import pytest

from culture_cloud.tabular import FileNotReadable, read_csv

SIMPLIFIED = "活动名称,开始时间,地点\r\n端午诗会,2026年6月19日晚上7点,文化馆小剧场\r\n"
TRADITIONAL = "活動名稱,開始時間,地點\r\n端午詩會,2026年6月19日晚上7點,文化館小劇場\r\n"


def cells(data: bytes) -> list[tuple[object, ...]]:
    return [row.cells for row in read_csv(data).rows]


def reason(data: bytes) -> str:
    with pytest.raises(FileNotReadable) as refusal:
        read_csv(data)
    return str(refusal.value.reason)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
def test_simplified_text_is_decoded(encoding: str) -> None:
    assert cells(SIMPLIFIED.encode(encoding))[1] == (
        "端午诗会",
        "2026年6月19日晚上7点",
        "文化馆小剧场",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "big5"])
def test_traditional_text_is_decoded(encoding: str) -> None:
    assert cells(TRADITIONAL.encode(encoding))[1][2] == "文化館小劇場"


def test_bytes_that_are_no_text_are_refused_in_words() -> None:
    assert "characters" in reason(bytes(range(128, 256)) * 3)
    assert "characters" in reason(b"\xd8\xd8\x00\x00" * 30)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = '名称|时间|说明\r\n甲|5月1日|"a,b;c"\r\n乙|5月2日|无\r\n'.replace("|", delimiter)
    assert cells(text.encode())[1] == ("甲", "5月1日", "a,b;c")


def test_a_declared_delimiter_is_obeyed_and_row_numbers_stay_those_of_the_file() -> None:
    sheet = read_csv("sep=;\r\n名称;时间\r\n\r\n甲;5月1日\r\n".encode())
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(2, "名称"), (4, "甲")]


def test_a_line_end_inside_quotes_belongs_to_the_cell() -> None:
    assert cells('名称,简介\n甲,"一\n二"\n'.encode())[1] == ("甲", "一\n二")


def test_a_stray_quote_does_not_swallow_the_rest() -> None:
    found = cells('名称,时间\n"甲,5月1日\n乙,5月2日\n'.encode())
    assert len(found) == 3
    assert found[2] == ("乙", "5月2日")


def test_numbers_that_a_program_kept_as_text_come_without_the_wrapping() -> None:
    assert cells('编号,电话\n="007","\'+86 877"\n'.encode())[1] == ("007", "+86 877")


def test_as_many_rows_as_allowed_are_read_but_no_more_and_no_endless_cells() -> None:
    assert len(read_csv(b"a,b\n" * 20_000).rows) == 20_000
    assert "20000 rows" in reason(b"a,b\n" * 20_001)
    assert "too long" in reason(b"a,b\n" + b"x" * 200_000)
    assert "empty" in reason(b"")
