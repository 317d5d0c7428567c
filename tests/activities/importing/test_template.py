"""The workbook that clerks download can be filled in and read back."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from culture_cloud.activities.importing.kinds import KIND_NAMES, match_kind
from culture_cloud.activities.importing.spreadsheet import read_xlsx
from culture_cloud.activities.importing.template import template_xlsx
from culture_cloud.tabular import FileNotReadable

from .books import TODAY, ZONE, at


def filled(*rows: list[object]) -> bytes:
    book = load_workbook(BytesIO(template_xlsx()))
    sheet: Any = book.worksheets[0]
    for number, row in enumerate(rows, start=3):
        for column, value in enumerate(row, start=1):
            sheet.cell(row=number, column=column, value=value)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_filled_template_is_read_and_its_example_is_not() -> None:
    data = filled(["诗会", "演出", "2026-06-19 19:30", "21:00", "小剧场", "文化路", "免费", 60])
    parsed = read_xlsx(data, zone=ZONE, today=TODAY)
    (row,) = parsed.rows
    assert (row.title, row.capacity, row.is_free) == ("诗会", 60, True)
    assert row.sessions[0].ends_at == at("2026-06-19T21:00")
    assert not row.extra
    assert len(parsed.skipped) == 1


def test_a_template_that_nobody_filled_in_holds_no_activity() -> None:
    with pytest.raises(FileNotReadable, match="no activity"):
        read_xlsx(template_xlsx(), zone=ZONE, today=TODAY)


def test_every_column_of_the_template_has_a_field() -> None:
    everything: list[object] = ["诗会", "演出", "2026-06-19", "2026-06-20", "甲", "乙", "丙", 1]
    everything += ["丁", "戊", "己", "庚", "0877-1", "https://a.cn", "辛", "壬"]
    (row,) = read_xlsx(filled(everything), zone=ZONE, today=TODAY).rows
    assert not row.extra


def test_the_kinds_are_offered_and_known() -> None:
    sheet: Any = load_workbook(BytesIO(template_xlsx())).worksheets[0]
    choices = [
        rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"
    ]
    assert choices == ['"' + ",".join(KIND_NAMES.values()) + '"']
    assert [match_kind(name) for name in KIND_NAMES.values()] == list(KIND_NAMES)
