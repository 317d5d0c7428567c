"""Workbooks are read with their merged cells and refused if they are dangerous or broken."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from culture_cloud.tabular import FileNotReadable, read_workbook
from culture_cloud.tabular.sheets import MAX_BYTES


def saved(fill: Callable[[Any], None]) -> bytes:
    workbook = Workbook()
    fill(workbook)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def with_rows(*rows: list[object]) -> bytes:
    def fill(workbook: Any) -> None:
        for row in rows:
            workbook.active.append(row)

    return saved(fill)


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", 8, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return stream.getvalue()


def reason(data: bytes) -> str:
    with pytest.raises(FileNotReadable) as refusal:
        read_workbook(data)
    return str(refusal.value.reason)


def test_cells_come_as_values_without_blank_rows_and_stray_spaces() -> None:
    moment = datetime(2026, 5, 1, 9, 30)  # noqa: DTZ001 - workbooks hold wall times
    (sheet,) = read_workbook(with_rows(["　甲 ", 1.5, moment], [None, "  "], ["乙"]))
    assert [row.cells for row in sheet.rows] == [("甲", 1.5, moment), ("乙",)]
    assert [row.number for row in sheet.rows] == [1, 3]


def test_a_cell_merged_downwards_counts_for_each_row() -> None:
    def fill(workbook: Any) -> None:
        for row in (["甲", "文化馆"], ["乙", None], ["丙", "别处"]):
            workbook.active.append(row)
        workbook.active.merge_cells("B1:B2")

    (sheet,) = read_workbook(saved(fill))
    assert [row.cells for row in sheet.rows] == [("甲", "文化馆"), ("乙", "文化馆"), ("丙", "别处")]


def test_a_merged_column_does_not_make_rows_out_of_blank_ones() -> None:
    def fill(workbook: Any) -> None:
        workbook.active.append(["甲", "文化馆"])
        workbook.active.merge_cells("B1:B9")

    assert len(read_workbook(saved(fill))[0].rows) == 1


def test_a_title_over_the_columns_is_known_as_such() -> None:
    def fill(workbook: Any) -> None:
        workbook.active.append(["一览表"])
        workbook.active.append(["甲", "乙"])
        workbook.active.merge_cells("A1:D1")

    (sheet,) = read_workbook(saved(fill))
    assert [row.across for row in sheet.rows] == [True, False]


def test_all_rows_are_read_though_the_dimension_is_wrong() -> None:
    data = repacked(
        with_rows(["甲"], ["乙", "丙"]),
        lambda name, text: text.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1"'),
    )
    assert [row.cells for row in read_workbook(data)[0].rows] == [("甲",), ("乙", "丙")]


def test_formulas_give_the_stored_value_and_are_never_evaluated() -> None:
    stored = repacked(
        with_rows(["=1+1", "甲"]),
        lambda name, text: text.replace(b"<v></v>", b"<v>7</v>").replace(b"<v />", b"<v>7</v>"),
    )
    assert read_workbook(stored)[0].rows[0].cells == (7, "甲")
    assert read_workbook(with_rows(["=1+1", "甲"]))[0].rows[0].cells == (None, "甲")


def test_hidden_sheets_and_the_1904_calendar_are_known() -> None:
    def fill(workbook: Any) -> None:
        workbook.active.append(["甲"])
        workbook.create_sheet("藏").sheet_state = "hidden"
        workbook.epoch = datetime(1904, 1, 1)  # noqa: DTZ001

    first, second = read_workbook(saved(fill))
    assert (first.hidden, second.hidden) == (False, True)
    assert first.epoch == date(1904, 1, 1)


def test_a_password_is_named_and_so_is_the_old_format() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert "password" in reason(ole + "EncryptedPackage".encode("utf-16-le"))
    assert ".xls" in reason(ole)
    assert "password" not in reason(ole)


def test_a_part_that_is_locked_inside_the_zip_is_named_as_password() -> None:
    data = bytearray(with_rows(["甲"]))
    position = data.index(b"PK\x01\x02")
    data[position + 8] |= 1
    assert "password" in reason(bytes(data))


def test_other_files_are_no_workbooks() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "not an Excel workbook" in reason(stream.getvalue())
    assert "not an Excel workbook" in reason(b"hello")
    assert "empty" in reason(b"")


def test_a_workbook_cut_short_is_damaged() -> None:
    data = with_rows(["甲"])
    assert "damaged" in reason(data[: len(data) // 2])


def test_a_file_above_the_limit_is_not_opened() -> None:
    assert "10 MB" in reason(b"PK" + b"\0" * MAX_BYTES)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    blank = b" " * (101 * 1024 * 1024)
    bomb = repacked(
        with_rows(["甲"]), lambda name, text: text + blank if "sheet1" in name else text
    )
    assert len(bomb) < 2 * 1024 * 1024
    started = time.process_time()
    assert "larger inside" in reason(bomb)
    assert time.process_time() - started < 1


def test_a_zip_that_lies_about_its_sizes_is_damaged() -> None:
    blank = b" " * (60 * 1024 * 1024)
    data = bytearray(
        repacked(with_rows(["甲"]), lambda name, text: text + blank if "sheet1" in name else text)
    )
    position = 0
    while (position := data.find(b"PK\x01\x02", position)) >= 0:
        data[position + 24 : position + 28] = (500).to_bytes(4, "little")
        position += 4
    assert "damaged" in reason(bytes(data))


def test_entities_are_not_expanded() -> None:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    data = repacked(
        with_rows(["甲"]),
        lambda name, text: doctype + text if name.endswith("sheet1.xml") else text,
    )
    assert "damaged" in reason(data)


def test_too_many_rows_are_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(3, 20_003))
    data = repacked(
        with_rows(["甲"], ["乙"]),
        lambda name, text: text.replace(b"</sheetData>", rows.encode() + b"</sheetData>"),
    )
    assert "20000 rows" in reason(data)


def test_a_row_number_that_no_sheet_has_is_not_counted_up_to() -> None:
    data = repacked(
        with_rows(["甲"], ["乙"]), lambda name, text: text.replace(b'r="2"', b'r="2000000000"')
    )
    started = time.process_time()
    assert "damaged" in reason(data)
    assert time.process_time() - started < 3


def test_too_many_columns_are_refused() -> None:
    assert "200 columns" in reason(with_rows(["甲"] * 201))


def test_overlapping_and_endless_merges_do_no_harm() -> None:
    cells = "".join(f'<mergeCell ref="A1:XFD{n}"/>' for n in range(1, 3_000)).encode()
    data = repacked(
        with_rows(["甲", "乙"], ["丙"]),
        lambda name, text: text.replace(
            b"</sheetData>", b"</sheetData><mergeCells>" + cells + b"</mergeCells>"
        ),
    )
    assert [row.cells for row in read_workbook(data)[0].rows] == [("甲", "乙"), ("丙",)]
