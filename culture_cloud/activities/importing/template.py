"""The workbook that clerks download, fill in and upload."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from culture_cloud.activities.importing.kinds import KIND_NAMES
from culture_cloud.activities.importing.table_rows import EXAMPLE_MARK

_LAST_ROW = 1_000
_COLUMNS = (
    ("活动名称（必填）", 32, f"{EXAMPLE_MARK}端午诗会", "@"),
    ("类型", 12, "演出", "@"),
    ("开始时间（必填）", 20, "2026-06-19 19:30", "@"),
    ("结束时间", 20, "2026-06-19 21:00", "@"),
    ("地点", 20, "文化馆小剧场", "@"),
    ("地址", 28, "文化路 1 号", "@"),
    ("费用", 12, "免费", "@"),
    ("名额", 8, 60, "0"),
    ("对象", 16, "老年人、儿童", "@"),
    ("自备", 16, "", "@"),
    ("主办", 18, "县文化馆", "@"),
    ("承办", 18, "", "@"),
    ("联系电话", 16, "0877-6000000", "@"),
    ("网址", 24, "", "@"),
    ("简介", 40, "本地诗社朗诵端午诗词，欢迎上台。", "@"),
    ("编号", 14, "", "@"),
)
_NOTES = (
    "一行写一场活动。第 2 行是例子，不会被导入。",
    "“活动名称”和“开始时间”一定要写，其他可以空着。",
    "时间这样写：2026-06-19 19:30，或 2026年6月19日晚上7点半。",
    "全天的活动只写日期，例如 2026-06-19。",
    "连着几天的活动这样写：2026-06-19 至 2026-06-25。",
    "每天有固定时间的这样写：2026-06-19 至 2026-06-25 9:00-17:00。",
    "“类型”从下拉单里选。不选的，系统按名称来猜。",
    "不收钱的，“费用”写“免费”。",
    "“编号”由你们自己编，同一活动不要改。改后再传，就更新原来的活动。",
    "不要加密码。最多 20000 行，文件不超过 10 MB。",
)


def template_xlsx() -> bytes:
    """An .xlsx with the headings, one example row, a list of kinds to choose from and a sheet of
    notes. It is Chinese whatever language the site shows, as its headings are read."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = "活动"
    for index, (heading, width, example, number_format) in enumerate(_COLUMNS, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = width
        cell = sheet.cell(row=1, column=index, value=heading)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFF2E6D9")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.cell(row=2, column=index, value=example or None).font = Font(italic=True)
        # Text columns keep telephone numbers and times as they are typed.
        for row in range(2, 202):
            sheet.cell(row=row, column=index).number_format = number_format
    sheet.freeze_panes = "B2"
    _offer_kinds(sheet)
    _ask_for_whole_numbers(sheet)
    notes: Any = workbook.create_sheet("填写说明")
    notes.column_dimensions["A"].width = 80
    for note in _NOTES:
        notes.append([note])
        notes.cell(row=notes.max_row, column=1).alignment = Alignment(wrap_text=True)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _offer_kinds(sheet: Any) -> None:
    names = ",".join(KIND_NAMES.values())
    choice = DataValidation(type="list", formula1=f'"{names}"', allow_blank=True)
    choice.errorTitle, choice.error = "类型", "请从下拉单里选一种。"
    choice.errorStyle = "warning"
    sheet.add_data_validation(choice)
    choice.add(f"B2:B{_LAST_ROW}")


def _ask_for_whole_numbers(sheet: Any) -> None:
    number = DataValidation(type="whole", operator="greaterThan", formula1="0", allow_blank=True)
    number.errorTitle, number.error = "名额", "请填写人数，例如 60。"
    number.errorStyle = "warning"
    sheet.add_data_validation(number)
    letter = get_column_letter([heading for heading, *_ in _COLUMNS].index("名额") + 1)
    number.add(f"{letter}2:{letter}{_LAST_ROW}")
