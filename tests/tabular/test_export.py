"""Lists leave as typed cells and never as formulas."""

from __future__ import annotations

import csv
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from culture_cloud.tabular import Column, export_csv, export_xlsx, read_csv, read_workbook

COLUMNS = [
    Column("姓名", "name", width=12),
    Column("人数", "places", "integer"),
    Column("时间", "at", "datetime"),
    Column("日期", "on", "date"),
    Column("费用", "fee", "money"),
    Column("电话", "phone"),
]
ROW = {
    "name": "张三",
    "places": 2,
    "at": datetime(2026, 5, 1, 1, 30, 15, tzinfo=UTC),
    "on": date(2026, 5, 1),
    "fee": Decimal("12.5"),
    "phone": "013800000000",
}
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "\n=1"]


def xlsx_cells(data: bytes) -> list[list[object]]:
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_workbook_holds_numbers_and_moments_as_such() -> None:
    cells = xlsx_cells(export_xlsx(COLUMNS, [ROW]))
    assert cells[0] == ["姓名", "人数", "时间", "日期", "费用", "电话"]
    assert cells[1] == [
        "张三",
        2,
        datetime(2026, 5, 1, 9, 30, 15),  # noqa: DTZ001 - workbooks hold wall times
        datetime(2026, 5, 1),  # noqa: DTZ001
        12.5,
        "013800000000",
    ]


def test_moments_are_shown_in_the_zone_that_is_asked_for() -> None:
    data = export_xlsx(COLUMNS, [ROW], zone=ZoneInfo("Asia/Urumqi"))
    assert xlsx_cells(data)[1][2] == datetime(2026, 5, 1, 7, 30, 15)  # noqa: DTZ001
    assert csv_rows(export_csv(COLUMNS, [ROW], zone=ZoneInfo("Asia/Urumqi")))[1][2].endswith(
        "07:30"
    )


def test_a_moment_without_zone_is_a_bug() -> None:
    naive = datetime(2026, 5, 1, 9)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        export_xlsx(COLUMNS, [ROW | {"at": naive}])


def test_a_missing_key_is_a_bug_and_none_is_an_empty_cell() -> None:
    with pytest.raises(KeyError):
        export_xlsx(COLUMNS, [{"name": "张三"}])
    with pytest.raises(KeyError):
        export_csv(COLUMNS, [{"name": "张三"}])
    empty = dict.fromkeys(ROW)
    assert csv_rows(export_csv(COLUMNS, [empty]))[1] == [""] * 6


def test_a_value_of_another_kind_is_a_bug() -> None:
    with pytest.raises(TypeError):
        export_xlsx(COLUMNS, [ROW | {"places": "zwei"}])


def test_heading_is_bold_frozen_and_filtered() -> None:
    sheet = load_workbook(BytesIO(export_xlsx(COLUMNS, [ROW, ROW], sheet_title="报名/5月")))[
        "报名5月"
    ]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert not sheet["A2"].font.bold
    assert sheet.auto_filter.ref == "A1:F3"
    assert sheet.column_dimensions["A"].width == 12


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_never_becomes_a_formula_in_a_workbook(text: str) -> None:
    data = export_xlsx([Column("=表头", "t")], [{"t": text}])
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert [cell.data_type for cell in (sheet["A1"], sheet["A2"])] == ["s", "s"]
    assert sheet["A2"].quotePrefix
    assert sheet["A2"].value == text
    assert b"<f>" not in zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_never_becomes_a_formula_in_csv_and_comes_back_unchanged(text: str) -> None:
    data = export_csv([Column("说明", "t"), Column("名", "n")], [{"t": text, "n": "甲"}])
    assert csv_rows(data)[1] == ["'" + text, "甲"]
    assert read_csv(data).rows[1].cells == (text.strip(), "甲")


def test_numbers_below_zero_stay_numbers() -> None:
    columns = [Column("n", "n", "integer"), Column("m", "m", "money")]
    assert csv_rows(export_csv(columns, [{"n": -3, "m": -1.5}]))[1] == ["-3", "-1.50"]
    assert xlsx_cells(export_xlsx(columns, [{"n": -3, "m": -1.5}]))[1] == [-3, -1.5]


@pytest.mark.parametrize("text", ["#N/A", "2026-05-01", "00123", "1E5", "TRUE"])
def test_text_that_looks_like_another_thing_stays_text(text: str) -> None:
    assert xlsx_cells(export_xlsx([Column("t", "t")], [{"t": text}]))[1] == [text]


def test_control_characters_and_endless_texts_do_not_break_the_workbook() -> None:
    text = "前\x00\x0b\x1f\ud800后" + "长" * 40_000
    (value,) = xlsx_cells(export_xlsx([Column("t", "t")], [{"t": text}]))[1]
    assert str(value).startswith("前后长")
    assert len(str(value)) == 32_767


def test_csv_has_a_byte_order_mark_and_windows_line_ends() -> None:
    data = export_csv(COLUMNS, [ROW])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == data.count(b"\n") == 2
    assert csv_rows(data)[1] == ["张三", "2", "2026-05-01 09:30", "2026-05-01", "12.50",
                                 "013800000000"]  # fmt: skip


def test_what_is_exported_can_be_read_again() -> None:
    sheet = read_workbook(export_xlsx(COLUMNS, [ROW]))[0]
    assert sheet.rows[1].cells[0] == "张三"
    assert sheet.rows[1].cells[5] == "013800000000"


def test_five_thousand_rows_are_written_in_two_seconds() -> None:
    started = time.process_time()
    export_xlsx(COLUMNS, (ROW for _ in range(5_000)))
    export_csv(COLUMNS, (ROW for _ in range(5_000)))
    assert time.process_time() - started < 2
